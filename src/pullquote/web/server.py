"""Starts the web chat: opens the port, updates the index and runs the server."""

from __future__ import annotations

import asyncio
import os
import socket
import time
from functools import partial
from typing import cast

import uvicorn

from pullquote import terminal
from pullquote.assistant import Assistant
from pullquote.errors import (
    ClusterUnusable,
    CorpusMissing,
    CorpusUnreadable,
    IndexDamaged,
    IndexLocked,
    IndexMismatch,
    IndexMissing,
    IndexUnreachable,
    IndexUnwritable,
    RebuildRefused,
    SettingsError,
)
from pullquote.index import Report
from pullquote.services import index_of, rebuild_index
from pullquote.settings import Settings
from pullquote.web.access.auth import check_protected, is_local, warnings_of_proxies
from pullquote.web.access.connections import KEEP_ALIVE_SECONDS, ClientConnection, Connections
from pullquote.web.access.networks import Networks
from pullquote.web.access.refusals import address_warning
from pullquote.web.app import build_app

SHUTDOWN_SECONDS = 3
"""How long a shutdown waits for questions that are being answered."""


def run(settings: Settings) -> None:
    """Serve the chat until interrupted."""
    with _listen(settings) as listening:
        if settings.update_at_start:
            update_index(settings)
        with Assistant(settings) as assistant:
            open_index(assistant)
            terminal.print_note_uncalibrated(assistant)
            connections = Connections(
                per_address=settings.connections_per_address,
                trusted=Networks(settings.trusted_proxies),
                warn=partial(_warn_of_limit, most=settings.connections_per_address),
            )
            config = uvicorn.Config(
                build_app(assistant),
                log_level="error",  # warnings about requests that are not HTTP could fill the disk
                timeout_graceful_shutdown=SHUTDOWN_SECONDS,
                timeout_keep_alive=KEEP_ALIVE_SECONDS,
                http=cast(
                    "type[asyncio.Protocol]", partial(ClientConnection, connections=connections)
                ),
                ws="none",
                server_header=False,
                proxy_headers=False,  # web.access.proxies handles these headers
            )
            try:
                _ChatServer(config, settings, listening, connections).run(sockets=[listening])
            except KeyboardInterrupt:
                terminal.err.print("Stopped.")


def _warn_of_limit(address: str, *, most: int) -> None:
    warning = address_warning(address, most)
    terminal.err.print(warning, soft_wrap=True, markup=False, highlight=False)


def open_index(assistant: Assistant) -> None:
    """Open the index. If it cannot be opened and `update_at_start` is off, print a note.

    Raises:
        IndexMissing, IndexDamaged, IndexMismatch, IndexUnreachable: it cannot be opened, and
            `update_at_start` is on.
    """
    try:
        with terminal.waiting("Opening the index", quiet=False):
            _ = assistant.generation
        terminal.print_note_damaged(assistant)
    except (IndexMissing, IndexDamaged, IndexMismatch, IndexUnreachable) as error:
        if assistant.settings.update_at_start:
            raise
        terminal.print_note(
            f"The chat will answer as soon as there is an index that it can open. {error}"
        )


def update_index(settings: Settings) -> None:
    """Update the index from the corpus, and print what changed.

    Raises:
        CorpusMissing, CorpusUnreadable: there is neither an index nor a corpus to build one from.
        ClusterUnusable, IndexLocked, IndexUnwritable, RebuildRefused: there is no index, and none
            could be built.
    """
    before = _current_generation(settings)
    try:
        quiet = not terminal.err.is_terminal
        with terminal.progress("Reading and embedding articles", quiet=quiet) as progress:
            report = rebuild_index(progress=progress, settings=settings)
    except (
        ClusterUnusable,
        CorpusMissing,
        CorpusUnreadable,
        IndexLocked,
        IndexUnreachable,
        IndexUnwritable,
        RebuildRefused,
    ) as error:
        if before is None:
            raise
        terminal.print_note(f"The existing index is used unchanged. {error}")
        return
    _print_rebuild(report, first=before is None, same=report.generation == before)


def _print_rebuild(report: Report, *, first: bool, same: bool) -> None:
    """Print the whole report of a first rebuild, but only one line about an update."""
    if first:
        terminal.print_report(report)
        return
    if not same:
        terminal.out.print(
            f"Index brought up to date: {report.added} added, {report.changed} changed, "
            f"{report.renamed} renamed, {report.removed} removed; {report.articles} in all."
        )
    if report.failed:
        terminal.err.print(
            f"[yellow]{len(report.failed)} files could not be read;[/] "
            "pullquote rebuild-index names them."
        )


def _current_generation(settings: Settings) -> str | None:
    """The name of the current generation, or None without an index."""
    try:
        return index_of(settings).current().name
    except (IndexMissing, IndexDamaged, IndexUnreachable):
        return None


def _listen(settings: Settings) -> socket.socket:
    """A socket that listens; a second server on the port fails at once.

    Raises:
        SettingsError: the address is invalid, taken or unprotected.
    """
    host, port = settings.host, settings.port
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        family, address = found[0], str(found[4][0])
        check_protected(settings, address)
        return socket.create_server((address, port), family=family)
    except OSError as error:
        raise SettingsError(
            f"The web chat cannot listen on {host}, port {port}: {error.strerror}. Choose another "
            "port with --port 7861 or PULLQUOTE_PORT=7861; 0 takes any free port."
        ) from error


class _ChatServer(uvicorn.Server):
    """A server that prints its address once it answers, and closes stuck connections."""

    def __init__(
        self,
        config: uvicorn.Config,
        settings: Settings,
        listening: socket.socket,
        connections: Connections,
    ) -> None:
        super().__init__(config)
        self._connections = connections
        self._settings = settings
        self._host = settings.host
        self._port = listening.getsockname()[1]
        self._is_unprotected = settings.password is None and settings.proxy_header is None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start serving, and print the address and any warnings."""
        await super().startup(sockets)
        host = f"[{self._host}]" if ":" in self._host else self._host
        terminal.out.print(
            f"pullquote answers at [bold]http://{host}:{self._port}[/]", soft_wrap=True
        )
        terminal.out.print("Ctrl-C ends it.", style="dim")
        if self._is_unprotected and not is_local(self._host):
            terminal.err.print(
                "[yellow]Anyone who can reach this machine can read the whole corpus.[/]"
            )
        for warning in warnings_of_proxies(self._settings, os.environ):
            terminal.err.print(f"[yellow]{warning}[/]", soft_wrap=True)

    async def on_tick(self, counter: int) -> bool:
        """Close stuck connections once a second; uvicorn calls this ten times a second."""
        if counter % 10 == 0:
            self._connections.close_stuck(time.monotonic())
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop, without waiting for the event streams of open pages."""
        for connection in list(self.server_state.connections):
            if (transport := connection.transport) is not None:
                transport.close()
        await super().shutdown(sockets)
