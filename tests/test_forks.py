"""A fork runs a program as Python runs it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import forks
from served import until

PROGRAM = """
import os, sys
print(__name__, sys.argv, sys.path[0], os.getcwd(), os.environ["NAMED"], os.getenv("HOME"))
print(sys.stdin.read(), file=sys.stderr)
sys.exit({status})
"""


@pytest.mark.parametrize("status", ["0", "7", "None", "'too bad'", "1 / 0"])
def test_what_a_program_sees_and_says_is_the_same(tmp_path: Path, status: str) -> None:
    """Arguments, folder, environment and streams arrive; output and exit status come back."""
    program = tmp_path / "programs" / "program.py"
    program.parent.mkdir()
    program.write_text(PROGRAM.format(status=status))
    environment = {"NAMED": "é"}
    command = [str(program), "ä", "--b"]
    expected = subprocess.run(
        [sys.executable, *command],
        cwd=tmp_path,
        env=environment,
        input="ïn",
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    found = forks.run(command, folder=tmp_path, environment=environment, stdin="ïn", timeout=60)
    assert (found.returncode, found.stdout) == (expected.returncode, expected.stdout)
    assert found.stderr.splitlines()[-1] == expected.stderr.splitlines()[-1]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_signal_ends_a_program(tmp_path: Path, number: int) -> None:
    """The exit status names the signal, and the process is gone."""
    program = tmp_path / "program.py"
    program.write_text("import time\nprint('begun', flush=True)\ntime.sleep(600)\n")
    output = tmp_path / "output"
    with output.open("w") as stdout:
        process = forks.start(
            [str(program)],
            folder=tmp_path,
            environment=os.environ,
            stdout=stdout,
            stderr=stdout,
        )
    until(output.read_text)
    assert process.poll() is None
    process.send_signal(number)
    assert process.wait(timeout=60) == -number
    with pytest.raises(ProcessLookupError):
        os.kill(process.pid, 0)
