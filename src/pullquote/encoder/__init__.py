"""Texts -> float32 vectors of unit length, by a sentence-transformers model.

`model_files` finds the model, `model_cache` gives what runs it: `graph` (onnxruntime, made once by
`export`) or `torch_model` (sentence-transformers). `encoder` is what the rest of pullquote sees.
"""

from pullquote.encoder.backend import Vectors
from pullquote.encoder.encoder import Encoder, EncoderIdentity
from pullquote.encoder.model_files import PACKAGED

__all__ = ["PACKAGED", "Encoder", "EncoderIdentity", "Vectors"]
