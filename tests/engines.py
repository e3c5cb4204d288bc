"""A newsroom with its index in any of the supported places.

The local index and milvus-lite in a file are quick; servers over TCP are for the slow suite. With
PULLQUOTE_MILVUS_AT=milvus://host:19530 the suite runs against that server, and starts none.
PULLQUOTE_MILVUS_USER and the other settings give access. The suite removes its collections.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from _pytest.mark import ParameterSet

from conftest import FakeEncoder, scratch
from milvus_servers import MilvusServer, need_client
from pullquote.index import IndexFolder
from pullquote.integrations.testing.newsroom import AddressedNewsroom
from pullquote.schema.settings import Settings
from pullquote_milvus.address import MilvusAddress
from pullquote_milvus.backend import connection_options
from pullquote_milvus.client.server import Server

if TYPE_CHECKING:
    from milvus_newer import Newer

_NUMBERS = itertools.count(1)


class Engine(StrEnum):
    """The kind of place where an index is stored."""

    LOCAL = "local"
    LITE = "lite"
    LITE_SERVER = "lite_server"
    NEWER = "newer"
    STANDALONE = "standalone"
    GUARDED = "guarded"
    NAMED = "named"

    @property
    def is_server(self) -> bool:
        """Whether the engine is a server process."""
        return self not in (Engine.LOCAL, Engine.LITE)


AT = os.environ.get("PULLQUOTE_MILVUS_AT", "")
"""The address of a running server, without the name of an index."""

EVERY = bool(os.environ.get("PULLQUOTE_MILVUS_EVERY"))
"""Whether every test runs on every engine, which takes a quarter of an hour."""


def _tried(*engines: Engine) -> list[ParameterSet]:
    """These engines as parameters, or all where every test runs on every engine."""
    if AT:
        engines = (Engine.LOCAL, Engine.NAMED)
    elif EVERY:
        engines = tuple(one for one in Engine if one is not Engine.NAMED)
    return [_marked(engine) for engine in engines]


def _marked(engine: Engine) -> ParameterSet:
    """The engine as a parameter. Tests that share a server run in one process."""
    group = "milvus-lite" if engine in (Engine.LITE_SERVER, Engine.NEWER) else "milvus"
    marks = (pytest.mark.slow, pytest.mark.xdist_group(group)) if engine.is_server else ()
    return pytest.param(engine, marks=marks, id=str(engine))


QUICK_ENGINES = _tried(Engine.LOCAL, Engine.LITE, Engine.LITE_SERVER, Engine.NEWER)
"""Engines on which a rebuild takes a second or two; on the standalone server it takes ten."""

ALL_BUT_GUARDED = _tried(Engine.LOCAL, Engine.LITE, Engine.LITE_SERVER, Engine.STANDALONE)

ENGINES = _tried(*(one for one in Engine if one is not Engine.NAMED))


@dataclass(frozen=True, slots=True)
class Place:
    """A place for an index: the setting that names it, and other settings of its server."""

    engine: Engine
    index: str
    settings: dict[str, object]
    server: MilvusServer | Newer | None = None

    @property
    def has_words(self) -> bool:
        """Whether it has lexical search; Milvus before 2.5 does not."""
        if self.engine is Engine.NAMED:
            with closing(self.connected()) as server:
                return server.version.full_text
        return self.engine not in (Engine.STANDALONE, Engine.GUARDED)

    def connected(self) -> Server:
        """A connection to the server."""
        settings = Settings(index=self.index, **self.settings)  # type: ignore[arg-type]
        assert isinstance(settings.index, MilvusAddress)
        return Server(settings.index, connection_options(settings))

    def collections(self) -> list[str]:
        """The collections of the index on its server."""
        with closing(self.connected()) as server:
            name = self.index.rpartition("/")[2]
            found = server.collections()
            return [one for one in found if one == name or one.startswith(f"{name}_")]


@contextmanager
def placed(request: pytest.FixtureRequest, engine: Engine, folder: Path) -> Iterator[Place]:
    """A place for an index that no other test uses."""
    if engine is Engine.LOCAL:
        yield Place(engine, str(folder / "index"), {})
    elif engine is Engine.LITE:
        need_client()
        yield Place(engine, f"milvus+lite:{folder / 'lite.db'}", {})
    elif engine is Engine.NAMED:
        place = Place(engine, f"{AT}/pullquote_test_{os.getpid()}_{next(_NUMBERS)}", {})
        try:
            yield place
        finally:
            with closing(place.connected()) as server:
                for collection in place.collections():
                    server.drop(collection)
    else:
        server: MilvusServer | Newer = request.getfixturevalue(engine)
        name = f"archive_{next(_NUMBERS)}"
        yield Place(engine, f"{server.address}/{name}", server.credentials, server)


class NewsroomAnywhere(AddressedNewsroom):
    """A newsroom with its index at a place."""

    def __init__(self, folder: Path, place: Place, encoder: FakeEncoder | None = None) -> None:
        super().__init__(
            folder,
            place.index,
            encoder=encoder,
            has_words=place.has_words,
            settings=place.settings,
        )
        self.place = place

    def remove_old_generations_at_once(self) -> None:
        """Let a rebuild remove old generations at once, if nobody reads them."""
        if self.place.engine is not Engine.LOCAL:
            self.change_settings(milvus_cache_seconds=0)

    def generation_count(self) -> int:
        """The number of stored generations: folders on disk, or collections in Milvus."""
        if isinstance(self.index, IndexFolder):
            return sum(1 for _ in (self.index.path / "generations").iterdir())
        return 0 if self.place.engine is Engine.LITE else len(self.place.collections())


@contextmanager
def newsroom_at(request: pytest.FixtureRequest, engine: Engine) -> Iterator[NewsroomAnywhere]:
    """An empty corpus, and a place of that kind without an index."""
    with scratch() as folder, placed(request, engine, Path(folder)) as place:
        yield NewsroomAnywhere(Path(folder), place)
