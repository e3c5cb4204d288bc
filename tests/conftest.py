"""Shared fixtures: a tiny encoder, a corpus folder, and its index."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, settings

from pullquote.answering.reader.packaged import SMALL, PackagedNetwork
from pullquote.index import Generation, IndexFolder
from pullquote.index.services import rebuild_index
from pullquote.integrations.testing import newsroom as testing
from pullquote.integrations.testing.encoder import DIMENSION, FakeEncoder
from served import until

pytest_plugins = ["browsing", "milvus_servers"]

__all__ = ["DIMENSION", "FakeEncoder", "Newsroom", "opened", "scratch"]

# The tests start hundreds of processes; without bytecode each would compile pullquote again, and
# each test process would rewrite the assertions of all files.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it

_SLOW_HERE = (HealthCheck.too_slow, HealthCheck.function_scoped_fixture)
settings.register_profile("dev", deadline=None, suppress_health_check=_SLOW_HERE)
settings.register_profile("ci", settings.get_profile("dev"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "dev")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell makes background processes ignore Ctrl-C, and our child processes would inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)


def scratch() -> TemporaryDirectory[str]:
    """A folder for one example, in memory if the system has such a folder.

    An index syncs every file; on a disk these tests took eight times as long.
    """
    fast = _MEMORY if os.access(_MEMORY, os.W_OK) else None
    return TemporaryDirectory(prefix="pullquote-", dir=fast)


_LONGEST = (
    *("browser", "web", "cli", "backends", "encoder", "packs", "test_assistant.py"),
    *("test_faults.py", "test_hostile_input.py", "test_hostile_files.py", "test_damage.py"),
)
"""Folders and files of `tests` whose files take longest."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files, so that no process waits for one at the end.

    Also name the group of a test in its id, where xdist looks for it: xdist 3.8 only sets an
    attribute that pytest 9.2 does not read, so that each group ran in all processes.
    """
    tests = Path(__file__).parent
    items.sort(key=lambda item: item.path.relative_to(tests).parts[0] not in _LONGEST)
    for item in items:
        named = getattr(item, "_nodeid", item.nodeid)
        if named != item.nodeid:
            item._id = type(item._id).parse(named)


@contextmanager
def opened() -> Iterator[list[str]]:
    """Record the names of the files that are opened in the context."""
    names: list[str] = []
    watching = True

    def note(event: str, arguments: tuple[object, ...]) -> None:
        if watching and event == "open":
            names.append(os.path.basename(os.fsdecode(str(arguments[0]))))  # noqa: PTH119

    sys.addaudithook(note)  # it cannot be removed again
    try:
        yield names
    finally:
        watching = False


class Newsroom(testing.Newsroom):
    """A corpus folder, its index in a folder beside it, and the encoder."""

    index: IndexFolder

    def __init__(self, folder: Path, encoder: FakeEncoder | None = None) -> None:
        super().__init__(folder, IndexFolder(folder / "index"), encoder)

    def open(self) -> Generation:
        """The current generation."""
        return self.index.open()

    def generations(self) -> list[str]:
        """The names of the generations on disk, oldest first."""
        return sorted(path.name for path in (self.index.path / "generations").iterdir())


def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The temporary folder of this run, which all of its processes use."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session", autouse=True)
def model_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Export models to a temporary folder, also in subprocesses; not to the user's cache.

    An export takes twenty seconds, so it is done once for all processes of this run.
    """
    with pytest.MonkeyPatch.context() as patch:
        cache = shared_folder(tmp_path_factory) / "cache"
        cache.mkdir(exist_ok=True)
        patch.setenv("PULLQUOTE_CACHE", str(cache))
        yield cache


@pytest.fixture
def encoder() -> FakeEncoder:
    """A fresh fake encoder."""
    return FakeEncoder()


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    """An empty corpus without an index."""
    with scratch() as folder:
        yield Newsroom(Path(folder))


@pytest.fixture(scope="session")
def sample_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of the sample corpus, made with the real encoder.

    It is built once for all processes of this run, and each gets a copy.
    """
    shared = shared_folder(tmp_path_factory) / "sample"
    complete = shared / "complete"
    try:
        shared.mkdir()
    except FileExistsError:
        until(complete.exists)
    else:
        rebuild_index(Path(__file__).parents[1] / "corpus", shared / "index")
        complete.touch()
    copy = tmp_path_factory.mktemp("sample") / "index"
    shutil.copytree(shared / "index", copy)
    return copy


@pytest.fixture(scope="session")
def network() -> PackagedNetwork:
    """The network that ships, opened once."""
    return PackagedNetwork.shipped(SMALL)
