"""Decides whether an article says clearly enough who makes a claim to name that speaker."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pullquote.base.regression import Weights
from pullquote.english import word_lists as en
from pullquote.english.attribution.phrases import Statement
from pullquote.english.attribution.speakers import Speakers
from pullquote.english.attribution.tokens import Token, is_adverb, is_clitic, is_verb
from pullquote.schema.attribution import Range

_ENDINGS = ("ologist", "ologists", "person", "people", "woman", "women", "smith")
_NO_SPEAKERS = frozenset(
    "international its journal news post private report reserve services telegraph times "
    "united".split()
)
"""Words of names and titles that mean no people where they stand alone."""
_SPEAKERS = (en.PEOPLE | en.FIRM_NOUNS | en.ORGANISATION_WORDS | en.TITLES) - _NO_SPEAKERS


def means_people(noun: str) -> bool:
    """Whether a noun in lower case means people, in the singular or plural: "her drivers"."""
    if noun in _NO_SPEAKERS:
        return False
    last = noun.rpartition("-")[2]
    plurals = (("ies", "y"), ("men", "man"), ("es", ""), ("s", ""))
    singulars = {last.removesuffix(end) + one for end, one in plurals if last.endswith(end)}
    return noun.endswith(_ENDINGS) or not _SPEAKERS.isdisjoint({noun, last, *singulars})


PRONOUNS = (
    en.SUBJECT_PRONOUNS | en.POSSESSIVES | en.RELATIVES | frozenset("him them himself".split())
)
_MOST_NOUN_TOKENS = 14
"""In a source without a name."""
_INSIDE_NAMES = frozenset(
    "of the for and on in & de da do dos di del der den van von la le".split()
)
_ENDS_NOUN = en.PREPOSITIONS | en.RELATIVES | frozenset("whose and or , ( ) — –".split())
_NO_LEADS = (
    en.SUBORDINATORS | en.PREPOSITIONS | en.TIME_WORDS | en.ADVERBS - {"both", "all", "each"}
)
_SURNAMES = frozenset(
    "king dean judge pope bishop marshal major justice prince cardinal mayor".split()
)
_OFFICES = (
    en.TITLES - en.MALE_TITLES - en.FEMALE_TITLES - en.ORGANISATION_WORDS - _SURNAMES
    | frozenset("conservative leader officials figures afterwards".split())
)
"""Words with which an office ends, but no name: "Labour MP"."""
NO_PARTS = frozenset("mr mrs ms rev senators state house".split())
"""Words that stand before a name and are no part of it: "Secretary of State Ida Roe"."""
_NO_NAMES = (
    _NO_LEADS | en.DETERMINERS | frozenset("say says unlike other both mr candidate".split())
) - en.TIME_WORDS
"""Words with which a headline or a sentence begins, but no name."""
_PLURALS = ("s", "men", "people", "police", "children", "staff")


def is_name(name: str) -> bool:
    """Whether words are a whole name: with capitals, and no bare office such as "Labour MP"."""
    words = name.split()
    plain = [word for word in words if word.lower() not in _INSIDE_NAMES]
    if not plain or words[0].lower() in _INSIDE_NAMES or words[-1].lower() in _INSIDE_NAMES:
        return False
    if not all(word[0].isupper() or word[0].isdigit() for word in plain):
        return False
    last = words[-1].lower()
    if words[0].lower() in _NO_NAMES or last in _OFFICES:
        return False
    kind = any(word.lower() in en.ORGANISATION_WORDS for word in words[:-1])
    if kind and last not in en.ORGANISATION_WORDS | en.FIRM_NOUNS and len(words) == len(plain):
        return False
    timed = len(words) == 1 and last in en.TIME_WORDS
    parts = name.split(" and ")
    uneven = len({len(part.split()) == 1 for part in parts}) > 1
    joined = uneven and not any(word.lower() in en.ORGANISATION_WORDS for word in words)
    acronym = len(words) > 2 and any(
        word.isupper() and len(word.strip(".")) > 1 for word in words[:-1]
    )
    return not (timed or joined or acronym)


def may_have(tokens: list[Token], name: str) -> bool:
    """Whether a source that stands for a name has it as its head, or means people."""
    if len(tokens) == 1:
        return tokens[0].low in PRONOUNS or tokens[0].is_capital
    words = set(name.split())
    at = next((at for at, token in enumerate(tokens) if token.text in words), None)
    if at is None:
        return names_people(tokens)
    before = tokens[:at]
    leads = bool(before) and before[0].low in _NO_LEADS
    if leads or any(_acts(before, k) for k in range(len(before))) or _is_cut(tokens, at, name):
        return False
    if before and before[-1].text == ",":
        return True
    joint = next((k for k, token in enumerate(before) if token.low in en.PREPOSITIONS), None)
    if joint is None:
        return not any(token.low in en.SUBJECT_PRONOUNS for token in before)
    return joint > 0 and means_people(before[joint - 1].low)


def _acts(tokens: list[Token], at: int) -> bool:
    """Whether a word belongs to a clause: a verb, or "meeting" in "unions meeting Ida Roe"."""
    token = tokens[at]
    participle = token.low.endswith("ing") and token.text.islower() and at > 0
    return not is_clitic(token) and (is_verb(tokens, at) or participle)


def _is_cut(tokens: list[Token], at: int, name: str) -> bool:
    """Whether a single word is only a part of a name: "Pro" of "PC Pro", "Top" of "Top of"."""
    if " " in name:
        return False
    before = tokens[at - 1] if at else None
    after = tokens[at + 1 : at + 4]
    goes_on = bool(after) and after[0].low in ("of", "for") and after[-1].is_capital
    owned = before is not None and is_clitic(before) and name.lower() in en.ORGANISATION_WORDS
    led = owned or (
        before is not None and before.is_capital and before.low not in en.TITLES | en.DETERMINERS
    )
    return goes_on or led


def names_people(tokens: list[Token]) -> bool:
    """Whether a source without a name is a phrase whose noun means people: "two officials"."""
    first = tokens[0]
    if (
        len(tokens) > _MOST_NOUN_TOKENS
        or first.low in _NO_LEADS | en.SUBJECT_PRONOUNS | en.RELATIVES
    ):
        return False
    if not first.text[0].isalnum() or is_adverb(first):
        return False
    end = next((k for k, t in enumerate(tokens) if t.low in _ENDS_NOUN), len(tokens))
    if 1 < end < len(tokens) and means_people(tokens[end - 2].low):
        end -= 1  # "a person close to the talks"
    while end > 1 and (is_clitic(tokens[end - 1]) or tokens[end - 1].text in ("'", "’")):
        end -= 1
    if end == 0:
        return False
    noun = tokens[end - 1].low
    clause = next((k for k, t in enumerate(tokens) if t.text == "," or t.low in en.RELATIVES), None)
    if any(is_verb(tokens, k) and not is_clitic(tokens[k]) for k in range(clause or len(tokens))):
        return False
    known = first.low in en.DETERMINERS or noun.endswith(_PLURALS)
    possessive = any(is_clitic(token) for token in tokens[1 : end - 1])
    return means_people(noun) and (known or possessive)


def is_bare_name(tokens: list[Token], name: str) -> bool:
    """Whether a source is a part of a longer name, perhaps with a courtesy title: "Ms Roe"."""
    words, plain = set(name.split()), _without_titles(tokens)
    if tokens[0].low == "the" and len(plain) == 1:
        low = plain[0].low  # "the BBA", "the Treasury" and "the Greens" may be groups
        group = plain[0].text.isupper() or low.endswith("s") or low in en.ORGANISATION_WORDS
        if not group:
            return False
    named = all(token.text in words and token.is_capital for token in plain)
    return named and not all(token.low in en.BE_FORMS | en.TIME_WORDS for token in plain)


def bare_name(tokens: list[Token]) -> str:
    """A name as a source has it, without titles: "Roe" for "Ms Roe"."""
    return " ".join(token.text for token in _without_titles(tokens))


def _without_titles(tokens: list[Token]) -> list[Token]:
    return [token for token in tokens if token.is_word and token.low not in en.TITLES | {"the"}]


_MOST_TOKENS = 30
"""In a source. A longer one has a clause, or belongs to two speakers."""
_FAR = 3
"""Sentences between "he" and the name, after which the article may mean somebody else."""
_FULL = 4
"""Tokens of a full name with its title: "Ms. Ida Roe"."""
_PERSONAL = frozenset("he she his her him".split())
_UNCLEAR = "other"
"""The manner of what somebody wants, plans or shows, which is often the paper's own account."""


