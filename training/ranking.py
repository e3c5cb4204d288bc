"""Fits the ranking and the confidence of answers, on articles that the reader never saw.

    python -m training.ranking --data ../shared/data

The corpus has the newsroom's articles and Wikipedia's. Everyday questions and a sample of factual
ones, none of which trained a reader, are asked through the real retriever and reader. Logistic
regressions give the probability that exact words or a sentence are right, and that the corpus
answers a question at all. Platt's calibration and the error rates of first answers are from
five-fold cross-validation by article. Writes ranking.json and ranking-thorough.json, for what is
read once and what the second network reads again, and into the small reader's model.json the
log-odds at which it may stop with almost no change.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.preprocessing import StandardScaler

from pullquote.answering.answerer import LIKELY
from pullquote.answering.answers import (
    AnswerFeatures,
    Calibration,
    Candidate,
    Ranking,
    ReplyFeatures,
    candidates,
    select,
)
from pullquote.answering.reader import open_reader
from pullquote.answering.reader.choice import FAST, THOROUGH
from pullquote.answering.reader.packaged import LARGE, SMALL, PackagedNetwork
from pullquote.answering.reader.second_look import SecondLook
from pullquote.answering.reader.span_reader import ONE_ANSWER
from pullquote.base.regression import Weights
from pullquote.english.sentences import sentence_around
from pullquote.evaluate import calibrate, is_right
from pullquote.evaluate.measures import (
    JudgedAnswer,
    auroc,
    calibration_error,
    reliability,
    squad_normalised,
)
from pullquote.index.encoder import Encoder
from pullquote.schema import QuestionKind, Span
from pullquote.schema.settings import Settings
from training import everyday
from training.everyday import EverydayQuestion
from training.question_spans import AT_ONCE, STAGES, QuestionSpans, collect
from training.stored import stored

MODELS = Path(__file__).parents[1] / "src/pullquote/base/models"
NEWSROOM = Path(__file__).parent / "newsroom.jsonl"
FOLDS = 5
UNANSWERABLE = 1 / 7
"""The share of the questions that are unanswerable when the confidence is fitted.

That is nearer to real questions than the newsroom's one in four.
"""

MAY_CHANGE = 0.005
"""The share of the first answers that stopping early may change."""


def read_again(ranking: Ranking, cases: Sequence[QuestionSpans]) -> list[QuestionSpans]:
    """The cases, whose places that rank best were read again with the large network."""
    look = SecondLook(PackagedNetwork.shipped(SMALL), PackagedNetwork.shipped(LARGE))
    found = []
    for case in cases:
        ranked = select(ranking, case.question, case.hits, case.spans).ranked
        best = [one.candidate.best for one in ranked]
        spans = look.spans(case.question, case.spans, best)
        found.append(replace(case, spans=tuple(spans)))
    return found


def right(span: Span, asked: EverydayQuestion) -> bool:
    """Whether exact words answer the question, and are from a right article."""
    accepted = [*asked.gold.answers, *(variant for item in asked.items for variant in item)]
    return span.hit.passage.article in asked.gold.articles and is_right(span.text, accepted)


def settles(span: Span, asked: EverydayQuestion) -> bool:
    """Whether the sentence of a span settles the question."""
    passage = span.hit.passage
    if passage.article not in asked.gold.articles:
        return False
    left, right = sentence_around(passage.text, span.start, span.end, span.hit.article.language)
    sentence = passage.text[left:right]
    if not asked.evidence:
        return asked.gold.answerable and is_right(sentence, asked.gold.answers)
    found = squad_normalised(sentence)
    return any(_overlaps(squad_normalised(evidence), found) for evidence in asked.evidence)


def _overlaps(evidence: str, found: str) -> bool:
    return evidence in found or (bool(found) and found in evidence)


def fit(found: Sequence[tuple[AnswerFeatures | ReplyFeatures, bool]]) -> Weights:
    """Fit a logistic regression over features, with unscaled weights.

    Agreement never counts against an answer: `support` gets no weight rather than a negative one.
    The invented articles rarely agree, so that its sign would be chance.
    """
    names = [field.name for field in fields(found[0][0]) if _varies(found, field.name)]
    weights = _fit(names, found)
    if weights.weights.get("support", 0.0) < 0:
        weights = _fit([name for name in names if name != "support"], found)
    return weights


def _varies(found: Sequence[tuple[AnswerFeatures | ReplyFeatures, bool]], name: str) -> bool:
    """Whether a feature tells anything apart; those of a network that read nothing do not."""
    return len({getattr(features, name) for features, _ in found}) > 1


def _fit(
    names: Sequence[str], found: Sequence[tuple[AnswerFeatures | ReplyFeatures, bool]]
) -> Weights:
    table = np.array([[getattr(features, name) for name in names] for features, _ in found])
    scale = StandardScaler().fit(table)
    model = LogisticRegression(C=1.0, max_iter=1000)
    model.fit(scale.transform(table), [r for _, r in found])
    weights = model.coef_[0] / scale.scale_
    intercept = float(model.intercept_[0] - weights @ scale.mean_)
    return Weights(
        intercept=round(intercept, 4),
        weights={n: round(float(w), 4) for n, w in zip(names, weights, strict=True)},
    )


BLANK = Weights(intercept=0, weights={})
UNKNOWN = Calibration(slope=1, intercept=0, confidences=(), wrong=(), fitted_on="nothing")


def ranking_of(cases: Sequence[QuestionSpans], *, reader: str = "") -> Ranking:
    """The ranking fitted to these cases, without a rule for silence or a calibration."""
    labelled = [_labelled(case) for case in cases]
    words, sentences, fallback = ([row for one in labelled for row in one[i]] for i in range(3))
    return Ranking(
        reader=reader,
        words=fit(words),
        sentences=fit(sentences),
        fallback=fit(fallback),
        answerable=BLANK,
        nothing_below=0.0,
        calibration=UNKNOWN,
    )


Labelled = list[tuple[AnswerFeatures, bool]]


@cache
def _labelled(case: QuestionSpans) -> tuple[Labelled, Labelled, Labelled]:
    """The features of words, of sentences and of the fallback's, and which of them are right."""
    found = candidates(case.question, case.spans)
    asks_for_words = case.asked.gold.kind != "keyword"
    words = [
        (one.features, right(one.best, case.asked))
        for one in found
        if asks_for_words and not one.best.whole_sentence
    ]
    sentences, fallback = (
        [(one.features, settles(one.best, case.asked)) for one in some if one.best.whole_sentence]
        for some in (found, candidates(case.question, case.fallback))
    )
    return words, sentences, fallback


