"""Finds the names in an article, the fullest form of each, and the nouns that describe them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass, replace

from pullquote.english import word_lists as en
from pullquote.english.attribution.cue_verbs import cue_verbs
from pullquote.english.attribution.tokens import DASHES, STOPS, Layout, Sentence, Token, is_verb

_PARTICLES = frozenset(
    "de da do dos das di del della der den van von la le al el bin ibn ap y e af".split()
)
_LINKS = frozenset("of on for and ' ’".split())
_OPENING = frozenset(['"', "“", "‘", "'", ":", "—", "–", ";", "''"])
BASED = ("-based", "-owned", "-born", "-backed", "-led")
"""Ends of words that stand before a name: "Leeds-based Vik Foods"."""
_LONG = 3
"""Words of a name with a noun before it: "Treasurer Ida Roe"."""
_SHORT_WORD = 3
"""In characters. Shorter words of a headline have no capitals."""
_MOSTLY = 0.9
_MOST_WORDS = 8
"""In a name."""


@dataclass(frozen=True)
class Mention:
    """A name where it stands: the words without a title, and whether it can be a person's."""

    start: int
    end: int
    sentence: int
    words: tuple[str, ...]
    title: str
    person: bool
    quoted: bool
    opens_sentence: bool = False


def mentions_in(page: Layout) -> list[Mention]:
    """The names of an article, in order."""
    found: list[Mention] = []
    for number, sentence in enumerate(page.sentences):
        at = len(sentence.tokens) if _is_in_title_case(sentence) else 0
        while at < len(sentence.tokens):
            end = _end_of_name(sentence.tokens, at)
            if end > at:
                mention = _mention(sentence, number, at, end)
                if mention is not None:
                    found.append(mention)
            at = max(end, at + 1)
    named = {word for one in found if not one.opens_sentence for word in one.words}
    common = {t.text for one in page.sentences for t in one.tokens if t.text.islower()}
    return [
        _without_noun(one, page, common, named)
        for one in found
        if not one.opens_sentence or one.words[0] in named
    ]


def _is_in_title_case(sentence: Sentence) -> bool:
    """Whether nearly all words of a headline have capitals, so that they show no names."""
    long = [token for token in sentence.tokens if len(token.text) > _SHORT_WORD and token.is_word]
    verbs = any(token.low in cue_verbs() or token.low in en.MODALS for token in long)
    capital = sum(token.is_capital or not token.text[0].isalpha() for token in long)
    return verbs and len(long) > _LONG and capital >= _MOSTLY * len(long)


def _without_noun(one: Mention, page: Layout, common: set[str], named: set[str]) -> Mention:
    """A name at the start of a sentence without a common noun before it: "Operator Vik Rail"."""
    noun = one.words[0].lower()
    first = bisect_left(page.sentences[one.sentence].tokens, one.start, key=lambda t: t.start)
    if first or len(one.words) < 2 or one.title or noun in en.ORGANISATION_WORDS:
        return one
    if noun not in en.FIRM_NOUNS and (len(one.words) < _LONG or noun not in common):
        return one
    if one.words[1].islower() or (len(one.words) == 2 and one.words[1] not in named):
        return one
    start = page.sentences[one.sentence].tokens[1].start
    return replace(one, start=start, words=one.words[1:])


def _end_of_name(tokens: list[Token], at: int) -> int:
    """The end of the name that starts at a token; the same token if none does."""
    end = here = at
    while here < len(tokens) and here - at < 2 * _MOST_WORDS:
        token = tokens[here]
        if token.is_capital and not _is_day(tokens, here) and not _is_function(token):
            here += 1
            end = here
        elif _joins(tokens, at, here) or (end > at and _links(tokens, here, end)):
            here += 1
        else:
            break
    return end


def _is_day(tokens: list[Token], at: int) -> bool:
    """Whether a token is a day or a month, and not a name: "June 3", but "June Roe", "Ida May"."""
    if tokens[at].low not in en.TIME_WORDS:
        return False
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if tokens[at].low not in en.NAMELIKE_MONTHS or (after is not None and after.text[0].isdigit()):
        return True
    named = after is not None and after.is_capital
    if named or at == 0:
        return not named
    before = tokens[at - 1]
    other = before.low in en.TIME_WORDS | en.TIME_LEADS or _is_function(before)
    return other or not before.is_capital


def _joins(tokens: list[Token], at: int, here: int) -> bool:
    """Whether the name of an organisation goes on: "Bureau of Revenue", "Farmers' Union"."""
    if here == at or here + 1 >= len(tokens) or not tokens[here + 1].is_capital:
        return False
    if tokens[here].text in ("'", "’"):
        return tokens[here - 1].low.endswith("s")
    organisation = any(token.low in en.ORGANISATION_WORDS for token in tokens[at:here])
    joint = tokens[here].low in ("of", "on", "for", "and")
    return joint and organisation and tokens[at].low not in en.TITLES


