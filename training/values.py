"""Fits the trees that judge whether two values are values of the same thing.

    python -m training.values [--cases CASES] [--apart]

The corpus has the stories of training/stories and tests/data/stories, the newsroom's articles, and
the events'. All questions of the stories are asked through the real retriever and reader, and so
are questions about articles that trained no reader, each of which has one answer. The value of the
best candidate is compared with each other one: both must be values that the gold lists. Prints, for
several probabilities from which values may be shown, how many are right by trees that were fitted
without their stories, and how many questions of the newsroom and the events get several values.
Writes src/pullquote/base/models/values.json.
"""

from __future__ import annotations

import argparse
import json
import math
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold

from pullquote.answering.weighing import WeighingModel
from pullquote.answering.weighing.choice import wording
from pullquote.answering.weighing.groups import ValueGroup
from pullquote.answering.weighing.same_thing import NAMES, pair_features, table_of
from pullquote.answering.weighing.weigh import SHOWN_FROM, Compared
from pullquote.evaluate import GoldQuestion, read_questions
from pullquote.evaluate.gold_file import evaluation_corpus
from pullquote.evaluate.measures import is_right
from pullquote.index.services import rebuild_index
from pullquote.newsroom.assistant import Assistant
from pullquote.schema import Question, TimeAsked
from pullquote.schema.settings import Settings
from training.corpus import write_newsroom
from training.reader.examples import HELD_OUT_EVENTS
from training.stored import stored
from training.trees import trees_json
from training.weighing import NEWSROOM, STORIES, is_measured

MODEL = Path(__file__).parents[1] / "src/pullquote/base/models/values.json"
EVENTS = Path(__file__).parent / "events.jsonl"
ONE_ANSWER = frozenset({"newsroom", "events"})
"""The sets whose questions have one answer."""
ASKED = 450
"""How many questions of each of these sets are asked, at most."""
FOLDS = 10
LEAST = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
"""The probabilities for which figures are printed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A question, the values that articles seem to give, and what is right.

    `answers` are the accepted answers, and `values` the wordings of each value that articles give.
    `compared` is None if the question asks for no value.
    """

    source: str
    story: str
    question: Question
    compared: Compared | None
    answers: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]

    def value_of(self, group: ValueGroup) -> int | None:
        """Which right value a group gives; None if it gives none."""
        texts = [one.statement.span.text for one in group.given]
        numbered = enumerate(self.values)
        return next((k for k, one in numbered if any(is_right(t, one) for t in texts)), None)


@dataclass(frozen=True, slots=True)
class Pair:
    """Another value of a case, and whether it and the known one are different right values."""

    case: Case
    known: Compared
    other: ValueGroup
    right: bool


def collect() -> list[Case]:
    """Ask all questions."""
    files = sorted(path for folder in STORIES for path in folder.glob("*.json"))
    with evaluation_corpus(files[0], corpora=files, index=None) as made:
        newsroom = write_newsroom(NEWSROOM, made.corpus, held_out=True)
        write_newsroom(NEWSROOM, made.corpus, held_out=False)
        events = _write_events(made.corpus)
        rebuild_index(made.corpus, made.index)
        stories = [one for folder in STORIES for one in read_questions(folder)]
        asked = chain(
            (("stories", one) for one in stories),
            (("newsroom", one) for one in _some(newsroom)),
            (("events", one) for one in _some(events)),
        )
        with Assistant(Settings(index=made.index)) as assistant:
            return [_case(assistant, source, gold) for source, gold in asked]


