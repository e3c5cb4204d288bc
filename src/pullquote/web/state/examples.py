"""Questions to begin with, drawn from the corpus itself and tried before they are offered."""

from __future__ import annotations

import heapq
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from zlib import crc32

from pullquote.answers import normalise
from pullquote.assistant import Assistant
from pullquote.errors import PullquoteError
from pullquote.index import OpenGeneration
from pullquote.schema import Article, Role

OFFERED = 4
SAMPLED = 400
"""Articles in which questions are looked for, spread over the corpus."""

TRIED = 12
"""Questions that are asked to see whether they are answered; each takes a fraction of a second."""

SURE = 0.7
"""The confidence from which an answer shows the corpus at its best."""

PATIENCE = 0.8
"""Seconds that an empty page may wait for its examples; the next one then has the others."""

# Every repetition has a bound, or a word of a million letters would be gone over a million times.
_NAME = r"\b[A-Z][\w'’-]{1,30}(?: [A-Z][\w'’-]{1,30}){1,2}"
_OFFICE = (
    "chairman|chairwoman|chair|chief executive|director|president|leader|head|secretary|minister"
    "|mayor|manager|coach|captain|owner|founder|author|editor|curator|commissioner"
)
_HOLDS = re.compile(
    rf"({_NAME}), (?:(?:the|its|an?) )?"
    rf"((?:[\w-]{{1,30}} ){{0,2}}(?:{_OFFICE}) (?:of|at) (?:the )?[A-Z][\w ’'&-]{{2,40}}?)[,.]"
)
_DID = re.compile(rf"({_NAME}), who ((?:[\w£$€%’'-]{{1,30}} ){{3,10}}[\w%’'-]{{1,30}}), ")


@dataclass(frozen=True, slots=True)
class ExampleQuestion:
    """A question, and the words that should answer it."""

    question: str
    answer: str


def examples_of(article: Article) -> Iterator[ExampleQuestion]:
    """Questions that the article answers, as far as its sentences show.

    "Ida Roe, the owner of Tolland mill, said" answers "Who is the owner of Tolland mill?". English
    articles only: the question would be in English too.
    """
    if not article.language.startswith("en"):
        return
    for block in article.blocks:
        if block.role is Role.BODY:
            text = article.text[block.start : block.end]
            yield from (ExampleQuestion(f"Who is the {f[2]}?", f[1]) for f in _HOLDS.finditer(text))
            yield from (ExampleQuestion(f"Who {f[2]}?", f[1]) for f in _DID.finditer(text))


class Examples:
    """Questions over the current generation that are known to be answered well."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._lock = threading.Lock()
        self._generation = ""
        self._found: list[str] = []
        self._more: Iterator[str] = iter(())

    def offered(self, generation: OpenGeneration) -> list[str]:
        """Up to `OFFERED` questions; fewer while they are still being tried.

        Whoever comes while another page waits for them takes what there is.
        """
        if self._lock.acquire(blocking=False):
            try:
                self._look(generation)
            finally:
                self._lock.release()
        return list(self._found)

    def _look(self, generation: OpenGeneration) -> None:
        if generation.name != self._generation:
            self._generation = generation.name
            self._found, self._more = [], self._tried(generation)
        until = time.monotonic() + PATIENCE
        while len(self._found) < OFFERED and time.monotonic() < until:
            question = next(self._more, None)
            if question is None:
                break
            if question:
                self._found.append(question)

    def _tried(self, generation: OpenGeneration) -> Iterator[str]:
        """Each question that was tried, or "" where the answer was not the one expected."""
        for example in islice(_spread(generation), TRIED):
            try:
                reply = self._assistant.ask(example.question)
            except PullquoteError:
                return
            best = next(iter(reply.answers), None)
            good = (
                not reply.abstained
                and best is not None
                and best.confidence >= SURE
                and normalise(example.answer) in normalise(best.text)
            )
            yield example.question if good else ""


def _spread(generation: OpenGeneration) -> Iterator[ExampleQuestion]:
    """The first question of each of some articles, from all over the corpus."""
    ids = generation.articles()
    for id in heapq.nsmallest(SAMPLED, ids, key=_mixed):
        article = generation.held(id)
        if article is not None:
            yield from islice(examples_of(article), 1)


def _mixed(article: str) -> int:
    """A number that is the same on every machine and has nothing to do with the folder."""
    return crc32(article.encode(errors="replace"))
