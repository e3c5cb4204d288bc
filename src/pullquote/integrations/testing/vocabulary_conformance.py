"""Tests of what an index lists: its words, and the articles with an address."""

from __future__ import annotations

from pullquote.integrations.testing.index_pair import IndexPair
from pullquote.integrations.testing.sample_corpus import URL


class VocabularyConformance:
    """Tests of an index that does not change."""

    def test_listed_terms_are_the_same_as_in_a_folder(self, pair: IndexPair) -> None:
        """All live terms of letters are listed, for the correction of spelling; or none are."""
        expected, found = (
            set(one.terms()) - set(one.unknown_terms(list(one.terms())))
            for one in (pair.local, pair.tested)
        )
        assert "tide" in expected
        assert all(term.isalpha() for term in expected)
        assert found in (expected, set())

    def test_articles_are_found_by_their_address(self, pair: IndexPair) -> None:
        """Tracking does not count, and an address that no article has finds none."""
        assert pair.tested.articles_at(f"{URL}/?utm_source=x#top") == ["new.md", "old.md"]
        for other in ("https://post.example/piers", "https://post.example", "pier", "", "\ud800"):
            assert pair.tested.articles_at(other) == []
