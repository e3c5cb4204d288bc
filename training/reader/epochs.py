"""Chooses the contents of each epoch: its examples, their length, the number of distractors."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from training.reader import SEED
from training.reader.examples import (
    Distractors,
    Source,
    SourceQuestion,
    TrainingExample,
    as_typed,
    cut,
    read_conversations,
    read_encyclopaedia,
    read_events,
    read_everyday,
    read_hard,
    read_newsroom,
    read_others,
    read_qamr,
    read_roles,
    read_squad,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixture:
    """One pass: shares of each file's questions, in passages of `least` to `most` tokens.

    `distractors` is the share of the questions that are also asked of another passage. The shares
    in `others` are those of the sources in `questions.jsonl`. A share of 2 asks everything twice.
    """

    qamr: float = 0.0
    wiki: float = 0.0
    newsroom: float = 0.0
    hard: float = 0.0
    everyday: float = 0.0
    conversations: float = 0.0
    encyclopaedia: float = 0.0
    events: float = 0.0
    roles: float = 0.0
    others: Mapping[str, float] = field(default_factory=dict)
    distractors: float
    least: int
    most: int


EPOCHS = (
    Mixture(qamr=1.0, wiki=1.0, distractors=0.10, least=50, most=120),
    Mixture(wiki=1.0, newsroom=0.75, distractors=0.35, least=80, most=160),
    Mixture(wiki=1.0, newsroom=1.0, distractors=0.5, least=100, most=200),
    Mixture(
        wiki=0.4,
        newsroom=0.5,
        hard=2.0,
        others={"new-wiki": 1.0, "discourse": 0.6, "fairytale": 0.4, "reddit": 0.15},
        distractors=0.4,
        least=90,
        most=180,
    ),
    Mixture(
        wiki=0.7,
        newsroom=0.15,
        hard=1.0,
        everyday=2.0,
        others={"new-wiki": 0.7, "reddit": 0.35, "amazon_reviews": 0.3, "discourse": 0.15},
        distractors=0.35,
        least=80,
        most=170,
    ),
    Mixture(
        wiki=0.15,
        newsroom=0.3,
        hard=0.5,
        everyday=1.5,
        conversations=2.0,
        others={"new-wiki": 0.2, "reddit": 0.1, "amazon_reviews": 0.1, "discourse": 0.1},
        distractors=0.35,
        least=80,
        most=170,
    ),
    Mixture(
        wiki=0.3,
        newsroom=0.3,
        hard=0.5,
        everyday=0.5,
        conversations=0.7,
        encyclopaedia=2.0,
        others={"new-wiki": 0.3, "reddit": 0.1, "amazon_reviews": 0.05, "discourse": 0.1},
        distractors=0.3,
        least=80,
        most=170,
    ),
)
"""Short literal questions come first, passages as in the product last."""

_LARGE = Mixture(
    qamr=0.2,
    wiki=1.0,
    newsroom=0.45,
    hard=1.0,
    everyday=0.6,
    conversations=0.3,
    encyclopaedia=0.5,
    roles=0.6,
    others={
        "new-wiki": 0.7,
        "reddit": 0.2,
        "amazon_reviews": 0.15,
        "discourse": 0.5,
        "fairytale": 0.2,
    },
    distractors=0.3,
    least=60,
    most=130,
)

LARGE_EPOCHS = (
    _LARGE,
    replace(
        _LARGE,
        qamr=0.1,
        newsroom=0.5,
        everyday=0.8,
        conversations=0.4,
        events=2.0,
        roles=0.4,
        others={**_LARGE.others, "discourse": 0.4},
        distractors=0.4,
        least=80,
        most=170,
    ),
)
"""The passes of the large reader, which needs fewer: everything is mixed from the first on."""

CONTEXT = 0.6
"""The share of passages that are read with their headline or title."""

DISTRACTOR_TOKENS = 130
AMONG = 8
"""A distractor is one of this many best-matching passages."""


class Corpus:
    """All training files. The examples of a pass depend only on the seed and its number."""

    def __init__(
        self,
        *,
        qamr: Path,
        wiki: Path,
        newsroom: Path,
        hard: Path,
        everyday: Path,
        conversations: Path,
        encyclopaedia: Path,
        events: Path,
        roles: Path,
        others: Path,
    ) -> None:
        self._qamr, self._wiki, self._newsroom = qamr, wiki, newsroom
        self._hard, self._everyday, self._others = hard, everyday, others
        self._conversations, self._encyclopaedia = conversations, encyclopaedia
        self._events, self._roles = events, roles

    def examples(self, mixture: Mixture, epoch: int) -> list[TrainingExample]:
        """The examples of a pass with a number (0-based), in random order."""
        chance = random.Random(SEED + epoch)
        chosen: list[TrainingExample] = []
        for share, sources in (
            (mixture.qamr, lambda: read_qamr(self._qamr)),
            (mixture.wiki, lambda: read_squad(self._wiki, held_out=False)),
            (mixture.newsroom, lambda: read_newsroom(self._newsroom, held_out=False)),
            (mixture.hard, lambda: read_hard(self._newsroom, self._hard, held_out=False)),
            (
                mixture.everyday,
                lambda: read_everyday(self._newsroom, self._everyday, held_out=False),
            ),
            (
                mixture.conversations,
                lambda: read_conversations(self._newsroom, self._conversations, held_out=False),
            ),
            (
                mixture.encyclopaedia,
                lambda: read_encyclopaedia(self._encyclopaedia, held_out=False),
            ),
            (mixture.events, lambda: read_events(self._events, held_out=False)),
            (mixture.roles, lambda: read_roles(self._roles)),
            *(
                (share, partial(read_others, self._others, source=source, split="train"))
                for source, share in mixture.others.items()
            ),
        ):
            if share > 0:
                chosen += _pass(sources(), share, mixture, chance)
        chance.shuffle(chosen)
        return [_varied(example, chance) for example in chosen]


def _pass(
    sources: Sequence[Source], share: float, mixture: Mixture, chance: random.Random
) -> list[TrainingExample]:
    pairs = [(source, asked) for source in sources for asked in source.asked]
    whole, rest = divmod(share, 1)
    pairs = pairs * int(whole) + chance.sample(pairs, round(rest * len(pairs)))
    read = [
        cut(source, asked, tokens=chance.randint(mixture.least, mixture.most), chance=chance)
        for source, asked in pairs
    ]
    elsewhere: list[SourceQuestion] = chance.sample(
        [asked for _, asked in pairs], round(mixture.distractors * len(pairs))
    )
    distractors = Distractors(sources, tokens=DISTRACTOR_TOKENS)
    return read + distractors.near(elsewhere, chance=chance, among=AMONG)


def _varied(example: TrainingExample, chance: random.Random) -> TrainingExample:
    return replace(
        example,
        question=as_typed(example.question, chance),
        context=example.context if chance.random() < CONTEXT else "",
    )
