"""Finds whose claim a quote is, from the attributions of its article."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice

from pullquote.answers.asked_speech import AskedSpeech, asked_speech
from pullquote.attribution import attribute
from pullquote.schema import Article, Attribution, Question, Speaker
from pullquote.schema.attribution import Manner, Range
from pullquote.terms import terms

_PART = 20_000
"""In characters. Only the part of a long article around a quote is read, so that a book does not
delay an answer."""

_CACHED = 128
"""Maximum number of articles whose attributions are cached."""

_COVERED = 0.9
"""A claim covers a quote if it has this share of its characters."""
_MOSTLY = 0.5
_SHORT = 20
"""In characters. A shorter claim is often "it" or "the account", so the words before say which."""
_BEFORE = 300
_APPOSITION = 60
"""In characters. What follows a name in commas may say who it is: "Ida Roe, the mayor,"."""
_MOST_NAMED = 20
_PRONOUNS = frozenset("he she it they we who which".split())
_OPENING = "\"“„«‘'"
_CLOSING = "\"”“»’'"
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


@dataclass(frozen=True, slots=True)
class _ArticlePart:
    """A part of an article; equal if it is the same part of the same text."""

    id: str
    version: str
    text: str
    number: int
    article: Article = field(compare=False)


def attributions_near(article: Article, position: int) -> tuple[Attribution, ...]:
    """The attributions of an article, or of the part of a long article around a position."""
    return _attributions(
        _ArticlePart(article.id, article.version, article.text, position // _PART, article)
    )


@lru_cache(maxsize=_CACHED)
def _attributions(part: _ArticlePart) -> tuple[Attribution, ...]:
    low, high = (part.number - 1) * _PART, (part.number + 2) * _PART
    blocks = tuple(
        block.model_copy(update={"start": max(low, block.start), "end": min(high, block.end)})
        for block in part.article.blocks
        if block.start < high and low < block.end
    )
    return tuple(attribute(part.article.model_copy(update={"blocks": blocks})))


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
        manner=claim.manner,
        cue=claim.cue[0] if claim.cue else None,
        direct=claim.direct or _in_quote_marks(article.text, cut),
        via=claim.via,
    )


def _speaker(article: Article, claim: Attribution) -> Speaker | None:
    """The source of a claim; for an unnamed "it", the source of the claim before."""
    if not claim.source:
        return None
    start, end = claim.source[0]
    if claim.speaker is None and article.text[start:end].lower() in _PRONOUNS:
        start, end = _source_before(article, start) or (start, end)
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
    if question is not None and asked.who:
        made = [one for one in near if names_source(one, cut)]
        if made:
            return max(made, key=lambda one: claim_match(article, one, question, asked.manner))
    near = tuple(one for one in near if one.direct or one.manner != "other")
    shares = [(_share(one.content, cut), one) for one in near]
    covering = [one for share, one in shares if share >= _COVERED]
    if covering:
        by_asked = [one for one in covering if is_speaker(article, one, asked.speaker)]
        return min(by_asked or covering, key=lambda one: _length(one.content))
    best = max(shares, key=lambda pair: pair[0], default=(0.0, None))
    return best[1] if best[0] >= _MOSTLY else None


def names_source(claim: Attribution, cut: range) -> bool:
    """Whether a range names the source of a claim, or a part of it does."""
    return _overlap(claim.source, cut) > 0


def claims_words(claim: Attribution, cut: range) -> bool:
    """Whether most of a range is the words of a claim."""
    return _share(claim.content, cut) >= _MOSTLY


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
        name = re.escape(claim.speaker)
        near_name = re.finditer(rf"\w*[ ]?{name}(?:, [^,.;]{{,{_APPOSITION}}}[,.;])?", article.text)
        texts += [found[0] for found in islice(near_name, _MOST_NAMED)]
    return {word for text in texts for word in re.findall(r"\w+", text.lower())}


def claim_match(
    article: Article, claim: Attribution, question: Question, manner: Manner | None
) -> float:
    """How well a claim matches what a question says about it, from 0 to 2.

    This is the share of the question's terms in the claim, and 1 if the manner agrees. "He denied
    it" is read with the sentence before.
    """
    ranges = [*claim.cue, *claim.content]
    if _length(claim.content) < _SHORT:
        start = ranges[0][0]
        ranges.append((max(0, start - _BEFORE), start))
    text = " ".join(article.text[low:high] for low, high in ranges)
    share = question.share_in(frozenset(terms(text)))
    return share + float(manner is not None and claim.manner in _AGREEING.get(manner, {manner}))


def speaker_of(article: Article, start: int, end: int) -> str | None:
    """The name of who says the words of a range; None if that is the paper, or has no name.

    Two articles whose words have the same speaker are not independent of each other.
    """
    claim = attribution_of(article, range(start, end))
    return None if claim is None else claim.speaker


def _share(ranges: Sequence[Range], cut: range) -> float:
    """The share of a range that some ranges cover."""
    return _overlap(ranges, cut) / max(1, len(cut))


def _overlap(ranges: Sequence[Range], cut: range) -> int:
    """The number of characters of a range that some ranges cover."""
    return sum(max(0, min(high, cut.stop) - max(low, cut.start)) for low, high in ranges)


def _length(ranges: Sequence[Range]) -> int:
    return sum(high - low for low, high in ranges)
