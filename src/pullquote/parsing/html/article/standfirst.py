"""Tells which paragraphs at the top of an article are its standfirst."""

from __future__ import annotations

from pullquote.parsing.html.moments import moment_in
from pullquote.parsing.html.outline import LINKED, OutlineParagraph
from pullquote.parsing.html.page_metadata import Metadata
from pullquote.parsing.news.bylines import squeeze

_LONGEST = 600
"""A longer paragraph is not a standfirst. Most have 100 to 300 characters."""
_LONGEST_LEAD = 1_200
_LONGEST_BYLINE = 120
_DESCRIBED = 40
"""How many letters of a standfirst are compared with the description in the page's metadata."""


def is_standfirst(paragraph: OutlineParagraph, metadata: Metadata) -> bool:
    """Whether a paragraph has the class of a standfirst, or begins like the page's description."""
    if not _DESCRIBED <= len(paragraph.text) <= _LONGEST or paragraph.linked >= LINKED:
        return False
    if paragraph.context.caption:
        return False
    if len(paragraph.text) < _LONGEST_BYLINE and moment_in(paragraph.text) is not None:
        return False
    words = squeeze(paragraph.text[:200])[:_DESCRIBED]
    if any(squeeze(text[:200]).startswith(words) for text in metadata.standfirsts):
        return True
    lead = paragraph.context.lead
    return lead is not None and len("".join(lead.itertext())) <= _LONGEST_LEAD
