"""The values that differ or change, each with its papers, days and quotes. Pure.

This module decides what is shown; `values.html` makes the HTML, and values.css styles it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pullquote.base.plurals import counted
from pullquote.base.wording import STRUCK
from pullquote.schema import Answer, Citation, QuestionKind, Reply, ReportedValue, ValueStatus
from pullquote.schema.answer import (
    correction_words,
    repeats_corrected,
    reported_words,
    support_words,
    value_status_words,
    values_heading,
)
from pullquote.web.views.replies.chart import ValueChart, chart_of
from pullquote.web.views.text_segments import TextSegment, segments


@dataclass(frozen=True, slots=True)
class NumberedCitation:
    """A citation with its number in the turn."""

    number: int
    citation: Citation


class Numbering:
    """Numbers citations in the order in which they are given, from 1."""

    def __init__(self) -> None:
        self._last = 0
        self._numbers: dict[tuple[str, int, int], int] = {}

    def next(self, citations: Iterable[Citation]) -> Sequence[NumberedCitation]:
        """The citations with the next numbers."""
        return [NumberedCitation(self._count(cited), cited) for cited in citations]

    def again(self, cited: Citation) -> NumberedCitation:
        """The citation with the number of its place, if that has one; else with the next number."""
        known = self._numbers.get(_place(cited))
        return NumberedCitation(self._count(cited) if known is None else known, cited)

    def _count(self, cited: Citation) -> int:
        self._last += 1
        self._numbers.setdefault(_place(cited), self._last)
        return self._last


def _place(cited: Citation) -> tuple[str, int, int]:
    return cited.article, cited.start, cited.end


class CorrectedWords:
    """Finds the words of corrected values in the sentences of citations."""

    def __init__(self, values: Sequence[ReportedValue]) -> None:
        self._places: dict[str, list[range]] = defaultdict(list)
        for value in values:
            if value.status is ValueStatus.CORRECTED:
                for cited in value.citations:
                    self._places[cited.article].append(range(cited.start, cited.end))

    def within(self, cited: Citation) -> list[range]:
        """The ranges of a citation's sentence that give a corrected value."""
        start = cited.sentence_start
        end = start + len(cited.sentence)
        return [
            range(place.start - start, place.stop - start)
            for place in self._places.get(cited.article, ())
            if start <= place.start and place.stop <= end
        ]


VALUES_SHOWN = 4
"""Values that are not folded: two rows of two where there is room."""

QUOTES_SHOWN = 1
"""Quotes of one value that are not folded."""

QUOTE_CHARS = 180
"""Characters of a sentence that are shown around the value."""

_REPEATS = "Repeats the corrected value."


@dataclass(frozen=True, slots=True)
class QuotedCitation:
    """A citation with its number and its sentence, in which the value is marked.

    `label` says what is wrong with the quote, or is "".
    """

    number: int
    citation: Citation
    words: Sequence[TextSegment]
    label: str = ""


@dataclass(frozen=True, slots=True)
class ValueCard:
    """One value; `status` is its state in words."""

    text: str
    state: ValueStatus
    status: str
    reported: str
    support: str
    quotes: Sequence[QuotedCitation]
    corrected: str
    correction: QuotedCitation | None

    @property
    def emphasis(self) -> str:
        """The class of the status: the latest value is prominent, and so is one not to be used."""
        if self.state is ValueStatus.CURRENT:
            return "pq-latest"
        warns = self.state in (ValueStatus.CORRECTED, ValueStatus.DISPUTED)
        return "pq-warns" if warns else ""

    @property
    def shown(self) -> Sequence[QuotedCitation]:
        """The quotes that are not folded."""
        return self.quotes[:QUOTES_SHOWN]

    @property
    def folded(self) -> Sequence[QuotedCitation]:
        """The other quotes."""
        return self.quotes[QUOTES_SHOWN:]


@dataclass(frozen=True, slots=True)
class ValueList:
    """All values of a reply. `earlier` are folded above those that are shown, `further` below."""

    heading: str
    earlier: Sequence[ValueCard]
    shown: Sequence[ValueCard]
    further: Sequence[ValueCard]
    chart: ValueChart | None

    @property
    def differ(self) -> bool:
        """Whether any of the values are disputed."""
        return any(card.state is ValueStatus.DISPUTED for card in self.all)

    @property
    def has_states(self) -> bool:
        """Whether the cards name the states; if all values are disputed, the heading does."""
        unsaid = (ValueStatus.DISPUTED, ValueStatus.REPORTED)
        return any(card.state not in unsaid for card in self.all)

    @property
    def all(self) -> Sequence[ValueCard]:
        """Every value, for the table."""
        return [*self.earlier, *self.shown, *self.further]

    @property
    def earlier_summary(self) -> str:
        """What is folded above."""
        return counted(len(self.earlier), "earlier value")

    @property
    def further_summary(self) -> str:
        """What is folded below."""
        return counted(len(self.further), "more value")


