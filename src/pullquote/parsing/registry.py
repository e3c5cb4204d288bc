"""Finds the formats in the modules of the sub-packages.

A module that parses a format declares `FORMAT` (see `source`). The registry reads the declaration
from the source text. It imports the module only when the first file of the format is parsed.
Importing the HTML parser alone would take a quarter of a second in every worker process.
"""

from __future__ import annotations

import ast
import pkgutil
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Final

from pullquote.parsing.source import Format, FormatParser

_PACKAGE: Final = "pullquote.parsing"
_DECLARED: Final = "\nFORMAT = Format("
"""A declaration begins with this line, and ends at the first line that is a closing bracket."""


def _declared_formats() -> Iterator[tuple[str, Format]]:
    """For each declaration in the sub-packages, its module and its format."""
    here = Path(__file__).parent
    for package in pkgutil.iter_modules([str(here)]):
        if not package.ispkg:
            continue
        for module in pkgutil.iter_modules([str(here / package.name)]):
            if module.ispkg:
                continue
            path = here / package.name / f"{module.name}.py"
            if (declared := read_declaration(path.read_text(encoding="utf-8"))) is not None:
                yield f"{_PACKAGE}.{package.name}.{module.name}", declared


def read_declaration(source: str) -> Format | None:
    """The format that the source text of a module declares, or None if it declares no format.

    Raises:
        ValueError: a value is not a literal.
        TypeError: an attribute of `Format` is missing or unknown.
    """
    _, found, rest = source.partition(_DECLARED)
    if not found:
        return None
    arguments = rest.partition("\n)")[0]
    call = ast.parse(f"Format({arguments}\n)", mode="eval").body
    keywords = call.keywords if isinstance(call, ast.Call) else []
    return Format(**{str(word.arg): ast.literal_eval(word.value) for word in keywords})


_MODULES: Final[Mapping[Format, str]] = MappingProxyType(
    {format: module for module, format in sorted(_declared_formats())}
)

FORMATS: Final[Mapping[str, Format]] = MappingProxyType(
    dict(sorted((suffix, format) for format in _MODULES for suffix in format.suffixes))
)
"""The format of each suffix, in lower case and with its dot."""


def parser_of(format: Format) -> FormatParser:
    """The function that parses files of a format. The module of the format is imported."""
    parser: FormatParser = getattr(import_module(module_of(format)), f"parse_{format.name}")
    return parser


def module_of(format: Format) -> str:
    """The dotted name of the module that declares a format."""
    return _MODULES[format]
