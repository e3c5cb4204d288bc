"""What the pages beside the chat share: their frame, and what the application needs of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Protocol

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pullquote.base.dates.day_text import moment_text
from pullquote.base.plurals import counted
from pullquote.base.templating import TemplateFolder


def render(template: str, macro: str, /, *values: object) -> Markup:
    """The HTML that a template's macro makes from these values."""
    return _templates().render(template, macro, *values)


@cache
def _templates() -> TemplateFolder:
    return TemplateFolder(
        "pullquote.web",
        {
            "counted": counted,
            "fixed": lambda number, digits: f"{number:.{digits}f}",
            "iso": lambda moment: moment.isoformat(),
            "moment": moment_text,
            "thousands": lambda number: f"{number:,}",
        },
    )


@dataclass(frozen=True, slots=True)
class PageFrame:
    """What every page has: its title, the page in the navigation, and a message, if any.

    `styles` and `scripts` are the addresses of files of its own. `main` names its main part, whose
    id is `main_id`, for the link that skips the header. While something is prepared, the
    page `waits`: it loads itself again and shows `done` of `total`.
    """

    title: str
    current: str
    styles: Sequence[str] = ()
    scripts: Sequence[str] = ()
    main_id: str = "pq-main"
    main: str = "content"
    notice: str = ""
    waits: bool = False
    done: int = 0
    total: int = 0


class PageGroup(Protocol):
    """The pages of one part of the application."""

    @property
    def routes(self) -> Sequence[Route]:
        """All addresses."""

    @property
    def paths(self) -> Sequence[str]:
        """The addresses of whole pages, which get a head, a policy and may have forms."""

    def close(self) -> None:
        """End what runs in the background."""


STYLES = (
    *("base", "layout", "turn", "answer", "values", "welcome", "question", "filters"),
    *("article", "archive", "conversations", "evidence", "keys", "print"),
)
"""The style sheets of the chat, in the order in which they are joined; each is about one part."""

FONT_SECONDS = 7 * 24 * 3600
"""How long browsers keep a font."""


def style(*names: str) -> str:
    """The style sheets with those names, joined."""
    return "".join(_text("styles", f"{name}.css") for name in names)


def script(*names: str) -> str:
    """The scripts with those names, joined."""
    return "\n".join(_text(f"{name}.js") for name in names)


def page_head(*scripts: str) -> bytes:
    """What a page of the first level has in its head: icon, fonts, colours, and its scripts."""
    texts = (script(name).encode() for name in scripts)
    head = render("head.html", "head", "").encode()
    return head + b"".join(b"<script>%b</script>" % text for text in texts)


def static_route(path: str, content: str | bytes, media_type: str, *, seconds: int = 0) -> Route:
    """A route that always answers with that content; browsers keep it for that many seconds."""
    return Route(path, _static(content, media_type, seconds), methods=["GET"])


def page_routes() -> list[Route]:
    """The routes of the style sheet, the script and the fonts that every page has."""
    fonts = [one for one in _folder("fonts").iterdir() if one.name.endswith(".woff2")]
    return [
        static_route("/page.css", style("page"), "text/css"),
        static_route("/colours.js", script("colours"), "text/javascript"),
        *(
            static_route(f"/fonts/{one.name}", one.read_bytes(), "font/woff2", seconds=FONT_SECONDS)
            for one in fonts
        ),
    ]


def _static(
    content: str | bytes, media_type: str, seconds: int
) -> Callable[[Request], Awaitable[Response]]:
    cache = f"max-age={seconds}" if seconds else "no-cache"

    async def serve(_: Request) -> Response:
        return Response(content, media_type=media_type, headers={"Cache-Control": cache})

    return serve


def _folder(*path: str) -> Traversable:
    return (files("pullquote") / "web" / "static").joinpath(*path)


def _text(*path: str) -> str:
    return _folder(*path).read_text(encoding="utf-8")