@dataclass(frozen=True, slots=True)
class RankedFirst:
    """The log-odds of the first answer to a question and whether it was right."""

    kind: str
    read_as: QuestionKind
    logit: float
    right: bool
    right_in_three: bool
    answerable: bool
    features: ReplyFeatures


def first(ranking: Ranking, case: QuestionSpans) -> RankedFirst:
    """The first answer to a question by a ranking."""
    selected = select(ranking, case.question, case.hits, case.spans)
    rights = [_is_answer(one.candidate, case) for one in selected.ranked[:3]]
    return RankedFirst(
        kind=case.asked.gold.kind or "factual",
        read_as=case.question.kind,
        logit=selected.ranked[0].logit if selected.ranked else calibrate.NO_ANSWER_LOGIT,
        right=any(rights[:1]),
        right_in_three=any(rights),
        answerable=case.answerable,
        features=selected.features,
    )


def _is_answer(candidate: Candidate, case: QuestionSpans) -> bool:
    """Whether a candidate is right, as exact words or as a sentence that settles the question."""
    if case.asked.gold.kind in ("keyword", "yes-no", "compare"):
        return settles(candidate.best, case.asked)
    return right(candidate.best, case.asked)


def cross_validated(cases: Sequence[QuestionSpans]) -> list[RankedFirst]:
    """Each case's first answer, by a ranking that was fitted without its article."""
    found: dict[int, RankedFirst] = {}
    parts = GroupKFold(n_splits=FOLDS).split(cases, groups=[case.group for case in cases])
    for rest, part in parts:
        ranking = ranking_of([cases[i] for i in rest])
        found.update({i: first(ranking, cases[i]) for i in part})
    return [found[i] for i in range(len(cases))]


