"""Plots as PNG and SVG files: reliability, risk and coverage, outcomes, and kinds of questions."""

from __future__ import annotations

import io
from collections.abc import Callable
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Literal

from pullquote.base.plurals import counted
from pullquote.evaluate.asked_question import QuestionOutcome
from pullquote.evaluate.by_kind import ReplyCounts, sum_of
from pullquote.evaluate.figures import Figures

if TYPE_CHECKING:  # matplotlib is an extra
    from matplotlib.axes import Axes

NO_PLOTS = (
    "matplotlib is not installed, so no plots are drawn. For plots: pip install 'pullquote[plots]'"
)

INK, MUTED, BLUE, AMBER, RED = "#222222", "#8a8a8a", "#1f6fb4", "#d98c1f", "#c0392b"
PALE = "#d9d9d9"

MOST_KINDS = 30
"""Maximum number of kinds in the plot by kind; those with most questions are chosen."""

HEIGHT, ROW_HEIGHT = 5.2, 0.42
"""The minimum height of a plot, and the height of a row of the plot by kind, in inches."""

AS_SURE_AS_RIGHT = "confidence equals share right"

COLOURS = {
    QuestionOutcome.RIGHT: BLUE,
    QuestionOutcome.RIGHTLY_SILENT: BLUE,
    QuestionOutcome.NOT_RETRIEVED: AMBER,
    QuestionOutcome.NOT_READ: AMBER,
    QuestionOutcome.WRONGLY_ABSTAINED: AMBER,
    QuestionOutcome.WRONGLY_ANSWERED: RED,
}

STYLE: dict[Any, Any] = {  # matplotlib's own type for it lists every key
    "font.size": 12.0,
    "font.family": "sans-serif",
    "text.color": INK,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 14.0,
    "axes.titlepad": 14.0,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "svg.fonttype": "none",  # text is stored as text, not as outlines
    "svg.hashsalt": "pullquote",  # the same figures give the same file
}


_PARTS: tuple[tuple[str, str, str, Callable[[ReplyCounts], int]], ...] = (
    ("answered right", BLUE, "white", lambda one: one.answer_right),
    ("answered wrong", RED, "white", lambda one: one.answer - one.answer_right),
    ("possible", AMBER, INK, lambda one: one.possible),
    ("nothing", PALE, INK, lambda one: one.nothing),
)
"""The parts of a bar in the plot by kind: label, colour, colour of the count, and the count."""


def can_plot() -> bool:
    """Whether matplotlib is installed."""
    return find_spec("matplotlib") is not None


def plots(figures: Figures) -> dict[str, bytes]:
    """The plots, by file name. This needs matplotlib."""
    drawn = {"reliability": _reliability, "risk-coverage": _risk, "outcomes": _outcomes}
    if figures.kinds:
        drawn["kinds"] = _kinds
    rows = min(len(figures.kinds), MOST_KINDS)
    height = {"kinds": max(HEIGHT, ROW_HEIGHT * rows + 2)}
    return {
        f"{name}.{kind}": content
        for name, draw in drawn.items()
        for kind, content in _rendered(draw, figures, height.get(name, HEIGHT)).items()
    }


def _rendered(
    draw: Callable[[Axes, Figures], None], figures: Figures, height: float
) -> dict[str, bytes]:
    from matplotlib import rc_context  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415 - no pyplot: no window, no global state

    with rc_context(STYLE):
        figure = Figure(figsize=(7, height), layout="constrained")
        draw(figure.add_subplot(), figures)
        contents = {}
        for kind, metadata in (("png", None), ("svg", {"Date": None})):
            stream = io.BytesIO()
            figure.savefig(stream, format=kind, dpi=160, metadata=metadata)
            contents[kind] = stream.getvalue()
    return contents


def _reliability(axes: Axes, figures: Figures) -> None:
    """Plot the share right in each bin of confidence, with the bin's number of questions."""
    bins = [one for one in figures.confidence.reliability if one.count]
    most = max((one.count for one in bins), default=1)
    dashed = (0, (4, 4))
    axes.plot(
        [0, 1], [0, 1], color=MUTED, linewidth=1, linestyle=dashed, zorder=1, label=AS_SURE_AS_RIGHT
    )
    axes.legend(loc="upper left", frameon=False, labelcolor=MUTED)
    for one in bins:
        place = (one.confidence or 0.0, one.right or 0.0)
        radius = 4 + 10 * (one.count / most) ** 0.5
        axes.plot(*place, "o", markersize=2 * radius, color=BLUE, alpha=0.85, clip_on=False)
        _label(axes, f"{one.count}", place, radius + 2)
    axes.set(xlim=(-0.02, 1.04), ylim=(-0.04, 1.08))
    axes.set_xlabel("mean confidence of the best answer; each number is a count of questions")
    axes.set_ylabel("share of answers that are right")
    error = figures.confidence.calibration_error
    axes.set_title(f"Confidence and share right (calibration error {error:.3f})")


