"""Rebuilds process only changes, and a failed rebuild leaves the old generation in place."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from conftest import FakeEncoder, Newsroom, scratch
from pullquote.index import Generation, IndexFolder, Preview, Report, preview
from pullquote.index.encoder import Vectors
from pullquote.index.folder.writer import GenerationWriter
from pullquote.index.rebuild import batches as prepared
from pullquote.index.rebuild.batches import Batch, Work
from pullquote.index.rebuild.build import rebuild
from pullquote.schema import Filters, Role
from pullquote.schema.errors import (
    CorpusMissing,
    IndexDamaged,
    IndexLocked,
    IndexMissing,
    IndexUnwritable,
)

ALL = Filters(comments=True)


class FailingEncoder(FakeEncoder):
    """An encoder that fails at a text with the word "boom"."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors, unless it fails."""
        if any("boom" in text for text in texts):
            raise RuntimeError("out of memory")
        return super().encode(texts)


class Killed(BaseException):
    """An exception that ends a rebuild, as Ctrl-C does."""


def counts(report: Report) -> dict[str, int]:
    """The counts of a report that are not 0."""
    names = ("added", "changed", "renamed", "removed", "unchanged")
    return {name: count for name in names if (count := getattr(report, name))}


def texts(newsroom: Newsroom) -> list[str]:
    """The texts of all passages of the current generation."""
    with closing(newsroom.open()) as generation:
        return sorted(
            generation.passage(passage_id).text for passage_id in generation.passage_ids()
        )


@pytest.fixture
def harbour(newsroom: Newsroom) -> Newsroom:
    """Three articles of two passages each, indexed; nothing encoded since."""
    for name in ("tide", "pier", "boat"):
        newsroom.write(
            f"{name}.md", f"The {name} was there.", title=f"A {name}", standfirst=f"A {name}"
        )
    newsroom.rebuild()
    newsroom.encoder.encoded.clear()
    return newsroom


def test_a_first_build_adds_everything(newsroom: Newsroom) -> None:
    """Every article is added, every passage embedded, and the report says so."""
    newsroom.write("tide.md", "The tide was there.", title="A tide", standfirst="A tide")
    newsroom.write("notes.doc", "no article")
    report = newsroom.rebuild()
    assert report.model_dump(exclude={"seconds"}) == {
        "generation": newsroom.index.current().name,
        "added": 1,
        "changed": 0,
        "renamed": 0,
        "removed": 0,
        "unchanged": 0,
        "failed": (),
        "superseded": (),
        "not_replaced": (),
        "copy_groups": 0,
        "skipped": 1,
        "articles": 1,
        "passages": 2,
        "embedded": 2,
        "reused": 0,
        "note": None,
    }
    assert newsroom.encoder.encoded == ["A tide\nA tide", "A tide\nThe tide was there."]


def test_an_unchanged_corpus_needs_no_work(harbour: Newsroom) -> None:
    """The same generation stays, and the encoder is not called."""
    before = harbour.index.current()
    report = harbour.rebuild()
    assert counts(report) == {"unchanged": 3}
    assert (report.embedded, report.reused, report.note) == (0, 0, None)
    assert (harbour.index.current(), report.generation) == (before, before.name)
    assert harbour.encoder.encoded == []


def test_an_edited_article_embeds_its_new_passages_only(harbour: Newsroom) -> None:
    """Two of the article's three passages are new; the standfirst's vector is cached."""
    harbour.write(
        "tide.md", "The tide had gone.\n\n> It will be back.", title="A tide", standfirst="A tide"
    )
    report = harbour.rebuild()
    assert counts(report) == {"changed": 1, "unchanged": 2}
    assert (report.embedded, report.reused) == (2, 1)
    assert harbour.encoder.encoded == ["A tide\nThe tide had gone.", "A tide\nIt will be back."]
    assert "The tide was there." not in texts(harbour)


def test_a_renamed_file_embeds_nothing(harbour: Newsroom) -> None:
    """A renamed file is a new article with the same passages, so nothing is embedded."""
    (harbour.corpus / "tide.md").rename(harbour.corpus / "ebb.md")
    report = harbour.rebuild()
    assert counts(report) == {"renamed": 1, "unchanged": 2}
    assert (report.embedded, report.reused) == (0, 2)
    assert harbour.encoder.encoded == []
    with closing(harbour.open()) as generation:
        assert generation.articles() == ["boat.md", "ebb.md", "pier.md"]


