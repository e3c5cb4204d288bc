"""A virtual environment for each peer, and a process in it for each run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from benchmarks.peers.exchange import PeerRun, PeerTask, read_run

HERE = Path(__file__).parent

OFFLINE = {"HF_HUB_OFFLINE": "1", "HAYSTACK_TELEMETRY_ENABLED": "False"}


def python_of(peer: str, folder: Path) -> Path:
    """The Python that runs a peer: this one for pullquote, otherwise one in its own environment.

    The environment is made or updated if its requirements have changed.
    """
    if peer == "pullquote":
        return Path(sys.executable)
    requirements = HERE / f"{peer}.txt"
    environment = folder / peer
    python, installed = environment / "bin" / "python", environment / "installed.txt"
    wanted = requirements.read_text(encoding="utf-8")
    if not installed.exists() or installed.read_text(encoding="utf-8") != wanted:
        if not python.exists():
            subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "-r", str(requirements)]
        subprocess.run(pip, check=True)
        installed.write_text(wanted, encoding="utf-8")
    return python


def do(order: PeerTask, python: Path) -> PeerRun:
    """Run a peer with its task in its own process.

    Raises:
        subprocess.CalledProcessError: it failed; the reason is on standard error.
    """
    order_file = Path(order.out).with_suffix(".order")
    order_file.write_text(json.dumps(asdict(order)), encoding="utf-8")
    subprocess.run(
        [str(python), str(HERE / f"{order.peer}_peer.py"), str(order_file)],
        check=True,
        stdout=sys.stderr,
        env={**os.environ, **OFFLINE},
    )
    return read_run(Path(order.out))
