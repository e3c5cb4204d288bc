"""Fitting confidence to a corpus: by planted first answers, and on the sample corpus."""

from __future__ import annotations

import json
import math
import random
import shutil
from collections.abc import Collection
from dataclasses import fields
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from typer.testing import CliRunner

from planted import PlantedReader
from pullquote.answering.answers import (
    AnswerFeatures,
    Calibration,
    Candidate,
    RankedCandidate,
    Ranking,
    ReplyFeatures,
    Selection,
    read_calibration,
)
from pullquote.answering.answers.calibration import logistic
from pullquote.answering.retrieval.searcher import SearchResult
from pullquote.cli.commands import app
from pullquote.evaluate import GoldQuestion
from pullquote.evaluate.calibrate import (
    MIN_QUESTIONS,
    NO_ANSWER_LOGIT,
    calibrate,
    fit,
    fit_and_validate,
)
from pullquote.evaluate.measures import JudgedAnswer
from pullquote.index.interfaces import CALIBRATION
from pullquote.schema import Filters, QuestionKind, Span
from pullquote.schema.errors import SettingsError
from strategies import body, hit

BLIND = Calibration(slope=1e-9, intercept=1e-7, confidences=(), wrong=(), fitted_on="nothing")
"""Confidence just above one half for every answer, so all are in one of ten bins."""

QUESTIONS = Path(__file__).parent / "data/questions.jsonl"


def drawn(slope: float, intercept: float, count: int) -> list[JudgedAnswer]:
    """First answers that are right with the probability of that logistic function."""
    chance = random.Random(4)
    logits = [chance.uniform(-6, 6) for _ in range(count)]
    return [JudgedAnswer(x, chance.random() < logistic(slope * x + intercept)) for x in logits]


class TestFit:
    def test_a_known_logistic_is_recovered(self):
        """The fit of 20,000 first answers is within a twentieth of it."""
        found = fit(drawn(0.8, -1.0, 20_000), fitted_on="planted")
        assert (found.slope, found.intercept) == pytest.approx((0.8, -1.0), abs=0.05)
        assert found.fitted_on == "planted"

    def test_its_record_is_that_of_the_first_answers(self):
        """The calibration has the confidences and the wrong answers of the first answers."""
        firsts = [
            JudgedAnswer(2, True),
            JudgedAnswer(1, False),
            JudgedAnswer(0, True),
            JudgedAnswer(-1, False),
        ]
        found = fit(firsts, fitted_on="by hand")
        assert found.wrong == (0, 1, 1, 2)
        assert found.confidences == tuple(round(found.confidence(f.confidence), 4) for f in firsts)

    def test_right_answers_that_are_less_sure_are_refused(self):
        """Confidence that falls with the log-odds means questions about another corpus."""
        with pytest.raises(SettingsError, match="do not score higher than wrong ones"):
            fit(drawn(-0.8, 0.0, 200), fitted_on="planted")


class TestFitted:
    def test_error_before_and_after(self):
        """The error is large for uninformative confidence, and small after the fit."""
        found = fit_and_validate(drawn(1.5, 1.0, 2000), before=BLIND, fitted_on="planted")
        assert found.questions == 2000
        assert found.error_before == pytest.approx(abs(found.right / 2000 - 0.5), abs=1e-6)
        assert found.error_after < 0.03 < found.error_before

    @pytest.mark.parametrize("right", [0, 4, 36, 40])
    def test_too_few_of_a_kind_are_refused(self, right):
        """Answers that are nearly all right or all wrong cannot be calibrated."""
        firsts = [JudgedAnswer(5 - n / 10, n < right) for n in range(40)]
        with pytest.raises(SettingsError, match=f"{right} of 40 first answers are right"):
            fit_and_validate(firsts, before=BLIND, fitted_on="planted")

    @pytest.mark.parametrize("wrong", [range(0, 25, 5), range(5), range(2, 40, 5)])
    def test_wrong_ones_may_stand_anywhere_in_the_file(self, wrong):
        """Each fold has both kinds, even if every fifth answer in the file is wrong."""
        firsts = [
            JudgedAnswer(-1 - n / 40 if n in wrong else 1 + n / 40, n not in wrong)
            for n in range(40)
        ]
        assert fit_and_validate(firsts, before=BLIND, fitted_on="planted").right == 40 - len(wrong)


