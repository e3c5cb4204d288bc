"""Formats the figures about differing articles as aligned text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pullquote.evaluate.story_figures import ConflictFigures, Share, StoryFigures

KIND, COLUMN = 16, 9
"""The widths of the columns, in characters, as in the table by kind."""

CONFLICT_HEADS = (
    "asked", "first", "shown", "all", "only", "shown*", "first*", "misled*"
)  # fmt: skip
STORY_HEADS = (
    "asked", "first", "values", "status", "known", "origins", "speaker", "manner", "silent"
)  # fmt: skip


def conflict_rows(figures: Sequence[ConflictFigures]) -> Iterator[tuple[str, ...]]:
    """The cells of a table of `CONFLICT_HEADS`, a row for each kind."""
    for one in figures:
        shares = (one.right_in_first, one.right_shown, one.all_right, one.all_and_no_wrong)
        counts = (one.wrong_shown, one.wrong_first, one.misled)
        yield (
            one.kind,
            str(one.questions),
            *(f"{share:.2f}" for share in shares),
            *(f"{count}/{one.with_wrong}" if one.with_wrong else "" for count in counts),
        )


def story_rows(figures: Sequence[StoryFigures]) -> Iterator[tuple[str, ...]]:
    """The cells of a table of `STORY_HEADS`, a row for each kind."""
    for one in figures:
        yield (
            one.kind,
            str(one.questions),
            f"{one.right:.2f}",
            "" if one.values is None else f"{one.values:.2f}",
            *map(_cell, (one.statuses, one.known, one.origins, one.speaker, one.manner)),
            f"{one.silent:.2f}",
        )


def conflicts_table(figures: Sequence[ConflictFigures]) -> Iterator[str]:
    """The lines of the table for documents that differ; none without such questions."""
    if figures:
        yield "Documents that differ, by kind: the right answers, and the wrong ones*"
        yield from _lines(CONFLICT_HEADS, conflict_rows(figures))
        yield "first: the share of right answers in the first answer alone; shown: in all values;"
        yield "all: questions with every right answer shown; only: and with no wrong one"
        yield "* questions about wrong documents with a wrong answer that is shown; that is first;"
        yield "  that is first, alone and very likely"


def stories_table(figures: Sequence[StoryFigures]) -> Iterator[str]:
    """The lines of the table for running stories; none without such questions."""
    if figures:
        yield "Values over time, by kind of question"
        yield from _lines(STORY_HEADS, story_rows(figures))
        yield "first: right first answers; values: the share shown; status: right ones, of the"
        yield "values of replies; known: values that articles give; origins: right sources counted;"
        yield "speaker, manner: right ones, of right first answers"


def _lines(heads: Sequence[str], rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    yield from (_line(cells) for cells in (("", *heads), *rows))


def _line(cells: Sequence[str]) -> str:
    kind = " ".join(cells[0].split())[: KIND - 1]
    return f"{kind:<{KIND}}" + "".join(f"{cell:>{COLUMN}}" for cell in cells[1:])


def _cell(share: Share | None) -> str:
    return "" if share is None else f"{share.share:.2f}/{share.of}"
