"""Finds the language of an article: the declared one, unless its words are plainly in another.

Many pages carry `lang="en"` from a template, whatever language they are written in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import pycld2

DEFAULT = "en"
"""The language of an article that declares no language and is too short for detection."""

SAMPLE = 500
"""How many characters are used for detection. For all of 2,225 news articles, 80 were enough."""

CONTRADICTING_BYTES = 100
"""How many bytes of text in another language are needed to override the declared language."""

LEAST_SHARE = 80
"""The percentage of a text that must be in one language for that language to be detected."""

_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*")
_USUAL_CASE = {2: str.upper, 4: str.capitalize}
_NO_LETTERS = re.compile(r"[\d\s_\x00-\x1f\x7f-\x9f]+")
_OTHER_NAMES = {
    **{"iw": "he", "jw": "jv", "mo": "ro", "in": "id", "ji": "yi"},
    # ISO 639-2 codes, which libraries and NewsML use.
    **{"eng": "en", "deu": "de", "ger": "de", "fra": "fr", "fre": "fr", "spa": "es", "ita": "it"},
    **{"por": "pt", "nld": "nl", "dut": "nl", "rus": "ru", "ara": "ar", "zho": "zh", "chi": "zh"},
    **{"jpn": "ja", "kor": "ko", "pol": "pl", "tur": "tr", "swe": "sv", "dan": "da", "nor": "no"},
    **{"fin": "fi", "ukr": "uk", "heb": "he", "hin": "hi", "tha": "th", "ell": "el", "gre": "el"},
}
_CONFUSABLE = tuple(
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
"""Groups of languages that detection confuses. Within a group, the declared language wins."""


def language_of(texts: Iterable[str], *, declared: str | None) -> str:
    """The language of an article's texts as a BCP 47 tag, such as "en" or "pt-BR".

    The declared language wins, unless it is not a tag or many words are plainly in another
    language.
    """
    tag = None if declared is None else tag_of(declared)
    sample = _sample(texts)
    detected = _detect(sample)
    if tag is None:
        return DEFAULT if detected is None else detected
    is_short = len(sample.encode()) < CONTRADICTING_BYTES
    return tag if detected is None or is_short or _may_be(tag, detected) else detected


def tag_of(declared: str) -> str | None:
    """A declared language as a tag with the usual capitals; None if it is not a tag."""
    match = _TAG.fullmatch(declared.strip())
    if match is None:
        return None
    first, *rest = re.split("[-_]", match[0])
    usual = (_USUAL_CASE.get(len(part), str.lower)(part) for part in rest)
    return "-".join((_OTHER_NAMES.get(first.lower(), first.lower()), *usual))


def _sample(texts: Iterable[str]) -> str:
    """The beginning of the texts, with as many letters as detection needs."""
    found, left = [], SAMPLE
    for text in texts:
        found.append(text[:left])
        left -= len(found[-1])
        if left <= 0:
            break
    return _NO_LETTERS.sub(" ", " ".join(found))


def _detect(sample: str) -> str | None:
    """The language of nearly the whole sample; None if detection is unsure."""
    try:
        reliable, _, ((_, code, share, _), *_) = pycld2.detect(sample, isPlainText=True)
    except pycld2.error:  # the text has invalid characters
        return None
    if not reliable or code == "un" or share < LEAST_SHARE:
        return None
    return _OTHER_NAMES.get(code, str(code))


def _may_be(tag: str, detected: str) -> bool:
    """Whether detection may mistake the language of `tag` for the detected language."""
    both = {tag.partition("-")[0], detected.partition("-")[0]}
    return len(both) == 1 or any(both <= group for group in _CONFUSABLE)
