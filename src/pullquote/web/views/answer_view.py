"""Replies as HTML: answers with citations, or the closest passages. Pure; answer.css styles them.

This module decides what is shown of a reply; `answer.html` makes the HTML.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final, Literal

from markupsafe import Markup

from pullquote.plurals import counted
from pullquote.reply_labels import (
    NO_ANSWER,
    POSSIBLE_HELP,
    answer_noun,
    list_note,
    outcome_heading,
    outcome_of,
    plural,
)
from pullquote.schema import Answer, Citation, Outcome, QuestionKind, Reply, Role
from pullquote.web.requests import CitedSpan
from pullquote.web.state.near_misses import MissingWords
from pullquote.web.templating import render
from pullquote.web.views.text_segments import TextSegment, segments

TEMPLATE: Final = "views/answer.html"

CLOSEST_SHOWN = 3
"""Passages that are shown if no answer was found."""

CITATIONS_SHOWN = 3
"""Citations of one answer that are not folded."""

LONG_SENTENCE = 180
"""Sentences with more characters than this are shown in the smaller of two font sizes."""

MAX_PASSAGE_CHARS = 320
"""Characters of a passage that are shown."""

Layout = Literal["best", "list", "sides", "matches"]
"""How answers are laid out: the best one large, a list, side by side, or as search results."""

_LAYOUTS: Final[dict[QuestionKind, Layout]] = {
    QuestionKind.LIST: "list",
    QuestionKind.COMPARISON: "sides",
    QuestionKind.KEYWORDS: "matches",
}

_CONFIDENCE = ((0.7, "high"), (0.4, "fair"), (0.0, "low"))


@dataclass(frozen=True, slots=True)
class NumberedCitation:
    """A citation with its number in the turn."""

    number: int
    citation: Citation


@dataclass(frozen=True, slots=True)
class QuotedAnswer:
    """An answer in its sentence, with its confidence as a word and in percent.

    `words` is the sentence with the answer marked. `item` is the answer alone, for a list; "" if it
    is the whole sentence. `comment` says whether all its citations are from reader comments.
    `author` is the author of the first citation.
    """

    words: Sequence[TextSegment]
    item: str
    long: bool
    comment: bool
    author: str | None
    confidence: str
    percent: str
    support: str
    cited: Sequence[NumberedCitation]

    @property
    def shown(self) -> Sequence[NumberedCitation]:
        """The citations that are not folded."""
        return self.cited[:CITATIONS_SHOWN]

    @property
    def folded(self) -> Sequence[NumberedCitation]:
        """The other citations."""
        return self.cited[CITATIONS_SHOWN:]


@dataclass(frozen=True, slots=True)
class ClosestPassage:
    """The beginning of a passage, with its citation."""

    text: str
    shown: Sequence[NumberedCitation]
    folded: Sequence[NumberedCitation] = ()


@dataclass(frozen=True, slots=True)
class AnswerList:
    """The answers in order, with the lines above them.

    `heading` and `help` may be "". `extent` says how many items a list has, "" for other replies.
    `missing` are keywords that were not found. `further` is the summary of the folded answers, ""
    if there are none.
    """

    layout: Layout
    possible: bool
    heading: str
    help: str
    extent: str
    missing: MissingWords | None
    answers: Sequence[QuotedAnswer]
    further: str


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """The closest passages for a question without an answer.

    `missing` are the words of the question that they do not contain.
    """

    missing: MissingWords | None
    answers: Sequence[QuotedAnswer]
    passages: Sequence[ClosestPassage]


def answer_html(
    reply: Reply, *, closest: Sequence[Citation] = (), missing: MissingWords | None = None
) -> Markup:
    """The answers, best first, with numbered citations, or a note that no answer was found.

    `closest` are the passages found, shown if the reply has no answers at all. `missing` are the
    words of the question that they do not contain.
    """
    if is_silent(reply):
        return render(TEMPLATE, "no_answer", _no_answer(reply, closest, missing))
    return render(TEMPLATE, "answers", _answer_list(reply, missing))


def closest_html(closest: Sequence[Citation]) -> Markup:
    """The passages found, while they are being read."""
    return render(TEMPLATE, "reading", _closest_passages(closest))


def answer_announcement(reply: Reply) -> str:
    """The reply in a sentence or two, for screen readers."""
    if is_silent(reply):
        return NO_ANSWER
    best = reply.answers[0]
    others = len(reply.answers) - 1
    noun = answer_noun(reply)
    first = f"{noun.capitalize()}: " if noun != "answer" else ""
    further = f"{_counted_further(others, noun)}." if others else ""
    more = f" {list_note(reply) or further}".rstrip()
    if reply.kind is QuestionKind.KEYWORDS:
        return f"{first}{best.text.rstrip('.')}.{more}"
    if reply.outcome is Outcome.POSSIBLE:
        return f"{first}{best.text}. {POSSIBLE_HELP}{more}"
    sure = f"Confidence {confidence_word(best.confidence)}, {_support(best)}."
    return f"{first}{best.text}. {sure}{more}"


def is_silent(reply: Reply) -> bool:
    """Whether the reply has no answer, not even a possible one."""
    return outcome_of(reply) is Outcome.NOTHING


def names_missing(reply: Reply) -> bool:
    """Whether the words that were not found are named: without an answer, or without all keywords.

    Keywords have an outcome below `ANSWER` only if no passage has all of them.
    """
    return is_silent(reply) or (
        reply.kind is QuestionKind.KEYWORDS and reply.outcome is Outcome.POSSIBLE
    )


def notice_html(message: str) -> Markup:
    """A message about a problem, for the user to act on."""
    return render(TEMPLATE, "notice", message)


def confidence_word(confidence: float) -> str:
    """A confidence from 0 to 1 as a word."""
    return next(word for least, word in _CONFIDENCE if confidence >= least)


def place_of(citation: Citation) -> CitedSpan:
    """The place of a citation."""
    return CitedSpan.model_validate(citation, from_attributes=True)


def _answer_list(reply: Reply, missing: MissingWords | None) -> AnswerList:
    numbers = count(1)
    layout = _LAYOUTS.get(reply.kind, "best")
    possible = reply.outcome is Outcome.POSSIBLE
    others = len(reply.answers) - 1
    return AnswerList(
        layout=layout,
        possible=possible,
        heading=outcome_heading(reply),
        help=POSSIBLE_HELP if possible else "",
        extent=list_note(reply),
        missing=missing,
        answers=[_quoted_answer(answer, numbers, reply.kind) for answer in reply.answers],
        further=_counted_further(others, answer_noun(reply)) if others else "",
    )


def _no_answer(reply: Reply, closest: Sequence[Citation], missing: MissingWords | None) -> NoAnswer:
    numbers = count(1)
    shown = [_quoted_answer(answer, numbers, None) for answer in reply.answers[:CLOSEST_SHOWN]]
    return NoAnswer(missing, shown, _closest_passages(closest))


def _quoted_answer(answer: Answer, numbers: count[int], kind: QuestionKind | None) -> QuotedAnswer:
    """An answer to a question of that kind; if `kind` is None, a passage with nothing marked."""
    first = answer.citations[0]
    return QuotedAnswer(
        words=segments(first.sentence, _marked_ranges(first, kind)),
        item="" if answer.text.strip() == first.sentence.strip() else answer.text,
        long=len(first.sentence) > LONG_SENTENCE,
        comment=all(cited.role is Role.COMMENT for cited in answer.citations),
        author=first.author,
        confidence=confidence_word(answer.confidence),
        percent=f"{answer.confidence:.0%}",
        support=_support(answer),
        cited=[NumberedCitation(next(numbers), cited) for cited in answer.citations],
    )


def _marked_ranges(cited: Citation, kind: QuestionKind | None) -> list[range]:
    """The ranges of a citation's sentence to mark as the answer."""
    if kind is None or kind is QuestionKind.KEYWORDS:
        return []
    if kind is QuestionKind.YES_NO:
        return [range(len(cited.sentence))]
    start = cited.start - cited.sentence_start
    return [range(start, start + len(cited.quote))]


def _counted_further(number: int, noun: str) -> str:
    return f"{number:,} further {noun if number == 1 else plural(noun)}"


def _closest_passages(closest: Sequence[Citation]) -> list[ClosestPassage]:
    return [
        ClosestPassage(_clipped(cited.quote), [NumberedCitation(number, cited)])
        for number, cited in enumerate(closest[:CLOSEST_SHOWN], 1)
    ]


def _clipped(text: str) -> str:
    """The beginning of a long text, up to the end of a word."""
    if len(text) <= MAX_PASSAGE_CHARS:
        return text
    beginning = text[:MAX_PASSAGE_CHARS]
    return f"{beginning.rpartition(' ')[0] or beginning}…"


def _support(answer: Answer) -> str:
    """The number of articles, and of independent sources if there are fewer sources."""
    articles = len({cited.article for cited in answer.citations})
    sources = counted(answer.sources, "independent source") if answer.sources < articles else ""
    return ", ".join(filter(None, (f"in {counted(articles, 'article')}", sources)))
