"""Finds who says quoted words, in a draft and in an article, and compares the two."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from pullquote.answering.answers.attributed import attribution_of, attributions_near
from pullquote.english.sentences import sentence_spans
from pullquote.english.word_lists import SOURCE_PRONOUNS
from pullquote.newsroom.checking.candidates import (
    ArticleRange,
    ReadArticle,
    place_left_out,
    places_between,
)
from pullquote.newsroom.checking.matching import SAYING_VERBS, Match
from pullquote.newsroom.checking.quotations import (
    QUOTED_LINE,
    DraftQuotation,
    attribution_line,
    draft_of,
    quotations_of,
)
from pullquote.newsroom.speakers.names import may_be_one, speaker_key
from pullquote.schema import Article, Attribution, Block, Role
from pullquote.schema.attribution import Range
from pullquote.schema.errors import SettingsError

_AROUND = 160
"""In characters. A name is looked for so far before and after quoted words, in their paragraph."""
_NAME = (
    r"(?:(?:Mr|Mrs|Ms|Dr|Sir|Dame|Lord|Lady|Sen|Rep|Gov|Prof|President|Senator|Minister)\.? )?"
    r"(?P<name>[^\W\d_a-z][\w'’-]+(?: [^\W\d_a-z]\.| [^\W\d_a-z][\w'’-]+){1,3})"
)
_SAYS = f"(?:tweeted|{SAYING_VERBS})"
_SAYING = (
    r"(?:verdict|view|words|warning|reply|answer|response|message|comment|statement|claim|argument|"
    r"conclusion|assessment|advice|reaction|promise|complaint)"
)
_ABOUT = r"(?:, [^,.\n]{1,80},)?"
_AFTER = (
    re.compile(rf"[^\w\n]{{0,6}}{_SAYS} {_NAME}"),
    re.compile(rf"[^\w\n]{{0,6}}{_NAME}{_ABOUT} (?:has |had |also )?{_SAYS}\b"),
    re.compile(rf"[^\w\n]{{0,4}} ?[-–—] ?{_NAME}"),
)
_BEFORE = (
    re.compile(rf"{_NAME}{_ABOUT} (?:has |had |also )?{_SAYS}(?: [^\W_]+){{0,4}}[^\w\n]{{1,4}}$"),
    re.compile(rf"{_NAME}:[^\w\n]{{1,4}}$"),
)
_VERDICT = re.compile(rf"{_NAME}['’]s(?: [a-z]+){{0,2}} {_SAYING}[^\w\n]{{1,4}}$")
"""Words right before a quotation of a draft: "Ida Roe's verdict: "."""
_AFTER_IN_DRAFTS = (
    re.compile(rf"[^\w\n]{{0,4}} ?\({_NAME}[,)]"),
    re.compile(rf"[^\w\n]{{0,6}}(?:was|is) (?:how|what) {_NAME} (?:put|said|called|described)\b"),
)
_CAPITAL = re.compile(r"[^\W\d_]")
_UNLIKE_PRONOUNS = frozenset({"he", "she"})


@dataclass(frozen=True, slots=True)
class Speech:
    """Who says words: a name, and the words of the text that stand for it; both may be unknown."""

    name: str | None = None
    source: str = ""

    def may_be(self, claimed: str) -> bool:
        """Whether the speaker may be the one that a draft claims."""
        if self.name is None:
            return False
        last = claimed.rsplit(maxsplit=1)[-1]
        return may_be_same(claimed, self.name) or last in self.source.split()

    def surely_another(self, other: Speech) -> bool:
        """Whether two speakers with names are two people."""
        if may_be_same(str(self.name), str(other.name)):
            return False
        sources = {self.source.lower(), other.source.lower()}
        return not sources & SOURCE_PRONOUNS or sources == _UNLIKE_PRONOUNS


def speech_in(article: Article, start: int, end: int, *, outside: bool = False) -> Speech:
    """Who says the words of a range of an article or a draft.

    With `outside`, words inside the range do not name the speaker, and more forms of sources do.
    """
    claim = attribution_of(article, range(start, end))
    if outside and claim is not None and _meets(range(start, end), claim.source):
        claim = None
    if claim is not None and claim.speaker is not None:
        return Speech(claim.speaker, _source(article, claim))
    if claim is not None and claim.source:
        return Speech()
    block = article.block_at(start)
    if block is not None and block.role is Role.COMMENT:
        return Speech(block.author, block.author or "")
    return Speech(_name_beside(article.text, start, end))


def speech_in_draft(draft: Article, start: int, end: int) -> Speech:
    """Who says the words of a range of a draft.

    Words inside the range do not name the speaker. A name with "said" right before the range does,
    although somebody else reports it: "Ida Roe wrote that Bo Lund had said: …".
    """
    speech = speech_in(draft, start, end, outside=True)
    before = draft.text[max(0, start - _AROUND) : start].rpartition("\n")[2]
    nearest = _BEFORE[0].search(before)
    if nearest is not None and speech.name and not speech.may_be(nearest["name"]):
        return Speech(nearest["name"], nearest["name"])
    if speech.name is None and (verdict := _VERDICT.search(before)) is not None:
        return Speech(verdict["name"], verdict["name"])
    if speech.name is None and not speech.source:
        after = draft.text[end : end + _AROUND].partition("\n")[0]
        named = next(filter(None, (one.match(after) for one in _AFTER_IN_DRAFTS)), None)
        return speech if named is None else Speech(named["name"], named["name"])
    return speech


def speech_at(place: ArticleRange) -> Speech:
    """Who says the words of a place."""
    return speech_in(place.article, place.start, place.end)


def mentions(article: Article, claimed: str) -> bool:
    """Whether an article has the last word of a claimed name, or nobody's name is claimed."""
    last = claimed.split()[-1:]
    if not last or not _CAPITAL.match(last[0]) or last[0].islower():
        return True
    return re.search(rf"\b{re.escape(last[0])}\b", article.text, re.IGNORECASE) is not None


