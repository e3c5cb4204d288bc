"""Turns spans into answers: merges equal spans, ranks them, cites each, adds a confidence."""

from pullquote.answering.answers.attributed import speaker_of
from pullquote.answering.answers.calibration import (
    Calibration,
    StoredCalibration,
    read_calibration,
    write_calibration,
)
from pullquote.answering.answers.candidates import (
    AnswerFeatures,
    Candidate,
    candidates,
    say_the_same,
)
from pullquote.answering.answers.citing import cite, cite_at
from pullquote.answering.answers.headlines import headlines_of, with_headline
from pullquote.answering.answers.ranking import RankedCandidate, Ranking, ReplyFeatures, answers
from pullquote.answering.answers.selection import Selection, select
from pullquote.english.values.names import normalise

__all__ = [
    "AnswerFeatures",
    "Calibration",
    "Candidate",
    "RankedCandidate",
    "Ranking",
    "ReplyFeatures",
    "Selection",
    "StoredCalibration",
    "answers",
    "candidates",
    "cite",
    "cite_at",
    "headlines_of",
    "normalise",
    "read_calibration",
    "say_the_same",
    "select",
    "speaker_of",
    "with_headline",
    "write_calibration",
]
