"""An upload stays in its folder, even if another process replaces that folder."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest

from pullquote.setting_types import UPLOADS_FOLDER
from pullquote.web.corpus.uploads import ABANDONED_SECONDS, IncomingUpload, UploadRefused

pytestmark = pytest.mark.skipif(os.name != "posix", reason="these are folders of POSIX systems")


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A corpus with a folder of uploads, and a folder beside it."""
    (tmp_path / "corpus" / UPLOADS_FOLDER).mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    return tmp_path / "corpus"


def swap(corpus: Path) -> None:
    (corpus / UPLOADS_FOLDER).rename(corpus.parent / "away")
    (corpus / UPLOADS_FOLDER).symlink_to(corpus.parent / "elsewhere")


def swap_back(corpus: Path) -> None:
    (corpus / UPLOADS_FOLDER).unlink()
    (corpus.parent / "away").rename(corpus / UPLOADS_FOLDER)


def test_a_link_put_in_its_place_leads_no_upload_away(corpus: Path) -> None:
    """An upload goes into the folder that existed at its start."""
    incoming = IncomingUpload(corpus, "new.md", replace=False, most=10)
    swap(corpus)
    incoming.write(b"Words.")
    assert incoming.commit() == f"{UPLOADS_FOLDER}/new.md"
    incoming.abandon()
    assert list((corpus.parent / "elsewhere").iterdir()) == []
    swap_back(corpus)
    assert (corpus / UPLOADS_FOLDER / "new.md").read_bytes() == b"Words."


def test_an_abandoned_upload_deletes_nothing_elsewhere(corpus: Path) -> None:
    """A file of the same name in a linked folder is not deleted."""
    incoming = IncomingUpload(corpus, "new.md", replace=False, most=10)
    [half] = (corpus / UPLOADS_FOLDER).iterdir()
    (corpus.parent / "elsewhere" / half.name).write_text("kept")
    swap(corpus)
    incoming.abandon()
    assert (corpus.parent / "elsewhere" / half.name).read_text() == "kept"
    assert list((corpus.parent / "away").iterdir()) == []


def test_no_swap_has_anything_written_or_swept_elsewhere(corpus: Path) -> None:
    """A process swaps the folder for a link and back during uploads."""
    elsewhere = corpus.parent / "elsewhere"
    old = elsewhere / ".0123456789abcdef.new"
    old.write_text("kept")
    os.utime(old, (0, 0))
    assert old.stat().st_mtime < ABANDONED_SECONDS
    ended = threading.Event()

    def work() -> None:
        for number in count():
            if ended.is_set():
                return
            away = corpus.parent / f"away-{number}"
            with suppress(OSError):  # an upload may have made the folder again meanwhile
                (corpus / UPLOADS_FOLDER).rename(away)
                (corpus / UPLOADS_FOLDER).symlink_to(elsewhere)
                (corpus / UPLOADS_FOLDER).unlink()
                away.rename(corpus / UPLOADS_FOLDER)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        for number in range(100):
            with suppress(UploadRefused, OSError):
                incoming = IncomingUpload(corpus, f"{number}.md", replace=False, most=10)
                incoming.write(b"Words.")
                incoming.commit()
    finally:
        ended.set()
        thread.join()
    assert [path.name for path in elsewhere.iterdir()] == [old.name]
