"""Finds who says the words of a sentence, and whether that is the person who was asked about."""

from __future__ import annotations

import re

from pullquote.schema import Span
from pullquote.sentences import sentence_around

_VERB = (
    r"(?:said|says|added|told|tells|warned|insisted|claimed|argued|admitted|explained|predicted"
    r"|denied|declared|commented|replied|responded|stated|complained|joked|conceded|believes"
    r"|thinks|acknowledged|hailed|praised|accused|attacked)"
)
_NAME = r"[A-Z][\w'’-]+(?: (?:[A-Z]\. )?[A-Z][\w'’-]+)*"
_ASIDE = r"(?:,? (?:who|of|for|from|a|an|the|aged)\b[^,.;:]*,| has| had| also)"
_SPEAKER = re.compile(
    rf"(?P<before>{_NAME}){_ASIDE}? {_VERB}\b|\b{_VERB} (?:[a-z]+ ){{0,3}}?(?P<after>{_NAME})"
)
_NO_NAME = frozenset(
    "he she they it we i you this that there his her their the a an of s mr mrs ms dr sir lord "
    "and in at for".split()
)
_ASKED = re.compile(
    r"(?i)^(?:and )?(?:what|how) (?:do|does|did|has|have|had|is|was) (?P<who>(?:[\w'’.-]+ ){1,5}?)"
    r"(?:say|said|saying|think|tell|call|claim|feel|believe|want|warn|predict|suggest|argue"
    r"|describe|reply|respond|react|advise|blame|promise|have to say)\b"
)


def asked_speaker(question: str) -> str:
    """The surname, in lower case, of who is asked about: "what did Ida Roe say?"; "" if unknown.

    It is the last word before the verb, which may also be a word such as "chief".
    """
    match = _ASKED.match(question)
    words = re.findall(r"\w+", match["who"].lower()) if match else []
    return words[-1] if words and words[-1] not in _NO_NAME else ""


def named_speakers(span: Span) -> frozenset[str]:
    """The words, in lower case, of the names that the sentence of a span gives as speakers."""
    text = span.hit.passage.text
    start, end = sentence_around(text, span.start, span.end, span.hit.article.language)
    names = (match["before"] or match["after"] for match in _SPEAKER.finditer(text, start, end))
    return frozenset(word for name in names for word in re.findall(r"\w+", name.lower())) - _NO_NAME
