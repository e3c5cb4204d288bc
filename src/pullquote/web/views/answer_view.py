"""Replies as HTML: answers with citations, or the closest passages. Pure; style.css styles them.

This module decides what is shown of a reply; `answer.html` makes the HTML.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final

from markupsafe import Markup

from pullquote.plurals import counted
from pullquote.schema import Answer, Citation, Reply, Role
from pullquote.web.requests import CitedSpan
from pullquote.web.state.near_misses import MissingWords
from pullquote.web.templating import render
from pullquote.web.views.text_segments import TextSegment, segments

TEMPLATE: Final = "views/answer.html"

CLOSEST_SHOWN = 3
"""Passages that are shown if there is no confident answer."""

CITATIONS_SHOWN = 3
"""Citations of one answer that are not folded."""

LONG_SENTENCE = 180
"""Sentences with more characters than this are shown in the smaller of two font sizes."""

MAX_PASSAGE_CHARS = 320
"""Characters of a passage that are shown."""

_CONFIDENCE = ((0.7, "high"), (0.4, "fair"), (0.0, "low"))


@dataclass(frozen=True, slots=True)
class NumberedCitation:
    """A citation with its number in the turn."""

    number: int
    citation: Citation


@dataclass(frozen=True, slots=True)
class QuotedAnswer:
    """An answer in its sentence, with its confidence as a word and in percent.

    `comment` says whether all its citations are from reader comments. `author` is the author of
    the first citation.
    """

    words: Sequence[TextSegment]
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
    """The best answer and the others, in order."""

    best: QuotedAnswer
    others: Sequence[QuotedAnswer]


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """The closest answers or passages for a question without a confident answer.

    `missing` are the words of the question that they do not contain.
    """

    missing: MissingWords | None
    answers: Sequence[QuotedAnswer]
    passages: Sequence[ClosestPassage]


def answer_html(
    reply: Reply, *, closest: Sequence[Citation] = (), missing: MissingWords | None = None
) -> Markup:
    """The answers, best first, with numbered citations, or a note that no answer is confident.

    `closest` are the passages found, shown if the reply has no answers at all. `missing` are the
    words of the question that they do not contain.
    """
    numbers = count(1)
    if is_silent(reply):
        shown = [_quoted_answer(answer, numbers) for answer in reply.answers[:CLOSEST_SHOWN]]
        return render(TEMPLATE, "no_answer", NoAnswer(missing, shown, _closest_passages(closest)))
    best, *others = (_quoted_answer(answer, numbers) for answer in reply.answers)
    return render(TEMPLATE, "answers", AnswerList(best, others))


def closest_html(closest: Sequence[Citation]) -> Markup:
    """The passages found, while they are being read."""
    return render(TEMPLATE, "reading", _closest_passages(closest))


def answer_announcement(reply: Reply) -> str:
    """The reply in a sentence or two, for screen readers."""
    if is_silent(reply):
        return "The corpus does not say."
    best = reply.answers[0]
    others = len(reply.answers) - 1
    more = f" {counted(others, 'further answer')}." if others else ""
    return f"{best.text}. Confidence {confidence_word(best.confidence)}, {_support(best)}.{more}"


def is_silent(reply: Reply) -> bool:
    """Whether the reply has no confident answer."""
    return reply.abstained or not reply.answers


def notice_html(message: str) -> Markup:
    """A message about a problem, for the user to act on."""
    return render(TEMPLATE, "notice", message)


def confidence_word(confidence: float) -> str:
    """A confidence from 0 to 1 as a word."""
    return next(word for least, word in _CONFIDENCE if confidence >= least)


def place_of(citation: Citation) -> CitedSpan:
    """The place of a citation."""
    return CitedSpan.model_validate(citation, from_attributes=True)


def _quoted_answer(answer: Answer, numbers: count[int]) -> QuotedAnswer:
    first = answer.citations[0]
    start = first.start - first.sentence_start
    return QuotedAnswer(
        words=segments(first.sentence, [range(start, start + len(first.quote))]),
        long=len(first.sentence) > LONG_SENTENCE,
        comment=all(cited.role is Role.COMMENT for cited in answer.citations),
        author=first.author,
        confidence=confidence_word(answer.confidence),
        percent=f"{answer.confidence:.0%}",
        support=_support(answer),
        cited=[NumberedCitation(next(numbers), cited) for cited in answer.citations],
    )


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
