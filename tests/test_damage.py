"""Every kind of damage to any file of an index is noticed and named, and never answered from."""

from __future__ import annotations

import itertools
import json
import os
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from conftest import FakeEncoder, Newsroom, scratch
from pullquote.answering import doctor
from pullquote.index import Generation, services
from pullquote.index.services import corpus_of
from pullquote.schema import Filters
from pullquote.schema.errors import IndexDamaged, IndexMissing
from pullquote.schema.settings import Settings

ALL = Filters(comments=True)
ARTICLES = 30

_TICKS = itertools.count(1_900_000_000_000_000_000, 1_000_000_000)


def touch(path: Path) -> None:
    """Give a file a new time stamp, so that a process verifies it again."""
    if path.is_file():
        os.utime(path, ns=(tick := next(_TICKS), tick))


@pytest.fixture(scope="module")
def two_generations() -> Iterator[Newsroom]:
    """Two generations that share two segments; each has one of its own and deleted rows."""
    with scratch() as folder:
        newsroom = Newsroom(Path(folder))
        for n in range(ARTICLES):
            body = " ".join(f"Boat {n}{word} lay at pier {word}." for word in range(15))
            newsroom.write(f"{n}.md", body, title=f"Boats of {n}")
        newsroom.rebuild()
        for n in range(2):
            (newsroom.corpus / f"{n}.md").unlink()
            for new in range(6 - 4 * n):
                newsroom.write(f"new{n}{new}.md", f"Gull {new} came. " * 20, title=f"Gull {n}{new}")
            newsroom.rebuild()
        yield newsroom


def answers(generation: Generation) -> object:
    """Everything that a generation returns."""
    return [
        list(generation.matching(["boat", "gull", "pier"], k=9999, filters=ALL).items()),
        [generation.passage(passage_id) for passage_id in generation.passage_ids()],
        [generation.article(id) for id in generation.articles()],
    ]


@pytest.fixture(scope="module")
def before(two_generations: Newsroom) -> object:
    """Everything that the previous generation returns."""
    _, one = two_generations.index.published_generations()
    with closing(Generation(two_generations.index.generation(one.name), one).load()) as generation:
        return answers(generation)


def files(two_generations: Newsroom) -> list[Path]:
    """Every file of the current generation that search needs."""
    current = two_generations.index.generation(two_generations.index.current().name)
    found = sorted(path for path in current.rglob("*") if path.is_file())
    found = [path for path in found if path.parent.name != "editions"]
    assert len(found) > 20
    return found


@contextmanager
def restored(path: Path) -> Iterator[bytes]:
    """Restore the content of a file at the end, also if the file is shared."""
    content, backup = path.read_bytes(), path.with_name(f"{path.name}.kept")
    os.link(path, backup)
    try:
        yield content
    finally:
        remove(path)
        backup.rename(path)
        path.write_bytes(content)
        touch(path)


def remove(path: Path) -> None:
    """Remove a file or folder."""
    shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def in_place_of(path: Path, content: bytes) -> None:
    """Replace the file by a folder."""
    path.unlink()
    path.mkdir()
    (path / "file").write_bytes(content)


def zeroed(content: bytes) -> bytes:
    """Zero the 4 KiB around its first byte that is not zero."""
    start = next(at for at, byte in enumerate(content) if byte) // 4096 * 4096
    block = content[start : start + 4096]
    return content[:start] + bytes(len(block)) + content[start + len(block) :]


def flipped(content: bytes, bit: int) -> bytes:
    """Flip one bit."""
    byte, place = divmod(bit, 8)
    return content[:byte] + bytes([content[byte] ^ 1 << place]) + content[byte + 1 :]


