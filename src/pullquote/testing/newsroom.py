"""A corpus to write articles into, and an index to build from it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import cast

from pullquote.encoder import Encoder
from pullquote.index import Consent, Index, OpenGeneration, Progress, Report
from pullquote.index.manifest import Recipe
from pullquote.index.rebuild.build import rebuild
from pullquote.services import index_of
from pullquote.settings import DenseType, Settings
from pullquote.testing.encoder import FakeEncoder


class Newsroom:
    """A corpus folder, an index and the encoder between them."""

    def __init__(self, folder: Path, index: Index, encoder: FakeEncoder | None = None) -> None:
        self.corpus = folder / "corpus"
        self.corpus.mkdir(parents=True, exist_ok=True)
        self.index = index
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
            cast("Encoder", self.encoder),
            recipe=self.recipe() if recipe is None else recipe,
            force=force,
            consent=Consent() if consent is None else consent,
            progress=progress,
        )

    def open(self) -> OpenGeneration:
        """The generation that answers now."""
        return self.index.open()


class AddressedNewsroom(Newsroom):
    """A newsroom whose index stands at an address, and the settings by which it is opened.

    `has_words` says whether that index is searched by words as well as by meaning.
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

    def set(self, **given: object) -> None:
        """Go on with other settings."""
        self.given |= given
        self.settings = Settings(**self.given)  # type: ignore[arg-type]
        self.index = index_of(self.settings)

    def keep_nothing_old(self) -> None:
        """Have a rebuild remove generations at once, where the index would keep them for a time."""

    def left_over(self) -> int:
        """How many things the index keeps, such as generations; a rebuild that failed adds none."""
        with closing(self.open()) as generation:
            return self.index.kept(generation).generations
