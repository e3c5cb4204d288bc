"""The command that fits confidence to a corpus."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pullquote import terminal
from pullquote.cli.options import IndexOption, JsonOption

if TYPE_CHECKING:  # it loads FAISS
    from pullquote.calibrate import Fitted


def calibrate(
    questions: Annotated[
        Path,
        typer.Option(
            "--questions",
            metavar="FILE",
            help='JSON Lines of {"id", "question", "answers", "article"}, or SQuAD\'s JSON.',
        ),
    ],
    index: IndexOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Fit what confidence means to questions about your own articles.

    The fit is kept beside the index, in calibration.json; delete it to go back to the one that
    ships. At least 30 questions, some of them without an answer in the corpus.

    Example: `pullquote calibrate --questions gold.jsonl`
    """
    import pullquote  # noqa: PLC0415 - FAISS comes with it
    from pullquote.answers import write_calibration  # noqa: PLC0415
    from pullquote.calibrate import calibrate as measure  # noqa: PLC0415
    from pullquote.evaluate import read_questions  # noqa: PLC0415
    from pullquote.services import index_of  # noqa: PLC0415

    gold = read_questions(questions)
    with (
        pullquote.open(index) as assistant,
        terminal.progress("Asking", quiet=as_json) as progress,
    ):
        found = measure(assistant, gold, progress=progress)
        settings, scored_by = assistant.settings, assistant.scored_by
    kept = (
        None
        if dry_run
        else write_calibration(index_of(settings).local_folder, scored_by, found.calibration)
    )
    if as_json:
        terminal.print_json(_facts(found, settings.wrong_at_most, kept))
    else:
        terminal.write(_summary(found, settings.wrong_at_most))
        if kept is not None:
            terminal.write(terminal.visible(f"Wrote {kept}"))


def _facts(found: Fitted, wrong_at_most: float, kept: Path | None) -> dict[str, object]:
    floor = found.calibration.threshold(wrong_at_most)
    given = _given(found, floor)
    return {
        "questions": found.questions,
        "right": found.right,
        "calibration_error_before": found.error_before,
        "calibration_error_after": found.error_after,
        "wrong_at_most": wrong_at_most,
        "answers_from_confidence": floor if given else None,
        "answered": given,
        "written_to": None if kept is None else str(kept),
    }


def _summary(found: Fitted, wrong_at_most: float) -> str:
    floor = found.calibration.threshold(wrong_at_most)
    given = _given(found, floor)
    then = (
        f"pullquote answers from confidence {floor:.2f}: {given} of these questions"
        if given
        else "pullquote would withhold every answer: not even the surest were right so often"
    )
    return (
        f"{found.right} of {found.questions} first answers are right. Expected calibration error: "
        f"{found.error_before:.3f} before, {found.error_after:.3f} with the new fit "
        "(cross-validated).\n"
        f"To be wrong in at most {wrong_at_most:.0%} of the answers given, {then}."
    )


def _given(found: Fitted, floor: float) -> int:
    return sum(confidence >= floor for confidence in found.calibration.confidences)
