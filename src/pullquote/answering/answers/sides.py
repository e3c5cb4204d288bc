"""Finds the sides of a comparison in the words of a question."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pullquote.english.questions.kinds import MORE
from pullquote.english.terms import content_terms, terms

MOST_CHARACTERS = 300
"""Only the beginning of a longer question is read, so that hostile text takes no time."""

NAME_WORDS = 4
"""A side with more words than this is rarely a name."""

_HOW = "how (?:do|does|did|would|will)"
_BE = "(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would)"
_WORDS = r"[\w'’-]+(?: [\w'’-]+)?"
_NAME = r"[A-Z][\w'’&.-]*(?: [A-Z][\w'’&.-]*)*"
_SIDES = (
    r"\bbetween (?P<one>.+?) and (?P<other>.+)$",
    r"(?P<one>.+?)\b(?:versus|vs\.?)\b(?P<other>.+)$",
    r"^(?P<one>[^,:?]+?) (?:or|and) (?P<other>[^,:?]+?)(?:[,:]| [–-]) (?:which|who|what)\b",
    rf"(?:^|\b{_BE} )(?P<one>[^,:]+?) compared (?:to|with|against) (?P<other>.+)$",
    rf"\b{_BE} (?P<one>.+?) different (?:from|to|than) (?P<other>.+)$",
    rf"^{_BE} (?P<one>{_WORDS}).*? than (?:in |on |at |for |with )?(?P<other>.+)$",
    rf"\b{_BE} (?P<one>.+?) and (?P<other>.+?) each\b",
    r"[,:–-] ?(?P<one>[^,]+?) or (?P<other>.+)$",
    rf"\b(?P<one>{_WORDS}) or (?P<other>.+)$",
    rf"\b{_HOW} (?P<one>.+?) and (?P<other>.+?) (?:compare|differ)\b",
    rf"\b{_HOW} (?P<one>.+?) (?:compare|differ) (?:with|to|from) (?P<other>.+)$",
    r"\bcompare (?P<one>.+?) (?:and|with|to) (?P<other>.+)$",
)


def sides_of(question: str) -> tuple[str, ...]:
    """The words of each side; nothing if the question names no sides.

    Two or more: "is a tram cheaper than a bus or a train" has three.
    """
    words = question.strip()[:MOST_CHARACTERS].rstrip("?.! ")
    for pattern in _SIDES:
        if match := re.search(pattern, words, re.IGNORECASE):
            others = re.split(r",? or |, ", match["other"].strip())
            return _before(match["one"]), *(_after(other) for other in others if other)
    return ()


def sides_named(question: str, sentences: Sequence[str]) -> list[str]:
    """The side of a comparison that each sentence is about.

    It is "" if the sentence names none or several, or if the side is a clause and not a name.
    """
    sides = sides_of(_encodable(question))
    named = own_terms(sides)
    found = []
    for sentence in sentences:
        of = frozenset(terms(_encodable(sentence)))
        about = [s for s, own in zip(sides, named, strict=True) if not of.isdisjoint(own)]
        short = len(about) == 1 and len(about[0].split()) <= NAME_WORDS
        found.append(about[0] if short else "")
    return found


def own_terms(sides: Sequence[str]) -> list[frozenset[str]]:
    """The terms of each side that are not those of all sides."""
    named = [frozenset(content_terms(side)) for side in sides]
    shared = frozenset.intersection(*named) if named else frozenset()
    return [one - shared for one in named]


def _encodable(text: str) -> str:
    """The text without lone surrogates, which a saved conversation may contain."""
    return text.encode(errors="replace").decode()


def _before(words: str) -> str:
    """A side that ends where its words end: the name at their end, if they end in one."""
    side = _plain(words)
    name = re.search(rf"(?<!\S){_NAME}$", side)
    return name[0] if name else side


def _after(words: str) -> str:
    """A side that begins where its words begin: the name at their beginning, if it is one."""
    side = _plain(words)
    name = re.match(rf"(?:the )?{_NAME}(?= |$)", side)
    return name[0] if name else side


def _plain(words: str) -> str:
    """The words without an auxiliary verb before them and without comparatives around them."""
    plain = re.sub(rf"(?i)^(?:{_BE} )?(?:there )?(?:{MORE} )?|(?: {MORE})$", "", words.strip())
    return plain or words.strip()
