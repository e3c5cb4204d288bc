"""Splits a file into which a news database exported several documents."""

from __future__ import annotations

import re
from itertools import pairwise

from pullquote.parsing.trace import trace_dropped

_WORD = "Document"
_ENDS = re.compile(
    r"^[ \t]*(?:End of Document|Document [A-Z]{3,8}[0-9]{8,}[a-z0-9]*)[ \t\r]*$", re.MULTILINE
)
_BEGINS = re.compile(
    r"^[ \t]*(?:Document [0-9]{1,6} of [0-9]{1,6}|[0-9]{1,6} of [0-9]{1,6} DOCUMENTS)[ \t\r]*$",
    re.MULTILINE,
)


def split_export(text: str) -> tuple[str, ...]:
    """The documents of an export, with their marks, or the whole text if it is not an export.

    An export has at least two marks of the same kind. The text above the first begin mark, which is
    a cover, and the text below the last end mark are left out.
    """
    if _WORD not in text and _WORD.upper() not in text:
        return (text,)
    begins = [match.start() for match in _BEGINS.finditer(text)]
    if len(begins) > 1:
        trace_dropped(text[: begins[0]], "the cover of an export of several articles")
        return tuple(text[start:end] for start, end in pairwise((*begins, len(text))))
    ends = [match.end() for match in _ENDS.finditer(text)]
    if len(ends) > 1:
        return tuple(text[start:end] for start, end in pairwise((0, *ends)))
    return (text,)
