"""Parses files on disk into articles.

`registry` finds the formats, `parse` parses one file, and `workers` parse many files. To add a
format, add a module that declares `FORMAT` to a sub-package (see `source`).
"""

from pullquote.parsing.files import FoundFiles, check_corpus
from pullquote.parsing.parse import (
    articles_in,
    file_version,
    find_files,
    read_articles,
    stream_articles,
)
from pullquote.parsing.registry import FORMATS, parser_of
from pullquote.parsing.source import (
    Format,
    FormatParser,
    ParsedItem,
    ParseOptions,
    ParserOutput,
    SourceFile,
)

__all__ = [
    "FORMATS",
    "Format",
    "FormatParser",
    "FoundFiles",
    "ParseOptions",
    "ParsedItem",
    "ParserOutput",
    "SourceFile",
    "articles_in",
    "check_corpus",
    "file_version",
    "find_files",
    "parser_of",
    "read_articles",
    "stream_articles",
]
