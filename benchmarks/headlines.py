r"""How often a fact that only a headline has is found, and whether headlines do harm.

    python -m benchmarks.headlines [--rounds 1]

Asks about the newsroom's articles that train no reader, changed in three ways:

- headline: the sentence with the answer becomes the headline, and no sentence of the text has it;
- text: nothing is changed;
- nowhere: no sentence of the text has the answer, and the headline does not have it either.

In each round, one question is asked about each article, over an index of all of them. Questions
whose sentence has more than 150 characters are left out of "headline".

Prints a Markdown table. Its columns are the number of questions, those whose first answer is right
without reading headlines, and those with it. Then come the answers from a headline that stand
first, and how many of these are right. The last column is the median time with headlines, divided
by that without.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from training.reader.examples import article_rows

import pullquote
from benchmarks.common import machine, table
from pullquote import Assistant
from pullquote.english.sentences import sentence_spans
from pullquote.evaluate import is_right
from pullquote.schema import Role

NEWSROOM = Path(__file__).parents[1] / "training" / "newsroom.jsonl"
LONGEST = 150
"""In characters: the longest sentence that becomes a headline."""

WAYS = ("headline", "text", "nowhere")
HEAD = (
    "answer in",
    "questions",
    "right before",
    "right",
    "from a headline",
    "of them right",
    "time",
)


@dataclass(frozen=True, slots=True)
class AskedAbout:
    """A question, its article as it was changed, and its accepted answers."""

    question: str
    answers: tuple[str, ...]
    file: str
    content: str


@dataclass(frozen=True, slots=True)
class HeadlineReply:
    """Whether the first answer is right, without headlines and with them; seconds of both."""

    right_before: bool
    right: bool
    from_headline: bool
    seconds: tuple[float, float]


def changed(row: dict[str, Any], number: int, way: str) -> AskedAbout | None:
    """An article with one of its questions, changed in a way; None if it cannot be."""
    gold, title, text = row["questions"][number], row["title"], row["text"]
    answers = tuple(gold["answers"])
    if way != "text":
        if _has(title, answers):
            return None
        if way == "headline":
            title = _sentence_at(text, gold["start"]).rstrip(".")
            if len(title) > LONGEST or answers[0] not in title:
                return None
        text = _without(text, answers)
    content = f"{title}\n\n{row['date']}\n\n{text}\n"
    return AskedAbout(gold["question"], answers, f"{row['id']}.txt", content)


def _has(text: str, answers: Sequence[str]) -> bool:
    return any(answer.casefold() in text.casefold() for answer in answers)


def _sentence_at(text: str, offset: int) -> str:
    return next((text[a:b] for a, b in sentence_spans(text) if a <= offset < b), "")


def _without(text: str, answers: Sequence[str]) -> str:
    """The paragraphs of a text without the sentences that have an answer."""
    paragraphs = []
    for paragraph in text.split("\n"):
        sentences = [paragraph[a:b] for a, b in sentence_spans(paragraph)]
        paragraphs.append(" ".join(one for one in sentences if not _has(one, answers)))
    return "\n\n".join(filter(None, paragraphs))


def asked_over(assistant: Assistant, given: Sequence[AskedAbout]) -> Iterator[HeadlineReply]:
    """Ask each question without headlines and with them."""
    for one in given:
        start = time.perf_counter()
        found = assistant.find(one.question)
        searched = time.perf_counter()
        ranked = assistant.select(found).ranked
        selected = time.perf_counter()
        answers = assistant.read(found).answers
        read = time.perf_counter()
        before = ranked[0].candidate.best if ranked else None
        first = answers[0] if answers else None
        cited = first.citations[0] if first else None
        yield HeadlineReply(
            right_before=before is not None
            and before.hit.article.id == one.file
            and is_right(before.text, one.answers),
            right=first is not None
            and cited is not None
            and cited.article == one.file
            and is_right(first.text, one.answers),
            from_headline=cited is not None and cited.role is Role.HEADLINE,
            seconds=(selected - start, searched - start + read - selected),
        )


def round_of(rows: Sequence[dict[str, Any]], number: int, way: str) -> list[HeadlineReply]:
    """One question about each article that can be changed, over all articles."""
    given = [(row, changed(row, number, way)) for row in rows]
    with TemporaryDirectory() as folder:
        corpus, index = Path(folder) / "corpus", Path(folder) / "index"
        corpus.mkdir()
        for row, one in given:
            unchanged = f"{row['title']}\n\n{row['date']}\n\n{row['text']}\n"
            content = unchanged if one is None else one.content
            (corpus / f"{row['id']}.txt").write_text(content, encoding="utf-8")
        pullquote.rebuild_index(corpus, index)
        with pullquote.open(index=index) as assistant:
            return list(asked_over(assistant, [one for _, one in given if one is not None]))


def row_of(way: str, replies: Sequence[HeadlineReply]) -> tuple[object, ...]:
    """The cells of a row of the table."""
    shown = [one for one in replies if one.from_headline]
    without, with_headlines = zip(*(one.seconds for one in replies), strict=True)
    ratio = statistics.median(with_headlines) / statistics.median(without)
    return (
        way,
        len(replies),
        sum(one.right_before for one in replies),
        sum(one.right for one in replies),
        len(shown),
        sum(one.right for one in shown),
        f"{ratio:.2f}",
    )


def main() -> None:
    """Ask in each way, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=1, help="questions an article, 1 to 6")
    given = parser.parse_args()
    rows = article_rows(NEWSROOM, held_out=True)
    print(machine())
    found = {
        way: [one for n in range(given.rounds) for one in round_of(rows, n, way)] for way in WAYS
    }
    print(table(HEAD, [row_of(way, replies) for way, replies in found.items()]))


if __name__ == "__main__":
    main()
