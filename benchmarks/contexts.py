"""Exact match and F1 end to end on marked questions whose contexts become articles.

    python -m benchmarks.contexts --questions READER/questions.jsonl --source new-wiki discourse

The file has a question on each line, with `source`, `split`, `question`, `context` and `answers`.
For each source, the contexts of its questions with the split "dev" become the articles of a new
index, and the questions are asked. Prints a Markdown table. No reader is trained on this split.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.common import machine, table
from pullquote.evaluate import exact_match, is_right, token_f1
from pullquote.index.services import rebuild_index
from pullquote.newsroom.assistant import Assistant
from pullquote.schema import Outcome
from pullquote.schema.settings import Settings

HEAD = ("source", "questions", "articles", "exact match", "F1", "right in 3", "nothing found")


def measure(source: str, rows: list[dict[str, Any]]) -> tuple[str, ...]:
    """Ask the questions of one source; returns a row of the table."""
    contexts = list(dict.fromkeys(str(row["context"]) for row in rows))
    exact, f1, in_three, silent = 0, 0.0, 0, 0
    with tempfile.TemporaryDirectory() as folder:
        corpus, index = Path(folder) / "corpus", Path(folder) / "index"
        corpus.mkdir()
        for number, context in enumerate(contexts):
            (corpus / f"{number:05}.txt").write_text(f"{context}\n", encoding="utf-8")
        rebuild_index(corpus, index)
        with Assistant(Settings(index=index)) as assistant:
            for row in rows:
                accepted = [str(answer["text"]) for answer in row["answers"]]
                reply = assistant.ask(str(row["question"]))
                texts = [answer.text for answer in reply.answers]
                exact += exact_match(texts[0] if texts else "", accepted)
                f1 += token_f1(texts[0] if texts else "", accepted)
                in_three += any(is_right(text, accepted) for text in texts[:3])
                silent += reply.outcome is Outcome.NOTHING
    count = len(rows)
    shares = (exact / count, f1 / count, in_three / count, silent / count)
    return (source, str(count), str(len(contexts)), *(f"{share:.3f}" for share in shares))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--source", nargs="+", required=True)
    given = parser.parse_args()
    lines = given.questions.read_text(encoding="utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if row["split"] == "dev"]
    measured = [
        measure(source, [row for row in rows if row["source"] == source]) for source in given.source
    ]
    print(f"{machine()}\n\n{table(HEAD, measured)}")


if __name__ == "__main__":
    main()
