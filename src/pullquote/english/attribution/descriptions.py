"""Finds who "the company", "the union" or "the driver" is: the name that the article describes so.

A name is described by a noun beside it ("Vik Rail, the operator", "the tram maker Vik"), and the
name of an organisation also by a word of its own ("Corran Council").
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter

from pullquote.english.attribution.cue_verbs import cue_verbs
from pullquote.english.attribution.names import BASED, FullNames, Mention
from pullquote.english.attribution.tokens import (
    ADVERBS,
    DASHES,
    DETERMINERS,
    FEMALE_TITLES,
    FIRM_NOUNS,
    MALE_TITLES,
    MODALS,
    ORGANISATION_WORDS,
    POSSESSIVES,
    PREPOSITIONS,
    RELATIVES,
    STOPS,
    SUBORDINATORS,
    TIME_WORDS,
    TITLES,
    Layout,
    Token,
    is_verb,
)

_MOST_WORDS = 9
"""In a description."""
_MOST_SUBJECTS = 200
"""Subjects that are counted to find the firm an article is about, the last ones before a place."""
_STAFF = frozenset(
    "director chairman chairwoman chair boss executive spokesman spokeswoman spokesperson manager "
    "founder owner shareholders shares employees staff customers".split()
)
"""Before "of" and a name they show that it is an organisation's."""
_PUBLIC = frozenset(
    "department ministry bureau union council committee court university police commission "
    "authority board institute office association federation league society parliament senate "
    "congress government administration hospital school college church army navy agency guild "
    "tribunal inspectorate directorate foundation trust".split()
)
"""What nobody calls a company."""
_NOT_NOUNS = PREPOSITIONS | DETERMINERS | POSSESSIVES | RELATIVES | SUBORDINATORS | ADVERBS
_STOPS = PREPOSITIONS | RELATIVES | {"whose", "and", "or"}
_MARKS = frozenset([",", ";", ":", ")", "(", *DASHES, *STOPS])


class Descriptions:
    """The nouns that describe the names of an article, and the names of its firms."""

    def __init__(self, page: Layout, mentions: list[Mention], names: FullNames) -> None:
        self._by_noun: dict[str, list[tuple[int, str]]] = {}
        self._subjects: list[tuple[int, str]] = []
        self._nouns: dict[str, set[str]] = {}
        self._people: set[str] = set()
        self._impersonal: set[str] = set()
        for mention in mentions:
            if not mention.quoted:
                tokens = page.sentences[mention.sentence].tokens
                self._add(names.full(mention), mention, tokens)
        self._firms = self._impersonal - self._people
        self._firms |= self._described_as(FIRM_NOUNS) - self._people
        people = self._people | (self._described_as() - self._firms)
        self._persons = people
        named = {names.full(mention) for mention in mentions} - people
        public = self._described_as(_PUBLIC) - self._firms
        looks_personal = {names.full(one) for one in mentions if names.is_person(one)}
        self._likely_firms = {
            name: (name in self._firms) * 2 + (name not in looks_personal)
            for name in named - public | self._firms
        }
        self._things = named
        order = map(names.full, mentions)
        self._first_firm = next((name for name in order if name in self._firms), None)

    def _add(self, name: str, mention: Mention, tokens: list[Token]) -> None:
        """Take in what the words around a name say about it."""
        first = bisect_left(tokens, mention.start, key=lambda token: token.start)
        after = bisect_left(tokens, mention.end, key=lambda token: token.start)
        found = {_noun_before(tokens, first), _noun_after(tokens, after), mention.title}
        if not mention.person and len(mention.words) > 1:
            found.add(_own_noun(mention.words))
        for noun in found - {""}:
            self._by_noun.setdefault(noun, []).append((mention.start, name))
            self._nouns.setdefault(name, set()).add(noun)
        if mention.title or _is_surely_person(tokens, after):
            self._people.add(name)
        if _has_staff(tokens, first) or _is_thing(tokens, after):
            self._impersonal.add(name)
        if _is_subject(tokens, first, after):
            self._subjects.append((mention.start, name))

    def _described_as(self, wanted: frozenset[str] | None = None) -> set[str]:
        """The names with one of these nouns, or else with a noun that only describes people."""
        others = FIRM_NOUNS | ORGANISATION_WORDS
        return {
            name
            for name, nouns in self._nouns.items()
            if (nouns - others if wanted is None else nouns & wanted)
        }

    def described(self, noun: str, position: int) -> str | None:
        """The name that a noun describes: the last one before a position, or else the first."""
        found = self._by_noun.get(noun)
        if not found:
            return None
        return found[max(0, bisect_left(found, (position, "")) - 1)][1]

    def is_described(self, name: str) -> bool:
        """Whether the article says with a noun who or what a name is, apart from "Mr"."""
        return bool(self._nouns.get(name, set()) - MALE_TITLES - FEMALE_TITLES - {"dr"})

    def is_person(self, name: str) -> bool:
        """Whether an article says with a title, an age or a noun that a name is a person's."""
        return name in self._persons

    def is_subject(self, name: str) -> bool:
        """Whether a name is the subject of a sentence."""
        return any(name == subject for _, subject in self._subjects)

    def is_firm(self, name: str) -> bool:
        """Whether a name is surely a firm's or another thing's, and no person's."""
        return name in self._firms

    def firm(self, position: int) -> str | None:
        """The firm that an article has been about so far; None if it names none."""
        end = bisect_left(self._subjects, (position, ""))
        before = self._subjects[max(0, end - _MOST_SUBJECTS) : end]
        counts = Counter(name for _, name in before if name in self._likely_firms)
        return max(
            counts,
            key=lambda name: (counts[name], self._likely_firms[name]),
            default=self._first_firm,
        )

    def thing(self, start: int, position: int) -> str | None:
        """The last subject in a range of the text that is not surely a person."""
        low = bisect_left(self._subjects, (start, ""))
        high = bisect_left(self._subjects, (position, ""))
        for _, name in reversed(self._subjects[low:high]):
            if name in self._things:
                return name
        return None