def test_a_restored_file_embeds_nothing(harbour: Newsroom) -> None:
    """A removed article is gone at once; restoring it embeds nothing."""
    content = (harbour.corpus / "tide.md").read_bytes()
    (harbour.corpus / "tide.md").unlink()
    assert counts(harbour.rebuild()) == {"removed": 1, "unchanged": 2}
    assert "The tide was there." not in texts(harbour)
    (harbour.corpus / "tide.md").write_bytes(content)
    report = harbour.rebuild()
    assert counts(report) == {"added": 1, "unchanged": 2}
    assert (report.embedded, report.reused, harbour.encoder.encoded) == (0, 2, [])


def test_equal_articles_are_embedded_once(newsroom: Newsroom) -> None:
    """Two articles with one text share their vectors."""
    for paper in ("herald", "post"):
        newsroom.write(
            f"{paper}/wire.md", "The tide was there.", title="A tide", standfirst="A tide"
        )
    report = newsroom.rebuild()
    assert (report.added, report.passages, report.embedded, report.reused) == (2, 4, 2, 2)
    with closing(newsroom.open()) as generation:
        found = generation.matching(["tide"], k=9, filters=ALL)
        articles = sorted(generation.passage(number).article for number in found)
    assert articles == ["herald/wire.md"] * 2 + ["post/wire.md"] * 2


def test_a_file_that_cannot_be_read_is_named_and_the_rest_built(harbour: Newsroom) -> None:
    """A bad file is reported with its reason and is not in the index."""
    (harbour.corpus / "bad.md").write_bytes(b"\x89PNG\r\n")
    harbour.write("empty.txt", " ")
    harbour.write("tide.md", "\0" * 99)
    report = harbour.rebuild()
    assert {failure.path: failure.reason for failure in report.failed} == {
        "bad.md": "it contains a PNG image, not text",
        "empty.txt": "the file is empty",
        "tide.md": "it contains binary data, not text",
    }
    assert counts(report) == {"removed": 1, "unchanged": 2}
    assert report.articles == 2


def test_a_failing_file_makes_no_new_generation_each_time(harbour: Newsroom) -> None:
    """While its bytes stay the same, a bad file is reported again but not read again."""
    harbour.write("empty.txt", " ")
    first = harbour.rebuild()
    again = harbour.rebuild()
    assert (again.generation, again.failed) == (first.generation, first.failed)
    assert [failure.path for failure in again.failed] == ["empty.txt"]
    harbour.write("empty.txt", "No longer.")
    repaired = harbour.rebuild()
    assert (repaired.failed, counts(repaired)) == ((), {"added": 1, "unchanged": 3})


def test_a_failing_file_that_goes_is_forgotten(harbour: Newsroom) -> None:
    """The next report does not name a removed file."""
    harbour.write("empty.txt", " ")
    first = harbour.rebuild()
    (harbour.corpus / "empty.txt").unlink()
    report = harbour.rebuild()
    assert (report.failed, counts(report)) == ((), {"unchanged": 3})
    assert report.generation != first.generation


def test_a_broken_link_makes_no_new_generation(harbour: Newsroom) -> None:
    """A file that cannot be opened has no digest, and still causes no new generation."""
    (harbour.corpus / "gone.md").symlink_to(harbour.corpus / "nowhere.md")
    first, again = harbour.rebuild(), harbour.rebuild()
    assert again.generation == first.generation
    assert [(f.path, f.version) for f in again.failed] == [("gone.md", None)]


def test_force_reads_everything_and_embeds_nothing_twice(harbour: Newsroom) -> None:
    """`force` makes a new generation of the same articles from cached vectors."""
    before = harbour.index.current()
    report = harbour.rebuild(force=True)
    assert counts(report) == {"unchanged": 3}
    assert (report.embedded, report.reused, report.note) == (0, 6, None)
    assert harbour.index.current() != before
    assert harbour.encoder.encoded == []


def test_other_settings_read_everything_and_say_so(harbour: Newsroom) -> None:
    """Vectors of unchanged texts come from the cache, whatever the setting."""
    report = harbour.rebuild(index_config=harbour.index_config(overlap=2))
    assert report.note == "model, settings or version changed: every article is parsed again"
    assert (counts(report), report.embedded, report.reused) == ({"unchanged": 3}, 0, 6)
    assert harbour.rebuild(index_config=harbour.index_config(overlap=2)).note is None


