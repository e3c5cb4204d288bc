"""Figures for questions over running stories, by kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pullquote.evaluate.asked_question import AskedQuestion
from pullquote.evaluate.by_kind import NO_KIND
from pullquote.evaluate.compare import is_right, token_f1
from pullquote.evaluate.gold import GoldValue, StoryGold
from pullquote.evaluate.measures import mean
from pullquote.evaluate.shown_values import is_shown
from pullquote.schema import ReportedValue


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryJudged:
    """How the reply to one question over a story was judged; None where it cannot be.

    `right` is 1 if the first answer is given and accepted, otherwise 0. For a question about how
    something has changed, it is the share of its values that are shown. `values` is that share for
    any question with values. `statuses` says for each of `Reply.values` that articles give whether
    its status is right, and `known` for each of `Reply.values` whether articles give it. `origins`
    says whether the number of independent sources of a right first answer is right.
    """

    right: float
    values: float | None
    statuses: tuple[bool, ...]
    known: tuple[bool, ...]
    origins: bool | None
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
    silent: float


def judged(one: AskedQuestion) -> StoryJudged | None:
    """The judgement of a reply; None if the question is not about a story."""
    gold, reply = one.gold, one.reply
    if gold.story is None:
        return None
    shown = [is_shown(value.wordings, reply) for value in gold.story.values]
    right = reply.best is not None and is_right(reply.best.text, gold.answers)
    matches = [(value, matching(value, gold.story)) for value in reply.values]
    return StoryJudged(
        right=mean(shown) if gold.kind == "change" and shown else float(right),
        values=mean(shown) if shown else None,
        statuses=tuple(value.status == of.status for value, of in matches if of is not None),
        known=tuple(of is not None for _, of in matches),
        origins=(
            reply.best.sources == gold.story.origins
            if right and reply.best is not None and gold.story.origins is not None
            else None
        ),
        silent=reply.best is None,
    )


def matching(value: ReportedValue, gold: StoryGold) -> GoldValue | None:
    """The value of a story that is most like a value of a reply; None if none is like it."""
    alike = [one for one in gold.values if is_right(value.text, one.wordings)]
    return max(alike, key=lambda one: token_f1(value.text, one.wordings), default=None)


def story_figures(asked: Sequence[AskedQuestion]) -> tuple[StoryFigures, ...]:
    """The figures of each kind, and of all; empty if no question is about a story."""
    groups: dict[str, list[StoryJudged]] = {}
    for one in sorted(asked, key=lambda each: each.gold.kind or ""):
        if (found := judged(one)) is not None:
            groups.setdefault(one.gold.kind or NO_KIND, []).append(found)
    if not groups:
        return ()
    everything = [one for group in groups.values() for one in group]
    return tuple(_figures(kind, group) for kind, group in [*groups.items(), ("all", everything)])


def _figures(kind: str, group: Sequence[StoryJudged]) -> StoryFigures:
    values = [one.values for one in group if one.values is not None]
    return StoryFigures(
        kind=kind,
        questions=len(group),
        right=mean(one.right for one in group),
        values=mean(values) if values else None,
        statuses=_share([right for one in group for right in one.statuses]),
        known=_share([known for one in group for known in one.known]),
        origins=_share([one.origins for one in group if one.origins is not None]),
        silent=mean(one.silent for one in group),
    )


def _share(cases: Sequence[bool]) -> Share | None:
    return Share(share=mean(cases), of=len(cases)) if cases else None
