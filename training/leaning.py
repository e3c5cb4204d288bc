"""Fits the rule that tells whether a question leans on earlier turns.

    python -m training.leaning --data ../shared/data

Each conversation in `conversations.jsonl` is replayed over two corpora: all articles of the
newsroom and of Wikipedia, and the articles of 40 conversations alone. The file says which turns
lean on an earlier one, so every turn follows a right history. After each turn, a factual question
about another article is also asked. It stands alone if its article is found first. In the small
corpora, every other one of these questions is about an article that is not there. A logistic
regression is fitted to the conversations about articles that train readers, and measured on the
others. The script writes src/pullquote/models/leaning.json and, into `conversations.jsonl`, the
text that is searched for if it is right which turns lean.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from pullquote.assistant import Assistant
from pullquote.conversation import Completed, Conversation, Turn
from pullquote.conversation.followup import completed_form
from pullquote.conversation.leaning import LeaningFeatures, Searches
from pullquote.evaluate import GoldQuestion
from pullquote.regression import Weights
from pullquote.services import rebuild_index
from pullquote.settings import Settings
from training.corpus import write_company, write_newsroom

HERE = Path(__file__).parent
MODEL = HERE.parent / "src/pullquote/models/leaning.json"
FOLDS = 10
FEW = 40
"""The conversations whose articles make a small corpus."""

ABSENT = 0.5
"""The share of the factual questions in a small corpus whose article is not there."""

SEED = 7


@dataclass(frozen=True, slots=True)
class LabelledTurn:
    """The features of a turn after the first, and whether it leans on an earlier one.

    `corpus` is "large" or "small". `factual` marks a question that was asked between the turns, and
    `absent` one whose article is not in the corpus.
    """

    conversation: str
    corpus: str
    factual: bool
    absent: bool
    features: LeaningFeatures
    leans: bool


class Replay:
    """Replays conversations over a corpus, with factual questions between their turns."""

    def __init__(
        self,
        assistant: Assistant,
        corpus: str,
        factual: Sequence[GoldQuestion],
        absent: Sequence[GoldQuestion] = (),
    ) -> None:
        self._assistant, self._corpus = assistant, corpus
        self._factual, self._absent = factual, absent
        self._find = cache(assistant.find)
        self._chance = random.Random(SEED)

    def turns(self, conversation: dict[str, Any]) -> Iterator[LabelledTurn]:
        """The turns after the first that can be completed. Sets `searched` of each turn."""
        name, so_far = str(conversation["id"]), Conversation()
        for turn in conversation["turns"]:
            question, leans = str(turn["question"]), turn["from"] is not None
            done = Completed(question)
            if so_far.turns and (made := self._drafted(question, so_far)) is not None:
                features, completed = made
                yield LabelledTurn(name, self._corpus, False, False, features, leans)
                done = completed if leans else done
            if so_far.turns:
                yield from self._factual_turn(name, so_far)
            turn["searched"] = done.text
            reply = self._assistant.read(self._find(done.text))
            reply = reply.model_copy(update={"question": question})
            now = datetime.now(UTC)
            so_far = so_far.with_turn(Turn.of(question, done, reply, asked=now, filters=None))

    def _drafted(
        self, question: str, so_far: Conversation
    ) -> tuple[LeaningFeatures, Completed] | None:
        made = completed_form(question, so_far.turns, find=self._find)
        if made is None:
            return None
        draft, context = made.draft, made.context
        searches = Searches.of(question, draft.text, context.turns, self._find)
        features = LeaningFeatures.of(context.asked, context.turns, searches)
        return features, Completed(draft.text, tuple(draft.filled))

    def _factual_turn(self, name: str, so_far: Conversation) -> Iterator[LabelledTurn]:
        """A factual question about another article, which is found first or is not there at all."""
        absent = bool(self._absent) and self._chance.random() < ABSENT
        gold = self._chance.choice(self._absent if absent else self._factual)
        if not absent:
            hits = self._find(gold.question).hits
            about = hits[0].article.id if hits else None
            if about not in gold.articles or f"{name}.md" in gold.articles:
                return
        if (made := self._drafted(gold.question, so_far)) is not None:
            yield LabelledTurn(name, self._corpus, True, absent, made[0], False)


@contextmanager
def opened(corpus: Path) -> Iterator[Assistant]:
    """An assistant for an index of a folder, which is made for the occasion."""
    with tempfile.TemporaryDirectory() as index:
        rebuild_index(corpus, Path(index))
        with Assistant(Settings(index=Path(index))) as assistant:
            yield assistant


def replayed(
    conversations: Sequence[dict[str, Any]], newsroom: Path, wiki: Path
) -> tuple[list[LabelledTurn], frozenset[str]]:
    """All turns, over both kinds of corpus, and the files of the articles that train no reader."""
    turns: list[LabelledTurn] = []
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "all"
        corpus.mkdir()
        apart = write_newsroom(newsroom, corpus, held_out=True)
        factual = [
            gold
            for gold in [*apart, *write_newsroom(newsroom, corpus, held_out=False)]
            if gold.answerable
        ]
        for begin in range(0, len(conversations), FEW):
            few = conversations[begin : begin + FEW]
            small = Path(folder) / str(begin)
            small.mkdir()
            files = {f"{one['id']}.md" for one in few}
            for file in files:
                (small / file).write_bytes((corpus / file).read_bytes())
            there = [gold for gold in factual if gold.articles <= files]
            absent = [gold for gold in factual if not gold.articles & files]
            with opened(small) as assistant:
                replay = Replay(assistant, "small", there, absent)
                turns += [turn for one in few for turn in replay.turns(one)]
        write_company(wiki, corpus)
        with opened(corpus) as assistant:
            replay = Replay(assistant, "large", factual)
            turns += [turn for one in conversations for turn in replay.turns(one)]
    return turns, frozenset(name for gold in apart for name in gold.articles)


def fit(turns: Sequence[LabelledTurn]) -> tuple[Weights, np.ndarray]:
    """The weights, unscaled, and the cross-validated probability that each turn leans."""
    names = [field.name for field in fields(LeaningFeatures)]
    table = np.array([list(asdict(turn.features).values()) for turn in turns], dtype=float)
    leaning = np.array([turn.leans for turn in turns])
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.5))
    found = cross_val_predict(
        model,
        table,
        leaning,
        groups=[turn.conversation for turn in turns],
        cv=GroupKFold(FOLDS),
        method="predict_proba",
    )
    model.fit(table, leaning)
    scale, regression = model[0], model[1]
    weights = regression.coef_[0] / scale.scale_
    intercept = float(regression.intercept_[0] - weights @ scale.mean_)
    rounded = {name: round(float(w), 4) for name, w in zip(names, weights, strict=True)}
    return Weights(intercept=round(intercept, 4), weights=rounded), found[:, 1]


def print_figures(title: str, turns: Sequence[LabelledTurn], chance: Sequence[float]) -> None:
    """Print how many turns are judged right."""
    for corpus in ("large", "small"):
        here = [(turn, p) for turn, p in zip(turns, chance, strict=True) if turn.corpus == corpus]
        leaning = [p > 0.5 for turn, p in here if turn.leans]
        alone = [p <= 0.5 for turn, p in here if not turn.leans and not turn.factual]
        factual = [p <= 0.5 for turn, p in here if turn.factual and not turn.absent]
        absent = [p <= 0.5 for turn, p in here if turn.absent]
        area = roc_auc_score([turn.leans for turn, _ in here], [p for _, p in here])
        print(
            f"{title}, {corpus} corpus: completed {np.mean(leaning):.3f} of {len(leaning)} turns "
            f"that lean; left as typed {np.mean(alone):.3f} of {len(alone)} that stand alone, and "
            f"{np.mean(factual):.3f} of {len(factual)} factual questions"
            + (f", {np.mean(absent):.3f} of {len(absent)} without an article" if absent else "")
            + f"; AUROC {area:.3f}"
        )


def main() -> None:
    """Hold the conversations, fit, print the figures, and write the model."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="holds wiki/wiki-train.json")
    parser.add_argument("--newsroom", type=Path, default=HERE / "newsroom.jsonl")
    parser.add_argument("--conversations", type=Path, default=HERE / "conversations.jsonl")
    given = parser.parse_args()
    lines = given.conversations.read_text(encoding="utf-8").splitlines()
    conversations = [json.loads(line) for line in lines]
    turns, apart = replayed(conversations, given.newsroom, given.data / "wiki/wiki-train.json")
    train = [turn for turn in turns if f"{turn.conversation}.md" not in apart]
    test = [turn for turn in turns if f"{turn.conversation}.md" in apart]
    weights, chance = fit(train)
    print_figures("Cross-validated", train, list(chance))
    logits = np.array([weights.logit(turn.features) for turn in test])
    print_figures("On other articles", test, list(1 / (1 + np.exp(-logits))))
    MODEL.write_text(weights.model_dump_json(indent=1) + "\n", encoding="utf-8")
    text = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in conversations)
    given.conversations.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
