"""A corpus folder for test articles, and an index built from it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import cast

from pullquote.index import Consent, Index, OpenGeneration, Progress, Report
from pullquote.index.encoder import Encoder
from pullquote.index.manifest import IndexConfig
from pullquote.index.rebuild.build import rebuild
from pullquote.index.services import index_of
from pullquote.integrations.testing.encoder import FakeEncoder
from pullquote.schema.setting_types import DenseType
from pullquote.schema.settings import Settings


class Newsroom:
    """A corpus folder, an index and an encoder."""

    def __init__(self, folder: Path, index: Index, encoder: FakeEncoder | None = None) -> None:
        self.corpus = folder / "corpus"
        self.corpus.mkdir(parents=True, exist_ok=True)
        self.index = index
        self.encoder = FakeEncoder() if encoder is None else encoder

    def write(self, id: str, body: str, **facts: str) -> Path:
        """Write an article into the corpus, as Markdown with `facts` as its front matter."""
        path = self.corpus / id
        path.parent.mkdir(parents=True, exist_ok=True)
        front = "".join(f"{key}: {value}\n" for key, value in facts.items())
        path.write_text(f"---\n{front}---\n{body}\n" if facts else body, encoding="utf-8")
        return path

    def index_config(
        self, *, tokens: int = 16, overlap: int = 1, dense: DenseType = "auto"
    ) -> IndexConfig:
        """An index config with this newsroom's encoder."""
        return IndexConfig(
            encoder=self.encoder.identity,
            passage_tokens=tokens,
            overlap_sentences=overlap,
            dense=dense,
        )

    def rebuild(
        self,
        *,
        index_config: IndexConfig | None = None,
        force: bool = False,
        consent: Consent | None = None,
        progress: Progress | None = None,
    ) -> Report:
        """Bring the index up to date."""
        return rebuild(
            self.index,
            self.corpus,
            cast("Encoder", self.encoder),
            index_config=self.index_config() if index_config is None else index_config,
            force=force,
            consent=Consent() if consent is None else consent,
            progress=progress,
        )

    def open(self) -> OpenGeneration:
        """Open the current generation."""
        return self.index.open()


class AddressedNewsroom(Newsroom):
    """A newsroom with an index at an address, and the settings to open that index.

    `has_words` says whether the index is searched by words as well as by meaning.
    """

    def __init__(
        self,
        folder: Path,
        address: str,
        *,
        encoder: FakeEncoder | None = None,
        has_words: bool = True,
        settings: Mapping[str, object] | None = None,
    ) -> None:
        self.address = address
        self.has_words = has_words
        self.given: dict[str, object] = {
            "index": address,
            "corpus": str(folder / "corpus"),
            "passage_tokens": 16,
            "overlap_sentences": 1,
            "reading_processes": 0,
            "cache": str(folder / "cache"),
            **({} if settings is None else settings),
        }
        self.settings = Settings(**self.given)  # type: ignore[arg-type]
        super().__init__(folder, index_of(self.settings), encoder)

    def change_settings(self, **given: object) -> None:
        """Continue with different settings."""
        self.given |= given
        self.settings = Settings(**self.given)  # type: ignore[arg-type]
        self.index = index_of(self.settings)

    def remove_old_generations_at_once(self) -> None:
        """Let each rebuild remove old generations at once, if the index stores them for a time."""

    def generation_count(self) -> int:
        """The number of stored generations. A failed rebuild must not leave any behind."""
        with closing(self.open()) as generation:
            return self.index.storage(generation).generations
