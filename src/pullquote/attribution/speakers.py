"""Names the speakers: the fullest form of each name, and who "he", "Mr Roe" or "the judge" is."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from pullquote.attribution.descriptions import Descriptions
from pullquote.attribution.names import FullNames, Mention, mentions_in
from pullquote.attribution.tokens import Layout, Token
from pullquote.attribution.words import (
    DETERMINERS,
    FEMALE_TITLES,
    FIRM_NOUNS,
    MALE_TITLES,
    ORGANISATION_WORDS,
    POSSESSIVES,
    PREPOSITIONS,
    RELATIVES,
    TITLES,
)
from pullquote.schema.attribution import Range

_SHORT = 5
_SENTENCES_BACK = 5
"""How far back "he" or "she" is looked up."""
_THING_BACK = 2
"""How far back, in sentences, "it" is the subject there and not who spoke last."""
_FIRM_WORDS = 4
"""In "at the builders, " before a name."""
_NAMED_WITHIN = 2
"""Sentences after "the minister said" in which the minister may be named."""
_AT_A_PLACE = frozenset("in at near outside inside across around".split())
"""Words before a name that make it a place, whom "he" does not mean."""
_OPPOSITE = {"he": FEMALE_TITLES, "his": FEMALE_TITLES, "she": MALE_TITLES, "her": MALE_TITLES}
_PLURAL_OR_THING = frozenset("it they we its their".split())
_FOLLOWS_NAME = PREPOSITIONS | frozenset("who which and or himself herself then whose".split())


class Speakers:
    """The names in an article, and who has spoken so far. Sources are named in reading order."""

    def __init__(self, page: Layout) -> None:
        self._page = page
        self._mentions = mentions_in(page)
        self._starts = [mention.start for mention in self._mentions]
        self._names = FullNames(self._mentions)
        self._descriptions = Descriptions(page, self._mentions, self._names)
        self._firsts: dict[str, int] = {}
        for mention in self._mentions:
            self._firsts.setdefault(self._names.full(mention), mention.start)
        self._roles: dict[str, str] = {}
        self._titles: dict[str, str] = {}
        self._genders: dict[str, str] = {}
        self._people: list[tuple[int, str]] = []
        self._groups: list[tuple[int, str]] = []
        for mention in self._mentions:
            if mention.title in MALE_TITLES | FEMALE_TITLES:
                male = mention.title in MALE_TITLES
                self._genders[self._names.full(mention)] = "he" if male else "she"
            if mention.title:
                self._titles.setdefault(mention.title, self._names.full(mention))
                if mention.title == "justice":
                    self._titles.setdefault("judge", self._names.full(mention))
            elif not mention.person and len(mention.words) > 1 and not mention.quoted:
                self._titles.setdefault(mention.words[-1].lower(), self._names.full(mention))

    def name(self, source: Range | None) -> str | None:
        """The name of a source; None if it has none."""
        if source is None:
            return None
        sentence, tokens = self._tokens(source)
        if not tokens:
            return None
        first = tokens[0].low
        named = self._named(source, tokens)
        if len(tokens) == 1 and first in _OPPOSITE:
            named = self._person_before(source[0], sentence, first)
        elif len(tokens) == 1 and first in _PLURAL_OR_THING:
            named = self._thing_before(source[0], sentence, first)
        elif len(tokens) == 1 and first in RELATIVES:
            named = self._antecedent(source[0], sentence)
        elif named is None and first in ("the", "that", "this"):
            named = self._described(tokens, source[0])
        elif named is None and first in ("a", "an") and len(tokens) < _SHORT:
            named = self._titles.get(_head(tokens)) if _head(tokens) in TITLES else None
        self._remember(source, tokens, named)
        return named

    def _described(self, tokens: list[Token], position: int) -> str | None:
        """Who "the mayor" or "the company" is: whom the article introduces so."""
        noun = _head(tokens)
        known = self._descriptions.described(noun, position)
        known = known or self._roles.get(noun) or self._titles.get(noun)
        if known is None and noun in FIRM_NOUNS and tokens[-1].low == noun:
            return self._descriptions.firm(position)
        return self._named_next(position) if known is None and noun in TITLES else known

    def _named_next(self, position: int) -> str | None:
        """Whom the article names next without a description, as the subject of a sentence.

        After "The minister said so", that is the minister: "Ida Roe spoke in the harbour".
        """
        number = bisect_right(self._page.sentences, position, key=lambda one: one.start)
        for later in range(number, min(number + _NAMED_WITHIN, len(self._page.sentences))):
            there = self._in_sentence(later)
            if not there or there[0].start != self._page.sentences[later].start:
                continue
            name = self._names.full(there[0])
            first = self._firsts[name] == there[0].start
            plain = first and not self._descriptions.is_described(name)
            return name if plain and self._names.is_person(there[0]) else None
        return None

    def _tokens(self, source: Range) -> tuple[int, list[Token]]:
        """The number of the source's sentence, and the source's tokens."""
        sentences = self._page.sentences
        number = max(0, bisect_right(sentences, source[0], key=lambda one: one.start) - 1)
        inside = [t for t in sentences[number].tokens if source[0] <= t.start < source[1]]
        return number, inside

    def _named(self, source: Range, tokens: list[Token]) -> str | None:
        """The name that the words of a source give."""
        low, high = bisect_left(self._starts, source[0]), bisect_left(self._starts, source[1])
        ends = [token.start for token in tokens if token.low in ("who", "which", "whose")]
        inside = [
            one
            for one in self._mentions[low:high]
            if self._is_head(one, tokens) and not (ends and one.start > ends[0])
        ]
        if not inside:
            return None
        joined = [one for one in inside if _after_and(one, tokens)]
        heads = inside[:1] if joined and inside[0] not in joined else []
        if heads and joined and joined[0] is inside[1]:
            return f"{self._names.full(heads[0])} and {self._names.full(joined[0])}"
        people = [one for one in inside if one.person]
        found = people or inside
        explained = len(found) > 1 and _explains_noun(found[-1], tokens)
        return self._names.full(found[0] if explained else found[-1])

    @staticmethod
    def _is_head(mention: Mention, tokens: list[Token]) -> bool:
        """Whether a name in a source is that of the source and not of its firm or town."""
        before = [token for token in tokens if token.end <= mention.start]
        after = next((token for token in tokens if token.start >= mention.end), None)
        if after is not None and (after.low in ("'s", "’s", "'", "’")):
            return False
        noun = after is not None and after.is_word and not after.is_capital
        if noun and after is not None and after.low not in _FOLLOWS_NAME:
            return False
        lead = [t for t in before if not t.is_capital or not t.is_word]
        near = [t.low for t in lead[-2:]]
        if near and near[-1] in ("a", "an") and len(mention.words) == 1:
            return False
        depth = sum(token.text == "(" for token in before) - sum(t.text == ")" for t in before)
        return (
            depth <= 0
            and not (near and near[-1] in PREPOSITIONS)
            and not (len(near) > 1 and near[-1] in DETERMINERS and near[-2] in PREPOSITIONS)
        )

    def _person_before(self, position: int, sentence: int, pronoun: str) -> str | None:
        """Whom "he" or "she" means: who spoke or was the subject most recently."""
        for back in range(_SENTENCES_BACK):
            number = sentence - back
            spoken = [name for where, name in self._people if where == number]
            there = [
                self._names.full(one)
                for one in self._in_sentence(number)
                if self._names.is_person(one) and not one.quoted and one.end <= position
                if not self._is_place(one, number)
            ]
            for name in [*reversed(spoken), *there]:
                fits = self._genders.get(name, pronoun) == pronoun
                if fits and not self._descriptions.is_firm(name):
                    return name
        return None

    def _is_place(self, mention: Mention, sentence: int) -> bool:
        """Whether a name stands after a word such as "in"."""
        before = [t for t in self._page.sentences[sentence].tokens if t.end <= mention.start]
        return bool(before) and before[-1].low in _AT_A_PLACE

    def _thing_before(self, position: int, sentence: int, pronoun: str) -> str | None:
        """Whom "it" or "they" means: the group that spoke or was the subject most recently."""
        last, name = self._groups[-1] if self._groups else (-_THING_BACK, None)
        if pronoun in ("it", "its") and last < sentence - 1:
            start = self._page.sentences[max(0, sentence - _THING_BACK)].start
            name = self._descriptions.thing(start, position) or name
        return name

    def _in_sentence(self, number: int) -> list[Mention]:
        """The names in a sentence."""
        if not 0 <= number < len(self._page.sentences):
            return []
        sentence = self._page.sentences[number]
        low = bisect_left(self._starts, sentence.start)
        return self._mentions[low : bisect_left(self._starts, sentence.end)]

    def _antecedent(self, position: int, sentence: int) -> str | None:
        """Whom "who" means: the name before it in the sentence."""
        before = [one for one in self._in_sentence(sentence) if one.end <= position]
        return self._names.full(before[-1]) if before else None

    def _remember(self, source: Range, tokens: list[Token], name: str | None) -> None:
        """Keep who spoke, and in what role, for later pronouns and roles."""
        if name is None:
            return
        sentence, _ = self._tokens(source)
        person = tokens[0].low in _OPPOSITE or any(
            self._names.is_person(one) and self._names.full(one) == name
            for one in self._mentions[
                bisect_left(self._starts, source[0]) : bisect_left(self._starts, source[1])
            ]
        )
        person = person or any(name == known for _, known in self._people)
        if tokens[0].low in ("he", "she"):
            self._genders.setdefault(name, tokens[0].low)
        (self._people if person else self._groups).append((sentence, name))
        self._roles[name.split()[-1].lower()] = name
        for token in _phrases(tokens):
            organisation = token.low in ORGANISATION_WORDS and token.low not in TITLES
            other = token.low in POSSESSIVES | DETERMINERS or (person and organisation)
            if token.is_word and not other:
                self._roles[token.low] = name


def _after_and(mention: Mention, tokens: list[Token]) -> bool:
    """Whether "and" stands right before a name and its title."""
    before = [t for t in tokens if t.end <= mention.start and t.text != "."]
    while before and before[-1].is_capital:
        before.pop()
    return bool(before) and before[-1].low == "and"


def _explains_noun(mention: Mention, tokens: list[Token]) -> bool:
    """Whether a name in commas says which firm is meant: "director at the builders, Vik Rail,"."""
    before = [token for token in tokens if token.end <= mention.start]
    if len(before) < _FIRM_WORDS or before[-1].text != ",":
        return False
    phrase = before[-_FIRM_WORDS:-1]
    return phrase[0].low in PREPOSITIONS and phrase[1].low in DETERMINERS and phrase[2].is_word


def _phrases(tokens: list[Token]) -> list[Token]:
    """The tokens before each preposition or "who": "Ida Roe, chair (of the union), "."""
    found: list[Token] = []
    inside = True
    for token in tokens:
        ends = token.low in PREPOSITIONS or token.low in RELATIVES or token.low == "whose"
        inside = not ends and (inside or not token.is_word)
        if inside:
            found.append(token)
    return found


def _head(tokens: list[Token]) -> str:
    """The noun of a phrase: "judge" in "the judge in the case"."""
    words = []
    for token in tokens:
        if token.low in PREPOSITIONS or not token.is_word:
            break
        words.append(token.low)
    return words[-1] if words else ""
