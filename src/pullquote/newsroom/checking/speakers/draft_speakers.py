"""Finds whom a draft gives as the speaker of each of its quotations."""

from __future__ import annotations

import re
from bisect import bisect_right

from pullquote.english.sentences import sentence_spans
from pullquote.newsroom.checking.drafts.attribution_lines import QUOTED_LINE, attribution_line
from pullquote.newsroom.checking.drafts.draft import draft_of
from pullquote.newsroom.checking.drafts.quotations import DraftQuotation
from pullquote.newsroom.checking.speakers.claims import full_names, speech_in, speech_in_draft
from pullquote.schema import Article, Block, Role

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
