"""Example questions of every kind from the corpus itself, tried before they are shown."""

from __future__ import annotations

import heapq
import threading
import time
from collections import Counter
from collections.abc import Iterator
from zlib import crc32

from pullquote.answering.answers import normalise
from pullquote.index import OpenGeneration
from pullquote.newsroom.assistant import Assistant
from pullquote.schema import Outcome, QuestionKind, Reply
from pullquote.schema.errors import PullquoteError
from pullquote.web.state.example_patterns import EXAMPLE_KINDS, ExampleQuestion, examples_of

SAMPLED_ARTICLES = 400
"""Articles that are searched for example questions, from all over the corpus."""

TRIED_QUESTIONS = 6
"""Questions of one kind that are tried; each takes a fraction of a second."""

MIN_CONFIDENCE = 0.7
"""The lowest confidence of the answer to an example that asks for a fact."""

TRYING_SECONDS = 30.0
"""Seconds of trying for one generation."""

_SELDOM_CERTAIN = (QuestionKind.KEYWORDS, QuestionKind.SPEECH)
"""Kinds whose answers are whole sentences with a low confidence, even good ones."""


class Examples:
    """One question of each kind that the current generation answers well, in `EXAMPLE_KINDS` order.

    A generation's questions are tried one at a time, and the result is kept until the next one.
    """

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._lock = threading.Lock()
        self._generation = ""
        self._found: dict[QuestionKind, ExampleQuestion] = {}
        self._left = TRYING_SECONDS
        self._untried: Iterator[ExampleQuestion] | None = None

    def found(self, generation: OpenGeneration) -> list[ExampleQuestion]:
        """The questions that have been found so far; this tries none."""
        if generation.name != self._generation:
            return []
        found = dict(self._found)
        return [found[kind] for kind in EXAMPLE_KINDS if kind in found]

    def complete(self, generation: OpenGeneration) -> bool:
        """Whether no more questions will be tried."""
        return generation.name == self._generation and self._untried is None

    def try_next(self, generation: OpenGeneration) -> None:
        """Try one more question; does nothing while another page is trying one."""
        if not self._lock.acquire(blocking=False):
            return
        try:
            if generation.name != self._generation:
                self._found, self._left = {}, TRYING_SECONDS
                self._untried, self._generation = self._candidates(generation), generation.name
            started = time.monotonic()
            example = None if self._untried is None else next(self._untried, None)
            if example is not None and self._is_answered(example):
                self._found[example.kind] = example
            self._left -= time.monotonic() - started
            if example is None or self._left < 0 or len(self._found) == len(EXAMPLE_KINDS):
                self._untried = None
        finally:
            self._lock.release()

    def _candidates(self, generation: OpenGeneration) -> Iterator[ExampleQuestion]:
        """The questions to try, at most one of each kind from an article."""
        tried: Counter[QuestionKind] = Counter()
        for id in heapq.nsmallest(SAMPLED_ARTICLES, generation.articles(), key=_hash_order):
            article = generation.stored_article(id)
            first = {} if article is None else {one.kind: one for one in examples_of(article)}
            for example in first.values():
                if example.kind in self._found or tried[example.kind] == TRIED_QUESTIONS:
                    continue
                tried[example.kind] += 1
                yield example

    def _is_answered(self, example: ExampleQuestion) -> bool:
        try:
            return is_good(self._assistant.ask(example.question), example)
        except PullquoteError:
            return False


def is_good(reply: Reply, example: ExampleQuestion) -> bool:
    """Whether the reply shows what pullquote can do with a question of that kind."""
    if reply.outcome is Outcome.NOTHING or reply.kind is not example.kind:
        return False
    best = reply.answers[0]
    if example.kind is QuestionKind.FACT:
        expected = normalise(example.answer) in normalise(best.text)
        return expected and best.confidence >= MIN_CONFIDENCE
    if example.kind in (QuestionKind.LIST, QuestionKind.COMPARISON):
        return len(reply.answers) > 1
    certain = reply.outcome is Outcome.ANSWER or example.kind in _SELDOM_CERTAIN
    return certain and any(citation.article == example.article for citation in best.citations)


def _hash_order(article: str) -> int:
    """A sort key that is the same on every machine and mixes the folders."""
    return crc32(article.encode(errors="replace"))
