"""One file to its articles: by the parser of its format, and within limits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from pullquote.errors import ArticleError
from pullquote.limits import LIMITS, Limits, megabytes
from pullquote.parsing.dedupe import told_apart
from pullquote.parsing.files import FoundFiles, digest_of, load, opened, suffix_of, walk
from pullquote.parsing.formats import Format
from pullquote.parsing.messages import abridged, in_a_line
from pullquote.parsing.registry import FORMATS, parser_of
from pullquote.parsing.source import FormatReader, Read, SourceFile
from pullquote.schema import Article

_LONGEST_CHARACTER = 4
"""Bytes, in any encoding."""
_TOO_LONG = "it has more than {:,} characters (limits.article_chars)"


def find_files(corpus: Path) -> FoundFiles:
    """The files under a corpus folder: those some reader knows, the others, and what failed.

    Raises CorpusMissing or CorpusUnreadable where there is no such folder, or it cannot be listed.
    """
    holders = {suffix for suffix, format in FORMATS.items() if format.streamed}
    return walk(corpus, suffixes=FORMATS, holders=holders)


def file_version(path: Path, *, id: str) -> str:
    """The SHA-256 of a file's bytes, in hex: the version of its articles.

    Raises ArticleError where it cannot be read.
    """
    with opened(path, id=id) as stored:
        return digest_of(stored)


def read_articles(
    path: Path, *, id: str, fields: Mapping[str, str] = MappingProxyType({})
) -> tuple[Article, ...]:
    """The articles of one file, in the order in which they stand in it.

    Raises ArticleError, as `stream_articles` does. Records that are no articles are left out.
    """
    found = stream_articles(path, id=id, fields=fields)
    return tuple(article for article in found if isinstance(article, Article))


def stream_articles(
    path: Path,
    *,
    id: str,
    fields: Mapping[str, str] = MappingProxyType({}),
    limits: Limits = LIMITS,
    told: Callable[[], None] = lambda: None,
) -> Iterator[Read]:
    """What one file gives, in order: articles and, in their place, what could not be read.

    `path` is `corpus / id`; `id` is written with "/". `fields` and `limits` are as in `SourceFile`.
    One article at a time is in memory, where the format allows. `told` is called as bytes of the
    file are read, which is a sign of life where articles are rare.

    Raises ArticleError, with the id and a plain reason, for a file that cannot be read, or from
    where on it cannot. Its version is that of the bytes that were read, which the file may have
    changed since it was looked at.
    """
    if not _format_of(suffix_of(id), id=id).streamed:
        file = load(path, id=id, limits=limits, told=told)
        yield from articles_in(replace(file, fields=fields))
        return
    with opened(path, id=id, told=told) as stored:
        version = digest_of(stored)
        yield from articles_in(
            SourceFile(id=id, version=version, stored=stored, fields=fields, limits=limits)
        )


def articles_in(file: SourceFile, *, suffix: str | None = None) -> Iterator[Read]:
    """What a file gives whose bytes are at hand; `suffix` says its kind where its id does not.

    No two articles have one id. Whatever a reader raises costs this file: it is named with that.

    Raises ArticleError, as `stream_articles` does.
    """
    format = _format_of(suffix_of(file.id) if suffix is None else suffix, id=file.id)
    most = file.limits.article_chars
    if format.verbatim and len(file.content) > most * _LONGEST_CHARACTER:
        raise ArticleError(file.id, _TOO_LONG.format(most), version=file.version)
    reader = parser_of(format)
    try:
        yield from told_apart(_kept_in(reader, file), file)
    except ArticleError as error:
        raise ArticleError(
            file.id, error.reason, version=file.version, left_out=error.left_out
        ) from error


def _kept_in(reader: FormatReader, file: SourceFile) -> Iterator[Read]:
    """What a reader gives within the limits, and nothing else raised than ArticleError."""
    limits, given = file.limits, 0
    most = limits.free_expansion + limits.expansion * file.size
    try:
        for found in reader(file):
            if isinstance(found, ArticleError):
                yield abridged(found)
                continue
            given += len(found.text)
            if given > most:
                raise ArticleError(file.id, f"it holds over {limits.expansion} times its size")
            if len(found.text) > limits.article_chars:
                yield ArticleError(found.id, _TOO_LONG.format(limits.article_chars))
            else:
                yield found
    except ArticleError as error:
        raise abridged(error) from error.__cause__
    except MemoryError as error:
        told = f"it takes more than {megabytes(file.limits.memory)} to read (limits.memory)"
        raise ArticleError(file.id, told) from error
    except Exception as error:  # the reader's own fault, which costs no other file
        raise ArticleError(file.id, f"its reader failed: {in_a_line(error)}") from error


def _format_of(suffix: str, *, id: str) -> Format:
    """The format of a suffix."""
    format = FORMATS.get(suffix)
    if format is None:
        raise ArticleError(id, f"no reader knows this kind of file; known are {', '.join(FORMATS)}")
    return format
