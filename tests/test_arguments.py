"""Arguments of the wrong type are refused, with the value and what is allowed."""

from __future__ import annotations

import inspect
import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import pullquote
from pullquote import Archive, Assistant, Settings, SettingsError
from pullquote.schema.arguments import naming_arguments

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


WRONG = (None, 5, -1, "", "x" * 200_000, object())
"""Values that are wrong for most arguments."""


class Newcomer:
    """Calls every public function with one wrong value and otherwise valid arguments."""

    def __init__(self, assistant: Assistant, folder: Path) -> None:
        corpus = folder / "corpus"
        corpus.mkdir()
        (corpus / "mill.md").write_text("The mill will close in May, Ida Roe said.")
        settings = Settings(corpus=corpus, index=folder / "index")
        pullquote.rebuild_index(settings=settings)
        pullquote.backup(folder / "backup.zip", settings=settings)
        found = assistant.find("who agreed to the Interpol centre?")
        reply = assistant.read(found)
        citation = reply.answers[0].citations[0]
        conversation = assistant.conversation()
        conversation.ask("who agreed to the Interpol centre?")
        saved = folder / "saved.json"
        saved.write_text(conversation.saved.to_json())
        self._assistant = assistant
        self._valid: dict[str, Any] = {
            **{"question": reply.question, "questions": [reply.question], "found": found},
            **{"article": citation.article, "text": "He said: “One two three.”"},
            **{"reply": reply, "evidence": reply, "citation": citation, "assistant": assistant},
            **{"corpus": corpus, "index": settings.index, "settings": settings, "file": saved},
            **{"turns": conversation.saved.turns, "archive": Archive(), "today": TODAY},
            **{"conversation": conversation.saved, "folder": folder / "restored"},
            **{"quote": "one two", "start": 0, "before": "", "after": ""},
        }
        self._special = {
            "absence": {"reply": assistant.ask("who plays the cello on Mars?")},
            "backup": {"file": folder / "other.zip"},
            "restore": {"file": folder / "backup.zip"},
        }

    def functions(self) -> dict[str, Callable[..., object]]:
        """The methods of an assistant and the functions of the package."""
        methods = {
            name: getattr(self._assistant, name)
            for name, _ in inspect.getmembers(Assistant, inspect.isfunction)
            if not name.startswith("_") and name != "close"
        }
        public = {name: getattr(pullquote, name) for name in pullquote.__all__}
        return {
            **{name: one for name, one in public.items() if inspect.isfunction(one)},
            **{f"Assistant.{name}": one for name, one in methods.items()},
        }

    def faults(self, name: str, function: Callable[..., object]) -> list[str]:
        """What a function says wrongly about wrong values."""
        valid, found = {**self._valid, **self._special.get(name, {})}, list[str]()
        taken = inspect.signature(function).parameters
        for parameter, wrong in itertools.product(taken, WRONG):
            given = {one: valid[one] for one in taken if one in valid} | {parameter: wrong}
            try:
                function(**given)
            except pullquote.PullquoteError as error:
                if isinstance(wrong, str):
                    continue  # to look for the longest would take longer than all calls
                words = parameter.rstrip("s").replace("_", "[_ ]")
                if not re.search(f"{words}|{wrong!r}", str(error)):
                    found.append(f"{name}({parameter}={wrong!r}): {error!r}")
            except Exception as error:  # noqa: BLE001 - any other error is a fault
                found.append(f"{name}({parameter}={str(wrong)[:20]!r}): {error!r}"[:300])
        return found


def test_no_public_function_fails_without_naming_the_wrong_argument(
    assistant: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is given for an argument, the error is one of pullquote's and says which it is."""
    monkeypatch.chdir(tmp_path)
    newcomer = Newcomer(assistant, tmp_path)
    functions = newcomer.functions()
    assert {"verify", "rebuild_index", "Assistant.find", "Assistant.read"} <= {*functions}
    faults = [fault for name, one in functions.items() for fault in newcomer.faults(name, one)]
    assert not faults, "\n".join(faults)


def test_a_wrong_argument_is_named_with_the_type_to_give(assistant: Assistant) -> None:
    """The message has the value, too; the error of the program is the cause."""
    with pytest.raises(SettingsError, match=r"^found is None; give SearchResult\.$") as raised:
        assistant.read(None)  # type: ignore[arg-type]
    assert isinstance(raised.value.__cause__, AttributeError)
    with pytest.raises(SettingsError, match=r"generation is 5; give OpenGeneration or None\."):
        assistant.find("who won?", generation=5)  # type: ignore[arg-type]


def test_what_works_is_not_refused_for_its_type(assistant: Assistant) -> None:
    """A fault that no argument explains is passed on as it is."""

    @naming_arguments
    def divided(number: float, parts: Sequence[int] = ()) -> float:
        return number / len(parts) + parts[7]

    assert divided(np.float32(3), [1] * 8) == 1.375
    with pytest.raises(IndexError):
        divided(3, [1])
    with pytest.raises(SettingsError, match=r"parts is \['a'\]; give Sequence\[int\]"):
        divided(3, ["a"])  # type: ignore[list-item]
