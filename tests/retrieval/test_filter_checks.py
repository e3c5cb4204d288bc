"""A filter that no article can pass is an error of its own, and not silence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from conftest import Newsroom
from pullquote.answering.retrieval.scope import FilterChecks, check_passages_left
from pullquote.index import OpenGeneration
from pullquote.schema import Filters, filters_of
from pullquote.schema.errors import (
    ArticleUnknown,
    FiltersLeaveNothing,
    FilterUnknown,
    SettingsError,
)


@pytest.fixture
def generation(newsroom: Newsroom) -> Iterator[OpenGeneration]:
    """Two articles of different sources."""
    newsroom.write("tide.md", "The tide is low.", source="Harbour Post", date="2024-06-04")
    newsroom.write("pier.md", "The pier is shut.", source="Gazette", section="Sea")
    newsroom.rebuild()
    opened = newsroom.open()
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("filters", "near"),
    [
        ({"sources": ["Harbor Post"]}, ("Harbour Post",)),
        ({"sources": ["Gazette", "post"]}, ("Harbour Post",)),
        ({"sections": ["See"]}, ("Sea",)),
        ({"sources": ["xyzzy"]}, ()),
        ({"languages": ["fr"]}, ()),
    ],
)
def test_an_unknown_name_is_an_error_with_similar_names(
    generation: OpenGeneration, filters: Any, near: tuple[str, ...]
) -> None:
    """One unknown name is an error even beside a known one."""
    with pytest.raises(FilterUnknown, match="pullquote stats --json") as error:
        FilterChecks().check_names(filters_of(filters), generation)
    assert error.value.near == near
    assert all(repr(name) in str(error.value) for name in near)
    assert isinstance(error.value, SettingsError)


@pytest.mark.parametrize(
    "filters", [{"sources": ["harbour  POST"]}, {"languages": ["EN"]}, {"sections": ["sea"]}]
)
def test_a_known_name_may_be_in_any_case(generation: OpenGeneration, filters: Any) -> None:
    """Names are compared like the search compares them."""
    FilterChecks().check_names(filters_of(filters), generation)


def test_an_unknown_article_is_an_error_with_similar_ids(generation: OpenGeneration) -> None:
    """Whoever mistypes an id is told so, and not that the article is silent."""
    FilterChecks().check_names(Filters(articles=("tide.md", "pier.md")), generation)
    with pytest.raises(ArticleUnknown) as error:
        FilterChecks().check_names(Filters(articles=("tide.md", "peer.md")), generation)
    assert error.value.similar == ("pier.md",)


def test_a_language_stands_for_its_variants(newsroom: Newsroom) -> None:
    """The tag "pt" is known if there is an article in "pt-BR", but "p" is not."""
    newsroom.write("molhe.md", "O molhe do porto.", language="pt-BR")
    newsroom.rebuild()
    opened = newsroom.open()
    checks = FilterChecks()
    checks.check_names(filters_of({"languages": ["pt"]}), opened)
    with pytest.raises(FilterUnknown, match="no language 'po'"):
        checks.check_names(filters_of({"languages": ["po"]}), opened)
    opened.close()


def test_names_of_the_next_generation_are_known(
    generation: OpenGeneration, newsroom: Newsroom
) -> None:
    """The cached names are those of the current generation."""
    herald = filters_of({"sources": ["Herald"]})
    checks = FilterChecks()
    with pytest.raises(FilterUnknown):
        checks.check_names(herald, generation)
    newsroom.write("gull.md", "The gull saw the tide.", source="Herald")
    newsroom.rebuild()
    later = newsroom.open()
    checks.check_names(herald, later)
    later.close()


def test_filters_that_leave_nothing_say_what_they_leave_out(generation: OpenGeneration) -> None:
    """The error names the filters, and what would be searched without them."""
    with pytest.raises(FiltersLeaveNothing) as error:
        check_passages_left(
            [], filters_of({"since": "2030-01-01", "sources": ["Gazette"]}), generation
        )
    assert error.value.filters == "since 2030-01-01, sources Gazette"
    assert error.value.articles == 2
    passages = error.value.passages
    assert f"Without them, {passages} passages of 2 articles would be" in str(error.value)


def test_comments_leave_nothing_out(generation: OpenGeneration) -> None:
    """With `comments`, more passages are searched and not fewer."""
    check_passages_left([], filters_of({"comments": True}), generation)
