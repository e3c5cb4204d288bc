"""The choice of files that are hashed again; no changed file is missed."""

from __future__ import annotations

import hashlib
import os
import sys
import time
from pathlib import Path

import pytest

from pullquote.index import file_digests
from pullquote.index.file_digests import FileDigests
from pullquote.schema.errors import ArticleError

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="nothing is remembered there")


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "tide.md").write_text("The tide.")
    return folder


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files count as settled at once, as if they had been written long ago."""
    monkeypatch.setattr(file_digests, "SETTLED_NS", -3_600_000_000_000)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def look(corpus: Path, hashed: list[str], *, id: str = "tide.md") -> str:
    """The version that a rebuild would see; `hashed` grows by the files that were read."""
    files = FileDigests(corpus.parent / "seen.json", corpus)
    real = file_digests.file_version

    def noted(path: Path, *, id: str) -> str:
        hashed.append(id)
        return real(path, id=id)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(file_digests, "file_version", noted)
        version = files.version(id)
    files.save()
    return version


@pytest.mark.usefixtures("settled")
class TestSettled:
    def test_an_unchanged_file_is_read_once(self, corpus):
        """The second rebuild has the digest from the first."""
        hashed: list[str] = []
        assert [look(corpus, hashed) for _ in range(3)] == [digest("The tide.")] * 3
        assert hashed == ["tide.md"]

    def test_new_content_of_the_same_size_and_time_is_noticed(self, corpus):
        """A program can reset the time of modification, but not that of the change."""
        hashed: list[str] = []
        file = corpus / "tide.md"
        look(corpus, hashed)
        before = file.stat()
        file.write_text("The pier.")
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
        after = file.stat()
        assert (after.st_size, after.st_mtime_ns) == (before.st_size, before.st_mtime_ns)
        assert look(corpus, hashed) == digest("The pier.")

    def test_another_file_moved_into_its_place_is_noticed(self, corpus):
        """Another file is noticed even if its size and time of modification are the same."""
        hashed: list[str] = []
        file, other = corpus / "tide.md", corpus.parent / "other.md"
        other.write_text("The pier.")
        look(corpus, hashed)
        before = file.stat()
        os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
        other.replace(file)
        assert look(corpus, hashed) == digest("The pier.")

    def test_a_link_is_followed_each_time(self, corpus):
        """A link's target may change while the link does not."""
        hashed: list[str] = []
        (corpus / "link.md").symlink_to(corpus / "tide.md")
        assert look(corpus, hashed, id="link.md") == digest("The tide.")
        (corpus / "tide.md").write_text("The pier.")
        assert look(corpus, hashed, id="link.md") == digest("The pier.")

    @pytest.mark.parametrize("spoilt", [b"", b"{}", b"\xff" * 99])
    def test_a_damaged_record_is_not_used(self, corpus, spoilt):
        """If the record is damaged, every file is read again and the record is replaced."""
        hashed: list[str] = []
        look(corpus, hashed)
        (corpus.parent / "seen.json").write_bytes(spoilt)
        assert [look(corpus, hashed) for _ in range(2)] == [digest("The tide.")] * 2
        assert hashed == ["tide.md"] * 2

    def test_a_flipped_bit_is_noticed(self, corpus):
        """A wrong digest would make every rebuild parse the article again."""
        hashed: list[str] = []
        look(corpus, hashed)
        stored = corpus.parent / "seen.json"
        content = bytearray(stored.read_bytes())
        content[content.index(digest("The tide.").encode())] ^= 1
        stored.write_bytes(content)
        assert look(corpus, hashed) == digest("The tide.")
        assert hashed == ["tide.md"] * 2

    def test_digests_of_another_corpus_are_not_used(self, corpus):
        """Digests of another corpus are not used, since paths are relative to it."""
        hashed: list[str] = []
        look(corpus, hashed)
        moved = corpus.rename(corpus.parent / "moved")
        assert look(moved, hashed) == digest("The tide.")
        assert hashed == ["tide.md"] * 2


def test_a_file_that_changed_a_moment_ago_is_read_again(corpus):
    """Within one tick of the file system's clock it could change again unseen."""
    hashed: list[str] = []
    assert time.time_ns() - (corpus / "tide.md").stat().st_ctime_ns < file_digests.SETTLED_NS
    assert [look(corpus, hashed) for _ in range(2)] == [digest("The tide.")] * 2
    assert hashed == ["tide.md"] * 2


def test_an_unreadable_file_raises_an_error(corpus):
    """A file that cannot be read raises an error, as without stored digests."""
    (corpus / "folder.md").mkdir()
    with pytest.raises(ArticleError, match="not a regular file"):
        FileDigests(corpus.parent / "seen.json", corpus).version("folder.md")
