"""Weighs what articles say: which values they give, which is the latest, and what replaced what."""

from __future__ import annotations

from pullquote.weighing.elsewhere import Elsewhere, add_counterparts, add_support
from pullquote.weighing.further import further_hits
from pullquote.weighing.groups import Likely, ValueGroup
from pullquote.weighing.model import WeighingModel
from pullquote.weighing.reply import WeighedReply
from pullquote.weighing.weigh import Weighed, is_weighed, weigh

__all__ = [
    "Elsewhere",
    "Likely",
    "ValueGroup",
    "Weighed",
    "WeighedReply",
    "WeighingModel",
    "add_counterparts",
    "add_support",
    "further_hits",
    "is_weighed",
    "weigh",
]
