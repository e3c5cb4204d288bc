"""Citations: the exact words of an article, with their position and who says them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final

from pullquote.schema.article import Layout, Model, Role, section_and_path
from pullquote.schema.attribution import Manner, Range
from pullquote.schema.moments import Moment
from pullquote.schema.short_text import short_text

_PATTERNS: Final[Mapping[Manner, str]] = {
    "accused": "accusation by",
    "warned": "warning by",
    "according-to": "according to",
    "other": "attributed to",
}
"""What stands before a name, unless it is the manner and "by", as in "denied by"."""

_UNNAMED: Final[Mapping[Manner, str]] = {
    "alleged": "an allegation",
    "accused": "an accusation",
    "claimed": "a claim",
    "denied": "a denial",
    "estimated": "an estimate",
}
"""What is said of a claim if nobody is named: only that it is not the paper's own report."""
_PRONOUNS: Final = frozenset(
    "he she they it we i you his her its their our my your who which that this these those".split()
)
_SMALL: Final = frozenset("a an the one some several two three his her its their".split())
"""Words that begin with a capital letter only at the beginning of a sentence."""

LONGEST: Final = 80
"""In characters. Longer names end with "…"."""


def said_by(manner: Manner, name: str, via: str | None) -> str:
    """How and by whom a claim was made, and who passed it on.

    If `name` is "" or a pronoun, nobody is named: the words are "" or, say, "an allegation".
    """
    shown, passed = _shown(name), None if via is None or via == name else _shown(via)
    before = _PATTERNS.get(manner, f"{manner} by")
    claim = f"{before} {shown}" if shown else _UNNAMED.get(manner, "")
    return f"{claim}, via {passed}" if claim and passed else claim


def _shown(name: str) -> str:
    """A name or description as it stands within a sentence; "" for none and for a pronoun."""
    line = short_text(name.removesuffix("'s").removesuffix("’s"), most=LONGEST)
    first, _, rest = line.partition(" ")
    if not rest and first.lower() in _PRONOUNS:
        return ""
    return f"{first.lower()} {rest}" if rest and first.lower() in _SMALL else line


@dataclass(frozen=True, slots=True)
class CitationLabel:
    """How a citation's field is shown beside the quote; "{}" stands for the field's value."""

    pattern: str


class Speaker(Model):
    """Who makes a claim, as the article names them: `name == article.text[start:end]`.

    `canonical` is the fullest form of the name in the article; None for a source without a name,
    such as "a person close to the talks".
    """

    name: str
    start: int
    end: int
    canonical: str | None = None


class Citation(Model):
    """The exact words of an article that answer a question: `quote == article.text[start:end]`.

    `sentence` is the whole sentence, or sentences, around the quote. It begins at `sentence_start`
    in the article's text. In formats with pages, `page` is the page on which the quote begins.
    `layout` is "uncertain" if the quote is from a block whose layout is, and `recognised` is how
    certain its words are if they were recognised in a picture (OCR), 0 to 1.

    If the quote is somebody's claim, `manner` says how it was made; it is None if the paper itself
    says it. `speaker` is who makes the claim; None if the article does not say. `cue` is the range
    of the words that say so, such as "denied"; `direct` says whether the quote is in quote marks.
    `via` is who reported the claim: in "X said that Y had promised to go", Y's promise comes via X.
    """

    # The terminal, the web chat and exports show every field that has a `CitationLabel`. A field
    # that `Article` has too is copied from the article.
    article: str
    title: str
    published: Moment | None
    source: str | None
    role: Role
    author: str | None
    start: int
    end: int
    quote: str
    sentence: str
    sentence_start: int
    version: str
    url: str | None
    page: Annotated[int | None, CitationLabel("page {}")] = None
    layout: Annotated[Layout | None, CitationLabel("layout {}")] = None
    recognised: Annotated[float | None, CitationLabel("read by OCR, {:.0%} certain")] = None
    section: str | None = None
    speaker: Speaker | None = None
    manner: Manner | None = None
    cue: Range | None = None
    direct: bool | None = None
    via: str | None = None

    @property
    def details(self) -> list[str]:
        """The text of each field that has a label and a value."""
        return [
            label.pattern.format(value)
            for name, field in type(self).model_fields.items()
            for label in field.metadata
            if isinstance(label, CitationLabel) and (value := getattr(self, name)) is not None
        ]

    @property
    def whereabouts(self) -> list[str]:
        """What to show where the source or the day is unknown; see `section_and_path`."""
        return section_and_path(
            source=self.source, published=self.published, section=self.section, path=self.article
        )

    @property
    def role_words(self) -> str:
        """The role of the words, with the name of a comment's author; "" for the report's text."""
        if self.role is Role.COMMENT:
            author = "an unnamed reader" if self.author is None else self.author
            return f"{self.role.words} by {author} (not part of the report)"
        return "" if self.role is Role.BODY else self.role.words

    @property
    def said_by(self) -> str:
        """Whose claim the quote is, such as "denied by Ida Roe"; "" if the paper itself says it."""
        if self.manner is None:
            return ""
        name = "" if self.speaker is None else self.speaker.canonical or self.speaker.name
        return said_by(self.manner, name, self.via)

    def __repr__(self) -> str:
        place = f"{short_text(self.article)} {self.start}-{self.end}"
        return f"Citation({short_text(self.quote)!r}, {place}, {self.role})"

    __str__ = __repr__
