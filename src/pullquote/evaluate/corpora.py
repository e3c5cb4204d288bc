"""The corpus of an evaluation: a folder, the questions' own articles, or an existing index."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from pullquote.evaluate.corpus_files import write_files
from pullquote.evaluate.gold_file import GoldFile, read_gold
from pullquote.evaluate.squad import write_pages
from pullquote.index.services import index_of
from pullquote.schema.errors import CorpusMissing, SettingsError
from pullquote.schema.settings import load_settings


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationCorpus:
    """The index to evaluate, and the corpus to rebuild it from.

    If `corpus` is None, the index is used unchanged. If `index` is None, it is the one in the
    settings.
    """

    corpus: Path | None
    index: str | Path | None


@contextmanager
def evaluation_corpus(
    questions: Path, *, corpora: Sequence[Path], index: str | Path | None
) -> Iterator[EvaluationCorpus]:
    """The corpus and index for a file of questions; temporary ones are removed afterwards.

    `corpora` is either one folder of articles, or files of questions whose articles form the corpus
    (SQuAD, TimeQA, RAMDocs, stories). If neither corpora nor an index are given, questions are
    asked about the articles of their own file, if it has any.

    Raises:
        CorpusMissing: a corpus does not exist.
        SettingsError: the corpora do not form one corpus, or the index belongs to another corpus.
    """
    with TemporaryDirectory(prefix="pullquote-", ignore_cleanup_errors=True) as scratch:
        folder = Path(scratch)
        corpus = _corpus(questions, corpora, index, folder / "corpus")
        if corpus is None:
            yield EvaluationCorpus(corpus=None, index=index)
            return
        if index is not None:
            _check_free(index, corpus)
        yield EvaluationCorpus(corpus=corpus, index=folder / "index" if index is None else index)


def _corpus(
    questions: Path, corpora: Sequence[Path], index: str | Path | None, folder: Path
) -> Path | None:
    if not corpora:
        given = read_gold(questions) if index is None else None
        if given is None or not given.has_articles:
            return None
        _write([given], folder)
        return folder
    if missing := [path for path in corpora if not path.exists()]:
        raise CorpusMissing(missing[0])
    if len(corpora) == 1 and corpora[0].is_dir():
        return corpora[0]
    _write([_with_articles(path) for path in corpora], folder)
    return folder


def _write(given: Sequence[GoldFile], folder: Path) -> None:
    """Write the articles of files of questions into a new corpus folder."""
    write_files((file for one in given for file in one.files), folder)
    write_pages((page for one in given for page in one.pages), folder)


def _with_articles(path: Path) -> GoldFile:
    if path.is_dir():
        raise SettingsError(
            "--corpus takes either one folder of articles or one or more files of questions with "
            f"their articles, but {path} is a folder among several paths."
        )
    found = read_gold(path)
    if not found.has_articles:
        raise SettingsError(
            f"{path} is neither a folder of articles nor a file of questions with articles, such "
            "as SQuAD's, TimeQA, RAMDocs or a story."
        )
    return found


def _check_free(index: str | Path, corpus: Path) -> None:
    """Raise SettingsError if the index belongs to another corpus that still exists.

    An evaluation with a different corpus must not replace that index.
    """
    recorded = index_of(load_settings(index=index)).recorded_corpus()
    if recorded is not None and recorded.is_dir() and recorded.resolve() != corpus.resolve():
        raise SettingsError(
            f"The index at {index} belongs to the corpus {recorded}, not to {corpus}. "
            "Give another folder with --index, or leave --index out to use a temporary index."
        )
