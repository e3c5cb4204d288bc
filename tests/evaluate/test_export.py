"""An evaluation as files and as a table: complete, readable, and without loss of other files."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from conftest import Newsroom
from planted import PlantedAssistant, harbour_newsroom
from pullquote.base.spreadsheets import escape_formula
from pullquote.evaluate import Evaluation, GoldQuestion, evaluate, export, plots
from pullquote.evaluate.export import figures_json, make_folder, questions_csv, write_files
from pullquote.evaluate.plots import can_plot
from pullquote.evaluate.table import table
from pullquote.schema.errors import SettingsError

PLOTS = {
    f"{name}.{kind}"
    for name in ("reliability", "risk-coverage", "outcomes", "kinds")
    for kind in ("png", "svg")
}
HARBOUR = frozenset({"harbour.txt"})
QUESTIONS = [
    GoldQuestion(
        id="1",
        question='Who "built" it, the harbour?',
        answers=("Ida Roe", "Roe"),
        articles=HARBOUR | {"gulls.txt"},
        kind="who",
    ),
    GoldQuestion(id="2", question="Who fell?", answers=(), articles=frozenset(), paragraph="Ida."),
]


@pytest.fixture
def measured(newsroom: Newsroom) -> Iterator[Evaluation]:
    """An evaluation with one right answer and one question without an answer."""
    planted = PlantedAssistant(
        harbour_newsroom(newsroom), {QUESTIONS[0].question: {"Ida Roe": 0.75}}
    )
    yield evaluate(planted, QUESTIONS)
    planted.generation.close()


def test_questions_are_rows_with_all_that_was_measured(measured: Evaluation) -> None:
    """Every column is as worked out by hand; missing values are empty."""
    rows = list(csv.DictReader(io.StringIO(questions_csv(measured.asked))))
    assert rows[0] == {
        "id": "1",
        "question": 'Who "built" it, the harbour?',
        "kind": "who",
        "answerable": "True",
        "gold": "Ida Roe | Roe",
        "supporting": "gulls.txt | harbour.txt",
        "abstained": "False",
        "answer": "Ida Roe",
        "confidence": "0.75",
        "article": "harbour.txt",
        "start": "28",
        "end": "35",
        "first_right_rank": "1",
        "em": "1.0",
        "f1": "1.0",
        "outcome": "right",
        "ms": "1.0",
        "says": "answer",
        "score": "1.0",
        "values": "",
    }
    empty = (
        "kind",
        "gold",
        "supporting",
        "answer",
        "article",
        "start",
        "first_right_rank",
        "score",
    )
    assert [rows[1][column] for column in empty] == [""] * len(empty)
    assert rows[1]["outcome"] == "rightly silent"


def test_figures_are_json_with_a_name_for_each(measured: Evaluation) -> None:
    """Figures that could not be measured are null, and none is NaN."""
    figures = json.loads(figures_json(measured.figures), parse_constant=pytest.fail)
    assert figures["questions"] == 2
    assert figures["silence"]["precision"] == 1.0
    assert figures["outcomes"][0] == {"outcome": "right", "count": 1}
    assert figures["reading"]["best_silent_below"] is None


def test_table_names_every_figure_in_line(measured: Evaluation) -> None:
    """The table is plain text with aligned numbers."""
    lines = table(measured.figures).splitlines()
    assert lines[0] == "2 questions, 1 of them answerable; 2 articles in 2 passages"
    assert "  fused                                          1.000       1.000       1.000" in (
        table(measured.figures)
    )
    assert f"{'  token F1':42}{'1.000':>12}" in lines
    assert f"{'  right when answered':42}{'1.000':>12}{'1 of 1':>12}" in lines
    assert f"{'Citations that quote exactly':42}{'1 of 1':>12}" in lines
    label = '  right when it says "answer"'
    assert f"{label:42}{'1.000':>12}{'1 of 1':>12}" in lines
    shares = "".join(f"{one:>9}" for one in ("1", *["1.000"] * 4, "0.000", "0.000", "–"))
    assert f"{'who':16}{shares}" in lines
    assert max(map(len, lines)) <= 90


def test_files_are_written_beside_what_is_there(measured: Evaluation, tmp_path: Path) -> None:
    """Other files in the folder stay, ours are replaced, and no temporary file is left."""
    (tmp_path / "notes.md").write_text("mine")
    (tmp_path / "figures.json").write_text("old")
    written = write_files(measured, tmp_path)
    expected = {"figures.json", "questions.csv", *(PLOTS if can_plot() else ())}
    assert {path.name for path in written} == expected
    assert {path.name for path in tmp_path.iterdir()} == {*expected, "notes.md"}
    assert (tmp_path / "notes.md").read_text() == "mine"
    assert json.loads((tmp_path / "figures.json").read_text(encoding="utf-8"))["questions"] == 2


def test_without_matplotlib_everything_else_is_written(
    measured: Evaluation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Plots need an extra; all other files are written."""
    monkeypatch.setattr(export, "can_plot", lambda: False)
    assert [path.name for path in write_files(measured, tmp_path)] == [
        "figures.json",
        "questions.csv",
    ]


