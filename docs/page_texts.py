"""Lists every text of the web chat in docs/reference/page-texts.md: `python -m docs.page_texts`.

A text stands in the code where it is shown, so that a reader of the code sees both. The list is for
those who review the words: one file, in the order of the page's parts. A test checks that it is up
to date.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from jinja2 import Environment

ROOT = Path(__file__).parents[1]
WEB = ROOT / "src" / "pullquote" / "web"
LIST = ROOT / "docs" / "reference" / "page-texts.md"

HEAD = """# Texts of the web chat

`python -m docs.page_texts` writes this list from the templates, the scripts and the Python modules
of `src/pullquote/web`. To change a text, change it there and run the script again. `{…}` stands for
a value, `[… | …]` for words that depend on a condition.
"""

SPOKEN = ("alt", "aria-label", "aria-description", "placeholder", "title")
"""Attributes that are shown or read out."""

SKIPPED = {"theme.py"}
"""Modules whose strings are no texts: names of fonts."""

NAMES = re.compile(
    r"[A-Z]\w*[A-Z]\w*|Arrow\w+|Content-Type|Error|Enter|Escape|Home|End|Tab|Backspace|Delete|GET|POST"
)
"""Names of keys, errors and methods in the scripts, which nobody reads on the page."""

_SELECTOR = re.compile(
    r"(?:(?:a|aside|blockquote|button|dialog|div|form|h2|input|p|select|span|textarea)\b[, ]*)+"
)
"""Names of elements in the scripts, which look like words."""

_JS_COMMENT = re.compile(r"^\s*//.*$", re.M)
_JS_TEXT = re.compile(r'"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`')


def texts_of(path: Path) -> Iterator[str]:
    """The texts of a template, script or Python module, in their order."""
    source = path.read_text(encoding="utf-8")
    read = {".html": _of_template, ".js": _of_script, ".py": _of_module}[path.suffix]
    for found in read(source):
        text = _without_loose_marks(" ".join(found.split()))
        if re.search(r"[^\W\d_]{2}", re.sub(r"\{[^}]*\}", "", text)) and '="' not in text:
            yield text


def _without_loose_marks(text: str) -> str:
    """The text without the brackets of conditions that begin or end outside of it."""
    if text.count("[") != text.count("]") or text.find("]") < text.find("["):
        text = " ".join(re.sub(r"[\[\]|]", " ", text).split())
    return text.strip("| ·,")


def _of_template(source: str) -> Iterator[str]:
    """Text, attributes that are spoken, and texts in the template's expressions."""
    marks = {"if": "[", "else": "|", "elif": "|", "endif": "]"}
    html, inside, begins = "", "", False
    strings: list[str] = []
    for _, kind, value in Environment(autoescape=True).lex(source):
        if kind == "data":
            html += value
        elif kind == "variable_begin":
            inside = ""
        elif kind == "variable_end":
            name = re.match(r"[\w.]*", inside)
            html += "{" + (name[0].rpartition(".")[2] if name and "(" not in inside else "…") + "}"
        elif kind == "block_begin":
            begins = True
        elif begins and kind == "name":
            html, begins = html + marks.get(value, ""), False
        elif kind == "string" and " " in value and not re.search(r"[<>=/]|\.html", value):
            strings.append(value[1:-1])
        elif kind != "whitespace":
            inside += value
    parser = _Texts()
    parser.feed(html)
    yield from parser.found
    yield from strings


class _Texts(HTMLParser):
    """Collects the texts and spoken attributes of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in SPOKEN and value]

    def handle_data(self, data: str) -> None:
        self.found.append(data)


def _of_script(source: str) -> Iterator[str]:
    """Strings that begin with a capital letter, and others that read like words on the page."""
    for match in _JS_TEXT.finditer(_JS_COMMENT.sub("", source)):
        text = re.sub(r"\$\{[^}]*\}", "{…}", match[1] or match[2] or "").strip()
        words = re.sub(r"\{…\}", "", text).strip()
        is_code = NAMES.fullmatch(words) or re.search(r"[\[\]<>=#]|^\.|pq-", words)
        if not is_code and (re.match(r"[“A-Z]", words) or _is_lower_case_text(text)):
            yield text


def _is_lower_case_text(text: str) -> bool:
    """Whether a string is text with a value or a punctuation mark, such as "stored, but …".

    A single word is not recognised: it could be the name of an event or a field.
    """
    has_words = re.match(r"[a-z{]", text) and re.search(r"\s", text) and "/" not in text
    return bool(has_words and re.search(r"[.,:{%…]", text) and not _SELECTOR.fullmatch(text))


def _of_module(source: str) -> Iterator[str]:
    """Strings that read like a label or a sentence, but no docstrings."""
    tree = ast.parse(source)
    skipped = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Expr, ast.JoinedStr))
        for part in ast.iter_child_nodes(node)
        if isinstance(part, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            text = "".join(
                str(part.value) if isinstance(part, ast.Constant) else "{…}" for part in node.values
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = "" if id(node) in skipped else node.value
        else:
            continue
        words = text.removeprefix("{…}").strip()
        is_label = " " in text and re.search(r"[a-z]{2}", words) and re.match(r"[“A-Z{]", text)
        if is_label and not re.search(r"[<>=\\]", text):
            yield text


def listing() -> str:
    """The whole list as Markdown."""
    parts = [HEAD]
    for path in sorted(path for path in WEB.rglob("*") if path.suffix in (".html", ".js", ".py")):
        if path.name not in SKIPPED and (texts := list(dict.fromkeys(texts_of(path)))):
            lines = "".join(f"- {text}\n" for text in texts)
            parts.append(f"## {path.relative_to(WEB).as_posix()}\n\n{lines}")
    return "\n".join(parts)


if __name__ == "__main__":
    LIST.write_text(listing(), encoding="utf-8")
