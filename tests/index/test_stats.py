"""The figures of an index."""

from __future__ import annotations

from datetime import date

import pytest

from conftest import Newsroom
from pullquote.index import read_stats
from pullquote.schema.errors import IndexDamaged, IndexMissing


def test_figures_by_hand(newsroom: Newsroom) -> None:
    """Articles are counted by metadata, passages by role."""
    newsroom.write("a.md", "The tide.", title="A", source="Post", section="Sea", date="2024-05-02")
    newsroom.write("b.md", "The pier.", title="B", source="POST ", standfirst="A pier.")
    newsroom.write("c.md", "The boat.", title="C", date="2023-01-31", language="fr")
    newsroom.write("empty.txt", " ")
    report = newsroom.rebuild()
    found = read_stats(newsroom.index)
    assert (found.generation, found.articles, found.passages) == (report.generation, 3, 4)
    assert found.roles == {"body": 3, "standfirst": 1}
    assert found.sources == {"POST": 2, "": 1}
    assert found.sections == {"": 2, "Sea": 1}
    assert found.languages == {"en": 2, "fr": 1}
    assert found.kinds == {"report": 3}
    assert (found.first_day, found.last_day) == (date(2023, 1, 31), date(2024, 5, 2))
    assert (found.undated, found.generations, found.dimension) == (1, 1, 32)
    assert [failure.path for failure in found.failed] == ["empty.txt"]
    folder = newsroom.index.generation(report.generation)
    [segment] = (folder / "segments").iterdir()
    assert found.sizes["articles"] == (segment / "articles.db").stat().st_size
    assert "older generations" not in found.sizes
    whole = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())
    embeddings = newsroom.index.embeddings.stat().st_size
    assert sum(found.sizes.values()) == whole + embeddings


def test_older_generations_count(newsroom: Newsroom) -> None:
    """The figures include the two stored generations and their size."""
    for n in range(3):
        newsroom.write(f"{n}.md", "The tide.")
        newsroom.rebuild()
    found = read_stats(newsroom.index)
    assert found.generations == 2
    assert found.sizes["older generations"] > 0


def test_a_missing_or_damaged_index_has_no_figures(newsroom: Newsroom) -> None:
    """A missing or damaged index has no figures but an error."""
    with pytest.raises(IndexMissing):
        read_stats(newsroom.index)
    newsroom.write("a.md", "The tide.")
    report = newsroom.rebuild()
    [file] = newsroom.index.generation(report.generation).glob("segments/*/articles.db")
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(IndexDamaged, match=r"articles\.db"):
        read_stats(newsroom.index)


def test_stats_of_a_damaged_index_are_those_of_the_previous_generation(newsroom: Newsroom) -> None:
    """The figures of the previous generation come with the damage of the current one."""
    newsroom.write("a.md", "The tide.")
    before = newsroom.rebuild().generation
    newsroom.write("b.md", "The pier.")
    report = newsroom.rebuild()
    (newsroom.index.generation(report.generation) / "manifest.json").write_text("{}")
    found = read_stats(newsroom.index)
    assert (found.generation, found.articles) == (before, 1)
    assert found.damage is not None
    assert "manifest.json" in found.damage
