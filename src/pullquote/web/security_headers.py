"""Adds security headers to every response, and to each page a policy for its own scripts."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from importlib.resources import files
from typing import Any
from urllib.parse import unquote_to_bytes

from gradio.routes import templates
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pullquote.web.access.refusals import with_headers

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}

_INLINE = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
_GRADIO_VALUE = re.compile(r"\{\{ *([^{}]*?) *\| *toorjson *\}\}")
"""Where Gradio's template writes the value of an expression as JSON into a script."""
_GRADIO_TAGS = re.compile(
    rb"""\s*<(?:meta\s+(?:property="og:|name="twitter:)|link\s+rel="manifest")[^>]*>"""
)
"""Gradio's link previews, which name other hosts, and its link to a manifest that is not served."""


_to_json = templates.env.filters["toorjson"]

_OF_REQUEST = frozenset({"current_page", "deep_link_state", "root", "username"})
"""The texts in Gradio's config that differ with the request."""


class ShippedScripts:
    """The inline scripts that ship: those in the heads that are added, and those of Gradio's page.

    Gradio writes values into its scripts. Its frontend compiles and runs texts of its config, such
    as `js_on_load` and the templates of components. So the config of a page must be that of this
    app, which `config` returns, apart from a few texts that differ with the request.
    """

    def __init__(self, heads: Iterable[bytes], config: Callable[[], Mapping[str, Any]]) -> None:
        self._own = frozenset(one for head in heads for one in _INLINE.findall(head))
        self._gradio = [_GradioScript(one.decode()) for one in _INLINE.findall(_gradio_page())]
        self._config = config

    def of(self, page: bytes) -> list[bytes]:
        """The scripts of a rendered page that ship; any other was injected, and must not run.

        Each of Gradio's scripts is on the page once. If two fit it, one of them was injected, so
        neither may run.
        """
        inline = _INLINE.findall(page)
        config = _of_app(json.loads(_to_json(self._config())))
        scripts = [one for one in inline if one in self._own]
        for gradios in self._gradio:
            fitting = [one for one in inline if gradios.fits(one.decode(errors="replace"), config)]
            scripts += fitting if len(fitting) == 1 else []
        return scripts


class _GradioScript:
    """An inline script of Gradio's template, with the expressions whose values it contains."""

    def __init__(self, template: str) -> None:
        parts = _GRADIO_VALUE.split(template)
        self._pattern = re.compile("(.*)".join(map(re.escape, parts[::2])), re.DOTALL)
        self._expressions = parts[1::2]

    def fits(self, script: str, config: object) -> bool:
        """Whether a script is this one, with values that this app may have."""
        found = self._pattern.fullmatch(script)
        if found is None:
            return False
        try:
            values = dict(zip(self._expressions, map(json.loads, found.groups()), strict=True))
        except (ValueError, RecursionError):
            return False
        return "config" not in values or _of_app(values["config"]) == config


def _of_app(config: object) -> Mapping[str, Any] | None:
    """What does not differ with the request in a config of Gradio; None if it is no config."""
    if not isinstance(config, dict):
        return None
    if not all(isinstance(config.get(name), str | None) for name in _OF_REQUEST):
        return None
    return {name: value for name, value in config.items() if name not in _OF_REQUEST}


def _gradio_page() -> bytes:
    return (files("gradio") / "templates" / "frontend" / "index.html").read_bytes()


def content_security_policy(scripts: Iterable[bytes] = (), *, forms: bool = False) -> str:
    """The policy of a page: it allows this host, `scripts`, and forms if `forms` is true.

    The policy lists these inline scripts by their SHA-256, so no other inline script and
    no event handler in an attribute runs. 'unsafe-eval' is allowed because Gradio compiles the
    template of every gr.HTML in the browser. By itself it does not turn text into scripts.
    """
    hashes = (base64.b64encode(hashlib.sha256(s).digest()) for s in scripts)
    own = " ".join(f"'sha256-{digest.decode()}'" for digest in hashes)
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' 'unsafe-eval' {own}".rstrip(),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "object-src 'none'",
            "frame-src 'none'",
            "base-uri 'self'",
            "form-action 'self'" if forms else "form-action 'none'",
            "frame-ancestors 'none'",
        )
    )


_POLICY = content_security_policy()
"""The policy of all that is no page."""


class SecurityHeaders:
    """Adds security headers to every response. A page also gets a policy for its own scripts.

    `pages` maps the path of each page to what is added to its head. `forms` are the paths of
    pages with a form, and `api` those of the HTTP API. `config` returns Gradio's config of the app.
    """

    def __init__(
        self,
        app: ASGIApp,
        pages: Mapping[str, bytes],
        *,
        config: Callable[[], Mapping[str, Any]],
        forms: Collection[str] = (),
        api: Collection[str] = (),
    ) -> None:
        self._app = app
        self._pages = pages
        self._shipped = ShippedScripts(pages.values(), config)
        self._forms = forms
        self._own = frozenset((*forms, *api))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        else:
            # The page gets a head here, so it must not be compressed.
            headers = [h for h in scope["headers"] if h[0] != b"accept-encoding"]
            if scope["path"] not in self._own:
                scope = {**scope, "query_string": _without_page(scope["query_string"])}
            head = self._pages.get(scope["path"])
            if head is None:
                await self._app(scope, receive, _with_policy(send, _POLICY))
                return
            page = _PageResponse(send, head, self._shipped, forms=scope["path"] in self._forms)
            await self._app({**scope, "headers": headers}, receive, page)


def _without_page(query: bytes) -> bytes:
    """The query string without `page`: Gradio (6.31) fails on a page that it does not have.

    The chat has only one page, so its own addresses never have this field.
    """
    fields = query.split(b"&")
    return b"&".join(f for f in fields if unquote_to_bytes(f.partition(b"=")[0]) != b"page")


class _PageResponse:
    """A `send` that collects a whole HTML response, then sends it with its own policy."""

    def __init__(self, send: Send, head: bytes, shipped: ShippedScripts, *, forms: bool) -> None:
        self._send = send
        self._head = head
        self._shipped = shipped
        self._forms = forms
        self._start: Message = {}
        self._body = b""

    async def __call__(self, message: Message) -> None:
        """Take one message of the response."""
        if message["type"] == "http.response.start":
            self._start = message
            return
        self._body += message.get("body", b"")
        if message.get("more_body", False):
            return
        body = _GRADIO_TAGS.sub(b"", self._body).replace(b"</head>", self._head + b"</head>", 1)
        headers = MutableHeaders(raw=list(self._start["headers"]))
        if "content-length" in headers:
            headers["content-length"] = str(len(body))
        policy = content_security_policy(self._shipped.of(body), forms=self._forms)
        send = _with_policy(self._send, policy)
        await send({**self._start, "headers": headers.raw})
        await send({**message, "body": body})


def _with_policy(send: Send, policy: str) -> Send:
    return with_headers(send, {**_HEADERS, "Content-Security-Policy": policy})
