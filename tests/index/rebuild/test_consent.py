"""A rebuild asks before it removes many articles, or reads another folder."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from conftest import Newsroom
from engines import QUICK_ENGINES, Engine, newsroom_at
from pullquote.index import Consent, Preview, Report, preview
from pullquote.index.rebuild.batches import Batch
from pullquote.index.rebuild.build import rebuild
from pullquote.index.rebuild.consent import is_same_folder
from pullquote.schema.errors import CorpusChanged, RebuildRefused, RemovalsRefused

REMOVALS = Consent(removals=True)
NEW_CORPUS = Consent(new_corpus=True)


@pytest.fixture(params=QUICK_ENGINES)
def anywhere(request: pytest.FixtureRequest) -> Iterator[Newsroom]:
    """Twenty articles, indexed in a folder and in each other kind of index."""
    with newsroom_at(request, Engine(request.param)) as newsroom:
        yield filled(newsroom)


@pytest.fixture
def twenty(newsroom: Newsroom) -> Newsroom:
    """Twenty articles, indexed in a folder."""
    return filled(newsroom)


def filled(newsroom: Newsroom) -> Newsroom:
    """The newsroom with twenty articles, indexed; nothing encoded since."""
    for n in range(20):
        newsroom.write(f"a{n:02}.md", f"Boat number {n} left the harbour.")
    newsroom.rebuild()
    newsroom.encoder.encoded.clear()
    return newsroom


def remove(newsroom: Newsroom, count: int) -> None:
    """Delete the first so many files."""
    for n in range(count):
        (newsroom.corpus / f"a{n:02}.md").unlink()


def other_folder(newsroom: Newsroom, articles: int = 1) -> Path:
    """Another folder, of so many other articles."""
    other = newsroom.corpus.parent / "other"
    other.mkdir()
    for n in range(articles):
        (other / f"gull{n:02}.md").write_text(f"Gull number {n} nests.")
    return other


def rebuilt(newsroom: Newsroom, corpus: Path, consent: Consent | None = None) -> Report:
    """The report of a rebuild from that folder."""
    return rebuild(
        newsroom.index,
        corpus,
        newsroom.encoder,
        index_config=newsroom.index_config(),
        consent=Consent() if consent is None else consent,
    )


def previewed(newsroom: Newsroom, corpus: Path, consent: Consent | None = None) -> Preview:
    """The preview of a rebuild from that folder."""
    return preview(
        newsroom.index,
        corpus,
        index_config=newsroom.index_config(),
        consent=Consent() if consent is None else consent,
    )


def refused(newsroom: Newsroom, *, force: bool = False) -> RemovalsRefused:
    """The error of a rebuild, which leaves the index as it is."""
    before = newsroom.index.current()
    with pytest.raises(RemovalsRefused) as caught:
        newsroom.rebuild(force=force)
    assert newsroom.index.current() == before
    return caught.value


# Removals


def test_an_empty_mount_point_empties_no_index(anywhere: Newsroom) -> None:
    """Nothing is read, embedded or published; the error lists the loss and how to allow it."""
    shutil.rmtree(anywhere.corpus)
    anywhere.corpus.mkdir()
    error = refused(anywhere)
    assert error.loss is not None
    assert (error.loss.removed, error.loss.articles) == (20, 20)
    assert error.loss.examples == ("a00.md", "a01.md", "a02.md", "a03.md", "a04.md")
    assert (error.corpus, error.removals_at_most) == (anywhere.corpus.resolve(), 0.5)
    message = str(error)
    assert "20 of its 20 articles (a00.md, a01.md, a02.md, a03.md, a04.md and 15 more)" in message
    assert "--allow-removals" in message
    assert anywhere.index.location in message
    assert anywhere.encoder.encoded == []
    assert anywhere.rebuild(consent=REMOVALS).removed == 20


def test_a_different_folder_is_not_read_without_consent(anywhere: Newsroom) -> None:
    """Another folder with articles is used only with consent; the old articles are then removed."""
    other = other_folder(anywhere)
    before = anywhere.index.current()
    with pytest.raises(CorpusChanged) as caught:
        rebuilt(anywhere, other)
    assert anywhere.index.current() == before
    assert (caught.value.recorded, caught.value.corpus) == (
        anywhere.corpus.resolve(),
        other.resolve(),
    )
    assert caught.value.loss is not None
    assert caught.value.loss.removed == 20
    assert "--new-corpus" in str(caught.value)
    assert anywhere.encoder.encoded == []
    report = rebuilt(anywhere, other, NEW_CORPUS)
    assert (report.added, report.removed, report.articles) == (1, 20, 1)


@pytest.mark.parametrize(("removed", "stops"), [(10, False), (11, True)])
def test_no_more_than_the_share_may_be_removed(
    anywhere: Newsroom, removed: int, stops: bool
) -> None:
    """By default, half of the articles may be removed, and one more may not."""
    remove(anywhere, removed)
    assert (previewed(anywhere, anywhere.corpus).refused is not None) is stops
    if stops:
        refused(anywhere)
    else:
        assert anywhere.rebuild().removed == removed


@pytest.mark.parametrize(
    ("share", "removed", "stops"),
    [(0.0, 10, True), (0.6, 12, False), (0.6, 13, True), (1, 20, False)],
)
def test_the_share_is_a_setting(twenty: Newsroom, share: float, removed: int, stops: bool) -> None:
    """With a share of 1, any number may be removed."""
    remove(twenty, removed)
    consent = Consent(removals_at_most=share)
    assert (previewed(twenty, twenty.corpus, consent).refused is not None) is stops


def test_fewer_than_ten_articles_may_always_be_removed(newsroom: Newsroom) -> None:
    """All nine articles of a small folder may be removed, but not all of ten."""
    for n in range(10):
        newsroom.write(f"a{n:02}.md", f"Boat number {n} left.")
    newsroom.rebuild()
    remove(newsroom, 10)
    refused(newsroom)
    newsroom.write("a00.md", "Boat number 0 left.")
    assert newsroom.rebuild().removed == 9


def test_renames_are_not_removals(anywhere: Newsroom) -> None:
    """Moving all files to a subfolder removes nothing, even if all are parsed again."""
    inside = anywhere.corpus / "2024"
    inside.mkdir()
    for path in sorted(anywhere.corpus.glob("*.md")):
        path.rename(inside / f"new-{path.name}")
    assert previewed(anywhere, anywhere.corpus).refused is None
    assert anywhere.rebuild(force=True).renamed == 20


def test_new_files_do_not_balance_lost_ones(anywhere: Newsroom) -> None:
    """New files do not balance lost ones: another disk may be mounted."""
    remove(anywhere, 20)
    for n in range(30):
        anywhere.write(f"b{n:02}.md", f"Gull number {n} nests.")
    error = refused(anywhere)
    assert error.loss is not None
    assert (error.loss.removed, error.loss.examples[0]) == (20, "a00.md")


def test_reading_every_file_again_needs_consent_too(twenty: Newsroom) -> None:
    """Consent is also needed with `force`, another index config, or both."""
    remove(twenty, 11)
    refused(twenty, force=True)
    with pytest.raises(RemovalsRefused):
        twenty.rebuild(index_config=twenty.index_config(tokens=20))
    assert twenty.encoder.encoded == []


def test_a_rebuild_refused_by_names_starts_no_process(twenty: Newsroom) -> None:
    """A rebuild that file names already refuse starts no process and no cluster."""

    def never(_work: object) -> AbstractContextManager[Iterator[Batch]]:
        raise AssertionError("it was to be read")

    remove(twenty, 20)
    with pytest.raises(RemovalsRefused):
        rebuild(
            twenty.index,
            twenty.corpus,
            twenty.encoder,
            index_config=twenty.index_config(),
            prepare=never,
        )


def test_withheld_articles_are_not_removed(twenty: Newsroom) -> None:
    """Articles that become withheld are not removals, since their files still exist."""
    for n in range(20):
        twenty.write(f"a{n:02}.md", f"Boat number {n} left.", status="withheld")
    report = twenty.rebuild()
    assert (report.changed, report.removed) == (20, 0)


# Losses that only parsing shows


def members(archive: Path, count: int, *, since: int = 0) -> None:
    """Write an archive of so many articles."""
    with zipfile.ZipFile(archive, "w") as made:
        for n in range(since, since + count):
            made.writestr(f"m{n:03}.txt", f"Ferry number {n} came in.")


def test_an_archive_that_loses_its_members_is_noticed(newsroom: Newsroom) -> None:
    """Parsing shows the loss although the archive's name is still there. Nothing is published."""
    archive = newsroom.corpus / "old.zip"
    members(archive, 100)
    newsroom.rebuild()
    members(archive, 40)
    error = refused(newsroom)
    assert error.loss is not None
    assert (error.loss.removed, error.loss.articles) == (60, 100)
    assert error.loss.examples[0] == "old.zip#m040.txt"
    assert newsroom.rebuild(consent=REMOVALS).articles == 40


