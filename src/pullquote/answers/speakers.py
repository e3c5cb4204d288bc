"""Orders candidates by who says their words, for questions about what is said."""

from __future__ import annotations

from pullquote.answers.asked_speech import AskedSpeech, asked_speech
from pullquote.answers.attributed import (
    attributions_near,
    claim_match,
    claims_words,
    is_speaker,
    names_source,
)
from pullquote.answers.ranking import RankedCandidate
from pullquote.schema import Question, Span

MATCH = 3.0
"""The log-odds for a claim that has all words of the question, or the manner that it asks for."""

SPEAKER = 4.0
"""The log-odds for a claim of the speaker who is asked about."""


def by_speaker(ranked: list[RankedCandidate], question: Question) -> list[RankedCandidate]:
    """The candidates in a better order, if the question asks who said something, or what.

    If it asks who, words that name the source of a claim are preferred, the more the claim matches
    the question. If it asks what somebody said, claims of that speaker are preferred.
    """
    asked = asked_speech(question.text)
    if not asked.who and not asked.speaker:
        return ranked
    scores = [one.logit + _support(one.candidate.best, question, asked) for one in ranked]
    order = sorted(range(len(ranked)), key=lambda at: -scores[at])
    return [ranked[at] for at in order]


def _support(span: Span, question: Question, asked: AskedSpeech) -> float:
    """The log-odds for a candidate that a claim of its article supports."""
    article, cut = span.hit.article, span.cut
    near = attributions_near(article, cut.start)
    if not asked.who:
        claims = (one for one in near if claims_words(one, cut))
        return SPEAKER * any(is_speaker(article, one, asked.speaker) for one in claims)
    claims = (one for one in near if names_source(one, cut))
    matches = (claim_match(article, one, question, asked.manner) for one in claims)
    return MATCH * max(matches, default=0.0)
