"""Fits the ranking and the confidence of answers, on articles that the reader never saw.

    python -m training.ranking --data ../shared/data

The corpus has the newsroom's articles and Wikipedia's. A sample of the questions that train no
reader is asked through the real retriever and reader. A logistic regression gives the probability
that a candidate is right. Platt's calibration and the error rates of first answers are from
five-fold cross-validation by article. Writes src/pullquote/models/ranking.json and, into the
reader's model.json, the log-odds at which a reader may stop with almost no change.
"""

from __future__ import annotations

import argparse
import json
import pickle
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.preprocessing import StandardScaler

from pullquote import calibrate
from pullquote.answers import AnswerFeatures, Calibration, Candidate, Ranking, Weights, candidates
from pullquote.encoder import Encoder
from pullquote.evaluate import GoldQuestion, is_right, token_f1
from pullquote.evaluate.measures import JudgedAnswer, auroc, calibration_error, reliability
from pullquote.reader import open_reader
from pullquote.settings import Settings
from training.question_spans import AT_ONCE, STAGES, QuestionSpans, collect

NAMES = [field.name for field in fields(AnswerFeatures)]
MODELS = Path(__file__).parents[1] / "src/pullquote/models"
NEWSROOM = Path(__file__).parent / "newsroom.jsonl"
FOLDS = 5
UNANSWERABLE_EVERY = 2
"""Every second unanswerable question counts for the confidence. One question in five is then
unanswerable, which is nearer to real questions than the newsroom's one in three.
"""

BRIEF = 0.5
"""The least token F1 with an accepted answer of a sentence that contains little else."""

MAY_CHANGE = 0.005
"""The share of the first answers that stopping early may change."""


def right(candidate: Candidate, gold: GoldQuestion) -> bool:
    """Whether a candidate's words answer the question."""
    return is_right(candidate.best.text, gold.answers)


def brief(candidate: Candidate, gold: GoldQuestion) -> bool:
    """Whether a sentence answers the question and contains little else.

    Fitted to sentences that only contain the answer, the ranking preferred them to the exact words.
    """
    return token_f1(candidate.best.text, gold.answers) >= BRIEF


def fit(found: Sequence[tuple[Candidate, bool]]) -> Weights:
    """Fit a logistic regression over the candidates, with unscaled features."""
    table = np.array([list(asdict(candidate.features).values()) for candidate, _ in found])
    scale = StandardScaler().fit(table)
    model = LogisticRegression(C=1.0, max_iter=1000)
    model.fit(scale.transform(table), [r for _, r in found])
    weights = model.coef_[0] / scale.scale_
    intercept = float(model.intercept_[0] - weights @ scale.mean_)
    return Weights(
        intercept=round(intercept, 4),
        weights={n: round(float(w), 4) for n, w in zip(NAMES, weights, strict=True)},
    )


def ranking_of(
    cases: Sequence[QuestionSpans], calibration: Calibration, *, reader: str = ""
) -> Ranking:
    """The ranking fitted to these cases."""
    words, sentences = [], []
    for case in cases:
        for candidate in candidates(case.question, [*case.words, *case.sentences]):
            if candidate.best.whole_sentence:
                sentences.append((candidate, brief(candidate, case.gold)))
            else:
                words.append((candidate, right(candidate, case.gold)))
    return Ranking(
        reader=reader, words=fit(words), sentences=fit(sentences), calibration=calibration
    )


@dataclass(frozen=True, slots=True)
class RankedFirst:
    """The log-odds of the first answer to a question and whether it was right."""

    logit: float
    right: bool
    right_in_three: bool
    answerable: bool


def firsts(ranking: Ranking, cases: Sequence[QuestionSpans]) -> list[RankedFirst]:
    """The first answers by a ranking."""
    found = []
    for case in cases:
        order = ranking.order(case.question, case.spans)
        rights = [right(ranked.candidate, case.gold) for ranked in order]
        logit = order[0].logit if order else calibrate.NO_ANSWER_LOGIT
        found.append(RankedFirst(logit, any(rights[:1]), any(rights[:3]), case.gold.answerable))
    return found


UNKNOWN = Calibration(slope=1, intercept=0, confidences=(), wrong=(), fitted_on="nothing")


def cross_validated(cases: Sequence[QuestionSpans]) -> list[RankedFirst]:
    """Each case's first answer, by a ranking that was fitted without its article."""
    found: dict[int, RankedFirst] = {}
    parts = GroupKFold(n_splits=FOLDS).split(cases, groups=[case.group for case in cases])
    for rest, part in parts:
        ranking = ranking_of([cases[i] for i in rest], UNKNOWN)
        found.update(zip(part, firsts(ranking, [cases[i] for i in part]), strict=True))
    return [found[i] for i in range(len(cases))]


