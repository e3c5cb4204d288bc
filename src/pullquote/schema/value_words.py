"""What became of a value, in words: the same on the page, in the terminal and in exports.

The functions take an answer or a reported value, and all values of the reply.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from pullquote.base.dates.day_text import MONTHS, day_text
from pullquote.base.plurals import counted, listed
from pullquote.schema.citation import Citation
from pullquote.schema.index_progress import IndexProgress
from pullquote.schema.moments import day_of
from pullquote.schema.reported_value import ReportedValue, ValueStatus

PAPERS_NAMED = 3
"""Papers of one value that are named; others are counted."""


class Reported(Protocol):
    """An answer or a value, with what is known about its reports."""

    @property
    def text(self) -> str:
        """Its words."""
        ...

    @property
    def citations(self) -> Sequence[Citation]:
        """The articles that give it."""
        ...

    @property
    def sources(self) -> int:
        """How many of them are independent."""
        ...

    @property
    def first_reported(self) -> datetime | date | None:
        """When the first article gave it."""
        ...

    @property
    def status(self) -> ValueStatus | None:
        """What became of it."""
        ...

    @property
    def correction(self) -> Citation | None:
        """The sentence that corrects it."""
        ...


@dataclass(frozen=True, slots=True)
class AnswerWords:
    """An answer in words: its support, its status, and that it was corrected; "" if unknown."""

    support: str
    status: str
    corrected: str


@dataclass(frozen=True, slots=True)
class ValueWords:
    """A reported value in words: its papers, its days, its support and its status."""

    papers: str
    days: str
    support: str
    status: str


def scope_notes(progress: IndexProgress | None, as_of: date | None) -> tuple[str, ...]:
    """What people need to know about the articles that a reply is from, in sentences.

    The articles of an index that was still being built may be few, and those later than the day
    `as_of` are left out.
    """
    building = [] if progress is None else [progress.reply_note]
    day = [] if as_of is None else [f"As of {day_text(as_of)}: later articles are left out."]
    return (*building, *day)


def values_heading(values: Sequence[ReportedValue]) -> str:
    """The heading above several values; "" if there are fewer than two."""
    if len(values) < 2:
        return ""
    differ = any(one.status is ValueStatus.DISPUTED for one in values)
    return "Sources differ" if differ else "Reported over time"


def status_words(one: Reported, values: Sequence[ReportedValue]) -> str:
    """What became of an answer, as a sentence that needs no list of values; "" if unknown."""
    match one.status:
        case ValueStatus.CURRENT:
            return _latest(one) if len(values) > 1 else ""
        case ValueStatus.OUTDATED:
            return _later(one, values) or "Outdated. A later article gives another value."
        case ValueStatus.CORRECTED:
            return f"{correction_words(one)}{_now(one, values)}."
        case ValueStatus.DISPUTED:
            return _others(one, values) or "Sources differ."
        case None:
            return "" if one.correction is None else f"{correction_words(one)}."


def value_status_words(one: ReportedValue, values: Sequence[ReportedValue]) -> str:
    """What became of a value, in a few words for a list of all values."""
    match one.status:
        case ValueStatus.CURRENT:
            return "Latest value"
        case ValueStatus.OUTDATED:
            newer = next_value(one, values)
            since = None if newer is None else newer.first_reported
            return "Outdated" if since is None else f"Outdated since {day_text(since)}"
        case ValueStatus.CORRECTED:
            return f"{correction_words(one)}{_repeated(one)}"
        case ValueStatus.DISPUTED:
            return "Disputed"


def value_facts(one: ReportedValue, values: Sequence[ReportedValue]) -> list[str]:
    """The known facts about a value: papers, days, support and status."""
    words = value_words(one, values)
    return [fact for fact in (words.papers, words.days, words.support, words.status) if fact]


def value_words(one: ReportedValue, values: Sequence[ReportedValue]) -> ValueWords:
    """A reported value in words, each "" if it is unknown."""
    return ValueWords(
        papers=papers_words(one.citations),
        days=reported_words(one),
        support=support_words(one),
        status=value_status_words(one, values),
    )


def answer_words(one: Reported, values: Sequence[ReportedValue]) -> AnswerWords:
    """An answer in words."""
    corrected = "" if one.correction is None else correction_words(one)
    return AnswerWords(support_words(one), status_words(one, values), corrected)


def correction_words(one: Reported) -> str:
    """That a value was corrected, and when."""
    published = None if one.correction is None else one.correction.published
    return "Corrected" if published is None else f"Corrected on {day_text(published)}"


def reported_words(one: ReportedValue) -> str:
    """The days on which a value was first and last reported; "" if they are unknown.

    What two days have in common is written once: "9 to 12 May 2024".
    """
    first, last = day_of(one.first_reported), day_of(one.last_reported)
    if first is None or last is None or first == last:
        known = last if first is None else first
        return "" if known is None else day_text(known)
    if first.year != last.year:
        return f"{day_text(first)} to {day_text(last)}"
    month = "" if first.month == last.month else f" {MONTHS[first.month - 1]}"
    return f"{first.day}{month} to {day_text(last)}"


def papers_words(citations: Sequence[Citation]) -> str:
    """The papers that some citations are from, the first few by name; "" if none is known."""
    papers = list(dict.fromkeys(cited.source for cited in citations if cited.source))
    named, others = papers[:PAPERS_NAMED], len(papers) - PAPERS_NAMED
    return listed([*named, *([counted(others, "other paper")] if others > 0 else [])])


def repeats_corrected(cited: Citation, value: ReportedValue) -> bool:
    """Whether an article gives a value after it was corrected; `cited` is one of its citations."""
    corrected = None if value.correction is None else day_of(value.correction.published)
    day = day_of(cited.published)
    return corrected is not None and day is not None and day > corrected


def support_words(one: Reported) -> str:
    """How many articles give a value, or how many independent sources if there are fewer.

    Articles that copy each other, or quote the same speaker, are one source.
    """
    articles = len({cited.article for cited in one.citations})
    if one.sources < articles:
        return f"from {counted(one.sources, 'independent source')}"
    return f"in {counted(articles, 'article')}"


def next_value(one: Reported, values: Sequence[ReportedValue]) -> ReportedValue | None:
    """The next newer value that was not corrected; None if none is known."""
    return next(iter(_newer(one, values)), None)


def _newer(one: Reported, values: Sequence[ReportedValue]) -> list[ReportedValue]:
    """The values first reported on later days and not corrected, in their order."""
    first = day_of(one.first_reported)
    dated = ((value, day_of(value.first_reported)) for value in values)
    return [
        value
        for value, day in dated
        if first is not None
        and day is not None
        and day > first
        and value.status is not ValueStatus.CORRECTED
        and value.text != one.text
    ]


def _latest_value(one: Reported, values: Sequence[ReportedValue]) -> ReportedValue | None:
    """The current value if it is another one, or else the newest of the newer values."""
    current = [value for value in values if value.status is ValueStatus.CURRENT]
    others = [value for value in current if value.text != one.text]
    return next(iter([*others[-1:], *_newer(one, values)[-1:]]), None)


def _latest(one: Reported) -> str:
    day = one.first_reported
    return "Latest value." if day is None else f"Latest value, first reported on {day_text(day)}."


def _later(one: Reported, values: Sequence[ReportedValue]) -> str:
    """What was reported later; if sources differ then, all that they say, without a day."""
    newer = _latest_value(one, values)
    if newer is None:
        return ""
    disputed = [_text(value) for value in _newer(one, values) if _is_disputed(value)]
    if _is_disputed(newer) and disputed[1:]:
        more = [counted(len(disputed) - 2, "other value")] if disputed[2:] else []
        return f"Later reported as {' or '.join([*disputed[:2], *more])}."
    on = "" if newer.first_reported is None else f" on {day_text(newer.first_reported)}"
    return f"Later reported as {_text(newer)}{on}."


def _is_disputed(value: ReportedValue) -> bool:
    return value.status is ValueStatus.DISPUTED


def _now(one: Reported, values: Sequence[ReportedValue]) -> str:
    newer = _latest_value(one, values)
    return "" if newer is None else f"; later reported as {_text(newer)}"


def _others(one: Reported, values: Sequence[ReportedValue]) -> str:
    """The first of the other disputed values, and how many more there are."""
    others = [_text(value) for value in values if _is_disputed(value) and value.text != one.text]
    if not others:
        return ""
    more = f" and {counted(len(others) - 1, 'other value')}" if others[1:] else ""
    return f"Also reported as {others[0]}{more}."


def _repeated(one: ReportedValue) -> str:
    """On which day a corrected value was last repeated, if it was."""
    repeats = [cited for cited in one.citations if repeats_corrected(cited, one)]
    days = [day for cited in repeats if (day := day_of(cited.published)) is not None]
    return f"; still repeated on {day_text(max(days))}" if days else ""


def _text(value: ReportedValue) -> str:
    """The words of a value, to stand in a sentence."""
    return " ".join(value.text.split()).rstrip(".")
