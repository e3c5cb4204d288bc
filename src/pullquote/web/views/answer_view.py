"""Replies as HTML: answers with citations, or the closest passages. Pure; answer.css styles them.

This module decides what is shown of a reply; `answer.html` makes the HTML.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Final, Literal

from markupsafe import Markup

from pullquote.answers.sides import sides_named
from pullquote.plurals import counted
from pullquote.reply_labels import (
    CONFIDENCE_HELP,
    CONFIDENCE_LEVELS,
    NO_ANSWER,
    POSSIBLE_HELP,
    ConfidenceLevel,
    answer_noun,
    likelihood_of,
    list_note,
    outcome_heading,
    outcome_of,
    plural,
)
from pullquote.schema import CLOSEST_SHOWN, Answer, Citation, Outcome, QuestionKind, Reply, Role
from pullquote.web.requests import CitedSpan
from pullquote.web.state.near_misses import MissingWords
from pullquote.web.templating import render
from pullquote.web.views.copying import Copies, copies_of
from pullquote.web.views.text_segments import TextSegment, segments

TEMPLATE: Final = "views/answer.html"

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

SIDES = 2
"""Answers that are shown side by side for a comparison; others are folded."""


@dataclass(frozen=True, slots=True)
class NumberedCitation:
    """A citation with its number in the turn."""

    number: int
    citation: Citation


@dataclass(frozen=True, slots=True)
class QuotedAnswer:
    """An answer in its sentence, with its likelihood in a word or "".

    `words` is the sentence with the answer marked. `item` is the answer alone, for a list; "" if it
    is the whole sentence. `comment` says whether all its citations are from reader comments.
    `author` is the author of the first citation. `side` is the side of a comparison that it is
    about, or "".
    """

    words: Sequence[TextSegment]
    item: str
    long: bool
    comment: bool
    author: str | None
    likelihood: str
    support: str
    cited: Sequence[NumberedCitation]
    side: str = ""

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
    `missing` are keywords that were not found. `folded` are the answers under the summary
    `further`. `copies` are the forms of the citation of the best answer.
    """

    layout: Layout
    possible: bool
    heading: str
    help: str
    extent: str
    missing: MissingWords | None
    answers: Sequence[QuotedAnswer]
    folded: Sequence[QuotedAnswer]
    further: str
    copies: Copies

    @property
    def levels(self) -> Sequence[ConfidenceLevel]:
        """The words for confidence, each with the share of right answers in tests."""
        return CONFIDENCE_LEVELS

    @property
    def meaning(self) -> str:
        """What these shares are based on."""
        return CONFIDENCE_HELP


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
    others = len(reply.shown) - 1
    noun = answer_noun(reply)
    first = f"{noun.capitalize()}: " if noun != "answer" else ""
    further = f"{_counted_further(others, noun)}." if others else ""
    more = f" {list_note(reply) or further}".rstrip()
    if reply.kind is QuestionKind.KEYWORDS:
        return f"{first}{best.text.rstrip('.')}.{more}"
    if reply.outcome is Outcome.POSSIBLE:
        return f"{first}{best.text}. {POSSIBLE_HELP}{more}"
    sure = f"{likelihood_of(best, reply).capitalize()}, {_support(best)}."
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


def place_of(citation: Citation) -> CitedSpan:
    """The place of a citation."""
    return CitedSpan.model_validate(citation, from_attributes=True)


def _answer_list(reply: Reply, missing: MissingWords | None) -> AnswerList:
    numbers = count(1)
    possible = reply.outcome is Outcome.POSSIBLE
    answers = [_quoted_answer(answer, numbers, reply) for answer in reply.shown]
    layout = _LAYOUTS.get(reply.kind, "best")
    if layout == "sides":
        answers = _with_sides(answers, reply)
        layout = "sides" if len(answers) >= SIDES else "best"
    first = {"best": 1, "sides": SIDES}.get(layout, len(answers))
    others = len(answers) - first
    return AnswerList(
        layout=layout,
        possible=possible,
        heading=outcome_heading(reply),
        help=POSSIBLE_HELP if possible else "",
        extent=list_note(reply),
        missing=missing,
        answers=answers[:first],
        folded=answers[first:],
        further=_counted_further(others, answer_noun(reply)) if others else "",
        copies=copies_of(reply.answers[0].citations[0], possible=possible),
    )


def _with_sides(answers: Sequence[QuotedAnswer], reply: Reply) -> list[QuotedAnswer]:
    """The answers to a comparison, each with the side that its sentence is about."""
    sentences = [answer.cited[0].citation.sentence for answer in answers]
    sides = sides_named(reply.searched_for, sentences)
    return [replace(answer, side=side) for answer, side in zip(answers, sides, strict=True)]


def _no_answer(reply: Reply, closest: Sequence[Citation], missing: MissingWords | None) -> NoAnswer:
    numbers = count(1)
    shown = [_quoted_answer(answer, numbers, reply) for answer in reply.shown]
    return NoAnswer(missing, shown, _closest_passages(closest))


def _quoted_answer(answer: Answer, numbers: count[int], reply: Reply) -> QuotedAnswer:
    """An answer of a reply; without an answer, a passage in which nothing is marked."""
    first = answer.citations[0]
    kind = None if is_silent(reply) else reply.kind
    return QuotedAnswer(
        words=segments(first.sentence, _marked_ranges(first, kind)),
        item="" if answer.text.strip() == first.sentence.strip() else answer.text,
        long=len(first.sentence) > LONG_SENTENCE,
        comment=all(cited.role is Role.COMMENT for cited in answer.citations),
        author=first.author,
        likelihood=likelihood_of(answer, reply),
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
    return f"{number:,} more {noun if number == 1 else plural(noun)}"


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
