"""The normal form of words, for comparison."""

from __future__ import annotations

import re
import string
import unicodedata
from functools import lru_cache

CACHED = 1000
"""Texts whose normal form is remembered. Each of a question's spans is compared many times."""

_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_PUNCTUATION = str.maketrans(
    dict.fromkeys((set(string.punctuation) - set("$%")) | set("“”‘’«»\u2010\u2011–—…−"), " ")
)
_MINUS = re.compile(r"(?<![^\W_])[-−–](?=[.$£€]?\d)")


@lru_cache(maxsize=CACHED)
def normalise(words: str) -> str:
    """The words in lower case, without punctuation, articles and extra spaces, for comparison.

    Based on the SQuAD evaluation (Rajpurkar et al., EMNLP 2016), with two differences. Punctuation
    becomes a space instead of being deleted, so "3-2" remains two numbers. Signs are kept, so "-5",
    "$5" and "5%" differ from "5".
    """
    signed = _MINUS.sub("minus ", words.casefold())
    return " ".join(_ARTICLES.sub(" ", signed.translate(_PUNCTUATION)).split())


def without_accents(words: str) -> str:
    """The words without accents: "Zoltan" for "Zoltán"."""
    if words.isascii():
        return words
    apart = unicodedata.normalize("NFKD", words)
    return "".join(sign for sign in apart if not unicodedata.combining(sign))
