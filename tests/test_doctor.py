"""Checks and repairs of an index, with the real encoder and reader."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest

import pullquote
from pullquote.answering.doctor import Finding, examine, repair
from pullquote.index import IndexFolder
from pullquote.schema.errors import IndexDamaged, IndexMissing
from pullquote.schema.settings import Settings, load_settings


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus of two articles and an index of two generations, made once."""
    folder = tmp_path_factory.mktemp("doctor")
    (folder / "corpus").mkdir()
    (folder / "corpus/tide.md").write_text("The harbour master Ida Roe closed the pier on Friday.")
    pullquote.rebuild_index(folder / "corpus", folder / "index")
    (folder / "corpus/boat.md").write_text("The ferry sails again from Monday.")
    pullquote.rebuild_index(folder / "corpus", folder / "index")
    return folder


@pytest.fixture
def chosen(built: Path, tmp_path: Path) -> Settings:
    """A copy of the built corpus and index."""
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    return load_settings(corpus=tmp_path / "corpus", index=tmp_path / "index")


def segment(chosen: Settings, place: int = 0) -> Path:
    """The folder of the newest segment of the current generation, or of the one before."""
    index = IndexFolder(chosen.index)
    return max((index.generation(index.published_generations()[place].name) / "segments").iterdir())


def bad(findings: list[Finding]) -> dict[str, str | None]:
    """The parts that are not sound, with the commands that repair them."""
    return {finding.part: finding.mend for finding in findings if not finding.sound}


def test_a_sound_index_has_no_finding(chosen):
    """Every part is listed, also the sound ones."""
    findings = examine(chosen)
    # The copied index still names the original corpus, which exists.
    assert bad(findings) == {}
    assert [finding.part for finding in findings] == [
        "CURRENT",
        "current generation",
        "settings",
        "corpus",
        "previous generation",
        "embeddings.db",
        "encoder",
        "reader",
        "calibration",
    ]


def test_nothing_is_written(chosen):
    """A check changes no file."""
    before = sorted((p, p.stat().st_mtime_ns) for p in chosen.index.rglob("*"))
    examine(chosen)
    assert before == sorted((p, p.stat().st_mtime_ns) for p in chosen.index.rglob("*"))


def test_no_index_names_the_command_that_builds_one(chosen):
    """The command has the folder of the index."""
    shutil.rmtree(chosen.index)
    mend = f"pullquote rebuild-index --index {chosen.index} --corpus DIR"
    assert bad(examine(chosen)) == {"CURRENT": mend}


def test_damage_and_other_settings_name_what_mends_them(chosen):
    """A damaged file, vector cache or calibration, or another passage size: each is one finding."""
    (segment(chosen, 1) / "articles.db").unlink()
    (chosen.index / "embeddings.db").write_bytes(b"garbage" * 99)
    (chosen.index / "calibration.json").write_text("{}")
    other = chosen.model_copy(update={"passage_tokens": 99})
    found = bad(examine(other))
    assert found.keys() == {"settings", "previous generation", "embeddings.db", "calibration"}
    assert found["settings"] == f"pullquote rebuild-index --index {chosen.index}"
    assert found["previous generation"] == f"pullquote doctor --repair --index {chosen.index}"


@pytest.mark.parametrize("name", ["vectors.f32", "postings/rows.i32"])
def test_repair_makes_what_follows_from_the_articles(chosen, name):
    """It needs no corpus, and embeds nothing again."""
    with pullquote.open(settings=chosen) as assistant:
        before = assistant.ask("who closed the pier?").answers
    (segment(chosen) / name).unlink()
    shutil.rmtree(chosen.corpus)
    report = repair(chosen)
    assert (report.articles, report.unchanged, report.embedded) == (2, 2, 0)
    assert bad(examine(chosen)) == {}
    with pullquote.open(settings=chosen) as assistant:
        assert assistant.damage is None
        assert assistant.ask("who closed the pier?").answers == before


def test_repair_goes_back_to_the_articles_of_before(chosen):
    """It uses the previous articles if the current ones are damaged, and notes it."""
    (segment(chosen) / "articles.db").unlink()
    older = IndexFolder(chosen.index).published_generations()[1].name
    report = repair(chosen)
    assert (report.articles, report.note) == (1, f"from the articles of generation {older}")
    with closing(IndexFolder(chosen.index).open()) as opened:
        assert (opened.damage, opened.articles()) == (None, ["tide.md"])


def test_a_damaged_edition_is_one_finding_and_stops_no_answer(chosen):
    """A rebuild, which then has something to do, stores what can be read of the others."""
    for text in ("The pier opened on Sunday.", "The pier opened on Monday."):
        (chosen.corpus / "tide.md").write_text(text)
        pullquote.rebuild_index(settings=chosen, new_corpus=True)
    [path] = (IndexFolder(chosen.index).open().folder / "editions").glob("*.db")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 255
    path.unlink()
    path.write_bytes(content)
    mend = f"pullquote rebuild-index --index {chosen.index}  (what can be read is kept)"
    assert bad(examine(chosen)) == {"earlier editions, current": mend}
    with pullquote.open(settings=chosen) as assistant:
        assert assistant.ask("when did the pier open?").answers
    pullquote.rebuild_index(settings=chosen)
    assert bad(examine(chosen)) == {"earlier editions, previous": mend}


def test_repair_needs_articles(chosen):
    """Without articles it raises an error with the command to run."""
    for place in (0, 1):
        (segment(chosen, place) / "articles.db").unlink()
    with pytest.raises(IndexDamaged, match="rebuild-index"):
        repair(chosen)
    shutil.rmtree(chosen.index)
    with pytest.raises(IndexMissing):
        repair(chosen)
