"""Starts Ray or joins a cluster, quietly, and leaves it again."""

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

from pullquote.errors import ClusterUnusable, ExtraMissing, SettingsError

LOCAL = "local"
"""The address of a Ray that is started for one rebuild, on this machine."""

CLIENT = "ray://"
"""Begins the address of a cluster of which this machine is no node."""
_CLIENT_TRIES = 3
"""The head starts a process for each client, and on a busy machine that may end as it begins."""

_CONNECT_SECONDS = 10.0
"""For the head of a cluster to answer at all. Ray itself tries for more than 200, and then ends
the process."""

_HEALTH_SECONDS = 30.0
"""For it to say that it is well, which takes 1.5; a server that is no Ray's is asked for 40."""

_QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
    "RAY_ENABLE_AUTO_CONNECT": "0",
}
"""No statistics are sent, nothing is said of changes to come, and where a connection was lost no
cluster is looked for anew by whatever is called next."""


def check_installed() -> None:
    """Whether there is Ray.

    Raises:
        ExtraMissing: there is none; the message says how to get it.
    """
    if find_spec("ray") is None:
        raise ExtraMissing("ray", what="A rebuild on Ray")


@contextmanager
def ray_session(address: str) -> Iterator[None]:
    """Ray, usable until left; where this process has joined already, it stays joined.

    Raises:
        ExtraMissing: Ray is not installed.
        SettingsError: `address` is none.
        ClusterUnusable: no cluster can be reached at `address`, or it does not take us.
    """
    check_installed()
    _check_reachable(address)
    with _quiet() as terminal:
        import ray  # noqa: PLC0415 - seconds to import, and not everybody has it

        if ray.is_initialized():
            yield
            return
        with _handlers_kept():
            _start(address)
        try:
            yield
        finally:
            with _handlers_kept(), terminal.without_us():
                ray.shutdown()


def _start(address: str) -> None:
    import ray  # noqa: PLC0415

    told: dict[str, Any] = {"log_to_driver": False, "configure_logging": False}
    if address == LOCAL:
        told |= {"include_dashboard": False, "num_cpus": _cores()}
    elif address.startswith(CLIENT):
        told = {}
    tries = _CLIENT_TRIES if address.startswith(CLIENT) else 1
    for left in reversed(range(tries)):
        try:
            ray.init(address=address, **told)
        except (ConnectionError, RuntimeError, ValueError, ray.exceptions.RayError) as error:
            if left == 0:
                raise ClusterUnusable(address, _in_short(error)) from error
        else:
            return


def _cores() -> int:
    """How many this process may use: of those it is bound to, as many as its container is given."""
    import joblib  # noqa: PLC0415 - 0.2 seconds to import

    return int(joblib.cpu_count())


def _check_reachable(address: str) -> None:
    """Whether anything listens at an address that names a port."""
    host, _, port = address.removeprefix(CLIENT).partition("/")[0].rpartition(":")
    if address in (LOCAL, "auto"):
        return
    if not host or not port.isdecimal() or not 0 < int(port) < 1 << 16:
        expected = "local, auto, HOST:PORT or ray://HOST:PORT"
        raise SettingsError(f"{address!r} is no address of a Ray cluster; write {expected}.")
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=_CONNECT_SECONDS).close()
    except OSError as error:
        reason = error.strerror if error.strerror is not None else str(error)
        raise ClusterUnusable(address, f"nothing answers there: {reason}") from error
    if not address.startswith(CLIENT):
        _check_healthy(address)


def _check_healthy(address: str) -> None:
    """Whether what answers is the head of a cluster and takes us.

    Asked by a process of its own: this one, where it is not taken, would try for ever, and fill
    the terminal with it.
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
        told = "what answers there is no head of a Ray cluster, or too busy"
        raise ClusterUnusable(address, told) from late
    if done.returncode == 0:
        return
    if "InvalidAuthToken" in done.stderr:
        told = "it asks for a token; set RAY_AUTH_MODE=token, and RAY_AUTH_TOKEN to the cluster's"
        raise ClusterUnusable(address, told)
    lines = done.stderr.strip().splitlines()
    raise ClusterUnusable(address, lines[-1][:400].rstrip(".") if lines else "it is not well")


def _in_short(error: Exception) -> str:
    """What Ray says, in one line."""
    return " ".join(str(error).split())[:400].rstrip(".")


@contextmanager
def _quiet() -> Iterator[_WithoutRay]:
    """While it lasts Ray writes nothing to the terminal, and where it works keeps to itself."""
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
    """A stream that takes everything but what Ray's threads write: of a lost worker, a page."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._leaving: threading.Thread | None = None

    def write(self, text: str) -> int:
        writer = threading.current_thread()
        if writer is self._leaving or writer.name.startswith("ray_"):
            return len(text)
        return self._stream.write(text)

    @contextmanager
    def without_us(self) -> Iterator[None]:
        """While it lasts, take nothing from this thread either: Ray writes in it as it ends."""
        self._leaving = threading.current_thread()
        try:
            yield
        finally:
            self._leaving = None

    def __getattr__(self, name: str) -> object:
        return getattr(self._stream, name)


@contextmanager
def _handlers_kept() -> Iterator[None]:
    """What this process does at SIGTERM is the same afterwards; Ray sets its own."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
