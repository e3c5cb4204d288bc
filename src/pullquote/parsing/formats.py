"""The declaration of a format: its name, its suffixes, and how it is parsed."""

from __future__ import annotations

from dataclasses import dataclass


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
