"""Starts the web chat: opens the port, opens the index and runs the server."""

from __future__ import annotations

import asyncio
import os
import socket
import time
from collections.abc import Callable
from functools import partial
from typing import cast

import uvicorn

from pullquote.base import console
from pullquote.newsroom.assistant import Assistant
from pullquote.schema.errors import SettingsError
from pullquote.schema.settings import Settings
from pullquote.web.access.auth import check_protected, is_local, warnings_of_proxies
from pullquote.web.access.connections import KEEP_ALIVE_SECONDS, ClientConnection, Connections
from pullquote.web.access.networks import Networks
from pullquote.web.access.refusals import address_warning
from pullquote.web.corpus.rebuild_job import RebuildJob, rebuild_job
from pullquote.web.monitoring.logs import server_log_config

SHUTDOWN_SECONDS = 3
"""How long a shutdown waits for questions that are being answered."""


Start = Callable[[Assistant, RebuildJob], object]
"""Opens the index before the chat is served, and may start the job that brings it up to date."""

WhenListening = Callable[[str, int], object]
"""Called with the host and port as soon as the chat can be opened in a browser."""


def run(settings: Settings, start: Start, when_listening: WhenListening | None = None) -> None:
    """Serve the chat until interrupted."""
    with listen(settings) as listening, Assistant(settings) as assistant:
        job = rebuild_job(assistant)
        try:
            start(assistant, job)
            _serve(assistant, job, listening, when_listening)
        except KeyboardInterrupt:
            console.err.print("Stopped.")
        finally:
            job.close()


def _serve(
    assistant: Assistant,
    job: RebuildJob,
    listening: socket.socket,
    when_listening: WhenListening | None,
) -> None:
    from pullquote.web.app import build_app  # noqa: PLC0415 - gradio takes seconds to import

    settings = assistant.settings
    connections = Connections(
        per_address=settings.connections_per_address,
        trusted=Networks(settings.trusted_proxies),
        warn=partial(_warn_of_limit, most=settings.connections_per_address),
    )
    config = uvicorn.Config(
        build_app(assistant, job),
        log_config=server_log_config(settings.log),
        log_level="error",  # warnings about requests that are not HTTP could fill the disk
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        http=cast("type[asyncio.Protocol]", partial(ClientConnection, connections=connections)),
        ws="none",
        server_header=False,
        proxy_headers=False,  # web.access.proxies handles these headers
    )
    server = _ChatServer(config, settings, listening, connections, job, when_listening)
    server.run(sockets=[listening])


def _warn_of_limit(address: str, *, most: int) -> None:
    warning = address_warning(address, most)
    console.err.print(warning, soft_wrap=True, markup=False, highlight=False)


def listen(settings: Settings) -> socket.socket:
    """A socket that listens; a second server on the port fails at once.

    Raises:
        SettingsError: the address is invalid, taken or unprotected.
    """
    host, port = settings.host, settings.port
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        family, address = found[0], str(found[4][0])
        check_protected(settings, address)
        listening = socket.create_server((address, port), family=family)
    except OSError as error:
        raise SettingsError(
            f"The web chat cannot listen on {host}, port {port}: {error.strerror}. Choose another "
            "port with --port 7861 or PULLQUOTE_PORT=7861; 0 takes any free port."
        ) from error
    # Connections inherit this. asyncio (3.13) sets it only for sockets whose protocol number is not
    # 0, as here; without it, a small response waits 40 ms for the client.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


class _ChatServer(uvicorn.Server):
    """A server that prints its address once it answers, and closes stuck connections."""

    def __init__(
        self,
        config: uvicorn.Config,
        settings: Settings,
        listening: socket.socket,
        connections: Connections,
        rebuild_job: RebuildJob,
        when_listening: WhenListening | None,
    ) -> None:
        super().__init__(config)
        self._rebuild_job = rebuild_job
        self._connections = connections
        self._settings = settings
        self._when_listening = when_listening
        self._host = settings.host
        self._port = listening.getsockname()[1]
        self._is_unprotected = settings.password is None and settings.proxy_header is None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start serving, and print the address and any warnings."""
        await super().startup(sockets)
        host = f"[{self._host}]" if ":" in self._host else self._host
        console.out.print(
            f"pullquote answers at [bold]http://{host}:{self._port}[/]", soft_wrap=True
        )
        console.out.print("Ctrl-C ends it.", style="dim")
        if self._is_unprotected and not is_local(self._host):
            console.err.print(
                "[yellow]Anyone who can reach this machine can read the whole corpus.[/]"
            )
        for warning in warnings_of_proxies(self._settings, os.environ):
            console.err.print(f"[yellow]{warning}[/]", soft_wrap=True)
        if self._when_listening is not None:
            self._when_listening(self._host, self._port)

    async def on_tick(self, counter: int) -> bool:
        """Close stuck connections once a second; uvicorn calls this ten times a second."""
        if counter % 10 == 0:
            self._connections.close_stuck(time.monotonic())
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop, without waiting for the event streams of open pages."""
        if self._rebuild_job.is_running:
            console.err.print("Ending the rebuild. Nothing is lost.")
        for connection in list(self.server_state.connections):
            if (transport := connection.transport) is not None:
                transport.close()
        await super().shutdown(sockets)
