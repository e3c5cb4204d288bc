"""Example questions from the corpus itself, tried before they are shown."""

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

EXAMPLES_SHOWN = 4
SAMPLED_ARTICLES = 400
"""Articles that are searched for example questions, from all over the corpus."""

TRIED_QUESTIONS = 12
"""Questions that are tried; each takes a fraction of a second."""

MIN_CONFIDENCE = 0.7
"""The lowest confidence of the answer to an example."""

WAIT_SECONDS = 0.8
"""Seconds that an empty page waits for examples. Pages opened later show the rest."""

# Every repetition has a bound, so that a word of a million letters takes linear time.
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
    """A question and its expected answer."""

    question: str
    answer: str


def examples_of(article: Article) -> Iterator[ExampleQuestion]:
    """Questions that sentences of the article seem to answer.

    "Ida Roe, the owner of Tolland mill, said" answers "Who is the owner of Tolland mill?". Only
    English articles are used, because the questions are in English.
    """
    if not article.language.startswith("en"):
        return
    for block in article.blocks:
        if block.role is Role.BODY:
            text = article.text[block.start : block.end]
            yield from (ExampleQuestion(f"Who is the {f[2]}?", f[1]) for f in _HOLDS.finditer(text))
            yield from (ExampleQuestion(f"Who {f[2]}?", f[1]) for f in _DID.finditer(text))


class Examples:
    """Questions that the current generation answers well."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._lock = threading.Lock()
        self._generation = ""
        self._found: list[str] = []
        self._more: Iterator[str] = iter(())

    def offered(self, generation: OpenGeneration) -> list[str]:
        """Up to `EXAMPLES_SHOWN` questions; fewer while they are still being tried.

        While another page is trying questions, this returns those found so far.
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
            self._found, self._more = [], self._answered(generation)
        until = time.monotonic() + WAIT_SECONDS
        while len(self._found) < EXAMPLES_SHOWN and time.monotonic() < until:
            question = next(self._more, None)
            if question is None:
                break
            if question:
                self._found.append(question)

    def _answered(self, generation: OpenGeneration) -> Iterator[str]:
        """Each question that was tried, or "" if its answer was not the expected one."""
        for example in islice(_sample(generation), TRIED_QUESTIONS):
            try:
                reply = self._assistant.ask(example.question)
            except PullquoteError:
                return
            best = next(iter(reply.answers), None)
            good = (
                not reply.abstained
                and best is not None
                and best.confidence >= MIN_CONFIDENCE
                and normalise(example.answer) in normalise(best.text)
            )
            yield example.question if good else ""


def _sample(generation: OpenGeneration) -> Iterator[ExampleQuestion]:
    """The first question of each sampled article."""
    ids = generation.articles()
    for id in heapq.nsmallest(SAMPLED_ARTICLES, ids, key=_hash_order):
        article = generation.stored_article(id)
        if article is not None:
            yield from islice(examples_of(article), 1)


def _hash_order(article: str) -> int:
    """A sort key that is the same on every machine and mixes the folders."""
    return crc32(article.encode(errors="replace"))
