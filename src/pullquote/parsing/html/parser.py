"""Parses a saved web page into its article.

The stored text is the headline, the paragraphs of the article in plain text, and the reader
comments, with blank lines between them. Boilerplate is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from pullquote.base.trees import DecisionTrees
from pullquote.parsing.blocks import TextBlock, article_from_blocks
from pullquote.parsing.documents.plain import parse_plain
from pullquote.parsing.html.article.main_text import find_article, read_parts
from pullquote.parsing.html.article.scorer import PageParts, shipped_scorer
from pullquote.parsing.html.credits import (
    choose_authors,
    find_authors,
    find_published,
    guess_authors,
)
from pullquote.parsing.html.headline import find_headline, is_standfirst, title_of
from pullquote.parsing.html.mhtml import SavedPage, is_mhtml, unpack
from pullquote.parsing.html.moments import class_name_hints, is_hidden
from pullquote.parsing.html.outline import LINKED, AnalysedPage, OutlineParagraph, read_outline
from pullquote.parsing.html.page_metadata import Metadata, read_metadata
from pullquote.parsing.html.reader_comments import read_comments
from pullquote.parsing.html.tree import WebPage, parse_page
from pullquote.parsing.lines import shorten
from pullquote.parsing.news.boilerplate import (
    begins_tail,
    credit_behind,
    is_credit_line,
    is_promotion,
    recognise,
)
from pullquote.parsing.source import Format, SourceFile, page_address
from pullquote.parsing.trace import is_tracing, trace_dropped, trace_origin
from pullquote.schema import Article, Role
from pullquote.schema.errors import ArticleError


def trace_dropped_paragraphs(page: AnalysedPage) -> None:
    """Trace each paragraph that is not in the article, with the reason."""
    containing = page.elements_with_article()
    for i, paragraph in enumerate(page.paragraphs):
        if i in page.comments:
            if page.comments[i].role is not Role.COMMENT:
                trace_dropped(paragraph.text, "in the comments section, but not a comment")
        elif not page.in_article[i] and i != page.headline:
            trace_dropped(paragraph.text, _why(paragraph, containing))


def _why(paragraph: OutlineParagraph, containing: set[etree._Element]) -> str:
    """Why a paragraph is not part of the article."""
    for element in paragraph.context.boilerplate:
        if element not in containing:
            hidden = is_hidden(element, class_name_hints(element))
            return f"{'it is not shown' if hidden else 'page boilerplate'}: {_start_tag(element)}"
    if is_credit_line(paragraph.text):
        return "it is a picture credit"
    if is_promotion(paragraph.text):
        return "a request to follow the site"
    if begins_tail(paragraph.text):
        return "it begins a section below the article"
    if paragraph.linked >= LINKED:
        return "it is a link"
    return "not recognised as part of the article"


def _start_tag(element: etree._Element) -> str:
    names = (f' {key}="{value[:60]}"' for key in ("class", "id") if (value := element.get(key)))
    return f"<{element.tag}{''.join(names)}>"


FORMAT = Format(
    name="html",
    suffixes=(".html", ".htm", ".xhtml", ".mhtml", ".mht"),
    summary=(
        "saved web pages: headline, text, captions, corrections and reader comments, but no menus "
        "or promotions; title, authors and dates come from the page's metadata"
    ),
)


def parse_html(file: SourceFile, scorer: DecisionTrees | None = None) -> tuple[Article, ...]:
    """The article of a web page. A file without any tags is parsed as plain text.

    `scorer` chooses the paragraphs of the article; the default is the one in this package.

    Raises ArticleError if the page has no text or is too large.
    """
    saved = SavedPage(file.content, file.charset, None)
    if is_mhtml(file.content):
        saved = unpack(file.content, path=file.id)
    page = parse_page(saved.content, path=file.id, charset=saved.charset)
    if page.root is None:
        return parse_plain(replace(file, content=saved.content))
    metadata = read_metadata(page.root)
    metadata.facts.url = page_address(metadata.facts.url, saved.url)
    trace_origin("url", saved.url, "the headers of the saved page")
    parts = read_page_parts(page, metadata)
    in_article = find_article(parts, shipped_scorer() if scorer is None else scorer)
    # The paragraphs of the article are not comments, whatever their class name.
    comments = {i: mark for i, mark in parts.comments.items() if not in_article[i]}
    analysed = AnalysedPage(parts.outline, parts.headline, comments, in_article)
    if is_tracing():
        trace_dropped_paragraphs(analysed)
    _add_facts(page, analysed, metadata)
    blocks = list(_blocks(analysed, metadata))
    if not blocks:
        raise ArticleError(file.id, page.why_empty)
    if metadata.facts.title is not None:
        blocks.insert(0, TextBlock(metadata.facts.title, Role.HEADLINE))
    article = article_from_blocks(
        file,
        blocks,
        known=metadata.facts,
        encoding=page.decoded.encoding,
        language=metadata.language,
        kind=metadata.kind,
        body_is_stated=True,
    )
    return (article,)


def read_page_parts(page: WebPage, metadata: Metadata) -> PageParts:
    """What is known about the paragraphs of a page before its article is found."""
    outline = read_outline(page.root)
    headline = find_headline(outline.paragraphs, metadata)
    comments = read_comments(outline, headline=headline)
    return read_parts(page, outline, metadata=metadata, headline=headline, comments=comments)


def _add_facts(page: WebPage, analysed: AnalysedPage, metadata: Metadata) -> None:
    """Add the title, authors and date that the page shows to its metadata."""
    facts = metadata.facts
    heading = None if analysed.headline is None else analysed.paragraphs[analysed.headline].text
    facts.title = title_of(heading, metadata)
    is_heading = heading is not None
    trace_origin("title", facts.title, "its heading" if is_heading else "the title of the page")
    shown = find_authors(analysed, site=facts.source)
    facts.authors = choose_authors(facts.authors, shown, page=analysed)
    if not facts.authors:
        facts.authors = guess_authors(analysed, site=facts.source)
    trace_origin("authors", facts.authors, "the page itself")
    if facts.published is None:
        facts.published = find_published(page.content, analysed, url=facts.url)
        trace_origin("published", facts.published, "the page itself")


def _blocks(analysed: AnalysedPage, metadata: Metadata) -> Iterator[TextBlock]:
    """The paragraphs of the article, with their roles from the markup, followed by the comments."""
    began = False
    for i, paragraph in enumerate(analysed.paragraphs):
        if not analysed.in_article[i] or i == analysed.headline:
            continue
        context = paragraph.context
        if context.caption:
            yield from _caption_blocks(paragraph)
        elif (context.pulled or context.quoted) and not paragraph.heading:
            yield TextBlock(paragraph.text, Role.QUOTATION)
        elif not began and is_standfirst(paragraph, metadata):
            yield TextBlock(paragraph.text, Role.STANDFIRST)
        else:
            yield TextBlock(paragraph.text, _body_role(paragraph) if began else None)
            began = began or paragraph.is_prose
    for i, mark in analysed.comments.items():
        if mark.role is Role.COMMENT:
            yield TextBlock(analysed.paragraphs[i].text, mark=mark)


def _body_role(paragraph: OutlineParagraph) -> Role | None:
    """The role of a paragraph below the first prose: body, or None for other lines."""
    text = shorten(paragraph.text, start=0, end=len(paragraph.text))
    return Role.BODY if paragraph.is_prose and recognise(text) is None else None


def _caption_blocks(paragraph: OutlineParagraph) -> Iterator[TextBlock]:
    """A caption and the credit after it. Outside a figure, the caption is boilerplate."""
    text = paragraph.text
    end = credit_behind(text)
    if end > 0:
        yield TextBlock(text[:end], Role.CAPTION if paragraph.context.figure else Role.BOILERPLATE)
    if end < len(text):
        yield TextBlock(text[end:].strip(), Role.BOILERPLATE)
