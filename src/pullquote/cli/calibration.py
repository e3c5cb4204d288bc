"""The command `calibrate`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pullquote.base.plurals import counted_verb
from pullquote.cli import terminal
from pullquote.cli.options import GoldQuestionsOption, IndexOption, JsonOption

if TYPE_CHECKING:  # this import loads FAISS
    from pullquote.evaluate.calibrate import CalibrationFit


def calibrate(
    questions: GoldQuestionsOption,
    index: IndexOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change, but change nothing.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Calibrate confidence with questions about your own articles.

    Give at least 30 questions, including some that the corpus does not answer. With 50 that it
    answers, the command also fits when to say that nothing was found. The result is written to
    calibration.json beside the index. Delete that file to return to the packaged calibration.

    Example: `pullquote calibrate --questions gold.jsonl`
    """
    import pullquote  # noqa: PLC0415 - it loads FAISS
    from pullquote.answering.answers import StoredCalibration, write_calibration  # noqa: PLC0415
    from pullquote.evaluate import read_questions  # noqa: PLC0415
    from pullquote.evaluate.calibrate import calibrate as fit  # noqa: PLC0415
    from pullquote.index.services import index_of  # noqa: PLC0415

    gold = read_questions(questions)
    with (
        pullquote.open(index) as assistant,
        terminal.progress("Asking", quiet=as_json) as progress,
    ):
        fitted = fit(assistant, gold, progress=progress)
        settings, scored_by = assistant.settings, assistant.scored_by
    written = None
    if not dry_run:
        stored = StoredCalibration(
            scored_by=scored_by,
            calibration=fitted.calibration,
            nothing_below=fitted.nothing_below,
        )
        written = write_calibration(index_of(settings).local_folder, stored)
    if as_json:
        terminal.print_json(_facts(fitted, settings.wrong_at_most, written))
    else:
        terminal.write(_summary(fitted, settings.wrong_at_most))
        if written is not None:
            terminal.write(terminal.visible(f"Wrote {written}"))


def _facts(found: CalibrationFit, wrong_at_most: float, written: Path | None) -> dict[str, object]:
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
        "left_out": found.left_out,
        "nothing_below": found.nothing_below,
        "written_to": None if written is None else str(written),
    }


def _summary(found: CalibrationFit, wrong_at_most: float) -> str:
    floor = found.calibration.threshold(wrong_at_most)
    given = _given(found, floor)
    then = (
        f"pullquote will answer at confidence {floor:.2f} or above: {given} of these questions"
        if given
        else "pullquote will withhold every answer: even the most confident are wrong more often"
    )
    return (
        f"{found.right} of {found.questions} first answers are right. Expected calibration error: "
        f"{found.error_before:.3f} before, {found.error_after:.3f} with the new fit "
        "(cross-validated).\n"
        f"For at most {wrong_at_most:.0%} of the given answers to be wrong, {then}.\n"
        f"{_rule_for_nothing(found)}{_left_out(found)}"
    )


def _rule_for_nothing(found: CalibrationFit) -> str:
    """What the fit means for replies that say that nothing was found."""
    from pullquote.evaluate.calibrate import MIN_ANSWERABLE, SILENT_ON  # noqa: PLC0415 - see above

    if found.nothing_below is None:
        return (
            'When to say "nothing found" stays as it was fitted for the package: fitting it needs '
            f"{MIN_ANSWERABLE} questions that the corpus answers."
        )
    return (
        'It will say "nothing found" for at most '
        f"{SILENT_ON:.0%} of the questions that the corpus answers."
    )


def _left_out(found: CalibrationFit) -> str:
    """How many questions were not used, and why."""
    if not found.left_out:
        return ""
    were = counted_verb(found.left_out, "question", "was", "were")
    return (
        f"\n{were} read as keywords and left out. "
        "For keywords, the outcome depends on how many of them were found, not on confidence."
    )


def _given(found: CalibrationFit, floor: float) -> int:
    return sum(confidence >= floor for confidence in found.calibration.confidences)
