"""The questions of a pack: their answers and values, with the numbers of their citations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from pullquote.newsroom.packs.manifest import PackedAnswer, PackedQuestion, PackedValue
from pullquote.schema import Answer, Citation, Filters, Outcome, Reply, ReportedValue, instant_of


@dataclass(frozen=True, slots=True)
class AskedReply:
    """A reply with the filters of its search, and when it was asked, if that is known."""

    reply: Reply
    filters: Filters = field(default_factory=Filters)
    asked: datetime | None = None


def packed_question(
    asked: AskedReply, numbers: Mapping[Citation, int], withheld: frozenset[Citation]
) -> PackedQuestion:
    """The question with its answers and values, but those that only withheld articles give."""
    reply = asked.reply
    nothing = reply.outcome is Outcome.NOTHING
    answers = [] if nothing else reply.shown
    values = [] if nothing else reply.values
    return PackedQuestion(
        question=reply.question,
        searched_for=reply.searched_for,
        kind=reply.kind,
        outcome=reply.outcome,
        as_of=reply.as_of,
        filters=asked.filters,
        asked=None if asked.asked is None else asked.asked.replace(microsecond=0),
        generation=reply.generation,
        answers=tuple(
            _answer(one, numbers, withheld)
            for one in answers
            if not withheld.issuperset(one.citations)
        ),
        values=tuple(
            _value(one, numbers, withheld)
            for one in values
            if not numbers.keys().isdisjoint(one.citations)
        ),
    )


def first_and_last(citations: Sequence[Citation]) -> tuple[date | None, date | None]:
    """When the first and the last of some citations were published; None if no day is known."""
    moments = [one.published for one in citations if one.published is not None]
    dated = sorted(moments, key=instant_of)
    return (dated[0], dated[-1]) if dated else (None, None)


def _answer(
    answer: Answer, numbers: Mapping[Citation, int], withheld: frozenset[Citation]
) -> PackedAnswer:
    return PackedAnswer(
        text=_text(answer, numbers, withheld),
        confidence=answer.confidence,
        citations=_numbered(answer.citations, numbers),
        correction=None if answer.correction is None else numbers.get(answer.correction),
    )


def _value(
    value: ReportedValue, numbers: Mapping[Citation, int], withheld: frozenset[Citation]
) -> PackedValue:
    """The value as the citations give it that are in the pack; the others may not be shown."""
    standing = [one for one in value.citations if one in numbers]
    first, last = first_and_last(standing)
    return PackedValue(
        text=_text(value, numbers, withheld),
        status=value.status,
        first_reported=first,
        last_reported=last,
        sources=min(value.sources, len({one.article for one in standing})),
        citations=_numbered(standing, numbers),
        mentions=_numbered([one for one in value.mentions if one not in standing], numbers),
        correction=None if value.correction is None else numbers.get(value.correction),
    )


def _text(
    one: Answer | ReportedValue, numbers: Mapping[Citation, int], withheld: frozenset[Citation]
) -> str:
    """The words of an answer or value; those of another quote if only a lost one has them."""
    known = [cited for cited in one.citations if cited not in withheld]
    quotes = [cited.quote for cited in known if cited in numbers] or [one.quote for one in known]
    return one.text if one.text in quotes else quotes[0]


def _numbered(citations: Sequence[Citation], numbers: Mapping[Citation, int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(numbers[one] for one in citations if one in numbers))
