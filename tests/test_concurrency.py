"""Several processes rebuild and ask at once: one builds, and each answer has one generation."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from conftest import FakeEncoder, Newsroom, opened, scratch
from pullquote.answering import answer_engine
from pullquote.index import Generation, IndexFolder, services
from pullquote.index.folder.index_files import GenerationRef
from pullquote.newsroom import assistant
from pullquote.schema import Filters
from pullquote.schema.settings import Settings

SWAPS, READERS, CHANGING, STEADY = 100, 4, 6, 40

READ = """
import sys
from pathlib import Path
from test_concurrency import ask_until_done
ask_until_done(Path(sys.argv[1]))
"""


def numbers_in(texts: list[str]) -> set[int]:
    """The numbers of generations in texts."""
    return {int(number) for text in texts for number in re.findall(r"number (\d+)", text)}


def ask_until_done(folder: Path) -> None:
    """Ask a changing index as the assistant does; print what was found at the end."""
    answer_engine.encoder_of = services.encoder_of = lambda _: FakeEncoder()  # type: ignore
    settings = Settings(index=folder / "index", passage_tokens=16, overlap_sentences=1)
    expected = sorted([f"{n}.md" for n in range(CHANGING)] + [f"old{n}.md" for n in range(STEADY)])
    numbers: list[int] = []
    asked = 0
    with assistant.open_assistant(settings=settings) as open_assistant:
        opened = open_assistant.generation
        steady_numbers = numbers_of(opened)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while not (folder / "done").exists():
            hits = open_assistant.retrieve("which number has the boat", k=999)
            assert sorted(hit.article.id for hit in hits) == expected
            [number] = numbers_in([hit.passage.text for hit in hits])
            assert {number} == numbers_in([hit.article.text for hit in hits])
            assert open_assistant.damage is None
            asked += 1
            if [number] != numbers[-1:]:
                numbers.append(number)
        assert numbers_of(open_assistant.generation) == {SWAPS}
        assert numbers_of(opened) == steady_numbers
    assert numbers == sorted(set(numbers))
    sys.stdout.write(f"{asked} {len(numbers)}")


def numbers_of(generation: Generation) -> set[int]:
    """The numbers in the articles of a generation."""
    found = generation.matching(["number"], k=999, filters=Filters())
    return numbers_in([generation.passage(number).text for number in found])


def publish(newsroom: Newsroom, number: int) -> None:
    """Publish a generation in which every changing article has that number."""
    for n in range(CHANGING):
        newsroom.write(f"{n}.md", f"The boat {n} has number {number}.")
    newsroom.rebuild()


@pytest.mark.slow
def test_no_answer_mixes_two_generations() -> None:
    """A hundred generations follow each other, and every answer has one number, which only grows.

    A process that reads an old generation can read it to the end; two stay on disk.
    """
    with scratch() as folder:
        newsroom = Newsroom(Path(folder))
        for n in range(STEADY):
            newsroom.write(f"old{n}.md", f"The boat {n} is an old one.")
        publish(newsroom, 0)
        command = [sys.executable, "-c", READ, folder]
        readers = [
            subprocess.Popen(command, cwd=Path(__file__).parent, stdout=subprocess.PIPE, text=True)
            for _ in range(READERS)
        ]
        assert [reader.stdout.readline() for reader in readers if reader.stdout] == [
            "ready\n"
        ] * READERS
        for number in range(1, SWAPS + 1):
            publish(newsroom, number)
            assert len(newsroom.generations()) == 2
        (newsroom.corpus.parent / "done").touch()
        outputs = [reader.communicate(timeout=60)[0].split() for reader in readers]
        assert [reader.returncode for reader in readers] == [0] * READERS
        assert min(int(asked) for asked, _ in outputs) > SWAPS // 10
        assert min(int(generations) for _, generations in outputs) > SWAPS // 10


def test_a_reader_that_is_overtaken_again_and_again_gets_there(newsroom: Newsroom) -> None:
    """It opens an index whose generation is removed each time, after CURRENT was read."""
    overtaken: list[GenerationRef] = []
    for number in range(12):
        publish(newsroom, number)
        overtaken += newsroom.index.published_generations()[:1]

    class StaleFolder(IndexFolder):
        """An index folder that returns an older CURRENT first."""

        def published_generations(self) -> list[GenerationRef]:
            return [overtaken.pop(0)] if len(overtaken) > 2 else super().published_generations()

    with closing(StaleFolder(newsroom.index.path).open()) as generation:
        assert numbers_of(generation) == {11}
        assert generation.damage is None


def test_a_manifest_is_read_once(newsroom: Newsroom) -> None:
    """A second read of the manifest could find it removed."""
    publish(newsroom, 0)
    with opened() as names:
        newsroom.open().close()
    assert names.count("manifest.json") == 1


def command(newsroom: Newsroom) -> list[str]:
    """The rebuild command as a user types it."""
    where = ("--corpus", str(newsroom.corpus), "--index", str(newsroom.index.path))
    return [sys.executable, "-m", "pullquote", "rebuild-index", *where]


@contextmanager
def stopped(newsroom: Newsroom) -> Iterator[subprocess.Popen[str]]:
    """A stopped rebuild process that has the lock."""
    lock_note = newsroom.index.path / "rebuild.json"
    with subprocess.Popen(command(newsroom), stdout=subprocess.DEVNULL, text=True) as first:
        while not lock_note.exists():
            assert first.poll() is None
            time.sleep(0.001)
        os.kill(first.pid, signal.SIGSTOP)
        try:
            yield first
        finally:
            if first.poll() is None:
                os.kill(first.pid, signal.SIGCONT)


def rebuild(newsroom: Newsroom) -> subprocess.CompletedProcess[str]:
    """A rebuild in a separate process, run to its end."""
    wide = {**os.environ, "COLUMNS": "500", "NO_COLOR": "1"}
    return subprocess.run(
        command(newsroom), capture_output=True, text=True, check=False, timeout=120, env=wide
    )


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot stop a process and let it go on")
class TestCommands:
    def test_of_two_commands_one_builds(self, newsroom: Newsroom) -> None:
        """The second names the process at work and ends with status 1; nothing is disturbed."""
        newsroom.write("tide.md", "The tide was low.")
        with stopped(newsroom) as first:
            second = rebuild(newsroom)
            assert second.returncode == 1
            assert (
                f"Another rebuild is working on the index at {newsroom.index.path}: process "
                f"{first.pid}" in second.stderr
            )
            assert "Traceback" not in second.stderr
        assert first.returncode == 0
        with closing(newsroom.open()) as generation:
            assert generation.articles() == ["tide.md"]

    def test_the_lock_of_a_killed_command_blocks_nobody(self, newsroom: Newsroom) -> None:
        """The next command builds, and removes what a killed one left behind."""
        newsroom.write("tide.md", "The tide was low.")
        with stopped(newsroom) as first:
            first.kill()
        assert first.returncode == -signal.SIGKILL
        assert (newsroom.index.path / "rebuild.json").exists()
        assert rebuild(newsroom).returncode == 0
        assert not (newsroom.index.path / "rebuild.json").exists()
        assert len(newsroom.generations()) == 1