def test_consent_to_a_number_allows_that_many_removals(newsroom: Newsroom) -> None:
    """Consent to a number allows that many removals and no more."""
    archive = newsroom.corpus / "old.zip"
    members(archive, 100)
    newsroom.rebuild()
    members(archive, 40)
    with pytest.raises(RemovalsRefused, match="60 of its 100"):
        newsroom.rebuild(consent=Consent(removals_up_to=59))
    assert newsroom.rebuild(consent=Consent(removals_up_to=60)).articles == 40


def test_a_renamed_archive_has_lost_nothing(newsroom: Newsroom) -> None:
    """Each article of a renamed archive counts as renamed."""
    members(newsroom.corpus / "old.zip", 30)
    newsroom.rebuild()
    (newsroom.corpus / "old.zip").rename(newsroom.corpus / "new.zip")
    assert newsroom.rebuild(force=True).renamed == 30


def test_a_file_of_the_newest_articles_loses_none(newsroom: Newsroom) -> None:
    """A feed with as many articles as before has lost none, even if all are new."""
    feed = newsroom.corpus / "feed.zip"
    members(feed, 30)
    newsroom.rebuild()
    members(feed, 30, since=30)
    report = newsroom.rebuild()
    assert (report.added, report.removed) == (30, 30)


def export(newsroom: Newsroom, name: str, count: int, *, since: int = 0) -> None:
    """Write an export of so many records."""
    records = [
        {"id": f"r{n:03}", "title": f"Ferry {n}", "text": f"Ferry number {n} came in."}
        for n in range(since, since + count)
    ]
    lines = "".join(f"{json.dumps(record)}\n" for record in records)
    (newsroom.corpus / name).write_text(lines)


