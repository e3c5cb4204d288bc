"""Citations as words, as links, and as text to paste or to print: Markdown, HTML, BibTeX or RIS."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import quote, urlencode, urlsplit

from pullquote.base.dates.day_text import moment_text
from pullquote.base.plurals import quote_marks
from pullquote.conversation.markdown_text import escape_address, escape_markdown
from pullquote.schema import Citation, Role, check_kind, day_of
from pullquote.schema.arguments import naming_arguments

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


class CitationForm(StrEnum):
    """The forms of a citation; the values are their names in the page."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    BIBTEX = "bibtex"
    RIS = "ris"


@dataclass(frozen=True, slots=True)
class MarkedSentence:
    """A sentence with the quoted words in `words`, on one line; `words` is "" if none are marked.

    Nothing is marked if the words are the whole sentence.
    """

    before: str
    words: str
    after: str

    @property
    def text(self) -> str:
        """The sentence with the words between asterisks, as in mail; "" if there is none."""
        return f"{self.before}*{self.words}*{self.after}" if self.words else self.before

    @property
    def quote_marks(self) -> str:
        """The two marks around the sentence: single ones if it has double ones itself."""
        return quote_marks(self.text)

    @property
    def quoted(self) -> str:
        """The text in quote marks; "" if there is none."""
        marks = self.quote_marks
        return f"{marks[0]}{self.text}{marks[1]}" if self.text else ""


@dataclass(frozen=True, slots=True)
class PrintedCitation:
    """A citation as its forms need it: white space is single spaces, invisible controls are gone.

    `facts` follow the title on a line. `address` is a link or, if there is none, the article's id.
    `link` is "" without a link. `note` warns that the answer is only possible, or is "".
    """

    citation: Citation
    sentence: MarkedSentence
    title: str
    facts: tuple[str, ...]
    link: str
    address: str
    note: str


@naming_arguments
def ready_citation(
    citation: Citation,
    form: CitationForm = CitationForm.TEXT,
    *,
    link: str | None = None,
    note: str = "",
) -> str:
    """The sentence with the quoted words marked, and title, author, source, day, page and link.

    The link leads to the words in the article on the web. For an article without a web address, it
    is `link`; without this too, the article's id replaces it. `note` is added if it is not "". A
    citation without words cites the whole article.

    Raises:
        SettingsError: the first argument is not a citation.
    """
    check_kind("The citation", citation, Citation, give="one of the citations of an answer")
    found = link_to(citation) or link or ""
    printed = PrintedCitation(
        citation=citation,
        sentence=_marked(citation),
        title=_line(citation.title) or "Untitled",
        facts=tuple(filter(None, map(_line, citation_facts(citation)))),
        link=found,
        address=found or _line(citation.article),
        note=note,
    )
    return _FORMS[form](printed)


_INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
"""Control characters, also those that change the direction of the text around the citation."""


def _line(text: str) -> str:
    return _spaced(text).strip()


def _spaced(text: str) -> str:
    return re.sub(r"\s+", " ", _INVISIBLE.sub("", text))


def _marked(citation: Citation) -> MarkedSentence:
    """The sentence of a citation; the words stay in the sentence's own spacing."""
    sentence, quote = citation.sentence, citation.quote
    start = citation.start - citation.sentence_start
    if not quote.strip():
        return MarkedSentence("", "", "")
    if sentence[start : start + len(quote)] != quote:  # a saved citation that does not fit
        return MarkedSentence(_line(quote), "", "")
    before, after = _spaced(sentence[:start]).lstrip(), _spaced(sentence[start + len(quote) :])
    words = _spaced(quote)
    if words != words.lstrip():
        before = before if before.endswith(" ") else f"{before} "
    if words != words.rstrip():
        after = after if after.startswith(" ") else f" {after}"
    if not before.strip() and not after.strip():
        return MarkedSentence(words.strip(), "", "")
    return MarkedSentence(before, words.strip(), after.rstrip())


def _text(printed: PrintedCitation) -> str:
    where = " · ".join([printed.title, *printed.facts])
    return "\n".join(filter(None, (printed.sentence.quoted, where, printed.address, printed.note)))


def _markdown(printed: PrintedCitation) -> str:
    title = escape_markdown(printed.title)
    if printed.link:
        title = f"[{title}](<{escape_address(printed.link)}>)"
    where = " · ".join([title, *map(escape_markdown, printed.facts)])
    last = "" if printed.link else escape_markdown(printed.address)
    sentence = _marked_markdown(printed.sentence)
    parts = (f"> {sentence}" if sentence else "", where, last, escape_markdown(printed.note))
    return "\n\n".join(filter(None, parts))


