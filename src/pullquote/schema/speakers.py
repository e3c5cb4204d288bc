"""Who is quoted in the articles: speakers, their claims, and the counts of an audit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args

from pullquote.schema.article import Model, well_formed
from pullquote.schema.attribution import Manner, Range
from pullquote.schema.errors import SettingsError
from pullquote.schema.moments import Moment

MANNERS: tuple[Manner, ...] = get_args(Manner)

SourceNaming = Literal["named", "unnamed", "unclear"]
"""How an article names who makes a claim.

By name, by other words such as "officials", or not at all. "He" is unclear if it has no name.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimFilters:
    """Which claims are listed or counted. An empty tuple or None filters nothing.

    Days are inclusive. An article without a date does not pass a filter by day. `sources` are
    papers or sites, compared without regard to case. `direct` selects claims that are all in quote
    marks (True), or the others (False).

    Raises:
        SettingsError: a field has a value of the wrong type, or `since` is after `until`.
    """

    since: date | None = None
    until: date | None = None
    sources: tuple[str, ...] = ()
    manners: tuple[Manner, ...] = ()
    direct: bool | None = None

    def __post_init__(self) -> None:
        for name in ("sources", "manners"):
            names = getattr(self, name)
            if not isinstance(names, tuple) or not all(isinstance(one, str) for one in names):
                raise SettingsError(f"ClaimFilters: {name} is {names!r}; give a tuple of names.")
            if not all(map(well_formed, names)):
                raise SettingsError(f"ClaimFilters: {name} is {names!r}: not valid Unicode.")
        if unknown := [one for one in self.manners if one not in MANNERS]:
            raise SettingsError(
                f"ClaimFilters: {unknown[0]!r} is not a manner; the manners are "
                f"{', '.join(MANNERS)}."
            )
        for name in ("since", "until"):
            day = getattr(self, name)
            if day is not None and (isinstance(day, datetime) or not isinstance(day, date)):
                raise SettingsError(f"ClaimFilters: {name} is {day!r}; give a datetime.date.")
        if self.since is not None and self.until is not None and self.since > self.until:
            raise SettingsError(
                f"ClaimFilters: since ({self.since}) is later than until ({self.until})."
            )
        if not (self.direct is None or isinstance(self.direct, bool)):
            raise SettingsError(
                f"ClaimFilters: direct is {self.direct!r}; give True, False or None."
            )


class QuotedSpeaker(Model):
    """A speaker, and how often the articles report claims of that speaker.

    `name` is the most frequent spelling. `direct` counts the claims that are all in quote marks,
    and `words` counts the words of all claims. If `one_word` is set, the name is a single word,
    such as a bare surname: several people may have it.
    """

    name: str
    claims: int
    direct: int
    articles: int
    words: int
    first_day: date | None = None
    last_day: date | None = None
    one_word: bool = False


class ReportedClaim(Model):
    """A claim with its exact words: `words[n] == article.text[slice(*content[n])]`.

    `speaker` is the name that this article gives; `manner`, `direct` and `via` are as in
    `Attribution`.
    """

    speaker: str
    words: tuple[str, ...]
    manner: Manner
    direct: bool
    via: str | None
    article: str
    version: str
    title: str
    source: str | None
    published: Moment | None
    content: tuple[Range, ...]

    @property
    def quote(self) -> str:
        """The words, with an ellipsis where the article interrupts them."""
        return " … ".join(self.words)


class ClaimCounts(Model):
    """How many claims there are, how they are made, and by whom.

    `named` claims have a speaker with a name. `unnamed` ones have a source without a name, such as
    "officials". For the others the article does not say, or not clearly, who makes them.
    """

    claims: int = 0
    direct: int = 0
    words: int = 0
    named: int = 0
    unnamed: int = 0

    @property
    def reported(self) -> int:
        """The number of claims that are not all in quote marks."""
        return self.claims - self.direct

    @property
    def unclear(self) -> int:
        """The number of claims for which the article does not clearly say who makes them."""
        return self.claims - self.named - self.unnamed

    @property
    def unnamed_share(self) -> float | None:
        """The share of unnamed sources among all sources, by claims; None without any."""
        sources = self.named + self.unnamed
        return self.unnamed / sources if sources else None


class AuditedSource(Model):
    """Who makes claims in one article: a name, or the words that the article uses instead.

    `source` is "" if the article does not clearly say who makes the claims.
    """

    source: str
    naming: SourceNaming
    claims: int
    direct: int
    words: int


class ArticleAudit(Model):
    """Who is quoted in an article, most claims first.

    `read` is False for an article in a language that attribution does not know.
    """

    article: str
    title: str
    source: str | None
    published: Moment | None
    read: bool
    counts: ClaimCounts
    sources: tuple[AuditedSource, ...]


class PaperAudit(Model):
    """The counts of one paper or site; `source` is "" for articles that name none.

    `quoting` is the number of its articles that report a claim.
    """

    source: str
    articles: int
    quoting: int
    counts: ClaimCounts


class CorpusAudit(Model):
    """The counts of all articles that may be shown, and of each paper, most articles first.

    `unread` is the number of articles in a language that attribution does not know. `speakers` is
    the number of different names.
    """

    articles: int
    quoting: int
    unread: int
    speakers: int
    counts: ClaimCounts
    papers: tuple[PaperAudit, ...]
