"""Every error of pullquote survives what Python does with errors."""

from __future__ import annotations

import copy
import importlib
import inspect
import pickle
import pkgutil
import types
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest

import pullquote
from pullquote.schema.errors import ExtraMissing, FilterUnknown, Loss, PullquoteError
from pullquote.schema.problem import Problem

VALUES: dict[object, object] = {
    str: "words",
    int: 7,
    float: 0.5,
    bool: True,
    Path: Path("folder/file"),
    datetime: datetime(2026, 3, 4, 12, 30).astimezone(),
    tuple: ("one", "two"),
    Loss: Loss(2, 3, ("a.md",)),
    Problem: Problem(type="urn:x", title="Unprocessable Content", status=422, detail="No."),
}
"""A value for each type of a parameter."""


def error_classes() -> list[type[PullquoteError]]:
    """All classes below PullquoteError, in any module that can be imported here."""
    for module in pkgutil.walk_packages(pullquote.__path__, "pullquote."):
        if module.name.rsplit(".", 1)[-1] != "__main__":
            try:
                importlib.import_module(module.name)
            except ImportError:
                continue  # an extra is missing

    def below(kind: type[PullquoteError]) -> Iterator[type[PullquoteError]]:
        yield kind
        for one in kind.__subclasses__():
            yield from below(one)

    found = dict.fromkeys(below(PullquoteError))
    return [one for one in found if one.__module__.startswith("pullquote")]


def value_for(annotation: Any) -> object:
    """A value that a parameter with that annotation takes."""
    if get_origin(annotation) in (Union, types.UnionType):
        annotation = get_args(annotation)[0]
    return VALUES[get_origin(annotation) or annotation]


def example(kind: type[PullquoteError]) -> PullquoteError:
    """An error of a class, with a value for each parameter."""
    if not any("__init__" in vars(one) for one in kind.__mro__ if issubclass(one, PullquoteError)):
        return kind("What happened, and what to do.")
    hints = get_type_hints(kind.__init__)
    positional, named = [], {}
    for name, parameter in inspect.signature(kind).parameters.items():
        value = value_for(hints[name])
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY:
            named[name] = value
        else:
            positional.append(value)
    return kind(*positional, **named)


def pickled(error: PullquoteError) -> PullquoteError:
    """The error after it was pickled and read again."""
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    assert isinstance(again, PullquoteError)
    return again


@pytest.mark.parametrize("twin_of", [pickled, copy.copy, copy.deepcopy])
def test_every_error_can_be_pickled_and_copied(
    twin_of: Callable[[PullquoteError], PullquoteError],
) -> None:
    """Class, message and attributes are the same."""
    classes = error_classes()
    assert len(classes) > 40
    for kind in classes:
        error = example(kind)
        error.add_note("a note")
        twin = twin_of(error)
        assert type(twin) is kind
        assert (str(twin), twin.args) == (str(error), error.args), kind
        assert vars(twin) == vars(error), kind


def test_an_import_error_keeps_its_module() -> None:
    """`name` and `msg` of Python's own class are kept, too."""
    twin = pickled(ExtraMissing("haystack", what="A component", module="haystack"))
    assert isinstance(twin, ExtraMissing)
    assert (twin.name, twin.extra) == ("haystack", "haystack")
    assert twin.msg.startswith("A component needs packages")


def ask_for_unknown() -> None:
    """Fail in another process."""
    raise FilterUnknown("sources", "Habour Post", near=("Harbour Post",))


def test_a_process_pool_passes_an_error_on() -> None:
    """The pool is not broken by it."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        for _ in range(2):
            with pytest.raises(FilterUnknown, match="Did you mean 'Harbour Post'") as caught:
                pool.submit(ask_for_unknown).result(timeout=300)
            assert caught.value.near == ("Harbour Post",)
