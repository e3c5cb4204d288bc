"""The house itself: imports point down, the front door is light, and its names are these."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import pullquote

SOURCE = Path(pullquote.__file__).parent

LAYERS = (
    "errors",
    "cancellation",
    "atomic_io",
    "limits",
    "address",
    "settings",
    "schema",
    "terms",
    "sentences",
    "parsing",
    "conversation",
    "passages",
    "encoder",
    "index",
    "backends",
    "retrieval",
    "answer_type",
    "reader",
    "answers",
    "services",
    "assistant",
    "evaluate",
    "calibrate",
    "watch",
    "doctor",
    "terminal",
    "web",
    "cli",
)
"""From the ground up: a module imports its own package and what stands before it."""

EDGES = ("web", "cli")
"""Callers like any other: they may use the public API, in either way of importing it."""

PUBLIC = [
    "Answer",
    "Archive",
    "Article",
    "ArticleError",
    "ArticleUnknown",
    "ArticleWithheld",
    "Assistant",
    "Block",
    "Chip",
    "Citation",
    "ClusterUnusable",
    "Completed",
    "Conversation",
    "ConversationUnreadable",
    "CorpusChanged",
    "CorpusMissing",
    "CorpusUnreadable",
    "ExtraMissing",
    "Filled",
    "Filters",
    "Hit",
    "IndexDamaged",
    "IndexEmpty",
    "IndexLocked",
    "IndexMismatch",
    "IndexMissing",
    "IndexUnreachable",
    "IndexUnwritable",
    "Kind",
    "Limits",
    "ModelError",
    "Narrowed",
    "Passage",
    "Preview",
    "Progress",
    "PullquoteError",
    "ReadingFailed",
    "RebuildRefused",
    "RemovalsRefused",
    "Reply",
    "Report",
    "Role",
    "Settings",
    "SettingsError",
    "Stats",
    "Status",
    "Turn",
    "complete_question",
    "narrow_question",
    "open",
    "preview_rebuild",
    "ready_citation",
    "rebuild_index",
    "stats",
    "to_markdown",
]


def layer_of(path: Path) -> str:
    """The layer that a source file belongs to."""
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def modules() -> list[Path]:
    """The source files that belong to a layer."""
    exempt = {SOURCE / "__init__.py", SOURCE / "__main__.py"}
    return sorted(set(SOURCE.rglob("*.py")) - exempt)


def imported_layers(path: Path) -> Iterator[str]:
    """The layers that a file imports, also inside functions; "" for pullquote's public API."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            names = [node.module or ""]
            if node.module == "pullquote":
                names = [f"pullquote.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            package, *rest = name.split(".")
            if package == "pullquote":
                yield rest[0] if rest and rest[0] not in PUBLIC else ""


def test_every_module_has_a_layer() -> None:
    """A new module finds its place in the list, and nothing in the list is gone."""
    assert {layer_of(path) for path in modules()} == set(LAYERS)


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_point_down(path: Path) -> None:
    """Nothing calls back up, also not by an import within a function."""
    layer = layer_of(path)
    below = {*LAYERS[: LAYERS.index(layer) + 1], *([""] if layer in EDGES else [])}
    assert set(imported_layers(path)) <= below


def test_importing_pullquote_loads_nothing_heavy() -> None:
    """No model library, search engine or web server comes with the name alone."""
    heavy = "torch faiss gradio sentence_transformers transformers tantivy onnxruntime".split()
    heavy += ["pymilvus", "milvus_lite", "grpc"]
    heavy += ["ray"]
    program = f"import sys, pullquote; print([n for n in {heavy} if n in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


def test_the_public_names_are_these() -> None:
    """Whoever adds or takes away a name changes this list, and the changelog."""
    assert pullquote.__all__ == PUBLIC == sorted(PUBLIC)
    assert dir(pullquote) == PUBLIC


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_is_there(name: str) -> None:
    """Also those that are imported when first asked for; each says what it is."""
    assert getattr(pullquote, name).__doc__


def test_other_names_are_not_there() -> None:
    """A mistyped name is an AttributeError like anywhere else."""
    with pytest.raises(AttributeError, match="module 'pullquote' has no attribute 'ask'"):
        pullquote.ask  # noqa: B018
