"""Headers of proxies are used from trusted proxies and dropped from all others."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pullquote.schema.errors import SettingsError
from pullquote.schema.settings import Settings
from pullquote.web.access.auth import warnings_of_proxies
from pullquote.web.access.networks import Networks, ShareByAddress, network_of
from pullquote.web.access.proxies import Proxies
from pullquote.web.corpus.routes import may_rebuild
from served import ROOT, Served, serving

LOGIN = ("desk", "correct horse battery")

PROXY = "10.0.0.1"
TRUSTED = ("10.0.0.0/24", "2001:db8:1::1")


async def echo_request(request: Request) -> Response:
    """An application that returns the request as it arrived."""
    assert request.client is not None
    return JSONResponse(
        {
            "client": request.client.host,
            "scheme": request.url.scheme,
            "headers": {n: v for n, v in request.headers.items() if n.startswith(("x-", "fo"))},
        }
    )


def made(trusted: tuple[str, ...] = TRUSTED, **given: Any) -> Proxies:
    """Proxies before an application that returns the request."""
    return Proxies(
        Starlette(routes=[Route("/{path:path}", echo_request)]),
        trusted=Networks(trusted),
        user_header=given.pop("user_header", None),
        counts=given.pop("counts", ShareByAddress(10)),
        **given,
    )


def ask(app: Proxies, peer: str = PROXY, *headers: tuple[str, str]) -> dict[str, Any]:
    """The request of a peer as it arrived at the application."""

    async def call() -> dict[str, Any]:
        transport = httpx.ASGITransport(app, client=(peer, 50_000))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            found: dict[str, Any] = (await client.get("/", headers=list(headers))).json()
            return found

    return asyncio.run(call())


FORGED = (
    ("X-Forwarded-For", "192.0.2.1"),
    ("X-Forwarded-Host", "localhost:1"),
    ("X-Forwarded-Proto", "https"),
    ("X-Forwarded-Prefix", "/evil"),
    ("Forwarded", "for=192.0.2.1"),
    ("X-Real-IP", "192.0.2.1"),
    ("X-Gradio-Server", "http://evil.example"),
    ("X-Gradio-User", "someone"),
    ("X-Direct-Url", "http://evil.example"),
    ("X-IP-Token", "x"),
)


@pytest.mark.parametrize("trusted", [(), TRUSTED])
def test_nothing_is_believed_of_strangers(trusted: tuple[str, ...]) -> None:
    """Headers are dropped by default, also from this machine, which has many users."""
    for peer in ("127.0.0.1", "203.0.113.9"):
        arrived = ask(made(trusted), peer, *FORGED)
        assert arrived == {"client": peer, "scheme": "http", "headers": {}}


def test_a_trusted_proxy_says_who_asks_and_how() -> None:
    """The application gets client, scheme and host from a trusted proxy's headers."""
    arrived = ask(made(), PROXY, *FORGED)
    assert (arrived["client"], arrived["scheme"]) == ("192.0.2.1", "https")
    assert arrived["headers"] == {"x-forwarded-host": "localhost:1", "x-forwarded-proto": "https"}


