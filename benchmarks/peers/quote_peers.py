"""Other ways to check and to find quotations, for `benchmarks.quotes` and `benchmarks.moved`.

Scripts for checking quotations search for the words as they are, or take the article with the best
`partial_ratio` of rapidfuzz, if that is high enough. Annotations are placed again with
diff-match-patch (`pip install diff-match-patch`), or like in the client of Hypothesis with
approx-string-match, for which `quote_places.mjs` needs Node and `npm install approx-string-match`.
"""

from __future__ import annotations

import importlib
import json
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz, process, utils

Found = tuple[str | None, bool]
"""The best article for a quotation, and whether it counts as an exact quotation."""
Place = tuple[int, int] | None

SCRIPT = Path(__file__).with_name("quote_places.mjs")
_PATTERN = 32
"""Characters of a pattern that diff-match-patch looks for."""


def _plain(text: str) -> str:
    return " ".join(text.split()).lower()


def plain_search(texts: Mapping[str, str]) -> Callable[[str], Found]:
    """The words as they are, but for white space and case."""
    plain = {id: _plain(text) for id, text in texts.items()}

    def find(quote: str) -> Found:
        words = _plain(quote)
        id = next((id for id, text in plain.items() if words in text), None)
        return id, id is not None

    return find


def best_ratio(texts: Mapping[str, str], *, least: float) -> Callable[[str], Found]:
    """The article with the best `partial_ratio`, without case and marks, if it is high enough."""
    plain = {id: utils.default_process(text) for id, text in texts.items()}

    def find(quote: str) -> Found:
        words = utils.default_process(quote)
        found = process.extractOne(words, plain, scorer=fuzz.partial_ratio, score_cutoff=60)
        return (None, False) if found is None else (found[2], found[1] >= least)

    return find


def patch_places(cases: Sequence[Mapping[str, Any]]) -> list[Place]:
    """The places that diff-match-patch finds, by the first and the last characters."""
    matcher = importlib.import_module("diff_match_patch").diff_match_patch()
    found = list[Place]()
    for case in cases:
        text, quote = case["text"], case["quote"]
        matcher.Match_Distance = 2 * len(text)
        first = matcher.match_main(text, quote[:_PATTERN], case["start"])
        if first < 0:
            found.append(None)
            continue
        tail = quote[-_PATTERN:]
        last = matcher.match_main(text, tail, first + len(quote) - len(tail))
        found.append((first, last + len(tail)) if last >= first else None)
    return found


def anchored_places(cases: Sequence[Mapping[str, Any]], modules: Path) -> list[Place]:
    """The places that the rules of Hypothesis's client choose; `modules` has the npm package."""
    node = shutil.which("node")
    if node is None:
        raise FileNotFoundError("node")
    done = subprocess.run(
        [node, str(SCRIPT), str(modules.resolve())],
        input="\n".join(map(json.dumps, cases)),
        capture_output=True,
        text=True,
        check=True,
    )
    places = [json.loads(line) for line in done.stdout.splitlines()]
    return [None if one is None else (one[0], one[1]) for one in places]


def is_near(found: Place, expected: Place, text: str) -> bool:
    """Whether a place is the right one, but for white space and marks at its ends."""
    if found is None or expected is None:
        return found == expected
    low, high = min(found[0], expected[0]), max(found[0], expected[0])
    ends = sorted((found[1], expected[1]))
    return not re.search(r"\w", text[low:high]) and not re.search(r"\w", text[ends[0] : ends[1]])
