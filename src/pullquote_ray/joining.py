"""Starts Ray or joins a cluster, without output, and leaves it again."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import IO, Any, cast

from pullquote.schema.errors import ClusterUnusable, ExtraMissing, SettingsError

LOCAL = "local"
"""The address that means: start Ray on this machine for one rebuild."""

CLIENT = "ray://"
"""The scheme for a cluster that this machine is not a node of."""

_CLIENT_TRIES = 3
"""How many times to try to connect. The head starts a process for each client, which may fail on a
busy machine."""

_CONNECT_SECONDS = 10.0
"""Seconds to wait for the head of a cluster to answer at all. Ray itself would try for more than
200 seconds and then end the process."""

_HEALTH_SECONDS = 30.0
"""Seconds allowed for the health check, which takes 1.5 seconds. If the server is of another kind,
Ray would keep asking for 40 seconds."""

_QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
    "RAY_ENABLE_AUTO_CONNECT": "0",
}
"""These variables stop Ray from sending statistics, from warning of future changes, and from
looking for another cluster after losing a connection."""


@contextmanager
def ray_session(address: str) -> Iterator[None]:
    """Join Ray, and leave it afterwards unless this process had joined before.

    Raises:
        ExtraMissing: Ray is not installed; the message has the command that installs it.
        SettingsError: `address` is not valid.
        ClusterUnusable: no cluster can be reached at `address`, or it refuses us.
    """
    if find_spec("ray") is None:
        raise ExtraMissing("ray", what="A rebuild on Ray")
    _check_reachable(address)
    with _quiet() as terminal:
        import ray  # noqa: PLC0415 - an extra, and slow to import

        if ray.is_initialized():
            yield
            return
        with _same_handlers():
            _start(address)
        try:
            yield
        finally:
            with _same_handlers(), terminal.without_this_thread():
                ray.shutdown()


def _start(address: str) -> None:
    import ray  # noqa: PLC0415

    options: dict[str, Any] = {"log_to_driver": False, "configure_logging": False}
    if address == LOCAL:
        options |= {"include_dashboard": False, "num_cpus": _cores()}
    elif address.startswith(CLIENT):
        options = {}
    tries = _CLIENT_TRIES if address.startswith(CLIENT) else 1
    for left in reversed(range(tries)):
        try:
            ray.init(address=address, **options)
        except (ConnectionError, RuntimeError, ValueError, ray.exceptions.RayError) as error:
            if left == 0:
                one_line = " ".join(str(error).split())
                raise ClusterUnusable(address, one_line[:400].rstrip(".")) from error
        else:
            return


def _cores() -> int:
    """How many cores this process may use, within its affinity and its container's quota."""
    import joblib  # noqa: PLC0415 - 0.2 seconds to import

    return int(joblib.cpu_count())


def _check_reachable(address: str) -> None:
    """Raise if the address is not valid, or nothing listens there."""
    host, _, port = address.removeprefix(CLIENT).partition("/")[0].rpartition(":")
    if address in (LOCAL, "auto"):
        return
    if not host or not port.isdecimal() or not 0 < int(port) < 1 << 16:
        expected = "local, auto, HOST:PORT or ray://HOST:PORT"
        raise SettingsError(f"{address!r} is not an address of a Ray cluster; write {expected}.")
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=_CONNECT_SECONDS).close()
    except OSError as error:
        reason = error.strerror if error.strerror is not None else str(error)
        raise ClusterUnusable(address, f"nothing answers there: {reason}") from error
    if not address.startswith(CLIENT):
        _check_healthy(address)


def _check_healthy(address: str) -> None:
    """Raise if the server is not the head of a cluster, or refuses us.

    A child process makes the check. In this process, Ray would retry for ever and fill the
    terminal.
    """
    command = [sys.executable, "-m", "ray.scripts.scripts", "health-check", "--address", address]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter, an address that was checked
            command,
            capture_output=True,
            text=True,
            timeout=_HEALTH_SECONDS,
            check=False,
            env={**os.environ, **_QUIET},
        )
    except subprocess.TimeoutExpired as late:
        reason = "the server there is not the head of a Ray cluster, or is too busy"
        raise ClusterUnusable(address, reason) from late
    if done.returncode == 0:
        return
    if "InvalidAuthToken" in done.stderr:
        reason = "it requires a token; set RAY_AUTH_MODE=token, and set RAY_AUTH_TOKEN to it"
        raise ClusterUnusable(address, reason)
    lines = done.stderr.strip().splitlines()
    raise ClusterUnusable(
        address, lines[-1][:400].rstrip(".") if lines else "its health check failed"
    )


@contextmanager
def _quiet() -> Iterator[_WithoutRay]:
    """Keep Ray's output off the terminal, and set its environment."""
    before = {name: os.environ.get(name) for name in _QUIET}
    os.environ.update(_QUIET)
    import ray  # noqa: F401, PLC0415 - it reads the environment, and sets the level of its log

    log = logging.getLogger("ray")
    level = log.level
    log.setLevel(logging.CRITICAL)
    try:
        terminal = _WithoutRay(sys.stdout)
        with contextlib.redirect_stdout(cast("IO[str]", terminal)):
            yield terminal
    finally:
        log.setLevel(level)
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


class _WithoutRay:
    """A stream that drops what Ray's threads write, such as a page of text for each lost worker."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._leaving: threading.Thread | None = None

    def write(self, text: str) -> int:
        writer = threading.current_thread()
        if writer is self._leaving or writer.name.startswith("ray_"):
            return len(text)
        return self._stream.write(text)

    @contextmanager
    def without_this_thread(self) -> Iterator[None]:
        """Also drop what this thread writes, since Ray writes from it while shutting down."""
        self._leaving = threading.current_thread()
        try:
            yield
        finally:
            self._leaving = None

    def __getattr__(self, name: str) -> object:
        return getattr(self._stream, name)


@contextmanager
def _same_handlers() -> Iterator[None]:
    """Restore the handler of SIGTERM afterwards, since Ray sets its own."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
