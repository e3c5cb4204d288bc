"""The packaged model in int8: a graph that ships with pullquote, made by training/encoder.py.

It is opened as it is. The model itself is not read, and nothing is exported or cached.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files
from pathlib import Path

from pydantic import ValidationError

from pullquote.index.encoder.backend import in_short
from pullquote.index.encoder.graph import Graph, GraphUnusable, read_manifest
from pullquote.index.encoder.identity import EncoderIdentity
from pullquote.index.encoder.model_files import PACKAGED
from pullquote.schema.errors import ModelError


def shipped_identity() -> EncoderIdentity:
    """The identity of the packaged model in int8, from the manifest of the graph.

    Raises:
        ModelError: the manifest is missing or damaged.
    """
    with _folder() as folder:
        try:
            manifest = read_manifest(folder)
        except (OSError, ValidationError) as error:
            raise GraphUnusable(folder, in_short(error)) from error
        if manifest.source is None:
            raise GraphUnusable(folder, "its manifest does not name the model")
        return EncoderIdentity(
            name=manifest.source.name,
            digest=manifest.source.digest,
            precision=manifest.precision,
            graph=manifest.model_sha256,
        )


def open_shipped(threads: int) -> Graph:
    """The packaged model in int8, to embed on `threads` threads.

    Raises:
        ModelError: a file is missing or has a different digest.
    """
    with _folder() as folder:
        return Graph.open(folder, threads=threads)


@contextmanager
def _folder() -> Iterator[Path]:
    with as_file(files("pullquote") / "base" / "models" / "encoder") as folder:
        try:
            yield folder
        except GraphUnusable as error:
            again = "Reinstall it with: pip install --force-reinstall pullquote"
            raise ModelError(PACKAGED, f"in {error.path}: {error.reason}. {again}") from error
