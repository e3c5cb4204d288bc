"""Measures the reader alone, given the right paragraph, as SQuAD's leaderboard does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from pullquote.answering.reader import Reader, ReadsAgain
from pullquote.evaluate.gold import GoldQuestion
from pullquote.evaluate.measures import exact_match, mean, token_f1
from pullquote.schema import Article, Block, Hit, Passage, Question, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class ParagraphRead:
    """The reader's answer in a question's own paragraph; `span_logit` is None without an answer."""

    gold: GoldQuestion
    answer: str
    span_logit: float | None
    silent: bool

    @property
    def exact_match(self) -> float:
        """1 if the answer equals an accepted answer, otherwise 0."""
        return float(exact_match(self.answer, self.gold.answers))

    @property
    def f1(self) -> float:
        """Token F1 of the answer."""
        return token_f1(self.answer, self.gold.answers)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingFigures:
    """The quality of answers from the right paragraph; all shares are 0 to 1.

    `exact_match` and `f1` are over answerable questions, and the reader always answers.
    `exact_match_all` and `f1_all` are over all questions, and the reader gives no answer under
    its own log-odds threshold, `silent_below`. `best_f1_all` is the F1 with the best threshold for
    these questions, `best_silent_below`, which is None if it is best never to answer.
    """

    questions: int
    answerable: int
    exact_match: float
    f1: float
    silent_below: float
    exact_match_all: float
    f1_all: float
    best_f1_all: float
    best_silent_below: float | None


def read_paragraph(
    reader: Reader, gold: GoldQuestion, paragraph: str, *, fast: bool = False
) -> ParagraphRead:
    """Let the reader answer a question from the question's own paragraph."""
    if fast and isinstance(reader, ReadsAgain):
        reader = reader.fast
    question = Question(gold.question, rarity={})
    spans = reader.read(question, [_hit(gold, paragraph)])
    if isinstance(reader, ReadsAgain):
        spans = reader.read_again(question, spans, spans)
    if not spans:
        return ParagraphRead(gold=gold, answer="", span_logit=None, silent=True)
    best = spans[0]
    return ParagraphRead(
        gold=gold,
        answer=best.text,
        span_logit=best.logit,
        silent=best.logit < reader.silent_below,
    )


def reading_figures(reads: Sequence[ParagraphRead], *, silent_below: float) -> ReadingFigures:
    """The figures for these questions, of which there must be at least one."""
    answerable = [one for one in reads if one.gold.answerable]
    threshold, best_f1 = _best_threshold(reads)
    return ReadingFigures(
        questions=len(reads),
        answerable=len(answerable),
        exact_match=mean(one.exact_match for one in answerable),
        f1=mean(one.f1 for one in answerable),
        silent_below=silent_below,
        exact_match_all=mean(_or_silent(one, one.exact_match, one.silent) for one in reads),
        f1_all=mean(_or_silent(one, one.f1, one.silent) for one in reads),
        best_f1_all=best_f1,
        best_silent_below=threshold,
    )


def _or_silent(one: ParagraphRead, score: float, silent: bool) -> float:
    """The score as in SQuAD 2.0: silence scores 1 if the question is unanswerable, otherwise 0."""
    return float(not one.gold.answerable) if silent else score


def _best_threshold(reads: Sequence[ParagraphRead]) -> tuple[float | None, float]:
    """The log-odds threshold with the best F1 over all questions, and that F1.

    Starts with silence for all questions, and adds answers from the highest log-odds down. Answers
    with the same log-odds are added together.
    Source: find_best_thresh in SQuAD's evaluate-v2.0.py.
    """
    total = sum(_or_silent(one, one.f1, True) for one in reads)
    threshold, best = None, total
    scored = [(one.span_logit, one) for one in reads if one.span_logit is not None]
    scored.sort(key=lambda pair: -pair[0])
    for logit, group in groupby(scored, key=lambda pair: pair[0]):
        total += sum(one.f1 - _or_silent(one, one.f1, True) for _, one in group)
        if total > best:
            threshold, best = logit, total
    return threshold, best / len(reads)


def _hit(gold: GoldQuestion, text: str) -> Hit:
    """The paragraph as a hit. It has no headline, because SQuAD's readers are given none."""
    block = Block(role=Role.BODY, start=0, end=len(text))
    article = Article(id=gold.id, version="", text=text, blocks=(block,), title="")
    passage = Passage(
        id=0, article=gold.id, role=Role.BODY, start=0, end=len(text), text=text, context=""
    )
    return Hit(passage=passage, article=article, cosine=0.0, bm25=None, fused_score=0.0)
