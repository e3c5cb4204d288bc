"""Fits the weights, the calibration and the threshold of the sentence reader.

    python training/sentence_reader.py --newsroom training/data/newsroom.jsonl

The invented articles of the newsroom file become a corpus; its questions are asked of it through
the real retriever. Three fifths of the articles' questions fit the weights, one fifth the
calibration, one fifth is reported and fits nothing. The threshold is the confidence that keeps
KEPT of the right answers to the calibration questions: a whole sentence is easily judged by who
reads it, so staying silent too often costs more than showing a wrong one.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize, minimize_scalar
from scipy.special import softmax
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from pullquote.assistant import Assistant, rebuild_index
from pullquote.evaluate import GoldQuestion
from pullquote.reader import Calibration, Features, SentenceModel, SentenceReader
from pullquote.schema import Filters
from pullquote.settings import Settings

SEED = 7
KEPT = 0.95
PENALTY = 0.5
NAMES = list(Features.__dataclass_fields__)
OUT = Path(__file__).parents[1] / "src/pullquote/models/sentence-reader.json"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that was compared with a question, and whether it holds the answer."""

    features: Features
    block: tuple[str, int]
    right: bool


@dataclass(frozen=True, slots=True)
class Case:
    """A question and all sentences compared with it."""

    gold: GoldQuestion
    candidates: list[Candidate]


def write_corpus(newsroom: Path, corpus: Path) -> list[GoldQuestion]:
    """The articles as Markdown files, and all their questions."""
    questions: list[GoldQuestion] = []
    for line in newsroom.read_text(encoding="utf-8").splitlines():
        article = json.loads(line)
        name = f"{article['id']}.md"
        head = {"title": article["title"], "published": article["date"]}
        content = f"---\n{json.dumps(head, ensure_ascii=False)}\n---\n{article['text']}\n"
        (corpus / name).write_text(content, encoding="utf-8")
        for number, gold in enumerate(article["questions"] + article["unanswerable"]):
            asked = gold if isinstance(gold, str) else gold["question"]
            answers = () if isinstance(gold, str) else tuple(gold.get("answers", ()))
            questions.append(
                GoldQuestion(
                    id=f"{article['id']}-{number}",
                    question=asked,
                    answers=answers,
                    articles=frozenset({name}),
                )
            )
    return questions


def collect(
    assistant: Assistant, reader: SentenceReader, questions: Sequence[GoldQuestion]
) -> list[Case]:
    """Every question with the sentences that the reader compares for it."""
    generation, retriever = assistant.generation, assistant.retriever
    cases: list[Case] = []
    for gold in questions:
        question = retriever.question(gold.question, generation)
        hits = retriever.retrieve(question, generation, k=10, filters=Filters())
        cases.append(
            Case(
                gold,
                [
                    Candidate(features, s.block, gold.found_in(s.hit.passage.article, s.text))
                    for s, features in reader.candidates(question, hits)
                ],
            )
        )
    return cases


def matrix(candidates: Sequence[Candidate]) -> np.ndarray:
    """Shape (len(candidates), features), in the order of the dataclass's fields."""
    return np.array([list(asdict(c.features).values()) for c in candidates])


def fit_choice(cases: Sequence[Case]) -> tuple[dict[str, float], float]:
    """The weights by which right sentences stand out from those beside them, and the score of none.

    The weights maximise the likelihood of choosing a right sentence where there is one, with a
    small penalty on their squares; then the score of none maximises that of every choice.
    """
    tables = [(matrix(c.candidates), np.array([x.right for x in c.candidates])) for c in cases]
    tables = [(features, right) for features, right in tables if len(right)]

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        total, slope = PENALTY * weights @ weights, 2 * PENALTY * weights
        for features, right in tables:
            if right.any():
                share = softmax(features @ weights)
                chosen = share * right / (share @ right)
                total -= np.log(share @ right)
                slope -= (chosen - share) @ features
        return total, slope

    weights = minimize(loss, np.zeros(len(NAMES)), jac=True).x

    def loss_of_none(none: float) -> float:
        total = 0.0
        for features, right in tables:
            share = softmax(np.append(features @ weights, none))
            total -= np.log(share @ np.append(right, not right.any()))
        return total

    none = minimize_scalar(loss_of_none, bounds=(-50, 50), method="bounded").x
    rounded = {name: round(float(w), 4) for name, w in zip(NAMES, weights, strict=True)}
    return rounded, round(float(none), 4)