@dataclass(frozen=True, slots=True)
class SourceFeatures:
    """What speaks for and against a speaker of a claim; yes is 1, and no is 0.

    `by_pronoun`, `by_relative` and `by_description` say how the source stands for the speaker:
    as "he", as "who", or as "the judge". `in_words` means that the article's own words are shown.
    Otherwise the source has the name. `rivals` counts the other people or groups named nearby, as
    a logarithm, and `changes` does so for a pronoun that does not mean who spoke last. `far` says
    that the name stands several sentences back, `longer` that the article's full name is longer
    than the source's, and `apart` is the logarithm of the distance to the cue, in characters.
    """

    by_pronoun: float
    by_relative: float
    by_description: float
    in_words: float
    direct: float
    believed: float
    apart: float
    length: float
    rivals: float
    far: float
    longer: float
    lone_word: float
    person: float
    introduced: float
    changes: float
    clause: float


@dataclass(frozen=True, slots=True)
class Named:
    """Who is shown as the speaker of a claim: a name, the words of the article, or nobody."""

    speaker: str | None
    source: tuple[Range, ...]


@dataclass(frozen=True, slots=True)
class PossibleSpeaker:
    """A possible speaker of a claim: a name, or None for other words of the source."""

    name: str | None
    features: SourceFeatures


