"""Fits the trees that judge whether two values are values of the same thing.

    python -m training.values [--cases CASES]

The corpus has the stories of training/stories and tests/data/stories, the newsroom's articles, and
the events'. All questions of the stories are asked through the real retriever and reader, and so
are questions about articles that trained no reader, each of which has one answer. The value of the
best candidate is compared with each other one: both must be values that the gold lists. Prints how
many pairs and questions are judged right by trees that were fitted without their stories, and how
many questions of the newsroom and the events, which have one answer, get several values. Writes
src/pullquote/base/models/values.json.
"""

from __future__ import annotations

import argparse
import json
import pickle
import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold

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
from training.trees import trees_json
from training.weighing import NEWSROOM, STORIES

MODEL = Path(__file__).parents[1] / "src/pullquote/base/models/values.json"
EVENTS = Path(__file__).parent / "events.jsonl"
ONE_ANSWER = frozenset({"newsroom", "events"})
"""The sets whose questions have one answer."""
ASKED = 450
"""How many questions of each of these sets are asked, at most."""
FOLDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A question, the values that articles seem to give, and the wordings of each right value."""

    source: str
    story: str
    question: Question
    compared: Compared
    values: tuple[tuple[str, ...], ...]

    def value_of(self, group: ValueGroup) -> int | None:
        """Which right value a group gives; None if it gives none."""
        texts = [one.statement.span.text for one in group.given]
        numbered = enumerate(self.values)
        return next((k for k, one in numbered if any(is_right(t, one) for t in texts)), None)

    @property
    def pairs(self) -> Iterator[tuple[ValueGroup, bool]]:
        """Each other value, and whether it and the known one are different right values."""
        known = self.value_of(self.compared.own)
        for group in self.compared.groups:
            if group is not self.compared.own:
                value = self.value_of(group)
                yield group, None not in (known, value) and value != known


def collect() -> list[Case]:
    """Ask all questions; only those with several values are cases."""
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
            found = (_case(assistant, source, gold) for source, gold in asked)
            return [one for one in found if one is not None]


def _some(questions: Sequence[GoldQuestion]) -> Sequence[GoldQuestion]:
    return questions[:: 1 + (len(questions) - 1) // ASKED]


def _write_events(corpus: Path) -> list[GoldQuestion]:
    """Write all articles about events, and return the questions of those that train no reader."""
    found = []
    for line in EVENTS.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        head = {"title": row["title"], "published": row["date"], "source": row["paper"]}
        content = f"---\n{json.dumps(head, ensure_ascii=False)}\n---\n{row['text']}\n"
        (corpus / f"event-{row['id']}.md").write_text(content, encoding="utf-8")
        if zlib.crc32(row["event"].encode()) % HELD_OUT_EVENTS == 0:
            found += [
                GoldQuestion(
                    id=f"{row['event']}-{number}",
                    question=one["question"],
                    answers=tuple(one["answers"]),
                )
                for number, one in enumerate(row["questions"])
            ]
    return found


def _case(assistant: Assistant, source: str, gold: GoldQuestion) -> Case | None:
    found = assistant.find(gold.question, filters=gold.filters)
    if gold.kind == "first":
        found = replace(found, question=replace(found.question, time=TimeAsked.FIRST))
    values = assistant.compared(found)
    if values is None or len(values.groups) < 2:
        return None
    stated = [one.wordings for one in gold.story.values] if gold.story else [gold.answers]
    return Case(
        source=source,
        story=gold.id.rpartition("-")[0],
        question=found.question,
        compared=values,
        values=tuple(tuple(one) for one in stated if one),
    )


def rows(cases: Sequence[Case]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The features, whether they are of one thing, and the number of the case, of all pairs."""
    found = [
        (
            pair_features(
                case.question,
                case.compared.own,
                group,
                values=len(case.compared.groups),
                confidence=case.compared.confidence,
            ),
            right,
            number,
        )
        for number, case in enumerate(cases)
        for group, right in case.pairs
    ]
    features, right, numbers = zip(*found, strict=True)
    return table_of(features), np.array(right), np.array(numbers)


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


def _print(cases: Sequence[Case], scores: np.ndarray, right: np.ndarray, of: np.ndarray) -> None:
    shown = scores >= SHOWN_FROM
    print(f"pairs {len(right)}, of one thing {right.sum()}")
    print(f"AUROC {roc_auc_score(right, scores):.3f}")
    print(f"shown {shown.sum()}, right {right[shown].mean():.2f}")
    print(f"found {right[shown].sum() / right.sum():.2f}")
    several: dict[int, list[bool]] = defaultdict(list)
    for number, is_shown, is_right_pair in zip(of, shown, right, strict=True):
        if is_shown:
            several[number].append(bool(is_right_pair))
    all_right = sum(map(all, several.values()))
    print(f"questions with several values {len(several)}, all right {all_right / len(several):.2f}")
    one_answer = sum(cases[number].source in ONE_ANSWER for number in several)
    print(f"of these about newsroom and events, with one answer: {one_answer}")


def main() -> None:
    """Collect, cross-validate by story, fit, and write the trees."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cases", type=Path, help="keep what was read in this file, or reuse it")
    given = parser.parse_args()
    if given.cases is not None and given.cases.exists():
        cases = pickle.loads(given.cases.read_bytes())  # noqa: S301 - written by ourselves
    else:
        cases = collect()
        if given.cases is not None:
            given.cases.write_bytes(pickle.dumps(cases))
    table, right, of = rows(cases)
    stories = np.array([cases[number].story for number in of])
    scores = np.zeros(len(right))
    for train, test in GroupKFold(FOLDS).split(table, right, stories):
        scores[test] = fit(table[train], right[train]).predict_proba(table[test])[:, 1]
    _print(cases, scores, right, of)
    trees = trees_json(fit(table, right), NAMES, least=SHOWN_FROM)
    MODEL.write_text(json.dumps(trees, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
