"""Says what a reader of a quotation should know about the words that it leaves out or adds."""

from __future__ import annotations

from collections.abc import Iterator

from pullquote.newsroom.checking.matching.candidates import ReadArticle
from pullquote.newsroom.checking.matching.matching import LeftOut, Match
from pullquote.newsroom.checking.text.form import QuoteForm
from pullquote.newsroom.checking.text.sense import sense_of, sense_words
from pullquote.newsroom.checking.text.words import words_of
from pullquote.newsroom.checking.verdicts.brackets import bracket_warnings
from pullquote.schema import Role

_BEFORE = 2
"""In words. A negation so near before a quotation is about its first words."""
_CLAUSE = 40
"""In words and marks. A clause before a quotation is at most so long."""
_AFTER = 2
"""In words and marks. A condition so near after a quotation is about all of it."""
_STOPS = frozenset(".!?;:")


def warnings_of(read: ReadArticle, form: QuoteForm, match: Match) -> list[str]:
    """What may mislead in a quotation whose words are exact."""
    found = [*_before(read, match), *_condition_before(read, match), *_after(read, match)]
    for one in match.left_out:
        found += _left_out(read, one)
    found += bracket_warnings(read, form, match)
    for mark in (*form.leading, *form.trailing):
        found += [
            _added(word, kind) for word, kind in sense_words(words_of(mark.shown).words).items()
        ]
    start = read.offset + read.words.starts[match.start]
    block = read.article.block_at(start)
    if block is not None and block.role is Role.COMMENT:
        found.append("the words are a reader comment, not part of the report")
    return list(dict.fromkeys(found))


def _before(read: ReadArticle, match: Match) -> Iterator[str]:
    """A negation or condition right before the quotation, in its sentence."""
    before = read.words.folded[max(0, match.start - _BEFORE) : match.start]
    for at, word in enumerate(before):
        kind = sense_of(word)
        if kind in ("negation", "condition") and not _STOPS.intersection(before[at:]):
            yield f'right before it, the article has "{word}", a {kind}'


def _condition_before(read: ReadArticle, match: Match) -> Iterator[str]:
    """A condition that begins the sentence and ends right before the quotation with a comma."""
    words = read.words.folded
    start = match.start - 1
    if start < 0 or words[start] != ",":
        return
    while start > 0 and match.start - start < _CLAUSE and words[start - 1] not in _STOPS:
        start -= 1
    begins = start == 0 or words[start - 1] in _STOPS
    if begins and match.start - start > _BEFORE and sense_of(words[start]) == "condition":
        yield f'its sentence begins with "{words[start]}", a condition'


def _after(read: ReadArticle, match: Match) -> Iterator[str]:
    """A condition with which the sentence goes on right after the quotation."""
    after = read.words.folded[match.end : match.end + _AFTER]
    for at, word in enumerate(after):
        if sense_of(word) == "condition" and not _STOPS.intersection(after[:at]):
            yield f'right after it, the article has "{word}", a condition'


def _left_out(read: ReadArticle, one: LeftOut) -> Iterator[str]:
    """What a mark leaves out or adds that changes the sense."""
    words = read.words.words[one.start : one.end]
    left_out = sense_words(words)
    shown = one.mark.word if one.mark.in_word else one.mark.shown
    added = sense_words(words_of(shown).words)
    name = "ellipsis" if one.mark.kind == "ellipsis" else "bracket"
    for word, kind in left_out.items():
        if word not in added:
            yield f'the {name} leaves out "{word}", a {kind}: the sense may change'
    for word, kind in added.items():
        if word not in left_out:
            yield _added(word, kind)
    if name == "ellipsis" and _STOPS.intersection(words[:-1]) - {":", ";"}:
        yield "the ellipsis joins different sentences"


def _added(word: str, kind: str) -> str:
    return f'the bracket adds "{word}", a {kind}: the sense may change'