def different_speakers(places: Sequence[ArticleRange]) -> tuple[str, str] | None:
    """The names of two people who say the words of two of these places; None if one may say all.

    Whom a pronoun means is not sure. But "he" and "she" are two, and so are two people of whom the
    second is named only after the words of the first.
    """
    speeches = [(place, speech_at(place)) for place in places]
    known = [(place, one) for place, one in speeches if one.name is not None]
    for (place, first), (other, second) in combinations(known, 2):
        if first.surely_another(second) or _named_between(place, first, other, second):
            return str(first.name), str(second.name)
    return None


def _named_between(place: ArticleRange, first: Speech, other: ArticleRange, second: Speech) -> bool:
    """Whether an article names only the second of two speakers between their words."""
    one, last = str(first.name).split()[-1], str(second.name).split()[-1]
    if place.article.id != other.article.id or may_be_same(str(first.name), str(second.name)):
        return False
    between = place.article.text[place.end : other.start]
    return _has_word(between, last) and not _has_word(between, one)


def _has_word(text: str, word: str) -> bool:
    return re.search(rf"\b{re.escape(word)}\b", text) is not None


def may_be_same(claimed: str, found: str) -> bool:
    """Whether two names may mean one speaker, such as "Mr Roe" and "Ida Roe"."""
    return speaker_key(claimed) == speaker_key(found) or may_be_one(claimed, found)


def full_names(text: str) -> list[str]:
    """The full names in a text: two capitalised words and more, without titles."""
    return list(dict.fromkeys(found["name"] for found in re.finditer(_NAME, text)))


def _name_beside(text: str, start: int, end: int) -> str | None:
    """The full name that stands with "said" right before or after a range, in its paragraph."""
    after = text[end : end + _AROUND].partition("\n")[0]
    for pattern in _AFTER:
        if (found := pattern.match(after)) is not None:
            return found["name"]
    before = text[max(0, start - _AROUND) : start].rpartition("\n")[2]
    for pattern in _BEFORE:
        if (found := pattern.search(before)) is not None:
            return found["name"]
    return None


_CONTEXT_CHARACTERS = 10_000
"""In characters. So much of a paragraph is read before and after the words."""
_QUOTED = frozenset({Role.QUOTATION, Role.COMMENT, Role.HEADLINE, Role.CAPTION})


def is_paraphrase(place: ArticleRange) -> bool:
    """Whether all words of a place surely stand outside the quote marks of their paragraph."""
    block = place.article.block_at(place.start)
    if block is None or block.role in _QUOTED or block.end < place.end:
        return False
    low = max(block.start, place.start - _CONTEXT_CHARACTERS)
    high = min(block.end, place.end + _CONTEXT_CHARACTERS)
    try:
        quoted = quotations_of(draft_of(place.article.text[low:high]))
    except SettingsError:  # it is full of marks
        return False
    return not any(low + one.start < place.end and place.start < low + one.end for one in quoted)


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
            one_name = one.speaker or _source(read.article, one)
            return one_name, other.speaker or _source(read.article, other)
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
    return any(low < cut.stop and cut.start < high for low, high in ranges)


def _knows_both(article: Article, before: ArticleRange, after: ArticleRange) -> bool:
    """Whether it is known that one person says both, or that two people do."""
    one, other = _claim(before), _claim(after)
    if one is None or other is None:
        return False
    return _is_same(one, other) or not _may_be_same(article, one, other)


def _is_same(one: Attribution, other: Attribution) -> bool:
    """Whether two claims surely have one source."""
    if one.source == other.source or one.speaker is None or other.speaker is None:
        return one.source == other.source
    return may_be_same(one.speaker, other.speaker)


def _may_be_same(article: Article, one: Attribution, other: Attribution) -> bool:
    """Whether two claims with different sources may be one person's: one has no name of its own."""
    if one.speaker is not None and other.speaker is not None:
        return False
    return any(_source(article, each).lower() in SOURCE_PRONOUNS for each in (one, other))


def _source(article: Article, claim: Attribution) -> str:
    return " ".join(article.text[low:high] for low, high in claim.source)
