"""An encoder that needs no model."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

import numpy as np

from pullquote.index.encoder import EncoderIdentity, Vectors

DIMENSION = 32
"""The dimension of a `FakeEncoder`'s vectors."""


class FakeEncoder:
    """An encoder without a model: a vector is a text's hashed bag of words, scaled to length 1.

    A token is a word between white space. `encoded` lists every text that was encoded.
    """

    def __init__(self, name: str = "fake", *, dimension: int = DIMENSION) -> None:
        self.identity = EncoderIdentity(name=name, digest=f"digest of {name}", precision="float32")
        self.dimension = dimension
        self.encoded: list[str] = []

    def like(self, made_with: EncoderIdentity | None) -> FakeEncoder:
        """The encoder itself, whatever the precision."""
        return self

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row for each text; texts with the same words have the same row."""
        self.encoded += texts
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in re.findall(r"\w+", text.casefold()) or [text]:
                digest = hashlib.sha256(f"{self.identity.name} {word}".encode()).digest()
                row[digest[0] % self.dimension] += 1 if digest[1] % 2 else -1
            if not row.any():
                row[0] = 1
        unit: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return unit

    def encode_question(self, question: str) -> Vectors:
        """The question as a vector of shape (dimension,)."""
        vector: Vectors = self.encode([question])[0]
        return vector

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The number of words of each text, separated by white space."""
        return [len(text.split()) for text in texts]
