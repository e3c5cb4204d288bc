"""A question with its earlier turns, from which its topic is taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pullquote.conversation import antecedent
from pullquote.conversation.constituents import verb_of
from pullquote.conversation.correction import StatedCorrection
from pullquote.conversation.draft import QuestionDraft
from pullquote.conversation.models import Turn
from pullquote.conversation.parsed_question import ParsedQuestion
from pullquote.conversation.substitution import Alike
from pullquote.conversation.topic import clause_words, topic_phrases, topic_turn, topic_words
from pullquote.conversation.words import content_words, words_of


@dataclass(frozen=True, slots=True)
class QuestionInContext:
    """A question after earlier turns, oldest first, of which there is at least one.

    `correction` says what the question corrects. `alike` measures how alike meanings are.
    """

    asked: ParsedQuestion
    turns: Sequence[Turn]
    correction: StatedCorrection | None = None
    alike: Alike | None = None


def add_topic(
    draft: QuestionDraft, context: QuestionInContext, *, event: bool = False, clause: bool = False
) -> QuestionDraft:
    """Add the topic as noun phrases, or with its verb if `clause`.

    For an `event` such as "that", what the last turn asked is the topic.

    A question with the verb of the topic takes its phrases as they are: "who won best actress at
    the Oscars". Otherwise they are added in brackets.
    """
    turns = context.turns
    begun, last = topic_turn(context.asked, turns), len(turns) - 1
    name = antecedent.named_answer(turns[last]) if turns[last].filled else None
    if name is not None and not (event or clause) and name.lower() not in draft.text.lower():
        draft.own(" (").fill(name, last, "answer")
        topic = topic_words(turns[begun], draft.text)
        return (draft.own(", ").fill(topic, begun, "question") if topic else draft).own(")")
    if not (event or clause):
        phrases = topic_phrases(turns[begun], draft.text)
        if phrases and _same_verb(draft, turns[begun]) and all(one.preposition for one in phrases):
            return draft.own(" ").fill(" ".join(one.text for one in phrases), begun, "question")
        return add_in_brackets(draft, topic_words(turns[begun], draft.text), begun)
    just = clause_words(turns[last], draft.text) if event and turns[last].filled else ""
    just = just if len(content_words(words_of(just))) > 1 else ""
    if just:
        return add_in_brackets(draft, just, last)
    return add_in_brackets(draft, clause_words(turns[begun], draft.text), begun)


def add_in_brackets(draft: QuestionDraft, words: str, turn: int) -> QuestionDraft:
    """Add words of an earlier turn in brackets."""
    return draft.own(" (").fill(words, turn, "question").own(")") if words else draft


def _same_verb(draft: QuestionDraft, turn: Turn) -> bool:
    ours, theirs = (verb_of(ParsedQuestion(text)) for text in (draft.text, turn.searched))
    return ours is not None and theirs is not None and ours.low == theirs.low