def value_list(reply: Reply, numbering: Numbering) -> ValueList | None:
    """The values of a reply; None if there are fewer than two.

    Disputed values come first, and of values that change the latest are shown. The correction of
    the best answer is not repeated, as it stands above that answer.
    """
    heading = values_heading(reply.values)
    if not heading:
        return None
    disputed = [one for one in reply.values if one.status is ValueStatus.DISPUTED]
    others = [one for one in reply.values if one.status is not ValueStatus.DISPUTED]
    struck = CorrectedWords(reply.values)
    cards = [_card(one, reply, numbering, struck) for one in [*disputed, *others]]
    cut = 0 if disputed else max(0, len(cards) - VALUES_SHOWN)
    return ValueList(
        heading=heading,
        earlier=cards[:cut],
        shown=cards[cut : cut + VALUES_SHOWN],
        further=cards[cut + VALUES_SHOWN :],
        chart=chart_of(reply.values),
    )


def further_answers(reply: Reply) -> list[Answer]:
    """The shown answers after the first, without those that are among several values."""
    listed = reply.values if values_heading(reply.values) else ()
    known = {place for value in listed for place in _places(value.citations)}
    return [one for one in reply.shown[1:] if known.isdisjoint(_places(one.citations))]


def _places(citations: Sequence[Citation]) -> list[tuple[str, int, int]]:
    return [(cited.article, cited.start, cited.end) for cited in citations]


def quoted(cited: Citation, numbering: Numbering) -> QuotedCitation:
    """A citation with its whole sentence, in which nothing is marked."""
    number = numbering.again(cited).number
    return QuotedCitation(number, cited, segments(cited.sentence, []))


def _card(
    value: ReportedValue, reply: Reply, numbering: Numbering, struck: CorrectedWords
) -> ValueCard:
    above = reply.answers[0].correction if reply.kind is not QuestionKind.CHANGE else None
    correction = None if value.correction == above else value.correction
    return ValueCard(
        text=value.text,
        state=value.status,
        status=value_status_words(value, reply.values),
        reported=reported_words(value),
        support=support_words(value),
        quotes=[_quote(one, value, numbering, struck) for one in value.citations],
        corrected="" if correction is None else correction_words(value),
        correction=None if correction is None else quoted(correction, numbering),
    )


def _quote(
    cited: Citation, value: ReportedValue, numbering: Numbering, struck: CorrectedWords
) -> QuotedCitation:
    """A quote of a value; the words of a corrected value are struck, those of others marked."""
    repeats = value.status is ValueStatus.CORRECTED and repeats_corrected(cited, value)
    start = cited.start - cited.sentence_start
    marked = range(start, start + len(cited.quote))
    cut = _excerpt(len(cited.sentence), marked, cited.sentence)
    words = segments(
        cited.sentence[cut.start : cut.stop],
        [] if value.status is ValueStatus.CORRECTED else [_moved(marked, cut)],
        struck=[_moved(one, cut) for one in struck.within(cited)],
    )
    before = [TextSegment("…")] if cut.start > 0 else []
    after = [TextSegment("…")] if cut.stop < len(cited.sentence) else []
    struck_out = value.status is not ValueStatus.CORRECTED and any(one.struck for one in words)
    label = _REPEATS if repeats else STRUCK if struck_out else ""
    return QuotedCitation(numbering.again(cited).number, cited, [*before, *words, *after], label)


def _moved(one: range, cut: range) -> range:
    return range(one.start - cut.start, one.stop - cut.start)


def _excerpt(length: int, marked: range, sentence: str) -> range:
    """The range of a sentence to show: at most `QUOTE_CHARS`, in whole words around the mark."""
    if length <= QUOTE_CHARS:
        return range(length)
    room = max(0, QUOTE_CHARS - len(marked))
    start = max(0, min(marked.start - room // 2, length - QUOTE_CHARS))
    stop = min(length, start + QUOTE_CHARS)
    if start > 0 and (space := sentence.find(" ", start, marked.start)) >= 0:
        start = space + 1
    if stop < length and (space := sentence.rfind(" ", marked.stop, stop)) >= 0:
        stop = space
    return range(start, stop)
