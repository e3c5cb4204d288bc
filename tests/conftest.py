"""What the tests share: a tiny encoder, a corpus to write into, an index to build from it."""

from __future__ import annotations

import hashlib
import os
import re
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

from pullquote.encoder import EncoderIdentity, Vectors
from pullquote.index import Consent, Generation, IndexFolder, Progress, Report
from pullquote.index.manifest import Recipe
from pullquote.index.rebuild.build import rebuild
from pullquote.reader.packaged import PackagedNetwork
from pullquote.services import rebuild_index
from pullquote.settings import DenseType

pytest_plugins = ["browsing", "milvus_servers"]

DIMENSION = 32

_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it

_SLOW_HERE = (HealthCheck.too_slow, HealthCheck.function_scoped_fixture)
settings.register_profile("dev", deadline=None, suppress_health_check=_SLOW_HERE)
settings.register_profile("ci", settings.get_profile("dev"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "dev")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell starts what runs in the background deaf to Ctrl-C, and so would be all that we start.
    signal.signal(signal.SIGINT, signal.default_int_handler)


def scratch() -> TemporaryDirectory[str]:
    """A folder for one example, in memory where the system has such a place.

    An index waits for the device with every file; on a disk these tests took eight times as long.
    """
    fast = _MEMORY if os.access(_MEMORY, os.W_OK) else None
    return TemporaryDirectory(prefix="pullquote-", dir=fast)


@contextmanager
def opened() -> Iterator[list[str]]:
    """The names of the files that are opened meanwhile."""
    names: list[str] = []
    watching = True

    def note(event: str, arguments: tuple[object, ...]) -> None:
        if watching and event == "open":
            names.append(os.path.basename(os.fsdecode(str(arguments[0]))))  # noqa: PTH119

    sys.addaudithook(note)  # it stays as long as the process
    try:
        yield names
    finally:
        watching = False


class FakeEncoder:
    """An encoder without a model: the hashed bag of a text's words, as a unit vector.

    A token is a word between white space. `encoded` lists every text it was asked to encode.
    """

    def __init__(self, name: str = "fake", *, dimension: int = DIMENSION) -> None:
        self.identity = EncoderIdentity(name=name, digest=f"digest of {name}", precision="float32")
        self.dimension = dimension
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row for each text; equal words give equal rows, whatever stands beside them."""
        self.encoded += texts
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in re.findall(r"\w+", text.casefold()) or [text]:
                digest = hashlib.sha256(f"{self.identity.name} {word}".encode()).digest()
                row[digest[0] % self.dimension] += 1 if digest[1] % 2 else -1
            if not row.any():
                row[0] = 1
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    def encode_question(self, question: str) -> Vectors:
        """The question as a vector of shape (dimension,)."""
        vector: Vectors = self.encode([question])[0]
        return vector

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Words between white space."""
        return [len(text.split()) for text in texts]


class Newsroom:
    """A corpus folder, the index beside it and the encoder between them."""

    def __init__(self, folder: Path, encoder: FakeEncoder | None = None) -> None:
        self.corpus = folder / "corpus"
        self.corpus.mkdir(parents=True, exist_ok=True)
        self.index = IndexFolder(folder / "index")
        self.encoder = FakeEncoder() if encoder is None else encoder

    def write(self, id: str, body: str, **facts: str) -> Path:
        """Put an article into the corpus: Markdown with front matter from `facts`."""
        path = self.corpus / id
        path.parent.mkdir(parents=True, exist_ok=True)
        front = "".join(f"{key}: {value}\n" for key, value in facts.items())
        path.write_text(f"---\n{front}---\n{body}\n" if facts else body, encoding="utf-8")
        return path

    def recipe(self, *, tokens: int = 16, overlap: int = 1, dense: DenseType = "auto") -> Recipe:
        """A recipe for this newsroom's encoder."""
        return Recipe(
            encoder=self.encoder.identity,
            passage_tokens=tokens,
            overlap_sentences=overlap,
            dense=dense,
        )

    def rebuild(
        self,
        *,
        recipe: Recipe | None = None,
        force: bool = False,
        consent: Consent | None = None,
        progress: Progress | None = None,
    ) -> Report:
        """Bring the index up to date."""
        return rebuild(
            self.index,
            self.corpus,
            self.encoder,
            recipe=self.recipe() if recipe is None else recipe,
            force=force,
            consent=Consent() if consent is None else consent,
            progress=progress,
        )

    def open(self) -> Generation:
        """The generation that answers now."""
        return self.index.open()

    def generations(self) -> list[str]:
        """The names of the generations on disk, oldest first."""
        return sorted(path.name for path in (self.index.path / "generations").iterdir())


@pytest.fixture(scope="session", autouse=True)
def model_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where exported models go during the tests, in subprocesses too: not into the user's cache."""
    with pytest.MonkeyPatch.context() as patch:
        cache = tmp_path_factory.mktemp("cache")
        patch.setenv("PULLQUOTE_CACHE", str(cache))
        yield cache


@pytest.fixture
def encoder() -> FakeEncoder:
    """A fresh fake encoder."""
    return FakeEncoder()


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    """An empty corpus and no index yet."""
    with scratch() as folder:
        yield Newsroom(Path(folder))


@pytest.fixture(scope="session")
def sample_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of the sample corpus, made with the real encoder."""
    index = tmp_path_factory.mktemp("sample") / "index"
    rebuild_index(Path(__file__).parents[1] / "corpus", index)
    return index


@pytest.fixture(scope="session")
def network() -> PackagedNetwork:
    """The network that ships, opened once."""
    return PackagedNetwork.shipped()
