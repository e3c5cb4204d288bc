"""Splits an article into passages: windows of whole sentences within one role."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from pullquote.base.cancellation import OutOfTime, cpu_limit
from pullquote.english.sentences import sentence_spans, trim
from pullquote.schema import Article, Block, Passage, Role, day_of
from pullquote.schema.errors import ArticleError

CountTokens = Callable[[Sequence[str]], list[int]]
"""Counts the encoder tokens of each text, special tokens not included."""

REPORTED_ROLES = frozenset(
    {Role.STANDFIRST, Role.BODY, Role.CAPTION, Role.QUOTATION, Role.CORRECTION}
)
"""The roles of blocks that report news, unlike headlines, bylines and comments."""

STRETCH = 1.25
"""A window may reach this many times its budget, to avoid a tiny last window."""

CHARS_PER_TOKEN = 8
"""Text without sentence ends is cut at this many characters for each allowed token.

English has 4 to 5 characters a token. An unbroken string of a million letters counts as one token.
"""


@dataclass(frozen=True, slots=True)
class _CountedSentence:
    start: int
    end: int
    tokens: int


def searched_roles(article: Article) -> frozenset[Role]:
    """The roles that are searched for answers.

    Bylines are metadata, and boilerplate is not part of the article. A headline is already the
    context of every passage. As a passage of its own, it would crowd out the text below it
    (docs/explanation/benchmarks). So headlines are searched only in articles that report nothing
    else.
    """
    reports = any(block.role in REPORTED_ROLES for block in article.blocks)
    return REPORTED_ROLES | {Role.COMMENT} | (frozenset() if reports else {Role.HEADLINE})


def split_passages(
    article: Article,
    *,
    count_tokens: CountTokens,
    budget: int,
    overlap: int,
    seconds: float = math.inf,
) -> list[Passage]:
    """The passages of an article, in order; none if no block has a searched role.

    A window is about `budget` tokens long and shares `overlap` sentences with the next one. Every
    character of a searched role that is not white space is in at least one passage.

    Raises:
        ArticleError: it takes more than `seconds` of CPU time.
    """
    try:
        with cpu_limit(seconds):
            return [
                _passage(article, run, window[0].start, window[-1].end)
                for run in _block_runs(article)
                for window in _windows(
                    _sentences(article, run, count_tokens, budget), budget=budget, overlap=overlap
                )
            ]
    except OutOfTime:
        reason = f"it takes more than {seconds:g} seconds to split into passages (limits.seconds)"
        raise ArticleError(article.id, reason, version=article.version) from None


def embedding_text(passage: Passage) -> str:
    """The text that is embedded for a passage: its context and its text."""
    return f"{passage.context}\n{passage.text}"


def passage_id(article: str, role: Role, start: int, end: int) -> int:
    """A 63-bit number derived from a passage's position; the same on every machine."""
    place = f"{article}\x1f{role}\x1f{start}\x1f{end}".encode()
    return int.from_bytes(hashlib.sha256(place).digest()[:8]) >> 1


def _passage(article: Article, run: _BlockRun, start: int, end: int) -> Passage:
    return Passage(
        id=passage_id(article.id, run.role, start, end),
        article=article.id,
        role=run.role,
        start=start,
        end=end,
        text=article.text[start:end],
        context=_context(article, run.author),
    )


def _context(article: Article, author: str | None) -> str:
    """The headline and the day; for a comment, its author comes first."""
    day = day_of(article.published)
    headline = f"{article.title} ({day:%d %B %Y})" if day is not None else article.title
    return f"{author}: {headline}" if author is not None else headline


@dataclass(frozen=True, slots=True)
class _BlockRun:
    """Neighbouring blocks with the same role and author. No passage extends beyond such a run.

    A block with an uncertain layout is a run of its own. No run has recognised text and other text.
    """

    role: Role
    author: str | None
    start: int
    end: int


def _block_runs(article: Article) -> Iterator[_BlockRun]:
    def voice(block: Block) -> tuple[Role, str, bool]:
        # Two adjacent comments without an author may be by different people.
        unnamed = block.role is Role.COMMENT and block.author is None
        alone = unnamed or block.layout is not None
        speaker = str(block.start) if alone else f"{block.author}\x1f{block.time}"
        return block.role, speaker, block.recognised is not None

    searched = searched_roles(article)
    for (role, *_), blocks in groupby(article.blocks, key=voice):
        if role in searched:
            run = list(blocks)
            yield _BlockRun(role, run[0].author, run[0].start, run[-1].end)


def _sentences(
    article: Article, run: _BlockRun, count_tokens: CountTokens, budget: int
) -> list[_CountedSentence]:
    """The sentences of a run, in article offsets. A sentence that is too long is cut."""
    limit = int(budget * STRETCH)
    spans = [
        piece
        for left, right in sentence_spans(article.text[run.start : run.end], article.language)
        for piece in _cut(
            article.text, run.start + left, run.start + right, limit * CHARS_PER_TOKEN
        )
    ]
    counts = count_tokens([article.text[left:right] for left, right in spans])
    found: list[_CountedSentence] = []
    for (left, right), tokens in zip(spans, counts, strict=True):
        if tokens <= limit:
            found.append(
                _CountedSentence(left, right, max(tokens, (right - left) // CHARS_PER_TOKEN))
            )
        else:
            found += _halve(article.text, left, right, count_tokens, limit)
    return found


def _halve(
    text: str, start: int, end: int, count_tokens: CountTokens, limit: int
) -> list[_CountedSentence]:
    """Split a range into pieces of at most `limit` tokens, by halving it until they fit."""
    [tokens] = count_tokens([text[start:end]])
    if tokens <= limit or end - start < 2:
        return [_CountedSentence(start, end, tokens)]
    halves = _cut(text, start, end, (end - start + 1) // 2)
    return [part for half in halves for part in _halve(text, *half, count_tokens, limit)]


def _cut(text: str, start: int, end: int, size: int) -> list[tuple[int, int]]:
    """Cut a range into trimmed pieces of at most `size` characters, at white space if possible."""
    pieces: list[tuple[int, int]] = []
    while end - start > size:
        space = max(
            text.rfind(" ", start + 1, start + size), text.rfind("\n", start + 1, start + size)
        )
        at = space if space > start else start + size
        pieces.append(trim(text, start, at))
        start = at
        while start < end and text[start].isspace():
            start += 1
    pieces.append((start, end))
    return [piece for piece in pieces if piece[0] < piece[1]]


def _windows(
    sentences: Sequence[_CountedSentence], *, budget: int, overlap: int
) -> Iterator[Sequence[_CountedSentence]]:
    first, reached = 0, -1
    while reached + 1 < len(sentences):
        last = _last_within(sentences, first, budget)
        if last > reached:  # otherwise the previous window contains it
            yield sentences[first : last + 1]
        reached = last
        first = max(first + 1, last + 1 - overlap)


def _last_within(sentences: Sequence[_CountedSentence], first: int, budget: int) -> int:
    """The index of the last sentence of the window that begins at `first`."""
    total, last = 0, first
    for index in range(first, len(sentences)):
        total += sentences[index].tokens
        if total <= budget:
            last = index
        if total > budget * STRETCH:
            return last
    return len(sentences) - 1
