"""What an article says in answer to a question, as a value that can be compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from pullquote.answering.weighing.mentions import is_mention
from pullquote.english.sentences import sentence_around
from pullquote.english.terms import content_terms
from pullquote.english.values import compare, value_of, values_in
from pullquote.english.values.models import (
    FoundValue,
    Period,
    Qualifier,
    Quantity,
    Relation,
    Score,
    Text,
    Value,
)
from pullquote.schema import Article, Span, day_of

SEVERAL_WORDS = 4
"""Words with at least this many words may hold several values: "17 pieces and not 14"."""
MANY_WORDS = 6
"""Words without a value of their own, and at least this many, are cut to the value in them."""
MOST_DAYS = 31
"""A period that is so many times as long as another does not give that one."""


@dataclass(frozen=True, slots=True)
class ValueStatement:
    """Words of an article that may answer a question, with their value.

    `sentence` is the sentence around the words. `mention` says whether the sentence names the value
    only to reject or replace it. `day` is the article's day.
    """

    span: Span
    value: Value
    sentence: str
    mention: bool

    @property
    def article(self) -> Article:
        """The article that has the words."""
        return self.span.hit.article

    @property
    def day(self) -> date | None:
        """The article's day."""
        return day_of(self.article.published)

    @property
    def start(self) -> int:
        """Where the words begin in the article's text."""
        return self.span.hit.passage.start + self.span.start

    @property
    def end(self) -> int:
        """Where the words end in the article's text."""
        return self.span.hit.passage.start + self.span.end

    @property
    def place(self) -> tuple[int, int]:
        """Where the words begin and end in the sentence."""
        text, start, end = self.span.hit.passage.text, self.span.start, self.span.end
        low, _ = sentence_around(text, start, end, self.article.language)
        return start - low, end - low

    @property
    def around(self) -> frozenset[str]:
        """The terms of the sentence without those of the words themselves."""
        words = frozenset(content_terms(self.span.text))
        return frozenset(content_terms(self.sentence)) - words

    @property
    def paragraph(self) -> Span:
        """The sentence with the words, and the rest of its paragraph in the passage."""
        text = self.span.hit.passage.text
        start, end = sentence_around(text, self.span.start, self.span.end, self.article.language)
        stop = text.find("\n", end)
        return replace(self.span, start=start, end=len(text) if stop < 0 else stop)


def statements_of(spans: Iterable[Span]) -> Iterator[ValueStatement]:
    """A statement for each span of exact words, in the order of the spans."""
    for span in spans:
        if not span.whole_sentence:
            yield _statement(span)


def _statement(span: Span) -> ValueStatement:
    passage, article = span.hit.passage, span.hit.article
    low, high = sentence_around(passage.text, span.start, span.end, article.language)
    sentence, day, language = passage.text[low:high], day_of(article.published), article.language
    value = value_of(span.text, day=day, language=language, sentence=sentence) or Text(())
    mention = is_mention(sentence, span.start - low, span.end - low)
    whole = ValueStatement(span, value, sentence, mention)
    if len(span.text.split()) < SEVERAL_WORDS:
        return whole
    found = [one for one in values_in(span.text, day=day, language=language) if changes(one.value)]
    offset = span.start - low
    given = [one for one in found if not is_mention(sentence, offset + one.start, offset + one.end)]
    long = isinstance(value, Text) and len(span.text.split()) >= MANY_WORDS
    if not found or not (long or len(given) < len(found)):
        return whole
    return _cut(whole, (given or found)[0], mention=not given)


def _cut(whole: ValueStatement, found: FoundValue, *, mention: bool) -> ValueStatement:
    """The statement with only one of the values in its words."""
    start = whole.span.start
    span = replace(whole.span, start=start + found.start, end=start + found.end)
    return ValueStatement(span, found.value, whole.sentence, mention)


def changes(value: Value) -> bool:
    """Whether a value is of a kind that often changes: a number, a time or a score, and no name."""
    return isinstance(value, Quantity | Period | Score)


def agree(one: ValueStatement, other: ValueStatement) -> bool:
    """Whether two statements give the same value, perhaps with different precision.

    "At least 19" and "at least 21" differ here, since a toll that rises is reported so. "This year"
    does not give a day.
    """
    if compare(one.value, other.value) not in (Relation.EQUAL, Relation.COMPATIBLE):
        return False
    if isinstance(one.value, Period) and isinstance(other.value, Period):
        return max(_days(one.value), _days(other.value)) <= MOST_DAYS * min(
            _days(one.value), _days(other.value)
        )
    return not (_is_bound(one.value, other.value) or _is_bound(other.value, one.value))


def differ(one: ValueStatement, other: ValueStatement) -> bool:
    """Whether two statements give different values of one kind."""
    return compare(one.value, other.value) is Relation.DIFFERENT


def _days(period: Period) -> int:
    """The length of a period in days; 1 if no day is known."""
    if period.first is None or period.last is None:
        return 1
    return 1 + (period.last - period.first).days


def _is_bound(bound: Value, other: Value) -> bool:
    """Whether a value is only a bound, and the other is another number.

    A lower bound that is rounded, such as "more than 600,000", stands for the number itself.
    """
    if not (isinstance(bound, Quantity) and isinstance(other, Quantity)):
        return False
    upper = bound.qualifier in (Qualifier.AT_MOST, Qualifier.LESS_THAN)
    lower = bound.qualifier in (Qualifier.AT_LEAST, Qualifier.MORE_THAN) and bound.rounded <= 1
    return (upper or lower) and bound.low * bound.scale != other.low * other.scale
