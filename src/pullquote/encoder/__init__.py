"""Turns texts into float32 vectors of unit length with a sentence-transformers model.

`model_files` finds the model. `model_cache` opens it as a `graph`, which `export` writes once for
onnxruntime, or as a `torch_model` for sentence-transformers. `encoder` is the interface to both.
"""

from pullquote.encoder.backend import Vectors
from pullquote.encoder.encoder import Encoder, EncoderIdentity
from pullquote.encoder.model_files import PACKAGED

__all__ = ["PACKAGED", "Encoder", "EncoderIdentity", "Vectors"]
