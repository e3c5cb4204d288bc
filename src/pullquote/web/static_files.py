"""The style sheets, scripts and fonts of the pages, from `web/static/`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from importlib.resources import files
from importlib.resources.abc import Traversable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pullquote.web.templating import render

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
