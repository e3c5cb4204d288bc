"""Arguments of the wrong type are refused, with the value and what is allowed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import pullquote
from pullquote import Archive, Assistant, Settings, SettingsError

TODAY = date(2024, 11, 5)


@pytest.fixture(scope="module")
def assistant(sample_index: Path) -> Iterator[Assistant]:
    with pullquote.open(sample_index) as opened:
        yield opened


@pytest.mark.parametrize(
    "k", [1.5, True, "3", 0, -1, 10**9, pytest.param(10**5000, id="huge"), [1], float("nan")]
)
def test_what_is_no_number_of_hits_is_refused(assistant: Assistant, k: Any) -> None:
    """Every function with `k` refuses it before it searches."""
    for ask in (assistant.ask, assistant.retrieve, assistant.find, assistant.rank):
        with pytest.raises(SettingsError, match=r"k is .*from 1 to 1000"):
            ask("who?", k=k)


def test_any_whole_number_counts_hits(assistant: Assistant) -> None:
    """An integer of another library, such as numpy, is accepted."""
    assert len(assistant.retrieve("the harbour", k=np.int64(2))) == 2  # type: ignore[arg-type]


@pytest.mark.parametrize("question", [None, 5, b"who?", ["who?"]])
def test_what_is_no_question_is_refused(assistant: Assistant, question: Any) -> None:
    """The error has the value that was given."""
    for ask in (
        assistant.ask,
        assistant.retrieve,
        lambda asked: pullquote.complete_question(asked, []),
        lambda asked: pullquote.narrow_question(asked, Archive(), today=TODAY),
    ):
        with pytest.raises(SettingsError, match=r"The question is .*give a text"):
            ask(question)


@pytest.mark.parametrize("filters", ["Reuters", True, ["Reuters"]])
def test_what_are_no_filters_is_refused(assistant: Assistant, filters: Any) -> None:
    """Neither text nor a list is a filter."""
    for ask in (assistant.ask, assistant.retrieve, assistant.find, assistant.rank):
        with pytest.raises(SettingsError, match=r"filters is .*give pullquote\.Filters"):
            ask("who?", filters=filters)
    with pytest.raises(SettingsError, match=r"filters is .*give pullquote\.Filters"):
        pullquote.narrow_question("who?", Archive(), today=TODAY, filters=filters)


def test_filters_that_no_article_passes_are_errors_of_their_own(assistant: Assistant) -> None:
    """An unknown name, and filters that leave nothing, are not taken for "no answer"."""
    for ask in (assistant.ask, assistant.retrieve, assistant.find, assistant.rank):
        with pytest.raises(pullquote.FilterUnknown, match="Did you mean 'Harbour Post'"):
            ask("who?", filters={"sources": ["Harbor Post"]})
    for ask in (assistant.ask, assistant.retrieve):
        with pytest.raises(pullquote.FiltersLeaveNothing, match="since 2090-01-01"):
            ask("who?", filters={"since": "2090-01-01"})


@pytest.mark.parametrize("id", [None, 5, b"a.txt"])
def test_what_is_no_id_is_refused(assistant: Assistant, id: Any) -> None:
    """An id must be text."""
    for look in (assistant.article, assistant.copies_of):
        with pytest.raises(SettingsError, match=r"The article is .*give its id"):
            look(id)


@pytest.mark.parametrize("path", [5, b"index", ["index"], "a\0b"])
@pytest.mark.parametrize("settings", [None, Settings()])
def test_what_is_no_path_is_refused(path: Any, settings: Settings | None) -> None:
    """A path of the wrong type is refused, with settings and without."""
    for use in (pullquote.open, pullquote.stats):
        with pytest.raises(SettingsError, match="The index is "):
            use(path, settings=settings)
    for use in (pullquote.rebuild_index, pullquote.preview_rebuild):
        with pytest.raises(SettingsError, match="The corpus is "):
            use(path, settings=settings)


@pytest.mark.parametrize("settings", [{"index": "index"}, "pullquote.toml", True])
def test_what_are_no_settings_is_refused(settings: Any) -> None:
    """A mapping of settings is refused."""
    for use in (pullquote.open, pullquote.stats, pullquote.rebuild_index):
        with pytest.raises(SettingsError, match=r"settings is .*give pullquote\.Settings"):
            use(settings=settings)


def test_what_cannot_be_written_down_is_refused() -> None:
    """Citations and conversations cannot be None or mappings, and a day cannot be text."""
    for given in (None, {}):
        with pytest.raises(SettingsError, match="The citation is "):
            pullquote.ready_citation(given)  # type: ignore[arg-type]
        with pytest.raises(SettingsError, match="The conversation is "):
            pullquote.to_markdown(given)  # type: ignore[arg-type]
    with pytest.raises(SettingsError, match="today is "):
        pullquote.narrow_question("who?", Archive(), today="2024-11-05")  # type: ignore[arg-type]
