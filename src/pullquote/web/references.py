"""Ways to refer to words of an article: a citation to paste, a link into the original, one to here.

Pure functions; what they return is plain text and still has to be escaped for a page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from pullquote.schema import Article, Role
from pullquote.web.markup import is_web, moment_text
from pullquote.web.requests import Place, parse_place

VERSION_SHOWN = 12
"""Characters of a version in a link: enough to tell two versions of one article apart."""

WHOLE_QUOTE = 8
"""Words up to which a text fragment gives a quote whole; of a longer one, where it begins and ends.
"""

_ENDS = 4
"""Words of each end."""

_AROUND = 3
"""Words before and after that tell a quote from the same words elsewhere in the article."""


@dataclass(frozen=True, slots=True)
class Link:
    """What a permanent link opens: a place, a question, both or neither."""

    place: Place | None = None
    question: str = ""


def permanent_link(link: Link) -> str:
    """The query of the chat's own address that opens what the link says; "" for nothing."""
    given: dict[str, str | int] = {}
    if (place := link.place) is not None:
        given = {"article": place.article, "start": place.start, "end": place.end}
        if place.version is not None:
            given["version"] = place.version[:VERSION_SHOWN]
    if link.question:
        given["question"] = link.question
    # A lone surrogate has no UTF-8; what cannot be asked or stored need not be linked to.
    return f"?{urlencode(given, errors='replace')}" if given else ""


def parse_link(query: Mapping[str, str]) -> Link:
    """What the query of an address opens.

    Raises:
        SettingsError: it names an article, but not a place in it.
    """
    named = {name: query[name] for name in ("article", "start", "end", "version") if name in query}
    place = parse_place(named) if "article" in named else None
    return Link(place, query.get("question", "").strip())


def citation_text(article: Article, cut: range) -> str:
    """The quote, if any, with title, author, source, day and where it stands, ready to paste."""
    words = " ".join(article.text[cut.start : cut.stop].split())
    block = article.block_at(cut.start)
    title = article.title
    if words and block is not None and block.role is Role.COMMENT:
        title = f"reader comment by {block.author or 'an unnamed reader'} on {title}"
    elif article.author is not None:
        title = f"{title}, by {article.author}"
    day = "" if article.published is None else moment_text(article.published)
    printed = [article.source or "", day]
    if block is not None and block.page is not None:
        printed.append(f"page {block.page}")
    facts = [title, ", ".join(filter(None, printed)), _address(article, cut)]
    quoted = f"“{words}” — " if words else ""
    return quoted + ". ".join(filter(None, facts))


def text_fragment(text: str, cut: range) -> str:
    """The fragment of a URL that makes a browser scroll to those words and mark them.

    Source: the WICG's draft "URL Fragment Text Directives".
    """
    quoted = text[cut.start : cut.stop]
    words = quoted.split()
    lines = quoted.strip().splitlines()
    if len(words) > WHOLE_QUOTE or len(lines) > 1:  # neither end may go on into another paragraph
        ends = _encoded(lines[0].split()[:_ENDS]), _encoded(lines[-1].split()[-_ENDS:])
        return f"#:~:text={','.join(ends)}"
    before = after = ""
    if text.count(quoted) > 1:
        before = _encoded(text[: cut.start].rpartition("\n")[2].split()[-_AROUND:])
        after = _encoded(text[cut.stop :].partition("\n")[0].split()[:_AROUND])
    parts = (f"{before}-" if before else "", _encoded(words), f"-{after}" if after else "")
    return f"#:~:text={','.join(filter(None, parts))}"


def _address(article: Article, cut: range) -> str:
    """Where the article is on the web, at those words; else where it is in the corpus."""
    if article.url is None or not is_web(article.url):
        return article.id
    if not article.text[cut.start : cut.stop].strip():
        return article.url
    fragment = text_fragment(article.text, cut)
    # A URL that has a fragment already takes the directive at its end.
    return article.url + (fragment.removeprefix("#") if "#" in article.url else fragment)


def _encoded(words: list[str]) -> str:
    """Words for a text directive, in which a dash, a comma and an ampersand have a meaning."""
    return quote(" ".join(words), safe="", errors="replace").replace("-", "%2D")
