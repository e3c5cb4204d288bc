"""Where the headline of a page stands: the heading that the page is called by."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pullquote.parsing.html.outline import Outlined
from pullquote.parsing.html.page_metadata import Metadata
from pullquote.parsing.news.author_names import squeeze

_SHORTEST = 4
_LINKED = 0.8
_LONGEST = 300
_TAGS = frozenset(("h1", "h2", "h3", "h4"))
_SEPARATOR = re.compile(r"\s+[|•·»–—-]\s+|\s*::\s*|\s+//\s+")
_HOME = re.compile(r"(?:https?://[^/?#]+)?(?:\.{0,2}/)?(?:index\.\w+)?", re.IGNORECASE)
_DOMAIN = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}", re.IGNORECASE)


def find_headline(paragraphs: Sequence[Outlined], metadata: Metadata) -> int | None:
    """The index of the headline, or None on a page without one.

    It is a heading whose words stand in a title of the page, and not in the part with the name of
    the site: those outside furniture first, then the highest, then the longest. Where there is
    none it is the heading that is named as a title, or the first `<h1>`.
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
    called = [i for i in headings if any(_is_called(words[i], title) for title in titles)]
    if called:
        return min(
            called,
            key=lambda i: (
                _hidden(paragraphs[i]),
                words[i] not in titles,
                not _is_title(paragraphs[i]),
                paragraphs[i].node.tag,
                -len(words[i]),
            ),
        )
    named = [i for i in headings if _is_title(paragraphs[i]) and not _hidden(paragraphs[i])]
    first = [
        i
        for i in headings
        if paragraphs[i].node.tag == "h1" and (len(words[i]) > 12 or not _hidden(paragraphs[i]))
    ]
    first.sort(key=lambda i: _hidden(paragraphs[i]))
    return next(iter((*named, *first)), None)


def _hidden(paragraph: Outlined) -> bool:
    return bool(paragraph.place.furniture)


def _parts(title: str) -> list[str]:
    """The parts of a title with the name of the site, a section or a kicker beside it."""
    return [part.strip(" »›>[]") for part in _SEPARATOR.split(title)]


def _sites(metadata: Metadata) -> set[str]:
    """What may be the name of the site, if it is a link: the last parts of a title."""
    divided = [_parts(title) for title in metadata.titles]
    return {squeeze(" ".join(parts[k:])) for parts in divided for k in range(1, len(parts))}


def _leads_home(paragraph: Outlined) -> bool:
    """Whether a heading is a link to the front page, as the name of a site is."""
    link = paragraph.node.find(".//a")
    link = paragraph.node.getparent() if link is None else link
    target = None if link is None else link.get("href")
    return paragraph.linked > _LINKED and target is not None and _HOME.fullmatch(target) is not None


def _is_called(words: str, title: str) -> bool:
    """Whether a heading is what a title says, but for what stands before or behind it."""
    if len(words) < _SHORTEST:
        return False
    if words in title:
        return 2 * len(words) >= len(title) or (title.startswith(words) and len(words) > 10)
    return len(title) > 10 and title in words and 2 * len(title) >= len(words)


def _is_title(paragraph: Outlined) -> bool:
    """Whether a heading is named as the title of an article."""
    name = f"{paragraph.node.get('class', '')} {paragraph.node.get('itemprop', '')}"
    return re.search(r"(?:entry|post|article)-?_?title|headline", name[:300]) is not None


def title_of(headline: str | None, metadata: Metadata) -> str | None:
    """The title of an article: its headline without a kicker, or what the page is called."""
    if headline is not None:
        own = " ".join(headline.split()).lstrip(":|-–— ")
        for title in metadata.titles:
            # "Health Masks work" with "Health" in small print above, of a page called "Masks work".
            if len(title) > 10 and own != title and squeeze(own).endswith(squeeze(title)):
                return title
        return own
    if not metadata.titles:
        return None
    name = squeeze(metadata.site) if metadata.site is not None else ""
    before, colon, behind = metadata.titles[0].partition(": ")
    if colon and name and squeeze(before) == name:
        return behind
    kept = [
        part
        for part in _parts(metadata.titles[0])
        if squeeze(part) != name and not _DOMAIN.fullmatch(part)
    ]
    return kept[0] if kept else metadata.titles[0]
