"""The limits of what one request may ask for, all in one place.

They are checked while a request is parsed, before any work is done with it. The work that the
largest request causes stays under a second: `tests/web/test_limits.py` sends it to every endpoint
and event. The size of a whole request is the setting `body_bytes`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

from pullquote.errors import SettingsError
from pullquote.schema import Filters

MAX_QUESTION_CHARS = 10_000
"""Characters of a question, typed or edited. The setting `question_chars` may allow fewer."""

MAX_NAMES = 100
"""Names in one filter: sources, sections, languages, kinds, roles."""

MAX_NAME_CHARS = 500
"""Characters of one such name."""

MAX_SWITCHED = 200
"""Filters of one question that were switched on or off."""

MAX_CHIP_CHARS = MAX_NAME_CHARS + 20
"""Characters of the id of a filter: its name behind the name of its kind."""

MAX_PASSAGES_READ = 50
"""Passages that one question may have read, unless the setting `hits` is larger: reading one takes
11 ms, so fifty take half a second. `retrieve` returns up to 1,000 without reading them."""

MAX_TURNS = 50
"""Turns of a conversation that the page shows and the browser keeps."""

MAX_CITATIONS = 1000
"""Citations in one conversation; each is looked up in the index before it is shown."""

MAX_ID_CHARS = 10_000
"""Characters of the id of an article: a path, and behind "#" perhaps an address."""

MAX_KEY_CHARS = 64
"""Characters of the key of a turn: the moment in which it was asked."""

MAX_NARROWING_CHARS = 500_000
"""Characters of the part of a link that narrows a question: all its filters, percent-encoded."""

MAX_OFFSET = 1 << 53
"""The largest number of a character; larger ones are not exact in JavaScript."""

MAX_PAGE = 1_000_000
"""The largest number of a page of the list of articles; larger ones mean this one."""


def check_name_count(given: object) -> object:
    """What was given for a filter, unless it is a list that is not short.

    For lists that are checked item by item: 300,000 wrong items are 300,000 messages.

    Raises:
        ValueError: it holds more names than a filter may.
    """
    if isinstance(given, list) and len(given) > MAX_NAMES:
        raise ValueError(f"at most {MAX_NAMES} names are taken, not {len(given):,}")
    return given


def check_filters(filters: Filters) -> None:
    """Check that a question is narrowed by no more than it may be.

    Raises:
        SettingsError: one filter holds too many names, or too long a name.
    """
    for field in (one.name for one in fields(Filters)):
        names = getattr(filters, field)
        if not isinstance(names, tuple):
            continue
        if len(names) > MAX_NAMES:
            raise SettingsError(
                f"A question can be narrowed to {MAX_NAMES} {field}; this one names {len(names):,}."
                " Take some away."
            )
        if any(len(name) > MAX_NAME_CHARS for name in names):
            longest = max(map(len, names))
            raise SettingsError(
                f"A name in {field} has at most {MAX_NAME_CHARS} characters; one here has "
                f"{longest:,}."
            )


def check_switched(switched: Sequence[str]) -> None:
    """Check that no more filters of a question were switched than may be.

    Raises:
        SettingsError: there are more.
    """
    if len(switched) > MAX_SWITCHED:
        raise SettingsError(
            f"{MAX_SWITCHED} filters of a question can be switched; here it is {len(switched):,}. "
            "Ask the question anew."
        )


def check_passages_read(k: int | None, *, hits: int) -> None:
    """Check that a question has no more passages read than it may; `hits` is the setting.

    Raises:
        SettingsError: it asks for more.
    """
    most = max(MAX_PASSAGES_READ, hits)
    if k is not None and k > most:
        raise SettingsError(
            f"k: {k} passages cannot be read for one question; at most {most} are. To see more "
            "without having them read, call retrieve."
        )


def check_question(question: str) -> None:
    """Check that a question is not longer than any server takes.

    Raises:
        SettingsError: it is.
    """
    if len(question) > MAX_QUESTION_CHARS:
        raise SettingsError(
            f"The question has {len(question):,} characters; at most {MAX_QUESTION_CHARS:,} are "
            "taken. Ask a shorter one."
        )
