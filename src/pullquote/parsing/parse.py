"""Parses one file into its articles, with the parser of its format and within limits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from pullquote.base.dates.date_order import has_month_first, read_in_order
from pullquote.parsing.files import FoundFiles, digest_of, load_file, open_file, suffix_of, walk
from pullquote.parsing.registry import FORMATS, parser_of
from pullquote.parsing.source import (
    NO_OPTIONS,
    Format,
    FormatParser,
    ParsedItem,
    ParseOptions,
    SourceFile,
    one_line,
    with_short_reason,
)
from pullquote.parsing.trace import trace_origin
from pullquote.schema import Article
from pullquote.schema.errors import ArticleError
from pullquote.schema.file_limits import LIMITS, Limits, megabytes
from pullquote.schema.setting_types import UPLOADS_FOLDER, SourceFolder

_WEB_ARCHIVE = re.compile(r"https?://web\.archive\.org/web/\w+/(?=https?://)", re.IGNORECASE)
"""What the Internet Archive writes before the address of a page."""
_SITE = re.compile(r"(?:[\w-]+\.)+[^\W\d][\w-]*")
"""A host with a domain name, not "localhost" or an IP address."""


def with_source(article: Article, *, file: str, folder: SourceFolder) -> Article:
    """The article with a source, if it names one or one can be found.

    `file` is the path of its file, relative to the corpus. A folder that `folder` selects takes
    precedence over the site of the article's address.
    """
    if article.source:
        return article
    source, origin = _folder_name(file, folder), "the name of its folder"
    if source is None and article.url is not None:
        source, origin = site_of(article.url), "the site of its address"
    if source is None:
        return article
    trace_origin("source", source, origin)
    return article.model_copy(update={"source": source})


def site_of(url: str) -> str | None:
    """The host of a web address without "www.", such as "bbc.co.uk"; None if it has no site.

    The site of a page in the Internet Archive is that of the original page.
    """
    try:
        parts = urlsplit(_WEB_ARCHIVE.sub("", url, count=1))
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return None
    is_site = parts.scheme in ("http", "https") and _SITE.fullmatch(host) is not None
    return host if is_site else None


def _folder_name(file: str, folder: SourceFolder) -> str | None:
    """The name of the selected folder; None for files directly in the corpus and for uploads."""
    folders = PurePosixPath(file).parent.parts
    if folder == "off" or not folders or folders[0] == UPLOADS_FOLDER:
        return None
    return " ".join(folders[0 if folder == "top" else -1].split()) or None


MOST_NAMED = 20
"""How many failed records of a file are listed with their reasons. The rest are only counted,
because the manifest stores the failures and a file may have a million of them."""


def with_unique_ids(found: Iterable[ParsedItem], file: SourceFile) -> Iterator[ParsedItem]:
    """The articles of a file, each with its own id, and the failures of the file.

    If several articles have the same id, such as two versions of an item, the first keeps the id
    and the Nth gets "~N" appended. Adding records to the end of a file changes no earlier id.

    Raises ArticleError if the file contains nothing, or nothing that can be read.
    """
    times: dict[str, int] = {}
    named: list[ArticleError] = []
    failures = 0
    try:
        for one in found:
            if isinstance(one, ArticleError):
                failures += not one.left_out
                if one.left_out or failures <= MOST_NAMED:
                    named.append(one)
                continue
            yield from named
            named = []
            yield _with_unique_id(one, times)
    except ArticleError:  # the rest of the file cannot be read
        yield from named
        raise
    if not times:
        raise _no_articles(file, named, failures)
    yield from named
    if failures > MOST_NAMED:
        more = failures - MOST_NAMED
        yield ArticleError(file.id, f"{more:,} more of its records cannot be read")


def _no_articles(file: SourceFile, named: list[ArticleError], failures: int) -> ArticleError:
    """One error that says why a file has no articles."""
    first = next((error for error in named if not error.left_out), None)
    if first is not None:
        part = first.path.removeprefix(f"{file.id}#")
        where = "" if first.path == file.id else f"{part}: "
        many = "" if failures == 1 else f"none of its {failures:,} records can be read; "
        return ArticleError(file.id, f"{many}{where}{first.reason}")
    if named:
        return ArticleError(file.id, named[0].reason, left_out=True)
    return ArticleError(file.id, "it contains no articles")


def _with_unique_id(article: Article, times: dict[str, int]) -> Article:
    """The article with an id that no earlier article has. `times` counts each id."""
    id = article.id
    while id in times:
        times[article.id] += 1
        id = f"{article.id}~{times[article.id]}"
    times[id] = 1
    return article if id == article.id else article.model_copy(update={"id": id})


_LONGEST_CHARACTER = 4
"""The most bytes that a character takes in any encoding."""
_BEGINNING = 1 << 16
"""How many bytes of a streamed file are searched for the order of its dates."""
_TOO_LONG = "it has more than {:,} characters (limits.article_chars)"


def find_files(corpus: Path) -> FoundFiles:
    """The files under a corpus folder: files with a parser, other files, and failures.

    Raises CorpusMissing if there is no such folder, or CorpusUnreadable if it cannot be listed.
    """
    containers = {suffix for suffix, format in FORMATS.items() if format.streamed}
    return walk(corpus, suffixes=FORMATS, container_suffixes=containers)


def file_version(path: Path, *, id: str) -> str:
    """The SHA-256 of a file's bytes, in hex: the version of its articles.

    Raises ArticleError if the file cannot be read.
    """
    with open_file(path, id=id) as stored:
        return digest_of(stored)


def read_articles(
    path: Path, *, id: str, options: ParseOptions = NO_OPTIONS
) -> tuple[Article, ...]:
    """The articles of one file, in order. Records that are not articles are left out.

    Raises ArticleError, as `stream_articles` does.
    """
    found = stream_articles(path, id=id, options=options)
    return tuple(article for article in found if isinstance(article, Article))


def stream_articles(
    path: Path,
    *,
    id: str,
    options: ParseOptions = NO_OPTIONS,
    limits: Limits = LIMITS,
    on_read: Callable[[], None] = lambda: None,
) -> Iterator[ParsedItem]:
    """The articles of one file, in order, with an error for each record that is not an article.

    `path` is `corpus / id`; `id` is written with "/". `limits` is as in `SourceFile`.
    Articles that name no source get one if possible; see `with_source`.

    If the format allows it, only one article at a time is in memory. `on_read` is called for each
    megabyte of the file that is read, which shows progress in files with few articles.

    Raises ArticleError, with the id and a plain reason, if the file or the rest of it cannot be
    read. The error's version is the version of the bytes that were read, since the file may have
    changed after that.
    """
    with _opened(path, id=id, limits=limits, on_read=on_read) as file:
        given = replace(file, fields=options.fields, ocr=options.ocr, on_progress=on_read)
        for found in articles_in(given):
            if isinstance(found, Article):
                yield with_source(found, file=id, folder=options.source_from_folder)
            else:
                yield found


@contextmanager
def _opened(
    path: Path, *, id: str, limits: Limits, on_read: Callable[[], None]
) -> Iterator[SourceFile]:
    """A file with its bytes or, if its format is streamed, with its stream."""
    if not _format_of(suffix_of(id), id=id).streamed:
        yield load_file(path, id=id, limits=limits, on_read=on_read)
        return
    with open_file(path, id=id, on_read=on_read) as stored:
        yield SourceFile(id=id, version=digest_of(stored), stored=stored, limits=limits)


def articles_in(file: SourceFile, *, suffix: str | None = None) -> Iterator[ParsedItem]:
    """The articles and errors of an open file. `suffix`, if given, replaces the suffix of its id.

    No two articles have the same id. Any exception of a parser becomes the error of this file.

    Raises ArticleError, as `stream_articles` does.
    """
    format = _format_of(suffix_of(file.id) if suffix is None else suffix, id=file.id)
    most = file.limits.article_chars
    if format.verbatim and len(file.content) > most * _LONGEST_CHARACTER:
        raise ArticleError(file.id, _TOO_LONG.format(most), version=file.version)
    parser = parser_of(format)
    try:
        yield from with_unique_ids(_within_limits(parser, file), file)
    except ArticleError as error:
        raise ArticleError(
            file.id, error.reason, version=file.version, left_out=error.left_out
        ) from error


def _within_limits(parser: FormatParser, file: SourceFile) -> Iterator[ParsedItem]:
    """The output of a parser within the limits. The only exception it raises is ArticleError."""
    limits, characters = file.limits, 0
    most = limits.free_expansion + limits.expansion * file.size
    try:
        beginning = file.content if file.stored is None else file.stream().read(_BEGINNING)
        month_first = has_month_first(beginning)
        for found in read_in_order(partial(parser, file), month_first=month_first):
            if isinstance(found, ArticleError):
                yield with_short_reason(found)
                continue
            characters += len(found.text)
            if characters > most:
                raise ArticleError(
                    file.id, f"it unpacks to more than {limits.expansion} times its size"
                )
            if len(found.text) > limits.article_chars:
                yield ArticleError(found.id, _TOO_LONG.format(limits.article_chars))
            else:
                yield found
    except ArticleError as error:
        raise with_short_reason(error) from error.__cause__
    except MemoryError as error:
        reason = (
            f"it takes more than {megabytes(file.limits.memory)} of memory to read (limits.memory)"
        )
        raise ArticleError(file.id, reason) from error
    except Exception as error:  # a bug in the parser must not affect other files
        raise ArticleError(file.id, f"its parser failed: {one_line(error)}") from error


def _format_of(suffix: str, *, id: str) -> Format:
    format = FORMATS.get(suffix)
    if format is None:
        raise ArticleError(
            id, f"there is no parser for this kind of file, only for {', '.join(FORMATS)}"
        )
    return format
