"""The names of the files that lie beside the generations of an index.

A rebuild replaces none of them. A backup has those that cannot be made again from the articles.
"""

from __future__ import annotations

from pathlib import Path

from pullquote.index.interfaces import Index
from pullquote.schema.settings import Settings

CALIBRATION = "calibration.json"
"""The calibration of confidence that was fitted for this index."""

ATTRIBUTIONS = "attributions.db"
"""Who says what in the articles. It can be made again."""

STANDING_QUESTIONS = "watchlist.txt"
"""The standing questions, which people may edit."""

STANDING_REPLIES = "watchlist.json"
"""What was reported last for each standing question."""


def standing_questions_folder(settings: Settings, index: Index) -> Path:
    """The folder of the standing questions: the one in the settings, or else that of the index."""
    return index.local_folder if settings.watchlist is None else settings.watchlist
