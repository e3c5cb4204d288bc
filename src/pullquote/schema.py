"""The nouns of pullquote, from the article on disk to the answer on screen.

What crosses the edge of the process (articles, answers) is a pydantic model; what lives inside is
a frozen dataclass. Every `start` and `end` is a half-open range in characters of a Python `str`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from enum import StrEnum
from math import ceil
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from pullquote.errors import SettingsError


class Role(StrEnum):
    """What a block is to someone who quotes it."""

    HEADLINE = "headline"
    STANDFIRST = "standfirst"
    BYLINE = "byline"
    BODY = "body"
    CAPTION = "caption"
    QUOTATION = "quotation"
    CORRECTION = "correction"
    COMMENT = "comment"
    BOILERPLATE = "boilerplate"


class Kind(StrEnum):
    """What an article sets out to do, as far as it says so itself; a report unless it does."""

    REPORT = "report"
    OPINION = "opinion"
    ANALYSIS = "analysis"
    BACKGROUND = "background"
    REVIEW = "review"
    SATIRE = "satire"
    ADVERTISEMENT = "advertisement"


class Status(StrEnum):
    """Whether an article may be used: what its source says of it, as IPTC's standards name it."""

    USABLE = "usable"
    WITHHELD = "withheld"
    CANCELED = "canceled"


def _parse_moment(value: object) -> object:
    """A date for `YYYY-MM-DD`, a datetime for anything longer; other types pass unchanged."""
    if not isinstance(value, str):
        return value
    return date.fromisoformat(value) if len(value) <= 10 else datetime.fromisoformat(value)


Moment = Annotated[datetime | date, BeforeValidator(_parse_moment)]
"""A day, or an instant of a day with a time zone where the article gave one."""


LATEST_ZONE = timezone(timedelta(hours=-12))
"""Where an hour comes last: one that names no zone has come everywhere when it has come there."""

NEVER = 2**62
"""A moment in seconds that does not come."""


def day_of(moment: datetime | date | None) -> date | None:
    """The calendar day of a moment, in the article's own time zone."""
    return moment.date() if isinstance(moment, datetime) else moment


def instant_of(moment: datetime | date) -> float:
    """A moment in seconds since 1970; without a zone it is the last that it can be."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time.min)
    return (moment if moment.tzinfo is not None else moment.replace(tzinfo=LATEST_ZONE)).timestamp()


def well_formed(text: str) -> bool:
    """Whether a string can be stored and printed: it has no lone surrogates."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Block(_Model):
    """A stretch of an article with one role; a comment also has its author and time.

    `page` counts from 1, in formats that have pages. A paragraph that goes on overleaf is two
    blocks.
    """

    role: Role
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    author: str | None = None
    time: Moment | None = None
    page: int | None = Field(default=None, ge=1)


class Article(_Model):
    """One article: its stored text, which every offset points into, and what is known about it.

    `id` is the path relative to the corpus, written with "/"; of one of several articles in a file,
    with what tells it from the others behind "#". `version` is the SHA-256 of the file's bytes, in
    hex. `item` is what its source calls it, if it has an id of its own, and `revision` which of its
    versions this is. Until `embargoed`, and where `status` is not usable, it answers nothing and is
    not shown. `blocks` stand in order, do not overlap, and together hold every character of `text`
    that is not white space. `unread_pages` are those that hold pictures and no text.
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
        """The authors as one line, or None when none is named."""
        return ", ".join(self.authors) or None

    @property
    def released(self) -> int:
        """From when on it may be shown, in seconds since 1970: 0 for always, NEVER for never."""
        if self.status is not Status.USABLE:
            return NEVER
        return 0 if self.embargoed is None else max(0, ceil(instant_of(self.embargoed)))

    def block_at(self, position: int) -> Block | None:
        """The block that holds the character at `position`, or None between blocks."""
        return next((b for b in self.blocks if b.start <= position < b.end), None)


@dataclass(frozen=True, slots=True)
class Passage:
    """A window of whole sentences of one role: what is embedded and retrieved.

    `id` follows from the article's id, the role and the offsets alone, so that every build gives
    the same one. `text == article.text[start:end]`. `context` is the headline and
    the day, and for a comment its author; it helps to find the passage and is no part of it.
    """

    id: int
    article: str
    role: Role
    start: int
    end: int
    text: str
    context: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which passages may answer. Empty tuples and None leave a dimension open.

    Days are inclusive; an article without a date passes no day filter. Sources and sections are
    compared without regard to case. Comments are left out unless asked for, by `comments` or as a
    role.

    Raises:
        SettingsError: a field holds another kind of thing, or `since` is after `until`.
    """

    since: date | None = None
    until: date | None = None
    sources: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()
    comments: bool = False

    def __post_init__(self) -> None:
        for name in ("sources", "sections", "roles"):
            value = getattr(self, name)
            if isinstance(value, str) or not all(isinstance(item, str) for item in value):
                raise SettingsError(f"Filters: {name} is {value!r}; give a tuple of names.")
            if not all(map(well_formed, value)):
                raise SettingsError(f"Filters: {name} is {value!r}, which is not valid Unicode.")
            object.__setattr__(self, name, tuple(value))
        for name in ("since", "until"):
            day = getattr(self, name)
            if day is not None and (isinstance(day, datetime) or not isinstance(day, date)):
                raise SettingsError(f"Filters: {name} is {day!r}; give a datetime.date.")
        if unknown := [role for role in self.roles if role not in set(Role)]:
            raise SettingsError(f"Filters: {unknown[0]!r} is no role; roles are {', '.join(Role)}.")
        if self.since is not None and self.until is not None and self.since > self.until:
            raise SettingsError(f"Filters: since {self.since} is after until {self.until}.")
        if Role.COMMENT in self.roles:
            object.__setattr__(self, "comments", True)


