"""Measures how often the language of a text is detected correctly, and how fast.

    python -m benchmarks.languages --corpus ARTICLES

The texts are news sentences written for the tests, three in each of 28 languages
(tests/data/languages.jsonl): one alone, and three together. Of each article of an English corpus,
the first characters are read. Text without a detected language counts as English.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.common import machine, table
from benchmarks.near_copies import corpus_of
from pullquote.parsing.language import SAMPLE, language_of

TEXTS = Path("tests/data/languages.jsonl")
LENGTHS = (40, 80, 200, SAMPLE)


def right(texts: Sequence[str], expected: Callable[[int], str]) -> str:
    """The number of texts whose language is detected correctly."""
    wrong = [i for i, t in enumerate(texts) if language_of([t], declared=None) != expected(i)]
    named = ", ".join(expected(i) for i in wrong[:5])
    return f"{len(texts) - len(wrong)} of {len(texts)}" + (f" (not {named})" if wrong else "")


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True)
    options = parser.parse_args()
    written: dict[str, list[str]] = defaultdict(list)
    for line in TEXTS.read_text(encoding="utf-8").splitlines():
        sample = json.loads(line)
        written[sample["language"]].append(sample["text"])
    one = [(language, text) for language, texts in written.items() for text in texts]
    three = [(language, " ".join(texts)) for language, texts in written.items()]
    rows = [
        ["one sentence, 28 languages", right([t for _, t in one], lambda i: one[i][0]), ""],
        ["three sentences", right([t for _, t in three], lambda i: three[i][0]), ""],
    ]
    bodies = [article.text.partition("\n")[2].strip() for article in corpus_of(options.corpus)]
    for length in LENGTHS:
        texts = [body[:length] for body in bodies]
        started = time.process_time()
        correct = right(texts, lambda _i: "en")
        took = 1000 * (time.process_time() - started) / len(texts)
        rows.append([f"{length} characters of an English article", correct, f"{took:.3f} ms"])
    print(machine())
    print(table(["text", "detected correctly", "time"], rows))


if __name__ == "__main__":
    main()
