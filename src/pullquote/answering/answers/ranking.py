"""Turns candidates into answers, the most likely first, with confidence and citations."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

from pullquote.answering.answers.calibration import Calibration, StoredCalibration
from pullquote.answering.answers.candidates import Candidate, candidates
from pullquote.answering.answers.citing import cite
from pullquote.answering.reader.protocol import Reader, ReadsAgain
from pullquote.base.regression import Weights
from pullquote.english.terms import terms
from pullquote.index.passages import embedding_text
from pullquote.schema import Answer, Hit, Question, Span

NO_CANDIDATE = -10.0
"""The log-odds that are used if there is no candidate."""

MAY_ANSWER = -3.0
"""Exact words with at least these log-odds are ranked before the sentence that contains them, and
are cited with equal words elsewhere.

On held-out questions, the former raised F1 of the first answer by 0.01 and lost no right answer.
Lower values lost some.
"""


SURE = 0.85
"""A first candidate of this confidence is not read again: a second look rarely changes it."""


class Ranking(BaseModel):
    """The weights for exact words and for whole sentences, and their calibration.

    `sentences` are for sentences that the network scored, `fallback` for those that the sentence
    reader scored. `answerable` gives the log-odds that the corpus answers the question at all; if
    they are below `nothing_below`, nothing was found. `reader` is the identity of the reader to
    whose spans the weights were fitted.
    """

    model_config = ConfigDict(frozen=True)

    reader: str
    words: Weights
    sentences: Weights
    fallback: Weights
    answerable: Weights
    nothing_below: float
    calibration: Calibration

    @classmethod
    def packaged(cls, *, again: bool = False) -> Ranking:
        """The ranking of what a reader read once, or read `again`: see `ReadsAgain`.

        Both are fitted by training/ranking.py.
        """
        name = "ranking-thorough.json" if again else "ranking.json"
        stored = files("pullquote") / "base" / "models" / name
        return cls.model_validate_json(stored.read_text(encoding="utf-8"))

    @classmethod
    def packaged_for(cls, reader: Reader) -> Ranking:
        """The packaged ranking of what this reader finds."""
        return cls.packaged(again=isinstance(reader, ReadsAgain))

    @property
    def identity(self) -> str:
        """The first half of the digest of the weights; a calibration refers to it."""
        weights = self.model_dump_json(include={"words", "sentences", "fallback", "answerable"})
        return f"ranking@{hashlib.sha256(weights.encode()).hexdigest()[:32]}"

    def order(self, question: Question, spans: Sequence[Span]) -> list[RankedCandidate]:
        """The candidates with their log-odds, most likely first.

        Words that may answer get at least the log-odds of any sentence that contains them, and
        come before that sentence, since their citation quotes it.
        """
        found = [RankedCandidate(c, self._logit(c)) for c in candidates(question, spans)]
        sentences = [ranked for ranked in found if ranked.candidate.best.whole_sentence]
        lifted = [_lifted(ranked, sentences) for ranked in found]
        return sorted(lifted, key=lambda one: (-one.logit, one.candidate.best.whole_sentence))

    def _logit(self, candidate: Candidate) -> float:
        best = candidate.best
        if not best.whole_sentence:
            return self.words.logit(candidate.features)
        weights = self.fallback if best.sentence_logit is None else self.sentences
        return weights.logit(candidate.features)

    def confidence(self, ranked: RankedCandidate) -> float:
        """The probability, 0 to 1, that a candidate is right, by the packaged calibration."""
        return self.calibration.confidence(ranked.logit)

    def is_sure(self, ranked: Sequence[RankedCandidate]) -> bool:
        """Whether the first candidate is so likely right that nothing need be read again."""
        return bool(ranked) and self.confidence(ranked[0]) >= SURE

    def calibrated(self, fitted: StoredCalibration | None) -> Ranking:
        """The ranking with the confidence and the rule for "nothing" that an index fitted."""
        if fitted is None:
            return self
        below = self.nothing_below if fitted.nothing_below is None else fitted.nothing_below
        return self.model_copy(update={"calibration": fitted.calibration, "nothing_below": below})

    def may_answer(self, answerable: float) -> bool:
        """Whether the corpus may answer a question at all, given the log-odds that it does."""
        return answerable >= self.nothing_below


@dataclass(frozen=True, slots=True)
class ReplyFeatures:
    """The features that tell whether the corpus answers a question.

    - `first_logit`: the log-odds of the first candidate.
    - `span_logit`, `sentence_logit`: the highest log-odds of any exact words and of any sentence,
      or `NO_CANDIDATE`; `second_logit`, `second_sentence_logit`: those of the second network.
    - `overlap`: the largest share of the question's terms, weighted by rarity, in a passage.
    """

    first_logit: float
    span_logit: float
    sentence_logit: float
    overlap: float
    second_logit: float = NO_CANDIDATE
    second_sentence_logit: float = NO_CANDIDATE

    @classmethod
    def of(
        cls,
        question: Question,
        hits: Sequence[Hit],
        spans: Sequence[Span],
        ranked: Sequence[RankedCandidate],
    ) -> ReplyFeatures:
        """The features, computed from a question, its hits and spans, and its ranked candidates."""
        words = [span for span in spans if not span.whole_sentence]
        shares = (question.share_in(frozenset(terms(embedding_text(h.passage)))) for h in hits)
        return cls(
            first_logit=ranked[0].logit if ranked else NO_CANDIDATE,
            span_logit=_highest(span.span_logit for span in words),
            sentence_logit=_highest(span.sentence_logit for span in spans),
            overlap=max(shares, default=0.0),
            second_logit=_highest(span.second_logit for span in words),
            second_sentence_logit=_highest(span.second_sentence_logit for span in spans),
        )


def _highest(logits: Iterable[float | None]) -> float:
    """The highest log-odds, or `NO_CANDIDATE` if there are none."""
    return max((logit for logit in logits if logit is not None), default=NO_CANDIDATE)


@dataclass(frozen=True, slots=True)
class RankedCandidate:
    """A candidate and the log-odds that it is right."""

    candidate: Candidate
    logit: float


def _lifted(ranked: RankedCandidate, sentences: Sequence[RankedCandidate]) -> RankedCandidate:
    """The candidate, with the log-odds of a sentence that contains it if those are higher."""
    best = ranked.candidate.best
    if best.whole_sentence or best.span_logit < MAY_ANSWER:
        return ranked
    containing = (one for one in sentences if _repeats(one.candidate.best, ranked.candidate))
    logit = max((one.logit for one in containing), default=ranked.logit)
    return RankedCandidate(ranked.candidate, max(logit, ranked.logit))


def answers(
    ranked: Sequence[RankedCandidate],
    *,
    question: Question | None = None,
    keep: int,
    calibration: Calibration,
    sources: Callable[[Collection[str]], int],
) -> list[Answer]:
    """At most `keep` answers in the order given, with all their citations.

    `sources` counts the independent sources among given article ids. A sentence that contains the
    words of a better answer is left out, because the citation of that answer quotes it. `question`
    decides whose claims the words of a speaker's name are; see `cite`.
    """
    chosen: list[RankedCandidate] = []
    for one in ranked:
        if not any(_repeats(one.candidate.best, other.candidate) for other in chosen):
            chosen.append(one)
    found = []
    for one in chosen[:keep]:
        spans = _supporting(one.candidate)
        citations = tuple(dict.fromkeys(cite(span, question) for span in spans))
        found.append(
            Answer(
                text=one.candidate.best.text,
                confidence=round(calibration.confidence(one.logit), 4),
                citations=citations,
                sources=sources({citation.article for citation in citations}),
            )
        )
    return found


def _supporting(candidate: Candidate) -> Iterator[Span]:
    """The spans to cite: the best, and those that may answer by themselves.

    Another article may have the same words about something else, such as "five".
    """
    best, *others = candidate.spans
    yield best
    yield from (span for span in others if span.whole_sentence or span.span_logit >= MAY_ANSWER)


def _repeats(sentence: Span, answer: Candidate) -> bool:
    """Whether a span is a whole sentence that contains the words of an answer."""
    if not sentence.whole_sentence:
        return False
    passage = sentence.hit.passage
    inside = range(passage.start + sentence.start, passage.start + sentence.end)
    return any(
        words.hit.passage.article == passage.article
        and words.hit.passage.start + words.start in inside
        for words in answer.spans
    )
