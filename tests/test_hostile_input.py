"""A corpus of hostile files: each is named with its reason, or read right, and the rest is read."""

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
from pullquote.limits import Limits
from pullquote.parsing.workers.parse_files import FileParser
from zips import make_zip

READING = FileParser(limits=Limits(seconds=15), processes=2)


@dataclass(frozen=True)
class Rebuilt:
    """What a rebuild said, and the words of the articles in it by their files."""

    report: Report
    words: dict[str, str]
    outside: set[str]


def indexed(newsroom: Newsroom, reading: FileParser) -> Rebuilt:
    """A rebuild and what is then in the index."""
    report = rebuild(
        newsroom.index,
        newsroom.corpus,
        newsroom.encoder,
        recipe=newsroom.recipe(tokens=400),
        reading=reading,
    )
    texts: dict[str, list[str]] = {}
    with closing(newsroom.open()) as generation:
        for id in generation.store.articles():
            texts.setdefault(id.partition("#")[0], []).append(generation.article(id).text)
    words = {file: "".join(of_file) for file, of_file in texts.items()}
    around = {path.name for path in newsroom.corpus.parent.iterdir()}
    return Rebuilt(report, words, around - {"corpus", "index"})


def rebuilt(files: list[Hostile]) -> Iterator[Rebuilt]:
    """A rebuild of those files, between two that are as they should be."""
    with scratch() as folder:
        newsroom = Newsroom(Path(folder))
        for name in ("0.txt", "zz.txt"):
            newsroom.write(name, f"The tide was low in {name}.")
        for file in files:
            file.write(newsroom.corpus)
        yield indexed(newsroom, READING)


@pytest.fixture(scope="module")
def quick() -> Iterator[Rebuilt]:
    """All files that are made and read quickly, in one corpus."""
    yield from rebuilt([file for file in FILES if not file.slow])


def reasons(found: Rebuilt, name: str) -> list[str]:
    """Why a file, or something in it, was not read."""
    return [failure.reason for failure in found.report.failed if failure.of == name]


def check(found: Rebuilt, file: Hostile) -> None:
    """What is to be said of a file is said, in few words, or its words are right."""
    told = reasons(found, file.name)
    if file.read:
        assert file.expected in found.words[file.name]
    else:
        assert file.expected in " ".join(told)
    assert max(map(len, told), default=0) <= 600
    assert "its reader failed" not in " ".join(told)


@pytest.mark.parametrize("file", [f for f in FILES if not f.slow], ids=lambda file: file.name)
def test_a_hostile_file_is_named_or_read(quick: Rebuilt, file: Hostile) -> None:
    """Beside all the others, and none of them costs another."""
    check(quick, file)


def test_what_is_good_beside_them_is_read(quick: Rebuilt) -> None:
    """Before and behind them."""
    assert quick.words["0.txt"] == "The tide was low in 0.txt."
    assert quick.words["zz.txt"] == "The tide was low in zz.txt."


def test_nothing_is_written_beside_the_corpus(quick: Rebuilt) -> None:
    """No name in an archive leads anywhere."""
    assert quick.outside == set()


@pytest.mark.skipif(os.name != "posix", reason="the file is a POSIX system's")
def test_nothing_is_read_beside_the_corpus(quick: Rebuilt) -> None:
    """No entity and no link brings a file of the system into an article."""
    secret = Path("/etc/passwd").read_text(encoding="utf-8").splitlines()[0]
    assert secret
    assert [name for name, words in quick.words.items() if secret in words] == []


@pytest.mark.slow
@pytest.mark.parametrize("file", [f for f in FILES if f.slow], ids=lambda file: file.name)
def test_a_large_hostile_file_is_named_or_read(file: Hostile) -> None:
    """What takes long to make or to read, each in a corpus of its own."""
    for found in rebuilt([file]):
        check(found, file)
        assert found.words["zz.txt"] == "The tide was low in zz.txt."


def test_a_file_larger_than_the_memory_is_refused(newsroom: Newsroom) -> None:
    """A gigabyte of nothing, which takes no room on the device and must take none in memory."""
    with (newsroom.corpus / "a.txt").open("wb") as stream:
        stream.truncate(1 << 30)
    (newsroom.corpus / "b.csv").write_bytes(b"title,body\nPier,It is shut.\n")
    limits = Limits(file_bytes=1 << 20, memory=512 << 20)
    with FileParser(limits=limits, processes=1).parse(newsroom.corpus, {"a.txt": None}) as given:
        [error, _] = [one.found for one in given]
    assert str(error) == "a.txt: it has more than 1 MB (limits.file_bytes)"


def test_a_file_is_read_again_by_other_limits(newsroom: Newsroom) -> None:
    """What they kept out comes in when they are raised, and nothing else is read again."""
    newsroom.write("a.txt", "The tide was low.")
    newsroom.write("long.txt", "The pier was shut. " * 9)
    (newsroom.corpus / "b.zip").write_bytes(make_zip({"c.txt": "The boat.", "d.txt": "Long. " * 9}))
    tight = FileParser(limits=Limits(article_chars=50))
    told = "it has more than 50 characters (limits.article_chars)"
    first = indexed(newsroom, tight)
    assert [(f.path, f.reason) for f in first.report.failed] == [
        ("b.zip#d.txt", told),
        ("long.txt", told),
    ]
    assert set(first.words) == {"a.txt", "b.zip"}
    again = indexed(newsroom, tight).report
    assert (again.generation, len(again.failed)) == (first.report.generation, 2)
    raised = FileParser(limits=Limits(article_chars=500))
    seen = preview(
        newsroom.index, newsroom.corpus, recipe=newsroom.recipe(tokens=400), limits=raised.limits
    )
    assert seen.unread == 2
    second = indexed(newsroom, raised)
    assert second.report.failed == ()
    assert set(second.words) == {"a.txt", "b.zip", "long.txt"}
    assert (second.report.added, second.report.unchanged) == (2, 2)
    third = indexed(newsroom, tight).report
    assert third.generation == second.report.generation


def test_a_file_that_is_too_large_is_refused_once(newsroom: Newsroom) -> None:
    """The next rebuild knows it and does not read it again, until it or the limits change."""
    path = newsroom.write("large.txt", "The pier was shut. " * 9)
    tight = FileParser(limits=Limits(file_bytes=100))
    first = indexed(newsroom, tight).report
    assert [failed.path for failed in first.failed] == ["large.txt"]
    recipe = newsroom.recipe(tokens=400)
    seen = preview(newsroom.index, newsroom.corpus, recipe=recipe, limits=tight.limits)
    assert seen.unread == 0
    assert indexed(newsroom, tight).report.generation == first.generation
    path.write_text("The pier is shut.", encoding="utf-8")
    assert indexed(newsroom, tight).report.failed == ()


def test_without_processes_the_same_is_told(newsroom: Newsroom) -> None:
    """Of what does not crash, hang or eat memory."""
    files = [f for f in FILES if f.name in ("slip.zip", "deep.json", "nul.txt", "cut.docx")]
    for file in files:
        file.write(newsroom.corpus)
    found = indexed(newsroom, build.HERE)
    for file in files:
        check(found, file)
