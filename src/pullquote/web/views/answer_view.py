"""Replies as HTML: answers with citations, or the closest passages. Pure; answer.css styles them.

This module decides what is shown of a reply; `answer.html` makes the HTML.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from markupsafe import Markup

from pullquote.answering.answers.sides import sides_named
from pullquote.answering.reply_labels import (
    CONFIDENCE_HELP,
    CONFIDENCE_LEVELS,
    POSSIBLE_HELP,
    ConfidenceLevel,
    answer_noun,
    counted_further,
    likelihood_of,
    list_note,
    outcome_heading,
    outcome_of,
)
from pullquote.schema import (
    CLOSEST_SHOWN,
    Answer,
    Citation,
    Outcome,
    QuestionKind,
    Reply,
    Role,
    ValueStatus,
)
from pullquote.schema.answer import AnswerWords, answer_words
from pullquote.web.pages import render
from pullquote.web.requests import CitedSpan
from pullquote.web.state.near_misses import MissingWords
from pullquote.web.views.permalinks import Copies, copies_of
from pullquote.web.views.replies.cards import (
    CorrectedWords,
    NumberedCitation,
    Numbering,
    QuotedCitation,
    ValueList,
    further_answers,
    quoted,
    value_list,
)
from pullquote.web.views.text_segments import TextSegment, segments

MAX_PASSAGE_CHARS = 320
"""Characters of a passage that are shown."""


@dataclass(frozen=True, slots=True)
class ClosestPassage:
    """The beginning of a passage, with its citation."""

    text: str
    shown: Sequence[NumberedCitation]
    folded: Sequence[NumberedCitation] = ()


def closest_html(closest: Sequence[Citation]) -> Markup:
    """The passages found, while they are being read."""
    return render("views/answer.html", "reading", closest_passages(closest))


def closest_passages(closest: Sequence[Citation]) -> list[ClosestPassage]:
    """The beginnings of the first few passages, with their citations."""
    return [
        ClosestPassage(_clipped(cited.quote), [NumberedCitation(number, cited)])
        for number, cited in enumerate(_each_once(closest)[:CLOSEST_SHOWN], 1)
    ]


def _each_once(closest: Sequence[Citation]) -> list[Citation]:
    """The passages without copies in other articles."""
    return list({" ".join(one.quote.split()): one for one in reversed(closest)}.values())[::-1]


def _clipped(text: str) -> str:
    """The beginning of a long text, up to the end of a word."""
    if len(text) <= MAX_PASSAGE_CHARS:
        return text
    beginning = text[:MAX_PASSAGE_CHARS]
    return f"{beginning.rpartition(' ')[0] or beginning}…"


TEMPLATE: Final = "views/answer.html"

CITATIONS_SHOWN = 3
"""Citations of one answer that are not folded."""

LONG_SENTENCE = 180
"""Sentences with more characters than this are shown in the smaller of two font sizes."""

Layout = Literal["best", "list", "sides", "matches", "change"]
"""How answers are laid out: the best one large, a list, side by side, as search results, or as the
values that they are."""

_LAYOUTS: Final[dict[QuestionKind, Layout]] = {
    QuestionKind.LIST: "list",
    QuestionKind.COMPARISON: "sides",
    QuestionKind.KEYWORDS: "matches",
    QuestionKind.CHANGE: "change",
}

SIDES = 2
"""Answers that are shown side by side for a comparison; others are folded."""


@dataclass(frozen=True, slots=True)
class QuotedAnswer:
    """An answer in its sentence, with its likelihood in a word or "".

    `words` is the sentence with the answer marked. `item` is the answer alone, for a list; "" if it
    is the whole sentence. `comment` says whether all its citations are from reader comments.
    `author` is the author of the first citation. `become` is its support and what became of it;
    `warns` says that it is not the latest or not the only value. `side` is the side of a comparison
    that it is about, or "".
    """

    words: Sequence[TextSegment]
    item: str
    long: bool
    comment: bool
    author: str | None
    likelihood: str
    become: AnswerWords
    warns: bool
    correction: QuotedCitation | None
    cited: Sequence[NumberedCitation]
    side: str = ""

    @property
    def struck(self) -> bool:
        """Whether the sentence has words of a corrected value, apart from the answer."""
        return any(segment.struck for segment in self.words)

    @property
    def shown(self) -> Sequence[NumberedCitation]:
        """The citations that are not folded."""
        return self.cited[:CITATIONS_SHOWN]

    @property
    def folded(self) -> Sequence[NumberedCitation]:
        """The other citations."""
        return self.cited[CITATIONS_SHOWN:]


@dataclass(frozen=True, slots=True)
class AnswerList:
    """The answers in order, with the lines above them.

    `heading` and `help` may be "". `extent` says how many items a list has, "" for other replies.
    `missing` are keywords that were not found. `folded` are the answers under the summary
    `further`. `copies` are the forms of the citation of the best answer. `values` are all values,
    if they differ.
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
    values: ValueList | None
    copies: Copies

    @property
    def levels(self) -> Sequence[ConfidenceLevel]:
        """The words for confidence, each with the share of right answers in tests."""
        return CONFIDENCE_LEVELS

    @property
    def meaning(self) -> str:
        """What these shares are based on."""
        return CONFIDENCE_HELP


