"""The citations in a file that was exported: JSON, or Markdown with links."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

from pullquote.schema import Citation
from pullquote.schema.errors import CitationsUnreadable
from pullquote.schema.file_limits import megabytes

LONGEST_QUOTE = 200_000
LARGEST_OFFSET = 2**53
LONGEST_ID = 4096


def rest_of_sentence(citation: Citation) -> tuple[str, str]:
    """The text before and after a quote in its sentence; "" if the sentence does not have it."""
    return _around(citation.quote, citation.sentence, citation.start - citation.sentence_start)


def _around(quote: str, sentence: str, at: int) -> tuple[str, str]:
    if at < 0 or sentence[at : at + len(quote)] != quote:
        return "", ""
    return sentence[:at], sentence[at + len(quote) :]


@dataclass(frozen=True, slots=True)
class SavedCitation:
    """The quoted words, their place, and the text around them, as they were when saved.

    `quote` and `version` are None if the file does not say. A version may be only the beginning of
    one. `where` is the position in the file; it does not count when citations are compared.
    """

    article: str
    start: int
    end: int
    quote: str | None
    version: str | None
    title: str = ""
    before: str = ""
    after: str = ""
    where: str = field(default="", compare=False)

    @classmethod
    def of(cls, citation: Citation, where: str = "") -> SavedCitation:
        """A citation with the rest of its sentence as its context."""
        before, after = rest_of_sentence(citation)
        return cls(
            article=citation.article,
            start=citation.start,
            end=citation.end,
            quote=citation.quote,
            version=citation.version,
            title=citation.title,
            before=before,
            after=after,
            where=where,
        )

    @property
    def is_sound(self) -> bool:
        """Whether it names a place that an article can have."""
        return (
            0 <= self.start <= self.end <= LARGEST_OFFSET
            and 0 < len(self.article) <= LONGEST_ID
            and (self.quote is None or 0 < len(self.quote.strip()) <= LONGEST_QUOTE)
        )

    def is_of(self, version: str) -> bool:
        """Whether it quotes that version of the article."""
        return bool(self.version) and version.startswith(str(self.version))


def citations_in_json(text: str, path: Path) -> list[SavedCitation]:
    """All objects with an article, a start, an end and a quote, in order.

    They may be in any other objects, so that files of newer versions are read too.

    Raises:
        CitationsUnreadable: the text is neither JSON nor JSON Lines.
    """
    found = [_citation(one) for one in _objects(_parsed(text, path))]
    sound = (one for one in found if one is not None and one.is_sound)
    return [replace(one, where=f"citation {at}") for at, one in enumerate(sound, start=1)]


def _parsed(text: str, path: Path) -> Any:  # noqa: ANN401 - any JSON
    try:
        return json.loads(text)
    except RecursionError as error:
        raise CitationsUnreadable(path, "its JSON is nested too deeply") from error
    except ValueError:
        pass
    try:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError) as error:
        raise CitationsUnreadable(path, f"it is not JSON: {error}") from error


def _objects(value: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - any JSON
    """All objects in a value, those that stand first before the others."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield one
            waiting += reversed(one.values())
        elif isinstance(one, list):
            waiting += reversed(one)


def _citation(given: dict[str, Any]) -> SavedCitation | None:
    article, quote = given.get("article"), given.get("quote")
    start, end = given.get("start"), given.get("end")
    if not (isinstance(article, str) and isinstance(quote, str)):
        return None
    if type(start) is not int or type(end) is not int:
        return None
    begins, before, after = given.get("sentence_start"), "", ""
    if type(begins) is int:
        before, after = _around(quote, _text(given, "sentence"), start - begins)
    return SavedCitation(
        article=article,
        start=start,
        end=end,
        quote=quote,
        version=_text(given, "version") or None,
        title=_text(given, "title"),
        before=before,
        after=after,
    )


def _text(given: dict[str, Any], name: str) -> str:
    value = given.get(name)
    return value if isinstance(value, str) else ""


_PLACE = re.compile(r"article (?P<article>.+), characters (?P<start>\d{1,15})–(?P<end>\d{1,15})")
"""How an exported conversation names the place of a quote."""

