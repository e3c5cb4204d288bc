"""A reply in a sentence or two, for screen readers. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from pullquote.answering.reply_labels import (
    NO_ANSWER,
    POSSIBLE_HELP,
    answer_noun,
    counted_further,
    likelihood_of,
    list_note,
    outcome_of,
)
from pullquote.schema import Answer, Outcome, QuestionKind, Reply
from pullquote.schema.value_words import (
    status_words,
    support_words,
    values_heading,
)
from pullquote.web.views.replies.cards import further_answers

VALUES_SPOKEN = 5
"""The latest values of a change that are spoken."""


def answer_announcement(reply: Reply) -> str:
    """The reply in a sentence or two, for screen readers."""
    if outcome_of(reply) is Outcome.NOTHING:
        return " ".join([*reply.scope_notes, NO_ANSWER])
    return " ".join([*reply.scope_notes, *_sentences(reply, reply.answers[0])])


def _sentences(reply: Reply, best: Answer) -> Iterator[str]:
    """The best answer, how certain it is, what became of it, and what else there is."""
    noun = answer_noun(reply)
    label = f"{noun.capitalize()}: " if noun != "answer" else ""
    heading = values_heading(reply.values)
    if reply.kind is QuestionKind.CHANGE and heading:
        values = "; ".join(one.text for one in reply.values[-VALUES_SPOKEN:])
        yield f"{label}{heading}: {values}."
    elif reply.kind is QuestionKind.KEYWORDS:
        yield f"{label}{best.text.rstrip('.')}."
    else:
        yield f"{label}{best.text}."
    if reply.outcome is Outcome.POSSIBLE and reply.kind is not QuestionKind.KEYWORDS:
        yield POSSIBLE_HELP
    elif reply.kind is not QuestionKind.KEYWORDS:
        yield f"{likelihood_of(best, reply).capitalize()}, {support_words(best)}."
    if reply.kind is not QuestionKind.CHANGE and (status := status_words(best, reply.values)):
        yield status
    further = len(further_answers(reply))
    if note := list_note(reply) or (f"{counted_further(further, noun)}." if further else ""):
        yield note
