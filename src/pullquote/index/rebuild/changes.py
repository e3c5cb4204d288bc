"""Compares two states of a corpus."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict


class Renamed(BaseModel):
    """A file or article with a new path and the same content."""

    model_config = ConfigDict(frozen=True)

    before: str
    after: str


class PathChanges(BaseModel):
    """Changed paths, relative to the corpus and sorted. Unchanged paths are only counted.

    Each path is in exactly one field.
    """

    model_config = ConfigDict(frozen=True)

    added: tuple[str, ...]
    changed: tuple[str, ...]
    renamed: tuple[Renamed, ...]
    removed: tuple[str, ...]
    unchanged: int


def compare(before: Mapping[str, str], after: Mapping[str, str]) -> PathChanges:
    """The differences between two mappings of paths to versions."""
    removed: dict[str, list[str]] = defaultdict(list)
    for path in sorted(before.keys() - after.keys(), reverse=True):
        removed[before[path]].append(path)
    added, renamed = [], []
    for path in sorted(after.keys() - before.keys()):
        if same := removed.get(after[path]):
            renamed.append(Renamed(before=same.pop(), after=path))
        else:
            added.append(path)
    both = before.keys() & after.keys()
    changed = sorted(path for path in both if before[path] != after[path])
    return PathChanges(
        added=tuple(added),
        changed=tuple(changed),
        renamed=tuple(renamed),
        removed=tuple(sorted(path for paths in removed.values() for path in paths)),
        unchanged=len(both) - len(changed),
    )
