"""If files of an open generation are damaged, readers get right words or a clear error."""

from __future__ import annotations

import random
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from conftest import Newsroom
from pullquote.index import Generation
from pullquote.index.folder.multi_segment_store import MultiSegmentStore
from pullquote.index.folder.segments.store import Store
from pullquote.schema import Article, Filters, Passage
from pullquote.schema.errors import IndexDamaged

ALL = Filters(comments=True)


@pytest.fixture
def harbour(newsroom: Newsroom) -> Newsroom:
    """Short articles, and long ones that fill their own pages."""
    for n in range(12):
        body = " ".join(f"Boat {n}{word} lay at pier {word}." for word in range(400 * (n % 4 == 0)))
        newsroom.write(f"{n}.md", f"The tide {n} was low. {body}", title=f"Boats of {n}")
    newsroom.rebuild()
    return newsroom


def written(harbour: Newsroom) -> tuple[list[Article], list[Passage]]:
    """Every stored article and passage."""
    with closing(harbour.open()) as generation:
        articles = [generation.article(id) for id in generation.articles()]
        return articles, [generation.passage(passage_id) for passage_id in generation.passage_ids()]


def flip(path: Path, sound: bytes, bit: int) -> None:
    """Flip one bit of a file in place."""
    byte, place = divmod(bit, 8)
    with path.open("r+b") as stream:
        stream.seek(byte)
        stream.write(bytes([sound[byte] ^ 1 << place]))


@pytest.mark.parametrize("flips", [300, pytest.param(3_000, marks=pytest.mark.slow)])
def test_no_flipped_bit_gives_wrong_words(harbour: Newsroom, flips: int) -> None:
    """Every read of a damaged file returns the stored words, or an error that names the file."""
    articles, passages = written(harbour)
    with closing(harbour.open()) as generation:
        [path] = generation.folder.rglob("articles.db")
    sound, refused = path.read_bytes(), []
    for bit in random.Random(7).sample(range(8 * len(sound)), flips):
        flip(path, sound, bit)
        try:
            with closing(Store(path.parent)) as store:
                for passage in passages:
                    assert store.passage(passage.id) in (passage, None)
                for article in articles:
                    found = store.article(article.id)
                    assert found == article or (found is None and article.id in store.articles())
        except IndexDamaged as damage:
            refused.append(damage.path)
        path.write_bytes(sound)
    assert set(refused) == {path}
    assert len(refused) > flips // 2


def test_an_article_that_cannot_be_found_any_more_is_not_unknown(harbour: Newsroom) -> None:
    """If the index of ids is damaged, the error is not that the id is unknown."""
    with closing(harbour.open()) as generation:
        unread = MultiSegmentStore.open(generation.folder, generation.manifest)
        generation.stores = unread.stores
        [path] = generation.folder.rglob("articles.db")
        content = path.read_bytes()
        with closing(sqlite3.connect(path)) as connection:
            [[page]] = connection.execute(
                "SELECT rootpage FROM sqlite_master WHERE name = 'sqlite_autoindex_articles_1'"
            )
            [[size]] = connection.execute("PRAGMA page_size")
        flip(path, content, 8 * content.index(b"11.md", (page - 1) * size, page * size))
        with pytest.raises(IndexDamaged):
            generation.article("11.md")


ASK = """
import sys
from pathlib import Path
from test_damage_while_open import ask_while_damaged
print(ask_while_damaged(Path(sys.argv[1]), sys.argv[2]))
"""


def ask_while_damaged(folder: Path, how: str) -> str:
    """The number of questions answered rightly, and refused, after the damage."""
    harbour = Newsroom(folder)
    articles, passages = written(harbour)
    question = harbour.encoder.encode_question("boat tide")
    right = refused = 0
    with closing(harbour.open()) as sound, closing(harbour.open()) as generation:
        near = sound.nearest(question, k=99, filters=ALL)
        matching = sound.matching(["boat", "tide"], k=99, filters=ALL)
        damage_all(generation, how)
        for ask, expected in [
            (lambda: generation.nearest(question, k=99, filters=ALL), near),
            (lambda: generation.matching(["boat", "tide"], k=99, filters=ALL), matching),
            *((lambda p=p: generation.passage(p.id), p) for p in passages),
            *((lambda a=a: generation.article(a.id), a) for a in articles),
        ]:
            try:
                assert ask() == expected
                right += 1
            except IndexDamaged:
                refused += 1
    return f"{right} {refused} {right + refused - len(articles) - len(passages)}"


def damage_all(generation: Generation, how: str) -> None:
    """Damage every file of a generation."""
    for path in [path for path in generation.folder.rglob("*") if path.is_file()]:
        size = path.stat().st_size
        with path.open("r+b") as stream:
            if how == "cut":
                stream.truncate(size // 2)
            elif how == "emptied":
                stream.truncate(0)
            elif how == "overwritten":
                stream.write(random.Random(7).randbytes(size))
    if how == "deleted":
        shutil.rmtree(generation.folder)


@pytest.mark.parametrize("how", ["cut", "emptied", "overwritten", "deleted"])
def test_what_happens_to_open_files_crashes_nothing(harbour: Newsroom, how: str) -> None:
    """The process survives and answers rightly or refuses; deleted files still answer."""
    command = [sys.executable, "-c", ASK, str(harbour.corpus.parent), how]
    done = subprocess.run(
        command, cwd=Path(__file__).parent, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    right, refused, searches = map(int, done.stdout.split())
    assert searches == 2
    assert right >= 2
    assert (refused > 0) == (how != "deleted")
