"""The policy of a page lists the scripts that ship, and no script that was injected into it."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from importlib.resources import files

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from pullquote.web.security_headers import SecurityHeaders
from pullquote.web.static_files import page_head, script

HEAD = page_head("connection", "problem", "stream")
OWN = [script(name).encode() for name in ("connection", "problem", "stream")]


def policy(page: bytes) -> str:
    """The policy of a page that an application rendered."""

    async def render(_: Request) -> Response:
        return HTMLResponse(b"<html><head></head><body>%b</body></html>" % page)

    app = SecurityHeaders(Starlette(routes=[Route("/", render)]), {"/": HEAD})

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


def test_the_settings_in_gradios_page_may_differ() -> None:
    """They are JSON, which does nothing by itself."""
    given = b'window.gradio_config = {"title": "pullquote", "components": [1, "};"]};'
    assert allows(policy(b"<script>%b</script>" % given), given)
    template = (files("gradio") / "templates" / "frontend" / "index.html").read_text("utf-8")
    assert "window.gradio_config = {{ config | toorjson }};" in template
