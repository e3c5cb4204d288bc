"""Modules can still be imported by their names of version 0.2, with a warning."""

from __future__ import annotations

import subprocess
import sys
import warnings
from importlib import import_module
from importlib.util import find_spec

from pullquote.base.moved_modules import _MOVED, _RENAMED, name_now

OLD = sorted(f"pullquote.{name}" for name in (*_MOVED, *_RENAMED))


def test_each_old_name_gives_the_module_of_today() -> None:
    """It is the same object, so that errors and classes are the same; the new name is said."""
    for old in OLD:
        sys.modules.pop(old, None)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            module = import_module(old)
        new = name_now(old)
        assert new is not None
        assert module is import_module(new)
        assert any(f"{old} is now {new}" in str(one.message) for one in caught), old


def test_modules_below_an_old_name_are_the_modules_of_today() -> None:
    """A class that is imported by both names is one class."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        old = import_module("pullquote.answers.citing")
    assert old is import_module("pullquote.answering.answers.citing")


def test_names_that_never_were_are_not_found() -> None:
    """Only modules that have moved have two names."""
    assert find_spec("pullquote.no_such_module") is None
    assert name_now("pullquote.schema.answer") is None


def test_nothing_in_pullquote_uses_an_old_name() -> None:
    """All modules can be imported with the warning as an error."""
    program = (
        "import pkgutil, importlib, warnings, pullquote\n"
        "warnings.filterwarnings('error', message='.*is now.*', category=FutureWarning)\n"
        "for each in pkgutil.walk_packages(pullquote.__path__, 'pullquote.'):\n"
        "    if not each.name.startswith(('pullquote.__main__', 'pullquote.integrations')):\n"
        "        importlib.import_module(each.name)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
