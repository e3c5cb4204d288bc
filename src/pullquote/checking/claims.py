"""Compares who says quoted words in an article with who says them in a draft."""

from __future__ import annotations

from pullquote.answers.attributed import attribution_of
from pullquote.checking.finding import Place
from pullquote.speakers.names import may_be_one, speaker_key


def said_by(place: Place) -> str | None:
    """The name of who says the words of a place; None if the article names nobody."""
    claim = attribution_of(place.article, range(place.start, place.end))
    return None if claim is None else claim.speaker


def may_be_same(claimed: str, found: str) -> bool:
    """Whether two names may mean one speaker, such as "Mr Roe" and "Ida Roe"."""
    return speaker_key(claimed) == speaker_key(found) or may_be_one(claimed, found)