def _links(tokens: list[Token], here: int, end: int) -> bool:
    """Whether a token can stand inside a name: "de", "&", the full stop of "J."."""
    token = tokens[here]
    before = tokens[here - 1]
    short = len(before.text) == 1 or before.low in en.TITLES
    dot = token.text == "." and end == here and short
    return dot or token.text == "&" or (token.low in _PARTICLES and token.text.islower())


def _is_function(token: Token) -> bool:
    """Whether a capital only marks the start of a sentence."""
    low = token.low
    return (
        low in en.DETERMINERS
        or low in en.SUBJECT_PRONOUNS
        or low in en.SUBORDINATORS
        or low in _FUNCTION
    )


_FUNCTION = frozenset(
    "and in on at for from to with by of about under during as or nor not yes no its also asked "
    "according there here last next under only even still now then if it's one".split()
)


def _mention(sentence: Sentence, number: int, low: int, high: int) -> Mention | None:
    """The mention of some tokens, without the title before the name."""
    tokens = sentence.tokens[low:high]
    after_the = low > 0 and sentence.tokens[low - 1].low == "the"
    titles = [at for at, token in enumerate(tokens) if token.low.split("-")[-1] in en.TITLES]
    first, title = 0, ""
    if titles and titles[-1] + 1 < len(tokens) and not (after_the and len(tokens) > 3):
        first, title = _after_office(tokens, titles[-1] + 1), tokens[titles[-1]].low
    while first + 1 < len(tokens) and tokens[first].low.endswith(BASED):
        first += 1
    words = tuple(token.text for token in tokens[first:] if token.text != ".")
    if not words or (low == 0 and high == 1 and len(tokens[0].text) < 3):
        return None
    last = words[-1].lower()
    opens = low == 0 or sentence.tokens[low - 1].text in _OPENING
    acronym = len(words) == 1 and words[0].isupper() and len(words[0]) > 1
    person = bool(title) or not (after_the or acronym or last in en.ORGANISATION_WORDS)
    if title and title not in en.MALE_TITLES | en.FEMALE_TITLES and last in en.ORGANISATION_WORDS:
        person = False
    person = person and not any(word in _LINKS or word == "&" for word in words)
    start, end, quoted = tokens[first].start, tokens[-1].end, tokens[0].quoted
    alone = opens and high - low == 1 and not acronym
    return Mention(start, end, number, words, title, person, quoted, alone)


def _after_office(tokens: list[Token], at: int) -> int:
    """Where a name starts after its title: after "Chief of Staff", its last two words."""
    joined = tokens[at].low in ("of", "for")
    return len(tokens) - 2 if joined and len(tokens) - at > 3 else at


class FullNames:
    """The fullest form of each name of an article, by its last and its first word."""

    def __init__(self, mentions: list[Mention]) -> None:
        self._by_last: dict[str, list[Mention]] = {}
        self._by_first: dict[str, list[Mention]] = {}
        self._by_middle: dict[str, list[Mention]] = {}
        for mention in mentions:
            if len(mention.words) > 1:
                self._by_last.setdefault(mention.words[-1], []).append(mention)
                self._by_first.setdefault(mention.words[0], []).append(mention)
                for word in mention.words[1:-1]:
                    self._by_middle.setdefault(word, [mention])

    def full(self, mention: Mention) -> str:
        """The fullest form of a name: "Ida Roe" for "Ms Roe"."""
        if len(mention.words) > 1:
            longer = [
                m
                for m in self._by_last.get(mention.words[-1], [])[:50]
                if m.words[0] == mention.words[0] and set(mention.words) <= set(m.words)
            ]
            best = max(longer, key=lambda m: len(m.words), default=mention)
            return _joined(best.words if len(best.words) < _MOST_WORDS else mention.words)
        word = mention.words[0]
        near = self._by_last.get(word) or self._by_first.get(word) or self._by_middle.get(word)
        if not near:
            return _joined(mention.words)
        counts = Counter(one.words for one in near)
        most = max(counts.values())
        near = [one for one in near if counts[one.words] == most]
        last = bisect_right(near, mention.start, key=lambda one: one.start) - 1
        return _joined(near[max(0, last)].words)

    def has_namesakes(self, name: str) -> bool:
        """Whether a surname alone may mean somebody else whom the article names nearly as often."""
        words = name.split()
        near = self._by_last.get(words[-1], [])
        firsts = Counter(one.words[0] for one in near)
        mine = firsts.pop(words[0], 0)
        return any(2 * count > mine for count in firsts.values())

    def is_person(self, mention: Mention) -> bool:
        """Whether "he" or "she" may refer to a name."""
        if not mention.person or len(mention.words) > 1 or mention.title:
            return mention.person
        return any(m.person for m in self._by_last.get(mention.words[0], [])[:5])