def _marked_markdown(sentence: MarkedSentence) -> str:
    before, words, after = sentence.before, sentence.words, sentence.after
    if not words:
        return escape_markdown(before)
    # Asterisks beside a letter or digit may not begin or end bold type.
    touches = before[-1:].isalnum() or after[:1].isalnum()
    opens, closes = ("<b>", "</b>") if touches else ("**", "**")
    left, right = " " * before.endswith(" "), " " * after.startswith(" ")
    outer = [escape_markdown(text) if text else "" for text in (before.strip(), after.strip())]
    return f"{outer[0]}{left}{opens}{escape_markdown(words)}{closes}{right}{outer[1]}"


def _html(printed: PrintedCitation) -> str:
    from pullquote.base.templating import render  # noqa: PLC0415 - only HTML needs jinja2

    return str(render("citation.html", "citation", printed))


def _bibtex(printed: PrintedCitation) -> str:
    citation = printed.citation
    day = day_of(citation.published)
    kind = "misc" if citation.source is None else "article"
    sentence = printed.sentence
    marks = sentence.quote_marks
    marked = _tex(sentence.before) + (
        f"\\emph{{{_tex(sentence.words)}}}{_tex(sentence.after)}" if sentence.words else ""
    )
    fields = {
        "author": " and ".join(map(_tex, _authors(citation))),
        "title": f"{{{_tex(printed.title)}}}",  # a second pair of braces keeps the capitals
        "journal": _tex(_line(citation.source or "")),
        "year": "" if day is None else f"{day.year:04}",
        "month": "" if day is None else f"{day.month}",
        "day": "" if day is None else f"{day.day}",
        "pages": "" if citation.page is None else str(citation.page),
        "url": _verbatim(printed.link),
        "note": _tex(_notes(printed)),
        "annote": f"{marks[0]}{marked}{marks[1]}" if marked else "",
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@{kind}{{{_key(citation)},", *lines, "}"])


def _ris(printed: PrintedCitation) -> str:
    citation = printed.citation
    day = day_of(citation.published)
    lines = [
        ("TY", "NEWS"),
        ("TI", printed.title),
        *(("AU", author) for author in _authors(citation)),
        ("T2", _line(citation.source or "")),
        ("PY", "" if day is None else f"{day.year:04}"),
        ("DA", "" if day is None else f"{day:%Y/%m/%d}"),
        ("SP", "" if citation.page is None else str(citation.page)),
        ("UR", printed.link),
        ("N1", printed.sentence.quoted),
        ("N1", _notes(printed)),
    ]
    return "\n".join([*(f"{tag}  - {value}" for tag, value in lines if value), "ER  - "])


_FORMS: Final[Mapping[CitationForm, Callable[[PrintedCitation], str]]] = {
    CitationForm.TEXT: _text,
    CitationForm.MARKDOWN: _markdown,
    CitationForm.HTML: _html,
    CitationForm.BIBTEX: _bibtex,
    CitationForm.RIS: _ris,
}

_TEX: Final = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",  # BibTeX counts braces, even behind a backslash
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{sign: f"\\{sign}" for sign in "#$%&_"},
    }
)


def _tex(text: str) -> str:
    return text.translate(_TEX)


def _verbatim(link: str) -> str:
    """A link for a field that BibTeX prints as it is; braces and backslashes are encoded."""
    encoded = {"{": "%7B", "}": "%7D", "\\": "%5C"}
    return re.sub(r"[{}\\]", lambda found: encoded[found[0]], _line(link).replace(" ", "%20"))


def _authors(citation: Citation) -> list[str]:
    """The authors of the article, one by one."""
    names = map(_line, (byline(citation) or "").split(", "))
    return [name for name in names if name]


def _notes(printed: PrintedCitation) -> str:
    """Whose words they are, if not the report's, and the note."""
    citation = printed.citation
    spoken = citation.role in (Role.COMMENT, Role.QUOTATION)
    words = (citation.role_words if spoken else "", citation.said_by)
    named = map(_line, words) if printed.sentence.text else ()
    return "; ".join(filter(None, (*named, printed.note)))


def _key(citation: Citation) -> str:
    """A key of plain letters: source, year, the first words of the title, and the position.

    Two quotes from an article have different keys, and so can be cited side by side.
    """
    day = day_of(citation.published)
    source, title = _plain_words(citation.source or ""), _plain_words(citation.title)
    year = "undated" if day is None else f"{day.year:04}"
    parts = [*list(source)[:2], year, *list(title)[:4], str(citation.start)]
    return "-".join(parts)


def _plain_words(text: str) -> Iterator[str]:
    return (word for word in re.findall(r"[a-z0-9]+", text[:300].lower()) if len(word) < 20)
