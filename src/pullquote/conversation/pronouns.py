"""Finds pronouns whose meaning is in earlier turns, not in the question itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pullquote.conversation import antecedent
from pullquote.conversation.antecedent import Antecedent
from pullquote.conversation.completed import QuestionDraft
from pullquote.conversation.models import Turn
from pullquote.conversation.parsed_question import ParsedQuestion
from pullquote.english.questions.words import (
    ASKING,
    AUXILIARIES,
    CLAUSES,
    DETERMINERS,
    FUNCTION,
    OPENERS,
    PERSONAL,
    PLURAL,
    POSSESSIVE,
    PREPOSITIONS,
    PRONOUNS,
    SOMEBODY,
    SUBJECTS,
    THING,
    TIME_NOUNS,
    Word,
    content_words,
)

PronounKind = Literal["person", "several", "thing", "place", "event"]

_EXPLETIVE = tuple(
    re.compile(rf"(?i)\b{sign}\b")
    for sign in (
        r"it (?:takes?|took|costs?|means?)\b.* to \w+ \w+",
        r"it (?:takes?|took) for",
        r"does it mean (?:to|for|if|when|that)",
        r"(?:is|was|isn't|wasn't) it\b.* (?:that|(?<!going )to be)",
        r"it (?:is|was)\b.* that",
        r"(?:is|was|be|makes?|made) it to",
        r"(?:is|was|be|makes?|made) it (?:so |more |less |very )?"
        r"(?:\w+(?:er|ous|al|ble|ant|ent|ard|ult|ely|ary|ful)|true|rare|fair|safe|wrong|right|time)"
        r" .*(?:to|that|for|if|when)",
        r"(?:make|made|makes) it (?:to|into|through)",
        r"how far is it (?:from|to)",
        r"what time is it",
    )
)
"""Phrases in which "it" refers to nothing: "it takes two to", "it is likely that"."""

_NO_NOUN = frozenset(
    "of in with who whose which that from at on for under to not without by".split()
)
_AFTER_OBJECT = (
    PREPOSITIONS
    | CLAUSES
    | OPENERS
    | frozenset(
        "to up down out off back away again all both first instead now then too together".split()
    )
)
_SAYING = frozenset(
    "say says said think thinks thought claim claims claimed believe believes believed hope hopes "
    "tell told insist insisted argue argued reckon reckons admit admitted deny denied".split()
)
_QUOTED = re.compile(r"[\"“][^\"”]*[\"”]")
_LONGEST_POINTING = 14
"""In words. In a longer question, "in that sense" usually refers to the question itself."""


@dataclass(frozen=True, slots=True)
class Pronoun:
    """A word that refers to earlier turns; `possessive` marks words such as "his" and "its"."""

    word: Word
    kind: PronounKind
    possessive: bool = False


def pronouns_of(asked: ParsedQuestion) -> tuple[Pronoun, ...]:
    """The pronouns that do not refer to a word in the question itself, in order."""
    if _is_dislocated(asked):
        return ()
    found = [_personal(asked, at) or _demonstrative(asked, at) for at in range(len(asked.words))]
    return tuple(pronoun for pronoun in found if pronoun is not None)


def _is_dislocated(asked: ParsedQuestion) -> bool:
    """Whether a question says first what it is about: "and Ebbers, how long could he get"."""
    return any(
        word.low in ASKING
        and asked.body[: word.start].rstrip().endswith((",", ":", "–"))
        and content_words(asked.words[:at])
        for at, word in enumerate(asked.words)
    )


def _personal(asked: ParsedQuestion, at: int) -> Pronoun | None:
    word = asked.words[at]
    if word.low not in PRONOUNS or (word.text[0].isupper() and at > 0):
        return None  # such as in "Britain Can Make It", or "IT"
    if any(quoted.start() < word.start < quoted.end() for quoted in _QUOTED.finditer(asked.body)):
        return None
    possessive = _is_possessive(asked, at)
    if word.low in THING and any(sign.search(asked.body) for sign in _EXPLETIVE):
        return None
    if _is_bound(asked, at, possessive=possessive):
        return None
    kind: PronounKind = (
        "person" if word.low in PERSONAL else "several" if word.low in PLURAL else "thing"
    )
    return Pronoun(word, kind, possessive)


def _demonstrative(asked: ParsedQuestion, at: int) -> Pronoun | None:
    """A word such as "that", "there" or "one" that refers to something outside the question."""
    low = asked.words[at].low
    if low in ("this", "that", "these", "those"):
        return Pronoun(asked.words[at], "event") if _refers(asked, at) else None
    own = len(content_words(asked.words))
    if low in SOMEBODY and own <= 1 and not asked.names:
        return Pronoun(asked.words[at], "event")
    if at == 0:
        return None
    before, last = asked.words[at - 1].low, at == len(asked.words) - 1
    if low == "there":
        placed = any(_named_place(asked, place) for place in range(at))
        deictic = last and before not in AUXILIARIES | {"out", "been", "be"} and not placed
        return Pronoun(asked.words[at], "place") if deictic else None
    points = (
        (low in ("same", "one", "ones", "instead") and last)
        or (low in ("else", "others") and own <= 1)
        or (low == "other" and own <= 2)
    )
    then = low == "then" and last and own > 0
    which_one = low in ("one", "ones") and last and at > 1
    points = then or which_one or (points and not asked.names)
    return Pronoun(asked.words[at], "event") if points else None


def _refers(asked: ParsedQuestion, at: int) -> bool:
    """Whether "this" or "that" refers to something; "that" may also join clauses."""
    low = asked.words[at].low
    before = asked.words[at - 1].low if at else ""
    if at == len(asked.words) - 1:
        return True
    after = re.sub(r"['’]s$", "", asked.words[at + 1].low)
    if after.removesuffix("s") in TIME_NOUNS or len(asked.words) > _LONGEST_POINTING:
        return False
    if low in ("this", "that") and asked.auxiliary_at is not None and at == asked.auxiliary_at + 1:
        return True
    if after in FUNCTION | _NO_NOUN or (low == "that" and before not in PREPOSITIONS):
        return False
    return low != "those" or not (after.endswith("ing") or after == "responsible")


def _is_possessive(asked: ParsedQuestion, at: int) -> bool:
    low = asked.words[at].low
    if low in POSSESSIVE:
        return True
    after = asked.words[at + 1].low if at + 1 < len(asked.words) else ""
    return low == "her" and bool(after) and after not in _AFTER_OBJECT | AUXILIARIES | DETERMINERS


def _is_bound(asked: ParsedQuestion, at: int, *, possessive: bool) -> bool:
    """Whether the pronoun may refer to a word of the question itself.

    A subject or possessive may refer to anything named before it. An object never refers to the
    subject of its own clause. It may also refer to a name after a later auxiliary.
    """
    words = asked.words
    if [word.low for word in words[max(0, at - 2) : at]] == ["do", "about"]:
        return False
    if _names_subject_after(asked, at) or _may_be_asked_for(asked, at):
        return True
    object_ = not possessive and words[at].low not in SUBJECTS and not _begins_clause(asked, at)
    if object_:
        after_preposition = words[at - 1].low in ("to", "with")  # "add to it" is one clause
        clause = range(asked.rest_at, at - after_preposition)
        if not any(_ends_clause(asked, place) for place in clause):
            return False
    if asked.question_word_at is None and asked.auxiliary_at is None and asked.opener_count == 0:
        named = any(word.is_name for word in words[:at])
        return named or (len(words) > 4 and bool(content_words(words[:at])))  # keywords
    first = asked.question_word_at if asked.question_word_at is not None else asked.opener_count
    if at == (asked.auxiliary_at if asked.auxiliary_at is not None else -2) + 1:
        return bool(content_words(words[:first]))
    # "the money they save": the noun before the pronoun is not its subject
    before = at if possessive or words[at - 1].low in FUNCTION else at - 1
    return any(_may_name(asked, place) for place in range(before))


def _may_be_asked_for(asked: ParsedQuestion, at: int) -> bool:
    """Whether the pronoun may be the person asked for: "which keeper had a ball thrown at him"."""
    words = asked.words
    participle = at >= 2 and re.search(r"(?:ing|ed|en|wn)$", words[at - 2].low)
    return (
        asked.question_word in ("who", "which")
        and words[at - 1].low in PREPOSITIONS
        and bool(participle)
        and any(word.low in ("had", "has", "have") for word in words[:at])
    )


def _names_subject_after(asked: ParsedQuestion, at: int) -> bool:
    """Whether an auxiliary and a name follow: "which of his players did Jose Mourinho"."""
    low = [word.low for word in asked.words]
    for place in range(at + 1, len(low) - 1):
        name = place + 2 if low[place + 1] == "the" else place + 1
        if (
            low[place] in AUXILIARIES - {"be", "been"}
            and name < len(low)
            and asked.words[name].is_name
        ):
            return True
    return False


def _begins_clause(asked: ParsedQuestion, at: int) -> bool:
    """Whether "it", "her" or "them" at that position is a subject: "the workers it laid off"."""
    before = asked.words[at - 1].low if at else ""
    after = asked.words[at + 1].low if at + 1 < len(asked.words) else ""
    if not before or before in AUXILIARIES | CLAUSES:
        return True
    return bool(after) and after not in _AFTER_OBJECT and asked.words[at].low == "it"


def _ends_clause(asked: ParsedQuestion, at: int) -> bool:
    """Whether a new clause may begin after the word at that position."""
    word = asked.words[at]
    after = asked.words[at + 1].low if at + 1 < len(asked.words) else ""
    says = word.low in _SAYING and after not in PREPOSITIONS | PRONOUNS | {"that", "this", ""}
    return says or word.low in CLAUSES | ASKING | {"to", "with"} or word.low.endswith("'s")


def _may_name(asked: ParsedQuestion, at: int) -> bool:
    """Whether the word at that position names something that a pronoun could mean."""
    words = asked.words
    word = words[at]
    if word.low in FUNCTION:
        return False
    if word.is_name and at > 0:
        return True
    before = words[at - 1].low if at else ""
    determined = before in DETERMINERS or (at >= 2 and words[at - 2].low in DETERMINERS)
    if determined or before in PREPOSITIONS - {"to"}:
        return True
    if asked.auxiliary_at is not None and at == asked.auxiliary_at + 1:
        return not asked.asks_for_subject
    in_phrase = asked.question_word_at is not None and asked.question_word_at < at < asked.rest_at
    plain = (
        asked.question_word_at is not None
        and at == asked.question_word_at + 1
        and (before == "which" or (before == "what" and not _is_verb(asked, at)))
    )
    return (in_phrase and before in ASKING | {"many"}) or plain


def _is_verb(asked: ParsedQuestion, at: int) -> bool:
    """Whether the word after "what" is a verb, as in "what happened to her"."""
    after = asked.words[at + 1].low if at + 1 < len(asked.words) else ""
    return asked.auxiliary_at is None and (after in FUNCTION or not after)


def _named_place(asked: ParsedQuestion, at: int) -> bool:
    """Whether the word at that position is a name after a preposition: "in Paris"."""
    words = asked.words
    return at > 0 and words[at].is_name and words[at - 1].low in ("in", "at", "to", "from")


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
