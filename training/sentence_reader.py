"""Fits the weights of the sentence reader.

    python -m training.sentence_reader

The invented articles of the newsroom file become a corpus, and its questions are asked through the
real retriever. Questions of the articles held out for training.ranking are left out. Of the others,
four fifths fit the weights and one fifth measures the fit.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize, minimize_scalar
from scipy.special import softmax

from pullquote.answering.reader import SentenceFeatures, SentenceModel, SentenceReader
from pullquote.evaluate import GoldQuestion
from pullquote.evaluate.measures import JudgedAnswer, auroc
from pullquote.index.services import rebuild_index
from pullquote.newsroom.assistant import Assistant
from pullquote.schema import Filters
from pullquote.schema.settings import Settings
from training.corpus import write_newsroom

SEED = 7
QUESTIONS = 1000
"""A random sample; seven weights need no more."""

PENALTY = 0.5
NAMES = list(SentenceFeatures.__dataclass_fields__)
NEWSROOM = Path(__file__).parent / "newsroom.jsonl"
OUT = Path(__file__).parents[1] / "src/pullquote/base/models/sentence-reader.json"


@dataclass(frozen=True, slots=True)
class LabelledSentence:
    """A sentence that was compared with a question, and whether it has the answer."""

    features: SentenceFeatures
    block: tuple[str, int]
    right: bool


@dataclass(frozen=True, slots=True)
class QuestionSentences:
    """A question and all sentences compared with it."""

    gold: GoldQuestion
    candidates: list[LabelledSentence]


def collect(
    assistant: Assistant, reader: SentenceReader, questions: Sequence[GoldQuestion]
) -> list[QuestionSentences]:
    """Every question with the sentences that the reader compares with it."""
    generation, retriever = assistant.generation, assistant.retriever
    cases: list[QuestionSentences] = []
    for gold in questions:
        question = retriever.question(gold.question, generation)
        hits = retriever.retrieve(question, generation, k=10, filters=Filters())
        cases.append(
            QuestionSentences(
                gold,
                [
                    LabelledSentence(
                        features, s.block, gold.found_in(s.hit.passage.article, s.text)
                    )
                    for s, features in reader.candidates(question, hits)
                ],
            )
        )
    return cases


def matrix(candidates: Sequence[LabelledSentence]) -> np.ndarray:
    """The features, shape (len(candidates), features), in the order of the dataclass's fields."""
    return np.array([list(asdict(c.features).values()) for c in candidates])


def fit_choice(cases: Sequence[QuestionSentences]) -> tuple[dict[str, float], float]:
    """Fit the weights that separate right sentences from others, and the score of "no answer".

    The weights maximise the likelihood of a right sentence where there is one, with a small penalty
    on their squares. Then the score of "no answer" maximises the likelihood of all choices.
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


def best(case: QuestionSentences, model: SentenceModel) -> tuple[float, bool]:
    """The log-odds of the best sentence and whether it is right; -20 without a sentence."""
    logits = model.span_logits(
        [c.features for c in case.candidates], [c.block for c in case.candidates]
    )
    scored = zip(logits, (c.right for c in case.candidates), strict=True)
    return max(scored, key=lambda pair: pair[0], default=(-20.0, False))


def report(name: str, cases: Sequence[QuestionSentences], model: SentenceModel) -> None:
    """Print the model's quality on some questions."""
    tops = [best(case, model) for case in cases]
    answerable = [case.gold.answerable for case in cases]
    right = sum(top[1] for top in tops) / max(1, sum(answerable))
    sayable = [
        JudgedAnswer(logit, answered) for (logit, _), answered in zip(tops, answerable, strict=True)
    ]
    print(
        f"{name}: {len(cases)} questions; best sentence right on {right:.3f} of the answerable; "
        f"AUROC answerable {auroc(sayable):.3f}"
    )


def main() -> None:
    """Fit, report, and write the model into the package."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--newsroom", type=Path, default=NEWSROOM)
    newsroom = parser.parse_args().newsroom
    with tempfile.TemporaryDirectory() as folder:
        corpus, index = Path(folder) / "corpus", Path(folder) / "index"
        corpus.mkdir()
        questions = write_newsroom(newsroom, corpus, held_out=False)
        rebuild_index(corpus, index)
        with Assistant(Settings(index=index)) as assistant:
            blank = SentenceModel(weights={}, none=0, fitted_on="")
            reader = SentenceReader(assistant.encoder, blank)
            drawn = random.Random(SEED).sample(questions, min(QUESTIONS, len(questions)))
            cases = collect(assistant, reader, drawn)
    articles = sorted({next(iter(c.gold.articles)) for c in cases})
    folds = np.random.default_rng(SEED).permutation(len(articles)) % 5
    fold = dict(zip(articles, folds.tolist(), strict=True))

    def part(*wanted: int) -> list[QuestionSentences]:
        return [c for c in cases if fold[next(iter(c.gold.articles))] in wanted]

    weights, none = fit_choice(part(0, 1, 2, 3))
    fitted_on = f"{newsroom.name}, {len(articles)} articles, seed {SEED}"
    model = SentenceModel(weights=weights, none=none, fitted_on=fitted_on)
    report("fitted", part(0, 1, 2, 3), model)
    report("held out", part(4), model)
    OUT.write_text(model.model_dump_json(indent=2) + "\n", encoding="utf-8")
    print(f"wrote {OUT}: {weights}")


if __name__ == "__main__":
    main()