def _own_noun(words: tuple[str, ...]) -> str:
    """The word of an organisation's name that says what it is: "Office for Records"."""
    end = next((at for at, word in enumerate(words) if at and word in PREPOSITIONS), len(words))
    noun = words[end - 1].lower()
    return noun if noun in ORGANISATION_WORDS | FIRM_NOUNS else ""


def _noun_before(tokens: list[Token], first: int) -> str:
    """The noun in "the maker Vik" or "its maker, Vik"; "" if there is none."""
    while first > 1 and tokens[first - 1].low.endswith(BASED):
        first -= 1
    if first < 1:
        return ""
    comma = tokens[first - 1].text == ","
    end = first - 1 if comma else first
    for start in range(end - 1, max(0, end - _MOST_WORDS) - 1, -1):
        token = tokens[start]
        if token.text in _MARKS or token.low in MODALS or is_verb(tokens, start):
            break
        if token.low in PREPOSITIONS and not (comma and token.low in ("of", "for")):
            return ""
        if token.low in DETERMINERS or token.low in ("'s", "’s"):
            return _head_noun(tokens, start + 1, end)
    bare = "" if comma else _noun(tokens, end - 1)
    return bare if bare in FIRM_NOUNS or bare in TITLES else ""


def _noun_after(tokens: list[Token], after: int) -> str:
    """The noun in "Vik, the maker of trams,"; "" if there is none."""
    if after + 1 >= len(tokens) or tokens[after].text != ",":
        return ""
    end = after + 1
    while end < len(tokens) and end - after <= _MOST_WORDS and tokens[end].text not in _MARKS:
        if is_verb(tokens, end):
            return ""
        end += 1
    return _head_noun(tokens, after + 1, end)


def _head_noun(tokens: list[Token], start: int, end: int) -> str:
    """The noun of a phrase: the word before its first preposition; "" if there is none."""
    stop = next((at for at in range(start, end) if tokens[at].low in _STOPS), end)
    return _noun(tokens, stop - 1) if stop > start else ""


def _noun(tokens: list[Token], at: int) -> str:
    """A word, in lower case; "" if it is surely no common noun in the singular."""
    token = tokens[at]
    common = token.is_word and not token.is_capital and not token.quoted and token.text[0].isalpha()
    plural = token.low.endswith("s") and not token.low.endswith("ss")
    other = token.low in _NOT_NOUNS or token.low in TIME_WORDS or is_verb(tokens, at)
    return token.low if common and not plural and not other else ""


def _is_surely_person(tokens: list[Token], after: int) -> bool:
    """Whether an age or "who" follows a name: "Ida Roe, 49,", "Ida Roe, who"."""
    if after + 1 >= len(tokens) or tokens[after].text != ",":
        return False
    return tokens[after + 1].text.isdigit() or tokens[after + 1].low in ("who", "whose")


def _is_thing(tokens: list[Token], after: int) -> bool:
    """Whether "which" follows a name, as after no person's: "Vik Rail, which runs the trams"."""
    if after + 1 >= len(tokens) or tokens[after].text != ",":
        return False
    return tokens[after + 1].low == "which"


def _has_staff(tokens: list[Token], first: int) -> bool:
    """Whether somebody works for what a name means: "the director of Vik Rail"."""
    joined = first > 1 and tokens[first - 1].low in ("of", "for", "at")
    return joined and tokens[first - 2].low in _STAFF


def _is_subject(tokens: list[Token], first: int, after: int) -> bool:
    """Whether a name is a subject: a verb follows it, or a comma and "which"."""
    if first and tokens[first - 1].low in PREPOSITIONS:
        return False
    if after + 2 < len(tokens) and tokens[after].text == "(" and tokens[after + 2].text == ")":
        after += 3
    if after + 1 < len(tokens) and tokens[after].text == ",":
        return tokens[after + 1].low == "which"
    return after < len(tokens) and (
        tokens[after].low in MODALS or tokens[after].low in cue_verbs() or is_verb(tokens, after)
    )
