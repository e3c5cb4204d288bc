"""The citations in Markdown: exported conversations, copied citations, and links of the chat."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from urllib.parse import parse_qsl, urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

from pullquote.newsroom.verification.saved_citation import SavedCitation

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
            yield _MarkdownBlock(_text(children), _bold(children), links, line + 1, depth > 0)


def _text(children: Sequence[Token]) -> str:
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
    return _text(bold)


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
