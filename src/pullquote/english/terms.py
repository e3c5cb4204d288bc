"""Turns text into search terms: lower-cased, unaccented, stemmed words."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import tantivy

LONGEST_TERM = 60
"""In characters. Longer tokens are dropped, because they are not words."""

_FUNCTION_WORDS = frozenset(
    "a about am an and any are as at be been being but by can could did do does doing done for "
    "from get gets got had has have having he her hers him his how i if in into is it its just "
    "may me might my no not of off on or our out over s shall she should so some such t than that "
    "the their them then there these they this those to too up us very was we were what when "
    "where which who whom whose why will with would you your".split()
)


@cache
def analyzer() -> tantivy.TextAnalyzer:
    """The analyzer for both postings and questions."""
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(LONGEST_TERM))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
        .filter(tantivy.Filter.stemmer("english"))
        .build()
    )


@cache
def _stemmed_function_words() -> frozenset[str]:
    return frozenset(term for word in _FUNCTION_WORDS for term in analyzer().analyze(word))


def composed(text: str) -> str:
    """The text in NFC; otherwise the analyzer would split words between a letter and its accent."""
    return unicodedata.normalize("NFC", text)


def terms(text: str) -> list[str]:
    """Every term of the text, in order, including repeats."""
    return list(analyzer().analyze(composed(text)))


def content_terms(text: str) -> list[str]:
    """The distinct terms, in order, without function words.

    If the text has only function words, they are kept: "who is it" must still find something.
    """
    distinct = list(dict.fromkeys(terms(text)))
    return [term for term in distinct if term not in _stemmed_function_words()] or distinct


def typed_words(text: str) -> dict[str, str]:
    """Each content term, in order, mapped to the first word of the text that it came from."""
    found: dict[str, str] = {}
    for word in re.findall(r"\w+", composed(text)):
        for term in terms(word):
            found.setdefault(term, word)
    return {term: found.get(term, term) for term in content_terms(text)}
