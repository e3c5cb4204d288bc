"""Finds where a quotation stands in an article that was edited after it was quoted.

The rule is in docs/explanation/relocation.md. The words decide first, then the words around them.
If two places fit alike, none is chosen: a wrong place is worse than none.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq

from pullquote.newsroom.checking.normalise import normalise
from pullquote.schema.arguments import check_kind, naming_arguments

_UNSPACED = "\u2e80-\u2fdf\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
"""Chinese and Japanese letters, which stand without spaces: each is a word of its own."""

_CURRENCIES = "$£¥€¢₹₽₩₺₴₪₦"
_SIGNS = f"%‰+&@#°=<>±×÷{_CURRENCIES}"
"""Signs that are read as words: without them, a quotation says something else."""

_MINUS = r"(?<![\w-])-"
"""A dash before a number that does not join it to a word: "−5", but neither "1990–95" nor "A-5"."""

_LETTER = f"[^\\W{_UNSPACED}]"
_WORD = re.compile(
    f"[{_UNSPACED}{_SIGNS}]|{_MINUS}(?=[{_CURRENCIES}])|"
    f"(?:{_MINUS}(?=\\d))?{_LETTER}(?:{_LETTER}|[\u0300-\u036f]|(?<=\\d)[.,:](?=\\d))*"
)


@dataclass(frozen=True)
class Words:
    """The words of `text`: the keys to compare, and the range of each in the text.

    A key is the word in one typography and without case. White space and punctuation are in no
    word, except a mark between two digits and a minus sign. Signs such as "%" and "£" are words.
    """

    text: str
    keys: Sequence[str]
    starts: Sequence[int]
    ends: Sequence[int]

    @classmethod
    def of(cls, text: str) -> Words:
        """The words of a text."""
        reading = normalise(text)
        found = list(_WORD.finditer(reading.text))
        starts = reading.stored_starts([one.start() for one in found])
        ends = reading.stored_ends([one.end() for one in found])
        return cls(text, [one[0].casefold() for one in found], starts, ends)

    def __len__(self) -> int:
        return len(self.keys)


NEAR = 16
"""Words on each side that decide whether a place is a quotation's at all."""

WIDE = 400
"""Words on each side that decide between several places."""

_LARGEST_GAP = 3
"""Words beside the quotation that an edit may have put in or taken away."""

_SENTENCE = 12
"""Words of a short sentence, which an edit may have put in or taken away."""


@dataclass(frozen=True, slots=True)
class Context:
    """The words before a quotation, the nearest first, and the words after it."""

    before: Sequence[str]
    after: Sequence[str]

    @classmethod
    def of(cls, before: str, after: str) -> Context:
        """The nearest words of the texts before and after a quotation."""
        return cls(Words.of(before).keys[: -WIDE - 1 : -1], Words.of(after).keys[:WIDE])

    @classmethod
    def around(cls, words: Words, first: int, last: int) -> Context:
        """The words around those from `first` up to `last`, which is not one of them."""
        reach = WIDE + WIDE // 4 + _LARGEST_GAP  # as many words may have been added
        before = words.keys[max(0, first - reach) : first]
        return cls(before[::-1], words.keys[last : last + reach])

    @property
    def size(self) -> int:
        """The number of words that can agree near the quotation."""
        return len(self.before[:NEAR]) + len(self.after[:NEAR])


@dataclass(frozen=True, slots=True)
class Agreement:
    """The number of words beside a place that agree with the context, on each side."""

    before: int
    after: int

    @property
    def total(self) -> int:
        """The words of both sides."""
        return self.before + self.after


def agreement(
    context: Context, place: Context, *, words: int = NEAR, gap: int = _LARGEST_GAP
) -> Agreement:
    """The words that agree in a neighbourhood of so many words, up to a gap of several words."""
    return Agreement(
        _beside(context.before[:words], place.before, gap),
        _beside(context.after[:words], place.after, gap),
    )


def _beside(wanted: Sequence[str], found: Sequence[str], gap: int) -> int:
    """The words that agree, from the quotation outwards until too many differ.

    A single word counts only if it stands beside the quotation: common words agree by chance.
    """
    agreed, at_wanted, at_found = 0, 0, 0
    for one in equal_runs(wanted, found[: len(wanted) + gap]):
        if max(one.first - at_wanted, one.second - at_found) > gap:
            break
        if one.length > 1 or one.first == one.second == 0:
            agreed += one.length
        at_wanted, at_found = one.first + one.length, one.second + one.length
    return agreed


@dataclass(frozen=True, slots=True)
class EqualRun:
    """Words that are equal in two sequences, from a position in each."""

    first: int
    second: int
    length: int


def equal_runs(wanted: Sequence[str], found: Sequence[str]) -> list[EqualRun]:
    """The runs of equal words, in order. Those at the beginning are one run."""
    same = common_start(wanted, found)
    runs = [
        EqualRun(one.src_start + same, one.dest_start + same, one.src_end - one.src_start)
        for one in LCSseq.opcodes(wanted[same:], found[same:])
        if one.tag == "equal"
    ]
    return [EqualRun(0, 0, same), *runs] if same else runs


