"""The schema.org facts of a page: its JSON-LD, as one flat article node."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from pullquote.schema import Kind

_LARGEST = 2_000_000
"""Characters of JSON-LD that are read; an article's own is some 10,000, its text included."""
_MOST_NODES = 5_000

KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(
        "Article NewsArticle ReportageNewsArticle AskPublicNewsArticle BlogPosting LiveBlogPosting"
        " SocialMediaPosting DiscussionForumPosting Report ScholarlyArticle TechArticle".split(),
        Kind.REPORT,
    ),
    "OpinionNewsArticle": Kind.OPINION,
    "AnalysisNewsArticle": Kind.ANALYSIS,
    "BackgroundNewsArticle": Kind.BACKGROUND,
    **dict.fromkeys(("ReviewNewsArticle", "Review", "CriticReview"), Kind.REVIEW),
    "SatiricalArticle": Kind.SATIRE,
    "AdvertiserContentArticle": Kind.ADVERTISEMENT,
}
"""What kind of article each type of schema.org is; types not named here are no articles."""

_PAGES = frozenset(("WebPage", "ItemPage", "MedicalWebPage", "Recipe", "VideoObject"))
_COMMENT = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*<!\[CDATA\[\*/)|(?:-->|//\s*\]\]>|/\*\]\]>\*/)\s*$"
)

Node = Mapping[str, Any]


def article_nodes(root: etree._Element) -> tuple[Node, ...]:
    """The nodes that describe the article of a page, the surest first: articles, then pages."""
    nodes: list[Node] = []
    left = _LARGEST
    for script in root.iter("script"):
        if "ld+json" in script.get("type", "").lower() and script.text:
            left -= len(script.text)
            if left > 0:
                nodes += _nodes(script.text)
    articles = [node for node in nodes if any(type in KINDS for type in types_of(node))]
    # A page lists reviews and articles it links to; its own has a headline of its own.
    articles.sort(key=lambda node: types_of(node)[0] in ("Review", "CriticReview"))
    pages = [node for node in nodes if not _PAGES.isdisjoint(types_of(node))]
    return (*articles, *pages)


def types_of(node: Node) -> tuple[str, ...]:
    """The types of a node, without the address of the vocabulary."""
    value = node.get("@type", "")
    values = value if isinstance(value, list) else [value]
    return tuple(str(v).rpartition("/")[2] for v in values if isinstance(v, str)) or ("",)


def texts_of(value: object) -> tuple[str, ...]:
    """What a value says in words: a text, the name of a thing, or those of a list."""
    values = value if isinstance(value, list) else [value]
    named = [v.get("name") if isinstance(v, dict) else v for v in values]
    flat = [v for item in named for v in (item if isinstance(item, list) else [item])]
    return tuple(text for v in flat if isinstance(v, str) and (text := " ".join(v.split())))


def _nodes(text: str) -> Iterator[Node]:
    """The nodes of a JSON-LD text, those of its graph included."""
    try:
        loaded = json.loads(_COMMENT.sub("", text), strict=False)
    except (ValueError, RecursionError):
        return
    waiting: list[object] = [loaded]
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        value = waiting.pop(0)
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            yield value
            waiting += [value[key] for key in ("@graph", "mainEntity") if key in value]
