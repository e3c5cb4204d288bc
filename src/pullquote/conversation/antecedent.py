"""Finds what a pronoun means in earlier turns: first in their answers, then in their questions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from pullquote.conversation.models import Turn
from pullquote.conversation.parsed_question import ParsedQuestion, ProperName, constituents
from pullquote.english.questions.words import (
    DETERMINERS,
    MASCULINE,
    PERSONAL,
    PREPOSITIONS,
    words_of,
)

FARTHEST = 4
"""How many turns are searched for a pronoun's meaning; people mean what they have just read."""

LONGEST_SEARCH = 600
"""In characters. A longer question is not searched: nobody refers to one that long."""

LONGEST_ANSWER = 8
"""In words. A longer answer is a statement, not a name."""

_MAN = re.compile(r"\b(?:Mr|Sir|Lord|King|Prince)\b\.?")
_WOMAN = re.compile(r"\b(?:Mrs|Ms|Miss|Dame|Lady|Queen|Princess|Baroness)\b\.?")
_OWN = re.compile(r"(?i)^(?:its|his|her|their) (?:own )?")
_NAMED = re.compile(r"(?:[A-Z][\w'’-]*\.?\s+)+[A-Z][\w'’-]+")
_PERSON_NOUNS = frozenset(
    "man woman person minister player leader manager coach judge captain officer actor actress "
    "director candidate mp author writer singer founder owner chief president name names".split()
)

FEMALE = frozenset(
    "woman girl daughter wife mother sister actress queen princess aunt widow girlfriend lady "
    "grandmother niece bride".split()
)
MALE = frozenset(
    "man boy son husband father brother king prince uncle boyfriend grandfather nephew".split()
)
_PERSON_ENDING = re.compile(r"(?:er|or|ist|ian|man|woman)$")
_PLURALS = frozenset("people men women children police".split())


@dataclass(frozen=True, slots=True)
class Antecedent:
    """Words that a pronoun may mean, and the turn and the part of it that they come from."""

    text: str
    turn: int
    source: Literal["question", "answer"]


def person(pronoun: str, turns: Sequence[Turn]) -> Antecedent | None:
    """The person that "he" or "she" means: the nearest whose title does not rule it out."""
    masculine = pronoun in MASCULINE
    other = _WOMAN if masculine else _MAN
    others = {
        found.text
        for at, turn in _recent(turns)
        for found in _meant_in(at, turn, masculine=not masculine)
    }
    for at, turn in _recent(turns):
        nouns = _gendered(ParsedQuestion(turn.searched), at, masculine=masculine)
        for found in (*_meant_in(at, turn, masculine=masculine), *nouns, *_persons(at, turn)):
            if not other.search(found.text) and found.text not in others:
                return found
    return None


def several(turns: Sequence[Turn]) -> Antecedent | None:
    """What "they" means: the plural noun that the last question asked for, or its answer."""
    at, turn = len(turns) - 1, turns[-1]
    asked = ParsedQuestion(turn.searched)
    if (nouns := _plural_asked_for(asked)) is not None:
        return Antecedent(f"the {nouns}", at, "question")
    return _answer(at, turn) if asked.question_word in ("who", "whom", "which") else None


def thing(turns: Sequence[Turn]) -> Antecedent | None:
    """What "it" means: the last answer, if it is a thing with a name."""
    for at, turn in _recent(turns):
        asked = ParsedQuestion(turn.searched)
        found = _answer(at, turn) if asked.question_word in ("what", "which") else None
        if found is not None and _is_thing(found.text, asked):
            return found
        if not turn.filled:  # an earlier topic
            break
    return None


def _is_thing(answer: str, asked: ParsedQuestion) -> bool:
    """Whether the answer to that question is a thing with a name."""
    rest = asked.words[asked.rest_at :]
    if not asked.asked_noun and rest and rest[0].is_name:  # "what is The Aviator about?"
        return False
    if re.fullmatch(r"(?:[A-Z]|(?:the|an?)\s)[^,;:]*", answer):
        return True
    plural = asked.asked_noun.endswith("s")
    return bool(asked.asked_noun) and not plural and re.fullmatch(r"[\w-]+", answer) is not None


def place_of(turns: Sequence[Turn]) -> Antecedent | None:
    """What "there" means: the last answer if it answers "where", else a place in the question."""
    at, turn = len(turns) - 1, turns[-1]
    asked = ParsedQuestion(turn.searched)
    if asked.question_word == "where":
        return _answer(at, turn)
    for name in reversed(asked.names):
        before = words_of(asked.body[: name.start])
        if before and before[-1].low in ("in", "at", "to", "from"):
            return Antecedent(f"in {name.text}", at, "question")
    return None


def cited(turn: Turn) -> tuple[str, ...]:
    """The ids of the articles that a turn's answers cite, best first."""
    if turn.reply is None or turn.reply.abstained:
        return ()
    found = (citation.article for answer in turn.reply.answers for citation in answer.citations)
    return tuple(dict.fromkeys(found))


