"""Writes the names of months and weekdays by which dates are recognised.

    python -m training.date_names

Babel has the names from CLDR (Unicode License v3). It needs a tenth of a second to load them for
all languages, and each parser process would wait for it. Reading the file takes a millisecond. Run
this again after an update of Babel: a test compares the file with it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from babel import Locale

OUT = Path(__file__).parents[1] / "src/pullquote/base/dates/date_names.json"

LANGUAGES = "en es fr de it pt nl sv da nb pl cs ru uk tr ro id el hu fi ar ar_LB fa he hi".split()
"""Croatian is left out: its October, "listopada", means November in Ukrainian and Polish."""
ABBREVIATING = "en en_GB es fr de it pt nl sv ru".split()
"""Languages in which newspapers abbreviate the names of months."""
WEEKDAY_LANGUAGES = "es fr de it pt nl sv da nb pl ru uk tr ar".split()
OTHER_WEEKDAYS = "sonnabend п’ятниця الإثنين".split()
"""Spellings that are missing from CLDR."""


def month_names(languages: list[str], width: str) -> Iterator[tuple[str, int]]:
    """The names, both as used in dates and as used alone, with the number of the month."""
    for language in languages:
        for forms in Locale.parse(language).months.values():
            for number, name in forms[width].items():
                yield name.lower().removesuffix("."), number


def weekday_names(languages: list[str]) -> Iterator[str]:
    """The names of weekdays, in lower case."""
    for language in languages:
        for forms in Locale.parse(language).days.values():
            yield from (name.lower() for name in forms["wide"].values())


def date_names() -> dict[str, object]:
    """The content of the file: the number of each month by its name, and weekdays."""
    months = [*month_names(LANGUAGES, "wide"), *month_names(ABBREVIATING, "abbreviated")]
    weekdays = [*weekday_names(WEEKDAY_LANGUAGES), *OTHER_WEEKDAYS]
    return {"months": dict(months), "weekdays": list(dict.fromkeys(weekdays))}


def main() -> None:
    """Write the file."""
    text = json.dumps(date_names(), ensure_ascii=False, indent=1)
    OUT.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
