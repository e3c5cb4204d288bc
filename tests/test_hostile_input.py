"""A corpus of hostile files: each is parsed or has its reason, and the other files are parsed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from benchmarks.hostile import FILES, Hostile

from conftest import Newsroom, scratch
from pullquote.index import preview
from pullquote.index.rebuild import build
from pullquote.index.rebuild.build import rebuild
from pullquote.index.rebuild.report import Report
from pullquote.parsing.workers.parse_files import FileParser
from pullquote.schema.file_limits import Limits
from zips import make_zip

READING = FileParser(limits=Limits(seconds=15, memory=1 << 30), processes=2)
"""Half the usual memory: a page that draws itself takes seconds to fill each gigabyte."""


@dataclass(frozen=True)
class Rebuilt:
    """The report of a rebuild, the text of each file, and the files written outside the corpus."""

    report: Report
    words: dict[str, str]
    outside: set[str]


def indexed(newsroom: Newsroom, reading: FileParser) -> Rebuilt:
    """Rebuild the index and read it."""
    report = rebuild(
        newsroom.index,
        newsroom.corpus,
        newsroom.encoder,
        index_config=newsroom.index_config(tokens=400),
        reading=reading,
    )
    texts: dict[str, list[str]] = {}
    with closing(newsroom.open()) as generation:
        for id in generation.articles():
            texts.setdefault(id.partition("#")[0], []).append(generation.article(id).text)
    words = {file: "".join(of_file) for file, of_file in texts.items()}
    around = {path.name for path in newsroom.corpus.parent.iterdir()}
    return Rebuilt(report, words, around - {"corpus", "index"})


def rebuilt(files: list[Hostile]) -> Iterator[Rebuilt]:
    """A rebuild of these files with a sound one before and after them."""
    with scratch() as folder:
        newsroom = Newsroom(Path(folder))
        for name in ("0.txt", "zz.txt"):
            newsroom.write(name, f"The tide was low in {name}.")
        for file in files:
            file.write(newsroom.corpus)
        yield indexed(newsroom, READING)


@pytest.fixture(scope="module")
def quick() -> Iterator[Rebuilt]:
    """All files that are quick to make and to read, in one corpus."""
    yield from rebuilt([file for file in FILES if not file.slow])


def reasons(found: Rebuilt, name: str) -> list[str]:
    """The reasons why a file, or a part of it, was not read."""
    return [failure.reason for failure in found.report.failed if failure.corpus_file == name]


def check(found: Rebuilt, file: Hostile) -> None:
    """Check that a file has the expected reason or the expected text."""
    actual = reasons(found, file.name)
    if file.read:
        assert file.expected in found.words[file.name]
    else:
        assert file.expected in " ".join(actual)
    assert max(map(len, actual), default=0) <= 600
    assert "its parser failed" not in " ".join(actual)


@pytest.mark.parametrize("file", [f for f in FILES if not f.slow], ids=lambda file: file.name)
def test_a_hostile_file_is_parsed_or_has_its_reason(quick: Rebuilt, file: Hostile) -> None:
    """Hostile files do not affect each other."""
    check(quick, file)


def test_sound_files_beside_them_are_parsed(quick: Rebuilt) -> None:
    """The sound files before and after the hostile ones are in the index."""
    assert quick.words["0.txt"] == "The tide was low in 0.txt."
    assert quick.words["zz.txt"] == "The tide was low in zz.txt."


def test_nothing_is_written_beside_the_corpus(quick: Rebuilt) -> None:
    """No file name in an archive writes a file outside the corpus."""
    assert quick.outside == set()


@pytest.mark.skipif(os.name != "posix", reason="the file is a POSIX system's")
def test_nothing_is_read_beside_the_corpus(quick: Rebuilt) -> None:
    """No entity and no link reads a system file into an article."""
    secret = Path("/etc/passwd").read_text(encoding="utf-8").splitlines()[0]
    assert secret
    assert [name for name, words in quick.words.items() if secret in words] == []


@pytest.mark.slow
@pytest.mark.parametrize("file", [f for f in FILES if f.slow], ids=lambda file: file.name)
def test_a_large_hostile_file_is_parsed_or_has_its_reason(file: Hostile) -> None:
    """Files that take long to make or parse, each in its own corpus."""
    for found in rebuilt([file]):
        check(found, file)
        assert found.words["zz.txt"] == "The tide was low in zz.txt."


def test_a_file_larger_than_the_memory_is_refused(newsroom: Newsroom) -> None:
    """A sparse file of a gigabyte is refused without reading it into memory."""
    with (newsroom.corpus / "a.txt").open("wb") as stream:
        stream.truncate(1 << 30)
    (newsroom.corpus / "b.csv").write_bytes(b"title,body\nPier,It is shut.\n")
    limits = Limits(file_bytes=1 << 20, memory=512 << 20)
    with FileParser(limits=limits, processes=1).parse(newsroom.corpus, {"a.txt": None}) as given:
        [error, _] = [one.found for one in given]
    assert str(error) == "a.txt: it is larger than 1 MB (limits.file_bytes)"


def test_an_article_that_takes_too_long_to_split_fails_alone(newsroom: Newsroom) -> None:
    """It fails with the reason, in a file or an archive, until the limit is raised."""
    newsroom.write("a.txt", "The tide was low.")
    slow = "«„“‘\"'a" * 30_000
    newsroom.write("slow.txt", slow)
    (newsroom.corpus / "b.zip").write_bytes(make_zip({"c.txt": "The boat.", "d.txt": slow}))
    first = indexed(newsroom, FileParser(limits=Limits(seconds=0.05), processes=0))
    reason = "it takes more than 0.05 seconds to split into passages (limits.seconds)"
    assert [(f.path, f.reason) for f in first.report.failed] == [
        ("b.zip#d.txt", reason),
        ("slow.txt", reason),
    ]
    assert set(first.words) == {"a.txt", "b.zip"}
    second = indexed(newsroom, FileParser(limits=Limits(seconds=60), processes=0))
    assert (second.report.failed, set(second.words)) == ((), {"a.txt", "b.zip", "slow.txt"})


def test_other_limits_parse_failed_files_again(newsroom: Newsroom) -> None:
    """Raised limits parse the refused files again, and nothing else."""
    newsroom.write("a.txt", "The tide was low.")
    newsroom.write("long.txt", "The pier was shut. " * 9)
    (newsroom.corpus / "b.zip").write_bytes(make_zip({"c.txt": "The boat.", "d.txt": "Long. " * 9}))
    tight = FileParser(limits=Limits(article_chars=50))
    reason = "it has more than 50 characters (limits.article_chars)"
    first = indexed(newsroom, tight)
    assert [(f.path, f.reason) for f in first.report.failed] == [
        ("b.zip#d.txt", reason),
        ("long.txt", reason),
    ]
    assert set(first.words) == {"a.txt", "b.zip"}
    again = indexed(newsroom, tight).report
    assert (again.generation, len(again.failed)) == (first.report.generation, 2)
    raised = FileParser(limits=Limits(article_chars=500))
    seen = preview(
        newsroom.index,
        newsroom.corpus,
        index_config=newsroom.index_config(tokens=400),
        limits=raised.limits,
    )
    assert seen.unread == 2
    second = indexed(newsroom, raised)
    assert second.report.failed == ()
    assert set(second.words) == {"a.txt", "b.zip", "long.txt"}
    assert (second.report.added, second.report.unchanged) == (2, 2)
    third = indexed(newsroom, tight).report
    assert third.generation == second.report.generation


def test_a_file_that_is_too_large_is_refused_once(newsroom: Newsroom) -> None:
    """The next rebuild skips the file until it or the limits change."""
    path = newsroom.write("large.txt", "The pier was shut. " * 9)
    tight = FileParser(limits=Limits(file_bytes=100))
    first = indexed(newsroom, tight).report
    assert [failed.path for failed in first.failed] == ["large.txt"]
    index_config = newsroom.index_config(tokens=400)
    seen = preview(newsroom.index, newsroom.corpus, index_config=index_config, limits=tight.limits)
    assert seen.unread == 0
    assert indexed(newsroom, tight).report.generation == first.generation
    path.write_text("The pier is shut.", encoding="utf-8")
    assert indexed(newsroom, tight).report.failed == ()


def test_reasons_are_the_same_without_processes(newsroom: Newsroom) -> None:
    """Files that do not crash, hang or eat memory have the same reasons."""
    files = [f for f in FILES if f.name in ("slip.zip", "deep.json", "nul.txt", "cut.docx")]
    for file in files:
        file.write(newsroom.corpus)
    found = indexed(newsroom, build.IN_PROCESS)
    for file in files:
        check(found, file)