_MARKUP = re.compile(r"[\[*_`!<]")
_MOST_MARKUP = 5000
"""Marks in one paragraph; markdown-it takes time that grows with their square."""

_AROUND_LINK = "<>()[]\"'“”.,;"
_LONGEST_PLACE = 5000
_QUOTED = re.compile('“([^“”]+)”|"([^"]+)"|„([^„“”]+)[“”]|«([^«»]+)»')
_IN_FULL = "In full: "


@dataclass(frozen=True, slots=True)
class _MarkdownBlock:
    """The text of a paragraph, its bold words, its links, and its line in the file."""

    text: str
    bold: str
    links: Sequence[str]
    line: int
    is_quote: bool


@dataclass(frozen=True, slots=True)
class _QuotedText:
    """Quoted words in the text around them."""

    words: str | None = None
    before: str = ""
    after: str = ""

    @classmethod
    def of(cls, paragraph: _MarkdownBlock | None) -> _QuotedText:
        """The bold words of a block quote, or else all its words."""
        if paragraph is None:
            return cls()
        if not paragraph.bold or paragraph.bold not in paragraph.text:
            return cls(paragraph.text)
        before, found, after = paragraph.text.partition(paragraph.bold)
        return cls(found, before, after)


def citations_in_markdown(text: str) -> list[SavedCitation]:
    """The citations whose place or permanent link a text has, in order.

    Their words are the block quote above the place or link, or else the last words in quote marks
    before a link in its paragraph.
    """
    quote: _MarkdownBlock | None = None
    found: list[SavedCitation] = []
    paragraphs = list(_paragraphs(MarkdownIt("commonmark").parse(text)))
    for paragraph, following in zip_longest(paragraphs, paragraphs[1:]):
        if paragraph.is_quote:
            quote = paragraph
            continue
        placed = list(_placed(paragraph, following, quote)) or list(_linked(paragraph, quote))
        if placed:
            found += [one for one in placed if one.is_sound]
            quote = None
    return found


def has_too_much_markup(text: str) -> bool:
    """Whether a paragraph has so many marks that parsing it would take long."""
    return any(len(_MARKUP.findall(block)) > _MOST_MARKUP for block in re.split(r"\n\s*\n", text))


def _paragraphs(tokens: Sequence[Token]) -> Iterator[_MarkdownBlock]:
    depth = line = 0
    for token in tokens:
        depth += {"blockquote_open": 1, "blockquote_close": -1}.get(token.type, 0)
        line = token.map[0] if token.map else line
        if token.type == "inline":
            children = token.children or []
            links = [str(one.attrs["href"]) for one in children if one.type == "link_open"]
            yield _MarkdownBlock(_plain_text(children), _bold(children), links, line + 1, depth > 0)


def _plain_text(children: Sequence[Token]) -> str:
    breaks = {"softbreak": "\n", "hardbreak": "\n"}
    written = ("text", "code_inline")
    return "".join(
        one.content if one.type in written else breaks.get(one.type, "") for one in children
    )


def _bold(children: Sequence[Token]) -> str:
    """The first words in bold type."""
    bold: list[Token] = []
    inside = False
    for one in children:
        if one.type == "strong_open" or one.content == "<b>":
            inside = True
        elif one.type == "strong_close" or one.content == "</b>":
            break
        elif inside:
            bold.append(one)
    return _plain_text(bold)


def _placed(
    paragraph: _MarkdownBlock, following: _MarkdownBlock | None, quote: _MarkdownBlock | None
) -> Iterator[SavedCitation]:
    """The citation of an exported conversation; its sentence may be in the next paragraph."""
    place = paragraph.text.rpartition(" · ")[2]
    found = _PLACE.fullmatch(place) if len(place) <= _LONGEST_PLACE else None
    if found is None or quote is None:
        return
    before = after = ""
    if following is not None and following.text.startswith(_IN_FULL):
        sentence = following.text.removeprefix(_IN_FULL)
        if sentence.count(quote.text) == 1:
            before, _, after = sentence.partition(quote.text)
    yield SavedCitation(
        article=found["article"],
        start=int(found["start"]),
        end=int(found["end"]),
        quote=quote.text,
        version=None,
        title=paragraph.text.partition(" · ")[0],
        before=before,
        after=after,
        where=f"line {paragraph.line}",
    )


