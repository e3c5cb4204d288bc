"""Decides whether an article says clearly enough who makes a claim to name that speaker."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pullquote.base.regression import Weights
from pullquote.english.attribution.claim import Statement
from pullquote.english.attribution.speaker_words import (
    NO_PARTS,
    PRONOUNS,
    bare_name,
    is_bare_name,
    is_name,
    may_have,
    names_people,
)
from pullquote.english.attribution.speakers import Speakers
from pullquote.english.attribution.tokens import (
    POSSESSIVES,
    RELATIVES,
    SUBJECT_PRONOUNS,
    TITLES,
    Token,
    is_verb,
)
from pullquote.schema.attribution import Range

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
    bare = len(tokens) == 1 or (len(tokens) < _FULL and tokens[0].low in TITLES)
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
    """The features of a claim's speaker."""
    first = tokens[0].low
    alone = len(tokens) == 1
    pronoun = alone and first in SUBJECT_PRONOUNS | POSSESSIVES
    relative = alone and first in RELATIVES
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
