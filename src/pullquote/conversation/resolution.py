"""Replaces the pronouns of a question by what they mean in earlier turns."""

from __future__ import annotations

from collections.abc import Sequence

from pullquote.conversation import antecedent
from pullquote.conversation.antecedent import Antecedent
from pullquote.conversation.draft import QuestionDraft
from pullquote.conversation.models import Turn
from pullquote.conversation.parsed_question import ParsedQuestion
from pullquote.conversation.pronouns import Pronoun, pronouns_of


def resolved(asked: ParsedQuestion, turns: Sequence[Turn]) -> QuestionDraft:
    """The question without opening words, with the pronouns replaced whose meaning is known."""
    draft = QuestionDraft()
    at = asked.words[asked.opener_count].start if asked.opener_count < len(asked.words) else 0
    meanings: dict[str, str] = {}
    for pronoun in pronouns_of(asked):
        meant = _meant(pronoun, turns)
        # "he" and "them" in one question do not mean the same.
        if meant is None or meanings.setdefault(meant.text, pronoun.kind) != pronoun.kind:
            continue
        word = pronoun.word
        draft.own(asked.body[at : word.start])
        draft.fill(meant.text, meant.turn, meant.source, instead_of=word.text)
        ending = "'" if meant.text.endswith("s") else "'s"
        draft.own(ending if pronoun.possessive else "")
        at = word.end
    return draft.own(asked.body[at:])


def _meant(pronoun: Pronoun, turns: Sequence[Turn]) -> Antecedent | None:
    match pronoun.kind:
        case "person":
            return antecedent.person(pronoun.word.low, turns)
        case "several":
            return antecedent.several(turns)
        case "thing":
            return antecedent.thing(turns)
        case "place":
            return antecedent.place_of(turns)
        case _:
            return None