def common_start(one: Sequence[str], other: Sequence[str]) -> int:
    """The number of words with which both sequences begin."""
    pairs = zip(one, other, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


MOST_PLACES = 2000
"""Places that are compared. If more have the words, the neighbours must be the same too."""

MOST_CHANGED = 3000
"""Words of a quotation that is looked for with changes; the time grows with their square."""

_GRAM = 3
_MOST_GRAMS = 64
_MOST_SHIFTS = 24
_ALIGNED_AROUND = 12
"""Words around a quotation that help to align it with changed words."""

_SEPARATOR = " "


@dataclass(frozen=True, slots=True)
class WordRange:
    """Words of a text from `first` up to `last`, and how similar they are to the quotation.

    `similarity` is 1 if all words are the same, and falls to 0.
    """

    first: int
    last: int
    similarity: float = 1.0


class SearchableWords:
    """The words of a text as one string, in which sequences of words are found fast."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._joined = f"{_SEPARATOR}{_SEPARATOR.join(keys)}{_SEPARATOR}"
        self._keys = keys

    @cached_property
    def _starts(self) -> list[int]:
        at, starts = 1, []
        for key in self._keys:
            starts.append(at)
            at += len(key) + 1
        return starts

    def find(self, keys: Sequence[str], *, most: int = MOST_PLACES) -> list[int]:
        """The numbers of the words where that sequence begins; at most `most + 1`."""
        return list(islice(self._found(keys), most + 1))

    def _found(self, keys: Sequence[str]) -> Iterator[int]:
        wanted = f"{_SEPARATOR}{_SEPARATOR.join(keys)}{_SEPARATOR}"
        at = self._joined.find(wanted)
        while at >= 0 and keys:
            yield bisect_left(self._starts, at + 1)
            at = self._joined.find(wanted, at + 1)


@dataclass(frozen=True)
class QuotedWords:
    """The words of a quotation, and those before and after it in the article that was quoted."""

    before: Sequence[str]
    words: Sequence[str]
    after: Sequence[str]

    @classmethod
    def of(cls, quote: str, *, before: str, after: str) -> QuotedWords:
        """The words of these texts."""
        return cls(Words.of(before).keys, Words.of(quote).keys, Words.of(after).keys)


def same_words(quotation: QuotedWords, article: SearchableWords) -> list[WordRange]:
    """The places that have the quoted words.

    If there are too many, only those are left that also have the words beside the quotation.
    """
    words, size = quotation.words, len(quotation.words)
    found, left = article.find(words), 0
    before, after = quotation.before, quotation.after
    while len(found) > MOST_PLACES and left < min(_ALIGNED_AROUND, len(before), len(after)):
        left += 1
        found = article.find([*before[-left:], *words, *after[:left]])
    if len(found) > MOST_PLACES:
        return []
    return [WordRange(at + left, at + left + size) for at in found]


def similar_words(
    quotation: QuotedWords, words: Words, article: SearchableWords
) -> list[WordRange]:
    """The places that have some of the quoted words or of their neighbours, in the same order."""
    if len(quotation.words) > MOST_CHANGED:
        return []
    before = quotation.before[-_ALIGNED_AROUND:]
    old = [*before, *quotation.words, *quotation.after[:_ALIGNED_AROUND]]
    places = {
        place
        for shift in _shifts(old, article)
        if (place := _aligned(old, len(before), len(quotation.words), words, shift)) is not None
    }
    return sorted(places, key=lambda one: (-one.similarity, one.first))


def _shifts(old: Sequence[str], article: SearchableWords) -> list[int]:
    """How far sequences of words have moved, the most frequent first."""
    grams = range(0, max(1, len(old) - _GRAM + 1), max(1, len(old) // _MOST_GRAMS))
    moved = Counter(
        found - at for at in grams for found in article.find(old[at : at + _GRAM], most=50)
    )
    return [shift for shift, _ in moved.most_common(_MOST_SHIFTS)]


def _aligned(
    old: Sequence[str], begin: int, size: int, words: Words, shift: int
) -> WordRange | None:
    """The words at which the quotation stands if the text has moved that far; None if it is gone.

    The quotation is `size` words of `old` from `begin` on.
    """
    slack = _ALIGNED_AROUND + size // 2
    low = max(0, shift - slack)
    window = words.keys[low : max(0, shift + len(old) + slack)]
    pairs = [
        (one.src_start + n, one.dest_start + n)
        for one in LCSseq.opcodes(old, window)
        if one.tag == "equal"
        for n in range(one.src_end - one.src_start)
    ]
    inner = [(a, b) for a, b in pairs if begin <= a < begin + size]
    if not inner:
        return None
    left = max((b + 1 for a, b in pairs if a < begin), default=0)
    right = min((b for a, b in pairs if a >= begin + size), default=len(window))
    first = max(left, inner[0][1] - (inner[0][0] - begin))
    last = min(right, inner[-1][1] + begin + size - inner[-1][0])
    quoted = " ".join(old[begin : begin + size])
    similarity = fuzz.ratio(quoted, " ".join(window[first:last])) / 100
    return WordRange(low + first, low + last, similarity)


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
        found.append(_Candidate(place, around, agreement(context, around)))
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
        and all(agreement(rival, one.context).total <= one.near.total for rival in rivals)
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
    agreed = [agreement(context, one.context, words=WIDE, gap=_SENTENCE) for one in nearest]
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
