"""Tests of what every index promises to rebuilds."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

from pullquote.english.terms import content_terms
from pullquote.index import read_stats
from pullquote.index.encoder import Vectors
from pullquote.integrations.testing.encoder import FakeEncoder
from pullquote.integrations.testing.index_pair import ALL, check_order, retrieve
from pullquote.integrations.testing.newsroom import AddressedNewsroom
from pullquote.schema.errors import (
    ArticleUnknown,
    ArticleWithheld,
    IndexLocked,
    IndexMissing,
    PullquoteError,
)


class BrokenEncoder(FakeEncoder):
    """An encoder that fails after `at` texts, or returns NaN."""

    def __init__(self, *, at: int | None = None, nan: bool = False) -> None:
        super().__init__()
        self._at, self._nan = at, nan

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The vectors of the texts, or an error after `at` texts."""
        if self._at is not None and len(self.encoded) + len(texts) > self._at:
            raise MemoryError("the encoder broke")
        rows = super().encode(texts)
        if self._nan:
            rows[-1, 3] = np.nan
        return rows


def found_in(newsroom: AddressedNewsroom, question: str = "the tide at the pier") -> dict[str, str]:
    """The texts of the articles that a question finds in the current generation, by article id."""
    with closing(newsroom.open()) as generation:
        hits = retrieve(generation, newsroom.encoder, question, k=200)
        return {hit.article.id: hit.article.text for hit in hits}


