"""Finds the end of a report: an end mark, the rule above a signature, or titles of other pages."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pullquote.parsing.news.boilerplate import PageElement
from pullquote.parsing.news.boilerplate_lines import begins_tail
from pullquote.parsing.news.paragraph import PageParagraph

_MARK = re.compile(r"#\s?#\s?#|-\s*(?:ENDS?|30)\s*-|\(?ENDS?\)?|--|_{20,}", re.ASCII)
_MOST_BELOW = 0.5
"""Largest share of the text that may follow an end mark. A rule in mid-text is not an end mark."""
_LONGEST_TITLE = 100


def find_end(
    paragraphs: Sequence[PageParagraph], found: Sequence[PageElement | None], *, after: int
) -> int:
    """The index where the report ends, or the number of paragraphs.

    An end mark occurs only once. A heading such as "Related articles" has only titles below it.
    """
    marks = [i for i, p in enumerate(paragraphs) if i > after and _MARK.fullmatch(p.text)]
    sizes = [len(p.text) for p in paragraphs]
    if marks and len({paragraphs[i].text for i in marks}) == len(marks):
        above, below = sum(sizes[: marks[0]]), sum(sizes[marks[0] :])
        if below <= _MOST_BELOW * (above + below):
            return marks[0]
    only_titles = len(paragraphs)
    while only_titles > after + 1 and (
        found[only_titles - 1] is not None or _is_title(paragraphs[only_titles - 1].text)
    ):
        only_titles -= 1
    tails = (i for i in range(only_titles, len(paragraphs)) if begins_tail(paragraphs[i].text))
    return next(tails, len(paragraphs))


def _is_title(text: str) -> bool:
    return len(text) <= _LONGEST_TITLE and not text.rstrip("\"'”’»)").endswith((".", ":"))
