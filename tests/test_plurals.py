"""Numbers in sentences: counted nouns agree with their verbs, and sizes have one unit."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import pullquote
from pullquote.base.console import say
from pullquote.base.plurals import counted, counted_verb
from pullquote.cli.speakers import print_audit
from pullquote.newsroom.watchlist.models import WatchReport
from pullquote.newsroom.watchlist.wording import summary
from pullquote.schema.file_limits import MEGABYTE, megabytes
from pullquote.schema.speakers import ClaimCounts, CorpusAudit

SOURCES = Path(pullquote.__file__).parent
COUNTED = re.compile(
    r"counted\([^()]*(?:\([^()]*\))?[^()]*\)\s*\}+\"?\s*f?\"?\s*(?:\{[^}]*\}\s*)?"
    r"(?:were|was|are|is|have|has|do|does|their|its|them|report|need)\b"
)
"""A counted noun before a verb that does not agree with each number; "counted_verb" chooses it."""
BARE = re.compile(
    r"\{(?:len\([\w.]+\)|[\w.]+\.?(?:count|number|total)|counts?|failed)(?::,)?\} "
    r"(?:file|article|question|quote|change|citation|passage|word|source|claim)s\b"
)
"""A number before a noun that is always plural."""
MORE = ("at most", "more than", "too many", "Check them one by one", "changes in the answers")
"""Words of sentences that are said only of several things."""
SIZE = re.compile(r">> 20|/ *1e6|/ *\(?1 << 20|1_000_000[^\n]*MB|\} MB\b")
"""A size that is computed beside `megabytes`; the browser itself counts what it has stored."""


def lines() -> Iterator[tuple[str, str]]:
    """Each line of code and of the pages' templates and scripts, with its file and number."""
    for path in sorted(SOURCES.rglob("*")):
        if path.suffix in (".py", ".html", ".js"):
            text = path.read_text(encoding="utf-8")
            for number, line in enumerate(text.splitlines(), 1):
                yield f"{path.relative_to(SOURCES)}:{number}", line


def test_a_counted_noun_has_no_verb_that_fits_only_some_numbers() -> None:
    """No page, command or message says "1 question were"."""
    found = [(at, line.strip()) for at, line in lines() if COUNTED.search(line)]
    assert [one for one in found if " and {counted(" not in one[1]] == []


def test_numbers_of_things_are_counted() -> None:
    """No message has a number before a noun that is plural whatever the number."""
    found = [(at, line.strip()) for at, line in lines() if BARE.search(line)]
    assert [one for one in found if not any(words in one[1] for words in MORE)] == []


def test_sizes_are_computed_in_one_place() -> None:
    """Only `megabytes` turns bytes into words, so one limit reads the same everywhere."""
    found = [(at, line.strip()) for at, line in lines() if SIZE.search(line)]
    homes = ("schema/file_limits.py", "web/static/conversation_list.js")
    assert [one for one in found if not one[0].startswith(homes)] == []


@pytest.mark.parametrize(
    ("noun", "many"), [("file", "files"), ("entry", "entries"), ("day", "days"), ("box", "boxes")]
)
def test_nouns_are_counted(noun: str, many: str) -> None:
    """None, one and several."""
    assert [counted(number, noun) for number in (0, 1, 2_000)] == [
        f"0 {many}",
        f"1 {noun}",
        f"2,000 {many}",
    ]


def test_verbs_agree_with_counted_nouns() -> None:
    """None, one and several."""
    assert [counted_verb(number, "file", "was", "were") for number in range(3)] == [
        "0 files were",
        "1 file was",
        "2 files were",
    ]


def _watched(number: int) -> None:
    unchanged = {"asked": 0, "unchanged": number, "passages_read": 0, "passages_reused": 0}
    say(summary(WatchReport(changes=(), quiet=(), generation="g", seconds=0.0, **unchanged)))


def _audited(number: int) -> None:
    counts = ClaimCounts(claims=number, direct=number, words=number)
    numbers = dict.fromkeys(("articles", "quoting", "unread", "speakers"), number)
    print_audit(CorpusAudit(counts=counts, papers=(), **numbers))


@pytest.mark.parametrize("tell", [_watched, _audited])
@pytest.mark.parametrize("number", [0, 1, 2])
def test_sentences_fit_their_numbers(
    tell: Callable[[int], None], number: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """A singular noun has a singular verb, and only after 1."""
    tell(number)
    printed = capsys.readouterr().out
    wrong = r"\b1 \w+ (?:were|are|have)\b|\b1 (?:report|\w+s) |\b[02] \w+ (?:was|is|has)\b"
    assert re.findall(wrong, printed.replace("1 reports claims", "")) == []


def test_sizes_are_named_in_megabytes_of_one_kind() -> None:
    """The limits are powers of two, so a megabyte has 2^20 bytes; no size is rounded up."""
    sizes = (999_999, MEGABYTE, 2 * MEGABYTE - 1, 64 << 20, 1_234 * MEGABYTE)
    assert [megabytes(size) for size in sizes] == [
        "999,999 bytes",
        "1 MB",
        "1.9 MB",
        "64 MB",
        "1,234 MB",
    ]
