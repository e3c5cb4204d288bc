"""Runs a model with sentence-transformers on torch: slow, but works for every model."""

from __future__ import annotations

import contextlib
import logging
import threading
import warnings
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, cast

from pullquote.index.encoder.backend import CPU, Side, Vectors, count, in_short, uncut
from pullquote.schema.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer


class TorchModel:
    """The model in `folder`, in float32, on the CPU by default.

    Encoders with the same identity must compute the same vectors. Code that chooses another device
    must verify that.

    Raises:
        ModelError: sentence-transformers cannot load the model.
    """

    def __init__(self, name: str, folder: Path, *, device: str = CPU) -> None:
        self._name = name
        self._lock = threading.Lock()  # a transformers tokenizer keeps state while it works
        try:
            self.loaded = _load(folder, device)
        except Exception as error:  # models raise errors of many types
            raise ModelError(
                name, f"sentence-transformers could not load it: {in_short(error)}"
            ) from error

    def embed(self, texts: Sequence[str], *, side: Side, batch_size: int) -> Vectors:
        """One row for each of one or more texts, in order. Texts may have any length."""
        model = self.loaded
        encode = model.encode_query if side is Side.QUESTION else model.encode_document
        try:
            with self._lock:
                rows = encode(
                    list(texts),
                    batch_size=batch_size,
                    convert_to_numpy=True,
                    show_progress_bar=False,
                )
        except (RuntimeError, IndexError, ValueError) as error:
            raise ModelError(self._name, f"it failed on a text: {in_short(error)}") from error
        return cast("Vectors", rows)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The number of tokens in each text, not truncated and without special tokens."""
        with self._lock:
            if (tokenizer := self._uncut) is None:  # a tokenizer written in Python
                return [len(self.loaded.tokenizer.tokenize(text)) for text in texts]
        return count(tokenizer, texts)

    @cached_property
    def _uncut(self) -> Tokenizer | None:
        from tokenizers import Tokenizer  # noqa: PLC0415 - not before it is needed

        own = self.loaded.tokenizer
        fast = getattr(own, "backend_tokenizer", own)
        return uncut(fast) if isinstance(fast, Tokenizer) else None


def _load(folder: Path, device: str) -> SentenceTransformer:
    with quiet():
        import torch  # noqa: PLC0415 - seconds to import
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415

        model = SentenceTransformer(
            str(folder),
            device=device,
            local_files_only=True,
            model_kwargs={"dtype": torch.float32},
        )
        return model.float().eval()


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Silence the output and warnings of the libraries inside this context."""
    from transformers.utils import logging as transformers_logging  # noqa: PLC0415

    log = logging.getLogger("sentence_transformers")
    level, verbosity = log.level, transformers_logging.get_verbosity()
    bars = transformers_logging.is_progress_bar_enabled()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        log.setLevel(logging.ERROR)
        transformers_logging.set_verbosity(logging.ERROR)
        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            yield
        finally:
            log.setLevel(level)
            transformers_logging.set_verbosity(verbosity)
            if bars:
                transformers_logging.enable_progress_bar()  # type: ignore[no-untyped-call]
