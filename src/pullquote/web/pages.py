"""What the pages beside the chat share: their frame, and what the application needs of them."""

from __future__ import annotations

import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.resources import files
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pullquote.base.dates.day_text import moment_text
from pullquote.base.plurals import counted
from pullquote.base.templating import TemplateFolder
from pullquote.conversation.citations import place_link
from pullquote.newsroom.assistant import Assistant
from pullquote.schema.errors import PullquoteError
from pullquote.web.access.refusals import retry_after

if TYPE_CHECKING:
    from pullquote.web.corpus.rebuild_job import RebuildJob
    from pullquote.web.current_catalog import CurrentCatalog
    from pullquote.web.scheduler import Scheduler
    from pullquote.web.views.unready import RebuildStatus

Refusal = Callable[[str], Response]
"""Makes the response that refuses a request for the reason given."""

NOTHING: Mapping[str, str] = MappingProxyType({})


def render(template: str, macro: str, /, *values: object, **parts: object) -> Markup:
    """The HTML that a template's macro makes from these values, the last of which has the parts."""
    return _templates().render(template, macro, *values, *([parts] if parts else []))


@cache
def _templates() -> TemplateFolder:
    return TemplateFolder(
        "pullquote.web",
        {
            "chat_link": lambda citation: f"./{place_link(citation)}",
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

    @property
    def links(self) -> list[PageLink]:
        """The links between the pages."""
        return navigation()


@dataclass(frozen=True, slots=True)
class PageLink:
    """A link in the navigation of every page; links with a smaller `place` come first."""

    place: int
    path: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """What a page group may use. `status` describes the rebuild, and `catalog` lists articles."""

    assistant: Assistant
    scheduler: Scheduler
    rebuild_job: RebuildJob
    status: Callable[[], RebuildStatus]
    catalog: CurrentCatalog


class RequestRefused(PullquoteError):
    """A request is refused; `status` is the HTTP status of the answer."""

    def __init__(self, reason: str, *, status: int = 422) -> None:
        self.status = status
        super().__init__(reason)


class PageGroup(ABC):
    """The pages of one part of the application.

    `routes` are all addresses. `paths` are those of whole pages, which get a head, a policy and may
    have forms. `streamed` are the paths whose request bodies are streamed, each with its limit in
    bytes. `posts` are the paths that ask for work, each with what it answers if there is too much
    of it. `links` are in the navigation.

    The package of a group names its class `PAGES`, by which `page_groups` finds it.
    """

    links: ClassVar[Sequence[PageLink]] = ()

    routes: list[Route]
    paths: Sequence[str]
    streamed: Mapping[str, int] = MappingProxyType({})
    posts: Mapping[str, Refusal] = MappingProxyType({})

    @classmethod
    @abstractmethod
    def open(cls, application: Application) -> PageGroup:
        """The group in an application."""

    def close(self) -> None:  # noqa: B027 - most groups have nothing to end
        """End what runs in the background."""


@cache
def page_groups() -> tuple[type[PageGroup], ...]:
    """The page groups of all packages beside this module, in the order of their links."""
    here = Path(__file__).parent
    packages = [one.name for one in pkgutil.iter_modules([str(here)]) if one.ispkg]
    found = [import_module(f"{__package__}.{name}") for name in packages]
    groups: list[type[PageGroup]] = [one.PAGES for one in found if hasattr(one, "PAGES")]
    return tuple(sorted(groups, key=lambda group: group.links[0].place))


def navigation() -> list[PageLink]:
    """The links between the pages, in order."""
    links = [link for group in page_groups() for link in group.links]
    return sorted(links, key=lambda link: link.place)


def answer(
    content: str | bytes,
    media_type: str = "text/html",
    *,
    status: int = 200,
    error: BaseException | None = None,
    headers: Mapping[str, str] = NOTHING,
) -> Response:
    """A response that browsers do not keep; after the status 503 `error` says when to try again."""
    retry = retry_after(error) if status == 503 else {}
    headers = {"Cache-Control": "no-store", **headers, **retry}
    return Response(content, status_code=status, headers=headers, media_type=media_type)


def file_answer(
    content: bytes, media_type: str, name: str, headers: Mapping[str, str] = NOTHING
) -> Response:
    """A response that browsers save as a file with that name."""
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return answer(content, media_type, headers={**disposition, **headers})


STYLES = (
    *("base", "layout", "turn", "answer", "values", "welcome", "question", "filters"),
    *("article", "archive", "conversations", "evidence", "keys", "print"),
)
"""The style sheets of the chat, in the order in which they are joined; each is about one part."""

FONT_SECONDS = 7 * 24 * 3600
"""How long browsers keep a font."""


def style(*names: str) -> str:
    """The style sheets with those names, joined: `grid/grid` is beside the code of that page."""
    return "".join(_text("static/styles", f"{name}.css") for name in names)


def script(*names: str) -> str:
    """The scripts with those names, joined."""
    return "\n".join(_text("static", f"{name}.js") for name in names)


def page_head(*scripts: str) -> bytes:
    """What a page of the first level has in its head: icon, fonts, colours, and its scripts."""
    texts = (script(name).encode() for name in scripts)
    head = render("head.html", "head", "").encode()
    return head + b"".join(b"<script>%b</script>" % text for text in texts)


SOURCES_SHOWN = 200
"""Papers to choose from in a form, those with most articles first."""


def sources_of(assistant: Assistant) -> list[str]:
    """The papers to choose from; "" stands for articles that name none.

    Raises:
        PullquoteError: the index cannot be opened.
    """
    return list(assistant.generation.articles_by("source"))[:SOURCES_SHOWN]


def static_route(path: str, content: str | bytes, media_type: str, *, seconds: int = 0) -> Route:
    """A route that always answers with that content; browsers keep it for that many seconds."""
    cache = f"max-age={seconds}" if seconds else "no-cache"

    async def serve(_: Request) -> Response:
        return Response(content, media_type=media_type, headers={"Cache-Control": cache})

    return Route(path, serve, methods=["GET"])


def style_route(name: str) -> Route:
    """The route of the style sheet with that name, which is at the first level of addresses."""
    return static_route(f"/{PurePosixPath(name).name}.css", style(name), "text/css")


def script_route(name: str) -> Route:
    """The route of the script with that name, which is at the first level of addresses."""
    return static_route(f"/{PurePosixPath(name).name}.js", script(name), "text/javascript")


def page_routes() -> list[Route]:
    """The routes of the style sheet, the script and the fonts that every page has."""
    folder = files("pullquote") / "web" / "static" / "fonts"
    fonts = [one for one in folder.iterdir() if one.name.endswith(".woff2")]
    return [
        style_route("page"),
        script_route("colours"),
        *(
            static_route(f"/fonts/{one.name}", one.read_bytes(), "font/woff2", seconds=FONT_SECONDS)
            for one in fonts
        ),
    ]


def _text(folder: str, name: str) -> str:
    """A file beside the code of a page if the name has a folder, or else in `folder`."""
    path = name if "/" in name else f"{folder}/{name}"
    return (files("pullquote") / "web").joinpath(path).read_text(encoding="utf-8")
