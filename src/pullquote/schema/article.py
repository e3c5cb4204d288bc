"""An article: its stored text, its blocks and its metadata."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from math import ceil
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from pullquote.schema.moments import NEVER, Moment, day_of, instant_of
from pullquote.schema.short_text import short_text


class Role(StrEnum):
    """What a block of an article is. The role decides how the block is quoted."""

    HEADLINE = "headline"
    STANDFIRST = "standfirst"
    BYLINE = "byline"
    BODY = "body"
    CAPTION = "caption"
    QUOTATION = "quotation"
    CORRECTION = "correction"
    COMMENT = "comment"
    BOILERPLATE = "boilerplate"

    @property
    def words(self) -> str:
        """The role as readers know it."""
        return _ROLE_WORDS[self]


_ROLE_WORDS: Mapping[Role, str] = {
    Role.HEADLINE: "headline",
    Role.STANDFIRST: "summary",
    Role.BYLINE: "byline",
    Role.BODY: "text",
    Role.CAPTION: "photo caption",
    Role.QUOTATION: "quoted document",
    Role.CORRECTION: "correction",
    Role.COMMENT: "reader comment",
    Role.BOILERPLATE: "page element",
}


class Kind(StrEnum):
    """The genre of an article, if the article states one; otherwise `REPORT`."""

    REPORT = "report"
    OPINION = "opinion"
    ANALYSIS = "analysis"
    BACKGROUND = "background"
    REVIEW = "review"
    SATIRE = "satire"
    ADVERTISEMENT = "advertisement"


class Status(StrEnum):
    """Whether an article may be used, according to its source. The values are those of IPTC."""

    USABLE = "usable"
    WITHHELD = "withheld"
    CANCELED = "canceled"


def well_formed(text: str) -> bool:
    """Whether a string can be stored and printed, which lone surrogates would prevent."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def section_and_path(
    *, source: str | None, published: datetime | date | None, section: str | None, path: str
) -> list[str]:
    """The section and the path of an article, if its source or its day is unknown; else nothing.

    They show a reader where the words are from when a paper and a day do not. A page that was
    stored with its address has that in its path, and only the address is shown.
    """
    if source and published is not None:
        return []
    _, _, address = path.partition("#")
    scheme, _, rest = address.partition("://")
    shown = rest if rest and scheme in ("http", "https") else path
    return [section, shown] if section else [shown]


class Model(BaseModel):
    """The base of all types that leave the process: immutable, and strict about unknown fields.

    The validator of a type is built when it is first used. A command uses few of the types.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


Layout = Literal["uncertain"]
"""What is known about the place of a text on its page. None if nothing is to be said."""


class Block(Model):
    """A part of an article's text with one role. A comment also has an author and a time.

    In formats with pages, `page` is the page number, from 1. A paragraph that continues on the
    next page is two blocks. `layout` is "uncertain" if the layout of the page does not show whether
    this text follows the text of the block before. No passage contains such a block and another.
    If the text was recognised in a picture of the page (OCR), `recognised` is how certain that was,
    0 to 1: the mean over the page. No passage contains such text and other text.
    """

    role: Role
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    author: str | None = None
    time: Moment | None = None
    page: int | None = Field(default=None, ge=1)
    layout: Layout | None = None
    recognised: float | None = Field(default=None, ge=0, le=1)


class Article(Model):
    """One article: its stored text, which every offset points into, and its metadata.

    `id` is the path relative to the corpus, written with "/". If a file contains several articles,
    "#" and a part that identifies this article follow. `version` is the SHA-256 of the file's
    bytes, in hex. `item` is the source's own id for the article, and `revision` its version number
    there. The article is neither searched nor shown before `embargoed`, nor if `status` is not
    usable. `blocks` are in order, do not overlap, and together cover every character of `text`
    that is not white space. `unread_pages` are pages with pictures and no text.
    """

    id: str
    version: str
    text: str
    blocks: tuple[Block, ...]
    title: str
    standfirst: str | None = None
    authors: tuple[str, ...] = ()
    source: str | None = None
    section: str | None = None
    place: str | None = None
    tags: tuple[str, ...] = ()
    published: Moment | None = None
    modified: Moment | None = None
    url: str | None = None
    item: str | None = None
    revision: int | None = None
    status: Status = Status.USABLE
    embargoed: datetime | None = None
    language: str = "en"
    kind: Kind = Kind.REPORT
    encoding: str = "utf-8"
    unread_pages: tuple[int, ...] = ()

    @model_validator(mode="after")
    def _blocks_lie_in_order(self) -> Article:
        at = 0
        for block in self.blocks:
            if not at <= block.start <= block.end <= len(self.text):
                raise ValueError(
                    f"block {block.role} {block.start}-{block.end} is out of order or outside "
                    f"the text of {len(self.text)} characters"
                )
            at = block.end
        return self

    @property
    def author(self) -> str | None:
        """The authors on one line, or None if the article names none."""
        return ", ".join(self.authors) or None

    @property
    def released(self) -> int:
        """When the article may be shown, in seconds since 1970; 0 means always, `NEVER` never."""
        if self.status is not Status.USABLE:
            return NEVER
        return 0 if self.embargoed is None else max(0, ceil(instant_of(self.embargoed)))

    @property
    def whereabouts(self) -> list[str]:
        """What to show where the source or the day is unknown; see `section_and_path`."""
        return section_and_path(
            source=self.source, published=self.published, section=self.section, path=self.id
        )

    def block_at(self, position: int) -> Block | None:
        """The block that contains the character at `position`, or None if no block does."""
        return next((b for b in self.blocks if b.start <= position < b.end), None)

    def __repr__(self) -> str:
        day = day_of(self.published)
        parts = (self.source, None if day is None else day.isoformat())
        facts = "".join(f", {short_text(part)}" for part in parts if part)
        title, length = short_text(self.title), f"{len(self.text):,} characters"
        return f"Article({short_text(self.id)}, {title!r}{facts}, {length})"

    __str__ = __repr__
