"""Puts the right words into the question that a person corrects: "no, I meant the US Open"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pullquote.conversation.constituents import verb_of
from pullquote.conversation.context import QuestionInContext, add_question
from pullquote.conversation.draft import QuestionDraft
from pullquote.conversation.parsed_question import ParsedQuestion
from pullquote.conversation.resolution import resolved
from pullquote.conversation.substitution import find_substitutions

MOST_DRAFTS = 3
"""At most this many completed questions are compared."""

SURE = 3.0
"""New words with at least this score go where they fit best, not where the rejected words are."""


def corrected(context: QuestionInContext) -> Sequence[QuestionDraft]:
    """Repeat the question before with the right words: "no, I meant the US Open"."""
    correction = context.correction
    if correction is None or correction.asks:
        return ()
    last = len(context.turns) - 1
    before = ParsedQuestion(context.turns[last].searched)
    own = resolved(context.asked, context.turns)
    likely = list(_substituted(own, context))[:MOST_DRAFTS]
    rejected = _rejected(correction.old, before)
    if rejected is not None and not (likely and likely[0].score >= SURE):
        new = re.sub(r"(?i)^(?:the|an?)\s+", "", context.asked.body)
        return (_replaced(QuestionDraft().own(new), *rejected, before, last),)
    return likely or (add_question(own, context),)


def _rejected(old: str, before: ParsedQuestion) -> tuple[int, int] | None:
    """Where an earlier question has the words that a correction rejects."""
    words = re.escape(re.sub(r"(?i)^(?:the|an?|in|on|at|about)\s+", "", old.strip()))
    found = re.search(rf"(?i)\b{words}(?!\w)", before.body) if words else None
    return None if found is None else found.span()


def _substituted(own: QuestionDraft, context: QuestionInContext) -> Iterator[QuestionDraft]:
    """The last question with the new words in place of others, best first."""
    last = len(context.turns) - 1
    before = ParsedQuestion(context.turns[last].searched)
    if before.auxiliary_at is None and verb_of(before) is None:
        return
    for one in find_substitutions(own.text, before):
        new = own if own.text == one.new else QuestionDraft().own(one.new)
        made = _replaced(new, one.start, one.end, before, last)
        made.score = one.score
        yield made


def _replaced(
    new: QuestionDraft, start: int, end: int, before: ParsedQuestion, at: int
) -> QuestionDraft:
    """An earlier question with new words in place of `body[start:end]`."""
    asked = before.words[before.opener_count :]
    begins = min(asked[0].start, start) if asked else 0
    draft = QuestionDraft().fill(before.body[begins:start], at, "question")
    draft.add(new).fill(before.body[end:], at, "question")
    return draft.add_in_brackets(before.brackets, at)
