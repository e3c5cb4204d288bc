"""The access middleware: allowed paths, hosts, origins, passwords and sizes of bodies."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pullquote.schema.errors import Busy, SettingsError
from pullquote.schema.settings import Settings
from pullquote.web.access import bodies
from pullquote.web.access.allowed import AllowedHosts, AllowedMethods, AllowedPaths
from pullquote.web.access.auth import GUESSES, PERIOD, TRIES, Authenticator, check_protected
from pullquote.web.access.middleware import AccessMiddleware

SECRET = "correct horse"  # noqa: S105
OPEN = "/config"
HOME = "http://127.0.0.1:7860"


async def echo(request: Request) -> Response:
    """An application that returns the size of a body; "full" imitates Gradio's full queue."""
    body = await request.body()
    return JSONResponse({"bytes": len(body)}, 503 if body == b"full" else 200)


def made(
    clock: Callable[[], float] | None = None, app: Starlette | None = None, **given: Any
) -> AccessMiddleware:
    """The middleware with those settings, before an application that echoes by default."""
    settings = Settings(**given)
    timed = {} if clock is None else {"clock": clock}
    if app is None:
        app = Starlette(routes=[Route("/{path:path}", echo, methods=["GET", "POST", "DELETE"])])
    return AccessMiddleware(
        app,
        allowed_paths=AllowedPaths(["/healthz"]),
        allowed_hosts=AllowedHosts(settings.host, settings.allowed_hosts),
        allowed_methods=AllowedMethods(app.routes),
        authenticator=Authenticator(settings, **timed),
        body_bytes=settings.body_bytes,
        waiting=settings.waiting,
    )


def ask(
    guarded: AccessMiddleware,
    method: str = "GET",
    path: str = OPEN,
    *,
    address: str = "192.0.2.7",
    **given: Any,
) -> httpx.Response:
    """The response of the middleware to one request from an address."""

    async def call() -> httpx.Response:
        transport = httpx.ASGITransport(guarded, client=(address, 50_000))
        async with httpx.AsyncClient(transport=transport, base_url=HOME) as client:
            return await client.request(method, path, **given)

    return asyncio.run(call())


def basic(user: str, password: str) -> dict[str, str]:
    """The header in which a browser sends a password."""
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/config",
        "/theme.css",
        "/assets/index-B2.js",
        "/static/fonts/a/b.woff2",
        "/gradio_api/info",
        "/gradio_api/queue/join",
        "/gradio_api/call/v2/ask",
        "/gradio_api/call/ask/0a1b",
        "/gradio_api/heartbeat/x1y2",
    ],
)
def test_what_the_chat_needs_is_open(path: str) -> None:
    """The page, its files, and the calls of the page and of clients are allowed."""
    assert AllowedPaths().allows(path)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "//",
        "/nothing",
        "/docs",
        "/openapi.json",
        "/login",
        "/logout",
        "/manifest.json",
        "/pwa_icon",
        "/monitoring",
        "/monitoring/summary",
        "/svelte/a.js",
        "/custom_component/x",
        "/static/",
        "/static/../gradio_api/upload",
        "/static/./a.js",
        "/static//a.js",
        "/static/%2e%2e/a.js",
        "/static/a\\b",
        "/static/a\0",
        "/static/a\n",
        "/config/",
        "/config.",
        "/Config",
        "/gradio_api",
        "/gradio_api/",
        "//gradio_api/info",
        "/gradio_api//info",
        "/gradio_api/info/",
        "/gradio_api/info\n",
        "/gradio_api/INFO",
        "/gradio_api/upload",
        "/gradio_api/upload_progress",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file=http://127.0.0.1:1/",
        "/gradio_api/file/etc/passwd",
        "/gradio_api/proxy=http://127.0.0.1:1/",
        "/gradio_api/run/ask",
        "/gradio_api/api/ask",
        "/gradio_api/call",
        "/gradio_api/call/../upload",
        "/gradio_api/call/v2/../../upload",
        "/gradio_api/call/ask/..",
        "/gradio_api/call/a/b/c/d",
        "/gradio_api/call/answer",
        "/gradio_api/call/v2/answer",
        "/gradio_api/call/asks",
        "/gradio_api/queue/status",
        "/gradio_api/component_server",
        "/gradio_api/deep_link",
        "/gradio_api/dev/reload",
        "/gradio_api/vibe-edit",
        "/gradio_api/stream/x/close",
        "/gradio_api/token",
        "/gradio_api/user",
        "/gradio_api/runs",
        "/gradio_api/process_recording",
        "/gradio_api/mcp",
    ],
)
def test_everything_else_is_shut(path: str) -> None:
    """Other paths are refused, and so are other spellings of allowed ones."""
    assert not AllowedPaths().allows(path)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1:7860", "localhost:1", "LOCALHOST", "[::1]:7860", "192.0.2.1", "chat.example.org"],
)
def test_own_names_and_addresses_are_known(host: str) -> None:
    """IP addresses are allowed, and so are the names in `allowed_hosts`."""
    answer = ask(made(allowed_hosts="chat.example.org"), headers={"Host": host})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "127.0.0.1:x",
        "evil.example@127.0.0.1",
        "127.0.0.1/evil.example",
        "[::1",
        "",
        "*",
    ],
)
def test_other_names_are_refused(host: str) -> None:
    """DNS rebinding fails: requests for another name are refused."""
    answer = ask(made(), headers={"Host": host})
    assert answer.status_code == 421
    assert "allowed_hosts" in answer.text


