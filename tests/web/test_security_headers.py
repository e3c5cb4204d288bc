"""The policy of a page lists the scripts that ship, and no script that was injected into it."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re

import httpx
import pytest
from gradio.routes import templates
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from pullquote.web.pages import page_head, script
from pullquote.web.security_headers import SecurityHeaders

HEAD = page_head("connection", "problem", "stream")
OWN = [script(name).encode() for name in ("connection", "problem", "stream")]

CONFIG = {"title": "pullquote", "components": [1, "};"], "root": "http://127.0.0.1"}
"""Gradio's config of the application."""

REQUEST = {"current_page": "", "deep_link_state": "none", "username": None}
"""What Gradio adds to it for a request."""

ALERT = "alert(1)"

HOSTILE_CONFIGS: list[dict[str, object]] = [
    {},
    {**CONFIG, **REQUEST, "components": [{"props": {"js_on_load": ALERT}}]},
    {**CONFIG, **REQUEST, "js": ALERT},
    {**CONFIG, **REQUEST, "__proto__": {"js_on_load": ALERT}},
    {**CONFIG, **REQUEST, "username": {"js_on_load": ALERT}},
    {**CONFIG, **REQUEST, "root": ["https://evil.example"]},
    {**CONFIG, **REQUEST, "root": "https://evil.example"},
]


def gradios(config: object, info: object) -> str:
    """Gradio's page with those values."""
    found: str = templates.get_template("frontend/index.html").render(
        config=config, gradio_api_info=info, base_url="./"
    )
    return found


def inline(page: str) -> list[bytes]:
    """The inline scripts of a page."""
    found = re.findall(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", page, re.DOTALL)
    return [one.encode() for one in found]


GRADIOS = gradios({**CONFIG, **REQUEST}, {"named_endpoints": {}})


def policy(page: bytes) -> str:
    """The policy of a page with that body, which an application rendered."""
    return policy_of(b"<html><head></head><body>%b</body></html>" % page)


def policy_of(page: bytes) -> str:
    """The policy of a page that an application rendered."""

    async def render(_: Request) -> Response:
        return HTMLResponse(page)

    app = SecurityHeaders(
        Starlette(routes=[Route("/", render)]), {"/": HEAD}, config=lambda: CONFIG
    )

    async def call() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.get("/")

    found: str = asyncio.run(call()).headers["content-security-policy"]
    return found


def allows(policy: str, text: bytes) -> bool:
    """Whether a policy has the hash of an inline script."""
    return base64.b64encode(hashlib.sha256(text).digest()).decode() in policy


def test_the_scripts_of_the_head_may_run() -> None:
    """They are files of this package."""
    found = policy(b"")
    assert all(allows(found, one) for one in OWN)
    assert found.count("'sha256-") == len(OWN)


@pytest.mark.parametrize(
    "injected",
    [
        b"alert(1)",
        b"",
        b"window.gradio_config = alert(1);",
        b"window.gradio_config = {};alert(1);",
        b'window.gradio_config = {"a": fetch("/")};',
        b'window.other = {"a": 1};',
        b"window.gradio_config = {};\nalert(1)\nwindow.gradio_config = {};",
        OWN[0] + b"alert(1)",
    ],
)
def test_an_injected_script_gets_no_hash(injected: bytes) -> None:
    """Wherever it came from, it is none of the scripts that ship."""
    found = policy(b"<p>A quote <script>%b</script></p>" % injected)
    assert not allows(found, injected)
    assert found.count("'sha256-") == len(OWN)


def test_gradios_scripts_may_run() -> None:
    """The config is that of the application, apart from what differs with the request."""
    found = policy_of(GRADIOS.encode())
    assert all(allows(found, one) for one in inline(GRADIOS))
    assert b"window.gradio_config = " in inline(GRADIOS)[0]
    assert found.count("'sha256-") == len(OWN) + len(inline(GRADIOS))


@pytest.mark.parametrize("number", range(len(inline(GRADIOS))))
@pytest.mark.parametrize("first", [True, False], ids=["first", "last"])
@pytest.mark.parametrize("config", HOSTILE_CONFIGS)
def test_an_injected_script_like_gradios_gets_no_hash(
    config: dict[str, object], first: bool, number: int
) -> None:
    """For each of Gradio's scripts, whether its like stands before it or after it, or instead."""
    hostile = gradios(config, {"named_endpoints": {"js_on_load": ALERT}})
    injected = inline(hostile)[number]
    element = f"<script>{injected.decode()}</script>"
    place = ("<head>", f"<head>{element}") if first else ("</body>", f"{element}</body>")
    page = GRADIOS.replace(*place)
    assert page != GRADIOS
    assert not allows(policy_of(page.encode()), injected)


@pytest.mark.parametrize("config", HOSTILE_CONFIGS[:-1])
def test_another_config_gets_no_hash_even_alone(config: dict[str, object]) -> None:
    """A page without Gradio's config does not take one from elsewhere."""
    (injected, *_) = inline(gradios(config, {}))
    assert b"gradio_config" in injected
    assert not allows(policy(b"<script>%b</script>" % injected), injected)
