"""A rebuild that can be broken: the state before it, its calls, and the answers after it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from faults.disk import Call, Tree, read_log, read_tree, write_tree
from pullquote.index import IndexFolder

HERE = Path(__file__).parent

STORED = {
    "CURRENT",
    "generations",
    "embeddings.db",
    "seen.json",
    "compared.json",
    "rebuild.lock",
}
"""All names that an index folder may contain while no rebuild runs."""


@dataclass(frozen=True)
class Done:
    """A command's exit status and output."""

    status: int
    message: str


class Bench:
    """A folder with a corpus and, below `root`, an index whose system calls are logged."""

    def __init__(self, folder: Path, process: subprocess.Popen[str]) -> None:
        self.root, self.corpus = folder / "disk", folder / "corpus"
        self.index = IndexFolder(self.root / "index")
        self._log, self._output = folder / "log", folder / "output"
        self._process = process
        self.first_passages = 1_000
        for made in (self.root, self.corpus):
            made.mkdir()

    def write(self, name: str, what: str) -> None:
        """Write an article of three passages to the corpus."""
        body = " ".join(f"The {what} was number {n} of all at the pier." for n in range(3))
        (self.corpus / f"{name}.md").write_text(f"---\ntitle: {name}\n---\n{body}\n")

    def rebuild(self, **faults: int) -> Done:
        """Run the command; `kill=7` sets FAULTS_KILL=7."""
        return self._do("rebuild", faults)

    def imports(self) -> str:
        """The modules of pullquote that a child must import to rebuild, one a line."""
        return self._do("imports", {}).message

    def look(self) -> str:
        """All answers of the index; empty without an index."""
        done = self._do("look", {})
        assert done.status == 0, done.message
        return done.message

    def calls(self) -> list[Call]:
        """The calls of the last successful rebuild."""
        return read_log(self._log)

    def _do(self, what: str, faults: dict[str, int]) -> Done:
        names = ("kill", "fail", "errno", "forever", "flip")
        environment = {f"FAULTS_{name.upper()}": str(faults.get(name, 0)) for name in names}
        if what == "rebuild":
            environment |= {"FAULTS_ROOT": str(self.root), "FAULTS_LOG": str(self._log)}
        places = {"index": self.index.path, "corpus": self.corpus, "output": self._output}
        order = {"do": what, "environment": environment, "first_passages": self.first_passages}
        order |= {name: str(place) for name, place in places.items()}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        status = int(self._process.stdout.readline())
        return Done(status, self._output.read_text(encoding="utf-8", errors="replace"))


@dataclass(frozen=True)
class Scenario:
    """A rebuild to test: the files before it, and the answers before and after."""

    bench: Bench
    before: Tree
    old: str
    new: str
    calls: list[Call]
    _answers: dict[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, bench: Bench) -> Scenario:
        """Run the rebuild of the corpus once without a fault."""
        before, old = read_tree(bench.root), bench.look()
        write_tree(bench.root, before)  # a folder lists its names in the order they were made
        done = bench.rebuild()
        assert done.status == 0, done.message
        return cls(bench, before, old, bench.look(), bench.calls())

    def restore(self) -> None:
        """Restore the files from before."""
        write_tree(self.bench.root, self.before)

    def answer(self) -> str:
        """The answers of the current files, from which a rebuild recovers; cached by state."""
        found = hash(frozenset(read_tree(self.bench.root).items()))
        if found not in self._answers:
            self._answers[found] = self.bench.look()
            self.recover()
        return self._answers[found]

    def recover(self) -> None:
        """Rebuild: it succeeds, is complete, and leaves no other files."""
        done, index = self.bench.rebuild(), self.bench.index
        assert done.status == 0, done.message
        assert self.bench.look() == self.new
        assert {path.name for path in index.path.iterdir()} <= STORED
        published = [one.name for one in index.published_generations()]
        assert index.generations() == sorted(published)
        for name in published:
            folder = index.generation(name)
            listed = json.loads((folder / "manifest.json").read_bytes())["files"]
            stored = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
            assert stored == {"manifest.json", *listed}


@contextmanager
def running(library: Path, *, readers: str = "0") -> Iterator[subprocess.Popen[str]]:
    """The driver process, with faults.c loaded; its libraries start no threads.

    It parses files itself, because starting a worker process takes longer than all the rest.
    """
    alone = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS"), "1")
    paths = [str(HERE.parent), *filter(None, sys.path)]
    environment = {
        **os.environ,
        **alone,
        "LD_PRELOAD": str(library),
        "PYTHONPATH": os.pathsep.join(paths),
        "PULLQUOTE_PASSAGE_TOKENS": "16",
        "PULLQUOTE_READING_PROCESSES": readers,
        "FAULTS_ROOT": "",
    }
    with subprocess.Popen(
        [sys.executable, HERE / "driver.py"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    ) as process:
        yield process
        process.stdin.close()
