"""Imports modules by the names that they had in version 0.2, for one more release, with a warning.

`import pullquote.errors` gives the module that is now `pullquote.schema.errors`. It is the same
object, so an error that is raised under one name is caught under the other.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

_ROOT = "pullquote."

_MOVED_TO = {
    "pullquote.base": "atomic_io cancellation plurals regression spreadsheets templating "
    "thread_pool",
    "pullquote.schema": "errors fusion notebook plugins setting_sources setting_types settings",
    "pullquote.english": "attribution sentences terms values",
    "pullquote.index": "backups current_generation encoder passages services watch",
    "pullquote.answering": "answerer answers doctor query reader reply_labels retrieval weighing",
    "pullquote.newsroom": "absences assistant checking editions grids packs relocation speakers "
    "verification watchlist",
    "pullquote.integrations": "testing",
    "pullquote.cli": "terminal",
    "pullquote.evaluate": "calibrate",
}
"""The packages of today, each with what was directly below `pullquote` and has kept its name."""

_MOVED = {name: package for package, names in _MOVED_TO.items() for name in names.split()}

_RENAMED = {
    "address": "pullquote.schema.index_address",
    "answer_type": "pullquote.english.questions.answer_type",
    "backends.milvus": "pullquote_milvus",
    "backends.ray": "pullquote_ray",
    "answers.speakers": "pullquote.answering.answers.by_speaker",
    "comparatives": "pullquote.english.questions.kinds",
    "complete_index": "pullquote.index.services",
    "limits": "pullquote.schema.file_limits",
    "packing": "pullquote.newsroom.packs.packing",
    "renamed_settings": "pullquote.schema.setting_sources",
    "schema.article_list": "pullquote.schema.api_results",
    "schema.article_part": "pullquote.schema.api_results",
    "schema.found_passages": "pullquote.schema.api_results",
    "integrations.reply_text": "pullquote.integrations.langchain",
    "samples": "pullquote.cli.serving",
    "searcher": "pullquote.answering.retrieval.searcher",
    "web.limits": "pullquote.web.request_limits",
    "verifying": "pullquote.newsroom.verification.verify",
}

_EMPTY = "backends"
"""A package that is gone; what was in it is in packages of its own."""


def name_now(name: str) -> str | None:
    """The name of a module that has moved since 0.2; None if that module has not moved."""
    parts = name.removeprefix(_ROOT).split(".")
    for length in (2, 1):
        old, rest = ".".join(parts[:length]), parts[length:]
        if len(parts) >= length and old in _RENAMED:
            return ".".join((_RENAMED[old], *rest))
    return f"{_MOVED[parts[0]]}.{'.'.join(parts)}" if parts[0] in _MOVED else None


class MovedModules(MetaPathFinder, Loader):
    """Finds modules by their names of 0.2."""

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        """The specification of a module that has moved; None for any other."""
        if not fullname.startswith(_ROOT):
            return None
        if fullname == _ROOT + _EMPTY:
            return ModuleSpec(fullname, self, is_package=True)
        return None if name_now(fullname) is None else ModuleSpec(fullname, self)

    def exec_module(self, module: ModuleType) -> None:
        """Put the module that is meant in the place of the new one."""
        if (name := name_now(module.__name__)) is None:
            return
        warnings.warn(
            f"{module.__name__} is now {name}; the old name will go with the next release.",
            FutureWarning,
            stacklevel=2,
        )
        sys.modules[module.__name__] = import_module(name)


def install() -> None:
    """Let the process import modules by their names of 0.2."""
    if not any(isinstance(finder, MovedModules) for finder in sys.meta_path):
        sys.meta_path.insert(0, MovedModules())  # before the one that looks in __path__
