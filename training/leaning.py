"""Fits the rule that tells whether a question leans on earlier turns.

    python -m training.leaning --data ../shared/data

Each conversation in `conversations.jsonl` is replayed over two corpora: all articles of the
newsroom and of Wikipedia, and the articles of 40 conversations alone. The file says which turns
lean on an earlier one, so every turn follows a right history. After each turn, a question and bare
keywords about other articles are also asked. They stand alone if their article is found first. In
the small corpora, every other one of them is about an article that is not there. Decision
trees are fitted to the conversations about articles that train readers, and measured on the
others. The script writes src/pullquote/base/models/leaning.json and, into `conversations.jsonl`,
the text that is searched for if it is right which turns lean.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold, cross_val_predict

from pullquote.base.trees import DecisionTrees
from pullquote.conversation import Completed, Conversation, Turn
from pullquote.conversation.followup import completed_form
from pullquote.conversation.leaning import LeaningFeatures, Searches
from pullquote.evaluate import GoldQuestion
from pullquote.index.services import rebuild_index
from pullquote.newsroom.assistant import Assistant
from pullquote.schema.settings import Settings
from training.corpus import write_company, write_newsroom
from training.stored import stored
from training.trees import trees_json

HERE = Path(__file__).parent
MODEL = HERE.parent / "src/pullquote/base/models/leaning.json"
FOLDS = 10
FEW = 40
"""The conversations whose articles make a small corpus."""

ABSENT = 0.5
"""The share of the other questions in a small corpus whose article is not there."""

LEFT_AS_TYPED = 0.98
"""The share of the turns that stand alone that are to be left as typed: a completion that is not
asked for is worse than one that is missing, which the person sees and can mend."""

TREES = 120

SEED = 7


@dataclass(frozen=True, slots=True)
class LabelledTurn:
    """The features of a turn after the first, and whether it leans on an earlier one.

    `corpus` is "large" or "small". `other` says what was asked between the turns, "questions" or
    "keywords", and is empty for a turn of the conversation. `absent` marks a question whose article
    is not in the corpus.
    """

    conversation: str
    corpus: str
    other: str
    absent: bool
    features: LeaningFeatures
    leans: bool


@dataclass(frozen=True, slots=True)
class Others:
    """Questions to ask between turns: with an article in the corpus, and without."""

    there: Sequence[GoldQuestion]
    absent: Sequence[GoldQuestion] = ()


class Replay:
    """Replays conversations over a corpus, with other questions between their turns."""

    def __init__(self, assistant: Assistant, corpus: str, others: Mapping[str, Others]) -> None:
        self._assistant, self._corpus, self._others = assistant, corpus, others
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
                yield LabelledTurn(name, self._corpus, "", False, features, leans)
                done = completed if leans else done
            if so_far.turns:
                for other in self._others:
                    yield from self._other_turn(name, so_far, other)
            turn["searched"] = done.text
            reply = self._assistant.read(self._find(done.text))
            reply = reply.model_copy(update={"question": question})
            now = datetime.now(UTC)
            so_far = so_far.with_turn(Turn.of(question, done, reply, asked=now, filters=None))

    def _drafted(
        self, question: str, so_far: Conversation
    ) -> tuple[LeaningFeatures, Completed] | None:
        made = completed_form(question, so_far.turns)
        if made is None:
            return None
        draft = made.draft
        searches = Searches.of(question, draft.text, so_far.turns, self._find)
        features = LeaningFeatures.of(made.asked, so_far.turns, searches)
        return features, Completed(draft.text, tuple(draft.filled))

    def _other_turn(self, name: str, so_far: Conversation, other: str) -> Iterator[LabelledTurn]:
        """A question about another article, which is found first or is not there at all."""
        questions = self._others[other]
        absent = bool(questions.absent) and self._chance.random() < ABSENT
        gold = self._chance.choice(questions.absent if absent else questions.there)
        if not absent:
            hits = self._find(gold.question).hits
            about = hits[0].article.id if hits else None
            if about not in gold.articles or f"{name}.md" in gold.articles:
                return
        if (made := self._drafted(gold.question, so_far)) is not None:
            yield LabelledTurn(name, self._corpus, other, absent, made[0], False)


@contextmanager
def opened(corpus: Path) -> Iterator[Assistant]:
    """An assistant for an index of a folder, which is made for the occasion."""
    with tempfile.TemporaryDirectory() as index:
        rebuild_index(corpus, Path(index))
        with Assistant(Settings(index=Path(index))) as assistant:
            yield assistant


def everyday_questions(path: Path) -> dict[str, list[GoldQuestion]]:
    """The everyday questions that the articles answer: bare keywords, and the others."""
    found: dict[str, list[GoldQuestion]] = {"questions": [], "keywords": []}
    for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        for number, asked in enumerate(row["questions"]):
            if asked["answerable"]:
                found["keywords" if asked["kind"] == "keyword" else "questions"].append(
                    GoldQuestion(
                        id=f"{row['id']}-{number}",
                        question=asked["question"],
                        answers=tuple(asked["answers"]),
                        articles=frozenset({f"{row['id']}.md"}),
                    )
                )
    return found


def replayed(
    conversations: Sequence[dict[str, Any]], newsroom: Path, everyday: Path, wiki: Path
) -> tuple[list[LabelledTurn], frozenset[str]]:
    """All turns, over both kinds of corpus, and the files of the articles that train no reader."""
    turns: list[LabelledTurn] = []
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "all"
        corpus.mkdir()
        apart = write_newsroom(newsroom, corpus, held_out=True)
        factual = [*apart, *write_newsroom(newsroom, corpus, held_out=False)]
        others = everyday_questions(everyday)
        others["questions"] += [gold for gold in factual if gold.answerable]
        for begin in range(0, len(conversations), FEW):
            few = conversations[begin : begin + FEW]
            small = Path(folder) / str(begin)
            small.mkdir()
            files = {f"{one['id']}.md" for one in few}
            for file in files:
                (small / file).write_bytes((corpus / file).read_bytes())
            around = {
                other: Others(
                    [gold for gold in questions if gold.articles <= files],
                    [gold for gold in questions if not gold.articles & files],
                )
                for other, questions in others.items()
            }
            with opened(small) as assistant:
                replay = Replay(assistant, "small", around)
                turns += [turn for one in few for turn in replay.turns(one)]
        write_company(wiki, corpus)
        with opened(corpus) as assistant:
            around = {other: Others(questions) for other, questions in others.items()}
            replay = Replay(assistant, "large", around)
            turns += [turn for one in conversations for turn in replay.turns(one)]
    return turns, frozenset(name for gold in apart for name in gold.articles)


def fit(turns: Sequence[LabelledTurn]) -> tuple[dict[str, Any], np.ndarray]:
    """The trees, and the cross-validated log-odds that each turn leans, less the least for yes."""
    names = [field.name for field in fields(LeaningFeatures)]
    table = np.array([list(asdict(turn.features).values()) for turn in turns], dtype=float)
    leaning = np.array([turn.leans for turn in turns])
    model = HistGradientBoostingClassifier(
        max_iter=TREES, max_depth=3, learning_rate=0.07, early_stopping=False, random_state=SEED
    )
    chance = cross_val_predict(
        model,
        table,
        leaning,
        groups=[turn.conversation for turn in turns],
        cv=GroupKFold(FOLDS),
        method="predict_proba",
    )[:, 1]
    alone = [p for turn, p in zip(turns, chance, strict=True) if not (turn.leans or turn.other)]
    least = max(0.5, float(np.quantile(alone, LEFT_AS_TYPED)))
    trees = trees_json(model.fit(table, leaning), names, least=least)
    return trees, np.log(chance) - np.log1p(-chance) - trees["least"]


def print_figures(title: str, turns: Sequence[LabelledTurn], logits: Sequence[float]) -> None:
    """Print the share of turns that are judged right, by corpus and kind of turn."""
    for corpus in ("large", "small"):
        here = [(turn, p) for turn, p in zip(turns, logits, strict=True) if turn.corpus == corpus]
        area = roc_auc_score([turn.leans for turn, _ in here], [p for _, p in here])
        print(f"{title}, {corpus} corpus: AUROC {area:.3f}")
        right: dict[str, list[bool]] = {}
        for turn, p in here:
            right.setdefault(_what(turn), []).append((p >= 0) == turn.leans)
        for what, judged in sorted(right.items()):
            print(f"  {what}: {np.mean(judged):.3f} of {len(judged)}")


def _what(turn: LabelledTurn) -> str:
    if turn.leans:
        return "turns that lean, completed"
    if not turn.other:
        return "turns that stand alone, left as typed"
    return f"other {turn.other}{', no article' if turn.absent else ''}, left as typed"


def main() -> None:
    """Hold the conversations, fit, print the figures, and write the model."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="holds wiki/wiki-train.json")
    parser.add_argument("--newsroom", type=Path, default=HERE / "newsroom.jsonl")
    parser.add_argument("--everyday", type=Path, default=HERE / "everyday-questions.jsonl")
    parser.add_argument("--conversations", type=Path, default=HERE / "conversations.jsonl")
    parser.add_argument("--turns", type=Path, help="keep the replayed turns here, or reuse them")
    given = parser.parse_args()
    lines = given.conversations.read_text(encoding="utf-8").splitlines()
    conversations = [json.loads(line) for line in lines]
    wiki = given.data / "wiki/wiki-train.json"
    turns, apart, conversations = stored(
        given.turns,
        lambda: (*replayed(conversations, given.newsroom, given.everyday, wiki), conversations),
    )
    train = [turn for turn in turns if f"{turn.conversation}.md" not in apart]
    test = [turn for turn in turns if f"{turn.conversation}.md" in apart]
    trees, logits = fit(train)
    print_figures("Cross-validated", train, list(logits))
    fitted = DecisionTrees.from_json(trees)
    rows = np.concatenate([turn.features.row(fitted.names) for turn in test])
    print_figures("On other articles", test, list(fitted.score(rows) - fitted.least))
    MODEL.write_text(json.dumps(trees, separators=(",", ":")) + "\n", encoding="utf-8")
    text = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in conversations)
    given.conversations.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