def _some(questions: Sequence[GoldQuestion]) -> Sequence[GoldQuestion]:
    return questions[:: 1 + (len(questions) - 1) // ASKED]


def _write_events(corpus: Path) -> list[GoldQuestion]:
    """Write all articles about events, and return the questions of those that train no reader."""
    found = []
    for line in EVENTS.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        head = {"title": row["title"], "published": row["date"], "source": row["paper"]}
        content = f"---\n{json.dumps(head, ensure_ascii=False)}\n---\n{row['text']}\n"
        file = f"event-{row['id']}.md"
        (corpus / file).write_text(content, encoding="utf-8")
        if zlib.crc32(row["event"].encode()) % HELD_OUT_EVENTS == 0:
            found += [
                GoldQuestion(
                    id=f"{row['event']}-{number}",
                    question=one["question"],
                    answers=tuple(one["answers"]),
                    articles=frozenset({file}),
                )
                for number, one in enumerate(row["questions"])
            ]
    return found


def _case(assistant: Assistant, source: str, gold: GoldQuestion) -> Case:
    found = assistant.find(gold.question, filters=gold.filters)
    if gold.kind == "first":
        found = replace(found, question=replace(found.question, time=TimeAsked.FIRST))
    stated = [one.wordings for one in gold.story.values] if gold.story else [gold.answers]
    return Case(
        source=source,
        story=gold.id.rpartition("-")[0],
        question=found.question,
        compared=assistant.compared(found),
        answers=tuple(gold.answers),
        values=tuple(tuple(one) for one in stated if one),
    )


def pairs_of(cases: Sequence[Case]) -> list[Pair]:
    """Each other value of each question, beside that of the best candidate."""
    return [pair for case in cases if case.compared for pair in _pairs(case, case.compared)]


def _pairs(case: Case, found: Compared) -> Iterator[Pair]:
    known = case.value_of(found.own)
    for group in found.groups:
        if group is not found.own:
            value = case.value_of(group)
            yield Pair(case, found, group, None not in (known, value) and value != known)


def features_of(pairs: Sequence[Pair]) -> np.ndarray:
    """The features of each pair, shape (pairs, features)."""
    return table_of(
        pair_features(
            one.case.question,
            one.known.own,
            one.other,
            values=len(one.known.groups),
            confidence=one.known.confidence,
        )
        for one in pairs
    )


def fit(table: np.ndarray, right: np.ndarray) -> HistGradientBoostingClassifier:
    """The trees of these pairs."""
    model = HistGradientBoostingClassifier(
        max_iter=120,
        learning_rate=0.06,
        max_leaf_nodes=6,
        min_samples_leaf=10,
        l2_regularization=1.0,
        random_state=0,
    )
    return model.fit(table, right)


def cross_validated(pairs: Sequence[Pair], table: np.ndarray, right: np.ndarray) -> np.ndarray:
    """The probability of each pair, shape (pairs,), by trees fitted without its story."""
    chances = np.zeros(len(pairs))
    for train, test in GroupKFold(FOLDS).split(table, groups=[one.case.story for one in pairs]):
        chances[test] = fit(table[train], right[train]).predict_proba(table[test])[:, 1]
    return chances


def first_is_right(
    model: WeighingModel, case: Case, found: Compared, alike: Sequence[ValueGroup]
) -> bool:
    """Whether the value that comes first, of the known one and those alike, is accepted."""
    groups = [one for one in found.groups if one is found.own or one in alike]
    chances = model.chances(groups, case.question.time)
    first = found.own if found.own.first is None else groups[chances.index(max(chances))]
    return is_right(wording(first, case.question.text).statement.span.text, case.answers)


def _print(cases: Sequence[Case], pairs: Sequence[Pair], chances: np.ndarray) -> None:
    right = np.array([one.right for one in pairs])
    with_value = [case for case in cases if case.compared]
    several = [case for case in with_value if case.compared and len(case.compared.groups) > 1]
    one_answer = sum(case.source in ONE_ANSWER for case in cases)
    print(f"questions {len(cases)}, with one answer {one_answer}")
    print(f"with a value {len(with_value)}, with several {len(several)}")
    print(f"pairs {len(pairs)}, of one thing {right.sum()}")
    print(f"AUROC {roc_auc_score(right, chances):.3f}")
    print(f"from  shown  right  found  first right of {len(several)}  several of {one_answer}")
    model = WeighingModel.packaged()
    for least in LEAST:
        shown = chances >= least
        alike = _shown_by_case(pairs, shown)
        first = sum(
            first_is_right(model, case, case.compared, alike.get(id(case), ()))
            for case in several
            if case.compared
        )
        false = sum(case.source in ONE_ANSWER and id(case) in alike for case in several)
        print(
            f"{least:4}  {shown.sum():5}  {right[shown].mean() if shown.any() else math.nan:5.2f}"
            f"  {right[shown].sum() / right.sum():5.2f}  {first:11}  {false:10}"
        )


def _shown_by_case(pairs: Sequence[Pair], shown: np.ndarray) -> Mapping[int, list[ValueGroup]]:
    """The other values that are shown, by the `id` of the case."""
    found: dict[int, list[ValueGroup]] = defaultdict(list)
    for pair, is_shown in zip(pairs, shown, strict=True):
        if is_shown:
            found[id(pair.case)].append(pair.other)
    return found


def main() -> None:
    """Collect, cross-validate by story, fit, and write the trees."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cases", type=Path, help="keep what was read in this file, or reuse it")
    parser.add_argument(
        "--apart", action="store_true", help="fit the trees without the stories of tests/data"
    )
    given = parser.parse_args()
    cases = stored(given.cases, collect)
    pairs = pairs_of(cases)
    table, right = features_of(pairs), np.array([one.right for one in pairs])
    _print(cases, pairs, cross_validated(pairs, table, right))
    used = np.array([not (given.apart and is_measured(one.case.story)) for one in pairs])
    trees = trees_json(fit(table[used], right[used]), NAMES, least=SHOWN_FROM)
    MODEL.write_text(json.dumps(trees, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
