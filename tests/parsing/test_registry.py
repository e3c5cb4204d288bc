"""A format is declared once, in its module, and everything else learns of it from there."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from importlib import import_module
from pathlib import Path

import pytest

from pullquote.parsing import FORMATS, Format, parser_of
from pullquote.parsing.registry import module_of, read_declaration

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
ALL = sorted(set(FORMATS.values()), key=lambda one: one.name)


@pytest.mark.parametrize("format", ALL, ids=lambda one: one.name)
def test_a_module_is_what_it_declares(format: Format) -> None:
    """What was read from its text is what it holds once it is loaded, and it has a parser."""
    assert format == import_module(module_of(format)).FORMAT
    assert callable(parser_of(format))


def test_no_two_formats_share_a_name_or_a_suffix() -> None:
    """Which parser takes a file does not depend on the order in which modules are found."""
    assert max(Counter(format.name for format in ALL).values()) == 1
    suffixes = Counter(suffix for format in ALL for suffix in format.suffixes)
    assert max(suffixes.values()) == 1
    assert set(suffixes) == set(FORMATS)


def test_the_table_in_the_readme_is_what_formats_declare() -> None:
    """Formats that say the same share a row; a row that is missing is shown as it should be."""
    for summary in {format.summary for format in ALL}:
        alike = [format for format in ALL if format.summary == summary]
        suffixes = sorted(suffix for format in alike for suffix in format.suffixes)
        rows = [line for line in README.splitlines() if line.endswith(f" | {summary} |")]
        wanted = f"| {', '.join(f'`{suffix}`' for suffix in suffixes)} | {summary} |"
        assert len(rows) == 1, f"the README's table of formats lacks this row:\n{wanted}"
        assert sorted(rows[0].split(" | ")[0].strip("| ").replace("`", "").split(", ")) == suffixes


def test_no_parser_is_loaded_before_its_first_file() -> None:
    """Workers start in an instant: no format's module runs because the registry knows of it."""
    program = (
        "import sys, pullquote.parsing as p;"
        "from pullquote.parsing.registry import module_of;"
        "print([m for f in p.FORMATS.values() if (m := module_of(f)) in sys.modules])"
    )
    command = [sys.executable, "-c", program]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "[]\n"


def test_a_declaration_that_is_no_literal_is_refused() -> None:
    """It would only hold where the module is run."""
    with pytest.raises(ValueError, match="malformed"):
        read_declaration(
            "\nFORMAT = Format(\n    name=NAME,\n    suffixes=(),\n    summary='',\n)\n"
        )


def test_a_module_without_one_is_no_format() -> None:
    """Most modules of the sub-packages help others."""
    assert read_declaration('"""A helper."""\n\nX = 1\n') is None
