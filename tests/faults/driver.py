"""Runs commands on an index, each in a child process, with faults.c loaded.

Everything is imported once, because a fork takes milliseconds and an import a second. An order is a
line of JSON on standard input: {"do": "rebuild", "look" or "imports", "index": DIR, "corpus": DIR,
"output": FILE, "first_passages": the passages of the first partial generation, "environment":
{...}}. The child's output goes to the file. The reply is its exit status, negative for a signal.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import signal
import sys
import traceback
from contextlib import closing, redirect_stderr, redirect_stdout, suppress
from io import StringIO
from pathlib import Path
from typing import Any

import numpy.ma
import rensa
from typer.main import get_command

import pullquote
from conftest import FakeEncoder
from pullquote.answering import answer_engine
from pullquote.cli import commands
from pullquote.index import IndexFolder, file_digests, services
from pullquote.index.folder import dense
from pullquote.index.folder.segments import codes
from pullquote.index.rebuild import batches
from pullquote.index.rebuild import writing as partial
from pullquote.newsroom.watchlist import files as watchlist_files
from pullquote.parsing.registry import FORMATS, parser_of
from pullquote.schema import Filters
from pullquote.schema.errors import IndexMissing

ALL = Filters(comments=True)
QUESTIONS = ("the tide at the pier", "number 3", "Which boat was low?")
PATIENCE = 60
FAILED = 99


def rebuild(index: str, corpus: str) -> None:
    """Run the command as a user would."""
    sys.argv = ["pullquote", "rebuild-index", "--index", index, "--corpus", corpus]
    commands.main()


def imports(index: str, corpus: str) -> None:
    """Rebuild, and print the modules of pullquote that only this child imported."""
    before = set(sys.modules)
    with redirect_stdout(StringIO()), suppress(SystemExit):
        rebuild(index, corpus)
    sys.stdout.writelines(f"{n}\n" for n in set(sys.modules) - before if n.startswith("pullquote"))


def look(index: str, _corpus: str) -> None:
    """Print everything that the index contains and finds, with every score to the last bit."""
    try:
        opened = IndexFolder(Path(index)).open()
    except IndexMissing:
        return
    with closing(opened) as generation:
        articles = [generation.article(id) for id in generation.articles()]
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
        earlier = [generation.history.of(f"old{n}.md") for n in range(16)]
        ended = [[one.article.model_dump(mode="json") for one in each] for each in earlier]
        sys.stdout.write(json.dumps([facts, places, found, ended]))


DO = {"rebuild": rebuild, "look": look, "imports": imports}


def obey(order: dict[str, Any]) -> int:
    """Carry out an order in a child process; returns its exit status."""
    signal.alarm(PATIENCE)
    with (
        Path(order["output"]).open("w", encoding="utf-8") as output,
        redirect_stdout(output),
        redirect_stderr(output),
    ):
        os.environ.update(order["environment"])
        partial.FIRST_PASSAGES = order["first_passages"]
        ctypes.CDLL(None).faults_arm()
        try:
            DO[order["do"]](order["index"], order["corpus"])
        except SystemExit as end:
            return int(end.code or 0)
        except BaseException:  # noqa: BLE001 - the test must see any error
            traceback.print_exc()
            return FAILED
    return 0


def main() -> None:
    """Carry out orders until the input ends."""
    commands.app = get_command(commands.app)  # otherwise every child would make it again
    answer_engine.encoder_of = services.encoder_of = lambda _settings: FakeEncoder()
    batches.ARTICLES_AT_ONCE = 2
    file_digests.SETTLED_NS = -3_600_000_000_000  # cache the digests of new corpus files too
    _ = (
        pullquote.rebuild_index,
        dense,
        codes,
        watchlist_files,
    )  # loads the modules that the children need
    _ = parser_of(FORMATS[".md"]), rensa, numpy.ma
    os.environ.pop("LD_PRELOAD")  # processes that children start are neither counted nor broken
    gc.freeze()  # otherwise each child's garbage collector would copy pages
    gc.disable()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            os._exit(obey(json.loads(line)))  # a fork has no library threads that could be joined
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        sys.stdout.write(f"{status}\n")
        sys.stdout.flush()


main()
