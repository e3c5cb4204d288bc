"""The corpus that questions are put to: a folder, SQuAD's own paragraphs, or what is indexed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from pullquote.errors import CorpusMissing, SettingsError
from pullquote.evaluate.gold import read_text
from pullquote.evaluate.squad import SquadPage, parsed_pages, write_corpus
from pullquote.services import index_of
from pullquote.settings import load_settings


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationCorpus:
    """What to ask: `index`, once it was rebuilt from `corpus`.

    Without a corpus the index is asked as it stands; without an index, that of the settings.
    """

    corpus: Path | None
    index: str | Path | None


@contextmanager
def evaluation_corpus(
    questions: Path, *, corpora: Sequence[Path], index: str | Path | None
) -> Iterator[EvaluationCorpus]:
    """The corpus and index for a file of questions; what is temporary is gone afterwards.

    `corpora` are one folder of articles, or files of SQuAD, whose pages then are the articles. With
    neither corpora nor index, questions of SQuAD are put to the pages of their own file.

    Raises:
        CorpusMissing: a corpus is not there.
        SettingsError: the corpora cannot be one corpus, or the index belongs to another.
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
        pages = parsed_pages(questions, read_text(questions)) if index is None else None
        if pages is None:
            return None
        write_corpus(pages, folder)
        return folder
    if missing := [path for path in corpora if not path.exists()]:
        raise CorpusMissing(missing[0])
    if len(corpora) == 1 and corpora[0].is_dir():
        return corpora[0]
    write_corpus([page for path in corpora for page in _pages(path)], folder)
    return folder


def _pages(path: Path) -> list[SquadPage]:
    if path.is_dir():
        raise SettingsError(
            f"{path} is a folder; --corpus takes one folder of articles, or files of SQuAD."
        )
    if (pages := parsed_pages(path, read_text(path))) is None:
        raise SettingsError(f"{path} is neither a folder of articles nor SQuAD's JSON.")
    return pages


def _check_free(index: str | Path, corpus: Path) -> None:
    """Raise SettingsError where rebuilding would take an index from a corpus that is still there.

    Whoever evaluates on another corpus hardly wants to lose the index that answers.
    """
    recorded = index_of(load_settings(index=index)).recorded_corpus()
    if recorded is not None and recorded.is_dir() and recorded.resolve() != corpus.resolve():
        raise SettingsError(
            f"The index at {index} holds the corpus {recorded}, and {corpus} is to be asked. "
            "Name another folder with --index, or none for a temporary one."
        )
