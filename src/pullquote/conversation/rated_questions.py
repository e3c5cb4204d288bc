"""Turns rated replies into gold questions, for `pullquote evaluate` and `pullquote calibrate`.

A gold question is asked by itself, without earlier turns and filters. So the text is the completed
question. Questions that filters narrowed are left out, because other articles may answer them
without the filters.

- Rated right: the words, sentences and articles of the reply are accepted. If nothing was found,
  the corpus does not answer the question.
- Rated wrong: no answer is accepted, and `rejected` has the wrong one. So any answer counts as
  wrong and silence as right, although the corpus may have another answer.
- Rated wrong where nothing was found: left out, because the right answer is not known.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pullquote.answering.reply_labels import outcome_of
from pullquote.conversation.models import Conversation, Rating, Turn
from pullquote.schema import Filters, Outcome, QuestionKind, Reply

_SEVERAL = (QuestionKind.LIST, QuestionKind.COMPARISON, QuestionKind.KEYWORDS)
"""The kinds whose reply is all answers together; for others it is the first answer."""


@dataclass(frozen=True, slots=True)
class RatedQuestions:
    """Gold questions, each a JSON object, and the number of rated turns that cannot be one."""

    questions: Sequence[dict[str, Any]]
    left_out: int


def rated_questions(conversation: Conversation) -> RatedQuestions:
    """The gold questions of the rated turns."""
    rated = [turn for turn in conversation.turns if turn.understood and turn.rating is not None]
    questions = [question for turn in rated for question in _gold(turn)]
    return RatedQuestions(questions, len(rated) - len(questions))


def _gold(turn: Turn) -> Iterator[dict[str, Any]]:
    """The gold question of a rated turn, if it can be one."""
    reply = turn.reply
    narrowed = replace(turn.filters, comments=False) != Filters() or turn.unknown_filters
    if reply is None or narrowed or turn.as_of is not None or not turn.searched.strip():
        return
    silent = outcome_of(reply) is Outcome.NOTHING or not reply.answers
    if silent and turn.rating is Rating.WRONG:
        return
    question: dict[str, Any] = {
        "id": turn.asked.isoformat(),
        "question": turn.searched,
        "answers": [],
        "article": None,
        "comments": turn.filters.comments,
        "kind": reply.kind,
        "rating": turn.rating,
    }
    if not silent and turn.rating is Rating.RIGHT:
        question |= _accepted(reply)
    elif not silent:
        question["rejected"] = reply.answers[0].text
    yield question


def _accepted(reply: Reply) -> dict[str, Any]:
    """The accepted answers, articles and evidence of a reply that is right."""
    answers = reply.answers if reply.kind in _SEVERAL else reply.answers[:1]
    cited = (citation.article for answer in answers for citation in answer.citations)
    articles = list(dict.fromkeys(cited))
    texts = list(dict.fromkeys(answer.text for answer in answers if answer.text.strip()))
    accepted: dict[str, Any] = {
        "answers": [] if reply.kind is QuestionKind.KEYWORDS else texts,
        "article": articles[0],
        "also": articles[1:],
        "evidence": [answer.citations[0].sentence for answer in answers],
    }
    if reply.kind is QuestionKind.LIST:
        accepted["all"] = [[text] for text in texts]
    return accepted
