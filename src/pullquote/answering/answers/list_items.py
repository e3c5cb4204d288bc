"""Collects the items of a list from the exact words that a reader found: "A, B and C"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pullquote.answering.answers.candidates import say_the_same
from pullquote.answering.answers.ranking import RankedCandidate, Ranking
from pullquote.answering.reader.spans import tidy
from pullquote.english.sentences import sentence_spans
from pullquote.english.values.names import is_name, is_part_of_name
from pullquote.schema import Question, Span

LONGEST_ITEM = 12
"""In words. A longer part between two commas is a clause, not an item."""

PAIR = 2
"""Two parts are an enumeration only if both are names."""

_JOINED = r"(?:and|or|as well as|plus|followed by)"
_COMMA = re.compile(rf"\s*[,;]\s+(?:{_JOINED}\s+)?")
_JOINT = re.compile(rf"\s+{_JOINED}\s+")
_SEPARATOR = re.compile(f"{_COMMA.pattern}|{_JOINT.pattern}")
_INTRODUCED = re.compile(r"[^,;]*?[,;–-]?\s*\b(?:including|such as|namely)\s+")
"""What comes before the items: "12 firms, including "."""

_AGE = re.compile(r"(?:aged )?\d{1,3}(?: years old)?")
_YEAR = re.compile(r"\d{4}\b")
_CLAUSE = re.compile(
    r"(?:who|which|whose|where|that|is|was|are|were|has|had|have|he|she|it|they|but|so|then)\b"
)
"""The first word of a part that is a clause. A span with such a part is no enumeration."""

_BRACKETS = frozenset("()[]{}")


def items(
    text: str, start: int, end: int, *, language: str = "en", pairs: bool = False
) -> list[tuple[int, int]]:
    """The items of the enumerations in a range, in order; the whole range if there are none.

    An enumeration is in one sentence. It has a comma and a conjunction, or several commas: "Marks
    and Spencer" and "Portland, Oregon" have one item. Two names joined by "and" are two items if
    both have several words or, with `pairs`, in any case. An age after a comma belongs to the name
    before it.
    """
    sentences = [(start + a, start + b) for a, b in sentence_spans(text[start:end], language)]
    if len(sentences) > 1:
        return [item for one in sentences for item in _of_sentence(text, *one, pairs=pairs)]
    return _of_sentence(text, start, end, pairs=pairs)


def _of_sentence(text: str, start: int, end: int, *, pairs: bool) -> list[tuple[int, int]]:
    """The items of the enumeration in a sentence, or the whole range, tidied."""
    introduced = _INTRODUCED.match(text, start, end)
    left = introduced.end() if introduced else start
    parts = list(_parts(text, left, end)) if _enumerates(text[left:end]) else []
    if introduced and not parts:
        parts = [(left, end)]
    parts = [part for part in parts if not _AGE.fullmatch(text[slice(*part)])]
    tidied = [tidy(text, *part) for part in parts]
    found = [one for one in tidied if one is not None and not _YEAR.match(text, one[0])]
    if found and len(found) == len(parts) and _are_items([text[a:b] for a, b in found], pairs):
        return found
    whole = tidy(text, start, end)
    return [] if whole is None else [whole]


def _enumerates(words: str) -> bool:
    """Whether words may enumerate items, to judge by their commas and conjunctions."""
    commas, joints = len(_COMMA.findall(words)), len(_JOINT.findall(words))
    several = (commas > 0 and commas + joints >= 2) or (commas, joints) == (0, 1)
    return several and _BRACKETS.isdisjoint(words)


def _are_items(parts: Sequence[str], pairs: bool) -> bool:
    """Whether the parts of an enumeration are items, and not clauses or the halves of a name."""
    if any(len(part.split()) > LONGEST_ITEM or _CLAUSE.match(part) for part in parts):
        return False
    long_enough = pairs or all(len(part.split()) > 1 for part in parts)
    return len(parts) != PAIR or (long_enough and all(map(is_name, parts)))


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    left = start
    for separator in _SEPARATOR.finditer(text, start, end):
        if separator.start() > left:
            yield _without_introduction(text, left, separator.start())
        left = separator.end()
    if left < end:
        yield _without_introduction(text, left, end)


def _without_introduction(text: str, start: int, end: int) -> tuple[int, int]:
    """The range without words such as "chains such as" at its beginning."""
    introduced = _INTRODUCED.match(text, start, end)
    return (introduced.end() if introduced else start), end


WITHIN_ARTICLE = 3.0
"""In log-odds. Words in the article of the first item are at most this much less likely than it."""

WITHIN_OTHERS = 2.0
"""The same for words in other articles. The limits were chosen on held-out lists."""

SETTLES_FROM = -3.0
"""In log-odds. The sentence of an item must be at least this likely to settle the question, unless
it is the first item's."""

