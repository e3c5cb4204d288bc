"""The promises of every index: in a folder, in milvus-lite, in a real Milvus.

The tests are those of `pullquote.integrations.testing`, which other packages run too. Here each
runs on every kind of index for which it adds coverage.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engines import ALL_BUT_GUARDED, ENGINES, QUICK_ENGINES, Engine, NewsroomAnywhere, newsroom_at
from milvus_servers import PASSWORD
from pullquote.integrations.testing.index_conformance import (
    AnswersConformance,
    RebuildsConformance,
    SpeakersConformance,
    VocabularyConformance,
)
from pullquote.integrations.testing.index_pair import IndexPair, index_pair_of

PLACES = {
    "test_rebuild_processes_only_changed_articles": ALL_BUT_GUARDED,
    "test_second_rebuild_at_the_same_time_is_refused": ALL_BUT_GUARDED,
    "test_open_generation_still_answers_after_two_rebuilds": ALL_BUT_GUARDED,
    "test_failed_rebuild_leaves_the_old_generation": ALL_BUT_GUARDED,
    "test_descriptions_and_errors_contain_no_secret": ENGINES,
}
"""Tests that also run on the standalone server, where they take minutes; one server has a
password."""

assert all(hasattr(RebuildsConformance, name) for name in PLACES)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test on the kinds of index that it is for."""
    if "newsroom" in metafunc.fixturenames:
        places = PLACES.get(metafunc.function.__name__, QUICK_ENGINES)
        metafunc.parametrize("newsroom", places, indirect=True)


class TestAnswersAnywhere(AnswersConformance, VocabularyConformance, SpeakersConformance):
    """The tests of an index that does not change."""

    @pytest.fixture(scope="class", params=ENGINES)
    @classmethod
    def pair(cls, request: pytest.FixtureRequest) -> Iterator[IndexPair]:
        """The sample corpus, indexed."""
        with (
            newsroom_at(request, request.param) as newsroom,
            newsroom_at(request, Engine.LOCAL) as local,
            index_pair_of(newsroom, local) as made,
        ):
            yield made


class TestRebuildsAnywhere(RebuildsConformance):
    """The tests of rebuilds, also of failed ones."""

    secrets = (PASSWORD[:11],)

    @pytest.fixture
    def newsroom(self, request: pytest.FixtureRequest) -> Iterator[NewsroomAnywhere]:
        """An empty corpus, and no index yet."""
        with newsroom_at(request, request.param) as made:
            yield made


def test_every_configured_test_exists() -> None:
    """Every configured test exists; otherwise a renamed test would run on fewer kinds of index."""
    assert [name for name in PLACES if not hasattr(RebuildsConformance, name)] == []
