"""Parses plain text: a saved news page, or just a headline and paragraphs.

The stored text is the decoded file, unchanged, and the blocks are ranges of this text. If a news
database exported several articles into one file, the stored text of each is its part of the file.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from pullquote.parsing.blocks import build_article
from pullquote.parsing.decode import Decoded, decode
from pullquote.parsing.lines import PageParagraph, shorten, split_paragraphs
from pullquote.parsing.news.layout import analyse_page
from pullquote.parsing.source import Format, SourceFile
from pullquote.parsing.trace import trace_dropped
from pullquote.schema import Article

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


FORMAT = Format(
    name="plain",
    suffixes=(".txt",),
    summary="saved news pages, in any encoding",
    verbatim=True,
)


def parse_plain(file: SourceFile) -> tuple[Article, ...]:
    """Parse a plain-text file.

    If a news database exported several articles into one file, their ids are like "file.txt#3".

    Raises:
        ArticleError: the file is empty or not text.
    """
    decoded = decode(file.content, path=file.id, declared=file.charset)
    documents = split_export(decoded.text)
    if len(documents) == 1:
        return (_parse_text(file, decoded),)
    return tuple(
        _parse_text(replace(file, id=f"{file.id}#{number}"), replace(decoded, text=document))
        for number, document in enumerate(documents, start=1)
    )


def _parse_text(file: SourceFile, decoded: Decoded) -> Article:
    spans = split_paragraphs(decoded.text)
    marks, metadata = analyse_page(
        [
            PageParagraph(
                shorten(decoded.text, start=s.start, end=s.end),
                indented=s.indented,
                spaced=s.spaced,
            )
            for s in spans
        ],
        authors=(),
    )
    return build_article(file, decoded, spans=spans, marks=marks, facts=metadata)
