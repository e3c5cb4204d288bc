"""`verify` compares a citation with the edition that was cited, if the index has it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

import pullquote
from conftest import Newsroom
from pullquote.cli.commands import app
from pullquote.index import IndexFolder
from pullquote.newsroom.verification import SavedCitation, verify_citations
from pullquote.schema import CitationState, VerifiedCitation
from pullquote.schema.file_limits import EditionBounds

OLD = (
    "Harbour wall\n\nThe wall costs 4 million pounds, the council said. It was built in 1890.\n\n"
    "A mole costs 4 million pounds, the harbour master said. It was built in 1990.\n"
)
QUOTE = "costs 4 million pounds"
SECOND = OLD.rindex(QUOTE)


def written(newsroom: Newsroom, text: str, name: str = "wall.md") -> None:
    """Write the article, and rebuild."""
    newsroom.write(name, text)
    newsroom.rebuild()


def link(newsroom: Newsroom, start: int = SECOND, end: int = SECOND + len(QUOTE)) -> SavedCitation:
    """A permanent link to words of the article; it has no words, only the version."""
    version = newsroom.open().article("wall.md").version[:12]
    return SavedCitation("wall.md", start, end, None, version)


def verified(newsroom: Newsroom, saved: SavedCitation) -> VerifiedCitation:
    """What became of the citation."""
    [found] = verify_citations([saved], newsroom.open())
    return found


def words(found: VerifiedCitation) -> list[tuple[str, str]]:
    """The words that were removed or added."""
    return [(one.kind, one.text) for one in found.differences if one.kind != "same"]


def test_a_link_without_words_finds_them_where_they_moved(newsroom: Newsroom) -> None:
    """The old edition says what the words were, and its context tells equal words apart."""
    written(newsroom, OLD)
    saved = link(newsroom)
    written(newsroom, OLD.replace("Harbour wall", "Harbour wall and mole"))
    found = verified(newsroom, saved)
    assert (found.state, found.quote, found.words) == ("moved", QUOTE, QUOTE)
    assert found.start == SECOND + len(" and mole")
    assert found.edition is not None
    assert found.edition.version.startswith(str(saved.version))
    assert found.edition.until is not None


def test_without_the_edition_a_link_stays_unclear(newsroom: Newsroom) -> None:
    """Nothing is guessed if the index has no editions."""
    newsroom.index = IndexFolder(newsroom.index.path, bounds=EditionBounds(most=0))
    written(newsroom, OLD)
    saved = link(newsroom)
    written(newsroom, OLD.replace("Harbour wall", "Harbour wall and mole"))
    found = verified(newsroom, saved)
    assert (found.state, found.edition) == (CitationState.UNCLEAR, None)


def test_changed_words_are_compared_with_those_that_were_cited(newsroom: Newsroom) -> None:
    """The figure of the second sentence was corrected, not that of the first."""
    written(newsroom, OLD)
    saved = link(newsroom)
    written(newsroom, f"{OLD[:SECOND]}{OLD[SECOND:].replace('4 million', '5 million')}")
    found = verified(newsroom, saved)
    assert (found.state, found.start) == (CitationState.CHANGED, SECOND)
    assert words(found) == [("removed", "4"), ("added", "5")]


def test_words_that_are_gone_are_named(newsroom: Newsroom) -> None:
    """The sentence was removed, and the equal words of another sentence are not taken for it."""
    written(newsroom, OLD)
    saved = link(newsroom)
    written(newsroom, OLD[: OLD.index("A mole")])
    found = verified(newsroom, saved)
    assert found.state in (CitationState.CHANGED, CitationState.UNCLEAR)
    assert (found.start, found.quote) == (None, QUOTE)
    assert found.edition is not None


def test_several_changes_later(newsroom: Newsroom) -> None:
    """The edition that was cited is chosen by its version, not the last one before."""
    written(newsroom, OLD)
    saved = link(newsroom)
    for n in range(3):
        written(newsroom, OLD.replace("Harbour wall", f"Harbour wall {n * 'x'}").replace("4", "5"))
    found = verified(newsroom, saved)
    assert words(found) == [("removed", "4"), ("added", "5")]
    assert found.edition.version.startswith(str(saved.version))


def test_an_article_that_is_gone_has_its_earlier_words(newsroom: Newsroom) -> None:
    """The words and the edition are known, although the file was removed."""
    written(newsroom, OLD)
    saved = link(newsroom)
    (newsroom.corpus / "wall.md").unlink()
    written(newsroom, "The tide was low.", "tide.md")
    found = verified(newsroom, saved)
    assert (found.state, found.quote) == (CitationState.GONE, QUOTE)
    assert found.edition.until is not None
    assert "until it was removed" in found.reason


def test_a_renamed_and_changed_article_is_found(newsroom: Newsroom) -> None:
    """Its file was renamed first, and changed later."""
    written(newsroom, OLD)
    saved = link(newsroom)
    (newsroom.corpus / "wall.md").rename(newsroom.corpus / "mole.md")
    newsroom.rebuild()
    written(newsroom, OLD.replace("Harbour wall", "Harbour wall and mole"), "mole.md")
    found = verified(newsroom, saved)
    assert (found.state, found.article_now, found.words) == ("moved", "mole.md", QUOTE)


def test_a_changed_file_whose_article_stayed_the_same(newsroom: Newsroom) -> None:
    """Another article of the export changed, so that a link with the old version stands."""
    line = '{{"id": "{}", "title": "T", "body": "The {} lay there all day long."}}\n'
    path = newsroom.corpus / "all.jsonl"
    versions = []
    for word in ("boat", "gull", "ferry"):
        path.write_text(line.format("a", word) + line.format("b", "pier"))
        newsroom.rebuild()
        versions.append(newsroom.open().article("all.jsonl#a").version)
    text = newsroom.open().article("all.jsonl#b").text
    start = text.index("pier")
    for version in versions:
        found = verified(newsroom, SavedCitation("all.jsonl#b", start, start + 4, None, version))
        assert (found.state, found.words, found.edition) == (CitationState.STANDS, "pier", None)
    changed = newsroom.open().article("all.jsonl#a").text
    start = changed.index("ferry")
    saved = SavedCitation("all.jsonl#a", start, start + 4, None, versions[1])
    found = verified(newsroom, saved)
    assert (found.state, found.quote) == (CitationState.CHANGED, "gull")


def test_a_citation_without_a_version_is_found_by_its_place(newsroom: Newsroom) -> None:
    """Exported Markdown has the words and the place, but no version."""
    written(newsroom, OLD)
    saved = SavedCitation("wall.md", SECOND, SECOND + len(QUOTE), QUOTE, None)
    written(newsroom, OLD.replace("Harbour wall", "Harbour wall and mole"))
    found = verified(newsroom, saved)
    assert (found.state, found.start) == ("moved", SECOND + len(" and mole"))
    assert found.edition is not None


def test_a_withheld_article_shows_no_edition(newsroom: Newsroom) -> None:
    """Neither its words nor the words that it had."""
    written(newsroom, OLD)
    saved = link(newsroom)
    newsroom.write("wall.md", OLD, embargoed="2999-01-01T00:00:00Z")
    newsroom.rebuild()
    found = verified(newsroom, saved)
    assert (found.state, found.quote, found.edition) == (CitationState.WITHDRAWN, "", None)


@pytest.mark.parametrize("version", ["", "a", "zzzzzzzzzzzz", "%", "~" * 12, "0" * 64])
def test_no_version_leads_astray(newsroom: Newsroom, version: str) -> None:
    """An unknown, short or hostile version finds no edition."""
    written(newsroom, OLD)
    written(newsroom, OLD.replace("Harbour wall", "Harbour wall and mole"))
    saved = SavedCitation("wall.md", SECOND, SECOND + len(QUOTE), None, version)
    known = newsroom.open().history.of("wall.md")[0].article.version
    if not version or not known.startswith(version):
        assert verified(newsroom, saved).edition is None


def test_the_command_names_the_edition(tmp_path: Path) -> None:
    """The terminal shows when it was in the index, and how to see all that changed."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "wall.md").write_text(OLD)
    pullquote.rebuild_index(corpus, tmp_path / "index")
    with pullquote.open(tmp_path / "index") as assistant:
        version = assistant.article("wall.md").version[:12]
    (corpus / "wall.md").write_text(OLD.replace("4", "5"))
    pullquote.rebuild_index(corpus, tmp_path / "index")
    notes = tmp_path / "notes.md"
    place = f"article=wall.md&start={SECOND}&end={SECOND + len(QUOTE)}&version={version}"
    notes.write_text(f"See http://localhost:7860/?{place}\n")
    run = ["verify", str(notes), "--index", str(tmp_path / "index")]
    shown = CliRunner().invoke(app, run)
    assert shown.exit_code == 3
    assert "costs [-4-] {+5+} million pounds" in shown.output
    assert f"pullquote editions wall.md --old {version}" in shown.output
    found = json.loads(CliRunner().invoke(app, [*run, "--json"]).output)
    assert found["citations"][0]["edition"]["version"].startswith(version)
    shutil.rmtree(tmp_path / "index")