def _linked(paragraph: _MarkdownBlock, quote: _MarkdownBlock | None) -> Iterator[SavedCitation]:
    words = paragraph.text.split() if "article=" in paragraph.text else []
    bare = [word.strip(_AROUND_LINK) for word in words if "article=" in word and "?" in word]
    quoted = _QuotedText.of(quote) if quote is not None else _quoted_in(paragraph.text)
    for link in dict.fromkeys([*paragraph.links, *bare]):
        place = _place_of(link)
        if place is not None:
            yield SavedCitation(
                article=place["article"],
                start=int(place["start"]),
                end=int(place["end"]),
                quote=quoted.words,
                version=place.get("version"),
                title=paragraph.text.partition(" · ")[0][:300],
                before=quoted.before,
                after=quoted.after,
                where=f"line {paragraph.line}",
            )


def _place_of(link: str) -> dict[str, str] | None:
    """The place in a permanent link; None if it has none."""
    try:
        named = dict(parse_qsl(urlsplit(link).query, max_num_fields=100))
    except ValueError:
        return None
    numbers = (named.get("start", ""), named.get("end", ""))
    if not named.get("article") or not all(re.fullmatch("[0-9]{1,15}", one) for one in numbers):
        return None
    return named


def _quoted_in(text: str) -> _QuotedText:
    """The last words in quote marks."""
    found = list(_QUOTED.finditer(text))
    return _QuotedText(next(filter(None, found[-1].groups()))) if found else _QuotedText()


MOST_BYTES = 64 << 20
"""Maximum size of a file; a conversation has at most a megabyte."""

MOST_MARKDOWN_BYTES = 4 << 20
"""Markdown is read at about a megabyte a second."""

MOST_CITATIONS = 100_000


def saved_citations(path: Path) -> list[SavedCitation]:
    """The citations in a file, in order, each once.

    A file that begins with "{" or "[" is JSON or JSON Lines; any other is Markdown.

    Raises:
        CitationsUnreadable: the file cannot be read, or has no citations.
    """
    try:
        with path.open("rb") as file:
            return citations_in(file.read(MOST_BYTES + 1), path)
    except OSError as error:
        raise CitationsUnreadable(path, error.strerror or str(error)) from error


def citations_in(data: bytes, path: Path, *, most: int = MOST_CITATIONS) -> list[SavedCitation]:
    """As `saved_citations`, for the bytes of the file at `path`; it may have `most` citations.

    Raises:
        CitationsUnreadable: the bytes are no text, or have no citations.
    """
    text = _text_of(data, path)
    is_json = text.lstrip("\ufeff \t\r\n")[:1] in ("{", "[")
    if not is_json and len(text) > MOST_MARKDOWN_BYTES:
        raise CitationsUnreadable(path, f"it is larger than {megabytes(MOST_MARKDOWN_BYTES)}")
    if not is_json and has_too_much_markup(text):
        raise CitationsUnreadable(path, "a paragraph has thousands of marks of Markdown")
    found = citations_in_json(text, path) if is_json else citations_in_markdown(text)
    citations = list(dict.fromkeys(found))
    if not citations:
        raise CitationsUnreadable(
            path, "it has no citations: neither quotes with their places, nor links of the chat"
        )
    check_number(len(citations), path, most=most)
    return citations


def check_number(citations: int, path: Path, *, most: int) -> None:
    """Check that a file has no more than `most` citations.

    Raises:
        CitationsUnreadable: it has more; the message has both numbers.
    """
    if citations > most:
        raise CitationsUnreadable(
            path,
            f"it has {citations:,} citations, more than the {most:,} that are verified at once; "
            "split the file",
        )


def _text_of(data: bytes, path: Path) -> str:
    if len(data) > MOST_BYTES:
        raise CitationsUnreadable(path, f"it is larger than {megabytes(MOST_BYTES)}")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise CitationsUnreadable(path, "it is not text in UTF-8") from error
