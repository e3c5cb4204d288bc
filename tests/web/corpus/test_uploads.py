"""An upload stays in its folder, even if another process replaces that folder."""

from __future__ import annotations

import os
import threading
import unicodedata
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest

from pullquote.schema.setting_types import UPLOADS_FOLDER
from pullquote.web.corpus.uploads import (
    ABANDONED_SECONDS,
    IncomingUpload,
    UploadRefused,
    check_name,
)

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


UNSEEN = [
    chr(code)
    for code in range(0x110000)
    if unicodedata.category(chr(code)) in ("Cc", "Cf", "Zl", "Zp")
    and chr(code) not in "\u200c\u200d"
]


def test_no_name_has_characters_that_are_not_seen() -> None:
    """Two files cannot look alike, and no name turns around what stands beside it."""
    for unseen in (*UNSEEN, "\u3164", "\u115f"):
        with pytest.raises(UploadRefused) as caught:
            check_name(f"pier{unseen}.txt")
        assert caught.value.status == 422
        assert unseen not in str(caught.value)


@pytest.mark.parametrize(
    "stem", ["\u200d", "\u200c\u200d", "\u00a0", "\u2800", "\u3000\u2003", "\ufe0f", "\U000e0100"]
)
def test_a_name_has_something_to_be_seen(stem: str) -> None:
    """A file of blanks only would have no name in any list."""
    for suffix in (".txt", ".TXT", ".tar.gz"):
        with pytest.raises(UploadRefused, match="nothing to be seen"):
            check_name(stem + suffix)


@pytest.mark.parametrize(
    "name", ["کتاب\u200cها.txt", "हिन्दी\u200d.txt", "👩\u200d🚒.md", "9.41\u202fAM.pdf"]
)
def test_names_of_other_scripts_are_accepted(name: str) -> None:
    """Joiners and other spaces occur in real names."""
    assert check_name(name) == name