def test_a_name_from_a_proxy_is_checked_too() -> None:
    """`X-Forwarded-Host` is checked, because Gradio writes it into the page."""
    forged = {"X-Forwarded-Host": 'x"><script>'}
    assert ask(made(), headers=forged).status_code == 421


def test_a_star_lets_any_name_be_used() -> None:
    """The allowed host "*" allows every name."""
    answer = ask(made(allowed_hosts=("*",)), headers={"Host": "any.example"})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": HOME}, 200),
        ({"Origin": "https://chat.example.org"}, 200),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "http://127.0.0.1:9999"}, 403),
        ({"Origin": "http://127.0.0.1:7860.evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": ""}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, 200),
    ],
)
def test_other_pages_may_link_here_but_not_ask(headers: dict[str, str], status: int) -> None:
    """Links from other sites may be followed; their requests are refused."""
    assert ask(made(allowed_hosts="chat.example.org"), headers=headers).status_code == status


def test_a_form_of_another_page_is_not_a_link() -> None:
    """A form on another site navigates too, but its POST is refused."""
    crossing = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert ask(made(), "POST", headers=crossing).status_code == 403


@pytest.mark.parametrize("method", ["PUT", "PATCH", "TRACE", "CONNECT", "PROPFIND"])
def test_other_methods_are_refused(method: str) -> None:
    """PUT, PATCH, TRACE and other methods are refused."""
    assert ask(made(), method).status_code == 405


def test_a_body_as_large_as_allowed_arrives_whole() -> None:
    """The application gets every byte of the largest allowed body."""
    answer = ask(made(body_bytes=2048), "POST", content=b"x" * 2048)
    assert answer.json() == {"bytes": 2048}


async def dribbled(size: int) -> AsyncIterator[bytes]:
    """A body without a `Content-Length`."""
    for _ in range(size):
        yield b"x"


@pytest.mark.parametrize("announced", [True, False])
def test_a_larger_body_is_refused(announced: bool) -> None:
    """A body over the limit is refused, with or without a `Content-Length`."""
    content: Any = b"x" * 2049 if announced else dribbled(2049)
    answer = ask(made(body_bytes=2048), "POST", content=content)
    assert answer.status_code == 413
    assert "2,048 bytes" in answer.json()["detail"]


@pytest.mark.parametrize("length", ["9" * 5000, "-1", "x", "²"])
def test_a_nonsensical_length_is_refused(length: str) -> None:
    """A `Content-Length` that is no number is refused."""
    headers = [(b"host", b"127.0.0.1"), (b"content-length", length.encode())]
    assert ask(made(), "POST", headers=headers).status_code == 413


