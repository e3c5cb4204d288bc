"""The responses and the warning for too many connections."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import Message, Send

from pullquote.web.slots import LineTooLong

RETRY_SECONDS: Final = 5
"""About how long a full queue takes, in seconds."""

RETRY_AFTER: Final[Mapping[str, str]] = MappingProxyType({"Retry-After": str(RETRY_SECONDS)})
"""The header of every response with the status 503."""


def retry_after(error: BaseException | None) -> Mapping[str, str]:
    """The header of a response with the status 503 that an error caused."""
    if isinstance(error, LineTooLong):
        return {"Retry-After": str(error.retry_seconds)}
    return RETRY_AFTER


ALL_CONNECTIONS_TAKEN: Final = (
    f"This server has as many connections as it can serve. Try again in {RETRY_SECONDS} seconds.\n"
)


def address_limit(most: int) -> str:
    """The text for an address that has reached its limit of `most` connections."""
    return (
        f"You have reached the limit of {most} connections from your address. Close some pullquote "
        f"pages and try again in {RETRY_SECONDS} seconds. (Administrators: see the settings "
        "connections_per_address and trusted_proxies.)\n"
    )


def address_warning(address: str, most: int) -> str:
    """The warning for the administrator when an address is refused for the first time."""
    return (
        f"A connection from {address} was refused: that address already has {most}, the most that "
        "connections_per_address allows. If many people share the address, raise the setting "
        f"(PULLQUOTE_CONNECTIONS_PER_ADDRESS={2 * most}). If it belongs to your proxy, name it in "
        f"trusted_proxies (PULLQUOTE_TRUSTED_PROXIES={address}). This warning appears only once."
    )


def refusal(text: str, headers: Mapping[str, str] = RETRY_AFTER) -> PlainTextResponse:
    """The response 503 with a text."""
    return PlainTextResponse(text, 503, headers=headers)


def raw_response(text: str) -> bytes:
    """The same response as bytes, for a connection whose requests are not read."""
    lines = [
        "HTTP/1.1 503 Service Unavailable",
        *(f"{name.title()}: {value}" for name, value in refusal(text).headers.items()),
        "Connection: close",
    ]
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode("ascii") + text.encode("ascii")


def with_headers(send: Send, headers: Mapping[str, str]) -> Send:
    """A `send` that adds headers to the response, in place of those with the same names."""

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            changed = MutableHeaders(raw=list(message.get("headers", [])))
            changed.update(headers)
            message = {**message, "headers": changed.raw}
        await send(message)

    return send_with_headers
