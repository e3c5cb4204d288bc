"""Misbehaving file systems: files that are unreadable, are no files, or change while being read."""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

import forks
from conftest import FakeEncoder, Newsroom, opened, scratch
from pullquote.answering import answer_engine
from pullquote.answering.doctor import examine
from pullquote.cli.start_update import open_index, start_update
from pullquote.index import IndexFolder, preview, read_stats, services
from pullquote.index.encoder import Vectors
from pullquote.index.file_digests import SETTLED_NS
from pullquote.newsroom import assistant
from pullquote.schema.errors import CorpusMissing, CorpusUnreadable, PullquoteError
from pullquote.schema.settings import Settings
from pullquote.web.corpus.rebuild_job import rebuild_job

posix = pytest.mark.skipif(os.name != "posix", reason="these are files of POSIX systems")
NOBODY = 65534


def articles(newsroom: Newsroom) -> dict[str, str]:
    """The text of every article in the index; its version must match the text."""
    with closing(newsroom.open()) as generation:
        found = [generation.article(id) for id in generation.articles()]
    for article in found:
        assert article.version == hashlib.sha256(article.text.encode()).hexdigest()
    return {article.id: article.text for article in found}


def failures(newsroom: Newsroom) -> dict[str, str]:
    """Rebuild, and return the files that could not be read, with their reasons."""
    return {failure.path: failure.reason for failure in newsroom.rebuild().failed}


@pytest.fixture
def harbour(newsroom: Newsroom) -> Newsroom:
    """A newsroom with one indexed article."""
    newsroom.write("tide.txt", "The tide was low.")
    newsroom.rebuild()
    return newsroom


