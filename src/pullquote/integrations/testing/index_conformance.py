"""The tests that an index of any backend must pass.

Subclass `IndexConformance` in a test file and give the address of an index; pytest runs all tests:

    class TestTiny(IndexConformance):
        @classmethod
        def address(cls, folder: Path) -> str:
            return f"tiny://{folder / 'index'}"

The tests need the extra `testing`, and no model.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import ClassVar

import pytest

from pullquote.integrations.testing.answers_conformance import (
    AnswersConformance,
    SpeakersConformance,
    VocabularyConformance,
)
from pullquote.integrations.testing.index_pair import IndexPair, index_pair_of
from pullquote.integrations.testing.newsroom import AddressedNewsroom
from pullquote.integrations.testing.rebuilds_conformance import RebuildsConformance

__all__ = [
    "AnswersConformance",
    "IndexConformance",
    "RebuildsConformance",
    "SpeakersConformance",
    "VocabularyConformance",
]


class IndexConformance(
    AnswersConformance, VocabularyConformance, SpeakersConformance, RebuildsConformance, ABC
):
    """The tests for every index; a subclass gives the address of one index.

    Answers are compared with those of a brute-force search and of an index in a folder.
    """

    has_words: ClassVar[bool] = True
    """Whether the index is searched by words as well as by meaning."""

    settings: ClassVar[Mapping[str, object]] = {}
    """Settings to open the index with, such as credentials."""

    @classmethod
    @abstractmethod
    def address(cls, folder: Path) -> str:
        """The address of an index that does not exist yet; `folder` is an empty folder for it.

        This is called for each test that rebuilds, and must return a new address each time.
        """

    @pytest.fixture
    def newsroom(self, tmp_path: Path) -> AddressedNewsroom:
        """An empty corpus, with an index that does not exist yet."""
        return self.newsroom_in(tmp_path / "newsroom")

    @pytest.fixture(scope="class")
    @classmethod
    def pair(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[IndexPair]:
        """The sample corpus, indexed and open."""
        newsroom = cls.newsroom_in(tmp_path_factory.mktemp("newsroom"))
        local = tmp_path_factory.mktemp("local")
        with index_pair_of(newsroom, AddressedNewsroom(local, str(local / "index"))) as made:
            yield made

    @classmethod
    def newsroom_in(cls, folder: Path) -> AddressedNewsroom:
        """An empty corpus in a folder, with a new address for its index."""
        folder.mkdir(parents=True, exist_ok=True)
        return AddressedNewsroom(
            folder, cls.address(folder), has_words=cls.has_words, settings=cls.settings
        )
