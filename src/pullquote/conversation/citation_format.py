"""The facts of a citation as words, and the link to its words in the article.

The link ends in a text fragment: a browser scrolls to the words and highlights them.
Source: WICG, URL Fragment Text Directives, https://wicg.github.io/scroll-to-text-fragment/.
"""

from __future__ import annotations

from urllib.parse import quote, urlencode, urlsplit

from pullquote.base.dates.day_text import moment_text
from pullquote.schema import Citation, Role

LONGEST_EXACT = 300
"""In characters. A link contains quotes up to this length, but only the beginning and end of longer
quotes."""

_END_WORDS = 5
_SHORT = 4
"""In words. A shorter quote may occur several times on a page, so the link adds nearby words."""
_NEIGHBOURS = 3
_LONGEST_END = 60
"""Maximum length of the beginning and of the end, in characters.

Without this limit, five "words" of a script without spaces could be the whole quote.
"""

_DIRECTIVE = ":~:"

VERSION_SHOWN = 12
"""Characters of a version in a link: enough to distinguish two versions of one article."""


def citation_facts(citation: Citation) -> list[str]:
    """The known facts to show beside a title: author, source, day, role, who says it, page.

    Without a source or a day, the section follows. The path is the address, or the caller adds it.
    """
    author = byline(citation)
    facts = [f"by {author}" if author else "", citation.source or ""]
    facts.append("" if citation.published is None else moment_text(citation.published))
    facts += citation.whereabouts[:-1]
    if citation.quote.strip():
        facts += [citation.role_words, citation.said_by]
        facts += citation.details
    return [fact for fact in facts if fact]


def link_to(citation: Citation) -> str | None:
    """The article's URL with a text fragment, or None if the URL is not http or https."""
    if citation.url is None or not is_web(citation.url):
        return None
    if not citation.quote.strip():
        return citation.url
    page, hash_, fragment = citation.url.partition("#")
    place = fragment.partition(_DIRECTIVE)[0] if hash_ else ""
    return f"{page}#{place}{text_fragment(citation)}"


def place_link(citation: Citation) -> str:
    """The part of a permanent link after the address of the chat: it opens the quoted words."""
    return "?" + urlencode(
        {
            "article": citation.article,
            "start": citation.start,
            "end": citation.end,
            "version": citation.version[:VERSION_SHOWN],
        },
        errors="replace",
    )


def text_fragment(citation: Citation) -> str:
    """The directive for the quoted words: `:~:text=[prefix-,]start[,end][,-suffix]`.

    For a quote that is long or spans several lines, only its first and last words are given,
    because browsers do not find text across lines. Other quotes are given in full. If a quote is
    short, the words beside it are added as prefix and suffix, to find the right occurrence.
    """
    words = citation.quote.split()
    lines = [line for line in citation.quote.splitlines() if line.strip()]
    if len(lines) > 1 or len(citation.quote) > LONGEST_EXACT:
        first, last = (lines[0].split(), lines[-1].split()) if lines else ([], [])
        start = " ".join(first[:_END_WORDS])[:_LONGEST_END]
        end = " ".join(last[-_END_WORDS:])[-_LONGEST_END:]
        return f"{_DIRECTIVE}text={_encoded(start)},{_encoded(end)}"
    exact = _encoded(" ".join(words))
    if len(words) >= _SHORT:
        return f"{_DIRECTIVE}text={exact}"
    at = citation.start - citation.sentence_start
    before = _nearest(citation.sentence[:at], last=True)
    after = _nearest(citation.sentence[at + len(citation.quote) :], last=False)
    prefix = f"{_encoded(before)}-," if before else ""
    suffix = f",-{_encoded(after)}" if after else ""
    return f"{_DIRECTIVE}text={prefix}{exact}{suffix}"


def is_web(url: str) -> bool:
    """Whether a URL leads to the web, and not to a page of the browser itself."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def byline(citation: Citation) -> str | None:
    """The author of the article, unless the words are someone else's."""
    return None if citation.role in (Role.COMMENT, Role.QUOTATION) else citation.author


def _nearest(text: str, *, last: bool) -> str:
    """The words beside the quote on the same line; none if a word touches the quote."""
    line = f"{text}|".splitlines()[-1][:-1] if last else f"|{text}".splitlines()[0][1:]
    inner = line[-1:] if last else line[:1]
    if inner.isalnum():
        return ""
    words = line.split()
    return " ".join(words[-_NEIGHBOURS:] if last else words[:_NEIGHBOURS])


def _encoded(text: str) -> str:
    """Percent-encode, including "-", because "-", "," and "&" have a meaning in the directive."""
    return quote(text, safe="", errors="replace").replace("-", "%2D")
