"""Sentences that people read in several places: pages, terminal, notebooks, files and mails.

Templates have them as `words`. Words that are made from an answer or from a reply are made in
`schema.answer` and `answering.reply_labels`.
"""

from __future__ import annotations

from typing import Final

NO_ANSWER: Final = "No answer found."
"""What stands in place of an answer if nothing was found."""

CLOSEST: Final = "The closest passages:"
"""The line above the passages that are shown if nothing was found."""

NOTHING_CLOSE: Final = "Nothing close to this question was found. Try other words or fewer filters."
"""What follows if there are no such passages either."""

NOTHING_FOUND: Final = "nothing found"
"""The same in a list of questions or in a cell of a grid."""

GRID_CAUTION: Final = (
    "A possible answer may be wrong: check it in its article. Silence says that pullquote found no "
    "answer there, and not that there is none."
)

STRUCK: Final = "The words that are struck out were corrected."

ASKED_BY_NEWER: Final = "This question was asked with a newer version of pullquote."

ASKED_BY_ITSELF: Final = "Your question will be asked by itself as soon as there is an index."

GIVEN_UP: Final = "It took too long and was stopped."

WITH_COMMENTS: Final = "with reader comments"
"""The filter that also searches reader comments."""

BEING_READ: Final = "The articles are being read to find who says what."

NOT_ENGLISH: Final = "The article is not in English, so it was not read."

NO_STANDING_QUESTIONS: Final = (
    'No standing questions. Add one with: pullquote watchlist add "QUESTION"'
)
