"""Turns a pasted text, or the file of a draft, into the draft whose quotations are checked."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from pullquote.newsroom.checking.drafts.cited_words import with_cited, with_cited_text
from pullquote.newsroom.checking.drafts.draft import draft_of
from pullquote.newsroom.checking.drafts.quotations import check_most
from pullquote.parsing import FORMATS
from pullquote.parsing.decode import decode
from pullquote.parsing.files import suffix_of
from pullquote.parsing.source import ParsedItem
from pullquote.parsing.workers.parse_files import FileParser
from pullquote.schema import Article
from pullquote.schema.errors import ArticleError
from pullquote.schema.settings import Settings
from pullquote.web.check.intake import DraftFile, DraftRefused
from pullquote.web.limits import MAX_DRAFT_CHARS

SUFFIXES: Final = tuple(suffix for suffix, format in FORMATS.items() if not format.streamed)
"""Of files that have one article. Exports and archives have many, and are no drafts."""

PARSE_SECONDS = 10.0
"""Of processor time. A file that takes longer is refused; the settings may allow less."""

_TEXT = frozenset({".txt", ".text", ""})
_MOST_BYTES_OF_A_CHARACTER = 4


def draft_of_text(text: str) -> Article:
    """The draft in a text field; browsers send the ends of its lines as CR LF."""
    text = text.replace("\r\n", "\n")
    return with_cited_text(draft_of(text), text)


def draft_of_file(file: DraftFile, settings: Settings) -> Article:
    """The draft in a file. Other files than plain text are parsed in a process of their own.

    Raises:
        DraftRefused: the file cannot be read, or is not one article.
        SettingsError: a plain text is too long.
    """
    suffix = suffix_of(file.name)
    if suffix not in _TEXT and suffix not in SUFFIXES:
        raise DraftRefused(
            f"A file ending in {suffix} is no draft that can be read. Choose a text, Markdown, "
            "HTML or Word file (DOCX), or paste the text.",
            status=415,
        )
    try:
        if suffix in _TEXT:
            check_most(
                len(file.content) // _MOST_BYTES_OF_A_CHARACTER, MAX_DRAFT_CHARS, "characters"
            )
            return draft_of_text(decode(file.content, path=file.name).text)
        draft = _only(_parsed(file.content, suffix, settings))
        fits = len(draft.text) <= MAX_DRAFT_CHARS  # a longer one is refused with a reason later
        return with_cited(draft, file.content, suffix) if fits else draft
    except ArticleError as error:
        raise unreadable(error) from None


def unreadable(error: ArticleError) -> DraftRefused:
    """The refusal of a file that cannot be read, or that no comments can be added to."""
    reason = f"The file cannot be read: {error.reason}. Save it again, or paste its text."
    return DraftRefused(reason, status=422)


def _only(found: list[ParsedItem]) -> Article:
    """The one article of a file.

    Raises:
        ArticleError: the file cannot be read.
        DraftRefused: the file has no article, or several.
    """
    for one in found:
        if isinstance(one, ArticleError):
            raise one
    articles = [one for one in found if isinstance(one, Article)]
    if len(articles) != 1:
        raise DraftRefused(
            f"The file has {len(articles):,} articles. Check them one by one: paste the text of "
            "each."
            if articles
            else "The file has no text. Choose another one, or paste the text.",
            status=422,
        )
    return articles[0]


def _parsed(content: bytes, suffix: str, settings: Settings) -> list[ParsedItem]:
    """The first few articles and errors of a file, which is on the disk only while it is read."""
    limits = settings.limits
    parser = FileParser(
        limits=limits.model_copy(update={"seconds": min(PARSE_SECONDS, limits.seconds)}),
        processes=min(1, settings.reading_processes),
    )
    with TemporaryDirectory() as folder:
        name = f"draft{suffix}"
        (Path(folder) / name).write_bytes(content)
        with parser.parse(Path(folder), {name: None}) as outputs:
            found = list[ParsedItem]()
            for one in outputs:
                if one.found is not None:
                    found.append(one.found)
                if len(found) > 1:
                    break
            return found