def as_asked(found: Sequence[RankedFirst]) -> list[RankedFirst]:
    """The first answers that count for the confidence: all to answerable questions, some others."""
    answerable = [one for one in found if one.answerable]
    rest = [one for one in found if not one.answerable]
    enough = round(len(answerable) * UNANSWERABLE / (1 - UNANSWERABLE))
    return answerable + rest[:: max(1, len(rest) // max(1, enough))]


def with_silence(ranking: Ranking, found: Sequence[RankedFirst]) -> Ranking:
    """The ranking with a rule for "nothing found", fitted to these first answers."""
    found = [one for one in found if one.read_as is not QuestionKind.KEYWORDS]
    answerable = fit([(one.features, one.answerable) for one in found])
    floor = calibrate.nothing_below(
        [answerable.logit(one.features) for one in found if one.answerable]
    )
    return ranking.model_copy(update={"answerable": answerable, "nothing_below": floor})


def report(found: Sequence[RankedFirst], calibration: Calibration, ranking: Ranking) -> None:
    """Print the quality of the cross-validated first answers, overall and by kind."""
    judged = [JudgedAnswer(calibration.confidence(one.logit), one.right) for one in found]
    logits = [ranking.answerable.logit(one.features) for one in found]
    sayable = [
        JudgedAnswer(_share(x), one.answerable) for x, one in zip(logits, found, strict=True)
    ]
    print(
        f"{len(found)} questions; AUROC right {auroc(judged):.3f}, "
        f"answerable {auroc(sayable):.3f}; "
        f"expected calibration error {calibration_error(reliability(judged)):.3f}"
    )
    floor = calibration.threshold(Settings().wrong_at_most)
    print(f"{'kind':12} {'n':>5} first three | answer right possible nothing | unanswerable silent")
    for kind in ["all", *dict.fromkeys(one.kind for one in found)]:
        rows = [
            (one, j.confidence >= floor, x >= ranking.nothing_below or j.confidence >= LIKELY)
            for one, j, x in zip(found, judged, logits, strict=True)
            if kind in ("all", one.kind)
        ]
        _print_row(kind, rows)


def _share(logit: float) -> float:
    """A probability with the same order as the log-odds."""
    return float(1 / (1 + np.exp(-logit)))


def _print_row(kind: str, rows: Sequence[tuple[RankedFirst, bool, bool]]) -> None:
    asked = [row for row in rows if row[0].answerable]
    rest = [row for row in rows if not row[0].answerable]
    sure = [one for one, answer, _ in asked if answer]
    sure_all = [one for one, answer, _ in rows if answer]
    silent = [1 for _, answer, may in asked if not (answer or may)]
    quiet = [1 for _, answer, may in rest if not (answer or may)]
    print(
        f"{kind:12} {len(asked):5} {_mean(o.right for o, *_ in asked):.3f} "
        f"{_mean(o.right_in_three for o, *_ in asked):.3f} | {len(sure) / max(1, len(asked)):.3f} "
        f"{_mean(one.right for one in sure_all):.3f} "
        f"{1 - (len(sure) + len(silent)) / max(1, len(asked)):.3f} "
        f"{len(silent) / max(1, len(asked)):.3f} | {len(quiet)} of {len(rest)}"
    )


def _mean(values: Iterable[float]) -> float:
    values = list(values)
    return sum(values) / max(1, len(values))


def certain(ranking: Ranking, cases: Sequence[QuestionSpans]) -> float:
    """The lowest log-odds at which stopping early changes almost no first answer."""

    def answer_to(case: QuestionSpans) -> str:
        ranked = select(ranking, case.question, case.hits, case.spans).ranked
        return ranked[0].candidate.best.text if ranked else ""

    stages = []
    for case in cases:
        answer = answer_to(case)
        stages.append([(case.sure(n), answer_to(case.until(n)) != answer) for n in STAGES])
    for floor in np.arange(0.0, 20.0, 0.5):
        ends = [next((changed for sure, changed in s if sure >= floor), None) for s in stages]
        stopped, changed = sum(end is not None for end in ends), sum(map(bool, ends))
        print(f"  certain from {floor}: {stopped} stop early, {changed} change their answer")
        if changed <= MAY_CHANGE * len(cases):
            return float(floor)
    return 99.0


def fitted(cases: Sequence[QuestionSpans], *, reader: str, fitted_on: str) -> Ranking:
    """The ranking for a reader, with its calibration; prints what cross-validation finds."""
    everything = cross_validated(cases)
    found = as_asked(everything)
    judged = [
        JudgedAnswer(one.logit, one.right)
        for one in found
        if one.read_as is not QuestionKind.KEYWORDS
    ]
    calibration = calibrate.fit(judged, fitted_on=f"{len(found)} {fitted_on}")
    ranking = with_silence(ranking_of(cases, reader=reader), everything)
    print(reader)
    report(found, calibration, ranking)
    for name in ("words", "sentences", "fallback", "answerable"):
        weights: Weights = getattr(ranking, name)
        print(f"{name}: {weights.intercept} {weights.weights}")
    return ranking.model_copy(update={"calibration": calibration})


def main() -> None:
    """Fit, report, and write the files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="holds wiki/wiki-train.json")
    parser.add_argument("--newsroom", type=Path, default=NEWSROOM)
    parser.add_argument("--everyday", type=Path, default=everyday.QUESTIONS)
    parser.add_argument("--conversations", type=Path, default=everyday.CONVERSATIONS)
    parser.add_argument("--cases", type=Path, help="keep what was read in this file, or reuse it")
    parser.add_argument("--again", type=Path, help="the same for what was read again")
    arguments = parser.parse_args()
    wiki = arguments.data / "wiki/wiki-train.json"
    cases = stored(
        arguments.cases,
        lambda: collect(arguments.newsroom, wiki, arguments.everyday, arguments.conversations),
    )
    floor = certain(ranking_of(cases), cases)
    cases = [case.stopped(floor) if case.question.kind in ONE_ANSWER else case for case in cases]
    path = MODELS / SMALL / "model.json"
    card = json.loads(path.read_text("utf-8")) | {"at_once": AT_ONCE, "certain": floor}
    path.write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
    chosen = Settings()
    encoder = Encoder(chosen.encoder, batch_size=chosen.batch_size, cache=chosen.cache)
    fitted_on = f"held-out questions of {arguments.newsroom.name} and Wikipedia"
    reader = open_reader(FAST, encoder).identity
    fast = fitted(cases, reader=reader, fitted_on=fitted_on)
    (MODELS / "ranking.json").write_text(fast.model_dump_json(indent=1) + "\n", "utf-8")
    again = stored(arguments.again, lambda: read_again(fast, cases))
    reader = open_reader(THOROUGH, encoder).identity
    thorough = fitted(again, reader=reader, fitted_on=fitted_on)
    (MODELS / "ranking-thorough.json").write_text(
        thorough.model_dump_json(indent=1) + "\n", "utf-8"
    )


if __name__ == "__main__":
    main()