@pytest.mark.parametrize("force", [False, True])
def test_an_export_that_is_replaced_each_night_loses_nothing(
    newsroom: Newsroom, *, force: bool
) -> None:
    """A new export with all records of the old one loses nothing, whatever its name."""
    export(newsroom, "export-2024-05-01.jsonl", 20)
    newsroom.rebuild()
    (newsroom.corpus / "export-2024-05-01.jsonl").unlink()
    export(newsroom, "export-2024-05-02.jsonl", 22)
    assert previewed(newsroom, newsroom.corpus).refused is None
    report = newsroom.rebuild(force=force)
    assert (report.articles, report.embedded) == (22, 2)


def test_an_export_that_is_replaced_by_a_shorter_one_is_noticed(anywhere: Newsroom) -> None:
    """Records whose texts are not in the new export are lost."""
    export(anywhere, "export-2024-05-01.jsonl", 60)
    anywhere.rebuild()
    (anywhere.corpus / "export-2024-05-01.jsonl").unlink()
    export(anywhere, "export-2024-05-02.jsonl", 15)
    error = refused(anywhere)
    assert error.loss is not None
    assert (error.loss.removed, error.loss.articles) == (45, 80)
    assert error.loss.examples[0] == "export-2024-05-01.jsonl#r015"


def test_articles_that_moved_from_one_archive_to_another_are_not_lost(newsroom: Newsroom) -> None:
    """An article that moved to another archive is not lost."""
    members(newsroom.corpus / "old.zip", 40)
    members(newsroom.corpus / "older.zip", 2, since=100)
    newsroom.rebuild()
    members(newsroom.corpus / "old.zip", 5)
    members(newsroom.corpus / "older.zip", 38, since=5)
    assert newsroom.rebuild().articles == 43


