"""Names the speakers: the fullest form of each name, and who "he", "Mr Roe" or "the judge" is."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from pullquote.english import word_lists as en
from pullquote.english.attribution.names import Descriptions, FullNames, Mention, mentions_in
from pullquote.english.attribution.tokens import Layout, Token
from pullquote.schema.attribution import Range

_FIRM_WORDS = 4
"""In "at the builders, " before a name."""


def after_and(mention: Mention, tokens: list[Token]) -> bool:
    """Whether "and" stands right before a name and its title."""
    before = [t for t in tokens if t.end <= mention.start and t.text != "."]
    while before and before[-1].is_capital:
        before.pop()
    return bool(before) and before[-1].low == "and"


def opens(mention: Mention, tokens: list[Token]) -> bool:
    """Whether a source is a full name and what follows it: "Ida Roe, head of the firm Vik"."""
    start = tokens[0].start if mention.title == "" else mention.start
    after = next((token for token in tokens if token.start >= mention.end), None)
    follows = after is not None and (not after.is_word or after.low in en.PREPOSITIONS)
    return mention.start == start and len(mention.words) > 1 and follows


def explains_noun(mention: Mention, tokens: list[Token]) -> bool:
    """Whether a name in commas says which firm is meant: "director at the builders, Vik Rail,"."""
    before = [token for token in tokens if token.end <= mention.start]
    if len(before) < _FIRM_WORDS or before[-1].text != ",":
        return False
    phrase = before[-_FIRM_WORDS:-1]
    return (
        phrase[0].low in en.PREPOSITIONS and phrase[1].low in en.DETERMINERS and phrase[2].is_word
    )


def phrases(tokens: list[Token]) -> list[Token]:
    """The tokens before each preposition or "who": "Ida Roe, chair (of the union), "."""
    found: list[Token] = []
    inside = True
    for token in tokens:
        ends = token.low in en.PREPOSITIONS or token.low in en.RELATIVES or token.low == "whose"
        inside = not ends and (inside or not token.is_word)
        if inside:
            found.append(token)
    return found


def head(tokens: list[Token]) -> str:
    """The noun of a phrase: "judge" in "the judge in the case"."""
    words = []
    for token in tokens:
        if token.low in en.PREPOSITIONS or not token.is_word:
            break
        words.append(token.low)
    return words[-1] if words else ""


def pairs(one: Mention, joined: list[Mention]) -> bool:
    """Whether a name and the next are two people, and not "Work and Pensions Secretary Roe"."""
    alike = (len(one.words) > 1) == (len(joined[0].words) > 1) or not joined[0].person
    return one not in joined and (alike or bool(one.title or joined[0].title))


_SHORT = 5
_SENTENCES_BACK = 5
"""How far back "he" or "she" is looked up."""
_RIVALS_BACK = 2
"""How far back, in sentences, another name makes it uncertain whom "he" means."""
_THING_BACK = 2
"""How far back, in sentences, "it" is the subject there and not who spoke last."""
_NAMED_WITHIN = 2
"""Sentences after "the minister said" in which the minister may be named."""
_AT_A_PLACE = frozenset("in at near outside inside across around".split())
"""Words before a name that make it a place, whom "he" does not mean."""
_OPPOSITE = {
    "he": en.FEMALE_TITLES,
    "his": en.FEMALE_TITLES,
    "she": en.MALE_TITLES,
    "her": en.MALE_TITLES,
}
_PLURAL_OR_THING = frozenset("it they we its their".split())
_FOLLOWS_NAME = en.PREPOSITIONS | frozenset("who which and or himself herself then whose".split())


class Speakers:
    """The names in an article, and who has spoken so far. Sources are named in reading order."""

    def __init__(self, page: Layout) -> None:
        self._page = page
        self._mentions = mentions_in(page)
        self._starts = [mention.start for mention in self._mentions]
        self.names = FullNames(self._mentions)
        self.descriptions = Descriptions(page, self._mentions, self.names)
        self._persons = {
            self.names.full(one) for one in self._mentions if self.names.is_person(one)
        }
        self._firsts: dict[str, int] = {}
        for mention in self._mentions:
            self._firsts.setdefault(self.names.full(mention), mention.start)
        self._spoken: dict[int, str | None] = {}
        self._last_speaker: str | None = None
        self._named_people: set[str] = set()
        self._roles: dict[str, str] = {}
        self._titles: dict[str, str] = {}
        self._genders: dict[str, str] = {}
        self._people: list[tuple[int, str]] = []
        self._groups: list[tuple[int, str]] = []
        for mention in self._mentions:
            if mention.title in en.MALE_TITLES | en.FEMALE_TITLES:
                male = mention.title in en.MALE_TITLES
                self._genders[self.names.full(mention)] = "he" if male else "she"
            if mention.title:
                self._titles.setdefault(mention.title, self.names.full(mention))
                if mention.title == "justice":
                    self._titles.setdefault("judge", self.names.full(mention))
            elif not mention.person and len(mention.words) > 1 and not mention.quoted:
                self._titles.setdefault(mention.words[-1].lower(), self.names.full(mention))

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
        elif len(tokens) == 1 and first in en.RELATIVES:
            named = self._antecedent(source[0], sentence)
        elif named is None and first in ("the", "that", "this"):
            named = self._described(tokens, source[0])
        elif named is None and first in ("a", "an") and len(tokens) < _SHORT:
            named = self._titles.get(head(tokens)) if head(tokens) in en.TITLES else None
        self._spoken[source[0]] = self._last_speaker
        if named is not None and tokens[-1].text in named.split() and self.is_person(named):
            self._named_people.add(named)
        self._remember(sentence, source, tokens, named)
        self._last_speaker = named or self._last_speaker
        return named

    def tokens_of(self, source: Range) -> list[Token]:
        """The tokens of a source."""
        return self._tokens(source)[1]

    def rivals(self, name: str, position: int) -> set[str]:
        """The other names shortly before a position that a pronoun or an office there may mean."""
        number = self._sentence_at(position)
        near = [one for back in range(_RIVALS_BACK + 1) for one in self._in_sentence(number - back)]
        person = self.is_person(name)
        return {
            self.names.full(one)
            for one in near
            if one.end <= position and self.names.is_person(one) == person
        } - {name}

    def distance(self, name: str, position: int) -> int:
        """How many sentences before a position a name stands; at most `_SENTENCES_BACK`."""
        number = self._sentence_at(position)
        for back in range(_SENTENCES_BACK):
            if any(
                self.names.full(one) == name and one.end <= position
                for one in self._in_sentence(number - back)
            ):
                return back
        return _SENTENCES_BACK

    def is_person(self, name: str) -> bool:
        """Whether a full name is surely enough a person's."""
        return name in self._persons

    def is_introduced(self, name: str) -> bool:
        """Whether an article says who a person is, or the person has spoken by name."""
        if name in self._named_people or self.descriptions.is_person(name):
            return True
        return self.is_person(name) and self.descriptions.is_subject(name)

    def spoke_before(self, position: int) -> str | None:
        """The last person or group that has spoken before a position."""
        return self._spoken.get(position)

    def _sentence_at(self, position: int) -> int:
        return max(0, bisect_right(self._page.sentences, position, key=lambda one: one.start) - 1)

    def _described(self, tokens: list[Token], position: int) -> str | None:
        """Who "the mayor" or "the company" is: whom the article introduces so."""
        noun = head(tokens)
        known = self.descriptions.described(noun, position)
        known = known or self._roles.get(noun) or self._titles.get(noun)
        if known is None and noun in en.FIRM_NOUNS and tokens[-1].low == noun:
            return self.descriptions.firm(position)
        return self._named_next(position) if known is None and noun in en.TITLES else known

    def _named_next(self, position: int) -> str | None:
        """Whom the article names next without a description, as the subject of a sentence.

        After "The minister said so", that is the minister: "Ida Roe spoke in the harbour".
        """
        number = bisect_right(self._page.sentences, position, key=lambda one: one.start)
        for later in range(number, min(number + _NAMED_WITHIN, len(self._page.sentences))):
            there = self._in_sentence(later)
            if not there or there[0].start != self._page.sentences[later].start:
                continue
            name = self.names.full(there[0])
            first = self._firsts[name] == there[0].start
            plain = first and not self.descriptions.is_described(name)
            return name if plain and self.names.is_person(there[0]) else None
        return None

    def _tokens(self, source: Range) -> tuple[int, list[Token]]:
        """The number of the source's sentence, and the source's tokens."""
        number = self._sentence_at(source[0])
        tokens = self._page.sentences[number].tokens
        return number, [token for token in tokens if source[0] <= token.start < source[1]]

    def _named(self, source: Range, tokens: list[Token]) -> str | None:
        """The name that the words of a source give."""
        ends = [token.start for token in tokens if token.low in ("who", "which", "whose")]
        inside = [
            one
            for one in self._mentions_between(*source)
            if self._is_head(one, tokens) and not (ends and one.start > ends[0])
        ]
        if not inside:
            return None
        joined = [one for one in inside if after_and(one, tokens)]
        heads = inside[:1] if joined and pairs(inside[0], joined) else []
        if heads and joined and joined[0] is inside[1]:
            return f"{self.names.full(heads[0])} and {self.names.full(joined[0])}"
        people = [one for one in inside if one.person]
        if people and opens(people[0], tokens):
            return self.names.full(people[0])
        found = people or inside
        explained = len(found) > 1 and explains_noun(found[-1], tokens)
        return self.names.full(found[0] if explained else found[-1])

    @staticmethod
    def _is_head(mention: Mention, tokens: list[Token]) -> bool:
        """Whether a name in a source is that of the source and not of its firm or town."""
        before = [token for token in tokens if token.end <= mention.start]
        after = next((token for token in tokens if token.start >= mention.end), None)
        if after is not None and (after.low in en.POSSESSIVE_ENDINGS):
            return after is tokens[-1]
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
            and not (near and near[-1] in en.PREPOSITIONS)
            and not (len(near) > 1 and near[-1] in en.DETERMINERS and near[-2] in en.PREPOSITIONS)
        )

    def _person_before(self, position: int, sentence: int, pronoun: str) -> str | None:
        """Whom "he" or "she" means: who spoke or was the subject most recently."""
        for back in range(_SENTENCES_BACK):
            number = sentence - back
            spoken = [name for where, name in self._people if where == number]
            there = [
                self.names.full(one)
                for one in self._in_sentence(number)
                if self.names.is_person(one) and not one.quoted and one.end <= position
                if not self._is_place(one, number) and not self._is_possessive(one, number)
            ]
            for name in [*reversed(spoken), *there]:
                fits = self._genders.get(name, pronoun) == pronoun
                if fits and not self.descriptions.is_firm(name):
                    return name
        return None

    def _is_place(self, mention: Mention, sentence: int) -> bool:
        """Whether a name stands after a word such as "in"."""
        before = [t for t in self._page.sentences[sentence].tokens if t.end <= mention.start]
        return bool(before) and before[-1].low in _AT_A_PLACE

    def _is_possessive(self, mention: Mention, sentence: int) -> bool:
        """Whether a name is only whose something is: "Orme's penalty"."""
        tokens = self._page.sentences[sentence].tokens
        after = next((token for token in tokens if token.start >= mention.end), None)
        return after is not None and after.low in en.POSSESSIVE_ENDINGS

    def _thing_before(self, position: int, sentence: int, pronoun: str) -> str | None:
        """Whom "it" or "they" means: the group that spoke or was the subject most recently."""
        last, name = self._groups[-1] if self._groups else (-_THING_BACK, None)
        if pronoun in ("it", "its") and last < sentence - 1:
            start = self._page.sentences[max(0, sentence - _THING_BACK)].start
            name = self.descriptions.thing(start, position) or name
        return name

    def _in_sentence(self, number: int) -> list[Mention]:
        if not 0 <= number < len(self._page.sentences):
            return []
        sentence = self._page.sentences[number]
        return self._mentions_between(sentence.start, sentence.end)

    def _mentions_between(self, start: int, end: int) -> list[Mention]:
        return self._mentions[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def _antecedent(self, position: int, sentence: int) -> str | None:
        """Whom "who" means: the name before it in the sentence."""
        before = [one for one in self._in_sentence(sentence) if one.end <= position]
        tokens = [t for t in self._page.sentences[sentence].tokens if t.end <= position]
        if not before or not (tokens[-1].text == "," or tokens[-1].end == before[-1].end):
            return None
        owner = self._is_possessive(before[-1], sentence)
        return None if owner else self.names.full(before[-1])

    def _remember(
        self, sentence: int, source: Range, tokens: list[Token], name: str | None
    ) -> None:
        """Keep who spoke, and in what role, for later pronouns and roles."""
        if name is None:
            return
        person = tokens[0].low in _OPPOSITE or any(
            self.names.is_person(one) and self.names.full(one) == name
            for one in self._mentions_between(*source)
        )
        person = person or any(name == known for _, known in self._people)
        if tokens[0].low in ("he", "she"):
            self._genders.setdefault(name, tokens[0].low)
        (self._people if person else self._groups).append((sentence, name))
        self._roles[name.split()[-1].lower()] = name
        for token in phrases(tokens):
            organisation = token.low in en.ORGANISATION_WORDS and token.low not in en.TITLES
            other = token.low in en.DETERMINERS or (person and organisation)
            if token.is_word and not other:
                self._roles[token.low] = name
