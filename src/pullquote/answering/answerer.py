"""Selects, weighs and cites the answers among the spans that a reader found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from pullquote.answering.answers import (
    Calibration,
    RankedCandidate,
    Ranking,
    Selection,
    StoredCalibration,
    answers,
    headlines_of,
    read_calibration,
    select,
    with_headline,
)
from pullquote.answering.reader import Reader, ReadsAgain
from pullquote.answering.retrieval.searcher import SearchResult
from pullquote.answering.weighing import (
    Compared,
    Elsewhere,
    Weighed,
    WeighedReply,
    WeighingModel,
    compared,
    further_hits,
    is_weighed,
    same_thing,
    weigh,
)
from pullquote.base.trees import DecisionTrees
from pullquote.index import Index
from pullquote.schema import Answer, Outcome, QuestionKind, ReportedValue, Span
from pullquote.schema.settings import Settings

ALL_FOUND = 0.99
"""A passage with this share of the keywords, weighted by rarity, has all of them."""

SOME_FOUND = 0.45
"""Passages with a smaller share of the keywords are about something else, as those with "Smith" are
for "Zzyzx Smith". For each of 103 held-out keywords, a passage had at least 0.49."""

LIKELY = 0.5
"""An answer of at least this confidence is possible: it is more likely right than wrong."""


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers to a question, the values that articles give, and the outcome."""

    best: list[Answer]
    values: tuple[ReportedValue, ...]
    outcome: Outcome


