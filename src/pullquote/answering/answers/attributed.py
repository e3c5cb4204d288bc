"""Finds whose claim a quote is, from the attributions of its article."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice

from pullquote.answering.answers.asked_speech import AskedSpeech, asked_speech
from pullquote.english.attribution import attribute
from pullquote.english.terms import terms
from pullquote.english.word_lists import SOURCE_PRONOUNS
from pullquote.schema import Article, Attribution, Question, Speaker
from pullquote.schema.attribution import Manner, Range

_REACH = 120
"""In characters. So much text before and after a quote is read."""
_MEASURE = re.compile(r"\d[\d.,]*-[^\W\d_]+")
_BEFORE_MEASURE = re.compile(r"(?i)(?<!was )(?<!is )\b(?:the|its|their)\s(?:[^\W\d_]+\s)?$")
_IN_ASIDE = re.compile(r", (?:after|before|as)\s[^,.;:]*$")
_ASIDE_ENDS = re.compile(r"[^,.;:]*, ")


def takes_for_granted(text: str, claim: Attribution, cut: range) -> bool:
    """Whether a claim in the paper's words takes a range of the text for granted.

    It is so for "the 14-mile road", and for asides in commas such as ", after a hearing in March,".
    """
    holding = next(
        ((low, high) for low, high in claim.content if low <= cut.start and cut.stop <= high), None
    )
    if claim.direct or holding is None:
        return False
    before = text[max(holding[0], cut.start - _REACH) : cut.start]
    after = text[cut.stop : min(holding[1], cut.stop + _REACH)]
    if _MEASURE.match(text, cut.start) and _BEFORE_MEASURE.search(before):
        return True
    return _IN_ASIDE.search(before) is not None and _ASIDE_ENDS.match(after) is not None


MOSTLY = 0.5
"""A claim is about a quote if it has this share of its characters."""

_PART = 20_000
"""In characters. Only the part of a long article around a quote is read, so that a book does not
delay an answer."""

_CACHED = 64
"""Maximum number of articles whose attributions are cached."""


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


def names_source(claim: Attribution, cut: range) -> bool:
    """Whether a range names the source of a claim, or a part of it does."""
    return _overlap(claim.source, cut) > 0


def claims_words(claim: Attribution, cut: range) -> bool:
    """Whether most of a range is the words of a claim."""
    return share_of(claim.content, cut) >= MOSTLY


def share_of(ranges: Sequence[Range], cut: range) -> float:
    """The share of a range that some ranges cover."""
    return _overlap(ranges, cut) / max(1, len(cut))


def _overlap(ranges: Sequence[Range], cut: range) -> int:
    """The number of characters of a range that some ranges cover."""
    return sum(max(0, min(high, cut.stop) - max(low, cut.start)) for low, high in ranges)


def length_of(ranges: Sequence[Range]) -> int:
    """The number of characters in some ranges."""
    return sum(high - low for low, high in ranges)


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


_COVERED = 0.9
"""A claim covers a quote if it has this share of its characters."""
_PRONOUNS = SOURCE_PRONOUNS - {"i"}
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
