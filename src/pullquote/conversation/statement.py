"""Repeats the last question as a statement: "why is Turkey taking six zeros off the lira"."""

from __future__ import annotations

from collections.abc import Sequence

from pullquote.conversation import antecedent
from pullquote.conversation.constituents import verb_of
from pullquote.conversation.draft import QuestionDraft
from pullquote.conversation.models import Turn
from pullquote.conversation.parsed_question import ParsedQuestion

_NAMING = frozenset("who whom what which".split())
"""Question words whose answer can take their place in the statement."""


def add_statement(
    draft: QuestionDraft, turns: Sequence[Turn], *, answered: bool = True
) -> QuestionDraft:
    """Add what the last question asked about, in the order of a question.

    What the question word asked for becomes its answer, if `answered` and the answer is short:
    "where did they throw" "slurry" "over Kilroy-Silk". Else it becomes the noun of the question
    word, in brackets if its place is not known.
    """
    last = len(turns) - 1
    before = ParsedQuestion(turns[last].searched)
    answer = antecedent.short_answer(turns[last]) if answered else None
    subject = before.asks_for_subject or before.auxiliary_at is None
    nouns = before.asked_noun
    if before.auxiliary_at is not None:
        auxiliary = before.words_between(before.auxiliary_at, before.rest_at).lower()
        draft.own(" ").fill(auxiliary, last, "question")
    gap = answer if answer is not None and before.question_word in _NAMING else None
    if subject:
        if gap is not None or nouns:
            _fill(draft, gap, nouns, last)
        return _add_rest(draft, before, before.statement_at, "", last)
    verb = verb_of(before)
    if (
        verb is None
        or (gap is None and not nouns)
        or before.question_word not in ("what", "which", "how", "who", "whom")
    ):
        return _add_rest(draft, before, before.rest_at, nouns, last)
    place = before.words.index(verb)
    if place == before.rest_at:  # "how many officials are accused"
        _fill(draft, gap, nouns, last)
        return _add_rest(draft, before, before.rest_at, "", last)
    draft.own(" ").fill(before.words_between(before.rest_at, place + 1), last, "question")
    _fill(draft, gap, nouns, last)
    return _add_rest(draft, before, place + 1, "", last)


def _fill(draft: QuestionDraft, answer: str | None, nouns: str, turn: int) -> None:
    if answer is not None:
        draft.own(" ").fill(answer, turn, "answer")
    elif nouns:
        draft.own(" ").fill(nouns, turn, "question")


def _add_rest(
    draft: QuestionDraft, before: ParsedQuestion, at: int, nouns: str, turn: int
) -> QuestionDraft:
    if at < len(before.words):
        draft.own(" ").fill(before.words_between(at), turn, "question")
    return draft.add_in_brackets(nouns, turn)
