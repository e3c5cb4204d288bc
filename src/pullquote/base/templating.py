"""HTML from Jinja2 templates, in which every value is escaped unless a template made it.

`templates/` has the templates of notebooks and files; `web/templates/` and the folders of the pages
those of the web. Python passes them plain data and writes no tags. Each has the sentences of
`wording` as `words`.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from functools import cache

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from markupsafe import Markup

from pullquote.base import wording
from pullquote.base.dates.day_text import day_text

_UNENCODABLE = re.compile("[\x00\ud800-\udfff]")
"""Characters that no HTML page can contain; each is replaced with U+FFFD, as browsers do."""

_BREAK = re.compile(r"\s*\n\s*")


class CompactLines(Extension):
    """Removes the indentation of templates from the HTML.

    A line break and the white space around it are removed beside a tag, an expression or a
    statement. Between words they become one space. Values are unchanged.
    """

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """The tokens of a template with less white space and the same line numbers."""
        for token in stream:
            if token.type == "data":
                text = _compact(token.value)
                if text:
                    yield Token(token.lineno, "data", text)
            else:
                yield token


def _compact(text: str) -> str:
    """The text of a template between two expressions or statements, on one line."""

    def replaced(found: re.Match[str]) -> str:
        start, end = found.span()
        beside = start == 0 or end == len(text) or text[start - 1] == ">" or text[end] == "<"
        return "" if beside else " "

    return _BREAK.sub(replaced, text)


class TemplateFolder:
    """The templates of a package, with additional filters.

    They are in its folder `templates`, or beside the code of a sub-package: the template
    `grid/document.html` of the package `pullquote.web` is `pullquote/web/grid/document.html`.
    """

    def __init__(self, package: str, filters: Mapping[str, Callable[..., object]]) -> None:
        self._environment = Environment(
            loader=ChoiceLoader([PackageLoader(package), PackageLoader(package, "")]),
            autoescape=True,
            undefined=StrictUndefined,
            auto_reload=False,
            finalize=_shown_value,
            extensions=[CompactLines],
        )
        self._environment.filters.update(filters)
        self._environment.globals["words"] = wording
        self._macros: dict[tuple[str, str], Callable[..., str]] = {}

    def render(self, template: str, macro: str, /, *values: object) -> Markup:
        """The HTML that a template's macro makes from these values."""
        made = self._macros.get((template, macro))
        if made is None:
            made = getattr(self._environment.get_template(template).module, macro)
            self._macros[template, macro] = made
        return _encodable(made(*values))


def render(template: str, macro: str, /, *values: object) -> Markup:
    """The HTML that a macro of one of this package's own templates makes from these values."""
    return _own_templates().render(template, macro, *values)


@cache
def _own_templates() -> TemplateFolder:
    return TemplateFolder("pullquote.base", {"percent": lambda share: f"{share:.0%}", "day": _day})


def _day(moment: datetime | date | None) -> str:
    """The day of a moment in words; "" if it is unknown."""
    return "" if moment is None else day_text(moment)


def _shown_value(value: object) -> object:
    """The value of an expression. `form.clear` is the method of a `dict`, whatever its keys."""
    if inspect.isroutine(value):
        raise TypeError(f"a template would show the function {value!r}")
    return value


def _encodable(html: str) -> Markup:
    """The HTML without `_UNENCODABLE`; encoding it first is faster than searching it."""
    try:
        html.encode()
        sound = "\0" not in html
    except UnicodeEncodeError:
        sound = False
    return Markup(html if sound else _UNENCODABLE.sub("\ufffd", html))  # noqa: S704  escaped already
