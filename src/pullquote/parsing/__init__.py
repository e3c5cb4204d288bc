"""A file on disk to articles.

`registry` knows the formats, which say themselves what they are; `parse` takes one file, and
`workers` take many. A new format is one module with a `FORMAT` in a sub-package (see `formats`).
"""

from pullquote.parsing.files import FoundFiles, check_corpus
from pullquote.parsing.formats import Format
from pullquote.parsing.parse import (
    articles_in,
    file_version,
    find_files,
    read_articles,
    stream_articles,
)
from pullquote.parsing.registry import FORMATS, parser_of
from pullquote.parsing.source import FormatReader, Given, Read, SourceFile

__all__ = [
    "FORMATS",
    "Format",
    "FormatReader",
    "FoundFiles",
    "Given",
    "Read",
    "SourceFile",
    "articles_in",
    "check_corpus",
    "file_version",
    "find_files",
    "parser_of",
    "read_articles",
    "stream_articles",
]
