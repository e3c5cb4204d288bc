r"""Questions over running stories, in which values change, differ or are corrected, by kind.

    python -m benchmarks.stories [STORIES] [--half 0|1] [--out ROWS.jsonl]

The same as `pullquote evaluate --questions STORIES`, as a Markdown table, with `tests/data/stories`
as the default; its README has the format. A question "as of" a day is asked with the filter
`until`. The columns, for each kind:

- first: the share of questions whose first answer is accepted; for a question about how something
  has changed, the share of its values that are shown;
- values: the mean share of the values of a question that are shown, as values of the reply or,
  without any, as answers;
- status: the share of right statuses, among those shown of values that articles give;
- known: the share of the values of replies that articles give;
- origins: the share of right first answers whose number of independent sources is right;
- speaker, manner: the share of right first answers whose first citation names the right speaker, or
  none if the paper itself says it, and the right manner;
- silent: the share of questions for which nothing was found.

`--half` asks only the questions of every second story, from the first or the second; the corpus
has all stories. `--out` writes a line for each question, to be read by hand.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from benchmarks.common import machine, table
from pullquote.evaluate import AskedQuestion, Evaluation, GoldQuestion, evaluate, read_questions
from pullquote.evaluate.gold_file import evaluation_corpus
from pullquote.evaluate.story_figures import judged
from pullquote.evaluate.table import STORY_HEADS, story_rows
from pullquote.index.services import rebuild_index
from pullquote.newsroom.assistant import Assistant
from pullquote.schema.settings import Settings

STORIES = Path(__file__).parents[1] / "tests" / "data" / "stories"


def measured(stories: Path, half: int | None = None) -> Evaluation:
    """Ask every question of the stories, or of half of them, over an index of all of them."""
    questions = read_questions(stories)
    names = list(dict.fromkeys(_story(gold) for gold in questions))
    chosen = names if half is None else names[half::2]
    asked = [gold for gold in questions if _story(gold) in chosen]
    with evaluation_corpus(stories, corpora=(), index=None) as made:
        rebuild_index(made.corpus, made.index)
        with Assistant(Settings(index=made.index)) as assistant:
            return evaluate(assistant, asked)


def _story(gold: GoldQuestion) -> str:
    """The id of the story of a question."""
    return gold.id.rpartition("-")[0]


def lines(evaluation: Evaluation) -> Iterator[str]:
    """A line of JSON for each question: what was wanted, what was shown, how it was judged."""
    for one in evaluation.asked:
        yield json.dumps(_line(one), ensure_ascii=False)


def _line(one: AskedQuestion) -> dict[str, object]:
    found = judged(one)
    best = one.reply.best
    story = one.gold.story
    return {
        "id": one.gold.id,
        "kind": one.gold.kind,
        "question": one.gold.question,
        "wanted": one.gold.answers[0] if one.gold.answers else "",
        "first": "" if best is None else best.text,
        "speaker wanted": None if story is None else story.speaker,
        "manner wanted": None if story is None else story.manner,
        "said by": None if best is None else best.citations[0].said_by,
        "sentence": "" if best is None else best.citations[0].sentence,
        "shown": [f"{value.text} ({value.status})" for value in one.reply.values],
        **({} if found is None else asdict(found)),
    }


def main() -> None:
    """Ask, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("stories", nargs="?", type=Path, default=STORIES)
    parser.add_argument("--half", type=int, choices=(0, 1))
    parser.add_argument("--out", type=Path, help="write a line for each question")
    given = parser.parse_args()
    evaluation = measured(given.stories, given.half)
    figures = evaluation.figures
    print(f"{machine()}\n{figures.questions} questions about the stories of {given.stories}\n")
    print(table(("kind", *STORY_HEADS), list(story_rows(figures.stories))))
    if given.out is not None:
        given.out.write_text("".join(f"{line}\n" for line in lines(evaluation)), encoding="utf-8")


if __name__ == "__main__":
    main()
