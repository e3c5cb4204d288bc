"""A web site on this machine, for tests that fetch its pages."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LOCAL = ("127.0.0.0/8",)

HTML = {"Content-Type": "text/html; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the site sends for a path. It sends the body only when `until` is set.

    `pour` sends everything itself, until the client leaves.
    """

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: HTML)
    until: threading.Event | None = None
    pour: Callable[[BaseHTTPRequestHandler], None] | None = None


@dataclass(slots=True)
class Site:
    """A running site: its address, its answers by path, and the requests that it got."""

    url: str
    answers: dict[str, Answer]
    requests: list[tuple[str, dict[str, str]]]


class _Handler(BaseHTTPRequestHandler):
    site: Site

    def do_GET(self) -> None:
        self.site.requests.append((self.path, dict(self.headers.items())))
        answer = self.site.answers.get(self.path, Answer(status=404))
        if answer.pour is not None:
            answer.pour(self)
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if answer.until is not None:
            answer.until.wait()
        self.wfile.write(answer.body)

    def log_message(self, format: str, *_: object) -> None:
        """Print nothing."""


@contextmanager
def site(answers: Mapping[str, Answer], *, tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    """A site on a free port of 127.0.0.1."""
    handler = type("Handler", (_Handler,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    scheme = "http"
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
        scheme = "https"
    server.handle_error = lambda *_: None  # a client that leaves early is no fault
    handler.site = Site(f"{scheme}://127.0.0.1:{server.server_port}", dict(answers), [])
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield handler.site
    finally:
        for answer in answers.values():
            if answer.until is not None:
                answer.until.set()
        server.shutdown()
        server.server_close()
        thread.join()