NEARBY = 0.7
"""The passage of an item in another article has at least this share of what the first item's has of
the question's terms, weighted by rarity. Otherwise it is about something else."""

_ASKS_WHO_OR_WHERE = re.compile(
    r"(?i)\b(?:whom?|where|countr(?:y|ies)|governments?|states?|cit(?:y|ies)|towns?|villages?|places?"
    r"|days?|months?|people|(?:wo)?men|girls?|boys?|children|players?|act(?:or|ress)\w*|ministers?"
    r"|\w+(?:ers|ors|ists|ians)|teams?|nations?)\b"
)
"""Questions whose items are people, places or days, so that "Ghana and Malawi" are two items."""


def list_items(
    ranking: Ranking, question: Question, spans: Sequence[Span]
) -> list[RankedCandidate]:
    """The items of the best enumeration and of other words that are nearly as likely.

    If the first item is a name, so are all. Equal items of several articles are one answer, cited
    from each.
    """
    words = ranking.order(question, [span for span in spans if not span.whole_sentence])
    found: list[RankedCandidate] = []
    for one in words:
        if _may_be_item(one, words[0]):
            for span in one.candidate.spans:
                for item in _split(span, question) if _settles(span, words[0]) else ():
                    _add(found, item, one)
    if found and is_name(found[0].candidate.best.text):
        return [one for one in found if is_name(one.candidate.best.text)]
    return found


def _may_be_item(one: RankedCandidate, first: RankedCandidate) -> bool:
    """Whether words are nearly as likely as the first, and about the same thing."""
    this, best, behind = one.candidate, first.candidate, first.logit - one.logit
    if this.best.hit.passage.article == best.best.hit.passage.article:
        return behind <= WITHIN_ARTICLE
    near = this.features.overlap_nearby >= NEARBY * best.features.overlap_nearby
    return near and behind <= WITHIN_OTHERS


def _settles(span: Span, first: RankedCandidate) -> bool:
    """Whether the sentence of an item settles the question, or is as likely to as the first."""
    best = first.candidate.best.sentence_logit
    if span.sentence_logit is None or best is None:
        return True
    return span.sentence_logit >= min(SETTLES_FROM, best)


def _split(span: Span, question: Question) -> Iterator[Span]:
    """The items of an enumeration, or the span itself."""
    passage, language = span.hit.passage, span.hit.article.language
    pairs = _ASKS_WHO_OR_WHERE.search(question.text) is not None
    for start, end in items(passage.text, span.start, span.end, language=language, pairs=pairs):
        yield replace(span, start=start, end=end)


def _add(found: list[RankedCandidate], item: Span, part_of: RankedCandidate) -> None:
    """Add an item to the candidate that gives the same answer, or as a new candidate."""
    at = _same(found, item)
    if at is None:
        found.append(replace(part_of, candidate=replace(part_of.candidate, spans=(item,))))
        return
    one = found[at]
    spans = (*one.candidate.spans, item)
    found[at] = replace(one, candidate=replace(one.candidate, spans=spans))


def _same(found: Sequence[RankedCandidate], item: Span) -> int | None:
    """The position of the candidate that gives the same answer, in full or by a part of its name.

    If a surname is that of two candidates, it is neither.
    """
    for at, one in enumerate(found):
        if say_the_same(one.candidate.best, item):
            return at
    parts = [
        at for at, one in enumerate(found) if is_part_of_name(one.candidate.best.text, item.text)
    ]
    return parts[0] if len(parts) == 1 else None
