"""Finds the headline of a page, and the paragraphs that are its standfirst."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pullquote.parsing.html.moments import moment_in
from pullquote.parsing.html.outline import LINKED, OutlineParagraph
from pullquote.parsing.html.page_metadata import Metadata
from pullquote.parsing.news.bylines import squeeze

_SHORTEST = 4
_LINKED = 0.8
_LONGEST = 300
_TAGS = frozenset(("h1", "h2", "h3", "h4"))
_SEPARATOR = re.compile(r"\s+[|•·»–—-]\s+|\s*::\s*|\s+//\s+")
_HOME = re.compile(r"(?:https?://[^/?#]+)?(?:\.{0,2}/)?(?:index\.\w+)?", re.IGNORECASE)
_DOMAIN = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}", re.IGNORECASE)


def find_headline(paragraphs: Sequence[OutlineParagraph], metadata: Metadata) -> int | None:
    """The index of the headline, or None if the page has no headline.

    The headline is a heading whose words are in a title of the page, outside the part with the
    site's name. Headings outside boilerplate are preferred, then the highest level, then the
    longest. If no heading matches, the headline is the heading whose class name says that it is a
    title, or the first `<h1>`.
    """
    headings = [
        i
        for i, paragraph in enumerate(paragraphs)
        if str(paragraph.node.tag) in _TAGS and len(paragraph.text) <= _LONGEST
    ]
    words = {i: squeeze(paragraphs[i].text) for i in headings}
    titles = [squeeze(title) for title in metadata.titles]
    sites = _sites(metadata)
    headings = [
        i
        for i in headings
        if words[i] != squeeze(metadata.site or "")
        and not (words[i] in sites and paragraphs[i].linked > _LINKED)
        and not _leads_home(paragraphs[i])
    ]
    matching = [i for i in headings if any(_matches_title(words[i], title) for title in titles)]
    if matching:
        return min(
            matching,
            key=lambda i: (
                _in_boilerplate(paragraphs[i]),
                words[i] not in titles,
                not _is_named_title(paragraphs[i]),
                paragraphs[i].node.tag,
                -len(words[i]),
            ),
        )
    outside = [i for i in headings if not _in_boilerplate(paragraphs[i])]
    named = [i for i in outside if _is_named_title(paragraphs[i])]
    first = [i for i in outside if paragraphs[i].node.tag == "h1"]
    inside = [i for i in headings if paragraphs[i].node.tag == "h1" and len(words[i]) > 12]
    return next(iter((*named, *first, *inside)), None)


def _in_boilerplate(paragraph: OutlineParagraph) -> bool:
    return bool(paragraph.context.boilerplate)


def _parts(title: str) -> list[str]:
    """The parts of a title, which may also contain the site's name, a section or a kicker."""
    return [part.strip(" »›>[]") for part in _SEPARATOR.split(title)]


def _sites(metadata: Metadata) -> set[str]:
    """Possible names of the site, which are the last parts of each title."""
    divided = [_parts(title) for title in metadata.titles]
    return {squeeze(" ".join(parts[k:])) for parts in divided for k in range(1, len(parts))}


def _leads_home(paragraph: OutlineParagraph) -> bool:
    """Whether a heading is a link to the front page, as the name of a site often is."""
    link = paragraph.node.find(".//a")
    link = paragraph.node.getparent() if link is None else link
    target = None if link is None else link.get("href")
    return paragraph.linked > _LINKED and target is not None and _HOME.fullmatch(target) is not None


def _matches_title(words: str, title: str) -> bool:
    """Whether a heading makes up most of a title, or a title makes up most of a heading."""
    if len(words) < _SHORTEST:
        return False
    if words in title:
        return 2 * len(words) >= len(title) or (title.startswith(words) and len(words) > 10)
    return len(title) > 10 and title in words and 2 * len(title) >= len(words)


def _is_named_title(paragraph: OutlineParagraph) -> bool:
    """Whether the class or property of a heading says that it is the title of an article."""
    name = f"{paragraph.node.get('class', '')} {paragraph.node.get('itemprop', '')}"
    return re.search(r"(?:entry|post|article)-?_?title|headline", name[:300]) is not None


def title_of(headline: str | None, metadata: Metadata) -> str | None:
    """The title of an article: its headline without a kicker, or else the title of the page."""
    if headline is not None:
        own = " ".join(headline.split()).lstrip(":|-–— ")
        for title in metadata.titles:
            # To the title "Masks work", the heading may add a kicker: "Health Masks work".
            if len(title) > 10 and own != title and squeeze(own).endswith(squeeze(title)):
                return title
        return own
    if not metadata.titles:
        return None
    name = squeeze(metadata.site) if metadata.site is not None else ""
    before, colon, after = metadata.titles[0].partition(": ")
    if colon and name and squeeze(before) == name:
        return after
    parts = [
        part
        for part in _parts(metadata.titles[0])
        if squeeze(part) != name and not _DOMAIN.fullmatch(part)
    ]
    return parts[0] if parts else metadata.titles[0]


_LONGEST_STANDFIRST = 600
"""A longer paragraph is not a standfirst. Most have 100 to 300 characters."""
_LONGEST_LEAD = 1_200
_LONGEST_BYLINE = 120
_DESCRIBED = 40
"""How many letters of a standfirst are compared with the description in the page's metadata."""


def is_standfirst(paragraph: OutlineParagraph, metadata: Metadata) -> bool:
    """Whether a paragraph has the class of a standfirst, or begins like the page's description."""
    if not _DESCRIBED <= len(paragraph.text) <= _LONGEST_STANDFIRST or paragraph.linked >= LINKED:
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