def features(logit: float) -> ReplyFeatures:
    """Features of a reply with these log-odds everywhere."""
    return ReplyFeatures(logit, logit, logit, 1.0)


class LogitAssistant:
    """Selects one answer a question, with planted log-odds; `filters` lists the filters used.

    `keywords` are questions for which a whole sentence is shown, as for keywords.
    """

    def __init__(
        self, firsts: dict[str, tuple[str, float]], *, keywords: Collection[str] = ()
    ) -> None:
        self.reader = PlantedReader()
        self._firsts = firsts
        self._keywords = keywords
        self.calibration = BLIND
        self.filters: list[Filters] = []

    def find(self, question: str, *, filters: Filters) -> SearchResult:
        """A search result of which only the query is planted."""
        self.filters.append(filters)
        kind = QuestionKind.KEYWORDS if question in self._keywords else QuestionKind.FACT
        query = SimpleNamespace(text=question, kind=kind)
        return cast("SearchResult", SimpleNamespace(query=query))

    def select(self, found: SearchResult) -> Selection:
        """The planted candidate, or none. Its log-odds are those of the reply too."""
        question = found.query.text
        words, logit = self._firsts.get(question, ("", NO_ANSWER_LOGIT))
        if not words:
            return selection([], logit)
        whole = question in self._keywords
        best = Span(hit(body(words)), 0, len(words), logit, whole, sentence_logit=logit)
        return selection([RankedCandidate(planted_candidate(best), logit)], logit)


def selection(ranked: list[RankedCandidate], logit: float) -> Selection:
    """A selection with these log-odds everywhere."""
    found = features(logit)
    return Selection(ranked, found, Ranking.packaged().answerable.logit(found))


def planted_candidate(best: Span) -> Candidate:
    """A candidate with features that nothing uses."""
    blank = AnswerFeatures(*[0.0] * len(fields(AnswerFeatures)))
    return Candidate((best,), blank)


def gold(number: int, *answers: str, comments: bool = False, **others: Any) -> GoldQuestion:
    return GoldQuestion(
        id=str(number),
        question=f"question {number}",
        answers=answers,
        articles=frozenset({"a.md"}),
        comments=comments,
        **others,
    )


