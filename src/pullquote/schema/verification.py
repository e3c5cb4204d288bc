"""What became of saved citations: the result of `verify`."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from enum import StrEnum
from typing import Literal

from pullquote.base.plurals import counted
from pullquote.schema.article import Model
from pullquote.schema.notebook import notebook_html
from pullquote.schema.short_text import short_text


class Edition(Model):
    """One state of an article that was in the index.

    `since` and `until` are the times of the rebuilds that put it into the index and took it out.
    `since` is None if an older version of pullquote put it in, and `until` is None for the current
    edition. `characters` is the length of the text.
    """

    article: str
    version: str
    title: str
    since: datetime | None
    until: datetime | None
    characters: int

    @property
    def is_current(self) -> bool:
        """Whether the index still has this edition."""
        return self.until is None

    def __repr__(self) -> str:
        until = "now" if self.until is None else f"{self.until:%Y-%m-%d %H:%M}"
        return f"Edition({short_text(self.article)}, {self.version[:12]}, until {until})"

    __str__ = __repr__


class CitationState(StrEnum):
    """What became of a citation.

    - `STANDS`: the article has the words where they were.
    - `MOVED`: the words are the same, but stand elsewhere: in the article, in a newer revision of
      it, or in a file with another name.
    - `CHANGED`: the article has other words now, or the words are gone from it.
    - `WITHDRAWN`: the article's source has withdrawn it, or may not release it yet.
    - `GONE`: the index no longer has the article.
    - `UNCLEAR`: the words cannot be told apart from equal words, or the citation has no words.
    """

    STANDS = "stands"
    MOVED = "moved"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    GONE = "article gone"
    UNCLEAR = "unclear"

    @property
    def is_good(self) -> bool:
        """Whether the words can still be cited."""
        return self in (CitationState.STANDS, CitationState.MOVED)


class WordDifference(Model):
    """Words that two texts share, or that only the earlier or only the later one has."""

    kind: Literal["same", "removed", "added"]
    text: str


class VerifiedCitation(Model):
    """A saved citation and what became of it.

    `where` says where the file has the citation, such as "line 12". `start` and `end` are the place
    of the words now, and `words` are the words there; None if they have no place. `article_now` is
    the id of the article that has them, if not `article`: a newer revision, or a renamed file.
    `differences` are the words of the citation and of the article, if they differ. `edition` is the
    earlier edition of the article that the citation quotes, if the index has it. `reason` says in a
    sentence why the state is not `STANDS`.
    """

    where: str
    article: str
    title: str
    quote: str
    state: CitationState
    reason: str = ""
    start: int | None = None
    end: int | None = None
    words: str | None = None
    article_now: str | None = None
    version_now: str | None = None
    differences: tuple[WordDifference, ...] = ()
    edition: Edition | None = None

    def __repr__(self) -> str:
        quote, article = short_text(self.quote), short_text(self.article)
        return f"VerifiedCitation({self.state}, {quote!r}, {article})"

    __str__ = __repr__


class Verification(Model):
    """The result of `verify` for one file.

    `faults` are the reasons why an evidence pack is not as it was written; each names the part of
    the pack. `not_checked` are sentences about the facts that a pack of an earlier version is not
    checked for. `pack_sha256` is the digest of the whole pack. `generation` is the state of the
    index that the citations were compared with; None if no index was needed.
    """

    faults: tuple[str, ...] = ()
    not_checked: tuple[str, ...] = ()
    pack_sha256: str | None = None
    citations: tuple[VerifiedCitation, ...] = ()
    generation: str | None = None

    @property
    def is_good(self) -> bool:
        """Whether nothing was changed in a pack, and each citation stands or has only moved."""
        return not self.faults and all(one.state.is_good for one in self.citations)

    @property
    def counts(self) -> dict[CitationState, int]:
        """The number of citations in each state that occurs."""
        counts = Counter(one.state for one in self.citations)
        return {state: counts[state] for state in CitationState if counts[state]}

    def __repr__(self) -> str:
        states = ", ".join(f"{count} {state}" for state, count in self.counts.items())
        return f"Verification({counted(len(self.faults), 'fault')}; {states or 'no citations'})"

    __str__ = __repr__

    def _repr_html_(self) -> str:
        """What became of each citation, for notebooks."""
        return notebook_html("verification", self)


class EditionChanges(Model):
    """Two editions of an article, and their words: those of both, of the old and of the new one."""

    old: Edition
    new: Edition
    differences: tuple[WordDifference, ...]

    @property
    def has_changes(self) -> bool:
        """Whether any word was removed or added."""
        return any(one.kind != "same" for one in self.differences)
