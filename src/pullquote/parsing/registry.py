"""Which formats there are, found in the modules of the sub-packages.

A module that parses a format declares `FORMAT` (see `formats`). The declaration is read from the
source text, and the module is loaded with the first file of its format: html alone takes a quarter
of a second, and every worker process would pay for it.
"""

from __future__ import annotations

import ast
import pkgutil
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Final

from pullquote.parsing.formats import Format
from pullquote.parsing.source import FormatReader

_PACKAGE: Final = "pullquote.parsing"
_DECLARED: Final = "\nFORMAT = Format("
"""How a declaration begins; it ends with the first line that is a closing bracket."""


def _found() -> Iterator[tuple[str, Format]]:
    """The formats of the sub-packages with the name of the module of each."""
    here = Path(__file__).parent
    for package in pkgutil.iter_modules([str(here)]):
        if not package.ispkg:
            continue
        for module in pkgutil.iter_modules([str(here / package.name)]):
            path = here / package.name / f"{module.name}.py"
            if (declared := read_declaration(path.read_text(encoding="utf-8"))) is not None:
                yield f"{_PACKAGE}.{package.name}.{module.name}", declared


def read_declaration(source: str) -> Format | None:
    """The format that the text of a module declares; None where it declares none.

    Raises:
        ValueError: a value is no literal.
        TypeError: a value is missing, or `Format` has none of that name.
    """
    _, found, rest = source.partition(_DECLARED)
    if not found:
        return None
    stated = rest.partition("\n)")[0]
    call = ast.parse(f"Format({stated}\n)", mode="eval").body
    keywords = call.keywords if isinstance(call, ast.Call) else []
    return Format(**{str(word.arg): ast.literal_eval(word.value) for word in keywords})


_MODULES: Final[Mapping[Format, str]] = MappingProxyType(
    {format: module for module, format in sorted(_found())}
)

FORMATS: Final[Mapping[str, Format]] = MappingProxyType(
    dict(sorted((suffix, format) for format in _MODULES for suffix in format.suffixes))
)
"""The format of each suffix, which is in lower case and has its dot."""


def parser_of(format: Format) -> FormatReader:
    """What parses files of a format; its module is loaded now."""
    parser: FormatReader = getattr(import_module(_MODULES[format]), f"parse_{format.name}")
    return parser


def module_of(format: Format) -> str:
    """The dotted name of the module that declares a format."""
    return _MODULES[format]