class RebuildsConformance:
    """Tests of rebuilds, including failed ones."""

    secrets: ClassVar[tuple[str, ...]] = ()
    """Credentials in the address or the settings, which must appear nowhere."""

    def test_rebuild_processes_only_changed_articles(self, newsroom: AddressedNewsroom) -> None:
        """A rebuild adds, corrects, removes and renames one article each, and leaves the others."""
        for n in range(6):
            newsroom.write(f"{n}.md", f"The tide {n} was low.")
        first = newsroom.rebuild()
        assert (first.added, first.articles, first.passages, first.embedded) == (6, 6, 6, 6)
        newsroom.write("new.md", "The tide is new.")
        newsroom.write("1.md", "The tide was high, we are sorry.")
        (newsroom.corpus / "2.md").unlink()
        (newsroom.corpus / "3.md").rename(newsroom.corpus / "kept.md")
        newsroom.encoder.encoded.clear()
        report = newsroom.rebuild()
        changed = (report.added, report.changed, report.removed, report.renamed, report.unchanged)
        assert changed == (1, 1, 1, 1, 3)
        assert (report.articles, report.passages, report.embedded) == (6, 6, 2)
        assert sorted(newsroom.encoder.encoded)[-1].endswith("The tide was high, we are sorry.")
        assert found_in(newsroom) == {
            "0.md": "The tide 0 was low.",
            "1.md": "The tide was high, we are sorry.",
            "4.md": "The tide 4 was low.",
            "5.md": "The tide 5 was low.",
            "kept.md": "The tide 3 was low.",
            "new.md": "The tide is new.",
        }

    def test_rebuild_without_changes_does_nothing(self, newsroom: AddressedNewsroom) -> None:
        """The generation stays the same, nothing is embedded, and no file is read."""
        newsroom.write("tide.md", "The tide was low.")
        first = newsroom.rebuild()
        totals: list[int | None] = []
        again = newsroom.rebuild(progress=lambda done, total: totals.append(total))
        assert again.generation == first.generation
        assert (again.unchanged, again.embedded, again.reused) == (1, 0, 0)
        assert set(totals) <= {None}  # files were only looked at

    def test_index_that_grew_answers_like_one_built_at_once(
        self, newsroom: AddressedNewsroom, tmp_path: Path
    ) -> None:
        """After many small rebuilds, and after one with `force`, hits and scores are the same."""
        for step in range(5):
            for n in range(step, step + 6):
                newsroom.write(f"{n}.md", f"The tide {n} was {step}. Boats {n * step} came.")
            (newsroom.corpus / f"{step - 1}.md").unlink(missing_ok=True)
            newsroom.rebuild()
        fresh = AddressedNewsroom(tmp_path, str(tmp_path / "index"))
        for path in newsroom.corpus.iterdir():
            fresh.write(path.name, path.read_text())
        fresh.rebuild()
        for again in (False, True):
            if again:
                newsroom.encoder.encoded.clear()
                assert newsroom.rebuild(force=True).embedded == 0
            with closing(newsroom.open()) as grown, closing(fresh.open()) as anew:
                assert grown.articles() == anew.articles()
                terms = content_terms("boats came to the tide 4")
                assert grown.rarity(terms) == anew.rarity(terms)
                vector = newsroom.encoder.encode_question("boats of the tide 4")
                check_order(
                    dict(grown.nearest(vector, k=99, filters=ALL)),
                    dict(anew.nearest(vector, k=99, filters=ALL)),
                )
                if newsroom.has_words:
                    words = grown.matching(terms, k=99, filters=ALL)
                    expected = anew.matching(terms, k=99, filters=ALL)
                    assert dict(words) == pytest.approx(dict(expected), rel=1e-4)

    def test_failed_files_are_named_until_they_are_repaired(
        self, newsroom: AddressedNewsroom
    ) -> None:
        """The report and the statistics name the failed files; the other articles can be found."""
        newsroom.write("tide.md", "The tide was low.")
        bad = newsroom.corpus / 'it\'s "bad".json'
        bad.write_text("{")
        report = newsroom.rebuild()
        assert [failure.path for failure in report.failed] == [bad.name]
        assert report.failed[0].reason
        assert read_stats(newsroom.index).failed == report.failed
        assert list(found_in(newsroom)) == ["tide.md"]
        bad.write_text(json.dumps({"headline": "Boats", "body": "The boats came to the pier."}))
        assert newsroom.rebuild().failed == ()
        assert set(found_in(newsroom)) == {"tide.md", bad.name}

    def test_second_rebuild_at_the_same_time_is_refused(self, newsroom: AddressedNewsroom) -> None:
        """The second rebuild is refused and disturbs nothing. It may run after the first."""
        newsroom.write("tide.md", "The tide was low.")
        with newsroom.index.rebuilding():
            with pytest.raises(IndexLocked, match="Another rebuild is working on the index"):
                newsroom.rebuild()
            assert newsroom.index.lock_holder() is not None
        assert newsroom.index.lock_holder() is None
        assert newsroom.rebuild().articles == 1

    def test_open_generation_still_answers_after_two_rebuilds(
        self, newsroom: AddressedNewsroom
    ) -> None:
        """An open generation still answers after two rebuilds; opening again returns the newest."""
        for n in range(4):
            newsroom.write(f"{n}.md", f"The tide {n} has number 0.")
        newsroom.rebuild()
        with closing(newsroom.open()) as opened:
            before = retrieve(opened, newsroom.encoder, "which number has the tide?", k=9)
            for number in (1, 2):
                for n in range(4):
                    newsroom.write(f"{n}.md", f"The tide {n} has number {number}.")
                newsroom.rebuild()
                after = retrieve(opened, newsroom.encoder, "which number has the tide?", k=9)
                assert after == before
                assert opened.article("3.md").text == "The tide 3 has number 0."
                texts = found_in(newsroom).values()
                assert {text.rpartition(" ")[2] for text in texts} == {f"{number}."}

    def test_failed_rebuild_leaves_the_old_generation(self, newsroom: AddressedNewsroom) -> None:
        """The index answers as before. The next rebuild succeeds, and cleans up."""
        newsroom.remove_old_generations_at_once()
        newsroom.write("tide.md", "The tide was low.")
        newsroom.rebuild()
        before, sound = newsroom.generation_count(), newsroom.encoder
        for n in range(5):
            newsroom.write(f"{n}.md", f"The tide {n} was at the pier. {'It rose. ' * 40}")
        newsroom.encoder = BrokenEncoder(at=3)
        with pytest.raises(MemoryError, match="the encoder broke"):
            newsroom.rebuild()
        newsroom.encoder = sound
        assert found_in(newsroom) == {"tide.md": "The tide was low."}
        assert newsroom.rebuild().articles == 6
        assert len(found_in(newsroom)) == 6
        newsroom.write("tide.md", "The tide was high.")
        newsroom.rebuild()
        assert newsroom.generation_count() <= 2 * before

    def test_vectors_with_nan_are_refused(self, newsroom: AddressedNewsroom) -> None:
        """Vectors with NaN would match every question or none. The old generation still answers."""
        newsroom.write("tide.md", "The tide was low.")
        newsroom.rebuild()
        sound, newsroom.encoder = newsroom.encoder, BrokenEncoder(nan=True)
        newsroom.write("pier.md", "The pier was shut.")
        with pytest.raises(PullquoteError, match="has length nan instead of 1"):
            newsroom.rebuild()
        newsroom.encoder = sound
        assert list(found_in(newsroom)) == ["tide.md"]
        assert newsroom.rebuild().articles == 2

    def test_embargo_ends_without_a_rebuild(
        self, newsroom: AddressedNewsroom, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Each question checks the time, so no rebuild is needed."""
        end = datetime.now(UTC) + timedelta(hours=1)
        newsroom.write("free.md", "The tide was low.")
        newsroom.write("soon.md", "The tide was high.", embargo=end.isoformat(timespec="seconds"))
        newsroom.rebuild()
        with closing(newsroom.open()) as generation:

            def found() -> set[str]:
                return {h.article.id for h in retrieve(generation, newsroom.encoder, "the tide")}

            assert found() == {"free.md"}
            now = time.time
            monkeypatch.setattr(time, "time", lambda: now() + 3700)
            assert found() == {"free.md", "soon.md"}
            assert generation.article("soon.md").text == "The tide was high."

    def test_withdrawn_and_withheld_articles_are_no_longer_found(
        self, newsroom: AddressedNewsroom
    ) -> None:
        """After the next rebuild, neither search finds such an article; it may only be listed."""
        for name in ("gone", "held", "kept"):
            newsroom.write(f"{name}.md", f"The tide was {name}.", title=name)
        newsroom.rebuild()
        (newsroom.corpus / "gone.md").unlink()
        newsroom.write("held.md", "The tide was held.", title="held", status="withheld")
        newsroom.rebuild()
        assert list(found_in(newsroom, "gone held kept")) == ["kept.md"]
        with closing(newsroom.open()) as generation:
            with pytest.raises(ArticleUnknown):
                generation.article("gone.md")
            with pytest.raises(ArticleWithheld):
                generation.article("held.md")

    def test_empty_corpus_answers_nothing(self, newsroom: AddressedNewsroom) -> None:
        """An empty corpus answers nothing, whether it was always empty or was emptied."""
        assert newsroom.rebuild().articles == 0
        assert found_in(newsroom) == {}
        tide = newsroom.write("tide.md", "The tide was low.")
        newsroom.rebuild()
        assert list(found_in(newsroom)) == ["tide.md"]
        tide.unlink()
        newsroom.rebuild()
        assert found_in(newsroom) == {}
        assert read_stats(newsroom.index).articles == 0

    def test_opening_before_the_first_rebuild_is_an_error(
        self, newsroom: AddressedNewsroom
    ) -> None:
        """The error names the location of the index and the command that builds it."""
        with pytest.raises(IndexMissing, match="pullquote rebuild-index") as caught:
            newsroom.open()
        assert newsroom.address.rpartition("/")[2] in str(caught.value)

    def test_changed_index_config_rebuilds_every_article(self, newsroom: AddressedNewsroom) -> None:
        """If the index config changes, every article is parsed again, and the report says why."""
        newsroom.write("tide.md", "The tide was low. It rose. It fell.")
        newsroom.rebuild()
        report = newsroom.rebuild(index_config=newsroom.index_config(tokens=4))
        assert (report.articles, report.passages > 1) == (1, True)
        assert "every article is parsed again" in str(report.note)
        with closing(newsroom.open()) as generation:
            assert generation.manifest.index_config == newsroom.index_config(tokens=4)

    def test_index_records_its_corpus(self, newsroom: AddressedNewsroom) -> None:
        """The index records the corpus that it was built from."""
        assert newsroom.index.recorded_corpus() is None
        newsroom.write("tide.md", "The tide was low.")
        newsroom.rebuild()
        recorded = newsroom.index.recorded_corpus()
        assert recorded is not None
        assert recorded.samefile(newsroom.corpus)

    def test_index_records_its_encoder(self, newsroom: AddressedNewsroom) -> None:
        """The index records the encoder that it was built with."""
        assert newsroom.index.recorded_encoder() is None
        newsroom.write("tide.md", "The tide was low.")
        newsroom.rebuild()
        assert newsroom.index.recorded_encoder() == newsroom.encoder.identity

    def test_descriptions_and_errors_contain_no_secret(self, newsroom: AddressedNewsroom) -> None:
        """No description of the index and no error contains one of `secrets`."""
        newsroom.write("tide.md", "The tide was low.")
        shown = [repr(newsroom.settings), repr(newsroom.index), str(newsroom.index.location)]
        with suppress(IndexMissing):
            newsroom.open()
        shown.append(str(newsroom.rebuild()))
        shown.append(read_stats(newsroom.index).model_dump_json())
        with newsroom.index.rebuilding(), pytest.raises(IndexLocked) as caught:
            newsroom.rebuild()
        shown.append(repr(caught.value))
        assert not [text for text in shown if any(one in text for one in self.secrets)]
