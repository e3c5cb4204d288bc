"""Why the paragraphs of a web page that are not in its article are not, for whoever inspects it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lxml import etree

from pullquote.parsing.html.class_names import is_hidden, name_of
from pullquote.parsing.html.outline import LINKED, Outline, Outlined
from pullquote.parsing.news.boilerplate_lines import begins_tail, is_credit_line, is_promotion
from pullquote.parsing.news.paragraph import ParagraphMark
from pullquote.parsing.trace import left_out
from pullquote.schema import Role


def note_left_out(
    page: Outline, *, kept: Sequence[bool], headline: int | None, said: Mapping[int, ParagraphMark]
) -> None:
    """Note down each paragraph that is not in the article, with the reason."""
    holding = {
        element
        for paragraph, is_kept in zip(page.paragraphs, kept, strict=True)
        if is_kept
        for element in paragraph.place.furniture
    }
    for i, paragraph in enumerate(page.paragraphs):
        if i in said:
            if said[i].role is not Role.COMMENT:
                left_out(paragraph.text, "it stands around the comments")
        elif not kept[i] and i != headline:
            left_out(paragraph.text, _why(paragraph, holding))


def _why(paragraph: Outlined, holding: set[etree._Element]) -> str:
    """Why a paragraph is not part of the article."""
    for element in paragraph.place.furniture:
        if element not in holding:
            hidden = is_hidden(element, name_of(element))
            return f"{'it is not shown' if hidden else 'page furniture'}: {_shown(element)}"
    if is_credit_line(paragraph.text):
        return "it says who took a picture"
    if is_promotion(paragraph.text):
        return "a call to follow the site"
    if begins_tail(paragraph.text):
        return "it begins what stands below the article"
    if paragraph.linked >= LINKED:
        return "it is a link"
    return "not recognised as part of the article"


def _shown(element: etree._Element) -> str:
    """An element as it stands in the page: tag, class and id."""
    names = (f' {key}="{value[:60]}"' for key in ("class", "id") if (value := element.get(key)))
    return f"<{element.tag}{''.join(names)}>"