def best(case: Case, model: SentenceModel) -> tuple[float, bool]:
    """The log-odds of the best sentence and whether it is right; -20 when there is none."""
    logits = model.span_logits(
        [c.features for c in case.candidates], [c.block for c in case.candidates]
    )
    scored = zip(logits, (c.right for c in case.candidates), strict=True)
    return max(scored, key=lambda pair: pair[0], default=(-20.0, False))


def fit_calibration(tops: Sequence[tuple[float, bool]]) -> Calibration:
    """Platt's logistic on the best sentence's log-odds, and the threshold that keeps `KEPT`."""
    logits = np.array([[logit] for logit, _ in tops])
    right = np.array([r for _, r in tops])
    platt = LogisticRegression(C=1e6).fit(logits, right)
    confidence = platt.predict_proba(logits)[:, 1]
    return Calibration(
        slope=round(float(platt.coef_[0][0]), 4),
        intercept=round(float(platt.intercept_[0]), 4),
        threshold=round(float(np.quantile(confidence[right], 1 - KEPT)), 3),
    )


def report(name: str, cases: Sequence[Case], model: SentenceModel) -> None:
    """Print how the model does on some questions."""
    tops = [best(case, model) for case in cases]
    confidence = np.array([model.calibration.confidence(logit) for logit, _ in tops])
    right = np.array([r for _, r in tops])
    answerable = np.array([case.gold.answerable for case in cases])
    said = confidence >= model.calibration.threshold
    print(
        f"{name}: {len(cases)} questions; best sentence right on {right[answerable].mean():.3f} of "
        f"the answerable; AUROC answerable {roc_auc_score(answerable, confidence):.3f}, right "
        f"{roc_auc_score(right, confidence):.3f}; answered {said.mean():.3f}, right when answered "
        f"{right[said].mean():.3f}; silent on {(~said)[~answerable].mean():.3f} of the rest; "
        f"calibration error {calibration_error(confidence, right):.3f}"
    )


def calibration_error(confidence: np.ndarray, right: np.ndarray, bins: int = 10) -> float:
    """Expected calibration error over equal-width bins, 0 to 1."""
    which = np.minimum((confidence * bins).astype(int), bins - 1)
    return float(
        sum(
            np.mean(which == b) * abs(confidence[which == b].mean() - right[which == b].mean())
            for b in range(bins)
            if np.any(which == b)
        )
    )


def main() -> None:
    """Fit, report, and write the model into the package."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--newsroom", type=Path, required=True)
    newsroom = parser.parse_args().newsroom
    with tempfile.TemporaryDirectory() as folder:
        corpus, index = Path(folder) / "corpus", Path(folder) / "index"
        corpus.mkdir()
        questions = write_corpus(newsroom, corpus)
        rebuild_index(corpus, index)
        with Assistant(Settings(index=index)) as assistant:
            blank = SentenceModel(
                weights={},
                none=0,
                calibration=Calibration(slope=1, intercept=0, threshold=0.5),
                fitted_on="",
            )
            reader = SentenceReader(assistant.encoder, blank)
            cases = collect(assistant, reader, questions)
    articles = sorted({next(iter(c.gold.articles)) for c in cases})
    folds = np.random.default_rng(SEED).permutation(len(articles)) % 5
    fold = dict(zip(articles, folds.tolist(), strict=True))

    def part(*wanted: int) -> list[Case]:
        return [c for c in cases if fold[next(iter(c.gold.articles))] in wanted]

    weights, none = fit_choice(part(0, 1, 2))
    model = blank.model_copy(update={"weights": weights, "none": none})
    model = model.model_copy(
        update={
            "calibration": fit_calibration([best(c, model) for c in part(3)]),
            "fitted_on": f"{newsroom.name}, {len(articles)} articles, seed {SEED}",
        }
    )
    report("fitted", part(0, 1, 2), model)
    report("calibrated", part(3), model)
    report("held out", part(4), model)
    OUT.write_text(model.model_dump_json(indent=2) + "\n", encoding="utf-8")
    print(f"wrote {OUT.relative_to(Path.cwd())}: {weights}")


if __name__ == "__main__":
    main()
