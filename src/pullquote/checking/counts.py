"""The number of quotations with each verdict, in words."""

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
