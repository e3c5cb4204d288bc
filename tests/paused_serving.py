"""Runs the web chat; its rebuilds wait before the first file until the working folder has `go`."""

from __future__ import annotations

import time
from pathlib import Path

from pullquote.cli.commands import main
from pullquote.index import Progress, Report
from pullquote.index.services import rebuild_with_consent
from pullquote.schema.settings import Settings
from pullquote.web.corpus import rebuild_job

GO = Path("go")


def paused(settings: Settings, *, progress: Progress, **consent: int) -> Report:
    """Rebuild, and wait where the rebuild could be cancelled, once it reads files."""

    def waiting(done: int, total: int | None) -> None:
        progress(done, total)
        while total is not None and not GO.exists():
            time.sleep(0.05)
            progress(done, total)

    return rebuild_with_consent(settings, progress=waiting, **consent)  # type: ignore[arg-type]


if __name__ == "__main__":
    rebuild_job.rebuild_with_consent = paused  # type: ignore[attr-defined]
    main(["serve"])
