"""Measures how many near duplicates are found, by kind of change, and which articles are grouped.

    python -m benchmarks.near_copies --corpus ARTICLES --show 30

Copies of every fifth article are changed in one or several ways, and added to the corpus. A copy
counts as found if it is in one group with its article. Reports that follow one pattern with other
facts (matches, weather, company results) must not be grouped; the script prints the share that is.
`--show` prints some groups of the corpus itself, to be judged by eye. Last, it prints times: of
the signatures of the corpus, and of grouping `--many` articles, a tenth of them copies. It also
groups `--copied` articles, all of them copies, anew and after a change of one of them.
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from benchmarks.common import machine, table
from pullquote.english.sentences import sentence_spans
from pullquote.index.duplicates.near_duplicates import (
    find_pairs,
    groups_of_near_duplicates,
    update_pairs,
)
from pullquote.index.duplicates.signatures import COPIED_ROLES, SIGNATURE, signature_of
from pullquote.parsing import find_files, read_articles
from pullquote.schema import Article, Block, Role

EVERY = 5
"""One article in this many is copied."""

FEWEST_WORDS = 60
"""Articles with fewer words are not copied; half of one would be too short."""

PATTERNS = 200
"""The number of reports made by each pattern."""

EDITED = 0.1
"""The share of a signature in which the copies of an article differ."""

REPEATS = 5

Paragraphs = list[str]
Change = Callable[[Paragraphs, random.Random, Sequence[str]], Paragraphs]


def cut(share: float) -> Change:
    """The first sentences of an article, up to that share of it."""

    def change(text: Paragraphs, _chance: random.Random, _words: Sequence[str]) -> Paragraphs:
        left = share * sum(map(len, text))
        paragraphs: Paragraphs = []
        for paragraph in text:
            ends = [end for _, end in sentence_spans(paragraph) if end <= left + 60]
            paragraphs += [paragraph[: ends[-1]]] if ends else []
            left -= len(paragraph)
        return paragraphs

    return change


def reworded(share: float) -> Change:
    """Replace that share of the words by others of the corpus."""

    def change(text: Paragraphs, chance: random.Random, words: Sequence[str]) -> Paragraphs:
        def other(word: re.Match[str]) -> str:
            return chance.choice(words) if chance.random() < share else word[0]

        return [re.sub(r"\w+", other, paragraph) for paragraph in text]

    return change


def misread(share: float) -> Change:
    """Replace that share of the letters, as bad OCR does."""

    def change(text: Paragraphs, chance: random.Random, _words: Sequence[str]) -> Paragraphs:
        def other(letter: re.Match[str]) -> str:
            return chance.choice("ceo1ilmnrtu") if chance.random() < share else letter[0]

        return [re.sub(r"\w", other, paragraph) for paragraph in text]

    return change


def reordered(text: Paragraphs, chance: random.Random, _words: Sequence[str]) -> Paragraphs:
    """Put the paragraphs in another order."""
    return chance.sample(text, len(text))


def with_own_lead(text: Paragraphs, chance: random.Random, words: Sequence[str]) -> Paragraphs:
    """Replace the first paragraph, and add one at the end, as a paper with its own lead does."""
    first, last = (" ".join(chance.choices(words, k=30)) + "." for _ in range(2))
    return [first, *text[1:], last]


def each(*changes: Change) -> Change:
    """Apply several changes, one after another."""

    def change(text: Paragraphs, chance: random.Random, words: Sequence[str]) -> Paragraphs:
        for one in changes:
            text = one(text, chance, words)
        return text

    return change


CHANGES: dict[str, Change] = {
    "another headline and byline": each(),
    "paragraphs reordered": reordered,
    "first paragraph replaced, one added at the end": with_own_lead,
    "1 word in 50 replaced": reworded(0.02),
    "1 word in 20 replaced": reworded(0.05),
    "1 word in 10 replaced": reworded(0.1),
    "1 letter in 100 misread": misread(0.01),
    "1 letter in 50 misread": misread(0.02),
    "cut to two thirds": cut(2 / 3),
    "cut to half": cut(1 / 2),
    "cut to a third": cut(1 / 3),
    "cut to a quarter": cut(1 / 4),
    "cut to half, 1 word in 50 replaced, reordered": each(cut(0.5), reworded(0.02), reordered),
}

NAMES = (
    "Hartley Brookvale Dunmore Easterfield Farrow Glenside Hollins Ivers Kirkwell Lanchester"
    " Marlow Norbury Oakham Penrose Quarry Ridley Stanmore Thornby Ulverton Wexcombe".split()
)


def matches(chance: random.Random) -> str:
    """The report of a match."""
    home, away = chance.sample(NAMES, 2)
    scorer, keeper, other = chance.sample(NAMES, 3)
    goals, minute, crowd = chance.randint(1, 6), chance.randint(1, 90), chance.randint(900, 60_000)
    return (
        f"{home} beat {away} {goals}-0 at home on Saturday in front of a crowd of {crowd}. The"
        f" first goal came after {minute} minutes, when {scorer} headed in a corner from the left."
        f" The home side were the better team for most of the first half, and {keeper} had to make"
        f" several good saves to keep the visitors in the game. After the break {away} had more of"
        f" the ball but could not find a way through, and {other} was sent off with"
        f" {chance.randint(2, 30)} minutes left after a second yellow card. The manager said he was"
        f" delighted with the result and that his players had worked very hard for the three"
        f" points. {home} are now {chance.randint(1, 20)}th in the table with"
        f" {chance.randint(10, 80)} points, and play {chance.choice(NAMES)} next week."
    )


def weather(chance: random.Random) -> str:
    """A forecast."""
    sky, wind, later = (chance.choice(("dry", "cloudy", "wet", "bright")) for _ in range(3))
    low, high, speed = chance.randint(-5, 9), chance.randint(10, 30), chance.randint(5, 60)
    return (
        f"The weather in {chance.choice(NAMES)} will be mostly {sky} tomorrow, with a high of"
        f" {high} degrees and a low of {low} degrees in the early hours. Winds from the"
        f" {chance.choice(('north', 'south', 'east', 'west'))} will reach {speed} kilometres an"
        f" hour, and it will feel {wind} in the afternoon. The chance of rain is"
        f" {chance.randint(0, 100)} per cent. The outlook for the rest of the week is {later}, with"
        f" temperatures of up to {high + chance.randint(-5, 5)} degrees by"
        f" {chance.choice(('Thursday', 'Friday', 'Saturday'))}. Sunrise is at"
        f" 0{chance.randint(4, 8)}:{chance.randint(10, 59)} and sunset at"
        f" {chance.randint(16, 21)}:{chance.randint(10, 59)}. The forecast will be updated in the"
        f" evening by the weather office in {chance.choice(NAMES)}."
    )


def results(chance: random.Random) -> str:
    """The figures of a company."""
    now, before = chance.randint(100, 900), chance.randint(100, 900)
    return (
        f"Shares in {chance.choice(NAMES)} Group moved on Tuesday after the company said that"
        f" pre-tax profit for the year was {now}m pounds, compared with {before}m pounds a year"
        f" earlier. Revenue came to {chance.randint(1, 99)}.{chance.randint(0, 9)}bn pounds. The"
        f" chief executive, {chance.choice(('Ann', 'Tom', 'Raj'))} {chance.choice(NAMES)}, said the"
        f" year had been a challenging one but that the company was well placed for growth. The"
        f" board proposed a dividend of {chance.randint(1, 40)}.{chance.randint(0, 9)} pence a"
        f" share. Analysts at {chance.choice(NAMES)} Securities had expected a profit of"
        f" {chance.randint(100, 900)}m pounds. The shares closed at {chance.randint(100, 2000)}"
        f" pence, and have changed by {chance.randint(1, 60)} per cent since January."
    )


def as_article(id: str, paragraphs: Sequence[str]) -> Article:
    """An article with these paragraphs."""
    text = "\n\n".join(paragraphs)
    blocks = (Block(role=Role.BODY, start=0, end=len(text)),)
    return Article(id=id, version="0", text=text, blocks=blocks, title=id)


def corpus_of(folder: Path) -> Iterator[Article]:
    """The articles of a corpus."""
    for found in find_files(folder).articles:
        yield from read_articles(folder / found, id=found)


def paragraphs_of(article: Article) -> Paragraphs:
    """The paragraphs that other papers would copy."""
    return [article.text[b.start : b.end] for b in article.blocks if b.role in COPIED_ROLES]


def recall(articles: Sequence[Article], known: np.ndarray) -> list[list[object]]:
    """For each kind of change, the number of copies, and how many of them are found."""
    words = sorted({word for a in articles for word in re.findall(r"\w+", a.text)})
    copied = [
        i
        for i, article in enumerate(articles)
        if i % EVERY == 0 and len(article.text.split()) >= FEWEST_WORDS
    ]
    rows: list[list[object]] = []
    for name, change in CHANGES.items():
        chance = random.Random(name)
        made = [as_article(name, change(paragraphs_of(articles[i]), chance, words)) for i in copied]
        together = np.concatenate([known, *map(signature_of, made)])
        group = {place: n for n, g in enumerate(groups_of_near_duplicates(together)) for place in g}
        found = sum(group.get(i, -1) == group.get(len(known) + n, -2) for n, i in enumerate(copied))
        rows.append([name, len(copied), f"{100 * found / len(copied):.1f} %"])
    return rows


def joined(known: np.ndarray) -> list[list[object]]:
    """For each pattern, the number of reports, and how many of them are in a group."""
    rows: list[list[object]] = []
    for pattern in (matches, weather, results):
        chance = random.Random(pattern.__name__)
        made = [signature_of(as_article("made", [pattern(chance)])) for _ in range(PATTERNS)]
        groups = groups_of_near_duplicates(np.concatenate([known, *made]))
        wrong = sum(place >= len(known) for group in groups for place in group)
        rows.append([pattern.__name__, PATTERNS, f"{100 * wrong / PATTERNS:.1f} %"])
    return rows


def many(count: int) -> np.ndarray:
    """The signatures of that many articles; a tenth are copies that share four fifths."""
    chance = np.random.default_rng(1)
    made = np.zeros(count, SIGNATURE)
    made["triples"] = 300
    made["minhashes"] = chance.integers(0, 1 << 16, made["minhashes"].shape)
    made["facts"] = np.sort(chance.integers(0, 1 << 16, made["facts"].shape), axis=1)
    copies = count // 10
    of = chance.integers(0, count - copies, copies)
    same = chance.random((copies, made["minhashes"].shape[1])) < 0.8
    made["minhashes"][-copies:] = np.where(same, made["minhashes"][of], made["minhashes"][-copies:])
    made["facts"][-copies:] = made["facts"][of]
    return made


def show_change(known: np.ndarray, count: int) -> None:
    """Print the times for grouping copies of all articles anew, and after a change of one."""
    chance = np.random.default_rng(1)
    made = np.concatenate([known] * (count // len(known) + 1))[:count]
    edited = chance.random(made["minhashes"].shape) < EDITED
    made["minhashes"][edited] = chance.integers(0, 1 << 16, np.count_nonzero(edited))
    started = time.process_time()
    pairs = find_pairs(made)
    pairs.groups()
    anew = time.process_time() - started
    old, taken = made, []
    for row in range(REPEATS):
        new = old.copy()
        new["minhashes"][row] = new["minhashes"][-1 - row]
        started = time.process_time()
        pairs = update_pairs(pairs, old, new)
        pairs.groups()
        taken.append(time.process_time() - started)
        old = new
    print(
        f"Grouping {count} copies takes {anew:.2f} s anew, and {statistics.median(taken):.2f} s"
        f" after a change of one ({len(pairs.left)} pairs)."
    )


def main() -> None:
    """Run all measurements and print the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--many", type=int, default=258_000)
    parser.add_argument("--copied", type=int, default=29_000)
    options = parser.parse_args()
    articles = list(corpus_of(options.corpus))
    started = time.process_time()
    known = np.concatenate([signature_of(article) for article in articles])
    took = (time.process_time() - started) / len(articles)
    print(machine())
    print(table(["changed", "copies", "found"], recall(articles, known)))
    print(table(["reports that follow one pattern", "reports", "in a group"], joined(known)))
    groups = groups_of_near_duplicates(known)
    print(f"\n{len(groups)} groups of {sum(map(len, groups))} of {len(articles)} articles.")
    print(f"A signature has {SIGNATURE.itemsize} bytes and takes {1000 * took:.2f} ms.")
    made = many(options.many)
    started = time.process_time()
    found = len(groups_of_near_duplicates(made))
    took = time.process_time() - started
    print(f"Grouping {len(made)} articles takes {took:.2f} s and gives {found} groups.")
    show_change(known, options.copied)
    for group in random.Random(1).sample(groups, min(options.show, len(groups))):
        print()
        for place in group:
            body = " ".join(paragraphs_of(articles[place]))
            print(f"{articles[place].id} ({len(body)}): {articles[place].title} | {body[:160]}")


if __name__ == "__main__":
    main()
