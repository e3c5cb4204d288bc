"""Finds phrases about days in a question: "since March", "last week", "in 2004"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from pullquote.conversation.phrase import FilterPhrase
from pullquote.english.questions.when import DATE, RELATIVE, DateRange, date_range_of
from pullquote.schema import Filters

_REPORTS = (
    r"(?:(?:articles|stories|coverage|pieces|interviews|news reports) "
    r"(?:published |printed |written |dated )?)"
)
_RANGE = re.compile(
    rf"(?i)\b(?P<sure>{_REPORTS})?(?:between (?P<a>{DATE}) and (?P<b>{DATE})"
    rf"|from (?P<c>{DATE}) (?:to|until|till|through) (?P<d>{DATE}))"
)
_SINCE = re.compile(
    rf"(?i)\b(?P<sure>{_REPORTS})?(?:(?P<from>since|starting(?: from| in)?)|(?P<after>after)) "
    rf"(?P<day>{DATE})"
)
_ONWARDS = re.compile(rf"(?i)\bfrom (?P<day>{DATE}) on(?:wards?\b|(?=\s*(?:[?!.,;:]|$)))")
_UNTIL = re.compile(
    rf"(?i)\b(?P<sure>{_REPORTS})?(?:(?P<before>before|prior to)|until|till|up to) (?P<day>{DATE})"
)
_IN = re.compile(
    rf"(?i)\b(?P<sure>{_REPORTS})?(?:in|during|on|from|(?<!as )of|throughout) (?:the year )?"
    rf"(?P<day>{DATE})"
)
_RELATIVE_DAY = re.compile(rf"(?i)\b(?:in |during |over |within )?(?P<day>{RELATIVE})(?!['’])")


def day_phrases(question: str, *, today: date) -> Iterator[FilterPhrase]:
    """The phrases about days. Those that may date an event rather than a report are not `sure`."""
    for match in _RANGE.finditer(question):
        first = date_range_of(match["a"] or match["c"], today=today)
        last = date_range_of(match["b"] or match["d"], today=today)
        if first is not None and last is not None and first.first <= last.last:
            whole = DateRange(first.first, last.last)
            yield _day_phrase(match, str(whole), whole.first, whole.last, match["sure"])
    for pattern in (_SINCE, _ONWARDS):
        for match, period in _dated(pattern, question, today):
            after = pattern is _SINCE and match["after"] is not None
            if after and period.last == date.max:
                continue
            since = period.last + timedelta(days=1) if after else period.first
            yield _day_phrase(match, f"since {_day(since)}", since, None, "since")
    for match, period in _dated(_UNTIL, question, today):
        until = period.last
        if match["before"] is not None:
            if period.first == date.min:
                continue
            until = period.first - timedelta(days=1)
        yield _day_phrase(match, f"until {_day(until)}", None, until, match["sure"])
    for match, period in _dated(_IN, question, today):
        yield _day_phrase(match, str(period), period.first, period.last, match["sure"])
    for match, period in _dated(_RELATIVE_DAY, question, today):
        # An event of last week may be reported today, so there is no last day. A report about
        # today's events may have been published earlier, so a phrase such as "today" is not `sure`.
        past = None if match["day"].lower().startswith(("today", "this")) else match["day"]
        yield _day_phrase(match, f"since {_day(period.first)}", period.first, None, past)


def _dated(
    pattern: re.Pattern[str], question: str, today: date
) -> Iterator[tuple[re.Match[str], DateRange]]:
    for match in pattern.finditer(question):
        period = date_range_of(match["day"], today=today)
        if period is not None:
            yield match, period


def _day(day: date) -> str:
    return str(DateRange(day, day))


def _day_phrase(
    match: re.Match[str], label: str, since: date | None, until: date | None, sure: str | None
) -> FilterPhrase:
    """A phrase about days. A word such as "articles" before it is not part of the phrase."""
    named = match.groupdict().get("sure")
    start = match.start() + len(named or "")
    return FilterPhrase(
        start=start,
        end=match.end(),
        label=label,
        filters=Filters(since=since, until=until),
        sure=bool(sure),
    )
