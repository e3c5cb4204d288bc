"""A newsroom whose index stands in any of the places where one may.

The local index and milvus-lite in a file are quick; servers over TCP are for the slow suite.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from conftest import FakeEncoder, Newsroom, scratch
from milvus_servers import MilvusServer, need_client
from pullquote.index import OpenGeneration
from pullquote.settings import Settings
from pullquote.upkeep import index_of

_NUMBERS = itertools.count(1)


class Engine(StrEnum):
    """Where an index stands."""

    LOCAL = "local"
    LITE = "lite"
    LITE_SERVER = "lite_server"
    STANDALONE = "standalone"
    GUARDED = "guarded"

    @property
    def has_words(self) -> bool:
        """Whether it searches by words: Milvus before 2.5 does not."""
        return self not in (Engine.STANDALONE, Engine.GUARDED)

    @property
    def is_server(self) -> bool:
        """Whether it runs in a process of its own."""
        return self not in (Engine.LOCAL, Engine.LITE)


def _marked(engine: Engine) -> ParameterSet:
    """The engine as a parameter. What shares a server runs in one process."""
    group = "milvus-lite" if engine is Engine.LITE_SERVER else "milvus"
    marks = (pytest.mark.slow, pytest.mark.xdist_group(group)) if engine.is_server else ()
    return pytest.param(engine, marks=marks, id=str(engine))


EVERY = bool(os.environ.get("PULLQUOTE_MILVUS_EVERY"))
"""Whether all is tried everywhere: it takes a quarter of an hour."""

ENGINES = [_marked(engine) for engine in Engine]
QUICK_ENGINES = [
    _marked(engine)
    for engine in Engine
    if EVERY or engine in (Engine.LOCAL, Engine.LITE, Engine.LITE_SERVER)
]
"""Where a rebuild takes a second or two; on the standalone server it takes ten."""

ALL_BUT_GUARDED = [_marked(engine) for engine in Engine if EVERY or engine is not Engine.GUARDED]


@dataclass(frozen=True, slots=True)
class Place:
    """Room for an index: the setting that names it, and what else its server asks for."""

    engine: Engine
    index: str
    settings: dict[str, object]
    server: MilvusServer | None = None


@contextmanager
def placed(request: pytest.FixtureRequest, engine: Engine, folder: Path) -> Iterator[Place]:
    """A place for an index that nobody else uses."""
    if engine is Engine.LOCAL:
        yield Place(engine, str(folder / "index"), {})
    elif engine is Engine.LITE:
        need_client()
        yield Place(engine, f"milvus+lite:{folder / 'lite.db'}", {})
    else:
        server: MilvusServer = request.getfixturevalue(engine)
        name = f"archive_{next(_NUMBERS)}"
        yield Place(engine, f"{server.address}/{name}", server.credentials, server)


class NewsroomAnywhere(Newsroom):
    """A newsroom whose index stands at a place."""

    def __init__(self, folder: Path, place: Place, encoder: FakeEncoder | None = None) -> None:
        super().__init__(folder, encoder)
        self.place = place
        self.given = {
            "index": place.index,
            "corpus": str(self.corpus),
            "passage_tokens": 16,
            "overlap_sentences": 1,
            "reading_processes": 0,
            "cache": str(folder / "cache"),
            **place.settings,
        }
        self.set()

    def set(self, **given: object) -> None:
        """Go on with other settings."""
        self.given |= given
        self.settings = Settings(**self.given)
        self.index = index_of(self.settings)

    def open(self) -> OpenGeneration:
        """The generation that answers now."""
        return self.index.open()


@contextmanager
def newsroom_at(request: pytest.FixtureRequest, engine: Engine) -> Iterator[NewsroomAnywhere]:
    """An empty corpus, and no index yet at a place of that kind."""
    with scratch() as folder, placed(request, engine, Path(folder)) as place:
        yield NewsroomAnywhere(Path(folder), place)