def test_another_model_embeds_everything(harbour: Newsroom) -> None:
    """No vector of the old model is left, even if the dimension differs."""
    harbour.encoder = FakeEncoder("other", dimension=16)
    report = harbour.rebuild()
    assert report.note == "model, settings or version changed: every article is parsed again"
    assert (report.embedded, report.reused) == (6, 0)
    with closing(harbour.open()) as generation:
        assert (generation.manifest.dimension, len(generation.passage_ids())) == (16, 6)
        assert generation.manifest.index_config.encoder.name == "other"


def test_a_missing_corpus_is_not_an_empty_corpus(newsroom: Newsroom) -> None:
    """A mistyped folder must not empty the index."""
    newsroom.write("tide.md", "The tide was there.")
    before = newsroom.rebuild()
    newsroom.corpus.rename(newsroom.corpus.with_name("moved"))
    with pytest.raises(CorpusMissing):
        newsroom.rebuild()
    assert newsroom.index.current().name == before.generation


def test_an_empty_corpus_is_an_index_that_finds_nothing(newsroom: Newsroom) -> None:
    """It opens, answers nothing, and can be added to."""
    report = newsroom.rebuild()
    assert (report.articles, report.passages, report.embedded) == (0, 0, 0)
    question = newsroom.encoder.encode_question("tide")
    with closing(newsroom.open()) as generation:
        assert generation.nearest(question, k=9, filters=ALL) == {}
        assert generation.matching(["tide"], k=9, filters=ALL) == {}
        assert generation.lexical.rarity(["tide"]) == {"tide": pytest.approx(0.6931, abs=1e-4)}
    newsroom.write("tide.md", "The tide was there.")
    assert counts(newsroom.rebuild()) == {"added": 1}
    (newsroom.corpus / "tide.md").unlink()
    assert counts(newsroom.rebuild()) == {"removed": 1}
    assert texts(newsroom) == []


def test_an_article_without_passages_can_still_be_shown(newsroom: Newsroom) -> None:
    """An article with only a byline is never found by search but can be shown."""
    newsroom.write("byline.md", "", author="Ida Brandt")
    report = newsroom.rebuild()
    assert (report.articles, report.passages, report.embedded) == (1, 0, 0)
    with closing(newsroom.open()) as generation:
        found = generation.article("byline.md")
    assert [(block.role, found.text) for block in found.blocks] == [(Role.BYLINE, "By Ida Brandt")]


def test_progress_counts_up_to_all(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    """Progress runs from 0 to the number of files, even if some fail; first it is unknown."""
    monkeypatch.setattr(prepared, "ARTICLES_AT_ONCE", 2)
    for n in range(4):
        newsroom.write(f"{n}.md", f"The tide {n}.")
    newsroom.write("empty.md", " ")
    reported: list[tuple[int, int | None]] = []
    newsroom.rebuild(progress=lambda done, total: reported.append((done, total)))
    assert reported == [(0, None), (0, 5), (1, 5), (3, 5), (5, 5), (5, 5)]


def test_the_second_of_two_rebuilds_stops(harbour: Newsroom) -> None:
    """Its error names the other process, and the first rebuild is not disturbed."""
    harbour.write("tide.md", "The tide had gone.", title="A tide", standfirst="A tide")
    caught: list[IndexLocked] = []

    def second(done: int, total: int | None) -> None:
        if (done, total) == (0, None):
            with pytest.raises(IndexLocked, match=f"process {os.getpid()}") as locked:
                harbour.rebuild()
            caught.append(locked.value)

    assert counts(harbour.rebuild(progress=second)) == {"changed": 1, "unchanged": 2}
    assert len(caught) == 1


@contextmanager
def leaves_the_old_one(newsroom: Newsroom, error: type[BaseException]):
    """Check that the block fails with `error` and that the answers stay the same."""
    before, answers = newsroom.index.current(), texts(newsroom)
    generations = newsroom.generations()
    with pytest.raises(error) as caught:
        yield caught
    assert (newsroom.index.current(), texts(newsroom)) == (before, answers)
    assert newsroom.generations() == generations
    assert sorted(path.name for path in newsroom.index.path.iterdir()) == [
        "CURRENT",
        "compared.json",
        "embeddings.db",
        "generations",
        "rebuild.lock",
    ]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, Killed])