def as_asked(found: Sequence[RankedFirst]) -> list[RankedFirst]:
    """The first answers that count for the confidence."""
    unanswerable = [one for one in found if not one.answerable]
    return [one for one in found if one.answerable] + unanswerable[::UNANSWERABLE_EVERY]


def report(found: Sequence[RankedFirst], calibration: Calibration) -> None:
    """Print the quality of the cross-validated first answers."""
    judged = [JudgedAnswer(calibration.confidence(one.logit), one.right) for one in found]
    sayable = [
        JudgedAnswer(j.confidence, one.answerable) for j, one in zip(judged, found, strict=True)
    ]
    asked = [one for one in found if one.answerable]
    print(
        f"{len(found)} questions, {len(asked)} answerable: first right "
        f"{np.mean([one.right for one in asked]):.3f}, in three "
        f"{np.mean([one.right_in_three for one in asked]):.3f}; AUROC answerable "
        f"{auroc(sayable):.3f}, right {auroc(judged):.3f}; expected calibration error "
        f"{calibration_error(reliability(judged)):.3f}"
    )
    for risk in (0.05, 0.1, 0.15, 0.2, 0.25, 0.3):
        floor = calibration.threshold(risk)
        given = [j for j in judged if j.confidence >= floor]
        silent = [one for j, one in zip(judged, found, strict=True) if j.confidence < floor]
        print(
            f"  wrong at most {risk:.2f}: from confidence {floor:.3f}; answers {len(given)}, "
            f"withholds {sum(one.right for one in silent)} right ones, is silent on "
            f"{sum(not one.answerable for one in silent)} of {len(found) - len(asked)} unanswerable"
        )


def certain(ranking: Ranking, cases: Sequence[QuestionSpans]) -> float:
    """The lowest log-odds at which stopping early changes almost no first answer."""

    def first(case: QuestionSpans) -> str:
        order = ranking.order(case.question, case.spans)
        return order[0].candidate.best.text if order else ""

    stages = []
    for case in cases:
        answer = first(case)
        stages.append([(case.sure(n), first(case.until(n)) != answer) for n in STAGES])
    for floor in np.arange(0.0, 20.0, 0.5):
        ends = [next((changed for sure, changed in s if sure >= floor), None) for s in stages]
        stopped, changed = sum(end is not None for end in ends), sum(map(bool, ends))
        print(f"  certain from {floor}: {stopped} stop early, {changed} change their answer")
        if changed <= MAY_CHANGE * len(cases):
            return float(floor)
    return 99.0


def main() -> None:
    """Fit, report, and write both files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="holds wiki/wiki-train.json")
    parser.add_argument("--newsroom", type=Path, default=NEWSROOM)
    parser.add_argument("--cases", type=Path, help="keep what was read in this file, or reuse it")
    arguments = parser.parse_args()
    if arguments.cases is not None and arguments.cases.exists():
        cases = pickle.loads(arguments.cases.read_bytes())  # noqa: S301 - written by ourselves
    else:
        cases = collect(arguments.newsroom, arguments.data / "wiki/wiki-train.json")
        if arguments.cases is not None:
            arguments.cases.write_bytes(pickle.dumps(cases))
    floor = certain(ranking_of(cases, UNKNOWN), cases)
    cases = [case.stopped(floor) for case in cases]
    found = as_asked(cross_validated(cases))
    calibration = calibrate.fit(
        [calibrate.FirstAnswer(one.logit, one.right) for one in found],
        fitted_on=f"{len(found)} held-out questions of {arguments.newsroom.name} and Wikipedia",
    )
    report(found, calibration)
    path = MODELS / "span-reader/model.json"
    card = json.loads(path.read_text("utf-8")) | {"at_once": AT_ONCE, "certain": floor}
    path.write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
    chosen = Settings()
    encoder = Encoder(chosen.encoder, batch_size=chosen.batch_size, cache=chosen.cache)
    reader = open_reader(chosen.reader, encoder).identity
    ranking = ranking_of(cases, calibration, reader=reader)
    for name, weights in (("words", ranking.words), ("sentences", ranking.sentences)):
        print(f"{name}: {weights.intercept} {weights.weights}")
    (MODELS / "ranking.json").write_text(ranking.model_dump_json(indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
