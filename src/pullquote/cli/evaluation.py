"""The commands `evaluate` and `calibrate`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pullquote.base.console import escaped_json, print_json, print_note, visible, write
from pullquote.base.plurals import counted, counted_verb
from pullquote.cli.options import GoldQuestionsOption, IndexOption, JsonOption, WrongOption, default
from pullquote.cli.terminal import print_note_uncalibrated, progress_bar
from pullquote.schema.errors import SettingsError
from pullquote.schema.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pullquote.evaluate import Evaluation, GoldQuestion
    from pullquote.evaluate.calibrate import CalibrationFit
    from pullquote.evaluate.gold_file import EvaluationCorpus


def evaluate(
    questions: GoldQuestionsOption,
    corpus: Annotated[
        list[Path] | None,
        typer.Option(
            "--corpus",
            metavar="DIR",
            help="Folder of articles to index and ask about, or a file of questions that has "
            "articles too (SQuAD, TimeQA, RAMDocs, a story); repeat the option for more files. "
            "[default: the articles of the questions' own file, or else the existing index]",
        ),
    ] = None,
    index: Annotated[
        str | None,
        typer.Option(
            "--index",
            metavar="DIR",
            help="Folder of the index, which is rebuilt if --corpus is given. "
            f"{default('index').replace(']', '; with --corpus, a temporary index]')}",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="DIR", help="Folder for figures.json, questions.csv and plots."
        ),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option("--limit", metavar="N", help="Ask only the first N questions.", min=1),
    ] = None,
    wrong_at_most: WrongOption = None,
    fast: Annotated[
        bool, typer.Option("--fast", help="Read with the small network alone.")
    ] = False,
    compare: Annotated[
        bool,
        typer.Option(
            "--compare",
            help="Ask every question twice, and show the figures of the thorough and of the fast "
            "reader side by side. With --out, those of the fast one are in its folder fast.",
        ),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Measure retrieval, answers and abstentions with questions whose answers are known.

    Exit status: 0 measured, 1 error, 2 a mistyped command.

    Example: `pullquote evaluate --questions gold.jsonl --corpus articles --out figures`
    """
    from pullquote.evaluate import read_questions  # noqa: PLC0415 - it loads FAISS
    from pullquote.evaluate.export import figures_json, make_folder, write_files  # noqa: PLC0415
    from pullquote.evaluate.gold_file import evaluation_corpus  # noqa: PLC0415
    from pullquote.evaluate.plots import NO_PLOTS, can_plot  # noqa: PLC0415
    from pullquote.evaluate.table import comparison, table  # noqa: PLC0415

    gold = read_questions(questions)[:limit]
    if out is not None:
        make_folder(out)  # fails now rather than after the last question
        if not can_plot():
            print_note(NO_PLOTS)
    corpora = () if corpus is None else corpus
    with evaluation_corpus(questions, corpora=corpora, index=index) as chosen:
        ways = (False, True) if compare else (fast,)
        measured = _measured(chosen, gold, ways, wrong_at_most=wrong_at_most, quiet=as_json)
    if out is not None:
        folders = (out, out / "fast")
        written = [
            path
            for one in zip(measured, folders[: len(measured)], strict=True)
            for path in write_files(*one)
        ]
        print_note(f"Wrote {counted(len(written), 'file')} to {out}.")
    if as_json and compare:
        thorough, quick = (asdict(one.figures) for one in measured)
        print_json({"thorough": thorough, "fast": quick})
    elif as_json:
        write(escaped_json(figures_json(measured[0].figures)))
    elif compare:
        write(visible(comparison(*(one.figures for one in measured))))
    else:
        write(visible(table(measured[0].figures)))


def _measured(
    chosen: EvaluationCorpus,
    gold: list[GoldQuestion],
    ways: Sequence[bool],
    *,
    wrong_at_most: float | None,
    quiet: bool,
) -> list[Evaluation]:
    """The questions, asked once for each of the `ways`: thoroughly, or fast."""
    import pullquote  # noqa: PLC0415
    from pullquote.answering.reader import ReadsAgain  # noqa: PLC0415
    from pullquote.evaluate import evaluate as measure  # noqa: PLC0415

    settings = load_settings(index=chosen.index, wrong_at_most=wrong_at_most)
    if chosen.corpus is not None:
        with progress_bar("Reading and embedding articles", quiet=quiet) as progress:
            report = pullquote.rebuild_index(chosen.corpus, settings=settings, progress=progress)
        if report.failed:
            print_note(
                f"{counted(len(report.failed), 'file')} of the corpus could not be read, such as "
                f"{report.failed[0].path}: {report.failed[0].reason}"
            )
    with (
        pullquote.open(settings=settings) as assistant,
        progress_bar("Asking", quiet=quiet) as progress,
    ):
        if len(ways) > 1 and not isinstance(assistant.reader, ReadsAgain):
            raise SettingsError(
                f"--compare needs a reader that reads places again, but reader is "
                f"{settings.reader!r}. Set it to 'thorough', or leave --compare out."
            )
        measured = [measure(assistant, gold, fast=fast, progress=progress) for fast in ways]
        print_note_uncalibrated(assistant)
        return measured


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
        progress_bar("Asking", quiet=as_json) as progress,
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
        print_json(_facts(fitted, settings.wrong_at_most, written))
    else:
        write(_summary(fitted, settings.wrong_at_most))
        if written is not None:
            write(visible(f"Wrote {written}"))


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
