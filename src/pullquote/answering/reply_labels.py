"""The words for outcomes, confidence and kinds of questions, the same wherever they are shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pullquote.base.plurals import counted
from pullquote.base.wording import NO_ANSWER
from pullquote.schema import WORTH_SHOWING, Answer, Outcome, QuestionKind, Reply

KIND_LABELS: Final[Mapping[QuestionKind, str]] = {
    QuestionKind.FACT: "question about a fact",
    QuestionKind.KEYWORDS: "keywords",
    QuestionKind.YES_NO: "yes-or-no question",
    QuestionKind.LIST: "request for a list",
    QuestionKind.COMPARISON: "comparison",
    QuestionKind.REASON: "question about a reason",
    QuestionKind.MANNER: "question about how something is done",
    QuestionKind.SPEECH: "question about what somebody said",
    QuestionKind.DEFINITION: "question about what something is",
    QuestionKind.CHANGE: "question about how something has changed",
}
"""Each kind in plain words, to follow "Read as:"."""

POSSIBLE_HELP: Final = "This is not certain. Check it in the article before you use it."

POSSIBLE_NOTE: Final = "(possible answer, not certain)"
"""What a copied citation of a possible answer says, so that nobody takes it for certain."""


@dataclass(frozen=True, slots=True)
class ConfidenceLevel:
    """A word for a confidence of at least `least`, and the share of right answers in tests."""

    word: str
    least: float
    right: str


CONFIDENCE_LEVELS: Final = (
    ConfidenceLevel("very likely", 0.8, "9 in 10"),
    ConfidenceLevel("likely", 0.5, "2 in 3"),
    ConfidenceLevel("uncertain", WORTH_SHOWING, "1 in 3"),
)
"""The words for confidence, highest first.

The shares are those of the 2,143 first answers that the packaged calibration was fitted to:
691 of 780 were right, 478 of 712, and 144 of 433.
"""

CONFIDENCE_HELP: Final = (
    "The words say how often the first answer was right in pullquote’s tests with news articles. "
    "Your articles may be easier or harder, so check the words in the article."
)

_MANY: Final = (QuestionKind.LIST, QuestionKind.COMPARISON)


def outcome_of(reply: Reply) -> Outcome:
    """The outcome of a reply; `NOTHING` if it has no answers at all."""
    return reply.outcome if reply.answers else Outcome.NOTHING


def confidence_word(confidence: float) -> str:
    """A confidence from 0 to 1 as a word; the lowest word if it is below every level."""
    words = (level.word for level in CONFIDENCE_LEVELS if confidence >= level.least)
    return next(words, CONFIDENCE_LEVELS[-1].word)


def likelihood_of(answer: Answer, reply: Reply) -> str:
    """How likely an answer is, in a word; "" if it is possible, a match, or a lesser answer.

    The words were measured on first answers, and lesser answers are right less often.
    """
    labelled = reply.outcome is not Outcome.ANSWER or reply.kind is QuestionKind.KEYWORDS
    lesser = reply.kind not in _MANY and answer is not reply.answers[0]
    return "" if labelled or lesser else confidence_word(answer.confidence)


def answer_noun(reply: Reply) -> str:
    """What an answer is called: "answer", "match", "possible answer" or "possible match".

    Keywords ask nothing, so the sentences found for them are not called answers.
    """
    noun = "match" if reply.kind is QuestionKind.KEYWORDS else "answer"
    return f"possible {noun}" if reply.outcome is Outcome.POSSIBLE else noun


def plural(noun: str) -> str:
    """The plural of a noun of `answer_noun`."""
    return f"{noun}es" if noun.endswith("ch") else f"{noun}s"


def counted_further(number: int, noun: str) -> str:
    """How many more there are of a noun of `answer_noun`."""
    return f"{number:,} more {noun if number == 1 else plural(noun)}"


def outcome_heading(reply: Reply) -> str:
    """The line above the answers; "" if none is needed."""
    outcome = outcome_of(reply)
    if outcome is Outcome.NOTHING:
        return NO_ANSWER
    noun = answer_noun(reply)
    if reply.kind is QuestionKind.KEYWORDS:
        return plural(noun).capitalize()
    if outcome is Outcome.ANSWER:
        return ""
    return (plural(noun) if reply.kind in _MANY else noun).capitalize()


def list_note(reply: Reply) -> str:
    """How many items of a list were found, and that there may be more; "" for other replies."""
    if reply.kind is not QuestionKind.LIST or outcome_of(reply) is Outcome.NOTHING:
        return ""
    return f"{counted(len(reply.shown), 'item')}; the articles may have more."


def was_changed(reply: Reply) -> bool:
    """Whether the text that was searched for differs from the question."""
    return has_other_words(reply.searched_for, reply.question) or bool(reply.corrections)


def has_other_words(searched: str, question: str) -> bool:
    """Whether a searched text differs from a question in more than its punctuation."""
    return re.findall(r"\w+", searched) != re.findall(r"\w+", question)
