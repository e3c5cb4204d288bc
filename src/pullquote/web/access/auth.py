"""Authentication: HTTP Basic with one user, or the header of an authenticating proxy."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response

from pullquote.errors import SettingsError
from pullquote.settings import Settings
from pullquote.web.access.networks import network_of

TRIES = 10
"""Wrong passwords that one client may send within `PERIOD`."""

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
        if (wait := self._wrong.wait(address)) > 0:
            return PlainTextResponse(
                f"Too many wrong passwords. Try again in {wait} seconds.\n",
                status_code=429,
                headers={"Retry-After": str(wait)},
            )
        given = _credentials(headers)
        if given is not None and hmac.compare_digest(_digest(given), self._expected_digest):
            return None
        if given is not None:
            self._wrong.add(address)
        reason = _NEEDED if given is None else _WRONG
        return PlainTextResponse(f"{reason} {RELOAD}\n", 401, headers=_CHALLENGE)


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
class _WrongPasswordCount:
    """The number of wrong passwords since the time `since`."""

    since: float
    wrong: int = 0


class _WrongPasswords:
    """Counts the wrong passwords of each client, for `PERIOD` after the first one."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._counts: OrderedDict[str, _WrongPasswordCount] = OrderedDict()

    def wait(self, address: str) -> int:
        """Seconds until an address may try again, rounded up; 0 if it may try now."""
        count = self._counts.get(network_of(address))
        if count is None or count.wrong < TRIES:
            return 0
        return max(0, -int(-(count.since + PERIOD - self._clock()) // 1))

    def add(self, address: str) -> None:
        """Count a wrong password."""
        network, now = network_of(address), self._clock()
        count = self._counts.get(network)
        if count is None or now - count.since >= PERIOD:
            self._counts.pop(network, None)
            count = self._counts[network] = _WrongPasswordCount(now)
            if len(self._counts) > _MAX_ADDRESSES:
                self._counts.popitem(last=False)
        count.wrong += 1
