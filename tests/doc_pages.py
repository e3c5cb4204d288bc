"""The Markdown pages of the project, and the examples in them, for the tests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"

_NOT_RUN = re.compile(r"<!-- not run: (.+) -->")
_PRINTED = "<!-- printed by the command above -->"


def all_pages() -> list[Path]:
    """Every page of the site, and the README."""
    return [*sorted(DOCS.rglob("*.md")), ROOT / "README.md"]


def name_of(page: Path) -> str:
    """The path of a page in the project."""
    return page.relative_to(ROOT).as_posix()


def tokens_of(page: Path) -> list[Token]:
    """The tokens of a page, tables included."""
    return MarkdownIt("commonmark").enable("table").parse(page.read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Example:
    """A block of code of a page; `not_run` is the reason why it is not run, or "".

    The reason stands in a comment right above the block: `<!-- not run: REASON -->`. A block with
    output of the last command has another comment: `<!-- printed by the command above -->`.
    """

    page: Path
    line: int
    language: str
    code: str
    not_run: str
    is_printed: bool = False

    def __str__(self) -> str:
        return f"{name_of(self.page)}:{self.line}"

    @property
    def commands(self) -> list[str]:
        """The lines that call pullquote, with what is continued on the next line."""
        lines = self.code.replace("\\\n", " ").splitlines()
        return [line.strip() for line in lines if line.strip().startswith("pullquote ")]


def examples() -> Iterator[Example]:
    """Every block of code of every page, in order."""
    for page in all_pages():
        above = ""
        for token in tokens_of(page):
            if token.type == "fence":
                reason = _NOT_RUN.search(above)
                line = (token.map or [0])[0] + 1
                language = token.info.strip()
                not_run, is_printed = reason[1] if reason else "", _PRINTED in above
                yield Example(page, line, language, token.content, not_run, is_printed)
            above = token.content if token.type == "html_block" else ""
