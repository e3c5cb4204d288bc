"""Runs Tesseract, the program that recognises text in pictures (OCR)."""

from __future__ import annotations

import os
import shutil
import subprocess

from pullquote.schema.errors import SettingsError

PROGRAM = "tesseract"
SECONDS = 120.0
"""By the clock. On one core of a server, a full page takes three to seven seconds."""


def check_ocr(languages: str) -> None:
    """Check that Tesseract is installed, with these languages, such as "eng+deu"; "" needs none.

    Raises:
        SettingsError: it is not; the message says what to install.
    """
    if not languages:
        return
    if shutil.which(PROGRAM) is None:
        raise SettingsError(
            f'The setting ocr is "{languages}", but the program {PROGRAM} is not installed. '
            "Install it (on Debian and Ubuntu: apt-get install tesseract-ocr), or remove the "
            "setting."
        )
    known = set(tesseract("--list-langs").decode(errors="replace").split())
    missing = [one for one in languages.split("+") if one not in known]
    if missing:
        raise SettingsError(
            f'The setting ocr is "{languages}", but {PROGRAM} does not know {", ".join(missing)}. '
            f"Install the language (on Debian and Ubuntu: apt-get install tesseract-ocr-"
            f"{missing[0].replace('_', '-')}), or change the setting."
        )


def tesseract(*arguments: str, given: bytes = b"", seconds: float = SECONDS) -> bytes:
    """What Tesseract prints; on one core, since several files are read at a time.

    Raises:
        OSError, subprocess.SubprocessError: it cannot be run, fails, or takes too long.
    """
    done = subprocess.run(  # noqa: S603 - arguments of our own, and no shell
        [PROGRAM, *arguments],
        input=given,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        timeout=seconds,
        check=True,
    )
    return done.stdout
