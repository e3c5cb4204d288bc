"""Turns texts into float32 vectors of unit length with a sentence-transformers model.

`model_files` finds the model. `model_cache` opens it as a `graph`, which `export` writes once for
onnxruntime, or as a `torch_model` for sentence-transformers. The `shipped` graph of the packaged
model, in int8, needs none of these. `encoder` is the interface to all.
"""

from pullquote.index.encoder.backend import EncoderIdentity, Vectors
from pullquote.index.encoder.encoder import Encoder, default_precision
from pullquote.index.encoder.model_cache import PACKAGED

__all__ = ["PACKAGED", "Encoder", "EncoderIdentity", "Vectors", "default_precision"]
