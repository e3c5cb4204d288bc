"""The variants: how the graph of each is made and loaded.

All but the two of pullquote put a model or session into pullquote's own `TorchModel` or `Graph`. So
they differ in arithmetic and runtime only: texts are tokenized, sorted and padded alike.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
from tokenizers import Tokenizer

from benchmarks.encoder_backends.exports import OPENVINO_MODEL, Exporter, Inputs
from pullquote.index.encoder import PACKAGED, Encoder, Vectors
from pullquote.index.encoder.backend import Backend, Side, cores, unit
from pullquote.index.encoder.graph import MANIFEST, TOKENIZER, Graph, GraphManifest
from pullquote.index.encoder.model_cache import find_model
from pullquote.index.encoder.torch_model import TorchModel
from pullquote.schema.setting_types import Precision
from pullquote.schema.settings import Settings

Embed = Callable[[Sequence[str]], Vectors]


def shipped(precision: Precision) -> Encoder:
    """The encoder as users get it, in int8 by default."""
    settings = Settings()
    return Encoder(
        PACKAGED, batch_size=settings.batch_size, cache=settings.cache, precision=precision
    )


def load_torch(_graph: Path, *, dtype: str) -> Embed:
    """sentence-transformers on torch."""
    import torch  # noqa: PLC0415 - its import is part of the time to load

    model = TorchModel(PACKAGED, find_model(PACKAGED).folder)
    model.loaded.to(getattr(torch, dtype))
    return batched(model)


def load_onnx(graph: Path) -> Embed:
    """A graph on onnxruntime, with the options that pullquote sets."""
    return batched(Graph.open(graph, threads=cores()))


def load_openvino(graph: Path, *, precision: str) -> Embed:
    """A graph on OpenVINO; its unquantized parts are computed in that precision."""
    session = OpenVinoSession(graph / OPENVINO_MODEL, precision=precision)
    tokenizer = Tokenizer.from_file(str(graph / TOKENIZER))
    manifest = GraphManifest.model_validate_json((graph / MANIFEST).read_bytes())
    return batched(Graph(graph, cast("Any", session), tokenizer, manifest))


def batched(backend: Backend) -> Embed:
    """Embeds texts as `Encoder.encode` does with its backend."""
    size = Settings().batch_size
    return lambda texts: unit(backend.embed(texts, side=Side.PASSAGE, batch_size=size))


class OpenVinoSession:
    """A model on OpenVINO, with the two methods of an onnxruntime session that `Graph` calls."""

    def __init__(self, path: Path, *, precision: str) -> None:
        import openvino  # noqa: PLC0415 - may not be installed

        settings = {
            "INFERENCE_NUM_THREADS": len(os.sched_getaffinity(0)),
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_PRECISION_HINT": precision,
        }
        model = openvino.Core().compile_model(path, "CPU", settings)
        self._inputs = [SimpleNamespace(name=node.get_any_name()) for node in model.inputs]
        self._request = model.create_infer_request()

    def get_inputs(self) -> list[SimpleNamespace]:
        """The inputs of the model, by name."""
        return self._inputs

    def run(self, _outputs: None, given: Inputs) -> list[Vectors]:
        """The embeddings, copied because the next call overwrites the same memory."""
        return [np.array(self._request.infer(given)[0], dtype=np.float32)]


@dataclass(frozen=True, slots=True)
class BackendVariant:
    """A row of the table; `load` is given the folder that `export` returns.

    Texts are embedded in batches or, with `alone`, each in a run of its own.
    """

    load: Callable[[Path], Embed]
    export: Callable[[Exporter], Path] = Exporter.shipped_model
    alone: bool = False

    @property
    def company(self) -> str:
        """How many texts are embedded together."""
        return "each text alone" if self.alone else f"batches of {Settings().batch_size}"


OPENVINO_F32 = partial(load_openvino, precision="f32")

VARIANTS = {
    "torch fp32": BackendVariant(partial(load_torch, dtype="float32")),
    "torch bf16": BackendVariant(partial(load_torch, dtype="bfloat16")),
    "pullquote int8": BackendVariant(lambda _graph: shipped("int8").encode, alone=True),
    "pullquote fp32": BackendVariant(lambda _graph: shipped("float32").encode),
    "onnx fp32": BackendVariant(load_onnx, Exporter.onnx),
    "onnx int8 dynamic": BackendVariant(load_onnx, Exporter.onnx_dynamic),
    "onnx int8 static": BackendVariant(load_onnx, Exporter.onnx_static),
    "openvino fp32": BackendVariant(OPENVINO_F32, Exporter.openvino),
    "openvino bf16": BackendVariant(partial(load_openvino, precision="bf16"), Exporter.openvino),
    "openvino int8 static": BackendVariant(OPENVINO_F32, Exporter.openvino_static),
}
