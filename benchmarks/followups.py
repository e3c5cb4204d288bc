"""Measures recall of a follow-up's article, as typed and as completed.

    python -m benchmarks.followups --index INDEX --questions tests/data/followups.jsonl
    python -m benchmarks.followups --index NEWS-INDEX --questions NEWS/news-dev.jsonl

For conversations over the sample corpus, the last question of each is asked. For gold questions
over news, each follow-up in `AFTER` is asked after the question with that id, and should be
answered from the same article. `--alone` also asks the gold questions one after another. Each is a
new topic, so the script counts and prints those that were completed by mistake.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pullquote
from benchmarks.common import machine, table
from pullquote import Answer, Assistant, Citation, Reply, Role, Turn, complete_question
from pullquote.evaluate import GoldQuestion, read_questions

AFTER = {
    "dev-001": ("when did they do that?", "what will it be used for?"),
    "dev-003": ("when does she start?", "why?", "what do they sell?"),
    "dev-004": ("who else is in the team?", "and the junior race?", "how old is he?"),
    "dev-005": ("how much does it cost?", "who runs the company?", "where is it made?"),
    "dev-006": ("who else is in it?", "when will it come out?", "who directs it?"),
    "dev-007": ("what does it sell?", "how much is one?", "when did it open?"),
    "dev-009": ("who directed it?", "which ones?", "what about The Aviator?"),
    "dev-012": ("why did she say that?", "what does she worry about?"),
    "dev-013": ("how much did it earn?", "who else was in it?"),
    "dev-015": ("when does his contract end?", "who wants to buy him?", "what did he say?"),
    "dev-017": ("why did he stop?", "what does he do?", "who else gave money?"),
    "dev-018": ("what happened to her?", "what does the airline say about it?", "and then?"),
    "dev-019": ("how much was the cut?", "who does it affect?"),
    "dev-021": ("who does he want instead?", "what else did he say?"),
    "dev-022": ("who dropped him?", "and Howard Flight?", "when?"),
    "dev-025": ("when did she die?", "which film was she in?", "how old was she?"),
    "dev-027": ("who sued them?", "what did the bank say?"),
    "dev-029": ("why was she banned?", "for how long?", "where was that?"),
    "dev-031": ("who else is in it?", "who is the favourite?"),
    "dev-032": ("and in London?", "is it rising?", "what do they expect this year?"),
    "dev-033": ("for how much?", "when?", "which country does he play for?"),
    "dev-034": ("who developed it?", "how much will it cost?"),
    "dev-036": ("what else did he say?", "who suggested it?"),
    "dev-037": ("who stars in it?", "who directs it?", "where is it filmed?"),
    "dev-040": ("why?", "what about Vera Drake?"),
    "dev-043": ("by what score?", "who did she play next?"),
    "dev-046": ("who else is making it?", "what is it about?"),
    "dev-047": ("what did the fans do?", "who does he manage now?"),
    "dev-053": ("how does he want to do that?", "what did his opponents say?"),
    "dev-062": ("for how much?", "when was that?", "what else does it own?"),
    "dev-063": ("what did he say?", "what will it do?"),
    "dev-066": ("where do they come from?", "how did it begin?"),
    "dev-067": ("what was it for?", "how long is it?", "what did she say?"),
    "dev-071": ("how old was he?", "who was he married to?", "which films did he make?"),
    "dev-079": ("and at the world championships?", "where does he come from?"),
    "dev-080": ("who else will play there?", "when is it?"),
    "dev-086": ("what does he want to do there?", "who went with him?"),
    "dev-090": ("when?", "what else did she play in?"),
    "dev-095": ("what did he say about it?", "who is the captain?"),
    "dev-106": ("for how much?", "what does it want to buy now?"),
    "dev-111": ("who bought it from them?", "how much was it sold for?"),
    "dev-120": ("what did he say about him?", "and the others?"),
    "dev-124": ("who did he sue?", "how much did he get?"),
    "dev-125": ("who replaces him?", "for how long is he out?"),
    "dev-127": ("when was that?", "what did he say about it?"),
}
"""The follow-ups written for this benchmark, by the id of the question before."""

KS = (1, 3, 5, 10)
PREVIOUS = 3
"""Turns in the conversation when questions are asked one after another."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A question, the turns before it, and the articles that should be found."""

    question: str
    turns: tuple[Turn, ...]
    articles: frozenset[str]


