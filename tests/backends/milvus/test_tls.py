"""A Milvus server behind TLS: its certificate is checked, and errors name the reason.

milvus-lite has no TLS, so a proxy in front of it terminates TLS, as is common with real servers.
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
from milvus_driver import expected_report, publish, report_of
from milvus_servers import HERE, MilvusServer
from pullquote.schema.errors import IndexUnreachable


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """The authority that signs the server's certificate."""
    return trustme.CA()


@pytest.fixture(scope="module")
def port(authority: trustme.CA, lite_server: MilvusServer) -> Iterator[int]:
    """The port of the server with TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_alpn_protocols(["h2"])  # gRPC requires it
    authority.issue_cert(HERE).configure_cert(context)
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(tls_before(lite_server.port, context)) as port,
    ):
        yield port


@asynccontextmanager
async def tls_before(to: int, context: ssl.SSLContext) -> AsyncIterator[int]:
    """A proxy that terminates TLS and forwards to another port."""

    async def take(near: ByteStream) -> None:
        async with near, await connect_tcp(HERE, to) as far, create_task_group() as both:
            both.start_soon(hand_on, near, far)
            both.start_soon(hand_on, far, near)

    async with await create_tcp_listener(local_host=HERE) as listener, create_task_group() as tasks:
        tasks.start_soon(TLSListener(listener, context, standard_compatible=False).serve, take)
        yield listener.extra(SocketAttribute.local_port)  # noqa: S610 - anyio's, not Django's
        tasks.cancel_scope.cancel()


async def hand_on(source: ByteStream, to: ByteStream) -> None:
    """Forward everything until the end."""
    with suppress(BrokenResourceError, ClosedResourceError):
        async for part in source:
            await to.send(part)
        await to.aclose()


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path) -> Path:
    """The certificate of the authority."""
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


@contextmanager
def newsroom_at(address: str, **settings: object) -> Iterator[NewsroomAnywhere]:
    """A newsroom with its index at that address."""
    with scratch() as folder:
        place = Place(Engine.LITE_SERVER, address, {"milvus_seconds": 3.0, **settings})
        yield NewsroomAnywhere(Path(folder), place)


def test_an_index_is_built_and_asked_over_tls(port: int, trusted: Path) -> None:
    """Building and asking work with the certificate in `milvus_ca`."""
    with newsroom_at(f"milvus+tls://{HERE}:{port}/secure", milvus_ca=trusted) as newsroom:
        publish(newsroom, 1)
        publish(newsroom, 2)
        assert report_of(newsroom) == expected_report(2)


def test_an_untrusted_server_is_refused(port: int, tmp_path: Path) -> None:
    """A server is refused without `milvus_ca`, or with the certificate of another authority."""
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


def test_a_server_that_needs_tls_is_an_error_without_it(port: int) -> None:
    """An address without TLS does not hang."""
    with (
        newsroom_at(f"milvus://{HERE}:{port}/secure") as newsroom,
        pytest.raises(IndexUnreachable, match=r"milvus\+tls"),
    ):
        newsroom.open()
