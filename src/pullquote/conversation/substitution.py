"""Finds which words of a question the words of a correction replace: "no, I meant in Singapore".

They replace the phrase that is most like them, by its form and the kind of thing it names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pullquote.conversation.completed import QuestionDraft
from pullquote.conversation.context import QuestionInContext, add_question
from pullquote.conversation.parsed_question import (
    Constituent,
    ParsedQuestion,
    constituents,
    constituents_of,
    verb_of,
)
from pullquote.conversation.pronouns import resolved
from pullquote.english.questions.words import DETERMINERS, ORDINALS, Word, content_words, words_of

_PLACE = frozenset("in on at inside aboard near outside".split())
_ONES = frozenset("one ones".split())
_RELATIVE = re.compile(r"(?i)(?:last|next|this|that)\b")
_OWNER = re.compile(r"(?:['’]s|s['’])$")


@dataclass(frozen=True, slots=True)
class Substitution:
    """`new` replaces `body[start:end]` of an earlier question.

    `score` says how alike they are, from about -2 to 7.
    """

    new: str
    start: int
    end: int
    score: float


def find_substitutions(new: str, before: ParsedQuestion) -> tuple[Substitution, ...]:
    """The likely substitutions of the new words in an earlier question, best first."""
    phrase = _only_phrase(new)
    found = () if phrase is None else _candidates(phrase, before)
    return tuple(sorted((one for one in found if one.score >= 0), key=lambda one: -one.score))


def _only_phrase(new: str) -> Constituent | None:
    """The phrase that the new words are, perhaps with others that begin with "of"."""
    phrases = constituents_of(new)
    if not phrases or phrases[0].start > 0 or phrases[-1].end < len(new.rstrip()):
        return None
    if any(one.preposition != "of" for one in phrases[1:]):
        return None
    return replace(phrases[0], tail=new[phrases[0].end :].rstrip())


def _candidates(new: Constituent, before: ParsedQuestion) -> Iterator[Substitution]:
    for old in constituents(before):
        new_words, old_words = ({word.low for word in one.words} for one in (new, old))
        if new_words <= old_words or (old.asked_for and not _shared(new, old)):
            continue
        if new.is_time or old.is_time:
            if new.is_time and old.is_time:
                yield _for_time(new, old)
            continue
        if len(new.words) == 1 and new.bare == new.words[0].text and not new.preposition:
            yield from _words_within(new, old)
        modifier = _modifier(new, old)
        if modifier is not None:
            yield modifier
        elif (form := _form(new, old)) is not None:
            yield _in_place(new, old, form)
            if new.is_name and not (new.preposition or old.is_name):
                yield from _names_within(new, old, form - 0.5)


def _in_place(new: Constituent, old: Constituent, score: float) -> Substitution:
    if new.preposition:
        return Substitution(new.text + new.tail, old.start, old.end, score)
    start = old.bare_start
    if not new.is_name and not any(_OWNER.search(word.text) for word in new.words):
        # "the mother" for "Kinnock's father" is Kinnock's
        owners = [word.end for word in words_of(old.bare)[:-1] if _OWNER.search(word.text)]
        start += owners[-1] + 1 if owners else 0
    owned = start > old.bare_start
    new_text = re.sub(r"(?i)^the\s+", "", new.bare) if owned else new.bare
    return Substitution(new_text + new.tail, start, old.end, score)


def _for_time(new: Constituent, old: Constituent) -> Substitution:
    """Replace a time, with its preposition if the new one needs none: "this year"."""
    start = old.start if new.preposition or _RELATIVE.match(new.bare) else old.bare_start
    return Substitution(new.text, start, old.end, 4)


def _form(new: Constituent, old: Constituent) -> float | None:
    """How alike two phrases are in form; None if one cannot replace the other."""
    if new.preposition and not old.preposition:
        return None
    score = 0.0
    if new.preposition == old.preposition:
        score += 2 if new.preposition else 0.5
    elif new.preposition:
        score += 1 if {new.preposition, old.preposition} <= _PLACE else -1
    if new.is_name and old.is_name:
        score += 2
    else:
        score += 1 if new.is_name == old.is_name else -0.5
    same_head = new.head.removesuffix("s") == old.head.removesuffix("s")
    if same_head and not (new.is_name and old.is_name):
        score += 3
    return score + 1.5 * _shared(new, old)


def _shared(new: Constituent, old: Constituent) -> float:
    """The share of words that both phrases have: "best actress" and "best actor" share one."""
    ours = {word.low for word in content_words(new.words)}
    theirs = {word.low for word in content_words(old.words)}
    return len(ours & theirs) / len(ours | theirs) if ours | theirs else 0.0


def _modifier(new: Constituent, old: Constituent) -> Substitution | None:
    """Replace only what comes before a noun: "the women's" in "the men's final"."""
    words = words_of(old.bare)
    if new.is_possessive:
        at = next((i for i, word in enumerate(words[:-1]) if _OWNER.search(word.text)), None)
        words_before = new.bare
    elif new.head in _ONES and not old.is_name and len(new.words) > 1 and len(words) > 1:
        at, words_before = len(words) - 2, new.bare[: new.words[-2].end]
    elif new.head in ORDINALS:
        at = next((i for i, word in enumerate(words) if word.low in ORDINALS), None)
        words_before = new.bare
    else:
        return None
    if at is None:
        return None
    return _span(words_before, old, words, at)


def _span(words_before: str, old: Constituent, words: Sequence[Word], at: int) -> Substitution:
    """Replace the words up to `at`; the determiner stays if the new words have none."""
    own = words_of(words_before)[0].low in DETERMINERS
    first = 1 if words[0].low in DETERMINERS and not own and at > 0 else 0
    start = old.bare_start + words[first].start
    return Substitution(words_before, start, old.bare_start + words[at].end, 4)


def _words_within(new: Constituent, old: Constituent) -> Iterator[Substitution]:
    """Replace one word of a phrase of several: "male" for "female" in "best British female"."""
    for word in old.words if len(old.words) > 1 and not new.is_name else ():
        if word.is_name == new.is_name and not _OWNER.search(word.text):
            start = old.bare_start + word.start
            last = word is old.words[-1]
            yield Substitution(new.bare, start, start + len(word.text), 1.6 if last else 1.4)


def _names_within(new: Constituent, old: Constituent, score: float) -> Iterator[Substitution]:
    """Replace only a name in a phrase: "Europol" in "the Interpol centre"."""
    run: list[Word] = []
    for word in (*words_of(old.bare), None):
        if word is not None and word.is_name:
            run.append(word)
            continue
        if run and len(run) < len(old.words):
            end = run[0].start + len(old.bare[run[0].start : run[-1].end])
            owner = _OWNER.search(run[-1].text)
            end -= len(owner[0]) if owner else 0
            start = old.bare_start + run[0].start
            likely = score if owner is None else 1.5
            yield Substitution(new.bare, start, old.bare_start + end, likely)
        run = []


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
