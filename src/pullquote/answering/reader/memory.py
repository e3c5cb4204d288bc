"""Remembers what a reader found in passages, so that none is read twice for one question."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence

from pullquote.schema import Hit, Role, Span

StoredSpan = Sequence[int | float | bool | None]
"""A span as JSON: start, end, log-odds, whether it is a whole sentence, that sentence's log-odds.

If a second network read it, its log-odds of the words and of the sentence follow.

The numbers are written so that reading them gives the same numbers.
"""


class ReadingMemory:
    """The spans of passages by question; `stored` are those of an earlier run, as JSON.

    A memory is good for one reader only. It is used by one thread. `read` and `reused` count
    passages, but not headlines that are read beside them, or what is read again.
    """

    def __init__(self, stored: Mapping[str, Sequence[StoredSpan]] | None = None) -> None:
        self.stored = {} if stored is None else stored
        self._used: dict[str, Sequence[StoredSpan]] = {}
        self.read = 0
        self.reused = 0

    @property
    def used(self) -> dict[str, Sequence[StoredSpan]]:
        """What was read or reused, as JSON for the next run; the rest is no longer needed."""
        return self._used

    def spans(
        self,
        question: str,
        hits: Sequence[Hit],
        read: Callable[[Sequence[Hit]], list[list[Span]]],
        *,
        again: bool = False,
    ) -> list[list[Span]]:
        """The spans of each hit; `read` is called for those that are not known.

        What is read `again`, with a second network, is remembered apart.
        """
        keys = [_key(question, hit, again=again) for hit in hits]
        unknown = [at for at, key in enumerate(keys) if self._known(key) is None]
        found = read([hits[at] for at in unknown]) if unknown else []
        for at, spans in zip(unknown, found, strict=True):
            self._used[keys[at]] = [_stored(span) for span in spans]
        if not again:
            passages = {at for at, hit in enumerate(hits) if hit.passage.role is not Role.HEADLINE}
            self.read += len(passages.intersection(unknown))
            self.reused += len(passages.difference(unknown))
        return [
            [_span(hit, one) for one in self._used[key]]
            for hit, key in zip(hits, keys, strict=True)
        ]

    def _known(self, key: str) -> Sequence[StoredSpan] | None:
        if key not in self._used and key in self.stored:
            self._used[key] = self.stored[key]
        return self._used.get(key)


def _key(question: str, hit: Hit, *, again: bool) -> str:
    """A digest of all that a network is given: the question, the context and the text."""
    given = (question, hit.passage.context, hit.passage.text, *(["again"] if again else []))
    digest = hashlib.sha256()
    for text in given:
        content = text.encode(errors="surrogatepass")
        digest.update(len(content).to_bytes(8, "big") + content)
    return digest.hexdigest()[:32]


def _stored(span: Span) -> StoredSpan:
    once = [span.start, span.end, span.span_logit, span.whole_sentence, span.sentence_logit]
    if span.second_logit is None:
        return once
    return [*once, span.second_logit, span.second_sentence_logit]


def _span(hit: Hit, stored: StoredSpan) -> Span:
    start, end, logit, whole, sentence_logit, *second = stored
    second_logit, second_sentence_logit = map(_number, second) if second else (None, None)
    return Span(
        hit,
        int(start or 0),
        int(end or 0),
        float(logit or 0),
        whole_sentence=bool(whole),
        sentence_logit=_number(sentence_logit),
        second_logit=second_logit,
        second_sentence_logit=second_sentence_logit,
    )


def _number(stored: float | None) -> float | None:
    return None if stored is None else float(stored)
