"""Fits the weights by which articles are weighed, on stories whose values change.

    python -m training.weighing [--cases CASES] [--apart]

The corpus has the stories of training/stories and tests/data/stories, and the newsroom's articles.
The questions of the stories, and a sample of the newsroom's, none of which trained a reader, are
asked through the real retriever and reader. Two logistic regressions give the probability that a
statement answers the question, and which of the values is the one asked for. Prints the share of
right first values, each story's by weights that were fitted without it. Writes
src/pullquote/base/models/weighing.json.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from itertools import chain
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from pullquote import Filters
from pullquote.answering.weighing import ValueGroup, WeighingModel, further_hits
from pullquote.answering.weighing.choice import ValueFeatures, value_features, wording
from pullquote.answering.weighing.relevance import StatementFeatures, with_features
from pullquote.answering.weighing.statement import statements_of
from pullquote.base.regression import Weights
from pullquote.evaluate import GoldQuestion, read_questions
from pullquote.evaluate.gold_file import evaluation_corpus
from pullquote.evaluate.measures import is_right
from pullquote.index.services import rebuild_index
from pullquote.newsroom.assistant import Assistant
from pullquote.schema import Question, QuestionKind, Span, TimeAsked
from pullquote.schema.settings import Settings
from training.corpus import write_newsroom
from training.stored import stored

MODEL = Path(__file__).parents[1] / "src/pullquote/base/models/weighing.json"
STORIES = (Path(__file__).parent / "stories", Path(__file__).parents[1] / "tests/data/stories")
"""The stories of which the second are those that `python -m benchmarks.stories` measures."""
NEWSROOM = Path(__file__).parent / "newsroom.jsonl"
NEWSROOM_QUESTIONS = 150
KINDS = frozenset({QuestionKind.FACT, QuestionKind.KEYWORDS, QuestionKind.LIST})
"""The kinds of questions to learn from: those with short answers."""
WEIGHED = ("latest", "as-of", "fact", "disputed", "corrected", "first")
FOLDS = 10
PENALTY = 0.5
"""The weight of the squared weights when the values' weights are fitted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A question, what was read for it, and what is right.

    `values` are the accepted forms of each value that articles give; only those that are no
    mentions count as statements.
    """

    story: str
    kind: str
    question: Question
    spans: list[Span]
    answers: list[str]
    values: list[list[str]]


def collect() -> list[Case]:
    """Ask all questions."""
    files = sorted(path for folder in STORIES for path in folder.glob("*.json"))
    with evaluation_corpus(files[0], corpora=files, index=None) as made:
        gold = write_newsroom(NEWSROOM, made.corpus, held_out=True)
        write_newsroom(NEWSROOM, made.corpus, held_out=False)
        rebuild_index(made.corpus, made.index)
        answerable = [one for one in gold if one.answers]
        sample = answerable[:: max(1, len(answerable) // NEWSROOM_QUESTIONS)]
        with Assistant(Settings(index=made.index)) as assistant:
            return [
                *(_of_newsroom(assistant, one.question, one.answers) for one in sample),
                *(_of_story(assistant, one) for one in _story_questions()),
            ]


def _story_questions() -> list[GoldQuestion]:
    asked = [one for folder in STORIES for one in read_questions(folder)]
    return [one for one in asked if one.kind in WEIGHED]


def _of_story(assistant: Assistant, gold: GoldQuestion) -> Case:
    question, spans = read(assistant, gold.question, gold.filters)
    if gold.kind == "first":
        question = replace(question, time=TimeAsked.FIRST)
    return Case(
        story=gold.id.rpartition("-")[0],
        kind=gold.kind or "",
        question=question,
        spans=spans,
        answers=list(gold.answers),
        values=[list(one.wordings) for one in gold.story.values] if gold.story else [],
    )


def _of_newsroom(assistant: Assistant, text: str, answers: Sequence[str]) -> Case:
    question, spans = read(assistant, text, Filters())
    return Case(
        story="newsroom",
        kind="newsroom",
        question=question,
        spans=spans,
        answers=list(answers),
        values=[list(answers)],
    )


def read(assistant: Assistant, text: str, filters: Filters) -> tuple[Question, list[Span]]:
    """What the assistant reads to weigh the articles."""
    found = assistant.find(text, filters=filters)
    spans = assistant.reader.read(found.question, found.hits)
    more = further_hits(found.question, found.hits, found.further, spans) if spans else []
    return found.question, spans + (assistant.reader.read(found.question, more) if more else [])


def fit_statements(cases: Sequence[Case]) -> Weights:
    """The weights for statements; each question counts the same."""
    rows: list[tuple[StatementFeatures, bool, float]] = []
    for case in cases:
        count_mentions = case.question.time is TimeAsked.FIRST
        found = with_features(
            case.question, list(statements_of(case.spans)), mentions_count=count_mentions
        )
        for statement, features in found:
            given = any(is_right(statement.span.text, value) for value in case.values)
            right = given and not features.mention
            rows.append((features, right, 1 / len(found)))
    names = [field.name for field in fields(StatementFeatures)]
    table = np.array([[getattr(one, name) for name in names] for one, *_ in rows])
    scale = StandardScaler().fit(table)
    counts = np.array([count for *_, count in rows])
    model = LogisticRegression(C=1.0, max_iter=2000)
    model.fit(scale.transform(table), [r for _, r, _ in rows], sample_weight=counts / counts.mean())
    weights = model.coef_[0] / scale.scale_
    return Weights(
        intercept=round(float(model.intercept_[0] - weights @ scale.mean_), 4),
        weights={n: round(float(w), 4) for n, w in zip(names, weights, strict=True)},
    )


def fit_values(model: WeighingModel, cases: Sequence[Case]) -> Weights:
    """The weights for values: a logistic choice among the values of each question."""
    names = [field.name for field in fields(ValueFeatures)]
    choices = []
    for case in cases:
        groups = model.groups(case.question, case.spans)
        if case.kind == "first" or len(groups) < 2 or any(one.first is None for one in groups):
            continue
        right = [at for at, group in enumerate(groups) if is_right_value(group, case)]
        if right:
            table = np.array([list(asdict(one).values()) for one in value_features(groups)])
            choices.append((table, right))

    def loss(weights: np.ndarray) -> float:
        total = 0.0
        for table, right in choices:
            scores = table @ weights
            odds = np.exp(scores - scores.max())
            total -= float(np.log(odds[right].sum() / odds.sum()))
        return total + PENALTY * float(weights @ weights)

    found = minimize(loss, np.zeros(len(names)), method="L-BFGS-B").x
    return Weights(
        intercept=0,
        weights={n: round(float(w), 4) for n, w in zip(names, found, strict=True)},
    )


def is_right_value(group: ValueGroup, case: Case) -> bool:
    """Whether a value is an accepted answer to the question."""
    return any(is_right(one.statement.span.text, case.answers) for one in group.given)


def fit(cases: Sequence[Case]) -> WeighingModel:
    """Both regressions."""
    blank = WeighingModel(statements=fit_statements(cases), values=Weights(intercept=0, weights={}))
    return blank.model_copy(update={"values": fit_values(blank, cases)})


def first_is_right(model: WeighingModel, case: Case) -> bool:
    """Whether the value that would come first is an accepted answer."""
    groups = model.groups(case.question, case.spans)
    if not groups:
        return False
    chances = model.chances(groups, case.question.time)
    best = groups[chances.index(max(chances))]
    return is_right(wording(best, case.question.text).statement.span.text, case.answers)


def cross_validated(cases: Sequence[Case]) -> dict[str, list[bool]]:
    """By story, whether the first values are right, by weights fitted without that story.

    The stories are fitted in `FOLDS` parts; the keys are those of `_group`.
    """
    stories = list(dict.fromkeys(case.story for case in cases))
    found: dict[str, list[bool]] = defaultdict(list)
    for part in range(FOLDS):
        left_out = set(stories[part::FOLDS])
        model = fit([case for case in cases if case.story not in left_out])
        for case in cases:
            if case.story in left_out:
                found[_group(case)].append(first_is_right(model, case))
    return found


def _group(case: Case) -> str:
    """The newsroom; the kind of question in a story that is measured; or the other stories."""
    measured = case.kind == "newsroom" or is_measured(case.story)
    return case.kind if measured else "other stories"


def is_measured(story: str) -> bool:
    """Whether a story is one that `python -m benchmarks.stories` measures."""
    return (STORIES[1] / f"{story}.json").exists()


def _print(found: dict[str, list[bool]]) -> None:
    of_stories = [found[kind] for kind in WEIGHED if kind in found]
    for name, values in [*sorted(found.items()), ("stories", [*chain(*of_stories)])]:
        print(f"{name:13} {sum(values) / max(1, len(values)):.2f} of {len(values)}")


def main() -> None:
    """Collect, cross-validate, fit, and write the weights."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cases", type=Path, help="keep what was read in this file, or reuse it")
    parser.add_argument(
        "--apart", action="store_true", help="fit the weights without the stories of tests/data"
    )
    given = parser.parse_args()
    cases = [case for case in stored(given.cases, collect) if case.question.kind in KINDS]
    _print(cross_validated(cases))
    model = fit([case for case in cases if not (given.apart and is_measured(case.story))])
    print(model.statements, model.values, sep="\n")
    MODEL.write_text(model.model_dump_json(indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
