"""Compares names and other words."""

from __future__ import annotations

from pullquote.english.values.models import Name, Relation, Text
from pullquote.english.values.name_form import CHANGES_WHO
from pullquote.english.values.names import spells
from pullquote.english.values.nouns import singular

SHORT = 4
"""In words. Longer texts that share few words may say the same, so nothing is known about them."""
SHARED = 0.6
"""The share of the shorter text's words that two long texts with the same sense have in common."""

_PART_OF = frozenset("of for in at".split())
_REVERSING = frozenset("not no never without none nor non".split())
_SMALL = frozenset("of in on at to from by for with was were is are be been and or that it".split())
_LEAST_PREFIX = 3


def compare_names(one: Name, other: Name) -> Relation:
    """How two names relate: the same, one more complete than the other, or of two things."""
    if one.words == other.words and not _apart(one.within, other.within):
        same = one.titles == other.titles and one.within == other.within
        return Relation.EQUAL if same else Relation.COMPATIBLE
    if not _apart(one.within, other.within) and _is_same_name(one, other):
        return Relation.COMPATIBLE
    if other.words == one.within or one.words == other.within:
        return Relation.COMPATIBLE
    return Relation.DIFFERENT


def _apart(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two places that contain a place exclude each other."""
    return bool(one and other) and not set(one) & set(other)


def _is_same_name(one: Name, other: Name) -> bool:
    shorter, longer = sorted((one, other), key=lambda name: (len(name.words), name.words))
    if shorter.acronym and spells(shorter.words[0], longer.words):
        return True
    if one.words == other.words:
        return True
    return _is_part(shorter.words, longer.words) or _is_person(shorter.words, longer.words)


def _is_part(shorter: tuple[str, ...], longer: tuple[str, ...]) -> bool:
    """Whether the words begin or end a longer name: "Roe" and "Ida Roe"."""
    count = len(shorter)
    if longer[:count] == shorter:
        return not CHANGES_WHO.intersection(shorter[-1:])
    before = longer[-count - 1 : -count]
    return longer[-count:] == shorter and not (CHANGES_WHO | _PART_OF).intersection(before)


def _is_person(shorter: tuple[str, ...], longer: tuple[str, ...]) -> bool:
    """Whether two names have one surname and first names that agree: "J. Roe", "Jane A. Roe"."""
    if len(shorter) < 2 or shorter[-1] != longer[-1]:
        return False
    first, others = shorter[0], shorter[1:-1]
    known = longer[:-1]
    begins = _abbreviates(first, known[0]) or _abbreviates(known[0], first)
    return begins and all(
        any(_abbreviates(word, each) or _abbreviates(each, word) for each in known[1:])
        for word in others
    )


def _abbreviates(short: str, word: str) -> bool:
    """Whether a first name is an initial or a short form of another."""
    return word.startswith(short) and (len(short) in (1, len(word)) or len(short) >= _LEAST_PREFIX)


def compare_words(one: Name | Text, other: Name | Text) -> Relation:
    """How other words relate, or a name and other words."""
    here, there = _plain(one), _plain(other)
    if here == there:
        return Relation.EQUAL if _untitled(one, other) else Relation.COMPATIBLE
    if _is_office(one, other) or _is_office(other, one):
        return Relation.COMPATIBLE
    if (set(here) ^ set(there)) & _REVERSING:
        return Relation.DIFFERENT
    shorter, longer = sorted((set(here), set(there)), key=len)
    shared = len(shorter & longer)
    if 0 < shared == len(shorter):
        return Relation.COMPATIBLE
    if max(len(here), len(there)) <= SHORT:
        return Relation.DIFFERENT
    near = len(shorter) > 1 and shared >= SHARED * len(shorter)
    return Relation.COMPATIBLE if near else Relation.UNRELATED


def _plain(value: Name | Text) -> tuple[str, ...]:
    """The words in the singular, without small ones."""
    plain = tuple(singular(word) for word in value.words if word not in _SMALL)
    return plain or value.words


def _untitled(one: Name | Text, other: Name | Text) -> bool:
    return not any(isinstance(name, Name) and name.titles for name in (one, other))


def _is_office(office: Name | Text, name: Name | Text) -> bool:
    """Whether words are the office before a name: "the governor", "Governor Ismenia Tarquel"."""
    return isinstance(office, Text) and isinstance(name, Name) and office.words == name.titles != ()