class Answerer:
    """Turns what a reader finds into answers with a confidence and an outcome.

    The index may have a calibration of its own.
    """

    def __init__(self, settings: Settings, index: Index) -> None:
        self._settings, self._index = settings, index

    def select(self, reader: Reader, found: SearchResult) -> Selection:
        """Read the hits, and select the candidates that the kind of the question asks for."""
        return self._read(_as_asked(reader, found), found)[0]

    def _read(self, reader: Reader, found: SearchResult) -> tuple[Selection, list[Span]]:
        """What is selected, and all spans that were read first.

        A thorough reader reads the best places again. These spans are only selected from: values
        are compared by the first look, since the second one passes over a value that a sentence
        names only to correct it.
        """
        question, hits = found.question, found.hits
        spans = reader.read(question, hits)
        once = self._rankings[False]
        selected = select(once, question, hits, spans)
        if not isinstance(reader, ReadsAgain):
            return selected, spans
        again = self._rankings[True]
        if question.kind is not QuestionKind.KEYWORDS and not once.is_sure(selected.ranked):
            best = [one.candidate.best for one in selected.ranked]
            read = reader.read_again(question, spans, best)
            if any(span.second_logit is not None for span in read):
                return select(again, question, hits, read), spans
        return selected.in_terms_of(again, once), spans

    def answers(self, reader: Reader, found: SearchResult) -> Answers:
        """The answers to a question, best first, the values that articles give, and the outcome."""
        reader = _as_asked(reader, found)
        ranking = self._calibrated(reader)
        selected, spans = self._read(reader, found)
        keep = max(self._settings.answers, selected.items)
        reported = self._compared(reader, found, selected, spans)
        ranked = self._ranked_with_headline(reader, found, ranking, selected)
        if reported is not None and ranked != selected.ranked:
            if reported.includes(ranked[0].candidate.best):
                ranked = selected.ranked  # the text has the value, too
            else:
                reported = None
        best = answers(
            ranked,
            question=found.question,
            keep=keep,
            calibration=ranking.calibration,
            sources=found.generation.sources,
        )
        values: tuple[ReportedValue, ...] = ()
        closest, likeliest = best, 0.0
        if reported is not None:
            weighed = weigh(
                self._weighing, self._same_thing, found.question, reported, _elsewhere(found)
            )
            likeliest = _likeliest(best, selected, weighed)
            reply = WeighedReply(weighed, found.question, found.generation)
            asked = reply.answers(likeliest)
            best = [*asked, *reply.of_the_others(best)][: max(keep, len(asked))]
            values = reply.values()
        outcome = self._outcome(best, selected, ranking, found.query.kind, likeliest)
        if outcome is Outcome.NOTHING:  # the values are those of other things
            return Answers(closest, (), outcome)
        return Answers(best, values, outcome)

    def _ranked_with_headline(
        self, reader: Reader, found: SearchResult, ranking: Ranking, selected: Selection
    ) -> list[RankedCandidate]:
        """The candidates; a headline may have a fact if the text has no sure answer."""
        if found.question.kind is not QuestionKind.FACT or ranking.is_sure(selected.ranked):
            return selected.ranked
        headlines = headlines_of(found.hits)
        if not headlines:
            return selected.ranked
        read, _ = self._read(reader, replace(found, hits=headlines))
        return with_headline(ranking, selected.ranked, read.ranked)

    def compared(self, reader: Reader, found: SearchResult) -> Compared | None:
        """The values that articles seem to give, before they are judged; training needs these."""
        reader = _as_asked(reader, found)
        return self._compared(reader, found, *self._read(reader, found))

    def _compared(
        self, reader: Reader, found: SearchResult, selected: Selection, spans: list[Span]
    ) -> Compared | None:
        """The values, if the question asks for one; reads further passages."""
        question, ranked = found.question, selected.ranked
        if not spans or not is_weighed(question, ranked):
            return None
        further = further_hits(question, found.hits, found.further, spans)
        if further:
            spans = spans + reader.read(question, further)
        confidence = self._ranking_for(reader).confidence(ranked[0])
        return compared(
            self._weighing, question, ranked[0], spans, _elsewhere(found), confidence=confidence
        )

    def calibration(self, reader: Reader) -> Calibration:
        """The calibration of confidence: one fitted for this index, or else the packaged one.

        Raises:
            SettingsError: the index's calibration is unreadable, or is for a different reader.
        """
        return self._calibrated(reader).calibration

    def is_calibrated(self, reader: Reader) -> bool:
        """Whether the confidence was fitted to this reader, for this index or in the package."""
        fitted = self._fitted(reader)
        return self._ranking_for(reader).reader == reader.identity or fitted is not None

    def scored_by(self, reader: Reader) -> str:
        """The reader and the ranking that compute the log-odds of answers, with their digests."""
        return f"{reader.identity}, ranked by {self._ranking_for(reader).identity}"

    @cached_property
    def _weighing(self) -> WeighingModel:
        return WeighingModel.packaged()

    @cached_property
    def _same_thing(self) -> DecisionTrees:
        return DecisionTrees.shipped(same_thing.MODEL)

    @cached_property
    def _rankings(self) -> dict[bool, Ranking]:
        """The ranking of what was read once, and of what was read again."""
        return {again: Ranking.packaged(again=again) for again in (False, True)}

    def _ranking_for(self, reader: Reader) -> Ranking:
        return self._rankings[isinstance(reader, ReadsAgain)]

    def _calibrated(self, reader: Reader) -> Ranking:
        """The packaged ranking, with what was fitted for this index."""
        return self._ranking_for(reader).calibrated(self._fitted(reader))

    def _fitted(self, reader: Reader) -> StoredCalibration | None:
        return read_calibration(self._index.local_folder, self.scored_by(reader))

    def _outcome(
        self,
        best: Sequence[Answer],
        selected: Selection,
        ranking: Ranking,
        kind: QuestionKind,
        likeliest: float,
    ) -> Outcome:
        """The outcome; `likeliest` is the confidence that one of several values is the answer.

        Without values, `likeliest` is 0.
        """
        if not best:
            return Outcome.NOTHING
        sure = best[0].confidence >= ranking.calibration.threshold(self._settings.wrong_at_most)
        if is_result(selected, kind):
            found = _outcome_of_keywords(selected.features.overlap)
            is_value = likeliest > 0
            return Outcome.POSSIBLE if found is Outcome.ANSWER and is_value and not sure else found
        if sure:
            return Outcome.ANSWER
        possible = (
            max(best[0].confidence, likeliest) >= LIKELY
            or selected.is_unscored_sentence
            or ranking.may_answer(selected.answerable)
        )
        return Outcome.POSSIBLE if possible else Outcome.NOTHING


def _as_asked(reader: Reader, found: SearchResult) -> Reader:
    """The reader, or only its fast part if the question asks for that."""
    return reader.fast if found.fast and isinstance(reader, ReadsAgain) else reader


def _elsewhere(found: SearchResult) -> Elsewhere:
    return Elsewhere(found.generation, found.scope.filters)


def _likeliest(best: Sequence[Answer], selected: Selection, weighed: Weighed) -> float:
    """The confidence that one of the values answers the question."""
    if selected.ranked[0].candidate.best.whole_sentence:
        return max(group.probability for group in weighed.groups)
    return best[0].confidence


def is_result(selected: Selection, kind: QuestionKind) -> bool:
    """Whether the first candidate is a sentence for keywords.

    Its outcome depends on the share of the keywords that were found, and not on its confidence.
    """
    first = selected.ranked[:1]
    return kind is QuestionKind.KEYWORDS and any(one.candidate.best.whole_sentence for one in first)


def _outcome_of_keywords(found: float) -> Outcome:
    """The outcome for keywords, if the best passage has this share of them, 0 to 1."""
    if found < SOME_FOUND:
        return Outcome.NOTHING
    return Outcome.ANSWER if found >= ALL_FOUND else Outcome.POSSIBLE
