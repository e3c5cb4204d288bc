"""The connection to a Milvus server, and what its errors mean. pymilvus's client is made here."""

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

from pullquote.backends.milvus.address import MilvusAddress
from pullquote.errors import ExtraMissing, IndexUnreachable, IndexUnwritable

if TYPE_CHECKING:
    from pymilvus import MilvusClient

WRITING_TAKES = 12
"""Times as long as an answer: a server that builds an index on the way may need it."""

_SHAKING = 2.0
"""Seconds for looking at a certificate, after a server has not answered in its own time."""

_REFUSED = ("auth check failure", "unauthenticated", "permission", "privilege", "password")
_LATE = ("deadline", "timeout")
_GONE = ("unavailable", "connecting", "connection", "closed channel")


@dataclass(frozen=True, slots=True)
class Access:
    """How to be let in, and how long an answer may take."""

    user: str | None
    password: SecretStr | None
    token: SecretStr | None
    certificate: Path | None
    seconds: float


class Connection:
    """Made when it is first asked for, and again after an error. Threads may share it."""

    def __init__(self, address: MilvusAddress, access: Access) -> None:
        self.place = str(address)
        self.seconds = access.seconds
        self._address = address
        self._access = access
        self._connecting = threading.Lock()
        self._client: MilvusClient | None = None
        self._left: list[tuple[float, MilvusClient]] = []
        self._answered = -math.inf

    @property
    def patience(self) -> float:
        """How many seconds what writes may take."""
        return WRITING_TAKES * self.seconds

    def close(self) -> None:
        """Let go of it; the next call makes another."""
        client, self._client = self._client, None
        if client is not None:
            client.close()
        self._close_left(older=0.0)

    def _connected(self) -> MilvusClient:
        """The client. While one thread connects the others wait, and none much longer than it."""
        if (client := self._client) is not None:
            return client
        if not self._connecting.acquire(timeout=self.seconds):
            raise self._silent(self.seconds)
        try:
            if self._client is None:
                self._close_left(older=self.patience)
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
        # They log every error with its traceback, which we raise anyway.
        for name in ("pymilvus", "milvus_lite"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        access, address = self._access, self._address
        password = address.password if access.password is None else access.password
        user = address.user if access.user is None else access.user
        given: dict[str, Any] = {
            "uri": address.uri,
            "timeout": access.seconds,
            "grpc_options": {**_QUICKLY, "grpc.service_config": _within(self.patience)},
            "dedicated": True,  # else it would be whichever this process made to the server first
        }
        if user is not None:
            given["user"] = user
        if password is not None:
            given["password"] = password.get_secret_value()
        if access.token is not None:
            given["token"] = access.token.get_secret_value()
        if address.database:
            given["db_name"] = address.database
        if access.certificate is not None:
            given["server_pem_path"] = str(access.certificate)
        return MilvusClient(**given)

    @contextmanager
    def reading(self, client: MilvusClient | None = None) -> Iterator[MilvusClient]:
        """The client, for a call that reads; that one, for what was begun with it.

        Raises:
            IndexUnreachable: for whatever the call raised.
            ExtraMissing: pymilvus is not installed.
        """
        with self._calling(self.seconds, client) as found:
            yield found

    @contextmanager
    def writing(self) -> Iterator[MilvusClient]:
        """The client, for a call that writes.

        Raises:
            IndexUnreachable: the server does not answer, or does not let us in.
            IndexUnwritable: it refuses the call.
        """
        try:
            with self._calling(self.patience) as client:
                yield client
        except IndexUnreachable as error:
            if is_said(error):
                raise IndexUnwritable(self.place, error.reason) from None
            raise

    @contextmanager
    def _calling(
        self, seconds: float, client: MilvusClient | None = None
    ) -> Iterator[MilvusClient]:
        """The client, for a call that may take so long; what goes wrong is told in our words."""
        begun = time.monotonic()
        try:
            client = self._connected() if client is None else client
            yield client
        except (IndexUnreachable, ExtraMissing, GeneratorExit):
            raise
        except Exception as error:  # noqa: BLE001 - grpc's and pymilvus's have no common base
            raise self._told(error, client, begun, seconds) from None
        else:
            self._answered = time.monotonic()

    def _told(
        self, error: Exception, client: MilvusClient | None, begun: float, seconds: float
    ) -> IndexUnreachable:
        """What an error of pymilvus means; another connection is made where this one was lost."""
        said = message_of(error)
        low = re.sub(rf"(?<!\w){re.escape(self._address.name)}(_\w*)?(?!\w)", "", said).lower()
        if any(word in low for word in _REFUSED):
            self._leave(client)
            return IndexUnreachable(
                self.place,
                "the server does not let us in with this user, password or token",
                mend="Set milvus_user and milvus_password, or milvus_token, to those it knows.",
            )
        if any(word in low for word in _GONE):
            self._leave(client)
            return self._silent(seconds)
        if any(word in low for word in _LATE):
            if self._answered < begun:  # nor has anybody else heard of it meanwhile
                self._leave(client, open=True)
            return self._silent(seconds)
        return IndexUnreachable(
            self.place,
            f"{_SAID} {said}",
            mend=f"pullquote doctor --index {self.place} says more.",
        )

    def _leave(self, client: MilvusClient | None, *, open: bool = False) -> None:
        """Have the next call make another client; an `open` one may still answer other threads."""
        if self._client is client:
            self._client = None
            if client is not None and open:
                self._left.append((time.monotonic(), client))
        if client is not None and not open:
            client.close()

    def _close_left(self, *, older: float) -> None:
        """Close the clients that were left open, by whose calls all have ended by now."""
        now, left = time.monotonic(), self._left
        self._left = [one for one in left if now - one[0] < older]
        for _, client in left[: len(left) - len(self._left)]:
            client.close()

    def _silent(self, seconds: float) -> IndexUnreachable:
        fault = None
        if self._answered == -math.inf:  # it has never been believed
            fault = certificate_fault(self._address, self._access)
        if fault is not None:
            return IndexUnreachable(
                self.place,
                f"the server's certificate does not prove who it is ({fault})",
                mend="Name the certificate of who signed it with milvus_ca, or mend the address.",
            )
        other = "milvus+tls:// for TLS"
        if self._address.tls:
            other = "milvus:// without TLS; milvus_ca for a certificate of your own"
        return IndexUnreachable(
            self.place,
            f"the server does not answer within {seconds:g} seconds",
            mend=f"Start it, or mend the address ({other}); questions are answered again as soon "
            "as it is back. Where it is only slow, raise milvus_seconds.",
        )


def certificate_fault(address: MilvusAddress, access: Access) -> str | None:
    """Why a server is not believed to be who it says; None where it is, or nobody answers.

    gRPC says only that it is unavailable.
    """
    if not address.tls:
        return None
    try:
        context = ssl.create_default_context(cafile=access.certificate)
        with (
            socket.create_connection((address.host, address.port), _SHAKING) as reached,
            context.wrap_socket(reached, server_hostname=address.host),
        ):
            return None
    except ssl.SSLCertVerificationError as error:
        return error.verify_message
    except OSError:
        return None


_SAID = "the server says:"


def is_said(error: IndexUnreachable) -> bool:
    """Whether a server has answered, and said so."""
    return error.reason.startswith(_SAID)


_QUICKLY = {
    "grpc.use_local_subchannel_pool": 1,
    "grpc.initial_reconnect_backoff_ms": 100,
    "grpc.max_reconnect_backoff_ms": 1000,
    "grpc.keepalive_permit_without_calls": 0,
    "grpc.keepalive_time_ms": 600_000,
}
"""How gRPC finds a server again that was away. By its own choice a new connection waits with those
that failed before it, for up to two minutes. Nor is a server asked whether it is there every ten
seconds, as pymilvus would: milvus-lite's ends the connection for what comes oftener than every five
minutes ("too_many_pings"). Each call has a time limit of its own."""


def _within(seconds: float) -> str:
    """Has gRPC end every call in that time: pymilvus makes some without a limit."""
    return json.dumps({"methodConfig": [{"name": [{}], "timeout": f"{seconds:.3f}s"}]})


def message_of(error: Exception) -> str:
    """What an error says, in a line, with what gRPC said where pymilvus says less."""
    said = getattr(error, "message", None)
    code = getattr(error, "code", None)
    if callable(code):  # of gRPC
        return " ".join(f"{code()} {error}".split())
    status = "" if code is None else f"{code} "
    whole = f"{status}{said}" if said else str(error)
    caused = getattr(error.__cause__, "code", None)
    if callable(caused) and (name := getattr(caused(), "name", None)):
        whole += f" ({name})"
    return " ".join(whole.split())
