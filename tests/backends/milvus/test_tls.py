"""A Milvus server behind TLS: who it is is proved, and what is wrong is said.

milvus-lite speaks no TLS, so what ends it stands before it, as it often does before a real server.
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

import pytest
import trustme
from anyio import (
    BrokenResourceError,
    ClosedResourceError,
    connect_tcp,
    create_task_group,
    create_tcp_listener,
)
from anyio.abc import ByteStream, SocketAttribute
from anyio.from_thread import start_blocking_portal
from anyio.streams.tls import TLSListener

from conftest import scratch
from engines import Engine, NewsroomAnywhere, Place
from milvus_driver import publish, tell_of, told_by
from milvus_servers import HERE, MilvusServer
from pullquote.errors import IndexUnreachable


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """Who vouches for the server."""
    return trustme.CA()


@pytest.fixture(scope="module")
def port(authority: trustme.CA, lite_server: MilvusServer) -> Iterator[int]:
    """Where the server is reached by TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_alpn_protocols(["h2"])  # gRPC speaks to nobody else
    authority.issue_cert(HERE).configure_cert(context)
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(tls_before(lite_server.port, context)) as port,
    ):
        yield port


@asynccontextmanager
async def tls_before(to: int, context: ssl.SSLContext) -> AsyncIterator[int]:
    """Ends the TLS of whoever comes to the port, and hands on what it says to another port."""

    async def take(near: ByteStream) -> None:
        async with near, await connect_tcp(HERE, to) as far, create_task_group() as both:
            both.start_soon(hand_on, near, far)
            both.start_soon(hand_on, far, near)

    async with await create_tcp_listener(local_host=HERE) as listener, create_task_group() as tasks:
        tasks.start_soon(TLSListener(listener, context, standard_compatible=False).serve, take)
        yield listener.extra(SocketAttribute.local_port)  # noqa: S610 - anyio's, not Django's
        tasks.cancel_scope.cancel()


async def hand_on(source: ByteStream, to: ByteStream) -> None:
    """All that comes, until it ends."""
    with suppress(BrokenResourceError, ClosedResourceError):
        async for part in source:
            await to.send(part)
        await to.aclose()


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path) -> Path:
    """The certificate to know the server by."""
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


@contextmanager
def newsroom_at(address: str, **settings: object) -> Iterator[NewsroomAnywhere]:
    """A newsroom whose index is there."""
    with scratch() as folder:
        place = Place(Engine.LITE_SERVER, address, {"milvus_seconds": 3.0, **settings})
        yield NewsroomAnywhere(Path(folder), place)


def test_an_index_is_built_and_asked_over_tls(port: int, trusted: Path) -> None:
    """By the certificate that `milvus_ca` names."""
    with newsroom_at(f"milvus+tls://{HERE}:{port}/secure", milvus_ca=trusted) as newsroom:
        publish(newsroom, 1)
        publish(newsroom, 2)
        assert tell_of(newsroom) == told_by(2)


def test_a_server_that_nobody_vouches_for_is_not_talked_to(port: int, tmp_path: Path) -> None:
    """Neither where the system knows no such authority nor where the one named is another."""
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(other))
    for given in ({}, {"milvus_ca": other}):
        with (
            newsroom_at(f"milvus+tls://{HERE}:{port}/secure", **given) as newsroom,
            pytest.raises(IndexUnreachable) as caught,
        ):
            newsroom.open()
        assert "certificate" in caught.value.reason
        assert "milvus_ca" in str(caught.value)


def test_a_server_that_asks_for_tls_is_told_of(port: int) -> None:
    """An address without it does not hang."""
    with (
        newsroom_at(f"milvus://{HERE}:{port}/secure") as newsroom,
        pytest.raises(IndexUnreachable, match=r"milvus\+tls"),
    ):
        newsroom.open()
