"""Authentication: HTTP Basic with one user, or the header of an authenticating proxy."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response

from pullquote.schema.errors import SettingsError
from pullquote.schema.settings import Settings
from pullquote.web.access.networks import network_of

TRIES = 10
"""Wrong passwords within `PERIOD`, after which a client is told to wait.

They are also remembered: sent again, as a script with an old password does, they are no guesses."""

GUESSES = 60
"""Guesses of one client within `PERIOD`, after which its passwords are not even compared.

Other people may share the address of whoever guesses, and so the right password must be compared
for longer than a client is told to wait. At 86,400 guesses a day, half of all random passwords of
eight lower-case letters and digits are tried in 45,000 years."""

PERIOD = 60.0
"""Seconds."""

_MAX_ADDRESSES = 4096
"""Clients whose wrong passwords are counted; beyond this number the oldest count is dropped."""

_CHALLENGE = {"WWW-Authenticate": 'Basic realm="pullquote", charset="UTF-8"'}


_NEEDED = "A user name and a password are needed."
_WRONG = "The user name or the password is wrong."

RELOAD = "Reload the page to enter them."
"""What a person does next; the HTTP API says what a program does instead."""


class Authenticator:
    """Authenticates requests by their headers, in constant time and with a limit on attempts."""

    def __init__(self, settings: Settings, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._header = settings.proxy_header
        self._expected_digest = _expected_digest(settings)
        self._wrong = _WrongPasswords(clock)

    def refusal(self, headers: Headers, address: str) -> Response | None:
        """The response that refuses a request, or None if it is authenticated."""
        if self._header is not None and headers.get(self._header, "").strip():
            return None
        if self._expected_digest is None:
            return None if self._header is None else _no_proxy(self._header)
        given = _credentials(headers)
        if given is None:
            return PlainTextResponse(f"{_NEEDED} {RELOAD}\n", 401, headers=_CHALLENGE)
        if self._wrong.guesses(address) < GUESSES:
            digest = _digest(given)
            if hmac.compare_digest(digest, self._expected_digest):
                return None
            self._wrong.add(address, digest)
        if self._wrong.guesses(address) <= TRIES:
            return PlainTextResponse(f"{_WRONG} {RELOAD}\n", 401, headers=_CHALLENGE)
        wait = self._wrong.wait(address)
        return PlainTextResponse(
            f"Too many wrong passwords. Try again in {wait} seconds.\n",
            status_code=429,
            headers={"Retry-After": str(wait)},
        )


def check_protected(settings: Settings, address: str) -> None:
    """Check that a server may listen on an IP address.

    Raises:
        SettingsError: other machines can reach the address, and there is no authentication.
    """
    _expected_digest(settings)
    if ipaddress.ip_address(address).is_loopback or settings.without_password:
        return
    if settings.password is None and settings.proxy_header is None:
        raise SettingsError(
            f"Anyone who can reach {address} could read the whole corpus. Set a user and a "
            "password (PULLQUOTE_USER and PULLQUOTE_PASSWORD), or set proxy_header to the header "
            "in which your proxy names the user, or pass --without-password."
        )


def warnings_of_proxies(settings: Settings, environment: Mapping[str, str]) -> list[str]:
    """Warnings about the proxy settings, printed when the server starts."""
    warnings = []
    if _is_open_through_a_proxy(settings):
        warnings.append(
            "Everyone who reaches this server through its proxy can read the whole corpus. Set a "
            "user and a password (PULLQUOTE_USER and PULLQUOTE_PASSWORD), or set proxy_header to "
            "the header in which the proxy names the user. If the proxy asks for passwords by "
            "itself, pass --without-password."
        )
    if settings.trusted_proxies:
        return warnings
    if settings.proxy_header is not None:
        warnings.append(
            f"Anyone who can reach this server can get in by sending {settings.proxy_header}. Name "
            "the addresses of your proxy in trusted_proxies (PULLQUOTE_TRUSTED_PROXIES=127.0.0.1)."
        )
    if environment.get("FORWARDED_ALLOW_IPS"):
        warnings.append(
            "FORWARDED_ALLOW_IPS is no longer read. Name the addresses of your proxy in "
            "trusted_proxies (PULLQUOTE_TRUSTED_PROXIES)."
        )
    return warnings


def _is_open_through_a_proxy(settings: Settings) -> bool:
    """Whether there is a proxy in front of a server that asks for no password."""
    has_proxy = bool(settings.trusted_proxies or settings.allowed_hosts)
    asks = settings.password is not None or settings.proxy_header is not None
    return has_proxy and not asks and not settings.without_password


def is_local(host: str) -> bool:
    """Whether only this machine can reach a server that listens on this host."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _expected_digest(settings: Settings) -> bytes | None:
    """The digest of the user and the password; None if neither is set.

    Raises:
        SettingsError: only one of the two is set, or the user name contains a colon.
    """
    user, password = settings.user, settings.password
    if (user is None) != (password is None):
        missing, there = ("user", "password") if user is None else ("password", "user")
        raise SettingsError(
            f"There is a {there} but no {missing}. Set PULLQUOTE_{missing.upper()} too, or remove "
            f"the {there}."
        )
    if user is None or password is None:
        return None
    if ":" in user:
        raise SettingsError("The user name contains a colon, which browsers cannot send.")
    return _digest(f"{user}:{password.get_secret_value()}".encode())


def _credentials(headers: Headers) -> bytes | None:
    """The "user:password" of a request; None without Basic authentication, b"" if malformed."""
    kind, _, encoded = headers.get("authorization", "").partition(" ")
    if kind.casefold() != "basic":
        return None
    try:
        return base64.b64decode(encoded.strip(), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _digest(text: bytes) -> bytes:
    """A digest to compare, because comparing the texts themselves would reveal their lengths."""
    return hashlib.sha256(text).digest()


def _no_proxy(header: str) -> Response:
    message = f"The proxy in front of this server must name the user in {header}.\n"
    return PlainTextResponse(message, status_code=401)


@dataclass(slots=True)
class _Guesses:
    """The number of guesses since the time `since`, and the digests of the first `TRIES`."""

    since: float
    count: int = 0
    first: set[bytes] = field(default_factory=set)


class _WrongPasswords:
    """Counts the guesses of each client, for `PERIOD` after the first one."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._clients: OrderedDict[str, _Guesses] = OrderedDict()

    def guesses(self, address: str) -> int:
        """How many guesses an address has sent."""
        return self._of(network_of(address)).count

    def wait(self, address: str) -> int:
        """Seconds until the guesses of an address are forgotten, rounded up."""
        return math.ceil(self._of(network_of(address)).since + PERIOD - self._clock())

    def add(self, address: str, digest: bytes) -> None:
        """Count a wrong password, given by its digest, unless it was among the first guesses."""
        network = network_of(address)
        guesses = self._of(network)
        if digest in guesses.first:
            return
        guesses.count += 1
        if guesses.count <= TRIES:
            guesses.first.add(digest)
        if network not in self._clients and len(self._clients) >= _MAX_ADDRESSES:
            self._clients.popitem(last=False)
        self._clients[network] = guesses

    def _of(self, network: str) -> _Guesses:
        """The guesses of a client; none if the last ones are over."""
        guesses = self._clients.get(network)
        if guesses is not None and self._clock() - guesses.since < PERIOD:
            return guesses
        self._clients.pop(network, None)
        return _Guesses(self._clock())
