"""A reply as plain text for a language model."""

from __future__ import annotations

from typing import Final

from pullquote.conversation import ready_citation
from pullquote.schema import Answer, Outcome, Reply

_ANSWERS: Final = 3
"""So many answers; the reply has more for programs."""

_HEADINGS: Final = {
    Outcome.ANSWER: "Answers in the words of the articles, best first:",
    Outcome.POSSIBLE: "Possible answers, which nobody has verified, best first:",
    Outcome.NOTHING: "The articles have no answer. The closest passages:",
}


def reply_text(reply: Reply) -> str:
    """What the outcome is, and the first answers with their citations."""
    answers = [f"{n}. {_answer(one)}" for n, one in enumerate(reply.shown[:_ANSWERS], 1)]
    return "\n\n".join([_HEADINGS[reply.outcome], *answers])


def _answer(answer: Answer) -> str:
    citation = answer.citations[0]
    place = f"{citation.article}, characters {citation.start} to {citation.end}"
    certain = f"{answer.text} (confidence {answer.confidence:.2f})"
    claim = [f"Whose claim: {citation.said_by}"] if citation.said_by else []
    return "\n".join([certain, ready_citation(citation), *claim, f"Place: {place}"])