def test_removing_one_of_two_copies_is_a_removal(newsroom: Newsroom) -> None:
    """If one of two files with the same text is removed, it counts as a removal."""
    for n in range(15):
        newsroom.write(f"one{n:02}.md", f"Boat number {n} left.")
        newsroom.write(f"two{n:02}.md", f"Boat number {n} left.")
    newsroom.write("tide.md", "The tide was in.")
    newsroom.rebuild()
    for n in range(15):
        (newsroom.corpus / f"two{n:02}.md").unlink()
    newsroom.write("tide.md", "The tide was out.")
    with pytest.raises(RemovalsRefused, match="15 of its 31 articles"):
        newsroom.rebuild(force=True, consent=Consent(removals_at_most=0.4))


def test_unreadable_files_count_as_removals(anywhere: Newsroom) -> None:
    """Unreadable files count as removals, and the error has their number."""
    for n in range(12):
        anywhere.write(f"a{n:02}.md", "---\ntitle: [\n---\nText.")
    error = refused(anywhere)
    assert error.loss is not None
    assert (error.loss.removed, error.failed) == (12, 12)
    assert "12 files could not be read" in str(error)
    assert anywhere.rebuild(consent=REMOVALS).articles == 8


def test_files_that_cannot_be_opened_count_as_removals(twenty: Newsroom) -> None:
    """Files that cannot be opened count before anything is read."""
    for n in range(12):
        path = twenty.corpus / f"a{n:02}.md"
        path.unlink()
        path.symlink_to("/nowhere/article.md")
    error = refused(twenty)
    assert error.failed == 12


# The corpus folder


