"""A file on disk to articles: one module a format, one registry.

A new format is one module with a `FormatReader` and one line in `READERS`. A module is loaded with
the first file of its format.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from types import MappingProxyType

from pullquote.errors import ArticleError
from pullquote.ingest.files import FoundFiles, check_corpus, load, suffix_of, walk
from pullquote.ingest.source import FormatReader, SourceFile
from pullquote.schema import Article

__all__ = [
    "READERS",
    "FormatReader",
    "FoundFiles",
    "SourceFile",
    "check_corpus",
    "file_version",
    "find_files",
    "read_articles",
]

READERS: Mapping[str, str] = MappingProxyType(
    {
        ".docx": "docx",
        ".eml": "eml",
        ".epub": "epub",
        ".htm": "html",
        ".html": "html",
        ".markdown": "markdown",
        ".md": "markdown",
        ".mht": "html",
        ".mhtml": "html",
        ".odt": "odt",
        ".pdf": "pdf",
        ".rtf": "rtf",
        ".txt": "plain",
        ".xhtml": "html",
    }
)
"""The format of each suffix, which is in lower case and has its dot.

The format `plain` is read by `read_plain` of the module of that name.
"""


def find_files(corpus: Path) -> FoundFiles:
    """The files under a corpus folder: those some reader knows, the others, and what failed.

    Raises CorpusMissing or CorpusUnreadable where there is no such folder, or it cannot be listed.
    """
    return walk(corpus, suffixes=READERS)


def file_version(path: Path, *, id: str) -> str:
    """The SHA-256 of a file's bytes, in hex: the version of its articles.

    Raises ArticleError where it cannot be read.
    """
    return load(path, id=id).version


def read_articles(path: Path, *, id: str) -> tuple[Article, ...]:
    """The articles of one file, in the order in which they stand in it.

    `path` is `corpus / id`; `id` is written with "/".

    Raises ArticleError, with the id and a plain reason, for a file that cannot be read. Its version
    is that of the bytes that were read, which the file may have changed since it was looked at.
    """
    format = READERS.get(suffix_of(id))
    if format is None:
        raise ArticleError(id, f"no reader knows this kind of file; known are {', '.join(READERS)}")
    module = import_module(f"pullquote.ingest.{format}")
    reader: FormatReader = getattr(module, f"read_{format}")
    file = load(path, id=id)
    try:
        return reader(file)
    except ArticleError as error:
        raise ArticleError(id, error.reason, version=file.version) from error
