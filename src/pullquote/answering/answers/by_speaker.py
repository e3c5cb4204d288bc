"""Orders candidates by who says their words, for questions about what is said."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pullquote.answering.answers.asked_speech import AskedSpeech, asked_speech
from pullquote.answering.answers.attributed import (
    attributions_near,
    claims_words,
    is_asked,
    is_speaker,
    names_source,
    terms_shared,
)
from pullquote.answering.answers.ranking import RankedCandidate
from pullquote.english.sentences import sentence_around
from pullquote.schema import Question, Span

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


SOURCE = 3.0
"""The log-odds for the source of the claim that is asked about.

Of 66 held-out questions of the newsroom such as "who denied it?", none was answered worse; weights
that grew with the match of any claim cost 1 to 8 answers.
"""

SPEAKER = 2.0
"""The log-odds for a claim of the speaker who is asked about.

With 4 and a `TOPIC` of 3, two more of 46 questions over running stories were answered rightly, but
five of 45 over news articles wrongly.
"""

TOPIC = 1.0
"""The log-odds, in addition, for such a claim that has all terms of the question."""


def by_speaker(ranked: list[RankedCandidate], question: Question) -> list[RankedCandidate]:
    """The candidates in a better order, if the question asks who said something, or what.

    If it asks who, words that name the source of that claim are preferred. If it asks what somebody
    said, claims of that speaker are preferred, the more of the question's terms they have, and
    sentences that name only other speakers come last.
    """
    asked = asked_speech(question.text)
    if not asked.who and not asked.speaker:
        return ranked
    scores = [one.logit + _support(one.candidate.best, question, asked) for one in ranked]
    others = _of_others(ranked, asked.speaker)
    order = sorted(range(len(ranked)), key=lambda at: (others[at], -scores[at]))
    return [ranked[at] for at in order]


def _of_others(ranked: Sequence[RankedCandidate], asked: str) -> list[bool]:
    """Whether the sentence of each candidate names only other speakers.

    All are False unless the sentence of one of them names the speaker who is asked about.
    """
    named = [named_speakers(one.candidate.best) if asked else frozenset() for one in ranked]
    known = any(asked in names for names in named)
    return [known and bool(names) and asked not in names for names in named]


def _support(span: Span, question: Question, asked: AskedSpeech) -> float:
    """The log-odds for a candidate that a claim of its article supports."""
    article, cut = span.hit.article, span.cut
    near = attributions_near(article, cut.start)
    if asked.who_manner is not None:
        claims = [one for one in near if names_source(one, cut)]
        right = any(is_asked(article, one, question, asked.who_manner) for one in claims)
        return SOURCE * right
    claims = [one for one in near if claims_words(one, cut)]
    if not any(is_speaker(article, one, asked.speaker) for one in claims):
        return 0.0
    return SPEAKER + TOPIC * max(terms_shared(article, one, question) for one in claims)