def answer_html(
    reply: Reply, *, closest: Sequence[Citation] = (), missing: MissingWords | None = None
) -> Markup:
    """The answers, best first, with numbered citations, or a note that no answer was found.

    `closest` are the passages found, shown if the reply has no answers at all. `missing` are the
    words of the question that they do not contain.
    """
    if is_silent(reply):
        return render(
            TEMPLATE,
            "no_answer",
            missing=missing,
            answers=_quoted_answers(reply, Numbering()),
            passages=closest_passages(closest),
        )
    return render(TEMPLATE, "answers", _answer_list(reply, missing))


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
    numbering = Numbering()
    possible = reply.outcome is Outcome.POSSIBLE
    answers = _quoted_answers(reply, numbering)
    values = value_list(reply, numbering)
    layout = _LAYOUTS.get(reply.kind, "best")
    if layout == "sides":
        answers = _with_sides(answers, reply)
    if (layout == "sides" and len(answers) < SIDES) or (layout == "change" and values is None):
        layout = "best"
    if layout in ("best", "change"):
        further = further_answers(reply)
        shown = zip(answers, reply.shown, strict=True)
        answers = [one for one, answer in shown if answer is reply.shown[0] or answer in further]
    first = {"best": 1, "change": 1, "sides": SIDES}.get(layout, len(answers))
    others = len(answers) - first
    status = answers[0].become.status if answers[0].warns else ""
    return AnswerList(
        layout=layout,
        possible=possible,
        heading=outcome_heading(reply),
        help=POSSIBLE_HELP if possible else "",
        extent=list_note(reply),
        missing=missing,
        answers=answers[:first],
        folded=answers[first:],
        further=counted_further(others, answer_noun(reply)) if others else "",
        values=values,
        copies=copies_of(reply.answers[0].citations[0], possible=possible, status=status),
    )


def _with_sides(answers: Sequence[QuotedAnswer], reply: Reply) -> list[QuotedAnswer]:
    """The answers to a comparison, each with the side that its sentence is about."""
    sentences = [answer.cited[0].citation.sentence for answer in answers]
    sides = sides_named(reply.searched_for, sentences)
    return [replace(answer, side=side) for answer, side in zip(answers, sides, strict=True)]


def _quoted_answers(reply: Reply, numbering: Numbering) -> list[QuotedAnswer]:
    """The answers of a reply; without an answer, passages in which nothing is marked."""
    kind = None if is_silent(reply) else reply.kind
    struck = CorrectedWords(() if kind is None else reply.values)
    cited = [numbering.next(answer.citations) for answer in reply.shown]
    return [
        _quoted_answer(answer, cited[at], reply, kind, struck, numbering)
        for at, answer in enumerate(reply.shown)
    ]


def _quoted_answer(
    answer: Answer,
    cited: Sequence[NumberedCitation],
    reply: Reply,
    kind: QuestionKind | None,
    struck: CorrectedWords,
    numbering: Numbering,
) -> QuotedAnswer:
    first = answer.citations[0]
    correction = None if kind is None else answer.correction
    marked = _marked_ranges(first, kind)
    return QuotedAnswer(
        words=segments(first.sentence, marked, struck=struck.within(first)),
        item="" if answer.text.strip() == first.sentence.strip() else answer.text,
        long=len(first.sentence) > LONG_SENTENCE,
        comment=all(one.role is Role.COMMENT for one in answer.citations),
        author=first.author,
        likelihood=likelihood_of(answer, reply),
        become=answer_words(answer, reply.values),
        warns=answer.status not in (None, ValueStatus.CURRENT) or correction is not None,
        correction=None if correction is None else quoted(correction, numbering),
        cited=cited,
    )


def _marked_ranges(cited: Citation, kind: QuestionKind | None) -> list[range]:
    if kind is None or kind is QuestionKind.KEYWORDS:
        return []
    if kind is QuestionKind.YES_NO:
        return [range(len(cited.sentence))]
    start = cited.start - cited.sentence_start
    return [range(start, start + len(cited.quote))]