@pytest.mark.parametrize(
    ("forwarded", "client"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("6.6.6.6, 192.0.2.1", "192.0.2.1"),
        ("6.6.6.6, 192.0.2.1, 10.0.0.7", "192.0.2.1"),
        ("10.0.0.8, 10.0.0.7", "10.0.0.8"),
        ("192.0.2.1:4711", "192.0.2.1"),
        ("[2001:db8::1]:4711, 2001:db8:1::1", "2001:db8::1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("6.6.6.6, nonsense", PROXY),
        ("6.6.6.6, nonsense, 10.0.0.7", "10.0.0.7"),
        ("", PROXY),
    ],
)
def test_the_rightmost_address_that_is_no_proxy_is_the_client(forwarded: str, client: str) -> None:
    """Addresses to its left were written by the client itself."""
    assert ask(made(), PROXY, ("X-Forwarded-For", forwarded))["client"] == client


def test_several_headers_are_one_list() -> None:
    """A client's own header comes before that of the proxy."""
    headers = [("X-Forwarded-For", "6.6.6.6"), ("X-Forwarded-For", "192.0.2.1")]
    assert ask(made(), PROXY, *headers)["client"] == "192.0.2.1"


def test_the_last_of_several_names_is_the_proxys() -> None:
    """The last value counts; Gradio would use the first, which the client wrote."""
    headers = [("X-Forwarded-Host", "a.example, b.example"), ("X-Forwarded-Proto", "https, http")]
    arrived = ask(made(), PROXY, *headers)
    assert arrived["headers"] == {"x-forwarded-host": "b.example", "x-forwarded-proto": "http"}


@pytest.mark.parametrize("name", ["X-Remote-User", "X-Forwarded-User"])
def test_the_user_is_named_by_a_trusted_proxy_alone(name: str) -> None:
    """Without trusted proxies, any peer may name the user."""
    header = (name, "ida")
    for trusted, peer, expected in (
        (TRUSTED, PROXY, {name.lower(): "ida"}),
        (TRUSTED, "127.0.0.1", {}),
        ((), "127.0.0.1", {name.lower(): "ida"}),
    ):
        assert ask(made(trusted, user_header=name), peer, header)["headers"] == expected


def test_clients_of_a_proxy_are_counted_one_by_one() -> None:
    """A client at its limit of requests in progress is refused; others are not."""
    counts = ShareByAddress(1)
    assert counts.take("192.0.2.1")
    transport = httpx.ASGITransport(made(counts=counts), client=(PROXY, 1))

    async def status(client: str) -> int:
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as asking:
            return (await asking.get("/", headers={"X-Forwarded-For": client})).status_code

    assert asyncio.run(status("192.0.2.1")) == 503
    assert asyncio.run(status("192.0.2.2")) == 200
    assert asyncio.run(status("192.0.2.2")) == 200


def test_a_proxy_that_is_not_trusted_is_named_once() -> None:
    """One warning has its address, for the setting `trusted_proxies`."""
    warned: list[str] = []
    app = made((), warn=warned.append)
    for _ in range(3):
        ask(app, "127.0.0.1", ("X-Forwarded-For", "192.0.2.1"))
    assert warned == ["127.0.0.1"]


def test_the_start_warns_of_a_header_that_anyone_can_write() -> None:
    """It also warns of an environment variable that is no longer read."""
    (warning,) = warnings_of_proxies(Settings(proxy_header="X-User"), {})
    assert "X-User" in warning
    assert "trusted_proxies" in warning
    named = Settings(proxy_header="X-User", trusted_proxies=("10.0.0.1",))
    assert warnings_of_proxies(named, {"FORWARDED_ALLOW_IPS": "*"}) == []
    assert "FORWARDED_ALLOW_IPS" in warnings_of_proxies(Settings(), {"FORWARDED_ALLOW_IPS": "*"})[0]


@pytest.mark.parametrize(
    "proxy", [{"trusted_proxies": ("127.0.0.1",)}, {"allowed_hosts": ("archive.example",)}]
)
def test_the_start_warns_of_a_proxy_without_a_password(proxy: dict[str, tuple[str]]) -> None:
    """A server on 127.0.0.1 needs no password, but its proxy may let everyone in."""
    (warning,) = warnings_of_proxies(Settings(**proxy), {})  # type: ignore[arg-type]
    assert "PULLQUOTE_PASSWORD" in warning
    assert "--without-password" in warning
    login = {"user": "desk", "password": "correct horse"}
    protected = Settings(**login, **proxy)  # type: ignore[arg-type]
    meant = Settings(without_password=True, **proxy)  # type: ignore[arg-type]
    assert warnings_of_proxies(protected, {}) == warnings_of_proxies(meant, {}) == []


def test_proxies_are_addresses_or_networks() -> None:
    """A host name is refused, since it would be resolved with every request."""
    assert Settings(trusted_proxies="10.0.0.1, ::1/128").trusted_proxies == ("10.0.0.1", "::1/128")  # type: ignore[arg-type]
    with pytest.raises(SettingsError, match="trusted_proxies"):
        Settings(trusted_proxies=("proxy.example",))


def test_behind_a_proxy_the_page_does_not_rebuild() -> None:
    """With a trusted proxy, others may reach the page, so it offers no rebuild."""
    assert may_rebuild(Settings())
    assert not may_rebuild(Settings(trusted_proxies=("127.0.0.1",)))


def test_an_ipv4_address_in_ipv6_is_itself() -> None:
    """Mapped IPv4 addresses are in one /64 and would else count as one client."""
    assert network_of("::ffff:192.0.2.1") == "192.0.2.1"
    assert network_of("2001:db8::1") == network_of("2001:db8::2") == "2001:db8::/64"
    assert "::ffff:10.0.0.1" in Networks(("10.0.0.0/24",))


# Against a running server


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, sample_index: Path) -> Iterator[Served]:
    """A server with the sample corpus, a password and a trusted proxy."""
    with serving(
        tmp_path_factory.mktemp("proxies"),
        corpus=ROOT / "corpus",
        index=sample_index,
        user=LOGIN[0],
        password=LOGIN[1],
        trusted_proxies="127.0.0.7",
    ) as server:
        yield server


