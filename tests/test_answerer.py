"""The outcome of a reply: an answer, a possible answer, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pullquote
from planted_ranking import planted_ranking
from pullquote import Filters
from pullquote.answering.answerer import Answerer
from pullquote.answering.query import Query
from pullquote.schema import Hit, Outcome, Question, QuestionKind, Span
from pullquote.schema.settings import Settings
from strategies import body, hit, span
from weighed import CHANGED, write_stories


def outcome(
    *spans: Span,
    found: Hit,
    kind: QuestionKind = QuestionKind.KEYWORDS,
    nothing_below: float = 0.0,
) -> Outcome:
    """The outcome of "mayor birthplace", if answers must be right in 19 of 20."""

    class Reader:
        identity = "planted"
        silent_below = 0.0

        def read(self, question: Question, hits: Sequence[Hit]) -> list[Span]:
            return list(spans)

    index: Any = SimpleNamespace(local_folder=Path("/no/such/folder"))
    answerer = Answerer(Settings(wrong_at_most=0.05), index)
    ranking = planted_ranking()
    fitted = {"confidences": (0.95,), "wrong": (0,)}
    calibration = ranking.calibration.model_copy(update=fitted)
    fitted_ranking = {"calibration": calibration, "nothing_below": nothing_below}
    answerer.__dict__["_rankings"] = {False: ranking.model_copy(update=fitted_ranking)}
    text = "mayor birthplace"
    question = Question(text, {"mayor": 1.0, "birthplac": 1.5}, kind)
    result: Any = SimpleNamespace(
        query=Query(text, text, kind),
        question=question,
        hits=[found],
        further=[],
        generation=SimpleNamespace(
            sources=len,
            near_duplicates_of=lambda _: [],
            matching=lambda *_, **__: {},
            passages=lambda _: [],
        ),
        scope=SimpleNamespace(filters=Filters()),
        fast=False,
    )
    return answerer.answers(Reader(), result).outcome


def test_exact_words_for_keywords_must_be_as_sure_as_any_answer() -> None:
    """A passage with all of the keywords does not make unsure words an answer."""
    found = hit(body("The mayor named her birthplace, Vennick."))
    assert outcome(span(found, "Vennick", 1.0), found=found) is Outcome.POSSIBLE
    assert outcome(span(found, "Vennick", 9.0), found=found) is Outcome.ANSWER


def test_likely_words_are_never_nothing() -> None:
    """Words that are more likely right than wrong are possible, whatever the other features say."""
    found = hit(body("The mayor named her birthplace, Vennick."))
    for logit, expected in ((1.0, Outcome.POSSIBLE), (-1.0, Outcome.NOTHING)):
        words = span(found, "Vennick", logit)
        got = outcome(words, found=found, kind=QuestionKind.FACT, nothing_below=99.0)
        assert got is expected


def test_sentences_with_all_keywords_are_results() -> None:
    """Without exact words that may answer, the sentences are shown as results."""
    found = hit(body("The mayor named her birthplace, Vennick."))
    assert outcome(found=found) is Outcome.ANSWER


def test_a_part_of_a_rare_name_alone_is_no_result() -> None:
    """A passage must have nearly half of the keywords, and the rarer ones count more."""
    assert outcome(found=hit(body("Her birthplace is Vennick."))) is Outcome.POSSIBLE
    assert outcome(found=hit(body("The mayor resigned."))) is Outcome.NOTHING


def test_a_reply_that_found_nothing_has_no_values(tmp_path: Path) -> None:
    """Values that differ are shown with an answer. Those of the closest passages are not."""
    write_stories(tmp_path / "corpus", "tram-line")
    pullquote.rebuild_index(tmp_path / "corpus", tmp_path / "index")
    with pullquote.open(tmp_path / "index") as assistant:
        _, changed = CHANGED
        for question, is_found in (
            (changed, True),
            ("What pay rise are the drivers getting?", False),
        ):
            reply = assistant.ask(question, fast=True)
            assert (reply.outcome is not Outcome.NOTHING) is is_found
            statuses = [one.status for one in reply.answers if one.status is not None]
            assert bool(reply.values) is bool(statuses) is is_found
