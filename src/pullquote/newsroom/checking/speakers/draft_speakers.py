"""Finds whom a draft gives as the speaker of each of its quotations."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence

from pullquote.answering.answers.attributed import attribution_of, attributions_near
from pullquote.english.sentences import sentence_spans
from pullquote.english.word_lists import SOURCE_PRONOUNS
from pullquote.newsroom.checking.drafts.quotations import (
    QUOTED_LINE,
    DraftQuotation,
    attribution_line,
    draft_of,
)
from pullquote.newsroom.checking.matching.candidates import ReadArticle
from pullquote.newsroom.checking.matching.finding import (
    ArticleRange,
    place_left_out,
    places_between,
)
from pullquote.newsroom.checking.matching.matching import Match
from pullquote.newsroom.checking.speakers.claims import (
    full_names,
    may_be_same,
    speech_in,
    speech_in_draft,
)
from pullquote.schema import Article, Attribution, Block, Role
from pullquote.schema.attribution import Range

_CONTEXT = 1500
"""In characters. What a draft says so far before a quotation may tell who "she" is."""
_SHOWN = 300
"""In characters: how much of a block quote is read together with what introduces it, and how much
of the paragraphs beside it."""
_INTRODUCES = re.compile(
    r"(?:[:,—–]|\b(?:said|says|wrote|writes|put it|told [\w ]{1,40}|added|replied|explained)[.:]?)"
    r"[\s*_]*$"
)
_MARKUP = re.compile(r"[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}")


def speaker_in(draft: Article, quotation: DraftQuotation) -> str | None:
    """The name of the speaker of a quotation in a draft; None if the draft does not say it."""
    if quotation.is_block:
        return _speaker_of_block(draft, quotation)
    if quotation.unclosed_at is not None:
        return _speaker_of_unclosed(draft, quotation)
    return speech_in_draft(draft, quotation.start, quotation.end).name


def _speaker_of_unclosed(draft: Article, quotation: DraftQuotation) -> str | None:
    """The speaker, read as if the mark that is missing stood at the end of the quotation."""
    low, high = max(0, quotation.start - _CONTEXT), quotation.end + _SHOWN
    before, words = draft.text[low : quotation.start], draft.text[quotation.start : quotation.end]
    closed = draft_of(f"{before}{words}”{draft.text[quotation.end : high]}")
    return speech_in(closed, len(before), len(before) + len(words)).name


def _speaker_of_block(draft: Article, quotation: DraftQuotation) -> str | None:
    """The speaker that the line below a block quote names, or the sentence that introduces it."""
    first, last = _group(draft, quotation)
    below = _line_below(draft, quotation, last)
    if below is not None:
        return below
    above = draft.blocks[first - 1] if first else None
    if above is None or _INTRODUCES.search(_text(draft, above)) is None:
        return None
    return _introduced(draft, above, quotation)


def _group(draft: Article, quotation: DraftQuotation) -> tuple[int, int]:
    """The first and the last paragraph of the block quote to which a paragraph belongs."""
    blocks = draft.blocks
    first = last = bisect_right(blocks, quotation.start, key=lambda block: block.start) - 1
    while first > 0 and blocks[first - 1].role is Role.QUOTATION:
        first -= 1
    while last + 1 < len(blocks) and blocks[last + 1].role is Role.QUOTATION:
        last += 1
    return first, last


def _line_below(draft: Article, quotation: DraftQuotation, last: int) -> str | None:
    """The name in a line that ends a block quote, or in the caption or line below it."""
    lines = _text(draft, draft.blocks[last]).splitlines()
    following = draft.blocks[last + 1] if last + 1 < len(draft.blocks) else None
    below = "" if following is None else _text(draft, following)
    if following is not None and following.role is Role.CAPTION:
        below = f"— {below.lstrip('-—– ')}"
    found = (attribution_line(line) for line in (lines[-1] if lines else "", below))
    return next((name for name in found if name is not None), None)


def _introduced(draft: Article, above: Block, quotation: DraftQuotation) -> str | None:
    """The speaker of a block quote, read as if it stood in quote marks after its introduction."""
    before = _MARKUP.sub("", draft.text[max(0, above.end - _CONTEXT) : above.end].rstrip())
    words = " ".join(quotation.text[:_SHOWN].split())
    read = draft_of(f"{before} “{words}”")
    name = speech_in(read, len(before) + 2, len(before) + 2 + len(words)).name
    if name is not None or not before.endswith(":"):
        return name
    spans = sentence_spans(before)
    names = full_names(before[spans[-1][0] :]) if spans else []
    return names[0] if len(names) == 1 else None


def _text(draft: Article, block: Block) -> str:
    """The end of a block's text, without what begins the lines of a block quote."""
    start = max(block.start, block.end - _SHOWN)
    return QUOTED_LINE.sub("", draft.text[start : block.end]).strip()


