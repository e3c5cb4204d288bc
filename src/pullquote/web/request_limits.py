"""The limits of one request, except its size, which the setting `body_bytes` limits.

The limits are checked while a request is parsed, before any other work. The largest request that
they allow takes less than a second, except that a draft may take longer: one is checked at a time.
`tests/web/test_request_limits.py` sends the largest request to every endpoint and event.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

from pullquote.schema import Filters
from pullquote.schema.errors import SettingsError

MAX_QUESTION_CHARS = 10_000
"""Characters of a question, typed or edited. The setting `question_chars` may allow fewer."""

MAX_NAMES = 40
"""Names in one filter, such as sources. With 40, the largest conversation is read and shown within
a second of work (tests/web/test_request_limits.py)."""

MAX_NAME_CHARS = 500
"""Characters of one such name."""

MAX_SWITCHED = 200
"""Filters of one question that a person may have switched on or off."""

MAX_CHIP_CHARS = MAX_NAME_CHARS + 20
"""Characters of the id of a filter: the name of its field and its own name."""

MAX_PASSAGES_READ = 50
"""Passages that are read for one question, unless the setting `hits` is larger.

Reading one takes 11 ms, so fifty take half a second. `retrieve` reads none,
and returns up to 1,000 passages."""

MAX_TURNS = 50
"""Turns of a conversation that the page shows and the browser stores."""

MAX_CITATIONS = 1000
"""Citations in one conversation; each is looked up in the index before it is shown."""

MAX_VERIFIED = 2000
"""Citations of a file that the page verifies, twice those of the largest conversation. Finding one
whose article was edited takes some 10 ms."""

MAX_VALUES = 100
"""Values of one reply; a reply to a question has at most as many as passages were read."""

MAX_DRAFT_CHARS = 100_000
"""Characters of a draft whose quotations are checked: some 16,000 words. Who speaks in a hostile
text of this size is found in 15 s of work, and in a real one in 0.6 s."""

MAX_QUOTATIONS = 200
"""Quotations of such a draft, five times those of a long news feature. One of 200 characters that
no article has takes up to 0.08 s over 2,225 articles, so all take at most 16 s."""

MAX_QUOTED_CHARS = 40_000
"""Characters of all its quotations; the time to align one grows with its length."""

MAX_DRAFT_BYTES = 10 << 20
"""Bytes of the file of a draft, with its pictures."""

MAX_ID_CHARS = 10_000
"""Characters of the id of an article: a path, perhaps with "#" and an address."""

MAX_KEY_CHARS = 64
"""Characters of the key of a turn, which is the time of its question."""

MAX_NARROWING_CHARS = 500_000
"""Characters of the part of a link that narrows a question: all its filters, percent-encoded."""

MAX_OFFSET = 1 << 53
"""The largest offset of a character; larger numbers are not exact in JavaScript."""

MAX_PAGE = 1_000_000
"""The largest page number of the list of articles; larger numbers are reduced to it."""


def check_name_count(given: object) -> object:
    """The value of a filter; a list of too many names is refused.

    It runs before the validators that check each item, because 300,000 wrong items would cause
    300,000 messages.

    Raises:
        ValueError: the list has more than `MAX_NAMES` names.
    """
    if isinstance(given, list) and len(given) > MAX_NAMES:
        raise ValueError(f"at most {MAX_NAMES} names are allowed, not {len(given):,}")
    return given


def check_filters(filters: Filters) -> None:
    """Check that no filter of a question has too many names, or a name that is too long.

    Raises:
        SettingsError: a filter has too many names, or one that is too long.
    """
    for field in (one.name for one in fields(Filters)):
        names = getattr(filters, field)
        if not isinstance(names, tuple):
            continue
        if len(names) > MAX_NAMES:
            raise SettingsError(
                f"You chose {len(names):,} {_several(field)}; the limit is {MAX_NAMES}. "
                "Remove some."
            )
        if any(len(name) > MAX_NAME_CHARS for name in names):
            longest = max(map(len, names))
            raise SettingsError(
                f"A name under {_several(field)} is too long: {longest:,} characters; the limit is "
                f"{MAX_NAME_CHARS}. Shorten it."
            )


def _several(field: str) -> str:
    """The names of a filter in the words of the page."""
    return "sources to leave out" if field == "not_sources" else field


def check_switched(switched: Sequence[str]) -> None:
    """Check that no more than `MAX_SWITCHED` filters of a question are switched.

    Raises:
        SettingsError: more filters are switched.
    """
    if len(switched) > MAX_SWITCHED:
        raise SettingsError(
            f"At most {MAX_SWITCHED} filters of a question can be switched on or off, not "
            f"{len(switched):,}. Type the question again."
        )


def check_passages_read(k: int | None, *, hits: int) -> None:
    """Check the number of passages to read for a question; `hits` is the setting.

    Raises:
        SettingsError: `k` is more than `MAX_PASSAGES_READ` and `hits`.
    """
    most = max(MAX_PASSAGES_READ, hits)
    if k is not None and k > most:
        raise SettingsError(
            f"k is {k}, but at most {most} passages are read for one question. If you need "
            "only passages, call retrieve or search, which return more."
        )


def check_question(question: str) -> None:
    """Check that a question is not longer than any server may accept.

    Raises:
        SettingsError: the question has more than `MAX_QUESTION_CHARS` characters.
    """
    if len(question) > MAX_QUESTION_CHARS:
        raise SettingsError(
            f"The question has {len(question):,} characters; at most {MAX_QUESTION_CHARS:,} are "
            "allowed. Ask a shorter one."
        )
