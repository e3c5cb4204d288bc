"""The style sheets and scripts of the pages, from `web/static/`."""

from __future__ import annotations

from importlib.resources import files

STYLES = ("base", "layout", "turn", "answer", "welcome", "question", "filters", "article", "print")
"""The style sheets of the chat, in the order in which they are joined; each is about one part."""


def style(*names: str) -> str:
    """The style sheets with those names, joined."""
    return "".join(_text("styles", f"{name}.css") for name in names)


def script(*names: str) -> str:
    """The scripts with those names, joined."""
    return "\n".join(_text(f"{name}.js") for name in names)


def _text(*path: str) -> str:
    return (files("pullquote") / "web" / "static").joinpath(*path).read_text(encoding="utf-8")
