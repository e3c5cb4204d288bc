"""Exports a sentence-transformers model as a graph for onnxruntime, and verifies the graph."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pullquote.base.atomic_io import file_digest, sync_tree
from pullquote.index.encoder.backend import Side, in_short, unit
from pullquote.index.encoder.graph import (
    MANIFEST,
    MODEL,
    TOKENIZER,
    Graph,
    GraphManifest,
    GraphUnusable,
)
from pullquote.index.encoder.torch_model import TorchModel, quiet

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

MOST_DIFFERENT = 1e-5
"""The largest difference allowed in a component of a unit vector.

For all-MiniLM-L6-v2 it is 2e-7; for a wrong export, 1e-2.
"""

LARGEST = 1_900_000_000
"""Maximum size of the weights, in bytes; an ONNX file cannot be larger than 2 GiB."""

_OPSET = 18
_INPUTS = ("input_ids", "attention_mask", "token_type_ids")
_PROBES = (
    "Who won?",
    "",
    "The minister said on Tuesday that nothing would change.",
    "Ōsaka’s mayor — “no comment” — left at 9:30 p.m.; shares fell 3.5 %.",
    "A passage of ordinary length, as most of them are. " * 8,
    "longer than any model reads " * 400,
)


def export(model: TorchModel, folder: Path, *, threads: int) -> Graph:
    """Export the model to an empty folder, sync the folder, and verify that the vectors agree.

    Raises:
        GraphUnusable: this model cannot be exported, or its graph computes different vectors.
        OSError: the folder cannot be written.
    """
    loaded = model.loaded
    _check_exportable(loaded, folder)
    try:
        with quiet():
            _write(loaded, folder)
    except OSError:
        raise
    except Exception as error:  # exporters raise errors of many types
        raise GraphUnusable(folder, in_short(error)) from error
    manifest = GraphManifest(
        model_sha256=file_digest(folder / MODEL),
        tokenizer_sha256=file_digest(folder / TOKENIZER),
        question_prompt=_prompt(loaded, "query"),
        passage_prompt=_prompt(loaded, "document", "passage", "corpus"),
    )
    (folder / MANIFEST).write_text(manifest.model_dump_json(indent=1), encoding="utf-8")
    sync_tree(folder)
    graph = Graph.open(folder, threads=threads)
    _check_same(graph, model, folder)
    return graph


def _check_exportable(model: SentenceTransformer, folder: Path) -> None:
    """Before the export starts, refuse a model that cannot be exported."""
    if not hasattr(getattr(model, "tokenizer", None), "backend_tokenizer"):
        raise GraphUnusable(folder, "its tokenizer is not from the tokenizers library")
    size = sum(weights.numel() * weights.element_size() for weights in model.parameters())
    if size > LARGEST:
        raise GraphUnusable(folder, f"it has {size} bytes of weights, more than {LARGEST}")


def _write(model: SentenceTransformer, folder: Path) -> None:
    """Write the graph, and the tokenizer with the truncation and padding of the model."""
    import torch  # noqa: PLC0415 - loaded with the model

    features = model.preprocess(["a text", "another, longer text"], task="document")
    names = [name for name in _INPUTS if name in features]
    tokenizer: str = model.tokenizer.backend_tokenizer.to_str()
    (folder / TOKENIZER).write_text(tokenizer, encoding="utf-8")
    with _plain_attention(model), torch.no_grad():
        torch.onnx.export(
            _whole(model, names),
            tuple(features[name] for name in names),
            str(folder / MODEL),
            input_names=names,
            output_names=["sentence_embedding"],
            dynamic_axes={name: {0: "texts", 1: "tokens"} for name in names},
            opset_version=_OPSET,
            dynamo=False,  # the newer exporter needs one more package, onnxscript
        )


def _whole(model: SentenceTransformer, names: Sequence[str]) -> torch.nn.Module:
    """All modules of the model as one module, from the named inputs to the embedding."""
    import torch  # noqa: PLC0415 - loaded with the model

    class Whole(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *given: torch.Tensor) -> torch.Tensor:
            features = dict(zip(names, given, strict=True))
            rows: torch.Tensor = self.model(features)["sentence_embedding"]
            return rows[:, : model.truncate_dim]

    return Whole().eval()


@contextlib.contextmanager
def _plain_attention(model: SentenceTransformer) -> Iterator[None]:
    """Disable sdpa attention, whose graph would guard every softmax against NaN."""
    body: Any = model[0].auto_model
    before = body.config._attn_implementation
    body.set_attn_implementation("eager")
    try:
        yield
    finally:
        body.set_attn_implementation(before)


def _prompt(model: SentenceTransformer, *names: str) -> str:
    """The prompt that `encode_query` or `encode_document` puts before a text."""
    for name in (*names, model.default_prompt_name):
        if name in model.prompts:
            return str(model.prompts[name])
    return ""


def _check_same(graph: Graph, model: TorchModel, folder: Path) -> None:
    """Compare the graph's vectors for one padded batch with the model's for each text alone."""
    for side in Side:
        found = unit(graph.embed(_PROBES, side=side, batch_size=len(_PROBES)))
        expected = unit(model.embed(_PROBES, side=side, batch_size=1))
        difference = float(np.abs(found - expected).max(initial=0.0))
        if found.shape != expected.shape or not difference <= MOST_DIFFERENT:
            raise GraphUnusable(folder, f"its vectors for a {side} differ by {difference:.1e}")
    counts: Sequence[int] = graph.count_tokens(_PROBES)
    if counts != model.count_tokens(_PROBES):
        raise GraphUnusable(folder, "it counts tokens differently")
