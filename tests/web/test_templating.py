"""HTML comes from templates: escaped by default, compact, and with no markup left in Python."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from jinja2 import Environment, StrictUndefined, UndefinedError
from markupsafe import escape

import pullquote.web
from pullquote.base.templating import CompactLines, TemplateFolder
from pullquote.web.corpus.charts import ChartBar, bar_chart
from pullquote.web.corpus.rebuild_panel import RebuildPanel
from pullquote.web.pages import render
from web.views.test_views import ANY_TEXT, ParsedHtml

WEB = Path(pullquote.web.__file__).parent
PACKAGE = WEB.parent
TEMPLATES = sorted(PACKAGE.rglob("*.html"))

_MARKUP = re.compile(r"""</?[a-z]|<!|&(\w+|#\w+);|\s(class|href|data-[\w-]+|aria-[\w-]+)=""", re.I)


def strings(path: Path) -> Iterator[str]:
    """The strings of a module, including parts of f-strings, without docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            yield node.value


def with_markup() -> set[str]:
    """The modules of the web chat that have markup in a string."""
    return {
        path.relative_to(WEB).as_posix()
        for path in WEB.rglob("*.py")
        if any(_MARKUP.search(text) for text in strings(path))
    }


def test_no_python_string_has_markup() -> None:
    """All tags are in templates."""
    assert with_markup() == set()


def test_a_method_is_an_error_and_no_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that has the name of a method of `dict` would otherwise show the method."""
    package = tmp_path / "shown"
    (package / "templates").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "templates" / "a.html").write_text("{% macro key(of) %}{{ of.clear }}{% endmacro %}")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(TypeError, match="would show the function"):
        TemplateFolder("shown", {}).render("a.html", "key", {"clear": "x"})


def test_only_one_module_says_that_a_string_is_safe() -> None:
    """Only the module that renders templates calls `Markup(...)`."""
    calls = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Markup"
    }
    assert calls == {"base/templating.py"}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_turns_escaping_off(path: Path) -> None:
    """No value is marked safe, in a script, or in an unquoted attribute."""
    source = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert not re.search(r"\|\s*safe\b|autoescape", source)
    assert not re.search(r"=\{\{", source)
    assert not re.search(r"\son\w+=", source)
    for script in re.findall(r"<script[^>]*>(.*?)</script>", source, re.DOTALL):
        assert "{{" not in script


@given(text=ANY_TEXT)
def test_a_value_is_text_and_an_attribute_is_one_value(text: str) -> None:
    """Labels and addresses survive a round trip through HTML."""
    html = render("corpus/charts.html", "bar_chart", bar_chart("source", [ChartBar(text, 1, text)]))
    encodable = re.sub("[\x00\ud800-\udfff]", "\ufffd", text)
    assert ParsedHtml(html).hrefs == [encodable, encodable]
    assert f"<bdi>{escape(encodable)}</bdi>" in html


def test_a_value_that_is_missing_is_an_error() -> None:
    """A template that uses a missing value raises an error."""
    with pytest.raises(UndefinedError, match="has no attribute 'table'"):
        render("corpus/charts.html", "bar_chart", RebuildPanel(state="ended", announcement=""))


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("<ul>\n  <li>a</li>\n\n  <li>b</li>\n</ul>\n", "<ul><li>a</li><li>b</li></ul>"),
        ("<p>\n  two\n  words\n</p>", "<p>two words</p>"),
        ("<p>\n  {{ v }}\n</p>", "<p> \n x </p>"),
        ("{% if v %}\n  <b>a</b> <i>b</i>\n{% endif %}", "<b>a</b> <i>b</i>"),
        ("<b>a</b>\n{# a\n remark #}\n<i>b</i>", "<b>a</b><i>b</i>"),
        ("<a\n  href='x'\n  id='y'>z</a>", "<a href='x' id='y'>z</a>"),
    ],
)
def test_indentation_leaves_no_trace(source: str, html: str) -> None:
    """A line break is removed beside a tag and is a space between words; values are unchanged."""
    made = Environment(autoescape=True, undefined=StrictUndefined, extensions=[CompactLines])
    assert made.from_string(source).render(v=" \n x ") == html