class SpeakerModel(Weights):
    """The weights, and the least log-odds of a speaker who is shown."""

    least: float


@cache
def speaker_model() -> SpeakerModel:
    """The model that ships with pullquote."""
    stored = files("pullquote") / "base" / "models" / "speakers.json"
    return SpeakerModel.model_validate_json(stored.read_text(encoding="utf-8"))


def shown(speakers: Speakers, one: Statement, name: str | None, *, direct: bool) -> Named:
    """The speaker of a claim, as far as the article is clear about it.

    A pronoun stays the source of a claim, but it names nobody.
    """
    model = speaker_model()
    for candidate in candidates(speakers, one, name, direct=direct):
        if model.logit(candidate.features) >= model.least:
            return Named(candidate.name, tuple(one.source))
    tokens = speakers.tokens_of(one.source[0]) if one.source else []
    is_pronoun = len(tokens) == 1 and tokens[0].low in PRONOUNS
    return Named(None, tuple(one.source) if is_pronoun else ())


def candidates(
    speakers: Speakers, one: Statement, name: str | None, *, direct: bool
) -> list[PossibleSpeaker]:
    """Who may be shown as the speaker of a claim, the fullest name first."""
    if not one.source or one.manner == _UNCLEAR:
        return []
    tokens = speakers.tokens_of(one.source[0])
    if not tokens or len(tokens) > _MOST_TOKENS or any(token.quoted for token in tokens):
        return []
    found = []
    if tokens[0].low in _PERSONAL and name is not None and not speakers.is_introduced(name):
        return []
    if name is not None and name.split()[0].lower().strip(".") in NO_PARTS and " " in name:
        name = name.partition(" ")[2]
    bare = len(tokens) == 1 or (len(tokens) < _FULL and tokens[0].low in en.TITLES)
    if name is not None and bare and speakers.names.has_namesakes(name):
        name = None if tokens[0].low in PRONOUNS else tokens[-1].text
    if name is not None and is_name(name) and may_have(tokens, name):
        found.append(PossibleSpeaker(name, _features(speakers, one, tokens, name, direct=direct)))
    is_bare = name is not None and is_bare_name(tokens, name)
    if is_bare or names_people(tokens):
        features = _features(speakers, one, tokens, None, direct=direct)
        found.append(PossibleSpeaker(bare_name(tokens) if is_bare else None, features))
    return found


def _features(
    speakers: Speakers, one: Statement, tokens: list[Token], name: str | None, *, direct: bool
) -> SourceFeatures:
    first = tokens[0].low
    alone = len(tokens) == 1
    pronoun = alone and first in en.SUBJECT_PRONOUNS | en.POSSESSIVES
    relative = alone and first in en.RELATIVES
    words = set() if name is None else set(name.lower().replace(".", "").split())
    here = {token.low.replace(".", "") for token in tokens}
    start, end = one.source[0]
    apart = min((max(low - end, start - high, 0) for low, high in one.cue), default=0)
    indirect = name is not None and (pronoun or relative or not words & here)
    rivals = math.log1p(len(speakers.rivals(name, start))) if indirect and name else 0.0
    return SourceFeatures(
        by_pronoun=pronoun,
        by_relative=relative,
        by_description=indirect and not pronoun and not relative,
        in_words=name is None,
        direct=direct,
        believed=one.manner in ("believed", "estimated", "agreed", "reported"),
        apart=math.log1p(apart),
        length=math.log(len(tokens)),
        rivals=rivals,
        far=indirect and name is not None and speakers.distance(name, start) >= _FAR,
        longer=name is not None and not indirect and not words <= here,
        lone_word=(
            name is not None
            and len(words) == 1
            and not indirect
            and not speakers.descriptions.is_described(name)
        ),
        person=name is not None and speakers.is_person(name),
        introduced=name is not None and speakers.is_introduced(name),
        changes=0.0 if speakers.spoke_before(start) == name or not pronoun else rivals,
        clause=any(is_verb(tokens, at) for at in range(len(tokens))),
    )