def get(
    served: Served, path: str, address: str, *, password: str = LOGIN[1], **headers: str
) -> httpx.Response:
    """The response to a request from an address of this machine."""
    transport = httpx.HTTPTransport(local_address=address)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with httpx.Client(transport=transport, auth=(LOGIN[0], password), timeout=30) as client:
        return client.get(f"{served.url}{path}", headers=named)


def test_guessing_is_counted_whatever_client_is_named(served: Served) -> None:
    """Wrong passwords with forged addresses all count for their sender."""
    statuses = [
        get(served, "/config", "127.0.0.1", password=f"one {n}", X_Forwarded_For=f"192.0.2.{n}")
        for n in range(20)
    ]
    assert {one.status_code for one in statuses[10:]} == {429}


def test_nobody_is_shut_out_in_his_name(served: Served) -> None:
    """Forging another client's address makes the sender wait, not that client."""
    for n in range(12):
        get(served, "/config", "127.0.0.1", password=f"two {n}", X_Forwarded_For="127.0.0.4")
    for address, status in (("127.0.0.1", 429), ("127.0.0.4", 401)):
        assert get(served, "/config", address, password="two").status_code == status  # noqa: S106
        assert get(served, "/config", address).status_code == 200


def test_clients_of_the_proxy_guess_each_for_himself(served: Served) -> None:
    """Wrong passwords count for the client that the proxy names."""
    for n in range(12):
        get(served, "/config", "127.0.0.7", password=f"three {n}", X_Forwarded_For="192.0.2.66")
    for client, status in (("192.0.2.66", 429), ("192.0.2.67", 401)):
        wrong = get(served, "/config", "127.0.0.7", password="three", X_Forwarded_For=client)  # noqa: S106
        right = get(served, "/config", "127.0.0.7", X_Forwarded_For=client)
        assert (wrong.status_code, right.status_code) == (status, 200)


@pytest.mark.parametrize("path", ["/", "/config"])
def test_no_stranger_says_where_the_page_is(served: Served, path: str) -> None:
    """Forged headers do not change the server address in the page."""
    forged = {
        "X_Gradio_Server": "http://evil.example",
        "X_Forwarded_Host": "localhost:9",
        "X_Forwarded_Proto": "https",
    }
    page = get(served, path, "127.0.0.5", **forged).text
    assert served.url in page
    assert "evil.example" not in page
    assert "localhost:9" not in page
    assert f"https://127.0.0.1:{served.port}" not in page


def test_the_proxy_says_where_the_page_is(served: Served) -> None:
    """A proxy's headers set the address, but not `X-Gradio-Server`."""
    forwarded = {"X_Forwarded_Proto": "https", "X_Forwarded_Host": "localhost:9"}
    page = get(
        served, "/config", "127.0.0.7", X_Gradio_Server="http://evil.example", **forwarded
    ).text
    assert "https://localhost:9" in page
    assert "evil.example" not in page
