"""Exported models, kept in a cache folder: each is exported once on a machine.

CACHE/DIGEST/      the graph of the model whose files have that digest; see `graph`
CACHE/DIGEST.lock  held while it is exported
"""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from pullquote.atomic_io import sync_folder
from pullquote.encoder.backend import CPU, Backend
from pullquote.encoder.export import export
from pullquote.encoder.graph import Graph, GraphUnusable
from pullquote.encoder.model_files import ModelFiles
from pullquote.encoder.torch_model import TorchModel
from pullquote.errors import ModelError

LONGEST_EXPORT = 300
"""Seconds to wait for another process that exports; the packaged model takes 8."""

_log = logging.getLogger(__name__)


def load(name: str, files: ModelFiles, cache: Path, *, threads: int, device: str = CPU) -> Backend:
    """The model on onnxruntime, exported first if need be; on torch where that is impossible.

    On another device than the CPU, too, it runs on torch. Both give the same vectors within
    `export.MOST_DIFFERENT`.

    Raises:
        ModelError: sentence-transformers cannot load the model.
    """
    if device != CPU:
        return TorchModel(name, files.folder, device=device)
    place = cache / files.digest
    try:
        return Graph.open(place, threads=threads)
    except GraphUnusable as error:
        _log.info("%s", error)
    model = TorchModel(name, files.folder)
    try:
        with _lock(place):
            return _opened_or_exported(place, model, threads)
    except (OSError, ModelError) as error:
        _log.warning("%s runs on torch, which is slower, because: %s", name, error)
        return model


@contextmanager
def _lock(place: Path) -> Iterator[None]:
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with FileLock(f"{place}.lock", timeout=LONGEST_EXPORT):
        yield


def _opened_or_exported(place: Path, model: TorchModel, threads: int) -> Graph:
    """The graph in `place`; whoever had the lock before may have made it."""
    try:
        return Graph.open(place, threads=threads)
    except GraphUnusable:
        pass
    for left in place.parent.glob(f"{place.name}-*"):  # by a process that was killed
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=f"{place.name}-") as scratch:
        draft = Path(scratch) / "graph"
        draft.mkdir()
        graph = export(model, draft, threads=threads)
        if place.exists():  # and is damaged
            shutil.rmtree(place)
        draft.rename(place)
        sync_folder(place.parent)
    _log.info("exported the model to %s", place)
    return graph
