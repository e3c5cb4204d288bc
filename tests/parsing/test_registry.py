"""A format is declared once, in its module; everything else uses that declaration."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from importlib import import_module
from pathlib import Path

import pytest

from pullquote.parsing import FORMATS, Format, parser_of
from pullquote.parsing.registry import module_of, read_declaration

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "own-archive.md"
ALL = sorted(set(FORMATS.values()), key=lambda one: one.name)


@pytest.mark.parametrize("format", ALL, ids=lambda one: one.name)
def test_a_declaration_matches_its_module(format: Format) -> None:
    """The declaration in the source text equals the imported one, and there is a parser."""
    assert format == import_module(module_of(format)).FORMAT
    assert callable(parser_of(format))


def test_no_two_formats_share_a_name_or_a_suffix() -> None:
    """The parser of a file does not depend on the order of modules."""
    assert max(Counter(format.name for format in ALL).values()) == 1
    suffixes = Counter(suffix for format in ALL for suffix in format.suffixes)
    assert max(suffixes.values()) == 1
    assert set(suffixes) == set(FORMATS)


def test_the_docs_list_every_format() -> None:
    """Formats with the same summary share a row; the failure shows a missing row."""
    for summary in {format.summary for format in ALL}:
        alike = [format for format in ALL if format.summary == summary]
        suffixes = sorted(suffix for format in alike for suffix in format.suffixes)
        rows = [
            line
            for line in PAGE.read_text(encoding="utf-8").splitlines()
            if line.endswith(f" | {summary} |")
        ]
        wanted = f"| {', '.join(f'`{suffix}`' for suffix in suffixes)} | {summary} |"
        assert len(rows) == 1, f"the table of formats in {PAGE.name} lacks this row:\n{wanted}"
        assert sorted(rows[0].split(" | ")[0].strip("| ").replace("`", "").split(", ")) == suffixes


def test_no_parser_is_imported_before_its_first_file() -> None:
    """Workers start fast: the registry imports no module of a format."""
    program = (
        "import sys, pullquote.parsing as p;"
        "from pullquote.parsing.registry import module_of;"
        "print([m for f in p.FORMATS.values() if (m := module_of(f)) in sys.modules])"
    )
    command = [sys.executable, "-c", program]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "[]\n"


def test_a_declaration_must_be_literal() -> None:
    """A name in a declaration has no value before the module is imported."""
    with pytest.raises(ValueError, match="malformed"):
        read_declaration(
            "\nFORMAT = Format(\n    name=NAME,\n    suffixes=(),\n    summary='',\n)\n"
        )


def test_a_module_without_a_declaration_is_not_a_format() -> None:
    """Helper modules of the sub-packages declare nothing."""
    assert read_declaration('"""A helper."""\n\nX = 1\n') is None
