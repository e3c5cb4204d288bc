"""Parses Markdown files: YAML front matter, then CommonMark with tables.

The stored text contains the headline, standfirst and byline from the front matter, then the blocks
of the body as plain text, separated by blank lines. Markup is dropped: emphasis, link targets,
rules and HTML tags.
"""

from __future__ import annotations

import re

from pullquote.parsing.blocks import article_from_blocks, with_metadata_blocks
from pullquote.parsing.decode import decode
from pullquote.parsing.documents.markdown_blocks import markdown_pieces
from pullquote.parsing.formats import Format
from pullquote.parsing.news.front_matter import split_front_matter
from pullquote.parsing.source import SourceFile
from pullquote.schema import Article

FORMAT = Format(
    name="markdown",
    suffixes=(".md", ".markdown"),
    summary="Markdown; title, author, source, section and date come from the front matter",
    verbatim=True,
)

_LINE_END = re.compile(r"\r\n?")


def parse_markdown(file: SourceFile) -> tuple[Article, ...]:
    """Parse a Markdown file into one article.

    Raises:
        ArticleError: the file is empty or not text, or its front matter is invalid.
    """
    decoded = decode(file.content, path=file.id, declared=file.charset)
    document = split_front_matter(_LINE_END.sub("\n", decoded.text), path=file.id)
    metadata, body = document.front_matter.metadata(), markdown_pieces(document.body, path=file.id)
    article = article_from_blocks(
        file,
        with_metadata_blocks(metadata, body),
        known=metadata,
        encoding=decoded.encoding,
        language=document.front_matter.language,
    )
    return (article,)
