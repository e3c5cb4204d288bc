"""Hostile texts and whole articles for property tests, and helpers to make articles by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from hypothesis import strategies as st

from pullquote.index.passages import passage_id
from pullquote.schema import Article, Block, Hit, Passage, Role, Span

FRAGMENTS = (
    "The source said Pol Gen. Surachate agreed. ",
    "It rose 3.5% to $1.2bn in the U.S. on Monday. ",
    "“We won,” she said. ",
    'He asked: "Why?" ',
    "J. K. Rowling left at 5 p.m. ",
    "La Sra. García llegó. ",
    "e\u0301\u0323cole",  # combining marks
    "\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd. ",  # right to left
    "\u0645\u0631\u062d\u0628\u0627\u061f ",
    "\u202eevil\u202c ",  # an override of the direction
    "\U0001f469\u200d\U0001f469\u200d\U0001f467 ",  # one emoji of five characters
    "\U0001f1f9\U0001f1ed. ",
    "\u4f60\u597d\u3002\u4e16\u754c\u3002",
    "\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35",
    "\u0130stanbul \ufb01ne \u1e9e ",  # lower() and NFKC change their lengths
    "\r\n",
    "\n\n",
    "\u2028",
    "\x85",
    "\u00a0\u200b\ufeff",
    "\0",
    "\t",
    ". ",
    "...",
    "a" * 200,
    "no spaces" * 20,
)

SEPARATORS = ("\n\n", "\r\n", " ", "\n", "\u2028", "\t\n")


def hostile_texts(*, max_parts: int = 12) -> st.SearchStrategy[str]:
    """Texts with characters that break offsets and splitters, without lone surrogates."""
    anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
    parts = st.lists(st.sampled_from(FRAGMENTS) | anything, max_size=max_parts)
    return parts.map("".join)


def words_only() -> st.SearchStrategy[str]:
    """Texts that are not only white space and have none at their ends."""
    return hostile_texts().map(str.strip).filter(bool)


@dataclass(frozen=True, slots=True)
class Piece:
    """A block without a position: its role and words, and a comment's author and time."""

    role: Role
    words: str
    author: str | None = None
    time: datetime | None = None


def article(*pieces: Piece, id: str = "a.md", gap: str = "\n\n", **facts: object) -> Article:
    """An article of these pieces with a gap between each two; facts as in `Article`."""
    text, blocks = "", []
    for piece in pieces:
        text += gap if text else ""
        start = len(text)
        text += piece.words
        blocks.append(
            Block(role=piece.role, start=start, end=len(text), author=piece.author, time=piece.time)
        )
    given = {"id": id, "version": "0" * 64, "title": "A title", **facts}
    return Article(text=text, blocks=tuple(blocks), **given)


def body(words: str, **facts: object) -> Article:
    """An article of one body block."""
    return article(Piece(Role.BODY, words), **facts)


_TIMES = st.sampled_from(
    [None, datetime(2024, 6, 4, 11, 5, tzinfo=UTC), datetime(2024, 6, 4, 12, 30, tzinfo=UTC)]
)
_NAMES = st.sampled_from([None, "Gull", "Old Net"])


@st.composite
def articles(draw: st.DrawFn, *, ids: st.SearchStrategy[str] | None = None) -> Article:
    """Articles of hostile blocks in every role, dated or not."""
    pieces = st.builds(
        lambda role, words, author, time: Piece(
            role, words, *((author, time) if role is Role.COMMENT else ())
        ),
        st.sampled_from(Role),
        words_only(),
        _NAMES,
        _TIMES,
    )
    return article(
        *draw(st.lists(pieces, max_size=6)),
        id=draw(ids) if ids is not None else "a.md",
        gap=draw(st.sampled_from(SEPARATORS)),
        title=draw(words_only()),
        published=draw(st.none() | st.dates(date(1900, 1, 1), date(2100, 1, 1))),
        source=draw(st.sampled_from([None, "Harbour Post", "HARBOUR  post", "Straße", "x"])),
        section=draw(st.sampled_from([None, "News", "sport"])),
        language=draw(st.sampled_from(["en", "es", "ar", "th", "xx"])),
    )


def passage(
    found: Article,
    start: int = 0,
    end: int | None = None,
    *,
    role: Role = Role.BODY,
    context: str = "",
) -> Passage:
    """The passage of an article from `start` to `end`; by default all of it."""
    until = len(found.text) if end is None else end
    return Passage(
        id=passage_id(found.id, role, start, until),
        article=found.id,
        role=role,
        start=start,
        end=until,
        text=found.text[start:until],
        context=context,
    )


def hit(found: Article, start: int = 0, end: int | None = None, *, role: Role = Role.BODY) -> Hit:
    """A hit on such a passage."""
    return Hit(
        passage=passage(found, start, end, role=role),
        article=found,
        cosine=0.5,
        bm25=1.0,
        fused_score=1 / 61,
    )


def span(found: Hit, words: str, span_logit: float = 0.0) -> Span:
    """The first place of those words in a hit."""
    start = found.passage.text.index(words)
    return Span(found, start, start + len(words), span_logit)
