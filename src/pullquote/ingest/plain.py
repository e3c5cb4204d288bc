"""The plain-text reader: a saved news page, or just a headline and paragraphs.

The stored text is the decoded file, unchanged; the blocks are ranges over it.
"""

from __future__ import annotations

from pullquote.ingest.article import build_article
from pullquote.ingest.decode import decode
from pullquote.ingest.lines import split_paragraphs
from pullquote.ingest.page import read_page
from pullquote.ingest.paragraph import Paragraph, show
from pullquote.ingest.source import SourceFile
from pullquote.schema import Article


def read_plain(file: SourceFile) -> tuple[Article, ...]:
    """The one article of a plain-text file.

    Raises ArticleError where the file is empty or no text.
    """
    decoded = decode(file.content, path=file.id)
    stretches = split_paragraphs(decoded.text)
    page = read_page(
        [
            Paragraph(
                show(decoded.text, start=s.start, end=s.end), indented=s.indented, spaced=s.spaced
            )
            for s in stretches
        ],
        authors=(),
    )
    article = build_article(file, decoded, stretches=stretches, marks=page.marks, facts=page.facts)
    return (article,)
