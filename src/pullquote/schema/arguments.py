"""Checks the arguments of public functions, and says which one has the wrong type."""

from __future__ import annotations

import inspect
import operator
import reprlib
from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from enum import Enum
from functools import wraps
from types import UnionType
from typing import Any, ParamSpec, TypeVar, Union, get_args, get_origin, get_type_hints

from pullquote.schema.article import well_formed
from pullquote.schema.errors import PullquoteError, SettingsError

P = ParamSpec("P")
T = TypeVar("T")

_SHORT = reprlib.Repr()
_SHORT.maxother = _SHORT.maxstring = 80


def check_kind(name: str, value: object, kind: type | tuple[type, ...], *, give: str) -> None:
    """Check the type of an argument; `give` describes a valid one.

    Raises:
        SettingsError: the argument has the wrong type; the message quotes it.
    """
    if not isinstance(value, kind):
        raise SettingsError(f"{name} is {_SHORT.repr(value)}; give {give}.")


def check_choice(name: str, value: object, choices: type[Enum]) -> None:
    """Check that an argument is None, or one of some names.

    Raises:
        SettingsError: it is something else; the message lists the names.
    """
    known = [one.value for one in choices]
    if value is None or (isinstance(value, str) and value in known):
        return
    raise SettingsError(
        f"{name} is {_SHORT.repr(value)}.{suggestion(value, known)} Give one of {', '.join(known)}."
    )


def suggestion(name: object, known: Iterable[str]) -> str:
    """The question whether the known name that is most similar was meant; "" if none is similar.

    The plural or the singular of a name is similar, however short it is.
    """
    given, names = str(name)[:80].casefold(), list(known)
    number = [one for one in names if one.rstrip("s") == given.rstrip("s")]
    near = number or get_close_matches(given, names, n=1)
    return f" Did you mean {near[0]!r}?" if near else ""


def check_question(question: object, *, most: int) -> None:
    """Check that a question is a string of at most `most` characters.

    Raises:
        SettingsError: the question is not a string, or is empty, too long or not valid Unicode.
    """
    check_kind("The question", question, str, give="a text, such as 'who won?'")
    text = str(question)
    if not text.strip():
        raise SettingsError("The question is empty. Ask something, for example: who won?")
    if not well_formed(text):
        raise SettingsError(f"The question {text[:80]!r} is not valid Unicode.")
    if len(text) > most:
        raise SettingsError(
            f"The question has {len(text)} characters; at most {most} are allowed. "
            "Ask a shorter one, or increase the setting question_chars."
        )


def check_hits(k: object, *, most: int) -> None:
    """Check that `k` is a valid number of hits, or None, which means the number in the settings.

    Raises:
        SettingsError: `k` is not a whole number from 1 to `most`.
    """
    if k is None:
        return
    try:
        number = None if isinstance(k, bool) else operator.index(k)  # type: ignore[arg-type]
    except TypeError:
        number = None
    if number is None:
        given = f"{_SHORT.repr(k)}, of type {type(k).__name__}"
        raise SettingsError(f"k is {given}; give a whole number of hits from 1 to {most}.")
    if not 1 <= number <= most:
        # Python refuses to print numbers of thousands of digits.
        given = str(number) if abs(number) < 1 << 64 else "a number of more than 64 bits"
        raise SettingsError(f"k is {given}; the number of hits must be from 1 to {most}.")


def naming_arguments(function: Callable[P, T]) -> Callable[P, T]:
    """The function, which says so if it fails because an argument has the wrong type.

    The types are looked at only after it has failed. So what works is not refused, such as a number
    of another library or an object that only behaves like a reader.
    """

    @wraps(function)
    def named(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return function(*args, **kwargs)
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            if isinstance(error, PullquoteError):
                raise
            given = inspect.signature(function).bind(*args, **kwargs).arguments
            for name, hint in get_type_hints(function).items():
                if name in given and not _is_of(given[name], hint):
                    wanted = inspect.signature(function).parameters[name].annotation
                    shown = _SHORT.repr(given[name])
                    raise SettingsError(
                        f"{name} is {shown}; give {wanted.replace(' | ', ' or ')}."
                    ) from error
            raise

    return named


def _is_of(value: object, hint: Any) -> bool:  # noqa: ANN401 - a type hint may be anything
    """Whether a value, and each value in a sequence, is of a type."""
    kind, parts = get_origin(hint) or hint, get_args(hint)
    if kind in (Union, UnionType):
        return any(_is_of(value, part) for part in parts)
    if getattr(kind, "_is_protocol", False):
        names = {name for base in kind.__mro__[:-1] for name in vars(base)}
        return all(hasattr(value, one) for one in names if one[0] != "_" or one == "__call__")
    if not isinstance(kind, type):  # such as Any or a literal
        return True
    if kind is float:
        return isinstance(value, float | int)
    if not issubclass(kind, Sequence) or not parts:
        return isinstance(value, kind)
    is_text = isinstance(value, str | bytes)
    return isinstance(value, kind) and not is_text and all(_is_of(one, parts[0]) for one in value)