class TestCalibrate:
    def test_too_few_questions_are_refused_before_any_is_asked(self):
        """The message has the smallest number."""
        assistant = LogitAssistant({})
        with pytest.raises(SettingsError, match=f"needs at least {MIN_QUESTIONS} questions"):
            calibrate(assistant, [gold(n) for n in range(MIN_QUESTIONS - 1)])
        assert assistant.filters == []

    def test_turns_of_conversations_are_refused(self):
        """A turn may need an earlier one, and each question is asked by itself here."""
        turns = [gold(n, conversation="c") for n in range(MIN_QUESTIONS)]
        with pytest.raises(SettingsError, match="cannot be fitted to conversations"):
            calibrate(LogitAssistant({}), turns)

    def test_first_answers_are_judged_and_progress_is_called(self):
        """Answers are judged by their words; no answer has the lowest log-odds."""
        firsts = {f"question {n}": ("Ida Roe", 2.0 + n / 10) for n in range(20)}
        firsts |= {f"question {n}": ("Odd Vik", 0.0) for n in range(20, 30)}
        questions = [gold(n, "Ida Roe", comments=n == 3) for n in range(25)]
        questions += [gold(n) for n in range(25, 40)]
        assistant, calls = LogitAssistant(firsts), []
        found = calibrate(assistant, questions, progress=lambda *at: calls.append(at))
        assert (found.questions, found.right) == (40, 20)
        assert found.calibration.fitted_on == "40 questions"
        assert found.calibration.wrong[19:] == tuple(range(21))
        nothing = round(found.calibration.confidence(NO_ANSWER_LOGIT), 4)
        assert found.calibration.confidences[-10:] == (nothing,) * 10
        assert calls == [(n, 40) for n in range(1, 41)]
        assert [f.comments for f in assistant.filters] == [n == 3 for n in range(40)]

    def test_unreadable_calibration_can_be_replaced(self):
        """An unreadable calibration is compared as the one that ships, and replaced."""

        class AssistantWithoutCalibration(LogitAssistant):
            @property
            def calibration(self) -> Calibration:
                raise SettingsError("The calibration is of another reader.")

            @calibration.setter
            def calibration(self, _: Calibration) -> None:
                pass

        firsts = {f"question {n}": ("Ida", 5.0 if n < 20 else -5.0) for n in range(40)}
        questions = [gold(n, *(["Ida"] if n < 20 else [])) for n in range(40)]
        found = calibrate(AssistantWithoutCalibration(firsts), questions)
        shipped = Ranking.packaged().calibration
        gap = (1 - shipped.confidence(5) + shipped.confidence(-5)) / 2
        assert found.error_before == pytest.approx(gap)

    def test_keywords_with_sentences_are_left_out(self):
        """Their outcome does not depend on the confidence, so it says nothing about it."""
        firsts = {f"question {n}": ("Ida Roe", 5.0 if n < 20 else -5.0) for n in range(50)}
        questions = [gold(n, *(["Ida Roe"] if n < 20 else [])) for n in range(40)]
        words = [gold(n, kind="keyword", evidence=("Ida Roe",)) for n in range(40, 50)]
        assistant = LogitAssistant(firsts, keywords=[one.question for one in words])
        found = calibrate(assistant, [*words, *questions])
        assert (found.questions, found.right, found.left_out) == (40, 20, 10)
        assert found.calibration == calibrate(LogitAssistant(firsts), questions).calibration
        with pytest.raises(SettingsError, match="needs at least 30 questions that are not keywor"):
            calibrate(assistant, [*words, *questions[:29]])

    def test_an_answer_is_right_by_the_rule_of_its_kind(self):
        """For a yes-or-no question, a sentence is right if it shows the evidence."""
        firsts = {
            f"question {n}": ("Ida Roe built it.", 5.0 if n < 20 else -5.0) for n in range(40)
        }
        evidence = {"kind": "yes-no", "evidence": ("Ida Roe built it.",)}
        questions = [gold(n, "yes", **(evidence if n < 20 else {})) for n in range(40)]
        assert calibrate(LogitAssistant(firsts), questions).right == 20

    def test_eight_in_a_hundred_answerable_questions_are_below_the_fitted_limit(self):
        """With fewer than 50 answerable questions, the rule is left alone."""
        packaged = Ranking.packaged().answerable
        firsts = {f"question {n}": ("Ida Roe", n / 10 if n < 100 else -5.0) for n in range(130)}
        questions = [gold(n, *(["Ida Roe"] if n < 100 else [])) for n in range(130)]
        found = calibrate(LogitAssistant(firsts), questions)
        logits = [packaged.logit(features(n / 10)) for n in range(100)]
        assert found.nothing_below is not None
        assert sum(logit < found.nothing_below for logit in logits) == 8
        assert calibrate(LogitAssistant(firsts), questions[51:]).nothing_below is None


class TestCommand:
    @pytest.mark.slow
    def test_sample_corpus_is_calibrated_and_asked_by_it(self, sample_index, tmp_path):
        """The fit is written, except with --dry-run, and keeps the error rate asked for."""
        index = tmp_path / "index"
        shutil.copytree(sample_index, index)
        lines = QUESTIONS.read_text(encoding="utf-8").splitlines()[::4]
        file = tmp_path / "gold.jsonl"
        file.write_text("\n".join(lines), encoding="utf-8")
        command = ["calibrate", "--questions", str(file), "--index", str(index)]
        dry = CliRunner().invoke(app, [*command, "--dry-run"], catch_exceptions=False)
        assert dry.exit_code == 0, dry.output
        assert not (index / CALIBRATION).exists()
        (index / CALIBRATION).write_bytes(b"{")  # an unreadable calibration is replaced
        done = CliRunner().invoke(app, command, catch_exceptions=False)
        assert done.stdout.startswith(dry.stdout)
        assert f"Wrote {index / CALIBRATION}" in done.stdout
        written = json.loads((index / CALIBRATION).read_text(encoding="utf-8"))
        stored = read_calibration(index, written["scored_by"])
        assert stored is not None
        assert stored.nothing_below is None
        assert "ranked by ranking@" in written["scored_by"]
        used = len(stored.calibration.confidences)
        assert MIN_QUESTIONS <= used <= len(lines)  # all but those that are read as keywords
        assert f" of {used} first answers are right" in " ".join(done.stdout.split())
        assert math.isfinite(stored.calibration.threshold(0.2))
