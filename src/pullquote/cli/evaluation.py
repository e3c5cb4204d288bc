"""The command `evaluate`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pullquote.base.plurals import counted
from pullquote.cli import terminal
from pullquote.cli.options import GoldQuestionsOption, JsonOption, WrongOption, default
from pullquote.schema.settings import load_settings

if TYPE_CHECKING:  # these imports load FAISS
    from pullquote.evaluate import Evaluation, GoldQuestion
    from pullquote.evaluate.corpora import EvaluationCorpus


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
    as_json: JsonOption = False,
) -> None:
    """Measure retrieval, answers and abstentions with questions whose answers are known.

    Exit status: 0 measured, 1 error, 2 a mistyped command.

    Example: `pullquote evaluate --questions gold.jsonl --corpus articles --out figures`
    """
    from pullquote.evaluate import read_questions  # noqa: PLC0415 - it loads FAISS
    from pullquote.evaluate.corpora import evaluation_corpus  # noqa: PLC0415
    from pullquote.evaluate.export import figures_json, make_folder, write_files  # noqa: PLC0415
    from pullquote.evaluate.plots import NO_PLOTS, can_plot  # noqa: PLC0415
    from pullquote.evaluate.table import table  # noqa: PLC0415

    gold = read_questions(questions)[:limit]
    if out is not None:
        make_folder(out)  # fails now rather than after the last question
        if not can_plot():
            terminal.print_note(NO_PLOTS)
    corpora = () if corpus is None else corpus
    with evaluation_corpus(questions, corpora=corpora, index=index) as chosen:
        measured = _measured(chosen, gold, wrong_at_most=wrong_at_most, quiet=as_json)
    if out is not None:
        written = write_files(measured, out)
        terminal.print_note(f"Wrote {counted(len(written), 'file')} to {out}.")
    if as_json:
        terminal.write(terminal.escaped_json(figures_json(measured.figures)))
    else:
        terminal.write(terminal.visible(table(measured.figures)))


def _measured(
    chosen: EvaluationCorpus, gold: list[GoldQuestion], *, wrong_at_most: float | None, quiet: bool
) -> Evaluation:
    import pullquote  # noqa: PLC0415
    from pullquote.evaluate import evaluate as measure  # noqa: PLC0415

    settings = load_settings(index=chosen.index, wrong_at_most=wrong_at_most)
    if chosen.corpus is not None:
        with terminal.progress("Reading and embedding articles", quiet=quiet) as progress:
            report = pullquote.rebuild_index(chosen.corpus, settings=settings, progress=progress)
        if report.failed:
            terminal.print_note(
                f"{counted(len(report.failed), 'file')} of the corpus could not be read, such as "
                f"{report.failed[0].path}: {report.failed[0].reason}"
            )
    with (
        pullquote.open(settings=settings) as assistant,
        terminal.progress("Asking", quiet=quiet) as progress,
    ):
        measured = measure(assistant, gold, progress=progress)
        terminal.print_note_uncalibrated(assistant)
        return measured
