"""The declaration of a format: its name, its suffixes, and how it is parsed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A format, as its module declares it below its imports: `FORMAT = Format(name=..., ...)`.

    Every value is a literal, because the registry reads the declaration without running the module.
    The module has a function `parse_NAME`, a `FormatParser`.

    Attributes:
        name: Letters, digits and underscores; no two formats share one.
        suffixes: In lower case, each with its dot.
        summary: The content that is read or left out, in Markdown, for the table in the README.
        streamed: The file is read as it is parsed, because it may hold a million articles.
        verbatim: The article's text is about as long as the file. A file that is too long is then
            refused before it is parsed.
        fuzzed: The fuzz test damages files of this format.
    """

    name: str
    suffixes: tuple[str, ...]
    summary: str
    streamed: bool = False
    verbatim: bool = False
    fuzzed: bool = True
