"""The language of an article: what it says itself, unless its words plainly say otherwise.

Many pages carry `lang="en"` from a template whatever is written on them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import pycld2

UNTOLD = "en"
"""What counts as the language of an article that neither says it nor has words enough to tell."""

SAMPLE = 500
"""So many characters are looked at; of 2,225 news articles 80 were enough to tell all."""

SURE = 100
"""So many bytes of letters must speak against what an article says itself."""

MOST = 80
"""Per cent of a text that must be in a language."""

_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*")
_USUAL_CASE = {2: str.upper, 4: str.capitalize}
_NO_LETTERS = re.compile(r"[\d\s_\x00-\x1f\x7f-\x9f]+")
_OTHER_NAMES = {
    **{"iw": "he", "jw": "jv", "mo": "ro", "in": "id", "ji": "yi"},
    # ISO 639-2, as libraries and NewsML write it.
    **{"eng": "en", "deu": "de", "ger": "de", "fra": "fr", "fre": "fr", "spa": "es", "ita": "it"},
    **{"por": "pt", "nld": "nl", "dut": "nl", "rus": "ru", "ara": "ar", "zho": "zh", "chi": "zh"},
    **{"jpn": "ja", "kor": "ko", "pol": "pl", "tur": "tr", "swe": "sv", "dan": "da", "nor": "no"},
    **{"fin": "fi", "ukr": "uk", "heb": "he", "hin": "hi", "tha": "th", "ell": "el", "gre": "el"},
}
_ALIKE = tuple(
    frozenset(group.split())
    for group in (
        "no nb nn da sv",
        "hr sr bs sh",
        "id ms",
        "pt gl es",
        "cs sk",
        "ru be uk bg mk",
        "zh yue",
        "fa prs",
    )
)
"""Languages that are taken for one another: among these an article is believed."""


def language_of(texts: Iterable[str], *, told: str | None) -> str:
    """The language of an article's texts as a tag of BCP 47, such as "en" or "pt-BR".

    What the article says of itself, `told`, holds unless it is no tag, or many words are plainly of
    another language.
    """
    said = None if told is None else tag_of(told)
    sample = _sample(texts)
    heard = _heard(sample)
    if said is None:
        return UNTOLD if heard is None else heard
    if heard is None or len(sample.encode()) < SURE or _may_be(said, heard):
        return said
    return heard


def tag_of(told: str) -> str | None:
    """What an article calls its language as a tag in its usual case; None for what is no tag."""
    match = _TAG.fullmatch(told.strip())
    if match is None:
        return None
    first, *rest = re.split("[-_]", match[0])
    usual = (_USUAL_CASE.get(len(part), str.lower)(part) for part in rest)
    return "-".join((_OTHER_NAMES.get(first.lower(), first.lower()), *usual))


def _sample(texts: Iterable[str]) -> str:
    """The first words of texts and nothing else, so many as tell a language."""
    found, left = [], SAMPLE
    for text in texts:
        found.append(text[:left])
        left -= len(found[-1])
        if left <= 0:
            break
    return _NO_LETTERS.sub(" ", " ".join(found))


def _heard(sample: str) -> str | None:
    """The language that nearly all of a sample is in; None where that cannot be told."""
    try:
        reliable, _, ((_, code, share, _), *_) = pycld2.detect(sample, isPlainText=True)
    except pycld2.error:  # what is no character of Unicode
        return None
    if not reliable or code == "un" or share < MOST:
        return None
    return _OTHER_NAMES.get(code, str(code))


def _may_be(said: str, heard: str) -> bool:
    """Whether what is heard as one language may be the one that is said."""
    both = {said.partition("-")[0], heard.partition("-")[0]}
    return len(both) == 1 or any(both <= alike for alike in _ALIKE)
