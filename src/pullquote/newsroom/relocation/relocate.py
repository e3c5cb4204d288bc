"""Finds where a quotation stands in an article that was edited after it was quoted.

The rule is in docs/explanation/relocation.md. The words decide first, then the words around them.
If two places fit alike, none is chosen: a wrong place is worse than none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pullquote.newsroom.relocation.context import (
    Agreement,
    Context,
    Words,
    common_start,
    near_agreement,
    wide_agreement,
)
from pullquote.newsroom.relocation.edited_article import (
    QuotedWords,
    SearchableWords,
    WordRange,
    same_words,
    similar_words,
)
from pullquote.schema.arguments import check_kind, naming_arguments

_QUOTE_MARKS = "\"'`´‘’‚‛“”„‟«»‹›「」『』″′＂＇"
_DASHES = "-‐‑‒–—―−"


def with_marks(words: Words, place: WordRange, quote: str) -> tuple[int, int]:
    """The range of the words with the marks around them that the quotation has too."""
    text = words.text
    quoted = Words.of(quote)
    start, end = words.starts[place.first], words.ends[place.last - 1]
    leading, trailing = quote[: quoted.starts[0]], quote[quoted.ends[-1] :]
    start -= _shared(leading[::-1], text[max(0, start - 2 * len(leading) - 4) : start][::-1])
    end += _shared(trailing, text[end : end + 2 * len(trailing) + 4])
    return start, end


def _shared(marks: str, text: str) -> int:
    """The number of characters of the text that are these marks, as far as they agree.

    Any white space is the same, wherever it is between two marks.
    """
    at, shared = 0, 0
    for mark in marks:
        if mark.isspace():
            continue
        while at < len(text) and text[at].isspace():
            at += 1
        if at == len(text) or _folded(text[at]) != _folded(mark):
            break
        at += 1
        shared = at
    return shared


def _folded(mark: str) -> str:
    if mark in _QUOTE_MARKS:
        return '"'
    return "-" if mark in _DASHES else mark


_EVIDENCE = 6
"""Words that agree, of the quotation and beside it, for a place to be the quotation's."""
_FEW_WORDS = 4
"""Fewer quoted words than this are found by their context on both sides."""
_MANY_WORDS = 8
"""So many words in a row are hardly ever repeated in an article without a cause."""
_MOST_RIVALS = 20
"""Occurrences of the same words in the old article whose contexts are compared."""
_LOPSIDED = 8
"""So much more must one side say for a place than the other says against it."""
_MARGIN = 4
"""Words by which the best place must agree better than the next."""


@dataclass(frozen=True, slots=True)
class Relocation:
    """Where a quotation stands now; `similarity` is 1 if its words are unchanged."""

    start: int
    end: int
    similarity: float


@dataclass(frozen=True, slots=True)
class _Candidate:
    place: WordRange
    context: Context
    near: Agreement


@naming_arguments
def relocate(
    text: str,
    *,
    quote: str,
    start: int,
    before: str,
    after: str,
    least_similarity: float = 1.0,
) -> tuple[int, int] | None:
    """The place (start, end) in `text` where a quotation stands now, or None.

    `start` is where the quotation began in the article when it was quoted; `before` and `after`
    are the text around it then, up to the whole article. The more of it is given, the better are
    equal words told apart. White space, quote marks, dashes, punctuation and case do not count.

    None means that the words are gone, or that several places fit and the context does not decide.
    With a `least_similarity` below 1, words that were changed are found too, as long as they are
    that similar to the quotation; 0.75 allows for corrections.

    Raises:
        SettingsError: an argument has the wrong type.
    """
    found = find_again(
        text, quote=quote, start=start, before=before, after=after, least=least_similarity
    )
    return None if found is None else (found.start, found.end)


def find_again(
    text: str,
    *,
    quote: str,
    start: int,
    before: str,
    after: str,
    least: float,
) -> Relocation | None:
    """As `relocate`, with how similar the words are; they are at least as similar as `least`.

    Raises:
        SettingsError: see `relocate`.
    """
    _check(text, quote, start, before, after)
    words = Words.of(text)
    quotation = QuotedWords.of(quote, before=before, after=after)
    if not quotation.words:
        return None
    article = SearchableWords(words.keys)
    context = Context.of(before, after)
    old = SearchableWords([*quotation.before, *quotation.words, *quotation.after])
    unchanged = _unchanged(quotation, context, words, same_words(quotation, article), old)
    found = unchanged
    if not unchanged and least < 1:
        found = _changed(quotation, context, words, similar_words(quotation, words, article), least)
    chosen = _chosen(found, context, words, start + Words.of(quote).starts[0])
    if chosen is None:
        return None
    return Relocation(*with_marks(words, chosen, quote), chosen.similarity)


def _check(text: str, quote: str, start: int, before: str, after: str) -> None:
    given = {"text": text, "quote": quote, "before": before, "after": after}
    for name, value in given.items():
        check_kind(name, value, str, give="a string")
    check_kind("start", start, int, give="a number of characters")