def _risk(axes: Axes, figures: Figures) -> None:
    """Plot the share of given answers that are wrong, by the share of questions answered."""
    points = figures.confidence.risk_coverage
    coverage = [0.0, *(one.coverage for one in points)]
    risk = [*(one.risk for one in points[:1]), *(one.risk for one in points)]
    axes.step(coverage, risk, where="pre", color=BLUE, linewidth=2)
    silence = figures.silence
    if silence.precision is not None:
        x, y = silence.answered / figures.questions, 1 - silence.precision
        axes.plot(x, y, "o", markersize=9, color=RED, zorder=3, clip_on=False)
        label = f"now: {x:.0%} answered,\n{y:.0%} of them wrong"
        # A curve mostly rises, so there is room above it on the left and below it on the right.
        if y < 0.15 or (x > 0.5 and y < 0.85):
            side: Literal["left", "right"] = "right" if x > 0.5 else "left"
            above = 12
        else:
            side, above = ("right" if x > 0.8 else "left"), -12
        _label(axes, label, (x, y), above, side=side, color=RED)
    axes.set(xlim=(0, 1.02), ylim=(0, 1.04))
    axes.set_xlabel("share of questions answered, the most confident first")
    axes.set_ylabel("share of given answers that are wrong")
    area = figures.confidence.risk_coverage_area
    axes.set_title(f"Risk at each coverage (area {area:.3f}, lower is better)")


def _outcomes(axes: Axes, figures: Figures) -> None:
    """Plot the number of questions with each outcome."""
    ends = figures.outcomes[::-1]
    bars = axes.barh(
        [str(end.outcome) for end in ends],
        [end.count for end in ends],
        color=[COLOURS[end.outcome] for end in ends],
        height=0.66,
    )
    labels = [f"{end.count}  ({end.count / figures.questions:.0%})" for end in ends]
    axes.bar_label(bars, labels=labels, padding=6)
    axes.set_xlim(0, 1.18 * max(end.count for end in ends))
    axes.xaxis.set_visible(False)
    axes.spines["bottom"].set_visible(False)
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.set_title(f"Outcomes of {counted(figures.questions, 'question')}")


def _kinds(axes: Axes, figures: Figures) -> None:
    """Plot the outcomes of the replies to each kind of question, with the number of each."""
    rows = _kind_rows(figures)[::-1]
    names = [f"{name} ({counts.total})" for name, counts in rows]
    starts = [0.0] * len(rows)
    for label, colour, ink, number in _PARTS:
        found = [number(counts) for _, counts in rows]
        widths = [count / counts.total for count, (_, counts) in zip(found, rows, strict=True)]
        bars = axes.barh(
            range(len(rows)), widths, left=starts, color=colour, height=0.72, label=label
        )
        texts = [f"{count}" if count else "" for count in found]
        axes.bar_label(bars, texts, label_type="center", color=ink, fontsize=11)
        starts = [start + width for start, width in zip(starts, widths, strict=True)]
    axes.set_yticks(range(len(rows)), names)
    axes.set_xlim(0, 1)
    axes.xaxis.set_visible(False)
    axes.spines[["bottom", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.set_title("What is answered, by kind of question")
    axes.legend(loc="upper center", bbox_to_anchor=(0.4, 0), ncols=4, frameon=False, fontsize=11)


def _kind_rows(figures: Figures) -> list[tuple[str, ReplyCounts]]:
    """The replies to the answerable questions of each kind, and to all unanswerable ones."""
    chosen = sorted(figures.kinds, key=lambda one: -one.questions)[:MOST_KINDS]
    rows = [
        (" ".join(one.kind.split())[:30], one.answerable_replies)
        for one in figures.kinds
        if one in chosen and one.answerable
    ]
    rest = sum_of([one.unanswerable_replies for one in figures.kinds])
    return [*rows, ("unanswerable", rest)] if rest.total else rows


def _label(
    axes: Axes,
    text: str,
    place: tuple[float, float],
    above: float,
    *,
    side: Literal["left", "center", "right"] = "center",
    color: str = INK,
) -> None:
    """Write text `above` points above a place, with a white outline to stand out from lines."""
    from matplotlib.patheffects import withStroke  # noqa: PLC0415

    axes.annotate(
        text,
        place,
        (0, above),
        textcoords="offset points",
        ha=side,
        va="bottom" if above > 0 else "top",
        color=color,
        path_effects=[withStroke(linewidth=4, foreground="white")],
        zorder=4,
    )
