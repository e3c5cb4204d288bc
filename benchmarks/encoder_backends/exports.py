"""Converts the float32 graph that pullquote made to other precisions and runtimes."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from pullquote.base.atomic_io import file_digest
from pullquote.index.encoder.graph import MANIFEST, MODEL, TOKENIZER, GraphManifest

OPENVINO_MODEL = "model.xml"

_LAYERS = "/model/model.0/encoder/layer"

Inputs = dict[str, npt.NDArray[np.int64]]


def stop_telemetry() -> None:
    """Keep OpenVINO and NNCF from reporting over the network that they are used.

    They do so by default, through the package openvino-telemetry. If that cannot be imported, both
    fall back to a stub. Call this in every process, before either is imported.
    """
    sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class Exporter:
    """Writes graphs below `folder`, laid out as `pullquote.index.encoder.graph` says.

    `source` is the folder of the graph that pullquote made; `texts` calibrate the scales of
    activations.
    """

    source: Path
    folder: Path
    texts: Sequence[str]

    def shipped_model(self) -> Path:
        """The graph as pullquote runs it in float32."""
        return self.source

    def onnx(self) -> Path:
        """float32, fused ahead by onnxruntime's optimizer for transformers."""
        from onnxruntime.transformers import optimizer  # noqa: PLC0415 - may lack a package

        fused = optimizer.optimize_model(  # the sizes are all-MiniLM-L6-v2's
            str(self.source / MODEL), "bert", num_heads=12, hidden_size=384, opt_level=0
        )
        fused.save_model_to_file(str(self._start("onnx")))
        return self._finish("onnx")

    def onnx_dynamic(self) -> Path:
        """int8 weights for each channel; activations scaled for each tensor, at run time."""
        from onnxruntime import quantization  # noqa: PLC0415 - may lack a package

        quantization.quantize_dynamic(
            self.source / MODEL,
            self._start("onnx-dynamic"),
            op_types_to_quantize=["MatMul"],
            per_channel=True,
            weight_type=quantization.QuantType.QInt8,
        )
        return self._finish("onnx-dynamic")

    def onnx_static(self) -> Path:
        """int8 weights for each channel; the scales of activations fixed by calibration."""
        from onnxruntime import quantization  # noqa: PLC0415 - may lack a package

        rows = self._inputs()

        class CalibrationReader(quantization.CalibrationDataReader):  # type: ignore[misc]
            def get_next(self) -> Inputs | None:
                return next(rows, None)

        quantization.quantize_static(
            self.source / MODEL,
            self._start("onnx-static"),
            CalibrationReader(),
            op_types_to_quantize=["MatMul"],
            per_channel=True,
            activation_type=quantization.QuantType.QUInt8,
            weight_type=quantization.QuantType.QInt8,
            # What follows a Gelu, for its outliers: over 120 passages the least cosine with float32
            # is 0.88 with these quantized, and 0.99 without.
            nodes_to_exclude=[f"{_LAYERS}.{n}/output/dense/MatMul" for n in range(6)],
        )
        return self._finish("onnx-static")

    def openvino(self) -> Path:
        """float32 in OpenVINO's format, made once; as fast as a model converted from torch."""
        import openvino  # noqa: PLC0415 - may not be installed

        if not (place := self.folder / "openvino").exists():
            graph = openvino.convert_model(self.source / MODEL)
            path = self._start("openvino").with_name(OPENVINO_MODEL)
            openvino.save_model(graph, path, compress_to_fp16=False)
        return place

    def openvino_static(self) -> Path:
        """int8 by NNCF's post-training quantization; calibration fixes the scales."""
        import nncf  # noqa: PLC0415 - may not be installed
        import openvino  # noqa: PLC0415 - may not be installed

        graph = nncf.quantize(
            openvino.Core().read_model(self.openvino() / OPENVINO_MODEL),
            nncf.Dataset(list(self._inputs())),
            model_type=nncf.ModelType.TRANSFORMER,
            subset_size=len(self.texts),
        )
        path = self._start("openvino-static").with_name(OPENVINO_MODEL)
        openvino.save_model(graph, path, compress_to_fp16=False)
        return path.parent

    def _inputs(self) -> Iterator[Inputs]:
        """The inputs of the graph, one calibration text at a time."""
        tokenizer = Tokenizer.from_file(str(self.source / TOKENIZER))
        tokenizer.no_padding()
        for encoding in tokenizer.encode_batch(list(self.texts)):
            yield {
                "input_ids": np.array([encoding.ids]),
                "attention_mask": np.array([encoding.attention_mask]),
                "token_type_ids": np.array([encoding.type_ids]),
            }

    def _start(self, name: str) -> Path:
        """Make a new graph folder with everything but the model; return the model's path."""
        without = shutil.ignore_patterns(MODEL)
        return shutil.copytree(self.source, self.folder / name, ignore=without) / MODEL

    def _finish(self, name: str) -> Path:
        """Update the manifest for the new model, and return the graph folder."""
        place = self.folder / name
        manifest = GraphManifest.model_validate_json((place / MANIFEST).read_bytes())
        changed = manifest.model_copy(update={"model_sha256": file_digest(place / MODEL)})
        (place / MANIFEST).write_text(changed.model_dump_json(), encoding="utf-8")
        return place
