r"""Plants typing errors into questions, and measures how many are corrected.

    python -m benchmarks.misspelt --index INDEX --questions NEWS/news-dev.jsonl \\
        [--right WIKI/wiki-dev.json …]

Each answerable question gets an error in some of its content words: a letter dropped or doubled,
two letters swapped, or a letter replaced by its neighbour on the keyboard. The errors are the same
for the same seed. The table has recall@3 of the right article and what became of the misspelt
words. A word counts as corrected if it has the search term that it had before the error. A "known"
word is not corrected, because the error made a word that some article contains. Times are processor
time.

`--right` names files of questions, about this corpus or others, whose spelling is mostly right.
Every change to them is printed.
"""

from __future__ import annotations

import argparse
import random
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median

from benchmarks.common import machine, table
from pullquote.answering.query.spelling import correct
from pullquote.english.terms import content_terms, terms
from pullquote.evaluate import GoldQuestion, read_questions
from pullquote.newsroom.assistant import Assistant, open_assistant
from pullquote.schema.settings import Settings

ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
NEIGHBOURS = {
    key: "".join(b if a == key else a for row in ROWS for a, b in pairwise(row) if key in (a, b))
    for key in "".join(ROWS)
}
DEPTH = 3


@dataclass(frozen=True, slots=True)
class MisspeltQuestion:
    """A question with planted errors, and what each misspelt word was before."""

    gold: GoldQuestion
    text: str
    planted: dict[str, str]


def main() -> None:
    """Measure and print."""
    given = _arguments()
    with open_assistant(settings=Settings(index=given.index)) as assistant:
        gold = [one for one in read_questions(given.questions) if one.answers]
        print(f"{len(gold)} questions; {machine()}\n")
        rows: list[Sequence[object]] = [_right_row(assistant, "as they were", gold)]
        for words in given.words:
            planted = [_misspell(one, words, given.seed) for one in gold]
            rows += _misspelt_rows(assistant, planted, words)
        print(table(["words misspelt", "correction", f"recall@{DEPTH}", *_COLUMNS], rows))
        for path in given.right:
            _print_changes(assistant, path)


_COLUMNS = (
    "words",
    "known",
    "corrected",
    "corrected wrongly",
    "not corrected",
    "median ms",
    "most ms",
)


def _misspelt_rows(
    assistant: Assistant, questions: Sequence[MisspeltQuestion], words: int
) -> Iterator[Sequence[object]]:
    """The rows of a table without and with correction."""
    recall = [_is_found(assistant, one.text, one.gold) for one in questions]
    yield words, "off", _share(recall), *["" for _ in _COLUMNS]
    fates: Counter[str] = Counter()
    taken, found = [], []
    for one in questions:
        started = time.process_time()
        corrected = correct(one.text, assistant.generation)
        taken.append(1000 * (time.process_time() - started))
        used = {change.typed: change.used for change in corrected.corrections}
        for typed, meant in one.planted.items():
            known = not assistant.generation.unknown_terms(terms(typed))
            fates["known" if known else _fate(typed, meant, used)] += 1
        found.append(_is_found(assistant, corrected.text, one.gold))
    shown = [fates.total(), *(fates[name] for name in ("known", "mended", "wrong", "left"))]
    yield words, "on", _share(found), *shown, f"{median(taken):.1f}", f"{max(taken):.0f}"


def _fate(typed: str, meant: str, used: dict[str, str]) -> str:
    if typed not in used:
        return "left"
    return "mended" if terms(used[typed]) == terms(meant) else "wrong"


def _right_row(
    assistant: Assistant, name: str, questions: Sequence[GoldQuestion]
) -> Sequence[object]:
    recall = [_is_found(assistant, one.question, one) for one in questions]
    return name, "off", _share(recall), *["" for _ in _COLUMNS]


def _print_changes(assistant: Assistant, path: Path) -> None:
    """Print how many of the questions of a file are changed, and how."""
    questions = [one.question for one in read_questions(path)]
    changed = {}
    for question in questions:
        if made := correct(question, assistant.generation).corrections:
            changed[question] = made
    words = sum(map(len, changed.values()))
    print(f"\n{path.name}: {words} words changed in {len(changed)} of {len(questions)} questions")
    for question, made in changed.items():
        print("  ", ", ".join(f"{one.typed} → {one.used}" for one in made), f"({question})")


def _is_found(assistant: Assistant, text: str, gold: GoldQuestion) -> bool:
    hits = assistant.find(text, k=DEPTH, as_typed=True).hits
    return any(hit.article.id in gold.articles for hit in hits)


def _share(right: Sequence[bool]) -> str:
    return f"{sum(right) / len(right):.3f}"


def _misspell(gold: GoldQuestion, words: int, seed: int) -> MisspeltQuestion:
    """The question with errors in up to that many of its content words of four letters or more."""
    chance = random.Random(f"{seed} {gold.id} {gold.question}")
    text, content = gold.question, set(content_terms(gold.question))
    may = [
        word
        for word in dict.fromkeys(re.findall(r"\b[^\W\d_]{4,}\b", text))
        if not word.isupper() and content.issuperset(terms(word))
    ]
    planted = {}
    for word in chance.sample(may, min(words, len(may))):
        typed = with_error(word, chance)
        text = re.sub(rf"\b{word}\b", typed, text)
        planted[typed] = word
    return MisspeltQuestion(gold, text, planted)


def with_error(word: str, chance: random.Random) -> str:
    """The word with one error, after its first letter."""
    while True:
        at = chance.randrange(1, len(word))
        head, letter, tail = word[:at], word[at], word[at + 1 :]
        match chance.choice(["drop", "double", "swap", "neighbour"]):
            case "drop":
                typed = head + tail
            case "double":
                typed = head + letter + letter + tail
            case "swap":
                typed = head + tail[:1] + letter + tail[1:]
            case _:
                typed = head + chance.choice(NEIGHBOURS.get(letter.lower(), letter)) + tail
        if typed != word and terms(typed) != terms(word):
            return typed


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--right", type=Path, action="append", default=[])
    parser.add_argument("--words", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    main()