@dataclass(frozen=True, slots=True)
class Question:
    """A question as typed, with its search terms and each one's rarity (idf) in the corpus."""

    text: str
    rarity: dict[str, float]

    def share_in(self, present: Collection[str]) -> float:
        """The share of its terms that is present, each weighted by its rarity; 0 to 1."""
        total = sum(self.rarity.values())
        found = sum(rarity for term, rarity in self.rarity.items() if term in present)
        return found / total if total > 0 else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A passage with its retrieval scores and its article; higher is better in all of them.

    `cosine` is in -1..1. `bm25` is None when the passage is not among the lexical search's
    candidates, as when no word of the question stands in it. `rrf` is the fused score by which hits
    are ordered, unless a reranker ordered them: by `rerank_logit`, its log-odds that the passage
    answers. That is None where no reranker read the passage.
    """

    passage: Passage
    article: Article
    cosine: float
    bm25: float | None
    rrf: float
    rerank_logit: float | None = None

    def facts(self) -> dict[str, object]:
        """The hit as plain values for JSON."""
        passage, article = self.passage, self.article
        published = article.published
        return {
            "article": article.id,
            "title": article.title,
            "published": published.isoformat() if published is not None else None,
            "source": article.source,
            "section": article.section,
            "role": str(passage.role),
            "start": passage.start,
            "end": passage.end,
            "text": passage.text,
            "cosine": self.cosine,
            "bm25": self.bm25,
            "rrf": self.rrf,
            "rerank_logit": self.rerank_logit,
        }


@dataclass(frozen=True, slots=True)
class Span:
    """Words of one hit that answer: `text == hit.passage.text[start:end]`.

    `span_logit` is the reader's log-odds that these words answer; higher is better. Log-odds of
    whole sentences and of exact words come from different models and do not compare.
    """

    hit: Hit
    start: int
    end: int
    span_logit: float
    whole_sentence: bool = False

    @property
    def text(self) -> str:
        """The words themselves."""
        return self.hit.passage.text[self.start : self.end]


class Citation(_Model):
    """Where an answer stands: `quote == article.text[start:end]`, inside `sentence`.

    The sentence, or sentences, begin at `sentence_start` of the article's text. `page` is that on
    which the quote begins, in formats that have pages.
    """

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
    page: int | None = None


class Answer(_Model):
    """Words that answer, how sure the assistant is (0 to 1), and every place they stand."""

    text: str
    confidence: float = Field(ge=0, le=1)
    citations: tuple[Citation, ...] = Field(min_length=1)


class Reply(_Model):
    """What `ask` returns: the answers, best first, and whether to trust the first.

    `abstained` says that the corpus does not seem to hold the answer; `answers` then holds what
    came closest. `generation` names the state of the index that answered. `took_ms` is the wall
    time in milliseconds.
    """

    id: str | int | None = None
    question: str
    abstained: bool
    answers: tuple[Answer, ...]
    generation: str
    took_ms: float
