"""Long sentences and retired words in the docs, docstrings, comments and templates.

    python -m benchmarks.prose [--over 35] [PATH ...]

Prints a table of the number of sentences and their lengths in words, then every sentence with more
words than `--over` and every retired word, each with its file and line. The exit status is 1 where
there are any. docs/reference/glossary.md lists the retired words.
"""

from __future__ import annotations

import argparse
import ast
import io
import itertools
import json
import re
import statistics
import sys
import tokenize
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from sentencex import segment

from benchmarks.common import table

ROOT = Path(__file__).parents[1]
GLOSSARY = ROOT / "docs" / "reference" / "glossary.md"

MOST_WORDS = 35
"""Words of a sentence; a longer one has to be read twice."""

_CODE = re.compile(r"`+[^`]*`+|https?://\S+")
_WORD = re.compile(r"[^\W\d_][\w'’-]*|\d[\d.,]*")
_LISTED = re.compile(r"^\s*(?:[-*] |\d+\. |Raises:|\w+: )", re.M)


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph, the file and line where it begins, and its kind (docs, docstring, comment)."""

    kind: str
    path: Path
    line: int
    text: str


def prose_of(path: Path) -> Iterator[Prose]:
    """The paragraphs of a Markdown file, a notebook or a Python module."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        yield from _of_markdown(path, text)
    elif path.suffix == ".ipynb":
        for cell in json.loads(text)["cells"]:
            if cell["cell_type"] == "markdown":
                yield from _of_markdown(path, "".join(cell["source"]))
    elif path.suffix == ".py":
        yield from _docstrings(path, text)
        yield from _comments(path, text)


def _of_markdown(path: Path, text: str) -> Iterator[Prose]:
    """Paragraphs, list items and table cells, without code."""
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        if token.type == "inline" and token.children is not None:
            shown = {"softbreak": " ", "hardbreak": " ", "code_inline": "`code`"}
            words = "".join(
                child.content if child.type == "text" else shown.get(child.type, "")
                for child in token.children
            )
            yield Prose("docs", path, (token.map or [0])[0] + 1, words)


def _docstrings(path: Path, text: str) -> Iterator[Prose]:
    """Docstrings, and the strings below a constant or field."""
    for node in ast.walk(ast.parse(text)):
        if (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        ):
            for paragraph in re.split(r"\n\s*\n", node.value.value):
                if not _is_layout(paragraph):
                    for part in _parts(paragraph):
                        yield Prose("docstring", path, node.lineno, part)


def _is_layout(paragraph: str) -> bool:
    """Whether a paragraph is code, or a table whose columns are aligned by spaces."""
    return ">>>" in paragraph or len(re.findall(r"\S {3,}\S", paragraph)) > 1


def _parts(paragraph: str) -> list[str]:
    """The items of a list, each as a paragraph of its own."""
    starts = [match.start() for match in _LISTED.finditer(paragraph)]
    cuts = [0, *starts, len(paragraph)]
    parts = (paragraph[a:b] for a, b in itertools.pairwise(cuts))
    return [" ".join(part.split()) for part in parts if part.strip() and ">>>" not in part]


def _comments(path: Path, text: str) -> Iterator[Prose]:
    """Comments; comments on consecutive lines are joined."""
    begun, words, last = 0, "", -1
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type != tokenize.COMMENT or re.match(r"#\s*(noqa|type:|!)", token.string):
            continue
        if token.start[0] != last + 1:
            if words:
                yield Prose("comment", path, begun, words)
            begun, words = token.start[0], ""
        words, last = f"{words} {token.string.lstrip('# ')}".strip(), token.start[0]
    if words:
        yield Prose("comment", path, begun, words)


def sentences(text: str) -> Iterator[list[str]]:
    """The words of each sentence; code counts as one word."""
    for sentence in segment("en", _CODE.sub("code", text)):
        if words := _WORD.findall(sentence):
            yield words


@dataclass(frozen=True, slots=True)
class Retired:
    """A retired word and what to write instead; `prose` says whether it is retired there too."""

    word: str
    instead: str
    prose: bool


def retired_words() -> list[Retired]:
    """The table of retired words in docs/reference/glossary.md."""
    rows = GLOSSARY.read_text(encoding="utf-8").partition("## Retired words")[2].splitlines()
    cells = ([cell.strip(" `") for cell in row.split("|")[1:-1]] for row in rows if "|" in row)
    return [
        Retired(word, instead, where == "everywhere")
        for words, instead, where in list(cells)[2:]
        for word in re.findall(r"\w+", words)
    ]


def default_paths() -> list[Path]:
    """The docs and the Python code of the project."""
    docs = [("docs", "*.md"), ("docs", "*.ipynb")]
    folders = [*docs, ("src", "*.py"), ("tests", "*.py"), ("benchmarks", "*.py")]
    found = [path for folder, pattern in folders for path in (ROOT / folder).rglob(pattern)]
    return sorted(found) + [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "app.py")]


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table and the findings; 1 if there are any, else 0."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH")
    parser.add_argument("--over", type=int, default=MOST_WORDS, help="words of a long sentence")
    options = parser.parse_args(argv)
    paths = [path for given in options.paths for path in _files(given)] or default_paths()
    prose = [paragraph for path in paths for paragraph in prose_of(path)]
    print(table(("kind", "sentences", "mean words", "over 20", "over 35"), _rows(prose)))
    findings = [*long_sentences(prose, options.over), *retired_in(prose, retired_words())]
    print("\n".join(findings))
    return 1 if findings else 0


def _files(given: Path) -> Iterable[Path]:
    path = given.resolve()
    return sorted([*path.rglob("*.py"), *path.rglob("*.md")]) if path.is_dir() else [path]


def _rows(prose: Sequence[Prose]) -> list[tuple[str, ...]]:
    rows = []
    for kind in ("docs", "docstring", "comment"):
        lengths = [len(s) for p in prose if p.kind == kind for s in sentences(p.text)]
        if lengths:
            over = [sum(words > most for words in lengths) for most in (20, MOST_WORDS)]
            mean = f"{statistics.mean(lengths):.1f}"
            rows.append((kind, f"{len(lengths):,}", mean, *(f"{n:,}" for n in over)))
    return rows


def long_sentences(prose: Iterable[Prose], over: int = MOST_WORDS) -> list[str]:
    """A line for each sentence with more words than `over`."""
    return [
        f"{paragraph.path.relative_to(ROOT)}:{paragraph.line}: {len(words)} words: "
        f"{' '.join(words[:8])} …"
        for paragraph in prose
        for words in sentences(paragraph.text)
        if len(words) > over
    ]


def retired_in(prose: Iterable[Prose], retired: Iterable[Retired]) -> list[str]:
    """A line for each retired word in prose, except in the glossary, which lists them."""
    instead = {each.word: each.instead for each in retired if each.prose}
    return [
        f"{paragraph.path.relative_to(ROOT)}:{paragraph.line}: {word!r}; write {instead[word]}"
        for paragraph in prose
        if paragraph.path != GLOSSARY
        for word in re.findall(r"[a-z]+", _CODE.sub("", paragraph.text).lower())
        if word in instead
    ]


if __name__ == "__main__":
    sys.exit(main())
