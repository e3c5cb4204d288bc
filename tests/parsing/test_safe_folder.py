"""No file outside the corpus is read or listed, even if a link replaces a folder meanwhile."""

from __future__ import annotations

import errno
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from pullquote.parsing import file_version, files, find_files, read_articles, safe_folder
from pullquote.parsing.safe_folder import open_folder, opened_folder
from pullquote.parsing.workers.parse_files import FileParser
from pullquote.schema.errors import ArticleError

pytestmark = pytest.mark.skipif(os.name != "posix", reason="these are folders of POSIX systems")

VAULT_TEXT = "The sentinel of the vault."
ROUNDS = 300


@pytest.fixture(params=["openat2", "by parts", "refused"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each way of opening folders; "refused" is a system without the openat2 call."""
    if request.param == "openat2" and safe_folder._openat2() is None:
        pytest.skip("this system has no openat2")
    if request.param == "by parts":
        monkeypatch.setattr(safe_folder, "_openat2", lambda: None)
    if request.param == "refused":
        if sys.platform != "linux":
            pytest.skip("only Linux has such calls")
        monkeypatch.setattr(safe_folder, "_OPENAT2", 99_999)
    return str(request.param)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A corpus with a folder in a folder; beside it a vault with files of the same names."""
    for folder, text in (("corpus", "The tide."), ("vault", VAULT_TEXT)):
        (tmp_path / folder / "a" / "b").mkdir(parents=True)
        (tmp_path / folder / "a" / "b" / "tide.txt").write_text(text)
        (tmp_path / folder / "a" / "tide.txt").write_text(text)
    (tmp_path / "vault" / "a" / "vault-only.txt").write_text(VAULT_TEXT)
    return tmp_path / "corpus"


def swap(corpus: Path, id: str) -> None:
    """Replace a folder of the corpus with a link to the vault."""
    (corpus / id).rename(corpus.parent / "away")
    (corpus / id).symlink_to(corpus.parent / "vault" / id)


def swap_back(corpus: Path, id: str) -> None:
    (corpus / id).unlink()
    (corpus.parent / "away").rename(corpus / id)


@contextmanager
def swapping(corpus: Path, id: str) -> Iterator[None]:
    """Swap a folder for a link and back in a loop."""
    ended = threading.Event()

    def work() -> None:
        while not ended.is_set():
            swap(corpus, id)
            swap_back(corpus, id)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("id", ["a", "a/b"])
def test_a_folder_that_became_a_link_is_not_read(corpus: Path, id: str) -> None:
    """The link replaces it after it was listed: reading and hashing its files fail."""
    assert "a/b/tide.txt" in find_files(corpus).articles
    swap(corpus, id)
    for look in (read_articles, file_version):
        with pytest.raises(ArticleError) as caught:
            look(corpus / "a/b/tide.txt", id="a/b/tide.txt")
        assert caught.value.reason == "a folder on its path is a link, which is not followed"
    swap_back(corpus, id)
    assert read_articles(corpus / "a/b/tide.txt", id="a/b/tide.txt")[0].text == "The tide."


def test_worker_processes_follow_no_links(corpus: Path) -> None:
    """A worker process gets names, and refuses a folder that has become a link."""
    swap(corpus, "a")
    reading = FileParser(processes=1)
    with reading.parse(corpus, {"a/tide.txt": None}) as given:
        found = [one.found for one in given if one.found is not None]
    assert [type(one) for one in found] == [ArticleError]
    assert "is a link" in str(found[0])


@pytest.mark.usefixtures("way")
def test_a_folder_that_becomes_a_link_is_not_listed(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The link replaces it between scan and opening: no name of the vault is listed."""
    real = open_folder

    def swapped(root: Path, below: str = "", *, to_list: bool = False) -> safe_folder.Folder:
        if below == "a":
            swap(corpus, "a")
        return real(root, below, to_list=to_list)

    monkeypatch.setattr(files, "open_folder", swapped)
    found = find_files(corpus)
    assert (found.articles, found.skipped) == ((), ())
    reason = "the folder cannot be listed: a folder on its path is a link, which is not followed"
    assert [(error.path, error.reason) for error in found.failed] == [("a", reason)]


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("id", ["a", "a/b"])
def test_no_swap_lets_the_vault_in(corpus: Path, id: str) -> None:
    """While a folder is swapped for a link and back, only the corpus is read."""
    texts, names = set[str](), set[str]()
    with swapping(corpus, id):
        for _ in range(ROUNDS):
            names.update(find_files(corpus).articles)
            with suppress(ArticleError):
                texts.update(
                    one.text for one in read_articles(corpus / "a/b/tide.txt", id="a/b/tide.txt")
                )
    assert texts <= {"The tide."}
    assert names <= {"a/tide.txt", "a/b/tide.txt"}


@pytest.mark.usefixtures("way")
def test_no_swap_leads_a_link_out(corpus: Path) -> None:
    """A link within the corpus never reads the vault while a folder on its path is swapped."""
    (corpus / "linked.txt").symlink_to("a/b/tide.txt")
    assert read_articles(corpus / "linked.txt", id="linked.txt")[0].text == "The tide."
    texts = set[str]()
    with swapping(corpus, "a"):
        for _ in range(ROUNDS):
            with suppress(ArticleError):
                texts.update(
                    one.text for one in read_articles(corpus / "linked.txt", id="linked.txt")
                )
    assert texts <= {"The tide."}


@pytest.mark.usefixtures("way")
def test_a_link_is_not_followed_through_a_folder_swapped_after_it_was_resolved(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder is swapped after the link was resolved, and opening it fails."""
    (corpus / "linked.txt").symlink_to("a/b/tide.txt")
    real: Callable[..., Path] = files._follow

    def swapped(path: Path, *, corpus: Path, id: str) -> Path:
        target = real(path, corpus=corpus, id=id)
        swap(corpus, "a")
        return target

    monkeypatch.setattr(files, "_follow", swapped)
    with pytest.raises(ArticleError, match="a folder on its path is a link"):
        read_articles(corpus / "linked.txt", id="linked.txt")


@pytest.mark.usefixtures("way")
def test_a_corpus_may_be_a_link_and_links_in_it_may_be_absolute(corpus: Path) -> None:
    """Links above the root are followed; links inside may be absolute or relative."""
    (corpus / "linked.txt").symlink_to(corpus / "a/tide.txt")
    (corpus / "folder").symlink_to("a", target_is_directory=True)
    (corpus / "through.txt").symlink_to("folder/tide.txt")
    named = corpus.parent / "named"
    named.symlink_to(corpus, target_is_directory=True)
    for id in ("a/tide.txt", "linked.txt", "through.txt"):
        assert read_articles(named / id, id=id)[0].text == "The tide."


@pytest.mark.usefixtures("way")
def test_a_path_with_two_dots_is_refused(corpus: Path) -> None:
    """A path with two dots is refused."""
    with (
        pytest.raises(OSError, match="leads outside the corpus") as caught,
        opened_folder(corpus, "a/../.."),
    ):
        pass
    assert caught.value.errno == errno.EXDEV


@pytest.mark.usefixtures("way")
def test_no_descriptor_stays_open(corpus: Path) -> None:
    """All descriptors are closed, whether files are read or refused."""
    here = Path("/dev/fd")
    before = len(list(here.iterdir()))
    for _ in range(3):
        find_files(corpus)
        read_articles(corpus / "a/b/tide.txt", id="a/b/tide.txt")
        for id in ("a/gone/tide.txt", "a/tide.txt/tide.txt", "a/gone.txt"):
            with pytest.raises(ArticleError):
                read_articles(corpus / id, id=id)
    assert len(list(here.iterdir())) == before
