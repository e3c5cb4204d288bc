"""Decides whether a claim is the one that a question asks about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice

from pullquote.answering.answers.article_claims import MOSTLY, attributions_near, length_of
from pullquote.english.terms import terms
from pullquote.schema import Article, Attribution, Question
from pullquote.schema.attribution import Manner

_SHORT = 20
"""In characters. A shorter claim is often "it" or "the account", so the words before say which."""
_BEFORE = 300
"""In characters."""
_APPOSITION = 60
"""In characters. What follows a name in commas may say who it is: "Ida Roe, the mayor,"."""
_MOST_NAMED = 20
_AGREEING: Mapping[Manner, frozenset[Manner]] = {
    "said": frozenset({"said", "claimed", "announced", "according-to", "estimated"}),
    "claimed": frozenset({"claimed", "alleged", "said"}),
    "alleged": frozenset({"alleged", "accused", "claimed"}),
    "accused": frozenset({"accused", "alleged"}),
    "promised": frozenset({"promised", "agreed"}),
    "believed": frozenset({"believed", "estimated", "said"}),
    "estimated": frozenset({"estimated", "believed", "said"}),
    "announced": frozenset({"announced", "said"}),
}
"""The manners of claims that a question may mean with each manner; others mean themselves."""


def is_speaker(article: Article, claim: Attribution, asked: str) -> bool:
    """Whether a word in lower case names who makes a claim: a surname or a role."""
    return bool(asked) and asked in _speaker_words(article, claim)


def _speaker_words(article: Article, claim: Attribution) -> set[str]:
    """The words, in lower case, of all sources that are the same speaker as that of a claim."""
    same = [claim]
    if claim.speaker is not None and claim.source:
        near = attributions_near(article, claim.source[0][0])
        same += [one for one in near if one.speaker == claim.speaker]
    ranges = [each for one in same for each in one.source]
    texts = [claim.speaker or "", *(article.text[low:high] for low, high in ranges)]
    if claim.speaker is not None:
        texts += islice(_introductions(article.text, claim.speaker), _MOST_NAMED)
    return {word for text in texts for word in re.findall(r"\w+", text.lower())}


def _introductions(text: str, name: str) -> Iterator[str]:
    """The words around each occurrence of a name that may say who it is: "the mayor", "Mayor"."""
    at = text.find(name)
    while at >= 0:
        end = at + len(name)
        yield " ".join(text[max(0, at - _APPOSITION) : at].split()[-1:])
        after = re.match(r", ([^,.;]*)[,.;]", text[end : end + _APPOSITION])
        yield after[1] if after else ""
        at = text.find(name, end)


def is_asked(article: Article, claim: Attribution, question: Question, manner: Manner) -> bool:
    """Whether a question asks about a claim: with most of its terms, and with its manner."""
    return _agrees(claim, manner) and terms_shared(article, claim, question) >= MOSTLY


def match_of(article: Article, claim: Attribution, question: Question, manner: Manner) -> float:
    """How well a claim matches what a question says about it, from 0 to 2."""
    return terms_shared(article, claim, question) + _agrees(claim, manner)


def _agrees(claim: Attribution, manner: Manner) -> bool:
    """Whether a claim is made in the manner that a question asks for."""
    return claim.manner in _AGREEING.get(manner, {manner})


def terms_shared(article: Article, claim: Attribution, question: Question) -> float:
    """The share of a question's terms in a claim and its cue, weighted by rarity.

    A short claim such as "it" is read with the words before.
    """
    ranges = [*claim.cue, *claim.content]
    if length_of(claim.content) < _SHORT:
        start = ranges[0][0]
        ranges.append((max(0, start - _BEFORE), start))
    text = " ".join(article.text[low:high] for low, high in ranges)
    return question.share_in(frozenset(terms(text)))
