"""A cache folder for exported models, so that a machine exports each model only once.

CACHE/DIGEST/      the graph of the model whose files have that digest; see `graph`
CACHE/DIGEST.lock  locked during the export
"""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from pullquote.base.atomic_io import sync_folder
from pullquote.index.encoder.backend import CPU, Backend
from pullquote.index.encoder.export import export
from pullquote.index.encoder.graph import Graph, GraphUnusable
from pullquote.index.encoder.model_files import ModelFiles
from pullquote.index.encoder.torch_model import TorchModel
from pullquote.schema.errors import ModelError

LONGEST_EXPORT = 300
"""Seconds to wait for an export by another process. The packaged model takes 8 s."""

_log = logging.getLogger(__name__)


def load(name: str, files: ModelFiles, cache: Path, *, threads: int, device: str = CPU) -> Backend:
    """Load a model for onnxruntime, exporting it first if needed, or for torch if that fails.

    On devices other than the CPU, it always runs on torch. The vectors of the two ways differ by at
    most `export.MOST_DIFFERENT`.

    Raises:
        ModelError: sentence-transformers cannot load the model.
    """
    if device != CPU:
        return TorchModel(name, files.folder, device=device)
    folder = cache / files.digest
    try:
        return Graph.open(folder, threads=threads)
    except GraphUnusable as error:
        _log.info("%s", error)
    model = TorchModel(name, files.folder)
    try:
        with _lock(folder):
            return _opened_or_exported(folder, model, threads)
    except (OSError, ModelError) as error:
        _log.warning("%s runs on torch, which is slower, because: %s", name, error)
        return model


@contextmanager
def _lock(folder: Path) -> Iterator[None]:
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with FileLock(f"{folder}.lock", timeout=LONGEST_EXPORT):
        yield


def _opened_or_exported(folder: Path, model: TorchModel, threads: int) -> Graph:
    """The graph in `folder`, exported now unless another process has just exported it."""
    try:
        return Graph.open(folder, threads=threads)
    except GraphUnusable:
        pass
    for left in folder.parent.glob(f"{folder.name}-*"):  # from a process that was killed
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f"{folder.name}-") as scratch:
        draft = Path(scratch) / "graph"
        draft.mkdir()
        graph = export(model, draft, threads=threads)
        if folder.exists():  # its graph is damaged
            shutil.rmtree(folder)
        draft.rename(folder)
        sync_folder(folder.parent)
    _log.info("exported the model to %s", folder)
    return graph
