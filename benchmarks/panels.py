r"""Panels of differing values that are shown for questions with one answer.

    python -m benchmarks.panels QUESTIONS... --index INDEX [--out ROWS.jsonl]

Each question has one answer, perhaps in several wordings. So a panel (`Reply.values`) can be right
only if articles really differ about it. Lists and comparisons, which have several answers, are left
out, and so are keywords. Questions without an answer are asked too, and counted apart.

Prints a Markdown table with a row for each file of questions and one for all:

- panels: the questions whose reply has values;
- suspect: those of them with a value that is none of the accepted answers. Read these: articles may
  differ about a value although the file of questions has only one;
- disputed, outdated, corrected: the values of all panels with this status;
- unanswerable: the panels of questions without an answer, of how many such questions.

After the table come the suspect panels, each with the sentence of every value. `--out` writes a
line for each panel.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.common import machine, table
from pullquote import Assistant, Reply
from pullquote.evaluate import GoldQuestion, read_questions
from pullquote.evaluate.scoring import is_value
from pullquote.schema import ReportedValue, ValueStatus
from pullquote.schema.settings import Settings

LEFT_OUT = frozenset({"list", "compare", "keyword"})
"""The kinds of questions that have more than one answer, or only an article."""

HEAD = (
    "questions",
    "one answer",
    "panels",
    "suspect",
    "share",
    "disputed",
    "outdated",
    "corrected",
    "unanswerable",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelValue:
    """A value of a panel: whether it is accepted, what is said of it, and where it stands."""

    text: str
    accepted: bool
    status: str
    first_reported: str
    article: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """The values that were shown for one question."""

    id: str
    question: str
    answers: tuple[str, ...]
    values: tuple[PanelValue, ...]

    @property
    def suspect(self) -> bool:
        """Whether a value is none of the accepted answers."""
        return not all(value.accepted for value in self.values)

    @property
    def lines(self) -> Iterator[str]:
        """The panel as lines to read by hand."""
        yield f"{self.id}: {self.question} [{' | '.join(self.answers) or 'no answer'}]"
        for value in self.values:
            mark = "+" if value.accepted else "-"
            place = f"{value.article} {value.first_reported}".strip()
            yield f"  {mark} {value.text} ({value.status}, {place}): {value.sentence}"


@dataclass(frozen=True, slots=True)
class AskedFile:
    """The questions of a file, and the panels that were shown for them."""

    name: str
    questions: tuple[GoldQuestion, ...]
    panels: tuple[Panel, ...]

    @property
    def row(self) -> tuple[str, ...]:
        """The row of the table."""
        one_answer = sum(1 for gold in self.questions if gold.answerable)
        shown = [panel for panel in self.panels if panel.answers]
        suspect = sum(1 for panel in shown if panel.suspect)
        became = Counter(value.status for panel in self.panels for value in panel.values)
        return (
            self.name,
            str(one_answer),
            str(len(shown)),
            str(suspect),
            f"{suspect / max(1, one_answer):.3f}",
            *(
                str(became[status])
                for status in (ValueStatus.DISPUTED, ValueStatus.OUTDATED, ValueStatus.CORRECTED)
            ),
            f"{len(self.panels) - len(shown)} of {len(self.questions) - one_answer}",
        )


def asked(assistant: Assistant, questions: Path) -> AskedFile:
    """Ask the questions of a file that have one answer or none."""
    chosen = tuple(one for one in read_questions(questions) if one.kind not in LEFT_OUT)
    found = (_panel(gold, assistant.ask(gold.question)) for gold in chosen)
    return AskedFile(questions.stem, chosen, tuple(one for one in found if one is not None))


def together(files: Iterable[AskedFile]) -> AskedFile:
    """All files as one."""
    every = list(files)
    return AskedFile(
        "all",
        tuple(gold for one in every for gold in one.questions),
        tuple(panel for one in every for panel in one.panels),
    )


def _panel(gold: GoldQuestion, reply: Reply) -> Panel | None:
    if not reply.values:
        return None
    return Panel(
        id=gold.id,
        question=gold.question,
        answers=tuple(gold.answers),
        values=tuple(_value(value, gold.answers) for value in reply.values),
    )


def _value(value: ReportedValue, answers: Sequence[str]) -> PanelValue:
    cited = value.citations[0]
    return PanelValue(
        text=value.text,
        accepted=is_value(value.text, answers),
        status=value.status,
        first_reported=str(value.first_reported or ""),
        article=cited.article,
        sentence=" ".join(cited.sentence.split()),
    )


def main() -> None:
    """Ask, and print the table and the suspect panels."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("questions", nargs="+", type=Path, help="files of questions")
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--out", type=Path, help="write a line for each panel")
    given = parser.parse_args()
    with Assistant(Settings(index=given.index)) as assistant:
        files = [asked(assistant, path) for path in given.questions]
    every = together(files)
    print(f"{machine()}\n\n{table(HEAD, [one.row for one in (*files, every)])}\n")
    print("\n".join(line for panel in every.panels if panel.suspect for line in panel.lines))
    if given.out is not None:
        lines = (json.dumps(asdict(one), ensure_ascii=False) for one in every.panels)
        given.out.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


if __name__ == "__main__":
    main()
