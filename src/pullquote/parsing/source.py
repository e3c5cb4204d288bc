"""The input and the output of a parser, and the declaration of its format."""

from __future__ import annotations

import reprlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from io import SEEK_END, BytesIO
from typing import BinaryIO
from urllib.parse import urlsplit

from pullquote.parsing.trace import Trace
from pullquote.schema import Article
from pullquote.schema.errors import ArticleError
from pullquote.schema.file_limits import LIMITS, Limits
from pullquote.schema.setting_types import SourceFolder

_LONGEST = 500
"""Maximum length of a reason, in characters. The index stores the reason, which may quote from the
file."""
_SHORT = reprlib.Repr()
_SHORT.maxlevel = 2  # nested lists with six items each would soon fill a page


@dataclass(frozen=True, slots=True, kw_only=True)
class ParseOptions:
    """The settings that decide what articles are made of a file.

    `fields` and `ocr` are as in `SourceFile`. `source_from_folder` says which folder is the source
    of articles that name none.
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    source_from_folder: SourceFolder = "off"
    ocr: str = ""


NO_OPTIONS = ParseOptions()
"""The default settings."""

_VARIANTS = frozenset(("www", "m", "mobile", "amp", "touch"))
"""First labels of hosts that one site uses for the same page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """One file of the corpus, with its id and the SHA-256 of its bytes in hex.

    `content` has the bytes, except in streamed formats. Their parsers read `stream()` instead, so
    that the bytes need not fit into memory. `fields` maps our names, such as "title", to the names
    of fields in exports. `limits` bounds the time and memory to use. `charset` is the label of the
    encoding that the HTTP headers of a stored page state.

    `ocr` are the languages in which pages that are pictures are read, as Tesseract names them
    ("eng+deu"); "" if they are not. `on_progress` is called while that takes time.
    """

    id: str
    version: str
    content: bytes = b""
    stored: BinaryIO | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    limits: Limits = LIMITS
    charset: str | None = None
    ocr: str = ""
    on_progress: Callable[[], None] = lambda: None

    @property
    def size(self) -> int:
        """The size of the file in bytes."""
        return self.stream().seek(0, SEEK_END)

    def stream(self) -> BinaryIO:
        """The bytes as a stream, at its beginning. A stored file always returns the same stream."""
        if self.stored is None:
            return BytesIO(self.content)
        self.stored.seek(0)
        return self.stored


ParsedItem = Article | ArticleError
"""An article, or the reason why a record of the file is not an article."""


@dataclass(frozen=True, slots=True)
class ParserOutput:
    """One item that a parser found in a file. At the end of the file, `found` is None.

    `is_file_error` marks an error of the file itself: the rest of the file cannot be read.
    `trace` is what the parser recorded about this item, if tracing is on.
    """

    file: str
    found: ParsedItem | None
    is_file_error: bool = False
    trace: Trace | None = None


FormatParser = Callable[[SourceFile], Iterable[ParsedItem]]
"""A function that yields the articles of a file, in order. Its result depends only on the file.

If a record is not an article, the function yields an error that names the record, and continues.

The function raises ArticleError, with `file.id` as the path, if the file is not of this format or
if the rest of the file cannot be read.
"""


def page_address(stated: str | None, fetched: str | None) -> str | None:
    """The address of a page that states one and was fetched from another.

    The stated address identifies the page better, but only a page's own site can vouch for it. On
    another host, it would make the page a version of somebody else's article.
    """
    if fetched is None or stated is None:
        return fetched if stated is None else stated
    return stated if _site(stated) == _site(fetched) else fetched


def _site(url: str) -> str:
    """The host of an address, the same for a site's pages for phones; the address without one."""
    try:
        host = (urlsplit(url).hostname or url).rstrip(".")
    except ValueError:
        return url
    first, _, rest = host.partition(".")
    return rest if first in _VARIANTS and "." in rest else host


def abridged_repr(value: object) -> str:
    """The `repr` of a value, abridged."""
    return _SHORT.repr(value)


def one_line(error: Exception) -> str:
    """The type and message of an unexpected error, for a bug report."""
    line = " ".join(f"{type(error).__name__}: {error}".split())[:200]
    return line.encode("utf-8", "backslashreplace").decode()


def with_short_reason(error: ArticleError) -> ArticleError:
    """The error, with its reason cut to 500 characters."""
    if len(error.reason) <= _LONGEST:
        return error
    reason = f"{error.reason[:_LONGEST]}\N{HORIZONTAL ELLIPSIS}"
    return ArticleError(error.path, reason, version=error.version, left_out=error.left_out)


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A format, as its module declares it below its imports: `FORMAT = Format(name=..., ...)`.

    Every value is a literal, because the registry reads the declaration without running the module.
    The module also has a function `parse_NAME`, which is a `FormatParser`.

    Attributes:
        name: The name, in letters, digits and underscores. No two formats have the same name.
        suffixes: The suffixes of files, in lower case, each with its dot.
        summary: What is read and what is left out, in Markdown, for the table in the README.
        streamed: Whether the file is read while it is parsed, as it may contain a million articles.
        verbatim: Whether the article's text is about as long as the file. If so, a file that is
            too long is refused before it is parsed.
        fuzzed: Whether the fuzz test damages files of this format.
    """

    name: str
    suffixes: tuple[str, ...]
    summary: str
    streamed: bool = False
    verbatim: bool = False
    fuzzed: bool = True
