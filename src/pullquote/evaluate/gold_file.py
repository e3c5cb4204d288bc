"""Reads a file of gold questions, in any of the formats, which are recognised by their content."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from pullquote.evaluate.datasets import (
    CorpusFile,
    SquadPage,
    read_ram_docs,
    read_squad,
    read_story,
    read_time_qa,
    story_files,
    write_files,
    write_pages,
)
from pullquote.evaluate.gold import (
    GoldQuestion,
    LocatedQuestion,
    questions_of_conversations,
    questions_of_lines,
)
from pullquote.index.services import index_of
from pullquote.schema import well_formed
from pullquote.schema.errors import CorpusMissing, SettingsError
from pullquote.schema.settings import load_settings

FORMATS: Final = (
    "It must contain JSON Lines with id, question, answers and article, conversations (id and "
    "turns), RAMDocs (question and documents), a story (id, articles and questions) or a folder of "
    "stories, TimeQA (articles and questions), or SQuAD's JSON (data)."
)
"""What a file of questions may contain, for error messages."""


@dataclass(frozen=True, slots=True)
class GoldFile:
    """Gold questions, and the articles that come with them, as pages or as files.

    Pages with the same title become one article, even if they are from several files.
    """

    questions: list[GoldQuestion]
    pages: list[SquadPage] = field(default_factory=list)
    files: list[CorpusFile] = field(default_factory=list)

    @property
    def has_articles(self) -> bool:
        """Whether articles come with the questions."""
        return bool(self.pages or self.files)


def read_questions(path: Path) -> list[GoldQuestion]:
    """The gold questions in a file, or in a folder of stories; see `read_gold`.

    A line has `id`, `question`, `answers` (verbatim, best first; empty if the corpus does not
    answer the question, or for keywords) and `article`. It may have `article2` and `also` (more
    articles), `comments`, `kind`, `evidence` (one sentence or several) and `all` (the items of a
    list, each with its wordings).

    Raises:
        SettingsError: the file cannot be read, is empty or repeats an id; the message says where.
    """
    return read_gold(path).questions


def read_gold(path: Path) -> GoldFile:
    """The gold questions in a file or a folder of stories, with the articles that they bring.

    Raises:
        SettingsError: the file cannot be read, has an unknown format, is empty or repeats an id;
            the message says where.
    """
    if path.is_dir():
        stories = [read_story(file, given) for file, given in story_files(path)]
        questions = [one for found, _ in stories for one in found]
        return GoldFile(_checked(path, questions), files=[one for _, f in stories for one in f])
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"The questions in {path} cannot be read: {error}") from error
    return _parsed(path, text)


def _parsed(path: Path, text: str) -> GoldFile:
    """The content of a file in the format that its content has."""
    first = _json_of(text.lstrip().partition("\n")[0])
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError) as error:
        if path.suffix.lower() == ".json" and first is None:
            raise SettingsError(f"{path} is not JSON: {error}") from error
        return _lines(path, text, first)
    if not isinstance(whole, dict):
        return _lines(path, text, first)
    if "data" in whole:
        questions, pages = read_squad(path, whole)
        return GoldFile(_checked(path, questions), pages=pages)
    match whole.get("articles"), "questions" in whole:
        case dict(), True:
            questions, pages = read_time_qa(path, whole)
            return GoldFile(_checked(path, questions), pages=pages)
        case list(), True:
            questions, files = read_story(path, whole)
            return GoldFile(_checked(path, questions), files=files)
    return _lines(path, text, whole)


def _lines(path: Path, text: str, first: object) -> GoldFile:
    """The content of JSON Lines; the first line shows the format of all."""
    if isinstance(first, Mapping):
        if "documents" in first:
            questions, files = read_ram_docs(path, text)
            return GoldFile(_checked(path, questions), files=files)
        if "turns" in first:
            return GoldFile(_checked(path, list(questions_of_conversations(path, text))))
        if "question" not in first:
            keys = ", ".join(map(str, list(first)[:5])) or "no keys"
            raise SettingsError(f"{path} has no questions, but {keys}. {FORMATS}")
    return GoldFile(_checked(path, list(questions_of_lines(path, text))))


def _json_of(text: str) -> object:
    """The value of a JSON text; None if it is not JSON."""
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value


def _checked(path: Path, found: Sequence[LocatedQuestion]) -> list[GoldQuestion]:
    """The questions, after a check that each can be asked and has a unique id."""
    places: dict[str, str] = {}
    questions = []
    for one in found:
        gold = one.gold
        if not gold.question.strip() or not well_formed(gold.question):
            raise SettingsError(
                f"{path}: {one.place} has no usable question: {gold.question[:80]!r}."
            )
        if any(not answer.strip() or not well_formed(answer) for answer in gold.answers):
            raise SettingsError(f"{path}: {one.place} has an accepted answer without text.")
        if (before := places.setdefault(gold.id, one.place)) != one.place:
            raise SettingsError(
                f"{path}: {one.place} repeats the id {gold.id!r} of {before}. "
                "Each question needs its own id."
            )
        questions.append(gold)
    if not questions:
        raise SettingsError(f"{path} has no questions. {FORMATS}")
    return questions


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
