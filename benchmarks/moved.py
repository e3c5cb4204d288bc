"""How many quotations are found again after their article was edited, and how many wrongly.

    python -m benchmarks.moved [../shared/data/quotes/moved-dev.jsonl] [--history REPOSITORY]

The first data set has quotations whose articles were edited, with the right place or none. For
`--history`, quotations are cut at random from the prose files of a git repository, and looked for
in later versions. There, the right place is the one to which difflib maps the words. Where difflib
sees them as deleted, the right place is the only one that has the words, if that was so before
too; other such cases are not counted.
"""

from __future__ import annotations

import argparse
import difflib
import json
import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.peers.quote_peers import anchored_places, is_near, patch_places
from pullquote.newsroom.relocation import relocate

WIDTHS = (32, 64, 200, 1_000_000)
"""Characters of context on each side."""
PAIRS, QUOTES = 150, 10
LONGEST_FILE = 60_000
"""In characters; difflib takes quadratic time."""


@dataclass(frozen=True)
class Case:
    """A quotation of `old`, and its place in `new`; None if its words are gone."""

    old: str
    new: str
    start: int
    end: int
    expect: tuple[int, int] | None

    @property
    def quote(self) -> str:
        """The quoted words."""
        return self.old[self.start : self.end]


def cases_of(path: Path) -> list[Case]:
    """The cases of a JSON Lines file."""
    rows = map(json.loads, path.read_text("utf-8").splitlines())
    return [
        Case(
            row["old"],
            row["new"],
            row["start"],
            row["end"],
            None if row["expect"] is None else (row["expect"][0], row["expect"][1]),
        )
        for row in rows
    ]


def _git(repository: Path, *arguments: str) -> str:
    command = ["git", "-C", str(repository), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _pairs(repository: Path, chance: random.Random) -> Iterator[tuple[str, str]]:
    """Two versions of a prose file, one to twenty commits apart."""
    suffixes = (".md", ".rst", ".txt")
    listed = sorted(filter(None, _git(repository, "ls-files").splitlines()))
    files = [one for one in listed if one.endswith(suffixes)]
    for _ in range(PAIRS * 20):
        file = chance.choice(files)
        commits = _git(repository, "log", "--format=%H", "--", file).split()
        if len(commits) < 2:
            continue
        new = chance.randrange(len(commits) - 1)
        old = min(len(commits) - 1, new + chance.choice((1, 2, 5, 20)))
        texts = [_git(repository, "show", f"{commits[at]}:{file}") for at in (old, new)]
        if texts[0] != texts[1] and 500 < max(map(len, texts)) < LONGEST_FILE:
            yield texts[0], texts[1]


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def history_cases(repository: Path) -> list[Case]:
    """Quotations of 2 to 25 words, half of them near an edit."""
    chance = random.Random(5)
    found: list[Case] = []
    for number, (old, new) in enumerate(_pairs(repository, chance)):
        if number == PAIRS:
            break
        words = [one.span() for one in re.finditer(r"\S+", old)]
        old_words = [old[start:end] for start, end in words]
        new_spans = [one.span() for one in re.finditer(r"\S+", new)]
        new_words = [new[start:end] for start, end in new_spans]
        matcher = difflib.SequenceMatcher(None, old_words, new_words, autojunk=False)
        codes = matcher.get_opcodes()
        mapped = {a + n: b + n for tag, a, z, b, _ in codes if tag == "equal" for n in range(z - a)}
        edits = [a for tag, a, *_ in codes if tag != "equal"]
        for _ in range(QUOTES):
            size = chance.randint(2, 25)
            at = chance.randrange(max(1, len(words) - size))
            if edits and chance.random() < 0.5:
                at = max(0, min(len(words) - size, chance.choice(edits) + chance.randint(-30, 10)))
            last = min(len(words), at + size) - 1
            places = [mapped.get(n) for n in range(at, last + 1)]
            start, end = words[at][0], words[last][1]
            quote = _plain(old[start:end])
            if not quote:
                continue
            expect = None
            if None not in places and places[-1] - places[0] == last - at:  # type: ignore[operator]
                expect = new_spans[places[0]][0], new_spans[places[-1]][1]  # type: ignore[index]
            elif f" {quote} " in f" {_plain(new)} ":
                continue  # moved, or repeated: difflib does not say
            found.append(Case(old, new, start, end, expect))
    return found


def measure(cases: list[Case], *, show: bool) -> None:
    """Print the counts for each width of context."""
    survive = sum(case.expect is not None for case in cases)
    print(f"{len(cases):,} quotations; the words of {survive:,} survive")
    for width in WIDTHS:
        counts: Counter[str] = Counter()
        for case in cases:
            got = relocate(
                case.new,
                quote=case.quote,
                start=case.start,
                before=case.old[max(0, case.start - width) : case.start],
                after=case.old[case.end : case.end + width],
            )
            kind = "right" if got == case.expect else "missed" if got is None else "wrong"
            counts["silent" if got is None and case.expect is None else kind] += 1
            if show and kind != "right":
                there = "" if got is None else case.new[slice(*got)]
                print(f"  {kind} at {width}: {case.quote!r} -> {there!r} {got} {case.expect}")
        share = counts["right"] / max(1, survive)
        name = "all" if width == WIDTHS[-1] else f"{width}"
        print(
            f"context {name:>4}: found {counts['right']:,} ({share:.1%}), missed "
            f"{counts['missed']}, wrong {counts['wrong']}, rightly silent {counts['silent']}"
        )


def measure_peers(cases: list[Case], modules: Path | None) -> None:
    """Print the counts of other tools, with 32 characters of context.

    Marks and white space at the ends of a place do not count.
    """
    width = WIDTHS[0]
    asked = [
        {
            "text": case.new,
            "quote": case.quote,
            "start": case.start,
            "before": case.old[max(0, case.start - width) : case.start],
            "after": case.old[case.end : case.end + width],
        }
        for case in cases
    ]
    tools = {"diff-match-patch": patch_places}
    if modules is not None:
        tools["approx-string-match"] = partial(anchored_places, modules=modules)
    for name, find in tools.items():
        counts: Counter[str] = Counter()
        for case, found in zip(cases, find(asked), strict=True):
            kind = "wrong" if found else "missed"
            if is_near(found, case.expect, case.new):
                kind = "right" if case.expect else "silent"
            counts[kind] += 1
        print(
            f"{name}: found {counts['right']:,}, missed {counts['missed']}, wrong "
            f"{counts['wrong']}, rightly silent {counts['silent']}"
        )


def main() -> None:
    """Measure on the given data."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", nargs="?", type=Path)
    parser.add_argument("--history", type=Path)
    parser.add_argument("--show", action="store_true", help="print what is not found right")
    parser.add_argument("--peers", action="store_true", help="other tools, which must be installed")
    parser.add_argument("--modules", type=Path, help="the folder with node_modules for --peers")
    given = parser.parse_args()
    cases = given.cases or Path("../shared/data/quotes/moved-dev.jsonl")
    if given.peers:
        measure_peers(cases_of(cases), given.modules)
    elif given.history is not None:
        measure(history_cases(given.history), show=given.show)
    elif cases.exists():
        measure(cases_of(cases), show=given.show)
    else:
        sys.exit(f"There is no {cases}; name a file of cases.")


if __name__ == "__main__":
    main()