def test_a_body_that_dawdles_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A body that arrives too slowly is refused."""
    monkeypatch.setattr(bodies, "BODY_SECONDS", 0.05)

    async def sleepy() -> AsyncIterator[bytes]:
        yield b"x"
        await asyncio.sleep(5)

    assert ask(made(), "POST", content=sleepy()).status_code == 408


def test_a_body_counts_while_the_work_with_it_waits() -> None:
    """A large body counts until its request is answered; then another is accepted."""
    begun, may_end = asyncio.Event(), asyncio.Event()

    async def wait(request: Request) -> Response:
        await request.body()
        begun.set()
        await may_end.wait()
        return JSONResponse({})

    async def statuses() -> list[int]:
        most = 9 << 20  # more than a quarter of all that may be in memory
        middleware = made(
            body_bytes=most, app=Starlette(routes=[Route(OPEN, wait, methods=["POST"])])
        )
        transport = httpx.ASGITransport(middleware, client=("192.0.2.7", 50_000))
        body = bytes(5 << 20)
        async with httpx.AsyncClient(transport=transport, base_url=HOME) as client:
            first = asyncio.create_task(client.post(OPEN, content=body))
            await begun.wait()
            second = asyncio.create_task(client.post(OPEN, content=body))
            await asyncio.wait([second], timeout=1)
            may_end.set()
            answers = [await first, await second, await client.post(OPEN, content=body)]
        return [answer.status_code for answer in answers]

    assert asyncio.run(statuses()) == [200, 503, 200]


def test_a_full_queue_is_reported() -> None:
    """The response says what to do, and when to try again."""
    answer = ask(made(), "POST", content=b"full")
    assert answer.status_code == 503
    assert answer.json() == {"detail": str(Busy(50))}
    assert answer.headers["retry-after"] == "5"


def test_websockets_are_closed() -> None:
    """WebSockets are refused, since the chat has none."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(made()({"type": "websocket"}, None, send))  # type: ignore[arg-type]
    assert sent == [{"type": "websocket.close", "code": 1008}]


def test_the_password_is_asked_for_and_lets_in() -> None:
    """Every path except /healthz needs the password."""
    guarded = made(user="desk", password=SECRET)
    refused = ask(guarded)
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"].startswith("Basic ")
    assert "are needed" in refused.text
    assert "is wrong" in ask(guarded, headers=basic("desk", "wrong horse")).text
    assert ask(guarded, headers=basic("desk", SECRET)).status_code == 200
    assert ask(guarded, path="/healthz").status_code == 200


@pytest.mark.parametrize(
    ("given", "variable"),
    [({"user": "desk"}, "PULLQUOTE_PASSWORD"), ({"password": SECRET}, "PULLQUOTE_USER")],
)
def test_half_of_a_login_names_the_other_half(given: dict[str, str], variable: str) -> None:
    """The message has the environment variable that is missing."""
    with pytest.raises(SettingsError, match=variable):
        check_protected(Settings(**given), "127.0.0.1")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "headers",
    [
        basic("desk", "wrong horse"),
        basic("Desk", SECRET),
        basic("desk", SECRET + " "),
        basic("desk", ""),
        {"Authorization": "Basic !"},
        {"Authorization": f"Bearer {SECRET}"},
        {"Authorization": "Basic"},
    ],
)
def test_anything_else_does_not_let_in(headers: dict[str, str]) -> None:
    """Similar passwords are refused."""
    assert ask(made(user="desk", password=SECRET), headers=headers).status_code == 401


def test_a_password_may_be_in_any_script() -> None:
    """The challenge asks for UTF-8, so a password may be in any script."""
    guarded = made(user="редакция", password="gemüse:☂ pfad")  # noqa: S106
    assert ask(guarded, headers=basic("редакция", "gemüse:☂ pfad")).status_code == 200


