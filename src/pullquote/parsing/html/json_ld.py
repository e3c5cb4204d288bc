"""Reads the JSON-LD of a page: its schema.org nodes about articles and pages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lxml import etree

from pullquote.parsing.blocks import without_surrogates
from pullquote.schema import Kind

_LARGEST = 2_000_000
"""Maximum number of characters of JSON-LD that are read. An article has about 10,000, including its
text."""
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
"""The kind of article for each schema.org type. Other types are not articles."""

_PAGES = frozenset(("WebPage", "ItemPage", "MedicalWebPage", "Recipe", "VideoObject"))
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
_LINKED = ("author", "creator", "publisher")
"""Properties whose value may refer to another node of the page by its `@id`."""
_COMMENT = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*<!\[CDATA\[\*/)|(?:-->|//\s*\]\]>|/\*\]\]>\*/)\s*$"
)

Node = Mapping[str, Any]


def article_nodes(root: etree._Element) -> tuple[Node, ...]:
    """The nodes that may describe the article of a page: articles first, then pages."""
    nodes: list[Node] = []
    left = _LARGEST
    for script in root.iter("script"):
        if "ld+json" in script.get("type", "").lower() and script.text:
            left -= len(script.text)
            if left > 0:
                nodes += _nodes(script.text)
    nodes = _with_linked(nodes)
    articles = [node for node in nodes if any(type in KINDS for type in types_of(node))]
    # Reviews come last, because they often describe something else on the page.
    articles.sort(key=lambda node: types_of(node)[0] in ("Review", "CriticReview"))
    pages = [node for node in nodes if not _PAGES.isdisjoint(types_of(node))]
    return (*articles, *pages)


def types_of(node: Node) -> tuple[str, ...]:
    """The types of a node, without the URL of the vocabulary."""
    value = node.get("@type", "")
    values = value if isinstance(value, list) else [value]
    return tuple(str(v).rpartition("/")[2] for v in values if isinstance(v, str)) or ("",)


def texts_of(value: object) -> tuple[str, ...]:
    """The texts of a value, which is a text, a node with a name, or a list of these."""
    values = value if isinstance(value, list) else [value]
    named = [v.get("name") if isinstance(v, dict) else v for v in values]
    flat = [v for item in named for v in (item if isinstance(item, list) else [item])]
    return tuple(text for v in flat if isinstance(v, str) and (text := " ".join(v.split())))


def _with_linked(nodes: Sequence[Node]) -> list[Node]:
    """The nodes, in which each reference by `@id` is replaced by the node that it refers to."""
    named = {node["@id"]: node for node in nodes if _is_id(node.get("@id")) and "name" in node}

    def resolve(value: object) -> object:
        if isinstance(value, list):
            return [item if isinstance(item, list) else resolve(item) for item in value]
        if isinstance(value, dict) and "name" not in value and _is_id(value.get("@id")):
            return named.get(value["@id"], value)
        return value

    return [
        {**node, **{key: resolve(node[key]) for key in _LINKED if key in node}} for node in nodes
    ]


def _is_id(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _load(text: str) -> object:
    r"""The values of a JSON-LD text, or None if the text is broken. Trailing commas are allowed.

    A lone surrogate, which JSON writes as "\ud800", becomes U+FFFD.
    """
    text = _COMMENT.sub("", text)
    for candidate in (text, _TRAILING_COMMA.sub("", text)):
        try:
            value = json.loads(candidate, strict=False)
            if "\\ud" in candidate.lower():
                value = json.loads(without_surrogates(json.dumps(value, ensure_ascii=False)))
        except (ValueError, RecursionError):
            continue
        return value
    return None


def _nodes(text: str) -> Iterator[Node]:
    """The nodes of a JSON-LD text, including the nodes of its graph."""
    waiting: list[object] = [_load(text)]
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        value = waiting.pop(0)
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            yield value
            waiting += [value[key] for key in ("@graph", "mainEntity") if key in value]
