"""Tables as CSV that is safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""Characters that may begin a formula, including their full-width forms, and white space that may
precede one."""
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?%?")


def escape_formula(value: object) -> object:
    """The value of a cell, with an apostrophe before text that begins like a formula.

    Numbers are not changed. Source: OWASP, CSV Injection.
    """
    if isinstance(value, str) and value.startswith(_FORMULA) and not _NUMBER.fullmatch(value):
        return f"'{value}"
    return value


def csv_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table with a header as CSV; text that a spreadsheet would take for a formula is escaped."""
    written = io.StringIO()
    lines = csv.writer(written)
    lines.writerows([escape_formula(value) for value in row] for row in (columns, *rows))
    return written.getvalue()