DAMAGES: dict[str, Callable[[Path, bytes], object]] = {
    "emptied": lambda path, _: path.write_bytes(b""),
    "halved": lambda path, content: path.write_bytes(content[: len(content) // 2]),
    "cut": lambda path, content: path.write_bytes(content[:-1]),
    "lengthened": lambda path, content: path.write_bytes(content + b"\0"),
    "zeroed": lambda path, content: path.write_bytes(zeroed(content)),
    "flipped": lambda path, content: path.write_bytes(flipped(content, 4 * len(content))),
    "deleted": lambda path, _: path.unlink(),
    "a folder": in_place_of,
}


def noticed(two_generations: Newsroom, *damaged: Path) -> object:
    """The answers of the previous generation, or None if that is damaged too.

    The error names the damaged file in both cases.
    """
    for path in damaged:
        touch(path)
    damage, answers_now = opened(two_generations)
    assert damage is not None
    assert damage.path in damaged
    return answers_now


def opened(two_generations: Newsroom) -> tuple[IndexDamaged | None, object]:
    """The damage of the current generation, and the answers given in its place."""
    try:
        generation = two_generations.open()
    except IndexDamaged as damage:
        return damage, None
    with closing(generation):
        return generation.damage, answers(generation)


def twin(two_generations: Newsroom, path: Path) -> Path:
    """The same file of the previous generation."""
    current, before = (
        two_generations.index.generation(one.name)
        for one in two_generations.index.published_generations()
    )
    return before / path.relative_to(current)


@pytest.mark.parametrize("damage", DAMAGES)
def test_every_damage_to_every_file_is_noticed(
    two_generations: Newsroom, before: object, damage: str
) -> None:
    """The previous generation answers unless it shares the damaged file."""
    for path in files(two_generations):
        with restored(path) as content:
            other = twin(two_generations, path)
            shared = other.exists() and other.samefile(path)
            DAMAGES[damage](path, content)
            still = shared and other.read_bytes() != content
            assert noticed(two_generations, path) == (None if still else before)
    assert opened(two_generations)[0] is None


@pytest.mark.parametrize("flips", [20, pytest.param(100, marks=pytest.mark.slow)])
def test_every_flipped_bit_is_noticed(
    two_generations: Newsroom, before: object, flips: int
) -> None:
    """A flipped bit is noticed in every file, wherever it is."""
    chosen = random.Random(7)
    for path in files(two_generations):
        with restored(path) as content:
            for bit in chosen.sample(range(8 * len(content)), min(flips, 8 * len(content))):
                path.write_bytes(flipped(content, bit))
                assert noticed(two_generations, path) in (None, before)


def test_files_that_changed_places_are_noticed(two_generations: Newsroom, before: object) -> None:
    """A file replaced by that of another segment or of the previous generation is noticed."""
    exchanged = 0
    for path in files(two_generations):
        others = [
            other for other in files(two_generations) if other.name == path.name and other > path
        ]
        if (other := twin(two_generations, path)).exists() and not other.samefile(path):
            others.append(other)
        for other in others:
            if other.read_bytes() != path.read_bytes():
                exchange(path, other)
                assert noticed(two_generations, path, other) in (None, before)
                exchange(path, other)
                exchanged += 1
    assert exchanged > len(files(two_generations)) // 2
    assert opened(two_generations)[0] is None


def exchange(path: Path, other: Path) -> None:
    """Swap the names of two files."""
    aside = path.with_name("aside")
    path.rename(aside)
    other.rename(path)
    aside.rename(other)


def test_a_forged_list_of_deleted_rows_is_noticed(newsroom: Newsroom) -> None:
    """It is noticed even if it names an article without passages, which no search would miss."""
    newsroom.write("byline.md", "", author="Ida Brandt")
    newsroom.rebuild()
    with closing(newsroom.open()) as generation:
        [segment] = (path.name for path in (generation.folder / "segments").iterdir())
    (generation.folder / "gone").mkdir()
    (generation.folder / "gone" / f"{segment}.i32").write_bytes(bytes(4))
    with pytest.raises(IndexDamaged, match="expected 1 articles with 0 passages, found 0"):
        newsroom.open()


def lines_of(current: Path) -> list[bytes]:
    """The lines of CURRENT."""
    return current.read_bytes().splitlines(keepends=True)


def swap_lines(current: Path, _: bytes) -> None:
    """Swap the lines, so that the previous generation would be the current one."""
    first, second, *rest = lines_of(current)
    current.write_bytes(b"".join([second, first, *rest]))


CURRENT = {
    **DAMAGES,
    "garbage": lambda path, _: path.write_bytes(b"garbage"),
    "above": lambda path, content: path.write_bytes(content.replace(content[:20], b"../x")),
    "NUL": lambda path, content: path.write_bytes(content[:9] + b"\0" + content[10:]),
    "long": lambda path, content: path.write_bytes(content * 100_000),
    "swapped": swap_lines,
    "absent": lambda path, content: path.write_bytes(content.replace(content[:8], b"20010101")),
    "one line": lambda path, _: path.write_bytes(lines_of(path)[0]),
}


@pytest.mark.parametrize("damage", CURRENT)
def test_a_damaged_current_is_repaired_and_nothing_lost(newsroom: Newsroom, damage: str) -> None:
    """It is reported as damaged or missing; the next rebuild has every article and embeds none."""
    for n in range(3):
        newsroom.write(f"{n}.md", f"Boat {n} lay at the pier.")
        newsroom.rebuild()
    _, answers_now = opened(newsroom)
    path = newsroom.index.path / "CURRENT"
    CURRENT[damage](path, path.read_bytes())
    with pytest.raises((IndexDamaged, IndexMissing)) as caught:
        newsroom.open()
    assert str(path if path.exists() else newsroom.index.path) in str(caught.value)
    report = newsroom.rebuild()
    assert (report.articles, report.embedded) == (3, 0)
    assert opened(newsroom) == (None, answers_now)


def test_every_flipped_bit_of_current_is_noticed(two_generations: Newsroom) -> None:
    """The line about the previous generation is verified too."""
    path = two_generations.index.path / "CURRENT"
    content = path.read_bytes()
    for bit in range(8 * len(content)):
        path.write_bytes(flipped(content, bit))
        with pytest.raises(IndexDamaged) as caught:
            two_generations.index.published_generations()
        assert caught.value.path == path
    path.write_bytes(content)


def test_the_doctor_names_whichever_file_is_damaged(
    two_generations: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The doctor never crashes, and names the file, whatever the damage is."""
    for module in (services, doctor):
        monkeypatch.setattr(module, "encoder_of", lambda _: FakeEncoder())
    settings = Settings(index=two_generations.index.path, passage_tokens=16)
    assert all(finding.sound for finding in doctor.examine(settings))
    paths = [
        two_generations.index.path / "CURRENT",
        *files(two_generations),
        two_generations.index.embeddings,
    ]
    for path, damage in zip(paths, itertools.cycle(["a folder", "halved", "flipped"])):
        with restored(path) as content:
            DAMAGES["a folder" if path == paths[-1] else damage](path, content)
            touch(path)
            bad = [finding for finding in doctor.examine(settings) if not finding.sound]
            assert any(str(path) in f"{finding.found} {finding.mend}" for finding in bad)


@pytest.mark.parametrize("seed", range(3))
def test_rebuilds_repair_whatever_is_damaged(newsroom: Newsroom, seed: int) -> None:
    """After each damage to any file, the next rebuild equals the corpus."""
    chosen = random.Random(seed)
    for n in range(9):
        newsroom.write(f"{n}.md", f"Boat {n} lay at the pier. " * 9, title=f"Boat {n}")
    newsroom.rebuild()
    for n in range(12):
        newsroom.write(f"{n % 9}.md", f"Boat {n} came back to the pier. " * 9, title=f"Boat {n}")
        newsroom.rebuild()
        _, answers_now = opened(newsroom)
        path = chosen.choice(sorted(p for p in newsroom.index.path.rglob("*") if p.stat().st_size))
        if path.is_file():
            damage = chosen.choice(sorted(DAMAGES))
            DAMAGES[damage](path, path.read_bytes())
            touch(path)
        newsroom.rebuild(force=chosen.random() < 0.3)
        assert opened(newsroom) == (None, answers_now)


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("saving", ["embeddings.db", "seen.json"])
def test_what_is_only_a_saving_costs_only_time(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch, saving: str, damage: str
) -> None:
    """A damaged cache costs only time: the index is the same, and the next cache is sound."""
    monkeypatch.setattr("pullquote.index.file_digests.SETTLED_NS", -3_600_000_000_000)
    for n in range(9):
        newsroom.write(f"{n}.md", f"Boat {n} lay at the pier.")
    newsroom.rebuild()
    _, answers_now = opened(newsroom)
    path = newsroom.index.path / saving
    DAMAGES[damage](path, path.read_bytes())
    assert newsroom.rebuild(force=True).articles == 9
    assert newsroom.rebuild(force=True).embedded == 0
    assert opened(newsroom) == (None, answers_now)


def test_an_index_remembers_its_corpus_though_current_is_damaged(newsroom: Newsroom) -> None:
    """Otherwise the rebuild that repairs it would read the default folder."""
    newsroom.write("tide.md", "The tide was low.")
    newsroom.rebuild()
    (newsroom.index.path / "CURRENT").write_bytes(b"")
    assert corpus_of(Settings(index=newsroom.index.path)) == newsroom.corpus.resolve()


def test_an_index_of_another_format_still_tells_its_corpus(newsroom: Newsroom) -> None:
    """Otherwise the rebuild after an upgrade would read the default folder."""
    newsroom.write("tide.md", "The tide was low.")
    folder = newsroom.index.generation(newsroom.rebuild().generation)
    (folder / "manifest.json").write_text(json.dumps({"corpus": str(newsroom.corpus), "format": 1}))
    assert corpus_of(Settings(index=newsroom.index.path)) == newsroom.corpus
