"""The identity of an encoder, which an index and its cached vectors record."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class EncoderIdentity(BaseModel):
    """Which model computes the vectors; encoders with the same identity are interchangeable.

    `digest` is that of the model's files, in any precision. `graph` is the SHA-256 of the int8
    graph, since another way to make one would compute other vectors; in float32, it is None.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    digest: str
    precision: str
    graph: str | None = None

    @property
    def model(self) -> str:
        """The model without its precision."""
        return f"{self.name} (digest {self.digest[:12]})"

    def __str__(self) -> str:
        graph = "" if self.graph is None else f", graph {self.graph[:12]}"
        return f"{self.name} ({self.precision}, digest {self.digest[:12]}{graph})"
