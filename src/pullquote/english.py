"""English words and quote marks that several modules need."""

from __future__ import annotations

import re
from datetime import date

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def day_text(day: date) -> str:
    """A day as people write it: 31 May 2023."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def quote_marks(text: str) -> str:
    """The two marks around a text: single ones if it has double ones itself."""
    return "‘’" if re.search('["“”]', text) else "“”"
