"""How two states of a corpus differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict


class Renamed(BaseModel):
    """What stood under one path and stands, word for word, under another."""

    model_config = ConfigDict(frozen=True)

    before: str
    after: str


class Changes(BaseModel):
    """Paths relative to the corpus, sorted; each stands in one place."""

    model_config = ConfigDict(frozen=True)

    added: tuple[str, ...]
    changed: tuple[str, ...]
    renamed: tuple[Renamed, ...]
    removed: tuple[str, ...]
    unchanged: int


def compare(before: Mapping[str, str], after: Mapping[str, str]) -> Changes:
    """How the versions of what stood there, by path, differ from those of what stands there now."""
    went: dict[str, list[str]] = defaultdict(list)
    for path in sorted(before.keys() - after.keys(), reverse=True):
        went[before[path]].append(path)
    added, renamed = [], []
    for path in sorted(after.keys() - before.keys()):
        if same := went.get(after[path]):
            renamed.append(Renamed(before=same.pop(), after=path))
        else:
            added.append(path)
    both = before.keys() & after.keys()
    changed = sorted(path for path in both if before[path] != after[path])
    return Changes(
        added=tuple(added),
        changed=tuple(changed),
        renamed=tuple(renamed),
        removed=tuple(sorted(path for paths in went.values() for path in paths)),
        unchanged=len(both) - len(changed),
    )