def guess(guarded: AccessMiddleware, number: int, address: str = "192.0.2.7") -> httpx.Response:
    """The response to a wrong password; each number is another one."""
    return ask(guarded, address=address, headers=basic("desk", f"guess {number}"))


def test_the_right_password_gets_in_beside_wrong_ones_from_its_address() -> None:
    """Only who guesses is told to wait: people behind one router share an address."""
    now = [1000.0]
    guarded = made(lambda: now[0], user="desk", password=SECRET)
    for number in range(TRIES):
        assert guess(guarded, number).status_code == 401
    for number in range(TRIES, 3 * TRIES):
        refused = guess(guarded, number)
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "60")
        assert ask(guarded, headers=basic("desk", SECRET)).status_code == 200
    now[0] += PERIOD
    assert guess(guarded, 0).status_code == 401


def test_a_script_with_an_old_password_locks_nobody_out() -> None:
    """The same wrong password again is no guess, however often it is sent."""
    guarded = made(lambda: 1000.0, user="desk", password=SECRET)
    for _ in range(GUESSES + 1):
        assert guess(guarded, 1).status_code == 401
    assert ask(guarded, headers=basic("desk", SECRET)).status_code == 200


def test_guesses_beyond_the_limit_are_not_compared() -> None:
    """Then not even the right password gets in from this address, until the minute is over."""
    now = [1000.0]
    guarded = made(lambda: now[0], user="desk", password=SECRET)
    for number in range(GUESSES):
        guess(guarded, number)
    assert ask(guarded, headers=basic("desk", SECRET)).status_code == 429
    assert ask(guarded).status_code == 401
    assert ask(guarded, address="192.0.2.8", headers=basic("desk", SECRET)).status_code == 200
    now[0] += PERIOD
    assert ask(guarded, headers=basic("desk", SECRET)).status_code == 200


def test_guessing_from_one_network_counts_together() -> None:
    """IPv6 addresses of one /64 are counted together."""
    guarded = made(user="desk", password=SECRET)
    for number in range(TRIES):
        guess(guarded, number, f"2001:db8::{number:x}")
    assert guess(guarded, TRIES, "2001:db8::ffff").status_code == 429


def test_asking_without_a_password_is_no_guess() -> None:
    """A request without a password is no attempt: browsers send one before they ask."""
    guarded = made(user="desk", password=SECRET)
    for _ in range(TRIES + 1):
        assert ask(guarded).status_code == 401


@pytest.mark.parametrize(("user", "status"), [("ida", 200), (" ", 401), (None, 401)])
def test_a_proxy_names_whom_it_let_in(user: str | None, status: int) -> None:
    """Without a user in the proxy's header the request is refused."""
    headers = {} if user is None else {"X-Remote-User": user}
    assert ask(made(proxy_header="X-Remote-User"), headers=headers).status_code == status


@pytest.mark.parametrize("address", ["0.0.0.0", "192.0.2.1", "::", "2001:db8::1"])  # noqa: S104
def test_a_public_address_needs_protection(address: str) -> None:
    """A public address needs a password, a proxy, or `without_password`."""
    with pytest.raises(SettingsError, match="PULLQUOTE_PASSWORD"):
        check_protected(Settings(), address)
    check_protected(Settings(user="desk", password=SECRET), address)  # type: ignore[arg-type]
    check_protected(Settings(proxy_header="X-Remote-User"), address)
    check_protected(Settings(without_password=True), address)


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.0.1", "::1"])
def test_this_machine_alone_needs_none(address: str) -> None:
    """A local address needs no password, since local users can read the files."""
    check_protected(Settings(), address)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"user": "desk"}, "There is a user but no password"),
        ({"password": SECRET}, "There is a password but no user"),
        ({"user": "a:b", "password": SECRET}, "colon"),
    ],
)
def test_half_a_login_is_an_error(given: dict[str, Any], message: str) -> None:
    """A user without a password, or a password without a user, is an error."""
    with pytest.raises(SettingsError, match=message):
        check_protected(Settings(**given), "127.0.0.1")
