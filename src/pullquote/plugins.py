"""Backends found by entry points: objects that other packages bring for the index or embedding.

The entry points of the environment are read when a backend is first asked for, not on import.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import EntryPoint, PackageNotFoundError, entry_points, metadata

from pullquote.errors import SettingsError

INDEX_BACKENDS = "pullquote.index_backends"
"""Group whose entry points are named by the scheme of an index address: `milvus`."""

EMBEDDING_BACKENDS = "pullquote.embedding_backends"
"""Group whose entry points are named as the setting `embedding_backend` names them: `ray`."""


def installed(group: str) -> list[str]:
    """The names of the backends of a group that are installed, sorted."""
    return sorted(_entry_points(group))


@cache
def load_backend(group: str, name: str) -> object:
    """The backend of that name, made by the class or function that its entry point names.

    Raises:
        SettingsError: no installed package brings it, or it cannot be imported.
    """
    if (found := _entry_points(group).get(name)) is None:
        raise SettingsError(missing_backend(group, name))
    try:
        return found.load()()
    except (ImportError, AttributeError) as error:
        package = "its package" if found.dist is None else found.dist.name
        raise SettingsError(
            f"The backend {name!r} ({found.value}) cannot be imported: {error}. "
            f"Reinstall {package} with what it needs."
        ) from error


def missing_backend(group: str, name: str) -> str:
    """What to say where a backend is not installed: which are, and what to install."""
    others = ", ".join(installed(group))
    if name in _extras():
        mend = f'Run: pip install "pullquote[{name}]"'
    else:
        mend = f"Install the package that brings it (entry point {name!r} of the group {group!r})."
    return f"No backend {name!r} is installed, only: {others or 'none'}. {mend}"


@cache
def _entry_points(group: str) -> dict[str, EntryPoint]:
    return {one.name: one for one in entry_points(group=group)}


@cache
def _extras() -> frozenset[str]:
    try:
        return frozenset(metadata("pullquote").get_all("Provides-Extra") or ())
    except PackageNotFoundError:  # run from a folder of sources that was not installed
        return frozenset()
