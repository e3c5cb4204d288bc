"""Reads the metadata of a web page from its JSON-LD, meta tags and link tags."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from pullquote.parsing.blocks import without_surrogates
from pullquote.parsing.html.moments import first_moment
from pullquote.parsing.language import tag_of
from pullquote.parsing.news.bylines import clean_names, squeeze
from pullquote.parsing.news.metadata import ArticleMetadata
from pullquote.parsing.trace import is_tracing, trace_origin
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


_TITLES = ("og:title", "twitter:title", "dc.title", "dcterms.title", "parsely-title")
_STANDFIRSTS = ("og:description", "description", "twitter:description", "dc.description")
_AUTHORS = (
    *("author", "article:author", "og:author", "article:author_name", "byl", "dc.creator"),
    *("dcterms.creator", "parsely-author", "sailthru.author", "cxenseparse:author", "autor"),
)
_PUBLISHED = (
    *("article:published_time", "og:article:published_time", "og:published_time", "datepublished"),
    *("parsely-pub-date", "sailthru.date", "dc.date.issued", "dcterms.created", "dc.date.created"),
    *("publishdate", "publish-date", "pubdate", "publish_date", "cxenseparse:recs:publishtime"),
    *("dcterms.issued", "dcterms.date", "dc.date", "date"),
)
_MODIFIED = (
    *("article:modified_time", "og:updated_time", "datemodified", "dcterms.modified"),
    *("last-modified", "lastmod", "dc.date.modified"),
)
_SITES = ("og:site_name", "application-name", "dc.publisher", "publisher", "copyright")
_SECTIONS = ("article:section", "section", "parsely-section", "cxenseparse:section")
_OPINION = frozenset(
    "opinion opinions comment editorial editorials op-ed kommentar meinung leitartikel tribune"
    " opinión opinione columnists".split()
)
_PLACEHOLDER = re.compile(r"\{.*\}|%%.+%%")
"""A variable in a template that the site did not fill in, such as "{$plugin.site_name}"."""
_MOST_TAGS = 50
_LONGEST = 1000


@dataclass(slots=True)
class Metadata:
    """The metadata of a page, with all titles and standfirsts that the page states."""

    facts: ArticleMetadata = field(default_factory=ArticleMetadata)
    titles: tuple[str, ...] = ()
    standfirsts: tuple[str, ...] = ()
    site: str | None = None
    body: str = ""
    kind: Kind = Kind.REPORT
    language: str | None = None


def read_metadata(root: etree._Element) -> Metadata:
    """The metadata of a page. The most reliable sources take precedence."""
    metas = _metas(root)
    nodes = _about_this_page(article_nodes(root), root, metas)
    titles = [*_of_nodes(nodes, "headline"), *_of_metas(metas, _TITLES), *_title_tag(root)]
    standfirsts = [*_of_metas(metas, _STANDFIRSTS), *_of_nodes(nodes, "description")]
    sites = (*_of_metas(metas, _SITES[:1]), *_of_nodes(nodes[:1], "publisher"),
             *_of_metas(metas, _SITES[1:]))  # fmt: skip
    site = next((name for name in sites if _PLACEHOLDER.search(name) is None), None)
    sections = (*_of_nodes(nodes, "articleSection"), *_of_metas(metas, _SECTIONS))
    facts = _facts(root, metas, nodes, site=site)
    if is_tracing():
        trace_origin("url", _url(root, {}, ()), "its canonical address")
        _facts(root, {}, nodes, site=site).record_origin("JSON-LD")
        facts.record_origin("meta tags")
    return Metadata(
        facts=facts,
        titles=tuple(dict.fromkeys(titles)),
        standfirsts=tuple(dict.fromkeys(standfirsts)),
        site=_first(_of_metas(metas, _SITES[:1])),
        body=max(_of_nodes(nodes, "articleBody"), key=len, default=""),
        kind=_kind(nodes, sections),
        language=_language(root, metas, nodes),
    )


def _facts(
    root: etree._Element, metas: dict[str, list[str]], nodes: Sequence[Node], *, site: str | None
) -> ArticleMetadata:
    """The metadata in meta tags and JSON-LD, from the most to the least reliable source."""
    return ArticleMetadata(
        authors=_authors(metas, nodes, site=site),
        source=site if metas else _first(_of_nodes(nodes[:1], "publisher")),
        section=_first((*_of_nodes(nodes, "articleSection"), *_of_metas(metas, _SECTIONS))),
        tags=_tags(metas, nodes),
        published=first_moment((*_of_nodes(nodes, "datePublished"), *_of_metas(metas, _PUBLISHED))),
        modified=first_moment((*_of_nodes(nodes, "dateModified"), *_of_metas(metas, _MODIFIED))),
        url=_url(root, metas, nodes),
    )


def _about_this_page(
    nodes: Sequence[Node], root: etree._Element, metas: dict[str, list[str]]
) -> Sequence[Node]:
    """The nodes, without those of articles other than the page's own.

    If no article among them has the page's own address or title, all nodes are returned.
    """
    url = _url(root, metas, ())
    titles = [squeeze(title) for title in (*_of_metas(metas, _TITLES), *_title_tag(root))]

    def is_own(node: Node) -> bool:
        words = squeeze(next(_of_nodes((node,), "headline"), ""))
        named = bool(words) and any(words in title for title in titles)
        return named or (url is not None and node.get("url") == url)

    articles = [node for node in nodes if "headline" in node]
    own = [node for node in articles if is_own(node)]
    return [node for node in nodes if node in own or node not in articles] if own else nodes


def _metas(root: etree._Element) -> dict[str, list[str]]:
    """The contents of the meta tags of a page, by their names in lower case."""
    metas: dict[str, list[str]] = {}
    for meta in root.iter("meta"):
        names = (meta.get(key, "") for key in ("property", "name", "itemprop"))
        name = next(filter(None, names), "")
        content = " ".join(meta.get("content", "")[:_LONGEST].split())
        if name and content:
            metas.setdefault(name.strip().lower(), []).append(content)
    return metas


def _of_metas(metas: dict[str, list[str]], names: Iterable[str]) -> Iterator[str]:
    for name in names:
        yield from metas.get(name, ())


def _of_nodes(nodes: Iterable[Node], key: str) -> Iterator[str]:
    for node in nodes:
        yield from texts_of(node.get(key))


def _title_tag(root: etree._Element) -> Iterator[str]:
    title = root.find(".//head/title")
    title = root.find(".//title") if title is None else title
    words = "" if title is None else " ".join("".join(title.itertext())[:_LONGEST].split())
    if words:
        yield words


def _first(values: Iterable[str]) -> str | None:
    return next(iter(values), None)


def _authors(
    metas: dict[str, list[str]], nodes: Sequence[Node], *, site: str | None
) -> tuple[str, ...]:
    """The authors, from the most reliable source that names anyone other than the site itself."""
    people = [
        names
        for node in nodes
        for key in ("author", "creator")
        if (names := clean_names(texts_of(node.get(key)), site=site))
    ]
    people += [names for name in _AUTHORS if (names := clean_names(metas.get(name, ()), site=site))]
    return people[0] if people else ()


def _tags(metas: dict[str, list[str]], nodes: Sequence[Node]) -> tuple[str, ...]:
    listed = list(_of_metas(metas, ("article:tag",)))
    if not listed:
        lines = (
            *_of_nodes(nodes[:1], "keywords"),
            *_of_metas(metas, ("news_keywords", "keywords")),
        )
        listed = [tag for line in lines for tag in line.split(",")]
    tags = (tag.strip(" #") for tag in listed)
    return tuple(dict.fromkeys(tag for tag in tags if 0 < len(tag) <= 60))[:_MOST_TAGS]


def _url(root: etree._Element, metas: dict[str, list[str]], nodes: Sequence[Node]) -> str | None:
    """The address that the page declares. The canonical link takes precedence."""
    links = (
        link.get("href", "")
        for link in root.iter("link")
        if "canonical" in link.get("rel", "").lower().split()
    )
    values = (*links, *_of_metas(metas, ("og:url",)), *_of_nodes(nodes, "url"))
    return next((url for value in values if (url := _clean_url(value)) is not None), None)


def _clean_url(value: str) -> str | None:
    value = value.strip()
    try:
        parts = urlsplit(value)
    except ValueError:
        return None
    good = parts.scheme in ("http", "https") and parts.netloc and len(value) <= _LONGEST
    return value if good and not any(map(str.isspace, value)) else None


def _kind(nodes: Sequence[Node], sections: Iterable[str]) -> Kind:
    """The kind of article, from its type in JSON-LD or else from the name of its section."""
    for node in nodes[:1]:
        for type in types_of(node):
            if KINDS.get(type, Kind.REPORT) is not Kind.REPORT:
                return KINDS[type]
    opinion = any(section.casefold() in _OPINION for section in sections)
    return Kind.OPINION if opinion else Kind.REPORT


def _language(
    root: etree._Element, metas: dict[str, list[str]], nodes: Sequence[Node]
) -> str | None:
    """The language that the page declares, as a BCP 47 tag with the usual capitals."""
    html = root.getroottree().getroot()
    xml = "{http://www.w3.org/XML/1998/namespace}lang"
    values = (
        *(value for name in ("lang", xml, "xml:lang") if (value := html.get(name))),
        *_of_metas(metas, ("og:locale", "content-language", "dc.language", "language")),
        *_of_nodes(nodes, "inLanguage"),
    )
    return next((tag for value in values if (tag := tag_of(value)) is not None), None)