def leaves_out_only_speakers(read: ReadArticle, match: Match) -> bool:
    """Whether each clause that a quotation leaves out only says who speaks."""
    return all(
        _says_who_speaks(read.article, clause) and _knows_both(read.article, before, after)
        for before, clause, after in _clauses(read, match)
    )


def speakers_apart(read: ReadArticle, match: Match) -> tuple[str, str] | None:
    """The two people who say the words on both sides of a clause that was left out; or None."""
    for before, _, after in _clauses(read, match):
        one, other = _claim(before), _claim(after)
        if one is not None and other is not None and not _is_same(one, other):
            return _name(read.article, one), _name(read.article, other)
    return None


def _clauses(
    read: ReadArticle, match: Match
) -> Iterable[tuple[ArticleRange, ArticleRange, ArticleRange]]:
    """The words before each clause that was left out, the clause, and the words after it."""
    places = places_between(read, match)
    gaps = [one for one in match.left_out if one.mark.kind != "bracket"]
    for before, gap, after in zip(places, gaps, places[1:], strict=False):
        if gap.mark.kind == "clause":
            yield before, place_left_out(read, gap), after


def _claim(place: ArticleRange) -> Attribution | None:
    claim = attribution_of(place.article, range(place.start, place.end))
    return claim if claim is not None and claim.source else None


def _says_who_speaks(article: Article, clause: ArticleRange) -> bool:
    """Whether a clause has the words that say who speaks, and nothing else that anybody says."""
    near = attributions_near(article, clause.start)
    cut = range(clause.start, clause.end)
    named = any(_meets(cut, [*one.cue, *one.source]) for one in near if one.direct)
    return named and not any(_meets(cut, one.content) for one in near)


def _meets(cut: range, ranges: Sequence[Range]) -> bool:
    """Whether a range has characters of some other ranges."""
    return any(low < cut.stop and cut.start < high for low, high in ranges)


def _knows_both(article: Article, before: ArticleRange, after: ArticleRange) -> bool:
    """Whether it is known that one person says both, or that two people do."""
    one, other = _claim(before), _claim(after)
    if one is None or other is None:
        return False
    return _is_same(one, other) or not _may_be_same(article, one, other)


def _is_same(one: Attribution, other: Attribution) -> bool:
    """Whether two claims surely have one source."""
    if one.source == other.source:
        return True
    if one.speaker is None or other.speaker is None:
        return False
    return may_be_same(one.speaker, other.speaker)


def _may_be_same(article: Article, one: Attribution, other: Attribution) -> bool:
    """Whether two claims with different sources may be one person's: one has no name of its own."""
    if one.speaker is not None and other.speaker is not None:
        return False
    return any(_source(article, each).lower() in SOURCE_PRONOUNS for each in (one, other))


def _source(article: Article, claim: Attribution) -> str:
    return " ".join(article.text[low:high] for low, high in claim.source)


def _name(article: Article, claim: Attribution) -> str:
    return claim.speaker or _source(article, claim)
