"""The connection to a Milvus server. Makes pymilvus's client and translates its errors."""

from __future__ import annotations

import json
import logging
import math
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from pullquote.schema.errors import ExtraMissing, IndexUnreachable, IndexUnwritable
from pullquote_milvus.address import MilvusAddress

if TYPE_CHECKING:
    from pymilvus import MilvusClient

WRITE_FACTOR = 12
"""A write may take this many times as long as a read, since the server may be building an index."""

_HANDSHAKE_SECONDS = 2.0
"""Seconds allowed for the TLS handshake that checks a server's certificate after a call went
unanswered."""

_AUTH_ERRORS = ("auth check failure", "unauthenticated", "permission", "privilege", "password")
_TIMEOUT_ERRORS = ("deadline", "timeout")
_CONNECTION_ERRORS = ("unavailable", "connecting", "connection", "closed channel")


@dataclass(frozen=True, slots=True)
class ConnectionOptions:
    """The credentials, and how many seconds an answer may take."""

    user: str | None
    password: SecretStr | None
    token: SecretStr | None
    certificate: Path | None
    seconds: float


class MilvusConnection:
    """Connects at the first call, and again after losing the connection. Threads may share it."""

    def __init__(self, address: MilvusAddress, options: ConnectionOptions) -> None:
        self.place = str(address)
        self.seconds = options.seconds
        self._address = address
        self._options = options
        self._connecting = threading.Lock()
        self._client: MilvusClient | None = None
        self._retired: list[tuple[float, MilvusClient]] = []
        self._answered_at = -math.inf

    @property
    def write_seconds(self) -> float:
        """How many seconds a write may take."""
        return WRITE_FACTOR * self.seconds

    def close(self) -> None:
        """Close the connection; the next call makes another."""
        client, self._client = self._client, None
        if client is not None:
            client.close()
        self._close_retired(older=0.0)

    def _connected(self) -> MilvusClient:
        """The client. While one thread connects, the others wait at most `seconds`."""
        if (client := self._client) is not None:
            return client
        if not self._connecting.acquire(timeout=self.seconds):
            raise self._no_answer(self.seconds)
        try:
            if self._client is None:
                self._close_retired(older=self.write_seconds)
                self._client = self._connect()
            return self._client
        finally:
            self._connecting.release()

    def _connect(self) -> MilvusClient:
        try:
            from pymilvus import MilvusClient  # noqa: PLC0415 - an extra

            if self._address.file is not None:
                import milvus_lite  # noqa: F401, PLC0415 - the same extra
        except ImportError:
            raise ExtraMissing("milvus", what=f"The index at {self.place}") from None
        # These libraries log every error with its traceback; we raise the error anyway.
        for name in ("pymilvus", "milvus_lite"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        options, address = self._options, self._address
        password = address.password if options.password is None else options.password
        user = address.user if options.user is None else options.user
        arguments: dict[str, Any] = {
            "uri": address.uri,
            "timeout": options.seconds,
            "grpc_options": {
                **_CHANNEL_OPTIONS,
                "grpc.service_config": _service_config(self.write_seconds),
            },
            "dedicated": True,  # do not share a connection that this process made before
        }
        if user is not None:
            arguments["user"] = user
        if password is not None:
            arguments["password"] = password.get_secret_value()
        if options.token is not None:
            arguments["token"] = options.token.get_secret_value()
        if address.database:
            arguments["db_name"] = address.database
        if options.certificate is not None:
            arguments["server_pem_path"] = str(options.certificate)
        return MilvusClient(**arguments)

    @contextmanager
    def reading(self, client: MilvusClient | None = None) -> Iterator[MilvusClient]:
        """The client for a call that reads; an iterator continues with its own `client`.

        Raises:
            IndexUnreachable: the call raised an exception of any kind.
            ExtraMissing: pymilvus is not installed.
        """
        with self._call(self.seconds, client) as found:
            yield found

    @contextmanager
    def writing(self) -> Iterator[MilvusClient]:
        """The client for a call that writes.

        Raises:
            IndexUnreachable: the server does not answer, or refuses the credentials.
            IndexUnwritable: the server refuses the call.
        """
        try:
            with self._call(self.write_seconds) as client:
                yield client
        except IndexUnreachable as error:
            if is_server_message(error):
                raise IndexUnwritable(self.place, error.reason) from None
            raise

    @contextmanager
    def _call(self, seconds: float, client: MilvusClient | None = None) -> Iterator[MilvusClient]:
        """The client for a call of at most `seconds`. Errors become IndexUnreachable."""
        begun = time.monotonic()
        try:
            client = self._connected() if client is None else client
            yield client
        except (IndexUnreachable, ExtraMissing, GeneratorExit):
            raise
        except Exception as error:  # noqa: BLE001 - grpc's and pymilvus's have no common base
            raise self._translate(error, client, begun, seconds) from None
        else:
            self._answered_at = time.monotonic()

    def _translate(
        self, error: Exception, client: MilvusClient | None, begun: float, seconds: float
    ) -> IndexUnreachable:
        """The IndexUnreachable into which an error of pymilvus is translated.

        A client that lost its connection is retired.

        The name of the index is first removed from the message, since it could contain a phrase
        that we look for.
        """
        text = error_text(error)
        low = re.sub(rf"(?<!\w){re.escape(self._address.name)}(_\w*)?(?!\w)", "", text).lower()
        if any(word in low for word in _AUTH_ERRORS):
            self._retire(client)
            return IndexUnreachable(
                self.place,
                "the server does not accept this user, password or token",
                mend="Set milvus_user and milvus_password, or milvus_token, to valid values.",
            )
        if any(word in low for word in _CONNECTION_ERRORS):
            self._retire(client)
            return self._no_answer(seconds)
        if any(word in low for word in _TIMEOUT_ERRORS):
            if self._answered_at < begun:  # no other thread has had an answer since
                self._retire(client, open=True)
            return self._no_answer(seconds)
        return IndexUnreachable(
            self.place,
            f"{_SERVER_SAYS} {text}",
            mend=f"Run: pullquote doctor --index {self.place}",
        )

    def _retire(self, client: MilvusClient | None, *, open: bool = False) -> None:
        """Make the next call create a new client. An `open` client still serves other threads."""
        if self._client is client:
            self._client = None
            if client is not None and open:
                self._retired.append((time.monotonic(), client))
        if client is not None and not open:
            client.close()

    def _close_retired(self, *, older: float) -> None:
        """Close the open clients that were retired so long ago that all their calls have ended."""
        now, left = time.monotonic(), self._retired
        self._retired = [one for one in left if now - one[0] < older]
        for _, client in left[: len(left) - len(self._retired)]:
            client.close()

    def _no_answer(self, seconds: float) -> IndexUnreachable:
        fault = None
        if self._answered_at == -math.inf:  # its certificate was never accepted
            fault = certificate_error(self._address, self._options)
        if fault is not None:
            return IndexUnreachable(
                self.place,
                f"the server's certificate is not accepted ({fault})",
                mend="Set milvus_ca to the certificate of its authority, or fix the address.",
            )
        other = "milvus+tls:// for TLS"
        if self._address.tls:
            other = "milvus:// without TLS, or milvus_ca for a certificate of your own"
        return IndexUnreachable(
            self.place,
            f"the server did not answer within {seconds:g} seconds",
            mend=f"Start it, or fix the address ({other}). Questions will be answered again once "
            "it is back. If it is only slow, increase milvus_seconds.",
        )


def certificate_error(address: MilvusAddress, options: ConnectionOptions) -> str | None:
    """Why a server's certificate is not accepted; None if it is, or no server answers.

    gRPC reports only that the server is unavailable.
    """
    if not address.tls:
        return None
    try:
        context = ssl.create_default_context(cafile=options.certificate)
        with (
            socket.create_connection((address.host, address.port), _HANDSHAKE_SECONDS) as plain,
            context.wrap_socket(plain, server_hostname=address.host),
        ):
            return None
    except ssl.SSLCertVerificationError as error:
        return error.verify_message
    except OSError:
        return None


_SERVER_SAYS = "the server says:"


def is_server_message(error: IndexUnreachable) -> bool:
    """Whether the server answered with an error of its own."""
    return error.reason.startswith(_SERVER_SAYS)


_CHANNEL_OPTIONS = {
    "grpc.use_local_subchannel_pool": 1,
    "grpc.initial_reconnect_backoff_ms": 100,
    "grpc.max_reconnect_backoff_ms": 1000,
    "grpc.keepalive_permit_without_calls": 0,
    "grpc.keepalive_time_ms": 600_000,
}
"""Options for gRPC. By default a new connection waits up to two minutes if others failed before it,
so we set a short backoff. pymilvus would ping every ten seconds, but milvus-lite's server closes a
connection that pings more often than every five minutes ("too_many_pings"). Every call has a time
limit, so no pings are needed."""


def _service_config(seconds: float) -> str:
    """A configuration for gRPC that ends every call after that time.

    pymilvus makes some calls without a time limit.
    """
    return json.dumps({"methodConfig": [{"name": [{}], "timeout": f"{seconds:.3f}s"}]})


def error_text(error: Exception) -> str:
    """The text of an error on one line, with gRPC's status code if pymilvus leaves it out."""
    message = getattr(error, "message", None)
    code = getattr(error, "code", None)
    if callable(code):  # an error of gRPC
        return " ".join(f"{code()} {error}".split())
    status = "" if code is None else f"{code} "
    whole = f"{status}{message}" if message else str(error)
    caused = getattr(error.__cause__, "code", None)
    if callable(caused) and (name := getattr(caused(), "name", None)):
        whole += f" ({name})"
    return " ".join(whole.split())
