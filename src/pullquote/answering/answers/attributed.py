"""Finds whose claim a quote is, from the attributions of its article."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pullquote.answering.answers.article_claims import (
    MOSTLY,
    attributions_near,
    length_of,
    names_source,
    share_of,
)
from pullquote.answering.answers.asked_speech import AskedSpeech, asked_speech
from pullquote.answering.answers.claim_match import is_speaker, match_of
from pullquote.answering.answers.presupposed import takes_for_granted
from pullquote.schema import Article, Attribution, Question, Speaker
from pullquote.schema.attribution import Manner, Range

_COVERED = 0.9
"""A claim covers a quote if it has this share of its characters."""
_BEFORE = 300
"""In characters. A source that "it" means is described at most so far before."""
_PRONOUNS = frozenset("he she it they we who which".split())
_OFFICE = re.compile(
    r"[.!?\n]\s+([Tt]he (?:[a-z-]+ ){0,3}?"
    r"(?:court|ministry|commission|council|committee|agency|board|government|panel|tribunal)"
    r"(?: of [a-z]+)?) (?!of\b)[a-z]"
)
"""An office without a name, as the first words of a sentence: "The court of audit met"."""
_OPENING = "\"“„«‘'"
_CLOSING = "\"”“»’'"

_NO_PART = re.compile(r"(?i)\b(?:nothing to do with|not (?:involved|responsible|to blame))\b")
_NEGATED = re.compile(
    r"[\"“„«‘']?(?i:there (?:is|was|are|were|has been|had been) (?:no|never)\b|nobody|no one|none|"
    r"nothing|not|never|no\b|(?:i|we|it|he|she|they) (?:\w+ )?(?:not|never|\w+n['’]t)\b)"
)
"""How words begin that say that something is not so: "There was no fault", "We did not know"."""


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose claim a quote is, as the fields of a citation; all None for the paper's reporting."""

    speaker: Speaker | None = None
    manner: Manner | None = None
    cue: Range | None = None
    direct: bool | None = None
    via: str | None = None


def whose(article: Article, cut: range, question: Question | None = None) -> Whose:
    """Whose claim a range of an article is; see `attribution_of`."""
    claim = attribution_of(article, cut, question)
    if claim is None:
        return Whose()
    return Whose(
        speaker=_speaker(article, claim),
        manner="denied" if _denies(article, claim, question) else claim.manner,
        cue=claim.cue[0] if claim.cue else None,
        direct=claim.direct or _in_quote_marks(article.text, cut),
        via=claim.via,
    )


def _denies(article: Article, claim: Attribution, question: Question | None) -> bool:
    """Whether who says that something is not so denies it, as the question puts it."""
    if question is None or claim.manner != "said":
        return False
    asked = asked_speech(question.text)
    denial = asked.who_manner == "denied" or (asked.who and _NO_PART.search(question.text))
    start = claim.content[0][0]
    return bool(denial and _NEGATED.match(article.text, start))


def _speaker(article: Article, claim: Attribution) -> Speaker | None:
    """The source of a claim; for an unnamed "it", the source of the claim before."""
    if not claim.source:
        return None
    start, end = claim.source[0]
    if claim.speaker is None and article.text[start:end].lower() in _PRONOUNS:
        earlier = [_source_before(article, start), _office_before(article.text, start, end)]
        start, end = max((one for one in earlier if one is not None), default=(start, end))
    name = article.text[start:end]
    return Speaker(name=name, start=start, end=end, canonical=claim.speaker)


def _source_before(article: Article, position: int) -> Range | None:
    """The last source without a name that is described shortly before a position."""
    near = attributions_near(article, position)
    sources = (one.source[0] for one in reversed(near) if one.source and one.speaker is None)
    return next(
        (
            (start, end)
            for start, end in sources
            if position - _BEFORE <= start < position
            and article.text[start:end].lower() not in _PRONOUNS
        ),
        None,
    )


def _office_before(text: str, start: int, end: int) -> Range | None:
    """The office that "it" means: the subject of a sentence shortly before a pronoun."""
    if text[start:end].lower() != "it":
        return None
    found = [match.span(1) for match in _OFFICE.finditer(text, max(0, start - _BEFORE), start)]
    return found[-1] if found else None


def _in_quote_marks(text: str, cut: range) -> bool:
    """Whether quote marks enclose exactly these words, apart from a comma or a full stop."""
    before = text[max(0, cut.start - 1) : cut.start + 1]
    after = text[max(cut.start, cut.stop - 1) : cut.stop + 2]
    return any(mark in before for mark in _OPENING) and any(mark in after for mark in _CLOSING)


def attribution_of(
    article: Article, cut: range, question: Question | None = None
) -> Attribution | None:
    """Whose claim a range of an article is; None if it is the paper's own reporting.

    It is the innermost claim that covers the range, or else the one that covers most of it. If the
    question asks for a speaker, it is the claim that the range names as its source.
    """
    near = attributions_near(article, cut.start)
    asked = AskedSpeech() if question is None else asked_speech(question.text)
    manner = asked.who_manner
    if question is not None and manner is not None:
        made = [one for one in near if names_source(one, cut)]
        if made:
            return max(made, key=lambda one: match_of(article, one, question, manner))
    near = tuple(one for one in near if one.direct or one.manner != "other")
    near = tuple(one for one in near if not takes_for_granted(article.text, one, cut))
    shares = [(share_of(one.content, cut), one) for one in near]
    covering = [one for share, one in shares if share >= _COVERED]
    if covering:
        by_asked = [one for one in covering if is_speaker(article, one, asked.speaker)]
        claims = by_asked or covering
        claims = [one for one in claims if not _is_repeated(one)] or claims
        return min(claims, key=lambda one: length_of(one.content))
    best = max(shares, key=lambda pair: pair[0], default=(0.0, None))
    return best[1] if best[0] >= MOSTLY else None


def _is_repeated(claim: Attribution) -> bool:
    """Whether a claim is part of another by the same speaker: "Ida Roe said she expected rain"."""
    return claim.manner == "believed" and claim.speaker is not None and claim.speaker == claim.via


def speaker_of(article: Article, start: int, end: int) -> str | None:
    """The name of who says the words of a range; None if that is the paper, or has no name.

    Two articles whose words have the same speaker are not independent of each other.
    """
    claim = attribution_of(article, range(start, end))
    return None if claim is None else claim.speaker
