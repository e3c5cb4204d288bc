"""The report on the quotations of a draft as a page that people read."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from pullquote.conversation.citation_format import citation_facts, link_to
from pullquote.plurals import counted
from pullquote.schema.quote_check import CheckedQuote, QuoteVerdict
from pullquote.templating import TemplateFolder


def report_html(quotes: Sequence[CheckedQuote], *, name: str) -> str:
    """A page with each quotation, its verdict, what differs, and its place; `name` is the draft."""
    return str(_templates().render("checked.html", "checked", name, verdict_counts(quotes), quotes))


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


@cache
def _templates() -> TemplateFolder:
    return TemplateFolder("pullquote", {"facts": citation_facts, "web_link": link_to})
