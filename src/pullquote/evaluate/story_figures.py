"""Figures for questions over running stories, by kind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pullquote.answering.reply_labels import CONFIDENCE_LEVELS, likelihood_of
from pullquote.evaluate.asked_question import AskedQuestion
from pullquote.evaluate.by_kind import by_kind
from pullquote.evaluate.gold import GoldValue, StoryGold
from pullquote.evaluate.measures import mean, mean_if_any, token_f1
from pullquote.evaluate.scoring import is_shown, is_value, shown_values
from pullquote.schema import Citation, ReportedValue, ValueStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryJudged:
    """How the reply to one question over a story was judged; None where it cannot be.

    `right` is 1 if the first answer is given and accepted, otherwise 0. For a question about how
    something has changed, it is the share of its values that are shown. `values` is that share for
    any question with values. `statuses` says for each of `Reply.values` that articles give whether
    its status is right; a value that is only reported has none, and is left out. `known` says for
    each of `Reply.values` whether articles give it. `origins` says whether the number of
    independent sources of a right first answer is right, and `speaker` and `manner` whether its
    first citation has the right ones, or none if the paper says it itself.
    """

    right: float
    values: float | None
    statuses: tuple[bool, ...]
    known: tuple[bool, ...]
    origins: bool | None
    speaker: bool | None
    manner: bool | None
    silent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A share, 0 to 1, of a number of cases."""

    share: float
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryFigures:
    """The means of `StoryJudged` for one kind; None where nothing could be judged."""

    kind: str
    questions: int
    right: float
    values: float | None
    statuses: Share | None
    known: Share | None
    origins: Share | None
    speaker: Share | None
    manner: Share | None
    silent: float


def judged(one: AskedQuestion) -> StoryJudged | None:
    """The judgement of a reply; None if the question is not about a story."""
    gold, reply = one.gold, one.reply
    if gold.story is None:
        return None
    shown = [is_shown(value.wordings, reply) for value in gold.story.values]
    right = reply.best is not None and is_value(reply.best.text, gold.answers)
    cited = reply.best.citations[0] if right and reply.best and gold.kind != "change" else None
    matches = [(value, matching(value, gold.story)) for value in reply.values]
    return StoryJudged(
        right=mean(shown) if gold.kind == "change" and shown else float(right),
        values=mean_if_any(shown),
        statuses=tuple(
            value.status == of.status
            for value, of in matches
            if of is not None and value.status is not ValueStatus.REPORTED
        ),
        known=tuple(of is not None for _, of in matches),
        origins=(
            reply.best.sources == gold.story.origins
            if right and reply.best is not None and gold.story.origins is not None
            else None
        ),
        speaker=None if cited is None else _same_speaker(cited, gold.story.speaker),
        manner=None if cited is None else cited.manner == gold.story.manner,
        silent=reply.best is None,
    )


def matching(value: ReportedValue, gold: StoryGold) -> GoldValue | None:
    """The value of a story that is most like a value of a reply; None if none is like it."""
    alike = [one for one in gold.values if is_value(value.text, one.wordings)]
    return max(alike, key=lambda one: token_f1(value.text, one.wordings), default=None)


def _same_speaker(cited: Citation, wanted: str | None) -> bool:
    """Whether a citation has the right speaker: by the last word, or by a name within the other."""
    if cited.speaker is None or wanted is None:
        return cited.speaker is None and wanted is None
    names = (cited.speaker.name, cited.speaker.canonical or "")
    return any(_same_name(name.casefold(), wanted.casefold()) for name in names)


def _same_name(name: str, wanted: str) -> bool:
    words, right = re.findall(r"\w+", name), re.findall(r"\w+", wanted)
    return bool(words) and (words[-1:] == right[-1:] or wanted in name or name in wanted)


def story_figures(asked: Sequence[AskedQuestion]) -> tuple[StoryFigures, ...]:
    """The figures of each kind, and of all; empty if no question is about a story."""
    groups = [
        (kind, [one for one in map(judged, group) if one is not None])
        for kind, group in by_kind(asked, alphabetical=True).items()
    ]
    everything = [one for _, group in groups for one in group]
    return tuple(_figures(kind, group) for kind, group in [*groups, ("all", everything)] if group)


def _figures(kind: str, group: Sequence[StoryJudged]) -> StoryFigures:
    return StoryFigures(
        kind=kind,
        questions=len(group),
        right=mean(one.right for one in group),
        values=mean_if_any(one.values for one in group if one.values is not None),
        statuses=_share([right for one in group for right in one.statuses]),
        known=_share([known for one in group for known in one.known]),
        origins=_share([one.origins for one in group if one.origins is not None]),
        speaker=_share([one.speaker for one in group if one.speaker is not None]),
        manner=_share([one.manner for one in group if one.manner is not None]),
        silent=mean(one.silent for one in group),
    )


def _share(cases: Sequence[bool]) -> Share | None:
    return Share(share=mean(cases), of=len(cases)) if cases else None


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
    groups = [*by_kind(known, alphabetical=True).items(), ("all", known)]
    return tuple(_conflict_figures_of(kind, group) for kind, group in groups if group)


def _conflict_figures_of(kind: str, asked: Sequence[AskedQuestion]) -> ConflictFigures:
    shares = [mean(is_shown(item, one.reply) for item in one.gold.items) for one in asked]
    wrong = [any(_is_wrong(text, one) for text in shown_values(one.reply)) for one in asked]
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


def _right_in_first(one: AskedQuestion) -> float:
    best = one.reply.best
    return mean(best is not None and is_value(best.text, item) for item in one.gold.items)


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
