"""Replies -> HTML. Pure functions; style.css gives the looks.

They say what is shown of a reply; `answer.html` makes the HTML.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final

from pullquote.schema import Answer, Citation, Reply, Role
from pullquote.web.requests import CitedSpan
from pullquote.web.state.near_misses import MissingWords
from pullquote.web.templating import counted, render
from pullquote.web.views.markup import Piece, escape, pieces

CLOSEST_SHOWN = 3
PLACES_SHOWN = 3
"""Citations of one answer that are not folded."""

LONG_SENTENCE = 180
"""Characters beyond which a sentence is set in the smaller of the two sizes."""

CLIPPED = 320
"""Characters of a passage that is shown before it is read."""

_CONFIDENCE = ((0.7, "high"), (0.4, "fair"), (0.0, "low"))


TEMPLATE: Final = "views/answer.html"


@dataclass(frozen=True, slots=True)
class Numbered:
    """A citation by its number on the page."""

    number: int
    citation: Citation


@dataclass(frozen=True, slots=True)
class Quotation:
    """An answer in its sentence, and how sure it is, as a word and in percent.

    `comment` says whether only readers say it; `author` is then the first of them.
    """

    words: Sequence[Piece]
    long: bool
    comment: bool
    author: str | None
    confidence: str
    percent: str
    support: str
    cited: Sequence[Numbered]

    @property
    def shown(self) -> Sequence[Numbered]:
        """The citations that are not folded."""
        return self.cited[:PLACES_SHOWN]

    @property
    def folded(self) -> Sequence[Numbered]:
        """The others."""
        return self.cited[PLACES_SHOWN:]


@dataclass(frozen=True, slots=True)
class Near:
    """The beginning of a passage that was found, with the citation of it."""

    text: str
    shown: Sequence[Numbered]
    folded: Sequence[Numbered] = ()


@dataclass(frozen=True, slots=True)
class Answers:
    """The best answer and the others, in order."""

    best: Quotation
    others: Sequence[Quotation]


@dataclass(frozen=True, slots=True)
class Silence:
    """What came closest where the corpus does not say, and which words were not found."""

    missing: MissingWords | None
    answers: Sequence[Quotation]
    passages: Sequence[Near]


def question_html(question: str) -> str:
    """The question as asked."""
    return str(render(TEMPLATE, "question", question))


def answer_html(
    reply: Reply, *, closest: Sequence[Citation] = (), missing: MissingWords | None = None
) -> str:
    """The answers, best first, with numbered citations; or that the corpus does not say.

    `closest` are the passages found, which are shown where nothing was read that comes near, and
    `missing` the question's words that they lack.
    """
    numbers = count(1)
    if is_silent(reply):
        shown = [_quotation(answer, numbers) for answer in reply.answers[:CLOSEST_SHOWN]]
        silence = Silence(missing, shown, _near(closest))
        return str(render(TEMPLATE, "silence", silence))
    best, *others = (_quotation(answer, numbers) for answer in reply.answers)
    return str(render(TEMPLATE, "answers", Answers(best, others)))


def closest_html(closest: Sequence[Citation]) -> str:
    """The passages found, while they are being read."""
    return str(render(TEMPLATE, "reading", _near(closest))) if closest else ""


def answer_said(reply: Reply) -> str:
    """The reply in a sentence or two, for a screen reader to speak when it comes."""
    if is_silent(reply):
        return "The corpus does not say."
    best = reply.answers[0]
    others = len(reply.answers) - 1
    more = f" {counted(others, 'further answer')}." if others else ""
    return f"{best.text}. Confidence {confidence_word(best.confidence)}, {_support(best)}.{more}"


def is_silent(reply: Reply) -> bool:
    """Whether the reply is that the corpus does not say."""
    return reply.abstained or not reply.answers


def notice_html(message: str) -> str:
    """A message about something that did not work, for the person to act on."""
    return str(render(TEMPLATE, "notice", message))


def confidence_word(confidence: float) -> str:
    """As fine as a person can use."""
    return next(word for least, word in _CONFIDENCE if confidence >= least)


def place_of(citation: Citation) -> CitedSpan:
    """Where a citation stands."""
    return CitedSpan.model_validate(citation, from_attributes=True)


def place_attributes(place: CitedSpan) -> str:
    """A place as the attributes of an element, from which the page's scripts read it."""
    version = "" if place.version is None else f' data-version="{escape(place.version)}"'
    return (
        f' data-article="{escape(place.article)}" data-start="{place.start}" '
        f'data-end="{place.end}"{version}'
    )


def _quotation(answer: Answer, numbers: count[int]) -> Quotation:
    first = answer.citations[0]
    start = first.start - first.sentence_start
    return Quotation(
        words=pieces(first.sentence, [range(start, start + len(first.quote))]),
        long=len(first.sentence) > LONG_SENTENCE,
        comment=all(cited.role is Role.COMMENT for cited in answer.citations),
        author=first.author,
        confidence=confidence_word(answer.confidence),
        percent=f"{answer.confidence:.0%}",
        support=_support(answer),
        cited=[Numbered(next(numbers), cited) for cited in answer.citations],
    )


def _near(closest: Sequence[Citation]) -> list[Near]:
    return [
        Near(_clipped(cited.quote), [Numbered(number, cited)])
        for number, cited in enumerate(closest[:CLOSEST_SHOWN], 1)
    ]


def _clipped(text: str) -> str:
    """The beginning of a long text, to the end of a word."""
    if len(text) <= CLIPPED:
        return text
    begun = text[:CLIPPED]
    return f"{begun.rpartition(' ')[0] or begun}…"


def _support(answer: Answer) -> str:
    """In how many articles it stands, and from how many sources they are where those are fewer."""
    articles = len({cited.article for cited in answer.citations})
    sources = counted(answer.sources, "independent source") if answer.sources < articles else ""
    return ", ".join(filter(None, (f"in {counted(articles, 'article')}", sources)))
