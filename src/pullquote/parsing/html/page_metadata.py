"""Reads the metadata of a web page from its JSON-LD, meta tags and link tags."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from lxml import etree

from pullquote.parsing.html.json_ld import KINDS, Node, article_nodes, texts_of, types_of
from pullquote.parsing.html.moments import first_moment
from pullquote.parsing.language import tag_of
from pullquote.parsing.news.author_names import clean_names, squeeze
from pullquote.parsing.news.metadata import ArticleMetadata
from pullquote.parsing.trace import is_tracing, trace_origin
from pullquote.schema import Kind

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
