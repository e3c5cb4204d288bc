"""The English words that the reader's tokenizer knows, so that they are not taken for errors."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

from pullquote.english.terms import terms

_TOKENIZER = ("base", "models", "span-reader", "tokenizer.json")

SHORTEST = 4
"""In letters. Shorter tokens are often pieces of words."""


@cache
def english_terms() -> frozenset[str]:
    """The terms of about 20,000 common English words and present-day names."""
    packaged = files("pullquote").joinpath(*_TOKENIZER).read_text(encoding="utf-8")
    tokens = json.loads(packaged)["model"]["vocab"]
    words = [token for token in tokens if len(token) >= SHORTEST and token.isalpha()]
    return frozenset(terms(" ".join(words)))
