"""Checks the arguments of public functions."""

from __future__ import annotations

import operator
import reprlib

from pullquote.errors import SettingsError
from pullquote.schema.article import well_formed

_SHORT = reprlib.Repr()
_SHORT.maxother = _SHORT.maxstring = 80


def check_kind(name: str, value: object, kind: type | tuple[type, ...], *, give: str) -> None:
    """Check the type of an argument; `give` describes a valid one.

    Raises:
        SettingsError: the argument has the wrong type; the message quotes it.
    """
    if not isinstance(value, kind):
        raise SettingsError(f"{name} is {_SHORT.repr(value)}; give {give}.")


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
