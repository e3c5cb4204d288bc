"""Parses Markdown files: YAML front matter, then CommonMark with tables.

The stored text contains the headline, standfirst and byline from the front matter, then the blocks
of the body as plain text, separated by blank lines. Markup is dropped: emphasis, link targets,
rules and HTML tags.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from pullquote.parsing.blocks import TextBlock, article_from_blocks, with_metadata_blocks
from pullquote.parsing.decode import decode
from pullquote.parsing.html_blocks import blocks_and_captions
from pullquote.parsing.news.front_matter import split_front_matter
from pullquote.parsing.source import Format, SourceFile
from pullquote.schema import Article, Role
from pullquote.schema.errors import ArticleError

_DEEPEST = 60
"""Maximum number of levels of nesting. markdown-it drops deeper content, so deeper files are
refused."""
_PARSER = MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable(["table", "strikethrough"])
_TAG = re.compile(r"<\s*/?\s*([A-Za-z][A-Za-z0-9]*)")


def markdown_pieces(text: str, *, path: str) -> tuple[TextBlock, ...]:
    """The blocks of a Markdown text, without empty ones.

    Raises:
        ArticleError: the nesting is so deep that words would be lost.
    """
    tokens = _PARSER.parse(text)
    if any(token.level >= _DEEPEST - 1 for token in tokens):
        raise ArticleError(path, f"its Markdown is nested more than {_DEEPEST} levels deep")
    pieces = (TextBlock(p.text.strip(), p.role, p.heading) for p in _pieces(tokens))
    return tuple(piece for piece in pieces if piece.text)


def _pieces(tokens: Sequence[Token]) -> Iterator[TextBlock]:
    quoted, listed, heading, number = 0, 0, False, ""
    row: list[str] | None = None
    for token in tokens:
        match token.type:
            case "blockquote_open" | "blockquote_close":
                quoted += token.nesting
            case "heading_open" | "heading_close":
                heading = token.nesting > 0
            case "list_item_open" | "list_item_close":
                listed += token.nesting
                # A number is part of the text; a bullet is markup.
                number = f"{token.info}{token.markup} " if token.info else ""
            case "tr_open":
                row = []
            case "tr_close":
                yield TextBlock(" | ".join(row if row is not None else ()), Role.BODY)
                row = None
            case "inline" if row is not None:
                row.append(_inline(token))
            case "inline":
                role = Role.QUOTATION if quoted else Role.BODY if heading or listed else None
                words = _inline(token)
                yield TextBlock(
                    number + words if words.strip() else "", role, heading and not quoted
                )
                number = ""
            case "fence" | "code_block":
                yield TextBlock(number + token.content, Role.BODY)
                number = ""
            case "html_block":
                yield from blocks_and_captions(token.content)
        yield from _captions(token)


def _inline(token: Token) -> str:
    """The words of a paragraph, without the words of its images."""
    parts: list[str] = []
    for child in token.children if token.children is not None else ():
        match child.type:
            case "softbreak":
                parts.append(" ")
            case "hardbreak":
                parts.append("\n")
            case "html_inline":
                tag = _TAG.match(child.content)
                parts.append("\n" if tag is not None and tag[1].lower() == "br" else "")
            case "image":
                pass
            case _:
                parts.append(child.content)
    return "".join(parts)


def _captions(token: Token) -> Iterator[TextBlock]:
    """The captions of the images in a paragraph: the alternative text, followed by the title."""
    for child in token.children if token.children is not None else ():
        if child.type == "image":
            title = str(child.attrs.get("title", ""))
            for text in dict.fromkeys((_inline(child), title)):
                yield TextBlock(" ".join(text.split()), Role.CAPTION)


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
    front_matter, body = split_front_matter(_LINE_END.sub("\n", decoded.text), path=file.id)
    metadata = front_matter.metadata()
    article = article_from_blocks(
        file,
        with_metadata_blocks(metadata, markdown_pieces(body, path=file.id)),
        known=metadata,
        encoding=decoded.encoding,
        language=front_matter.language,
    )
    return (article,)
