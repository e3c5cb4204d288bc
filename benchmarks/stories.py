r"""Questions over running stories, in which values change, differ or are corrected, by kind.

    python -m benchmarks.stories [STORIES] [--out ROWS.jsonl]

Makes a corpus of all stories in a folder, by default `tests/data/stories`, whose README has the
format. Asks each question by itself. If its gold names a day, it is asked as of that day.

Prints a Markdown table with, for each kind:

- right first: the share of questions whose first answer is accepted; for a question about how
  something has changed, the share of its values that are shown;
- values shown: the mean share of the values of a question that are among the answers shown;
- origins: the share of right first answers whose number of independent sources is right;
- silent: the share of questions for which nothing was found.

`--out` writes a line for each question, to be read by hand.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.common import machine, table
from pullquote import Assistant, Reply
from pullquote.evaluate.compare import is_right
from pullquote.evaluate.measures import mean
from pullquote.services import rebuild_index
from pullquote.settings import Settings

STORIES = Path(__file__).parents[1] / "tests" / "data" / "stories"
HEAD = ("kind", "questions", "right first", "values shown", "origins", "silent")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """The result of a question; `values` and `origins` are None where they cannot be judged."""

    story: str
    kind: str
    question: str
    right: float
    values: float | None
    origins: bool | None
    silent: bool
    first: str
    wanted: str


def write_corpus(stories: Sequence[dict[str, Any]], corpus: Path) -> None:
    """Write the articles of the stories as Markdown files, a folder for each story."""
    for story in stories:
        folder = corpus / story["id"]
        folder.mkdir(parents=True)
        for article in story["articles"]:
            head = {key: article[key] for key in ("title", "source", "published")}
            text = f"---\n{json.dumps(head, ensure_ascii=False)}\n---\n{article['text']}\n"
            (folder / f"{article['id']}.md").write_text(text, encoding="utf-8")


def scored(assistant: Assistant, stories: Sequence[dict[str, Any]]) -> Iterator[Scored]:
    """Ask every question of the stories."""
    for story in stories:
        for gold in story["questions"]:
            day = None if gold["as_of"] is None else date.fromisoformat(gold["as_of"])
            reply = assistant.ask(gold["question"], as_of=day)
            yield _scored(story["id"], gold, reply)


def _scored(story: str, gold: dict[str, Any], reply: Reply) -> Scored:
    texts = () if reply.best is None else tuple(answer.text for answer in reply.shown)
    shown = [any(is_right(text, one["value"]) for text in texts) for one in gold["values"]]
    right = float(bool(texts) and is_right(texts[0], gold["answers"]))
    judged = reply.best is not None and right > 0 and gold["origins"] is not None
    return Scored(
        story=story,
        kind=gold["kind"],
        question=gold["question"],
        right=mean(shown) if gold["kind"] == "change" else right,
        values=mean(shown) if shown else None,
        origins=reply.best.sources == gold["origins"] if judged and reply.best else None,
        silent=not texts,
        first=texts[0] if texts else "",
        wanted=gold["answers"][0],
    )


def rows(results: Sequence[Scored]) -> list[tuple[str, ...]]:
    """A row for each kind, and one for all."""
    kinds = sorted({one.kind for one in results})
    groups = [(kind, [one for one in results if one.kind == kind]) for kind in kinds]
    return [_row(name, group) for name, group in [*groups, ("all", list(results))]]


def _row(name: str, group: Sequence[Scored]) -> tuple[str, ...]:
    values = [one.values for one in group if one.values is not None]
    origins = [one.origins for one in group if one.origins is not None]
    return (
        name,
        str(len(group)),
        f"{mean(one.right for one in group):.2f}",
        f"{mean(values):.2f}" if values else "",
        f"{mean(origins):.2f} of {len(origins)}" if origins else "",
        f"{mean(one.silent for one in group):.2f}",
    )


def main() -> None:
    """Make the corpus, ask, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("stories", nargs="?", type=Path, default=STORIES)
    parser.add_argument("--out", type=Path, help="write a line for each question")
    given = parser.parse_args()
    paths = sorted(given.stories.glob("*.json"))
    stories = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
    with tempfile.TemporaryDirectory() as folder:
        corpus, index = Path(folder) / "corpus", Path(folder) / "index"
        write_corpus(stories, corpus)
        rebuild_index(corpus, index)
        with Assistant(Settings(index=index)) as assistant:
            results = list(scored(assistant, stories))
    print(f"{machine()}\n{len(stories)} stories of {given.stories}\n\n{table(HEAD, rows(results))}")
    if given.out is not None:
        lines = (json.dumps(asdict(one), ensure_ascii=False) for one in results)
        given.out.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


if __name__ == "__main__":
    main()