def _candidates(context: Context, words: Words, places: Sequence[WordRange]) -> list[_Candidate]:
    found = []
    for place in places:
        around = Context.around(words, place.first, place.last)
        found.append(_Candidate(place, around, near_agreement(context, around)))
    return found


def _unchanged(
    quotation: QuotedWords,
    context: Context,
    words: Words,
    places: Sequence[WordRange],
    old: SearchableWords,
) -> list[_Candidate]:
    """The places with the same words whose context agrees well enough."""
    size = len(quotation.words)
    rivals = _rivals(quotation, old)
    return [
        one
        for one in _candidates(context, words, places)
        if _fits(size, context, one.near, alone=len(places) == 1 and not rivals)
        and all(near_agreement(rival, one.context).total <= one.near.total for rival in rivals)
    ]


def _fits(size: int, context: Context, near: Agreement, *, alone: bool) -> bool:
    """Whether words that are the same are likely to be the quotation, by their context."""
    if alone and (size >= _MANY_WORDS or (context.size == 0 and size >= _FEW_WORDS)):
        return True
    if context.size <= near.total and size + near.total >= _FEW_WORDS:
        return True
    if size < _FEW_WORDS:
        sides = min(near.before, near.after) >= 1 or near.total >= _MANY_WORDS
        return sides and size + near.total >= _EVIDENCE
    return near.total >= 2 and size + near.total >= _EVIDENCE


def _rivals(quotation: QuotedWords, old: SearchableWords) -> list[Context]:
    """The contexts of the same words elsewhere in the article that was quoted."""
    all_words = [*quotation.before, *quotation.words, *quotation.after]
    size, own = len(quotation.words), len(quotation.before)
    whole = Words("", all_words, [], [])
    return [
        Context.around(whole, at, at + size)
        for at in old.find(quotation.words, most=_MOST_RIVALS)
        if at != own
    ]


def _changed(
    quotation: QuotedWords,
    context: Context,
    words: Words,
    places: Sequence[WordRange],
    least: float,
) -> list[_Candidate]:
    """The places with similar words whose context agrees well."""
    return [
        one
        for one in _candidates(context, words, places)
        if one.place.similarity >= least and _fits_changed(len(quotation.words), context, one)
    ]


def _fits_changed(size: int, context: Context, one: _Candidate) -> bool:
    agreed = one.near.total + round(size * one.place.similarity)
    if context.size == 0:
        return agreed >= _MANY_WORDS
    both = min(one.near.before, one.near.after) >= 1 or one.near.total >= _MANY_WORDS
    return agreed >= _MANY_WORDS and one.near.total >= 4 and both


def _chosen(
    found: Sequence[_Candidate], context: Context, words: Words, start: int
) -> WordRange | None:
    """The place that agrees clearly best with the context; None if two do, or there is none."""
    if len(found) <= 1:
        return found[0].place if found else None
    nearest = sorted(found, key=lambda one: -one.near.total)[:20]
    agreed = [wide_agreement(context, one.context) for one in nearest]
    best = max(range(len(nearest)), key=lambda at: agreed[at].total)
    others = [other for at, other in enumerate(agreed) if at != best]
    if all(_is_clearer(agreed[best], other) for other in others):
        return nearest[best].place
    if any(_contradicts(agreed[best], other) for other in others):
        return None
    tied = [
        one
        for one, each in zip(nearest, agreed, strict=True)
        if agreed[best].total - each.total < _MARGIN
    ]
    return _beside_each_other(tied, context) or _unmoved(tied, context, words, start)


def _is_clearer(one: Agreement, other: Agreement) -> bool:
    """Whether a place agrees clearly better than another, and on neither side clearly worse."""
    return one.total - other.total >= _MARGIN and not _contradicts(one, other)


def _contradicts(one: Agreement, other: Agreement) -> bool:
    """Whether each of two places agrees better on one side, as the two halves of a copy do."""
    sides = sorted((one.before - other.before, one.after - other.after))
    return sides[0] <= -_MARGIN and -_LOPSIDED * sides[0] > sides[1]


def _beside_each_other(tied: Sequence[_Candidate], context: Context) -> WordRange | None:
    """The place whose direct neighbours are the same, among places in one passage."""
    places = [one.place for one in tied]
    if max(one.first for one in places) - min(one.first for one in places) > 2 * _MANY_WORDS:
        return None
    touching = [_touching(context, one.context) for one in tied]
    if touching.count(max(touching)) > 1:
        return None
    return places[touching.index(max(touching))]


def _touching(context: Context, place: Context) -> int:
    """The words that agree without any gap; the side with fewer counts first."""
    sides = common_start(context.before, place.before), common_start(context.after, place.after)
    return 1000 * min(sides) + max(sides)


def _unmoved(
    tied: Sequence[_Candidate], context: Context, words: Words, start: int
) -> WordRange | None:
    """The place where the quotation was, among places whose context is the same."""
    if len({_touching(context, one.context) for one in tied}) > 1:
        return None
    here = (one.place for one in tied if words.starts[one.place.first] == start)
    return next(here, None)