def test_another_name_of_the_same_folder_needs_no_consent(
    twenty: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A relative path, a trailing slash or a link to the same folder needs no consent."""
    link = twenty.corpus.parent / "link"
    link.symlink_to(twenty.corpus)
    monkeypatch.chdir(twenty.corpus.parent)
    for path in (Path("corpus"), Path("corpus/"), Path("./index/../corpus"), link):
        assert is_same_folder(twenty.corpus.resolve(), path)
        assert rebuilt(twenty, path).unchanged == 20


def test_a_corpus_that_was_moved_is_the_same(anywhere: Newsroom) -> None:
    """If the old folder is gone and the articles are in the new one, the corpus has moved."""
    moved = anywhere.corpus.parent / "moved"
    anywhere.corpus.rename(moved)
    report = rebuilt(anywhere, moved)
    assert (report.unchanged, report.removed) == (20, 0)
    assert report.note is not None
    assert str(anywhere.corpus.resolve()) in report.note
    assert anywhere.index.recorded_corpus() == moved.resolve()


def test_a_recorded_folder_that_leads_nowhere_is_gone(twenty: Newsroom) -> None:
    """A recorded folder that is a link to itself counts as gone."""
    moved = twenty.corpus.parent / "moved"
    twenty.corpus.rename(moved)
    twenty.corpus.symlink_to(twenty.corpus.name)
    assert rebuilt(twenty, moved).unchanged == 20


def test_an_index_may_move_with_its_corpus(twenty: Newsroom) -> None:
    """Index and corpus may both move; nothing is read or embedded again."""
    home = twenty.corpus.parent
    home.rename(home.with_name(f"{home.name}-moved"))
    try:
        elsewhere = Newsroom(home.with_name(f"{home.name}-moved"), twenty.encoder)
        report = elsewhere.rebuild()
        assert (report.unchanged, report.embedded, report.removed) == (20, 0, 0)
    finally:
        home.with_name(f"{home.name}-moved").rename(home)


def test_a_different_folder_is_not_a_moved_one(twenty: Newsroom) -> None:
    """A folder with few of the articles needs consent, even if the old folder is gone."""
    other = other_folder(twenty)
    shutil.rmtree(twenty.corpus)
    with pytest.raises(CorpusChanged):
        rebuilt(twenty, other)


def test_a_copy_needs_consent_while_the_first_folder_exists(twenty: Newsroom) -> None:
    """A copy needs consent while the first folder exists, although nothing would be removed."""
    copy = twenty.corpus.parent / "copy"
    shutil.copytree(twenty.corpus, copy)
    with pytest.raises(CorpusChanged, match=r"not from .*copy\. 0 of its 20 articles"):
        rebuilt(twenty, copy)


def test_an_empty_folder_needs_two_consents(twenty: Newsroom) -> None:
    """A new empty folder is probably a mistake, so it needs two consents."""
    other = other_folder(twenty, articles=0)
    with pytest.raises(RemovalsRefused):
        rebuilt(twenty, other, NEW_CORPUS)
    both = Consent(new_corpus=True, removals=True)
    assert rebuilt(twenty, other, both).removed == 20


def test_an_empty_index_may_be_built_from_any_folder(newsroom: Newsroom) -> None:
    """An empty index may be built from any folder, since there is nothing to lose."""
    newsroom.rebuild()
    assert rebuilt(newsroom, other_folder(newsroom)).added == 1


# Unreadable indexes


def test_an_index_of_another_format_is_not_emptied_either(twenty: Newsroom) -> None:
    """After an update of pullquote, corpus and number of articles are still known."""
    of_another_format(twenty)
    with pytest.raises(CorpusChanged):
        rebuilt(twenty, other_folder(twenty))
    remove(twenty, 20)
    with pytest.raises(RemovalsRefused, match="20 of its 20 articles would be removed"):
        twenty.rebuild()
    twenty.write("a00.md", "Boat number 0 left the harbour.")
    with pytest.raises(RemovalsRefused, match="19 of its 20 articles"):
        twenty.rebuild()
    assert twenty.rebuild(consent=REMOVALS).articles == 1


def cut_short(newsroom: Newsroom) -> None:
    """Damage the index: truncate the file with its articles to half."""
    [articles] = newsroom.index.path.rglob("articles.db")
    articles.write_bytes(articles.read_bytes()[: articles.stat().st_size // 2])


def test_a_damaged_index_is_not_replaced_from_any_folder(twenty: Newsroom) -> None:
    """If the index cannot list its articles, another folder does not count as a move."""
    other = other_folder(twenty)
    twenty.corpus.rename(twenty.corpus.with_name("away"))
    cut_short(twenty)
    with pytest.raises(CorpusChanged):
        rebuilt(twenty, other)


def of_another_format(newsroom: Newsroom) -> None:
    """Make the index look like one of an earlier version."""
    manifest = next((newsroom.index.path / "generations").glob("*/manifest.json"))
    facts = json.loads(manifest.read_bytes())
    manifest.write_text(json.dumps({**facts, "format": 1}))


@pytest.mark.parametrize("spoil", [cut_short, of_another_format])
def test_an_index_that_is_not_readable_can_move_with_consent(
    twenty: Newsroom, spoil: Callable[[Newsroom], None]
) -> None:
    """The option that the error names works; nothing is embedded again."""
    moved = twenty.corpus.with_name("moved")
    twenty.corpus.rename(moved)
    spoil(twenty)
    with pytest.raises(CorpusChanged, match="--new-corpus"):
        rebuilt(twenty, moved)
    report = rebuilt(twenty, moved, NEW_CORPUS)
    assert (report.articles, report.embedded) == (20, 0)


# Previews


def test_a_preview_says_that_the_rebuild_would_stop(anywhere: Newsroom) -> None:
    """The preview has the reason for a refusal; with consent it has none."""
    remove(anywhere, 20)
    found = previewed(anywhere, anywhere.corpus)
    assert found.refused is not None
    assert found.refused.error == "RemovalsRefused"
    assert (found.refused.removed, found.refused.articles) == (20, 20)
    assert found.refused.examples[0] == "a00.md"
    assert "--allow-removals" in found.refused.message
    assert len(found.changes.removed) == 20
    assert previewed(anywhere, anywhere.corpus, REMOVALS).refused is None


def test_a_refused_rebuild_leaves_nothing_behind(twenty: Newsroom) -> None:
    """It leaves no partial generation; cached digests stay; the next rebuild succeeds."""
    generations = twenty.generations()
    saved = twenty.corpus.parent / "saved"
    twenty.corpus.rename(saved)
    twenty.corpus.mkdir()
    refused(twenty)
    assert twenty.generations() == generations
    twenty.corpus.rmdir()
    saved.rename(twenty.corpus)
    assert twenty.rebuild().unchanged == 20
    assert isinstance(refused_again(twenty), RebuildRefused)


def refused_again(newsroom: Newsroom) -> RemovalsRefused:
    """The error of another rebuild after the files are removed."""
    remove(newsroom, 20)
    return refused(newsroom)
