"""Figures for questions about documents that agree, differ or are wrong, as in RAMDocs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pullquote.answering.reply_labels import CONFIDENCE_LEVELS, likelihood_of
from pullquote.evaluate.asked_question import AskedQuestion
from pullquote.evaluate.by_kind import NO_KIND
from pullquote.evaluate.measures import mean
from pullquote.evaluate.shown_values import is_shown, is_value, shown_values


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictFigures:
    """The figures of questions of one kind; shares are 0 to 1.

    `right_shown` is the mean share of the right answers that are among the values shown, and
    `right_in_first` the share that the first answer alone shows. `all_right` is the share of
    questions with all right answers shown, and `all_and_no_wrong` the share without a wrong one
    beside them. `silent` is the share for which nothing was found.

    The other figures are counts. `with_wrong` are the questions about wrong documents. Of these,
    `wrong_shown` show a wrong answer, and `wrong_first` give it first. `misled` also call it by the
    highest word for confidence, and show no other value.
    """

    kind: str
    questions: int
    right_shown: float
    right_in_first: float
    all_right: float
    all_and_no_wrong: float
    with_wrong: int
    wrong_shown: int
    wrong_first: int
    misled: int
    silent: float


def conflict_figures(asked: Sequence[AskedQuestion]) -> tuple[ConflictFigures, ...]:
    """The figures of each kind and of all; empty if no question knows of wrong answers."""
    known = [one for one in asked if one.gold.wrong_answers is not None]
    if not known:
        return ()
    groups: dict[str, list[AskedQuestion]] = {}
    for one in sorted(known, key=lambda each: each.gold.kind or ""):
        groups.setdefault(one.gold.kind or NO_KIND, []).append(one)
    return tuple(_figures(kind, group) for kind, group in [*groups.items(), ("all", known)])


def _figures(kind: str, asked: Sequence[AskedQuestion]) -> ConflictFigures:
    shares = [_right_shown(one) for one in asked]
    wrong = [bool(_wrong(one)) for one in asked]
    return ConflictFigures(
        kind=kind,
        questions=len(asked),
        right_shown=mean(shares),
        right_in_first=mean(_right_in_first(one) for one in asked),
        all_right=mean(share == 1 for share in shares),
        all_and_no_wrong=mean(s == 1 and not w for s, w in zip(shares, wrong, strict=True)),
        with_wrong=sum(bool(one.gold.wrong_answers) for one in asked),
        wrong_shown=sum(wrong),
        wrong_first=sum(_is_first_wrong(one) for one in asked),
        misled=sum(_is_misled(one) for one in asked),
        silent=mean(not one.answered for one in asked),
    )


def _right_shown(one: AskedQuestion) -> float:
    return mean(is_shown(item, one.reply) for item in one.gold.items)


def _right_in_first(one: AskedQuestion) -> float:
    best = one.reply.best
    return mean(best is not None and is_value(best.text, item) for item in one.gold.items)


def _wrong(one: AskedQuestion) -> list[str]:
    """The wrong answers among the values shown."""
    return [text for text in shown_values(one.reply) if _is_wrong(text, one)]


def _is_wrong(text: str, one: AskedQuestion) -> bool:
    return is_value(text, one.gold.wrong_answers or ()) and not is_value(text, one.gold.answers)


def _is_first_wrong(one: AskedQuestion) -> bool:
    return one.reply.best is not None and _is_wrong(one.reply.best.text, one)


def _is_misled(one: AskedQuestion) -> bool:
    """Whether a wrong answer stands first, alone, and with the highest word for confidence."""
    sure = bool(one.reply.answers) and likelihood_of(one.reply.answers[0], one.reply) == (
        CONFIDENCE_LEVELS[0].word
    )
    alone = len(shown_values(one.reply)) == 1
    return sure and alone and _is_first_wrong(one)