def _joined(words: tuple[str, ...]) -> str:
    """The words of a name on one line."""
    dotted = (f"{word}." if len(word) == 1 and word.isupper() else word for word in words)
    return re.sub(" (?=['’])", "", " ".join(dotted))


_MOST_DESCRIBING = 9
"""In a description."""
_MOST_SUBJECTS = 200
"""Subjects that are counted to find the firm an article is about, the last ones before a place."""
_STAFF = frozenset(
    "director chairman chairwoman chair boss executive spokesman spokeswoman spokesperson manager "
    "founder owner shareholders shares employees staff customers".split()
)
"""Before "of" and a name they show that it is an organisation's."""
_NOT_NOUNS = en.PREPOSITIONS | en.DETERMINERS | en.RELATIVES | en.SUBORDINATORS | en.ADVERBS
_STOPS = en.PREPOSITIONS | en.RELATIVES | {"whose", "and", "or"}
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
        self._firms |= self._described_as(en.FIRM_NOUNS) - self._people
        self._persons = people = self._people | (self._described_as() - self._firms)
        self._things = named = {names.full(mention) for mention in mentions} - people
        public = self._described_as(en.PUBLIC_BODIES) - self._firms
        looks_personal = {names.full(one) for one in mentions if names.is_person(one)}
        self._likely_firms = {
            name: (name in self._firms) * 2 + (name not in looks_personal)
            for name in named - public | self._firms
        }
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
        comma = after + 1 < len(tokens) and tokens[after].text == ","
        aside = tokens[after + 1] if comma else None
        aged = aside is not None and (aside.text.isdigit() or aside.low in ("who", "whose"))
        if mention.title or aged:
            self._people.add(name)
        joined = first > 1 and tokens[first - 1].low in ("of", "for", "at")
        has_staff = joined and tokens[first - 2].low in _STAFF
        if has_staff or (aside is not None and aside.low == "which"):
            self._impersonal.add(name)
        if _is_subject(tokens, first, after):
            self._subjects.append((mention.start, name))

    def _described_as(self, wanted: frozenset[str] | None = None) -> set[str]:
        """The names with one of these nouns, or else with a noun that only describes people."""
        others = en.FIRM_NOUNS | en.ORGANISATION_WORDS
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
        return bool(self._nouns.get(name, set()) - en.MALE_TITLES - en.FEMALE_TITLES - {"dr"})

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
    end = next((at for at, word in enumerate(words) if at and word in en.PREPOSITIONS), len(words))
    noun = words[end - 1].lower()
    return noun if noun in en.ORGANISATION_WORDS | en.FIRM_NOUNS else ""


def _noun_before(tokens: list[Token], first: int) -> str:
    """The noun in "the maker Vik" or "its maker, Vik"; "" if there is none."""
    while first > 1 and tokens[first - 1].low.endswith(BASED):
        first -= 1
    if first < 1:
        return ""
    comma = tokens[first - 1].text == ","
    end = first - 1 if comma else first
    for start in range(end - 1, max(0, end - _MOST_DESCRIBING) - 1, -1):
        token = tokens[start]
        if token.text in _MARKS or is_verb(tokens, start):
            break
        if token.low in en.PREPOSITIONS and not (comma and token.low in ("of", "for")):
            return ""
        if token.low in en.DETERMINERS or token.low in ("'s", "’s"):
            return _head_noun(tokens, start + 1, end)
    bare = "" if comma else _noun(tokens, end - 1)
    return bare if bare in en.FIRM_NOUNS or bare in en.TITLES else ""


def _noun_after(tokens: list[Token], after: int) -> str:
    """The noun in "Vik, the maker of trams,"; "" if there is none."""
    if after + 1 >= len(tokens) or tokens[after].text != ",":
        return ""
    end = after + 1
    while end < len(tokens) and end - after <= _MOST_DESCRIBING and tokens[end].text not in _MARKS:
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
    other = token.low in _NOT_NOUNS or token.low in en.TIME_WORDS or is_verb(tokens, at)
    return token.low if common and not plural and not other else ""


def _is_subject(tokens: list[Token], first: int, after: int) -> bool:
    """Whether a name is a subject: a verb follows it, or a comma and "which"."""
    if first and tokens[first - 1].low in en.PREPOSITIONS:
        return False
    if after + 2 < len(tokens) and tokens[after].text == "(" and tokens[after + 2].text == ")":
        after += 3
    if after + 1 < len(tokens) and tokens[after].text == ",":
        return tokens[after + 1].low == "which"
    return after < len(tokens) and (tokens[after].low in cue_verbs() or is_verb(tokens, after))