def test_plots_are_pictures_with_their_words(measured: Evaluation, tmp_path: Path) -> None:
    """Each plot is a PNG and an SVG with its words as text; equal figures give equal files."""
    pytest.importorskip("matplotlib")
    write_files(measured, tmp_path)
    for name in PLOTS:
        content = (tmp_path / name).read_bytes()
        assert content.startswith(b"\x89PNG") == name.endswith(".png")
    before = (tmp_path / "outcomes.svg").read_bytes()
    words = "".join(ElementTree.fromstring(before).itertext())  # noqa: S314 - our own file
    assert "Outcomes of 2 questions" in words
    assert "rightly silent" in words
    write_files(measured, tmp_path)
    assert (tmp_path / "outcomes.svg").read_bytes() == before


def test_replies_are_drawn_by_kind(measured: Evaluation, tmp_path: Path) -> None:
    """Each kind has a bar with the number of its questions; unanswerable ones have a bar too."""
    pytest.importorskip("matplotlib")
    write_files(measured, tmp_path)
    drawn = ElementTree.fromstring((tmp_path / "kinds.svg").read_bytes())  # noqa: S314 - our own
    words = " ".join(drawn.itertext())
    for expected in ("who (1)", "unanswerable (1)", "answered right", "possible", "nothing"):
        assert expected in words


def test_without_kinds_no_plot_of_them_is_drawn(measured: Evaluation) -> None:
    """A file of questions without kinds gives the other plots."""
    pytest.importorskip("matplotlib")
    drawn = plots.plots(replace(measured.figures, kinds=()))
    assert set(drawn) == {name for name in PLOTS if not name.startswith("kinds")}


def test_risk_is_drawn_from_no_coverage_on(measured: Evaluation) -> None:
    """There is a line even if all questions have the same confidence."""
    figure = pytest.importorskip("matplotlib.figure").Figure()
    axes = figure.add_subplot()
    plots._risk(axes, measured.figures)
    assert list(axes.lines[0].get_xdata()) == [0.0, 0.5, 1.0]
    assert list(axes.lines[0].get_ydata()) == [0.0, 0.0, 0.5]


def test_table_without_answerable_questions_has_no_rows_for_them(measured: Evaluation) -> None:
    """A recall of 0.000 would look as if it had been measured."""
    output = table(replace(measured.figures, answerable=0))
    assert "Right passage" not in output
    assert "Best answer" not in output
    assert "Answered or silent" in output


def test_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """The error comes before the first question is asked."""
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="cannot be written to"):
        make_folder(tmp_path / "file" / "out")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("+SUM(A1)", "'+SUM(A1)"),
        ("-2+3", "'-2+3"),
        ("@cmd", "'@cmd"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\uff1d1+1", "'\uff1d1+1"),
        ("-5", "-5"),
        ("+3.25", "+3.25"),
        ("-1,250.5%", "-1,250.5%"),
        ("Ida = Roe", "Ida = Roe"),
        ("", ""),
        (-0.5, -0.5),
        (None, None),
    ],
)
def test_no_cell_is_a_formula(cell: object, expected: object) -> None:
    """Text that a spreadsheet would run is escaped, and numbers stay unchanged."""
    assert escape_formula(cell) == expected


def test_a_table_of_questions_runs_nothing(measured: Evaluation) -> None:
    """No column can contain a formula."""
    gold = replace(QUESTIONS[0], id="@a", question="=1+1", answers=("-2+3",), kind="+k")
    text = questions_csv(replace(one, gold=gold) for one in measured.asked[:1])
    [row] = csv.DictReader(io.StringIO(text))
    assert (row["id"], row["question"], row["gold"], row["kind"]) == (
        "'@a",
        "'=1+1",
        "'-2+3",
        "'+k",
    )
