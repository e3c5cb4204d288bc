"""The two regressions that weigh what articles say."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

from pullquote.answering.answers.calibration import logistic
from pullquote.answering.weighing.choice import chances
from pullquote.answering.weighing.groups import Likely, ValueGroup, grouped
from pullquote.answering.weighing.relevance import with_features
from pullquote.answering.weighing.statement import statements_of
from pullquote.base.regression import Weights
from pullquote.schema import Question, Span, TimeAsked


class WeighingModel(BaseModel):
    """The weights for statements and for values, fitted by training/weighing.py."""

    model_config = ConfigDict(frozen=True)

    statements: Weights
    values: Weights

    @classmethod
    def packaged(cls) -> WeighingModel:
        """The weights that ship with pullquote."""
        stored = files("pullquote") / "base" / "models" / "weighing.json"
        return cls.model_validate_json(stored.read_text(encoding="utf-8"))

    def groups(self, question: Question, spans: Sequence[Span]) -> list[ValueGroup]:
        """The values that articles give, in order of time."""
        mentions_count = question.time is TimeAsked.FIRST
        featured = with_features(
            question, list(statements_of(spans)), mentions_count=mentions_count
        )
        likely = [
            Likely(statement, logistic(self.statements.logit(features)))
            for statement, features in featured
        ]
        return grouped(likely, mentions_count=mentions_count)

    def chances(self, groups: Sequence[ValueGroup], time: TimeAsked) -> list[float]:
        """The probability, 0 to 1, of each value to be the one that the question asks for."""
        return chances(self.values, groups, time)
