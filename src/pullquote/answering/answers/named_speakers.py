"""Finds the names of speakers in a sentence, by the verbs beside them."""

from __future__ import annotations

import re

from pullquote.english.sentences import sentence_around
from pullquote.schema import Span

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


def named_speakers(span: Span) -> frozenset[str]:
    """The words, in lower case, of the names that the sentence of a span gives as speakers."""
    text = span.hit.passage.text
    start, end = sentence_around(text, span.start, span.end, span.hit.article.language)
    names = (match["before"] or match["after"] for match in _SPEAKER.finditer(text, start, end))
    return frozenset(word for name in names for word in re.findall(r"\w+", name.lower())) - _NO_NAME
