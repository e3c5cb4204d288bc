"""Does what it is told to an index, each time in a child of its own, with faults.c loaded.

Everything is imported once, since a fork takes milliseconds and an import a second. An order is a
line of JSON on standard input: {"do": "rebuild" or "look", "index": DIR, "corpus": DIR, "output":
FILE, "environment": {...}}. What the child prints goes to the file, and its exit status, negative
for a signal, is the answer.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import signal
import sys
import traceback
from contextlib import closing, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

from typer.main import get_command

import pullquote
from conftest import FakeEncoder
from pullquote import assistant, services
from pullquote.cli import commands
from pullquote.errors import IndexMissing
from pullquote.index import IndexFolder, file_digests
from pullquote.index.folder import dense
from pullquote.index.folder.segments import codes
from pullquote.index.rebuild import batches
from pullquote.schema import Filters

ALL = Filters(comments=True)
QUESTIONS = ("the tide at the pier", "number 3", "Which boat was low?")
PATIENCE = 60
FAILED = 99


def rebuild(index: str, corpus: str) -> None:
    """Run the command, as a person would."""
    sys.argv = ["pullquote", "rebuild-index", "--index", index, "--corpus", corpus]
    commands.main()


def look(index: str, _corpus: str) -> None:
    """Print all that the index holds and finds, with every score to the last bit."""
    try:
        opened = IndexFolder(Path(index)).open()
    except IndexMissing:
        return
    with closing(opened) as generation:
        articles = [generation.article(id) for id in generation.store.articles()]
        passages = [generation.passage(passage_id) for passage_id in generation.passage_ids()]
        found = []
        for question in QUESTIONS:
            vector = FakeEncoder().encode_question(question)
            found.append(list(generation.nearest(vector, k=9, filters=ALL).items()))
            found.append(list(generation.matching(question.split(), k=9, filters=ALL).items()))
        texts = {article.id: article.text for article in articles}
        for passage in passages:
            if texts[passage.article][passage.start : passage.end] != passage.text:
                raise ValueError(passage)
        places = [(p.id, p.article, p.role, p.start, p.end, p.context) for p in passages]
        facts = [article.model_dump(mode="json") for article in articles]
        sys.stdout.write(json.dumps([facts, places, found]))


def obey(order: dict[str, Any]) -> int:
    """The exit status of doing it."""
    signal.alarm(PATIENCE)
    with (
        Path(order["output"]).open("w", encoding="utf-8") as output,
        redirect_stdout(output),
        redirect_stderr(output),
    ):
        os.environ.update(order["environment"])
        ctypes.CDLL(None).faults_arm()
        try:
            {"rebuild": rebuild, "look": look}[order["do"]](order["index"], order["corpus"])
        except SystemExit as end:
            return int(end.code or 0)
        except BaseException:  # noqa: BLE001 - whatever it is, the test must see it
            traceback.print_exc()
            return FAILED
    return 0


def main() -> None:
    """Obey until the input ends."""
    commands.app = get_command(commands.app)  # which else every child would make anew
    assistant.encoder_of = services.encoder_of = lambda _settings: FakeEncoder()
    batches.ARTICLES_AT_ONCE = 2
    file_digests.SETTLED_NS = (
        -3_600_000_000_000
    )  # else the corpus would be too young to be remembered
    _ = pullquote.rebuild_index, dense, codes  # loads what the children need
    os.environ.pop("LD_PRELOAD")  # what children start is neither counted nor broken
    gc.freeze()  # else each child copies what its collector marks
    gc.disable()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            os._exit(obey(json.loads(line)))  # the threads of libraries are not here to be ended
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        sys.stdout.write(f"{status}\n")
        sys.stdout.flush()


main()
