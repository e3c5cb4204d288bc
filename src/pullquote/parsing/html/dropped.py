"""Traces the paragraphs of a web page that are not in its article, with the reasons."""

from __future__ import annotations

from lxml import etree

from pullquote.parsing.html.class_names import class_name_hints, is_hidden
from pullquote.parsing.html.outline import LINKED, AnalysedPage, OutlineParagraph
from pullquote.parsing.news.boilerplate_lines import begins_tail, is_credit_line, is_promotion
from pullquote.parsing.trace import trace_dropped
from pullquote.schema import Role


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
    """The start tag of an element, with its class and id."""
    names = (f' {key}="{value[:60]}"' for key in ("class", "id") if (value := element.get(key)))
    return f"<{element.tag}{''.join(names)}>"