@posix
def test_what_is_no_file_is_never_opened(harbour: Newsroom) -> None:
    """A pipe would wait for a writer, and a device may do anything; each is a named failure."""
    os.mkfifo(harbour.corpus / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(os.fspath(harbour.corpus / "socket.txt"))
    (harbour.corpus / "folder.txt").mkdir()
    expected = {"pipe.txt", "socket.txt"}
    if os.geteuid() == 0:
        os.mknod(harbour.corpus / "zero.txt", 0o20666, os.makedev(1, 5))
        expected.add("zero.txt")
    for name in list(expected):
        (harbour.corpus / f"to-{name}").symlink_to(name)
        expected.add(f"to-{name}")
    harbour.write("pier.txt", "The pier.")
    with opened() as names:
        assert failures(harbour) == dict.fromkeys(expected, "it is not a regular file")
    assert "pier.txt" in names
    assert not expected.intersection(names)
    assert articles(harbour) == {"tide.txt": "The tide was low.", "pier.txt": "The pier."}


@posix
def test_links_that_lead_nowhere_or_away_read_nothing(harbour: Newsroom) -> None:
    """Links that are circular, broken, or lead out of the corpus are not followed."""
    private = harbour.corpus.parent / "private.txt"
    private.write_text("A secret.")
    for name, target in {
        "a.txt": "b.txt",
        "b.txt": "a.txt",
        "away.txt": "../private.txt",
        "far.txt": private,
        "two.txt": "away.txt",
        "nowhere.txt": "gone.txt",
        "up": "..",
        "root": "/",
        "self": ".",
        "round": "round",
    }.items():
        (harbour.corpus / name).symlink_to(target)
    found = failures(harbour)
    assert sorted(found) == ["a.txt", "away.txt", "b.txt", "far.txt", "nowhere.txt", "two.txt"]
    assert all("link" in reason for reason in found.values())
    assert articles(harbour) == {"tide.txt": "The tide was low."}


@posix
@pytest.mark.parametrize("name", ["two\nlines.txt", "tab\there.txt", "\x1b[31m.txt", "%41?#&.txt"])
def test_strange_names_are_names(harbour: Newsroom, name: str) -> None:
    """An id has every character of the file name, and a second rebuild does nothing."""
    harbour.write(name, "The pier.")
    harbour.write(f"{name}.d/{name}", "The boat.")
    assert failures(harbour) == {}
    assert articles(harbour) == {
        "tide.txt": "The tide was low.",
        name: "The pier.",
        f"{name}.d/{name}": "The boat.",
    }
    assert harbour.rebuild().unchanged == 3


@posix
def test_names_that_are_no_text_fail_alone(harbour: Newsroom) -> None:
    """Files and folders with undecodable names fail, and are reported with their bytes."""
    bad = os.fsdecode(b"\xff")
    try:
        harbour.write(f"a{bad}.txt", "The pier.")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    harbour.write(f"b{bad}/c.txt", "The boat.")
    expected = dict.fromkeys(["a\\udcff.txt", "b\\udcff/c.txt"], "its name is not UTF-8")
    assert failures(harbour) == expected
    assert failures(harbour) == expected
    assert articles(harbour) == {"tide.txt": "The tide was low."}


@posix
def test_a_corpus_whose_path_is_no_text_is_refused(tmp_path: Path) -> None:
    """The manifest cannot store such a path. The path of the index does not matter."""
    try:
        newsroom = Newsroom(tmp_path / os.fsdecode(b"\xff"))
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    newsroom.write("tide.txt", "The tide.")
    with pytest.raises(CorpusUnreadable, match="its path is not UTF-8"):
        newsroom.rebuild()
    newsroom.corpus = newsroom.corpus.rename(tmp_path / "corpus")
    assert newsroom.rebuild().articles == 1
    assert articles(newsroom) == {"tide.txt": "The tide."}


def vanish(path: Path) -> None:
    path.unlink()


def change(path: Path) -> None:
    path.write_text("The pier stands.")


def lead_away(path: Path) -> None:
    path.unlink()
    (path.parents[1] / "private.txt").write_text("A secret.")
    path.symlink_to(path.parents[1] / "private.txt")


def become_a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def become_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def spoil(path: Path) -> None:
    path.write_bytes(bytes(99))


def shrink(path: Path) -> None:
    path.write_bytes(b"")


@posix
@pytest.mark.parametrize(
    ("happens", "reason"),
    [
        (vanish, "it is no longer there"),
        (change, None),
        (lead_away, "it is a link that leads outside the corpus"),
        (become_a_pipe, "it is not a regular file"),
        (become_a_folder, "it is not a regular file"),
        (spoil, "it contains binary data, not text"),
        (shrink, "the file is empty"),
    ],
)
def test_a_file_that_changes_before_it_is_read(
    harbour: Newsroom, happens: Callable[[Path], None], reason: str | None
) -> None:
    """A file that changes after it was hashed is indexed as it was read, with that version.

    Once it has its old content again, it is indexed as before.
    """
    path = harbour.write("pier.txt", "The pier.")

    def progress(done: int, total: int | None) -> None:
        if (done, total) == (0, 1):
            happens(path)

    report = harbour.rebuild(progress=progress)
    assert [failure.path for failure in report.failed] == ([] if reason is None else ["pier.txt"])
    assert all(failure.reason.startswith(reason or "") for failure in report.failed)
    expected = {"tide.txt": "The tide was low."}
    assert articles(harbour) == expected | (
        {"pier.txt": "The pier stands."} if reason is None else {}
    )
    shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    path.write_text("The pier.")
    assert failures(harbour) == {}
    assert articles(harbour) == expected | {"pier.txt": "The pier."}


def test_a_file_that_grows_is_indexed_as_it_was_read(harbour: Newsroom) -> None:
    """While a file is being written, each rebuild's version matches its text."""
    done = threading.Event()

    def grow() -> None:
        while not done.is_set():
            with (harbour.corpus / "log.txt").open("a") as log:
                log.write("The tide came in. " * 30)
            time.sleep(0.01)

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        seen = [len(articles(harbour).get("log.txt", "")) for _ in range(8) if harbour.rebuild()]
    finally:
        done.set()
        writer.join()
    assert seen == sorted(seen)
    assert len(set(seen)) > 2
    harbour.rebuild()
    assert articles(harbour)["log.txt"] == (harbour.corpus / "log.txt").read_text()


@posix
@pytest.mark.parametrize(
    ("stands", "error"),
    [
        (lambda path: path.write_text("x"), CorpusMissing),
        (lambda path: path.symlink_to("nowhere"), CorpusMissing),
        (lambda path: path.symlink_to(path.name), CorpusUnreadable),
        (os.mkfifo, CorpusMissing),
    ],
)
def test_what_stands_in_place_of_the_corpus_empties_no_index(
    harbour: Newsroom, stands: Callable[[Path], object], error: type[PullquoteError]
) -> None:
    """A file, a broken link, a circular link or a pipe is an error, and the index still answers."""
    shutil.rmtree(harbour.corpus)
    stands(harbour.corpus)
    with pytest.raises(error):
        harbour.rebuild(force=True)
    with pytest.raises(error):
        preview(harbour.index, harbour.corpus, index_config=harbour.index_config())
    assert articles(harbour) == {"tide.txt": "The tide was low."}


def remove_corpus(corpus: Path) -> None:
    shutil.rmtree(corpus)


def put_another_in_its_place(corpus: Path) -> None:
    corpus.rename(corpus.with_name("moved"))
    corpus.mkdir()


@pytest.mark.parametrize(
    ("happens", "error"),
    [(remove_corpus, CorpusMissing), (put_another_in_its_place, CorpusUnreadable)],
)
def test_a_corpus_that_goes_while_it_is_read_empties_no_index(
    harbour: Newsroom, happens: Callable[[Path], None], error: type[PullquoteError]
) -> None:
    """A disk that is unplugged leaves an empty folder where it was mounted."""
    before = harbour.index.current()
    for n in range(3):
        harbour.write(f"pier{n}.txt", f"The pier {n}.")

    def reading(done: int, total: int | None) -> None:
        if total is not None and not done:
            happens(harbour.corpus)

    with pytest.raises(error):
        harbour.rebuild(force=True, progress=reading)
    assert harbour.index.current() == before
    assert articles(harbour) == {"tide.txt": "The tide was low."}


def update_at_start(settings: Settings) -> None:
    """What `pullquote serve` does with its index, until the update has ended."""
    with assistant.Assistant(settings) as opened:
        open_index(opened)
        job = rebuild_job(opened)
        start_update(opened, job)
        job.wait()


def test_the_chat_starts_without_its_corpus(
    harbour: Newsroom, capsys: pytest.CaptureFixture[str]
) -> None:
    """It reports the problem and answers from the index; without an index it ends."""
    settings = Settings(corpus=harbour.corpus, index=harbour.index.path)
    update_at_start(settings)
    capsys.readouterr()
    shutil.rmtree(harbour.corpus)
    harbour.corpus.symlink_to(harbour.corpus.name)
    update_at_start(settings)
    assert "The existing index is used unchanged. The corpus folder at" in capsys.readouterr().err
    with pytest.raises(CorpusUnreadable):
        update_at_start(Settings(corpus=harbour.corpus, index=harbour.corpus.parent / "none"))


def test_the_chat_starts_over_an_empty_corpus(
    harbour: Newsroom, capsys: pytest.CaptureFixture[str]
) -> None:
    """It warns, and answers from the indexed articles, because the folder may not be mounted."""
    settings = Settings(corpus=harbour.corpus, index=harbour.index.path)
    for n in range(12):
        harbour.write(f"pier{n}.txt", f"The pier {n}.")
    update_at_start(settings)
    before = harbour.index.current()
    for path in harbour.corpus.iterdir():
        path.unlink()
    update_at_start(settings)
    output = capsys.readouterr().err
    assert "The existing index is used unchanged. The index at" in output
    assert "13 of its 13 articles" in output
    assert harbour.index.current() == before


def test_the_chat_names_files_as_its_terminal_may_show_them(
    harbour: Newsroom, capsys: pytest.CaptureFixture[str]
) -> None:
    """File names have no control characters and no emoji codes that the terminal interprets."""
    for n in range(12):
        harbour.write(f"\x1b]0;owned\x07 :fire: [bold]{n:02}.txt", f"The pier {n}.")
    settings = Settings(corpus=harbour.corpus, index=harbour.index.path)
    update_at_start(settings)
    for path in harbour.corpus.iterdir():
        path.unlink()
    capsys.readouterr()
    update_at_start(settings)
    output = capsys.readouterr().err
    assert "\ufffd]0;owned\ufffd :fire: [bold]00.txt" in output
    assert "\x1b" not in output
    assert "\x07" not in output


def test_the_chat_names_the_place_of_its_index_as_a_terminal_may_show_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same holds for the path of an index that does not exist yet and that others build."""
    settings = Settings(index=tmp_path / "\x1b[2Jindex", update_at_start=False)
    with assistant.Assistant(settings) as opened_later:
        open_index(opened_later)
    output = capsys.readouterr().err
    assert "\ufffd[2Jindex" in output
    assert "\x1b" not in output


@pytest.mark.parametrize("inside", ["corpus", "generations/corpus", "."])
def test_the_corpus_may_stand_in_the_index(newsroom: Newsroom, inside: str) -> None:
    """The two may also be one folder; no file of one is taken for the other's, or removed."""
    newsroom.corpus = newsroom.index.path / inside
    for n in range(4):
        newsroom.write("tide.txt", f"The tide {n}.")
        assert newsroom.rebuild().articles == 1
    assert newsroom.rebuild().unchanged == 1
    assert articles(newsroom) == {"tide.txt": "The tide 3."}


def test_an_index_deep_in_the_corpus_is_no_article(newsroom: Newsroom) -> None:
    """It is never indexed, however often it is rebuilt."""
    newsroom.index = IndexFolder(newsroom.corpus / "a" / "b.txt")
    newsroom.write("tide.txt", "The tide.")
    assert newsroom.rebuild().articles == 1
    assert newsroom.rebuild().unchanged == 1


SHUT = {
    "read only": ("", "asked", "IndexUnwritable"),
    "index": ("index", "IndexDamaged", "IndexUnwritable"),
    "generations": ("index/generations", "IndexDamaged", "IndexUnwritable"),
    "corpus": ("corpus", "asked", "CorpusUnreadable"),
    "all": (".", "IndexDamaged", "CorpusUnreadable"),
}


def look_as_nobody(folder: Path, shut: str) -> None:
    """Ask, rebuild and inspect an index as a user without write access or full read access."""
    answer_engine.encoder_of = services.encoder_of = lambda _: FakeEncoder()  # type: ignore
    newsroom = Newsroom(folder)
    chosen = Settings(index=newsroom.index.path, passage_tokens=16)

    def ask() -> None:
        with assistant.open_assistant(settings=chosen) as asked:
            assert [hit.passage.text for hit in asked.retrieve("tide")] == ["The tide was low."]

    def outcome(act: Callable[[], object]) -> str:
        try:
            act()
        except PullquoteError as error:
            return type(error).__name__
        return "asked"

    ask()  # import now what is imported lazily
    examine(chosen)
    if shut:
        (folder / shut).chmod(0)
    if os.geteuid() == 0:
        os.setuid(NOBODY)
    output = [outcome(ask), outcome(newsroom.rebuild)]
    outcome(lambda: preview(newsroom.index, newsroom.corpus, index_config=newsroom.index_config()))
    outcome(lambda: read_stats(newsroom.index))
    outcome(lambda: examine(chosen))
    sys.stdout.write(" ".join(output))


@posix
@pytest.mark.parametrize("case", SHUT)
def test_what_may_not_be_read_or_written_loses_nothing(case: str) -> None:
    """An index without write access can be asked; every other command ends in one of our errors."""
    shut, asked, rebuilt = SHUT[case]
    with scratch() as folder:
        newsroom = Newsroom(Path(folder) / "desk")
        newsroom.write("tide.txt", "The tide was low.")
        newsroom.rebuild()
        newsroom.write("pier.txt", "The pier.")
        places = [Path(folder), *Path(folder).rglob("*")]
        for place in places:
            place.chmod(0o555 if place.is_dir() else 0o444)
        command = ["-m", Path(__file__).stem, os.fspath(newsroom.corpus.parent), shut]
        here = Path(__file__).parent
        done = forks.run(command, folder=here, environment=os.environ, timeout=300)
        for place in places:
            place.chmod(0o755 if place.name.count(".") == 0 else 0o644)
        assert done.stderr == ""
        assert done.stdout.split() == [asked, rebuilt]
        assert articles(newsroom) == {"tide.txt": "The tide was low."}
        assert newsroom.rebuild().added == 1


class TinyEncoder(FakeEncoder):
    """Encodes a text by its length alone, instantly."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        rows = np.ones((len(texts), self.dimension), dtype=np.float32)
        rows[:, 0] = [len(text) for text in texts]
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.mark.slow
def test_a_folder_of_a_hundred_thousand_files() -> None:
    """All are indexed; a second rebuild reads no file and writes nothing."""
    with scratch() as folder:
        newsroom = Newsroom(Path(folder), TinyEncoder(dimension=8))
        for n in range(100_000):
            (newsroom.corpus / f"{n:06}.txt").write_text(f"Boat {n} lay at the pier.")
        time.sleep(SETTLED_NS / 1e9)
        first = newsroom.rebuild()
        assert (first.articles, first.passages, first.failed) == (100_000, 100_000, ())
        with opened() as names:
            second = newsroom.rebuild()
        assert (second.generation, second.unchanged) == (first.generation, 100_000)
        assert not any(name.endswith(".txt") for name in names)


if __name__ == "__main__":
    look_as_nobody(Path(sys.argv[1]), sys.argv[2])
