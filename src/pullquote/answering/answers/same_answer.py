"""Decides whether two spans give the same answer."""

from __future__ import annotations

import re

from pullquote.english.sentences import sentence_around
from pullquote.english.values.name_form import CHANGES_WHO
from pullquote.english.values.words import normalise
from pullquote.schema import Span


def say_the_same(one: Span, other: Span) -> bool:
    """Whether two spans give the same answer.

    They do if their words are equal, or if they overlap in one article or in a sentence that two
    articles share. They also do if one is a full name and the other a longer name that ends in it:
    "Surachate Hakparn", "Pol Gen Surachate Hakparn". A surname alone means the same person only
    within one article.
    """
    if one.whole_sentence != other.whole_sentence:
        return False
    here, there = normalise(one.text), normalise(other.text)
    if (here or one.text) == (there or other.text) or _overlap(one, other):
        return True
    shorter, longer = sorted((one, other), key=lambda span: len(span.text))
    name, titled = normalise(shorter.text).split(), normalise(longer.text).split()
    least = 1 if _article(one) == _article(other) else 2
    return (
        least <= len(name) < len(titled)
        and titled[-len(name) :] == name
        and titled[-len(name) - 1] not in CHANGES_WHO
        and _is_name(shorter.text)
        and _is_name(longer.text)
    )


def _is_name(words: str) -> bool:
    """Whether every word begins with a capital letter, as in names with titles."""
    found = re.findall(r"\w+", words)
    return bool(found) and all(word[0].isupper() for word in found)


def _article(span: Span) -> str:
    return span.hit.passage.article


def _overlap(one: Span, other: Span) -> bool:
    """Whether two spans overlap in one article, or in a sentence that two articles share."""
    if _article(one) == _article(other):
        left, right = one.hit.passage.start, other.hit.passage.start
    elif one.text in other.hit.passage.text or other.text in one.hit.passage.text:
        (here, first), (there, second) = _sentence(one), _sentence(other)
        if here != there:
            return False
        left, right = -first, -second
    else:
        return False
    return left + one.start < right + other.end and right + other.start < left + one.end


def _sentence(span: Span) -> tuple[str, int]:
    """The whole sentences that a span touches, and their start in the passage."""
    text = span.hit.passage.text
    start, end = sentence_around(text, span.start, span.end, span.hit.article.language)
    return text[start:end], start