@pytest.mark.parametrize("when", [0, 2, 3])
def test_a_rebuild_that_stops_leaves_the_old_generation(
    harbour: Newsroom, monkeypatch: pytest.MonkeyPatch, error: type[BaseException], when: int
) -> None:
    """A rebuild that stops at any point leaves the old generation, and its vectors are cached."""
    monkeypatch.setattr(prepared, "ARTICLES_AT_ONCE", 1)
    for name in ("tide", "pier", "boat"):
        harbour.write(
            f"{name}.md", f"The {name} had gone.", title=f"A {name}", standfirst=f"A {name}"
        )

    def stop(done: int, total: int | None) -> None:
        if done == when:
            raise error

    with leaves_the_old_one(harbour, error):
        harbour.rebuild(progress=stop)
    assert len(harbour.encoder.encoded) == when
    report = harbour.rebuild()
    assert (counts(report), report.embedded, report.reused) == ({"changed": 3}, 3 - when, 3 + when)


def test_the_cluster_is_released_before_the_generation_is_finished(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cluster is released before the generation is finished, and may be lost by then."""
    newsroom.write("a.txt", "The tide was there.")
    done, finish = list[str](), GenerationWriter.finish

    @contextmanager
    def prepare(work: Work) -> Iterator[Iterator[Batch]]:
        with prepared.prepare_locally(work) as batches:
            yield batches
        done.append("prepared")

    def finishing(writer: GenerationWriter, *reported, **more) -> Generation:
        done.append("finishing")
        return finish(writer, *reported, **more)

    monkeypatch.setattr(GenerationWriter, "finish", finishing)
    rebuild(
        newsroom.index,
        newsroom.corpus,
        newsroom.encoder,
        index_config=newsroom.index_config(),
        prepare=prepare,
    )
    assert done == ["prepared", "finishing"]


def test_a_failing_encoder_leaves_the_old_generation(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old generation stays, and articles embedded before the failure are not embedded again."""
    monkeypatch.setattr(prepared, "ARTICLES_AT_ONCE", 1)
    newsroom.encoder = FailingEncoder()
    newsroom.write("tide.md", "The tide was there.", title="A tide", standfirst="A tide")
    newsroom.rebuild()
    newsroom.write("a.md", "The pier stands.", title="A pier", standfirst="A pier")
    newsroom.write("b.md", "Then boom.", title="A boom", standfirst="A boom")
    with leaves_the_old_one(newsroom, RuntimeError):
        newsroom.rebuild()
    newsroom.encoder = FakeEncoder()
    report = newsroom.rebuild()
    assert (counts(report), report.embedded, report.reused) == ({"added": 2, "unchanged": 1}, 2, 2)


def test_an_interruption_after_the_rename_leaves_the_new_generation(
    harbour: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C while old generations are removed leaves the new one in place."""
    calls: list[None] = []

    def sweep(index: IndexFolder) -> None:
        calls.append(None)
        if len(calls) == 2:  # the first is at the start of a rebuild
            raise KeyboardInterrupt

    monkeypatch.setattr(IndexFolder, "sweep", sweep)
    harbour.write("tide.md", "The tide had gone.", title="A tide", standfirst="A tide")
    with pytest.raises(KeyboardInterrupt):
        harbour.rebuild()
    assert "The tide had gone." in texts(harbour)


KILLED = """
import os, sys
from pathlib import Path
from conftest import Newsroom, scratch
from pullquote.index.rebuild import batches as prepared
prepared.ARTICLES_AT_ONCE = 1
Newsroom(Path(sys.argv[1])).rebuild(progress=lambda done, total: os._exit(9) if done == 2 else None)
"""


def test_a_killed_rebuild_leaves_the_old_generation(harbour: Newsroom) -> None:
    """After a kill, the next rebuild cleans up and reuses the vectors."""
    before, answers = harbour.index.current(), texts(harbour)
    for name in ("tide", "pier", "boat"):
        harbour.write(
            f"{name}.md", f"The {name} had gone.", title=f"A {name}", standfirst=f"A {name}"
        )
    command = [sys.executable, "-c", KILLED, str(harbour.corpus.parent)]
    killed = subprocess.run(command, cwd=Path(__file__).parents[2], check=False)
    assert killed.returncode == 9
    assert (harbour.index.current(), texts(harbour)) == (before, answers)
    assert len(harbour.generations()) == 2
    report = harbour.rebuild()
    assert (counts(report), report.embedded, report.reused) == ({"changed": 3}, 1, 5)
    assert harbour.generations() == [before.name, report.generation]


def test_a_full_device_leaves_the_old_generation(harbour: Newsroom) -> None:
    """A full device at any write raises one error of ours, and the old generation answers."""
    resource = pytest.importorskip("resource", reason="Windows limits no file sizes")
    harbour.write("tide.md", "The tide had gone. " * 400, title="A tide", standfirst="A tide")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    stopped = 0
    for kilobytes in (1, 4, 20, 40, 60, 80):
        resource.setrlimit(resource.RLIMIT_FSIZE, (1024 * kilobytes, hard))
        try:
            with leaves_the_old_one(harbour, IndexUnwritable) as caught:
                try:
                    harbour.rebuild()
                finally:
                    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        except pytest.fail.Exception:
            break
        assert "Nothing in the index was lost" in str(caught.value)
        stopped += 1
    assert stopped >= 2


def test_a_damaged_generation_is_rebuilt_and_reported(harbour: Newsroom) -> None:
    """Every file is parsed again, and nothing is embedded again."""
    with closing(harbour.open()) as generation:
        (generation.folder / "manifest.json").unlink()
    report = harbour.rebuild()
    assert report.note is not None
    assert "started from nothing: The index file" in report.note
    assert (counts(report), report.embedded, report.reused) == ({"added": 3}, 0, 6)
    assert harbour.rebuild().note is None


@pytest.mark.parametrize("content", [b"", b"garbage", b"../x " + b"0" * 64 + b"\n"])
def test_a_damaged_current_is_repaired_by_a_rebuild(harbour: Newsroom, content: bytes) -> None:
    """The command in the error repairs the index."""
    (harbour.index.path / "CURRENT").write_bytes(content)
    with pytest.raises(IndexDamaged):
        harbour.open()
    assert (harbour.rebuild().articles, len(texts(harbour))) == (3, 6)


def test_a_damaged_generation_is_replaced_even_if_nothing_changed(harbour: Newsroom) -> None:
    """The next rebuild makes a sound generation even if nothing in the corpus changed."""
    harbour.rebuild(force=True)
    with closing(harbour.open()) as generation:
        (generation.folder / "manifest.json").unlink()
    report = harbour.rebuild()
    assert (counts(report), report.embedded) == ({"unchanged": 3}, 0)
    with closing(harbour.open()) as generation:
        assert (generation.name, generation.damage) == (report.generation, None)


class TestPreview:
    def preview(self, harbour: Newsroom, **options: bool) -> Preview:
        """The preview of a rebuild."""
        return preview(
            harbour.index, harbour.corpus, index_config=harbour.index_config(), **options
        )

    def test_the_preview_equals_the_rebuild(self, harbour: Newsroom) -> None:
        """The preview equals the rebuild file by file, and changes nothing itself."""
        harbour.write("tide.md", "The tide had gone.")
        harbour.write("gull.md", "A gull.")
        (harbour.corpus / "pier.md").rename(harbour.corpus / "quay.md")
        (harbour.corpus / "boat.md").unlink()
        (harbour.corpus / "gone.md").symlink_to(harbour.corpus / "nowhere.md")
        before = sorted((p, p.stat().st_mtime_ns) for p in harbour.index.path.rglob("*"))
        found = self.preview(harbour)
        assert before == sorted((p, p.stat().st_mtime_ns) for p in harbour.index.path.rglob("*"))
        assert harbour.encoder.encoded == []
        assert found.changes.model_dump() == {
            "added": ("gull.md",),
            "changed": ("tide.md",),
            "renamed": ({"before": "pier.md", "after": "quay.md"},),
            "removed": ("boat.md",),
            "unchanged": 0,
        }
        assert ([f.path for f in found.failed], found.unread, found.note) == (["gone.md"], 3, None)
        report = harbour.rebuild()
        assert counts(report) == {"added": 1, "changed": 1, "renamed": 1, "removed": 1}

    def test_without_an_index_everything_is_added(self, newsroom: Newsroom) -> None:
        """A preview lists all files as added and makes no index."""
        newsroom.write("tide.md", "The tide.")
        assert self.preview(newsroom).changes.added == ("tide.md",)
        assert not newsroom.index.path.exists()

    def test_a_reason_to_parse_all_again_is_reported(self, harbour: Newsroom) -> None:
        """With other settings or --force, the preview gives the reason for parsing every file."""
        assert self.preview(harbour, force=True).unread == 3
        found = preview(harbour.index, harbour.corpus, index_config=harbour.index_config(tokens=20))
        assert (found.unread, found.changes.unchanged) == (3, 3)
        assert found.note == "model, settings or version changed: every article is parsed again"


def test_unchanged_files_are_not_read_again(harbour: Newsroom, monkeypatch) -> None:
    """The metadata of a settled file is enough to skip it."""
    monkeypatch.setattr("pullquote.index.file_digests.SETTLED_NS", -3_600_000_000_000)
    harbour.rebuild()
    monkeypatch.setattr("pullquote.index.file_digests.file_version", None)
    assert counts(harbour.rebuild()) == {"unchanged": 3}


def test_a_deleted_cache_changes_nothing(harbour: Newsroom) -> None:
    """Without the cache, an unchanged index stays unchanged."""
    harbour.index.embeddings.unlink()
    assert counts(harbour.rebuild()) == {"unchanged": 3}
    report = harbour.rebuild(force=True)
    assert (report.embedded, report.reused) == (6, 0)


def test_old_generations_are_swept(harbour: Newsroom) -> None:
    """After any number of rebuilds, the current and the previous generation are stored."""
    made = [harbour.rebuild(force=True).generation for _ in range(4)]
    assert harbour.generations() == made[-2:]


def test_a_reader_sees_one_whole_generation_or_another(harbour: Newsroom) -> None:
    """Questions during rebuilds get all of the old text or all of the new."""
    done = threading.Event()
    answers: list[frozenset[str]] = []

    def read() -> None:
        while not done.is_set():
            with closing(harbour.open()) as generation:
                found = generation.matching(["there"], k=9, filters=ALL)
                answers.append(frozenset(generation.passage(number).text for number in found))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        whole = [frozenset(f"The {name} was there." for name in ("tide", "pier", "boat"))]
        for n in range(5):
            for name in ("tide", "pier", "boat"):
                harbour.write(
                    f"{name}.md",
                    f"The {name} was there {n}.",
                    title=f"A {name}",
                    standfirst=f"A {name}",
                )
            whole.append(
                frozenset(f"The {name} was there {n}." for name in ("tide", "pier", "boat"))
            )
            harbour.rebuild()
    finally:
        done.set()
        reader.join()
    assert answers
    assert set(answers) <= set(whole)


def test_lexical_scores_are_those_of_a_fresh_index(harbour: Newsroom) -> None:
    """Corrected words no longer count: the same articles give the same BM25 scores."""
    harbour.write("tide.md", "The boat had gone.", title="A tide")
    harbour.rebuild()
    with scratch() as folder:
        fresh = Newsroom(Path(folder))
        for path in harbour.corpus.iterdir():
            (fresh.corpus / path.name).write_bytes(path.read_bytes())
        fresh.rebuild()
        with closing(fresh.open()) as new, closing(harbour.open()) as old:
            asked = ["boat", "there"]
            assert old.lexical.rarity(asked) == new.lexical.rarity(asked)
            assert old.matching(asked, k=9, filters=ALL) == new.matching(asked, k=9, filters=ALL)


def test_a_hash_in_a_file_name_is_only_a_character(newsroom: Newsroom) -> None:
    """Files whose names share a beginning stay separate, also at the second rebuild."""
    for name in ("a.md", "a.md#copy.md", "a#b.md"):
        newsroom.write(name, "The tide was there.")
    newsroom.rebuild()
    newsroom.write("a.md", "The pier was there.")
    report = newsroom.rebuild()
    assert counts(report) == {"changed": 1, "unchanged": 2}
    assert counts(newsroom.rebuild()) == {"unchanged": 3}


def test_other_files_among_the_generations_are_left_alone(harbour: Newsroom) -> None:
    """Other files in the folder of generations are left alone."""
    other = harbour.index.path / "generations" / "keepme"
    other.mkdir()
    harbour.write("tide.md", "The tide had gone.")
    harbour.rebuild()
    assert other.is_dir()


def test_a_corpus_that_moved_is_remembered(harbour: Newsroom) -> None:
    """The next rebuild reads the folder of the last one."""
    moved = harbour.corpus.rename(harbour.corpus.with_name("moved"))
    harbour.corpus = moved
    assert counts(harbour.rebuild()) == {"unchanged": 3}
    with closing(harbour.open()) as generation:
        assert generation.manifest.corpus == str(moved.resolve())


def test_an_index_cannot_be_where_a_file_is(newsroom: Newsroom) -> None:
    """An error of the operating system becomes an error of ours."""
    newsroom.index.path.write_text("x")
    with pytest.raises(IndexUnwritable, match="could not be written"):
        newsroom.rebuild()
    with pytest.raises(IndexMissing):
        newsroom.open()


def test_the_index_may_be_inside_the_corpus(newsroom: Newsroom) -> None:
    """None of the index's files is parsed as an article, and rebuilds succeed."""
    newsroom.index = IndexFolder(newsroom.corpus / "index")
    newsroom.write("tide.md", "The tide was there.")
    assert newsroom.rebuild().articles == 1
    assert counts(newsroom.rebuild()) == {"unchanged": 1}


QUESTIONS = ("the tide at the pier", "boats", "was it low", "gulls 7")
SENTENCES = st.lists(
    st.sampled_from(
        ["The tide is low.", "Boats lie at the pier.", "It was 7 gulls.", "She said no.", "Low!"]
    ),
    min_size=1,
    max_size=4,
).map(" ".join)
FILES = st.sampled_from(["a.md", "b.md", "c/d.md", "e.txt"])


class RebuildingIndex(RuleBasedStateMachine):
    """A corpus that people add to, correct and withdraw from, rebuilt now and then.

    The model is a dict from id to content, and its state at the last rebuild.
    """

    def __init__(self) -> None:
        super().__init__()
        self.folder = scratch()
        self.newsroom = Newsroom(Path(self.folder.name) / "a")
        self.files: dict[str, str] = {}
        self.indexed: dict[str, str] | None = None

    @rule(id=FILES, body=SENTENCES)
    def write(self, id: str, body: str) -> None:
        """Add or correct an article."""
        self.files[id] = f"Headline of {id}\n\n{body}"  # makes every text unique
        self.newsroom.write(id, self.files[id])

    @precondition(lambda self: self.files)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        """Withdraw an article."""
        id = data.draw(st.sampled_from(sorted(self.files)))
        del self.files[id]
        (self.newsroom.corpus / id).unlink()

    @rule(force=st.booleans())
    def rebuild(self, force: bool) -> None:
        """The report's counts match the model; no text is encoded twice."""
        report = self.newsroom.rebuild(force=force)
        old, new = ({} if self.indexed is None else self.indexed), self.files
        expected = {
            "added": len(new.keys() - old.keys()),
            "changed": sum(old[id] != new[id] for id in new.keys() & old.keys()),
            "removed": len(old.keys() - new.keys()),
            "unchanged": sum(old[id] == new[id] for id in new.keys() & old.keys()),
        }
        assert counts(report) == {name: count for name, count in expected.items() if count}
        encoded = self.newsroom.encoder.encoded
        assert len(encoded) == len(set(encoded))
        self.indexed = dict(self.files)

    @precondition(lambda self: self.indexed is not None)
    @rule()
    def compare(self) -> None:
        """The index equals one that is built from nothing."""
        with scratch() as folder:
            fresh = Newsroom(Path(folder))
            for id, content in (self.indexed or {}).items():
                fresh.write(id, content)
            fresh.rebuild()
            with closing(fresh.open()) as new, closing(self.newsroom.open()) as old:
                assert self.answers(old) == self.answers(new)

    def answers(self, generation: Generation) -> object:
        """The results of both searches, with exact scores."""
        found = []
        for question in QUESTIONS:
            vector = FakeEncoder().encode_question(question)
            near = generation.nearest(vector, k=5, filters=ALL)
            found.append(list(near.items()))
            found.append(list(generation.matching(question.split(), k=99, filters=ALL).items()))
        return [generation.passage_ids(), *found]

    def teardown(self) -> None:
        """Leave nothing behind."""
        self.folder.cleanup()


TestRebuilding = RebuildingIndex.TestCase
TestRebuilding.settings = settings(max_examples=25, stateful_step_count=20)
