"""Measures attribution: which claims of articles are found, with their sources and manners.

`python -m benchmarks.attribution [FILE.jsonl]...` takes files whose lines have `attributions` and
either `text`, or the `id` of an article in `--articles`. By default it measures the packaged
training data.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from time import process_time
from typing import Any

from pullquote.english.attribution import attribute
from pullquote.schema.citation import said_by

TRAINING = Path(__file__).parents[1] / "training"
HALF = 0.5

Ranges = list[tuple[int, int]]
Json = dict[str, Any]


def characters(ranges: Any) -> set[int]:  # noqa: ANN401 - lists from JSON or tuples
    """The positions in some ranges."""
    return {at for start, end in ranges for at in range(start, end)}


def share(one: set[int], other: set[int]) -> float:
    """The common part of two sets, as a share of the larger one."""
    return len(one & other) / max(len(one), len(other), 1)


def same_source(gold: Json, found: Json) -> bool:
    """Whether the source is the same: half of its characters, or none in both."""
    one, other = characters(gold["source"]), characters(found["source"])
    return (not one and not other) or share(one, other) >= HALF


def same_name(gold: str, found: str | None) -> bool:
    """Whether two names are the same, apart from "the", an abbreviation in brackets and case."""

    def plain(name: str) -> str:
        return re.sub(r"^the |\s*\([^)]*\)", "", name.lower()).strip()

    return found is not None and plain(gold) == plain(found)


def is_name(speaker: str | None) -> bool:
    """Whether the gold speaker is a name and no description such as "her lawyer"."""
    words = re.sub(r"^the |\s*\([^)]*\)", "", speaker or "").split()
    return bool(words) and words[0][0].isupper() and words[-1][0].isupper()


def matched(gold: list[Json], found: list[Json]) -> list[tuple[int, int]]:
    """Pairs of equal contents, the most alike first; each is in one pair at most."""
    golds = [characters(one["content"]) for one in gold]
    founds = [characters(one["content"]) for one in found]
    pairs = sorted(
        (
            (-share(a, b), not same_source(gold[i], found[j]), i, j)
            for i, a in enumerate(golds)
            for j, b in enumerate(founds)
            if share(a, b) >= HALF
        ),
    )
    left, right, chosen = set[int](), set[int](), []
    for _, _, i, j in pairs:
        if i not in left and j not in right:
            left.add(i)
            right.add(j)
            chosen.append((i, j))
    return chosen


def examples(path: Path, articles: dict[str, str]) -> Iterator[tuple[str, str, list[Json]]]:
    """The id, the text and the gold attributions of each article of a file."""
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        name = str(row.get("id") or row.get("article"))
        yield name, row["text"] if "text" in row else articles[name], row["attributions"]


def prints_speaker(text: str, found: Json) -> bool:
    """Whether a citation of the claim names a speaker: by name, or in the article's words."""
    source = " ".join(text[low:high] for low, high in found["source"])
    words = said_by(found["manner"], found["speaker"] or source, None)
    return bool(source) and words != said_by(found["manner"], "", None)


def count(text: str, gold: list[Json], found: list[Json], counts: Counter[str]) -> None:
    """Add the figures of one article."""
    pairs = matched(gold, found)
    counts["gold"] += len(gold)
    counts["found"] += len(found)
    counts["right"] += len(pairs)
    direct = [i for i, one in enumerate(gold) if one["direct"]]
    by_gold = dict(pairs)
    counts["direct"] += len(direct)
    counts["direct found"] += sum(i in by_gold for i in direct)
    for i, j in pairs:
        right = same_source(gold[i], found[j])
        counts["source"] += right
        named = prints_speaker(text, found[j])
        counts["printed"] += named
        counts["printed right"] += named and right
        if gold[i]["direct"]:
            counts["direct printed"] += named
            counts["direct printed right"] += named and right
            counts["direct marked"] += found[j]["direct"]
            counts["direct source"] += right
        if "manner" in gold[i]:
            counts["with manner"] += 1
            counts["manner"] += gold[i]["manner"] == found[j]["manner"]
        if is_name(gold[i].get("speaker")):
            counts["named"] += 1
            counts["name"] += same_name(gold[i]["speaker"], found[j]["speaker"])
            if gold[i]["direct"]:
                counts["direct named"] += 1
                counts["direct name"] += same_name(gold[i]["speaker"], found[j]["speaker"])
        elif "speaker" in gold[i]:
            counts["unnamed"] += 1
            counts["no name"] += found[j]["speaker"] is None


def report(name: str, counts: Counter[str], seconds: float, words: int) -> None:
    """Print the figures of a file."""

    def part(one: str, of: str) -> str:
        return f"{counts[one] / counts[of]:.3f} ({counts[one]}/{counts[of]})" if counts[of] else "-"

    f1 = 2 * counts["right"] / max(1, counts["gold"] + counts["found"])
    print(f"{name}: {counts['gold']} attributions, {seconds * 400_000 / words:.2f} ms/400 words")
    print(f"  content F1            {f1:.3f}")
    print(f"  content precision     {part('right', 'found')}")
    print(f"  content recall        {part('right', 'gold')}")
    print(f"  direct recall         {part('direct found', 'direct')}")
    print(f"  direct, marked so     {part('direct marked', 'direct found')}")
    print(f"  source right          {part('source', 'right')}")
    print(f"  source right, direct  {part('direct source', 'direct found')}")
    print(f"  of speakers printed   {part('printed right', 'printed')}")
    print(f"  same, direct          {part('direct printed right', 'direct printed')}")
    print(f"  printed and right     {part('direct printed right', 'direct')} of direct")
    print(f"  speaker's name right  {part('name', 'named')}")
    print(f"  same, direct          {part('direct name', 'direct named')}")
    print(f"  rightly no name       {part('no name', 'unnamed')}")
    print(f"  manner right          {part('manner', 'with manner')}")


def main() -> None:
    """Measure the files of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, default=[TRAINING / "attribution.jsonl"])
    parser.add_argument("--articles", type=Path, default=TRAINING / "newsroom.jsonl")
    parser.add_argument("--half", type=int, choices=(0, 1), help="only every second article")
    chosen = parser.parse_args()
    rows = map(json.loads, chosen.articles.read_text(encoding="utf-8").splitlines())
    articles = {row["id"]: row["text"] for row in rows}
    for path in chosen.files:
        counts = Counter[str]()
        seconds, words = 0.0, 0
        for at, (_, text, gold) in enumerate(examples(path, articles)):
            if chosen.half is not None and at % 2 != chosen.half:
                continue
            begin = process_time()
            found = attribute(text)
            seconds += process_time() - begin
            words += len(text.split())
            count(text, gold, [one.model_dump() for one in found], counts)
        report(path.name, counts, seconds, max(words, 1))


if __name__ == "__main__":
    main()
