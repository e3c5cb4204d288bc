"""Formats the figures as aligned text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pullquote.base.plurals import counted
from pullquote.evaluate.by_kind import KindFigures, ReplyCounts
from pullquote.evaluate.evaluation import summary_facts
from pullquote.evaluate.figures import Figures, RecallFigures
from pullquote.evaluate.labels import LabelFigures
from pullquote.evaluate.story_figures import ConflictFigures, StoryFigures

LABEL, COLUMN = 42, 12

KIND, KIND_COLUMN = 16, 9
"""The widths of the table by kind, in characters."""


def table(figures: Figures) -> str:
    """The figures as short tables, without a line break at the end."""
    sections = (
        _head,
        _finding,
        _answers,
        _silence,
        _confidence,
        _reading,
        _outcomes,
        _kinds,
        lambda given: conflicts_table(given.conflicts),
        lambda given: stories_table(given.stories),
        lambda given: labels_table(given.labels),
        _rest,
    )
    blocks = ("\n".join(section(figures)) for section in sections)
    return "\n\n".join(block for block in blocks if block)


def comparison(thorough: Figures, fast: Figures) -> str:
    """The figures to look at first, read thoroughly and fast, side by side."""
    pairs = zip(summary_facts(thorough), summary_facts(fast), strict=True)
    rows = [("", "thorough", "fast"), *((one.label, one.value, two.value) for one, two in pairs)]
    labels, values = (max(len(row[at]) for row in rows) for at in (0, 1))
    return "\n".join(f"{a:<{labels}}  {b:<{values}}  {c}".rstrip() for a, b, c in rows)


def _head(figures: Figures) -> Iterator[str]:
    yield (
        f"{counted(figures.questions, 'question')}, {figures.answerable:,} of them answerable; "
        f"{counted(figures.articles, 'article')} in {counted(figures.passages, 'passage')}"
    )
    if figures.misplaced:
        missing = counted(figures.misplaced, "answerable question")
        yield f"{missing} with no supporting article in the index"


def _finding(figures: Figures) -> Iterator[str]:
    if not figures.answerable:
        return
    finding = figures.finding
    yield _row("Right passage among the first", *(f"{k}" for k in (1, 5, 10, 20)))
    yield _row("  dense", *_recalls(finding.dense))
    yield _row("  lexical", *_recalls(finding.lexical))
    yield _row("  fused", *_recalls(finding.fused))
    if finding.retrieved != finding.fused:
        yield _row("  reranked", *_recalls(finding.retrieved))


def _answers(figures: Figures) -> Iterator[str]:
    if not figures.answerable:
        return
    answers = figures.answers
    yield "Best answer to answerable questions, withheld or not"
    yield _row("  exact match", _share(answers.exact_match))
    yield _row("  token F1", _share(answers.f1))
    yield _row("  contains an accepted answer", _share(answers.contains))
    yield _row("  a right answer first", _share(answers.top_1))
    yield _row("  a right answer among the first 3", _share(answers.top_3))
    yield _row("  a right answer among the first 5", _share(answers.top_5))


def _silence(figures: Figures) -> Iterator[str]:
    silence, unanswerable = figures.silence, figures.questions - figures.answerable
    precision = f"{silence.answered_right} of {silence.answered}"
    yield "Answered or silent, over all questions"
    yield _row("  exact match, as in SQuAD 2.0", _share(silence.exact_match))
    yield _row("  token F1, as in SQuAD 2.0", _share(silence.f1))
    yield _row("  answered", f"{silence.answered} of {figures.questions}")
    yield _row("  abstained", f"{silence.abstained} of {figures.questions}")
    yield _row("  right when answered", _share(silence.precision), precision)
    yield _row("  silent on unanswerable questions", f"{silence.rightly_silent} of {unanswerable}")
    yield from _certainty(figures.replies)


def _certainty(replies: ReplyCounts) -> Iterator[str]:
    outcomes = (("answer", replies.answer, replies.answer_right),) + (
        (("possible", replies.possible, replies.possible_right),) if replies.possible else ()
    )
    for outcome, count, right in outcomes:
        yield _row(f'  says "{outcome}"', f"{count} of {replies.total}")
        share = _share(right / count if count else None)
        yield _row(f'  right when it says "{outcome}"', share, f"{right} of {count}")


def _confidence(figures: Figures) -> Iterator[str]:
    confidence = figures.confidence
    yield "Confidence"
    yield _row("  AUROC for answerable", _share(confidence.auroc_answerable))
    yield _row("  expected calibration error", _share(confidence.calibration_error))
    yield _row("  area under risk and coverage", _share(confidence.risk_coverage_area))


def _reading(figures: Figures) -> Iterator[str]:
    reading = figures.reading
    if reading is None:
        return
    best = reading.best_silent_below
    yield f"Reading the right paragraph ({reading.answerable} answerable, {reading.questions} all)"
    yield _row("  exact match, answerable questions", _share(reading.exact_match))
    yield _row("  token F1, answerable questions", _share(reading.f1))
    yield _row("  exact match, all, as in SQuAD 2.0", _share(reading.exact_match_all))
    yield _row("  token F1, all, as in SQuAD 2.0", _share(reading.f1_all))
    yield _row(f"    silent under log-odds of {reading.silent_below:.2f}")
    yield _row("  token F1, all, with the best threshold", _share(reading.best_f1_all))
    yield _row("    always silent" if best is None else f"    silent under log-odds of {best:.2f}")


def _outcomes(figures: Figures) -> Iterator[str]:
    yield "Outcomes of the questions: right, or the first step that failed"
    for end in figures.outcomes:
        yield _row(f"  {end.outcome}", f"{end.count}")


def _kinds(figures: Figures) -> Iterator[str]:
    if not figures.kinds:
        return
    yield "By kind of question; shares are of its answerable questions"
    heads = ("asked", "first", "in 3", "score", "answer", "possible", "nothing", "silent*")
    yield _kind_row("", *heads)
    for one in figures.kinds:
        yield _kind_row(one.kind, *_kind_cells(one))
    yield "* on its unanswerable questions"
    if any(one.evidence is not None or one.as_typed is not None for one in figures.kinds):
        yield from _more_by_kind(figures.kinds)


def _more_by_kind(kinds: Sequence[KindFigures]) -> Iterator[str]:
    """What only questions with evidence, lists and conversations show."""
    yield ""
    yield _kind_row("", "complete", "evidence", "article", "as typed")
    for one in kinds:
        shares = (one.complete, one.evidence, one.article_in_three, one.as_typed)
        yield _kind_row(one.kind, *map(_share, shares))
    yield "complete: a score of 1; evidence: the first answer is in a sentence that settles it;"
    yield "article: a right one among the first 3; as typed: turns that were searched for unchanged"


def _kind_cells(one: KindFigures) -> Iterator[str]:
    yield f"{one.answerable}"
    yield from map(_share, (one.first_right, one.right_in_three, one.score))
    replies, silent = one.answerable_replies, one.unanswerable_replies
    for count in (replies.answer, replies.possible, replies.nothing):
        yield _share(count / one.answerable if one.answerable else None)
    yield f"{silent.nothing} of {silent.total}" if silent.total else "–"


def _kind_row(kind: str, *cells: str) -> str:
    label = " ".join(kind.split())[: KIND - 1]
    return f"{label:<{KIND}}" + "".join(f"{cell:>{KIND_COLUMN}}" for cell in cells)


CONFLICT_HEADS = (
    "asked", "first", "shown", "all", "only", "shown*", "first*", "misled*"
)  # fmt: skip
STORY_HEADS = (
    "asked", "first", "values", "status", "known", "origins", "speaker", "manner", "silent"
)  # fmt: skip


def conflicts_table(figures: Sequence[ConflictFigures]) -> Iterator[str]:
    """The lines of the table for documents that differ; none without such questions."""
    if not figures:
        return
    yield "Documents that differ, by kind: the right answers, and the wrong ones*"
    yield _kind_row("", *CONFLICT_HEADS)
    for one in figures:
        shares = (one.right_in_first, one.right_shown, one.all_right, one.all_and_no_wrong)
        counts = (one.wrong_shown, one.wrong_first, one.misled)
        yield _kind_row(
            one.kind,
            str(one.questions),
            *(f"{share:.2f}" for share in shares),
            *(f"{count}/{one.with_wrong}" if one.with_wrong else "" for count in counts),
        )
    yield "first: the share of right answers in the first answer alone; shown: in all values;"
    yield "all: questions with every right answer shown; only: and with no wrong one"
    yield "* questions about wrong documents with a wrong answer that is shown; that is first;"
    yield "  that is first, alone and very likely"


def stories_table(figures: Sequence[StoryFigures]) -> Iterator[str]:
    """The lines of the table for running stories; none without such questions."""
    if not figures:
        return
    yield "Values over time, by kind of question"
    yield _kind_row("", *STORY_HEADS)
    for kind, *cells in story_rows(figures):
        yield _kind_row(kind, *cells)
    yield "first: right first answers; values: the share shown; status: right ones, of the"
    yield "values of replies; known: values that articles give; origins: right sources counted;"
    yield "speaker, manner: right ones, of right first answers"


def story_rows(figures: Sequence[StoryFigures]) -> Iterator[tuple[str, ...]]:
    """The cells of a table of `STORY_HEADS`, a row for each kind."""
    for one in figures:
        shares = (one.statuses, one.known, one.origins, one.speaker, one.manner)
        yield (
            one.kind,
            str(one.questions),
            f"{one.right:.2f}",
            "" if one.values is None else f"{one.values:.2f}",
            *("" if share is None else f"{share.share:.2f}/{share.of}" for share in shares),
            f"{one.silent:.2f}",
        )


def labels_table(figures: Sequence[LabelFigures]) -> Iterator[str]:
    """The lines of the table of labels, of those that were shown; none if no label was."""
    shown = [one for one in figures if one.shown]
    if not shown:
        return
    yield _row("What pullquote says beside the quotes", "shown", "judged", "right", "share")
    for one in shown:
        share = one.right / one.judged if one.judged else None
        yield _row(f"  {one.label}", *map(str, (one.shown, one.judged, one.right)), _share(share))


def _rest(figures: Figures) -> Iterator[str]:
    citations, latency = figures.citations, figures.latency
    yield _row("Citations that quote exactly", f"{citations.exact} of {citations.cited}")
    yield _row("Time to answer, median", f"{latency.median_ms:.0f} ms")
    yield _row("Time to answer, 95th percentile", f"{latency.p95_ms:.0f} ms")


def _recalls(recalls: RecallFigures) -> Iterator[str]:
    yield from map(_share, (recalls.at_1, recalls.at_5, recalls.at_10, recalls.at_20))


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _row(label: str, *cells: str) -> str:
    return f"{label:<{LABEL}}" + "".join(f"{cell:>{COLUMN}}" for cell in cells) if cells else label