def turn(question: str, answer: str | None, article: str | None) -> Turn:
    """A turn with that question, answered from that article, or unanswered."""
    citations = () if answer is None else (_citation(answer, article or ""),)
    answers = (Answer(text=answer, confidence=1, citations=citations),) if answer else ()
    reply = Reply(
        question=question, abstained=not answers, answers=answers, generation="", took_ms=0
    )
    now = datetime.now(UTC)
    return Turn(question=question, searched=question, reply=reply, asked=now)


def conversations(path: Path) -> list[FollowUp]:
    """The conversations over the sample corpus whose last question has an article."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        FollowUp(
            line["question"],
            tuple(turn(t["question"], t["answer"], t["article"]) for t in line["turns"]),
            frozenset(line["articles"]),
        )
        for line in lines
        if line["articles"]
    ]


def after(gold: Sequence[GoldQuestion]) -> list[FollowUp]:
    """The follow-ups of `AFTER`, each with the gold question before it."""
    return [
        FollowUp(question, (_asked(one),), one.articles)
        for one in gold
        for question in AFTER.get(one.id, ())
    ]


def recalls(
    assistant: Assistant, asked: Sequence[FollowUp], text: Callable[[FollowUp], str]
) -> list[float]:
    """The share of questions whose article is among the first k passages, for each k."""
    ranks = []
    for one in asked:
        hits = assistant.retrieve(text(one), k=max(KS))
        found = (at for at, hit in enumerate(hits) if hit.article.id in one.articles)
        ranks.append(next(found, max(KS)))
    return [sum(rank < k for rank in ranks) / len(ranks) for k in KS]


def print_alone(gold: Sequence[GoldQuestion]) -> None:
    """Print how many independent questions were left unchanged, and those that were completed."""
    turns: list[Turn] = []
    changed = []
    for one in gold:
        searched = complete_question(one.question, turns).text
        if searched != one.question:
            changed.append(f"  {one.question} -> {searched}")
        turns = [*turns[1 - PREVIOUS :], _asked(one)]
    print(f"left alone: {1 - len(changed) / len(gold):.2%} of {len(gold):,}")
    print("\n".join(changed))


def _asked(one: GoldQuestion) -> Turn:
    answer = one.answers[0] if one.answers else None
    return turn(one.question, answer, next(iter(one.articles), None))


def _citation(quote: str, article: str) -> Citation:
    return Citation(
        article=article,
        title=article,
        published=None,
        source=None,
        role=Role.BODY,
        author=None,
        start=0,
        end=len(quote),
        quote=quote,
        sentence=quote,
        sentence_start=0,
        version="",
        url=None,
    )


def main() -> None:
    """Run what the options ask for, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", type=Path)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--alone", action="store_true", help="show the questions one by one")
    given = parser.parse_args()
    if given.alone:
        print_alone(read_questions(given.questions))
    if given.index is None:
        return
    talks = '"turns"' in given.questions.read_text(encoding="utf-8")[:20]
    asked = conversations(given.questions) if talks else after(read_questions(given.questions))
    with pullquote.open(given.index) as assistant:
        as_typed = recalls(assistant, asked, lambda one: one.question)
        completed = recalls(
            assistant, asked, lambda one: complete_question(one.question, one.turns).text
        )
        by_passages = recalls(
            assistant,
            asked,
            lambda one: complete_question(one.question, one.turns, find=assistant.find).text,
        )
    print(machine())
    rows = [
        (f"{name} ({len(asked)})", *(f"{share:.3f}" for share in shares))
        for name, shares in (
            ("as typed", as_typed),
            ("completed by rules", completed),
            ("completed by rules and passages", by_passages),
        )
    ]
    print(table(["article among the first", *(f"{k} passages" for k in KS)], rows))


if __name__ == "__main__":
    main()
