"""Finds index and embedding backends, including those of other packages, through entry points.

The entry points are read when a backend is first needed, not on import.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import EntryPoint, PackageNotFoundError, entry_points, metadata

from pullquote.schema.errors import ExtraMissing, SettingsError

INDEX_BACKENDS = "pullquote.index_backends"
"""The entry-point group of index backends; each is named after its address scheme: `milvus`."""

EMBEDDING_BACKENDS = "pullquote.embedding_backends"
"""The entry-point group of embedding backends; `embedding_backend` selects one: `ray`."""


def installed(group: str) -> list[str]:
    """The names of the installed backends of a group, sorted."""
    return sorted(_entry_points(group))


@cache
def load_backend(group: str, name: str) -> object:
    """The backend with that name, created by calling what its entry point refers to.

    Raises:
        SettingsError: the backend is not installed, or cannot be imported.
        ExtraMissing: the backend says so of its packages.
    """
    if (found := _entry_points(group).get(name)) is None:
        raise SettingsError(missing_message(group, name))
    try:
        return found.load()()
    except ExtraMissing:
        raise
    except (ImportError, AttributeError) as error:
        package = "its package" if found.dist is None else found.dist.name
        raise SettingsError(
            f"The backend {name!r} ({found.value}) cannot be imported: {error}. "
            f"Reinstall {package} with its dependencies."
        ) from error


def missing_message(group: str, name: str) -> str:
    """The error message for a backend that is not installed."""
    others = ", ".join(installed(group))
    if name in ("http", "https"):
        mend = "A chat that runs at this address is asked with pullquote.client.Client."
    elif name in _extras():
        mend = f'Run: pip install "pullquote[{name}]"'
    else:
        mend = (
            f"Install the package that provides it (entry point {name!r} of the group {group!r})."
        )
    return f"No backend {name!r} is installed, only: {others or 'none'}. {mend}"


@cache
def _entry_points(group: str) -> dict[str, EntryPoint]:
    return {one.name: one for one in entry_points(group=group)}


@cache
def _extras() -> frozenset[str]:
    try:
        return frozenset(metadata("pullquote").get_all("Provides-Extra") or ())
    except PackageNotFoundError:  # pullquote is run from source and not installed
        return frozenset()
