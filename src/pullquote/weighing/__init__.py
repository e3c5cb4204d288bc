"""Weighs what articles say: which values they give, which is the latest, and what replaced what."""

from __future__ import annotations

from pullquote.weighing.further import further_hits
from pullquote.weighing.groups import Likely, ValueGroup
from pullquote.weighing.model import WeighingModel
from pullquote.weighing.status import correction_of, statuses

__all__ = [
    "Likely",
    "ValueGroup",
    "WeighingModel",
    "correction_of",
    "further_hits",
    "statuses",
]
