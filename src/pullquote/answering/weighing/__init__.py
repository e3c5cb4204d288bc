"""Weighs what articles say: which values they give, which is the latest, and what replaced what."""

from __future__ import annotations

from pullquote.answering.weighing.elsewhere import (
    Elsewhere,
    add_counterparts,
    add_support,
    further_hits,
)
from pullquote.answering.weighing.groups import Likely, ValueGroup
from pullquote.answering.weighing.relevance import WeighingModel
from pullquote.answering.weighing.reply import WeighedReply
from pullquote.answering.weighing.weigh import Compared, Weighed, compared, is_weighed, weigh

__all__ = [
    "Compared",
    "Elsewhere",
    "Likely",
    "ValueGroup",
    "Weighed",
    "WeighedReply",
    "WeighingModel",
    "add_counterparts",
    "add_support",
    "compared",
    "further_hits",
    "is_weighed",
    "weigh",
]
