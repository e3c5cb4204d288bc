"""Counts of a report, in words."""

from __future__ import annotations

from collections.abc import Sequence

from pullquote.plurals import counted
from pullquote.schema.quote_check import CheckedQuote, QuoteVerdict


def verdict_counts(quotes: Sequence[CheckedQuote]) -> str:
    """How many quotations have each verdict: "3 quotations: 2 exact, 1 absent"."""
    if not quotes:
        return "No quotations."
    counts = [
        f"{number} {verdict}"
        for verdict in QuoteVerdict
        if (number := sum(one.verdict is verdict for one in quotes))
    ]
    return f"{counted(len(quotes), 'quotation')}: {', '.join(counts)}"


def also_in_words(one: CheckedQuote) -> str:
    """The other articles that have the same words: how many, and the first of them; or ""."""
    if not one.also_in_count:
        return ""
    names = ", ".join(each.article for each in one.also_in)
    more = " and more" if one.also_in_count > len(one.also_in) else ""
    return f"the same words are in {counted(one.also_in_count, 'other article')}: {names}{more}"