def citation_texts(turn: Turn) -> Iterator[str]:
    """The sentences and titles that a turn's answers cite."""
    for answer in () if turn.reply is None else turn.reply.answers:
        for citation in answer.citations:
            yield from (citation.sentence, citation.title)


def short_answer(turn: Turn) -> str | None:
    """The best answer on one line, if it is short enough to be a name."""
    if turn.reply is None or turn.reply.abstained or not turn.reply.answers:
        return None
    words = " ".join(turn.reply.answers[0].text.split()).rstrip(".,;:!?")
    quoted = words[:1] in "\"“‘«'"
    return words if 0 < len(words.split()) <= LONGEST_ANSWER and not quoted else None


def _plural_asked_for(asked: ParsedQuestion) -> str | None:
    """The plural noun that a question asks for: "victims" in "how many victims were helped"."""
    if asked.question_word not in ("how", "which", "what") or asked.question_word_at is None:
        return None
    noun = asked.noun_phrase
    if not noun and asked.words[asked.question_word_at + 1 : asked.rest_at]:
        noun = asked.words[asked.rest_at : asked.rest_at + 1]
    if not noun or not (noun[-1].low.endswith("s") or noun[-1].low in _PLURALS):
        return None
    return asked.body[noun[0].start : noun[-1].end]


def _recent(turns: Sequence[Turn]) -> Iterator[tuple[int, Turn]]:
    near = range(len(turns) - 1, max(-1, len(turns) - 1 - FARTHEST), -1)
    return ((at, turns[at]) for at in near if len(turns[at].searched) <= LONGEST_SEARCH)


def _meant_in(at: int, turn: Turn, *, masculine: bool) -> Iterator[Antecedent]:
    """The persons that "he" (if `masculine`) or "she" (if not) meant in a turn."""
    replaced = MASCULINE if masculine else PERSONAL - MASCULINE
    for filled in turn.filled:
        if filled.instead_of.lower() in replaced:
            yield Antecedent(turn.searched[filled.start : filled.end], at, "question")


def _answer(at: int, turn: Turn) -> Antecedent | None:
    words = short_answer(turn)
    if words is None:
        return None
    # "its own workers": the owner is not part of the answer
    return Antecedent(_OWN.sub("the ", words), at, "answer")


def _persons(at: int, turn: Turn) -> Iterator[Antecedent]:
    """The persons in a turn: its answer, roles and names in its question, the quoted speaker."""
    asked = ParsedQuestion(turn.searched)
    answer = _answer(at, turn)
    if answer is not None and not re.match(r"\d", answer.text):
        nouns = asked.asked_noun.lower().split()
        of_person = not _PERSON_NOUNS.isdisjoint(nouns) or (
            _PERSON_ENDING.search(nouns[0] if nouns else "") and _NAMED.fullmatch(answer.text)
        )
        several_ = re.search(r" and |(?:^|\s)[a-z]\w+s$", answer.text)
        if (asked.question_word in ("who", "whom") or of_person) and not several_:
            yield answer
    for phrase in constituents(asked):  # "the hotel manager"
        is_role = phrase.head in _PERSON_NOUNS - {"name", "names"} and phrase.is_determined
        if is_role and not phrase.asked_for:
            yield Antecedent(phrase.bare, at, "question")
    names = [name.text for name in asked.names if _may_be_person(asked, name)]
    subject = (
        asked.body[asked.words[asked.rest_at].start :] if asked.rest_at < len(asked.words) else ""
    )
    names.sort(key=lambda name: (" " not in name, not subject.startswith(name)))
    yield from (Antecedent(n, at, "question") for n in names if not n[0].isdigit())
    if turn.reply is not None and not turn.reply.abstained and turn.reply.answers:
        speaker = turn.reply.answers[0].citations[0].author
        if speaker is not None and _NAMED.fullmatch(speaker):
            yield Antecedent(speaker, at, "answer")


def _gendered(asked: ParsedQuestion, at: int, *, masculine: bool) -> Iterator[Antecedent]:
    """The men or women that a question calls by what they are: "a long lost daughter"."""
    nouns = MALE if masculine else FEMALE
    for phrase in constituents(asked):
        if phrase.head in nouns and not phrase.is_name:
            text = re.sub(r"(?i)^an?\s", "the ", phrase.bare)
            yield Antecedent(text, at, "question")


def _may_be_person(asked: ParsedQuestion, name: ProperName) -> bool:
    """Whether a name may be a person's.

    A preposition often precedes a place or a day, and "the" precedes a thing: "the Oscars".
    """
    before = [word.low for word in words_of(asked.body[: name.start])]
    determined = bool(before) and before[-1] in DETERMINERS
    modifies = any(
        one.bare_start <= name.start
        and name.end < one.end
        and asked.body[name.end] == " "
        and (" " not in name.text or one.is_determined)
        for one in constituents(asked)
    )
    if determined or modifies:
        return False
    places = PREPOSITIONS - {"for", "with", "about", "against", "by"}
    return not before or before[-1] not in places
