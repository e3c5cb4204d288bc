"""A test of the words that an index lists for the correction of spelling."""

from __future__ import annotations

from pullquote.testing.index_pair import IndexPair


class VocabularyConformance:
    """A test of an index that does not change."""

    def test_listed_terms_are_the_same_as_in_a_folder(self, pair: IndexPair) -> None:
        """All live terms of letters are listed, for the correction of spelling; or none are."""
        expected, found = (
            set(one.terms()) - set(one.unknown_terms(list(one.terms())))
            for one in (pair.local, pair.tested)
        )
        assert "tide" in expected
        assert all(term.isalpha() for term in expected)
        assert found in (expected, set())
