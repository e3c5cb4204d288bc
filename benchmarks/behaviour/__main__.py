"""The commands `store` and `compare`; see the package."""

from __future__ import annotations

import argparse
import difflib
import json
import os
import shutil
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import benchmarks.behaviour
import pullquote
from benchmarks.behaviour.engine import Sources
from benchmarks.behaviour.parts import PARTS, run_part
from benchmarks.behaviour.recording import ROOT, readable, units_in

CHANGED = 3
_SHOWN, _SHOWN_LINES, _SHOWN_WIDTH = 3, 16, 240
"""How much is printed of a part's changes: units, lines of each, characters of a line."""


def run(stored: Path, folder: Path, options: Mapping[str, object]) -> list[str]:
    """Run the chosen parts; their files are written to a folder. Returns their names."""
    data, only = Path(str(options["data"])), str(options["only"] or "").split(",")
    index = Path(str(options["index"] or stored / "news-index"))
    chosen = []
    for part, (_, needed) in PARTS.items():
        if not any(one in ("", part) or part.startswith(f"{one}-") for one in only):
            continue
        if not needed or (data / needed).exists():
            chosen.append(part)
        else:
            print(f"{part}: left out, because there is no {data / needed}")
    work = folder / "work"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    limit = options["limit"]
    sample = work / "sample"
    sources = Sources(data, work, index, sample, limit if isinstance(limit, int) else None)
    pullquote.rebuild_index(ROOT / "corpus", sample)
    if any(part.endswith("-news") for part in chosen) and not index.exists():
        print("building the index of the news articles, which takes minutes", flush=True)
        pullquote.rebuild_index(data / "news" / "articles", index)
    job = partial(run_part, sources=sources, folder=folder)
    processes = int(str(options["processes"]))
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        for done in pool.map(job, chosen):
            print(f"{done.part}: {done.units:,} units in {done.seconds:.0f} s", flush=True)
    shutil.rmtree(work)
    return chosen


def store(stored: Path, options: Mapping[str, object]) -> int:
    """Store what the program does now."""
    stored.mkdir(parents=True, exist_ok=True)
    for old in stored.glob("*.jsonl"):
        old.unlink()
    (stored / "options.json").write_text(json.dumps(options), encoding="utf-8")
    run(stored, stored, options)
    return 0


def compare(stored: Path, options: Mapping[str, object]) -> int:
    """Run the stored parts again, and print what differs; 3 if anything does."""
    saved = stored / "options.json"
    if not saved.exists():
        sys.exit(f"{stored} has nothing stored; run: python -m benchmarks.behaviour store {stored}")
    before = json.loads(saved.read_text(encoding="utf-8"))
    only = options["only"] or before["only"]
    for folder in (stored / "now", stored / "diffs"):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
    parts = run(stored, stored / "now", {**before, "only": only, "processes": options["processes"]})
    print()
    return CHANGED if sum([_compared(part, stored) for part in parts]) else 0


def _compared(part: str, stored: Path) -> int:
    """Print how a part differs, and write the differences to a file; their number."""
    before = units_in(stored / f"{part}.jsonl")
    now = units_in(stored / "now" / f"{part}.jsonl")
    missing, new = before.keys() - now.keys(), now.keys() - before.keys()
    changed = [unit for unit in before if unit in now and before[unit] != now[unit]]
    equal = len(before) - len(changed) - len(missing)
    print(
        f"{part}: {equal:,} equal, {len(changed):,} changed, {len(missing):,} missing, "
        f"{len(new):,} new"
    )
    diffs = {
        unit: list(
            difflib.unified_diff(
                readable(before[unit]) if unit in before else [],
                readable(now[unit]) if unit in now else [],
                f"stored: {unit}",
                f"now: {unit}",
                lineterm="",
                n=1,
            )
        )
        for unit in [*changed, *sorted(missing), *sorted(new)]
    }
    if diffs:
        text = "\n".join("\n".join(diff) for diff in diffs.values())
        (stored / "diffs" / f"{part}.diff").write_text(f"{text}\n", encoding="utf-8")
    for diff in list(diffs.values())[:_SHOWN]:
        print("\n".join(f"    {line[:_SHOWN_WIDTH]}" for line in diff[:_SHOWN_LINES]))
    return len(diffs)


def main() -> None:
    """Store or compare."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.behaviour",
        description=benchmarks.behaviour.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("task", choices=("store", "compare"))
    parser.add_argument("stored", type=Path, help="the folder with what is stored")
    parser.add_argument("--data", default="../shared/data", help="[default: %(default)s]")
    parser.add_argument("--index", help="an index of the news articles that exists already")
    parser.add_argument(
        "--only", help=f"parts, or the first words of their names, of {', '.join(PARTS)}"
    )
    parser.add_argument("--limit", type=int, help="at most so many units of each kind")
    parser.add_argument("--processes", type=int, default=2, help="[default: %(default)s]")
    given = vars(parser.parse_args())
    task, stored = given.pop("task"), given.pop("stored").resolve()
    for name in [one for one in os.environ if one.startswith("PULLQUOTE_")]:
        if name != "PULLQUOTE_CACHE":
            del os.environ[name]
    os.environ |= {"COLUMNS": "100", "NO_COLOR": "1", "TZ": "UTC", "PYTHONHASHSEED": "0"}
    time.tzset()
    if path := os.environ.get("PYTHONPATH"):  # servers and commands start in other folders
        folders = [str(Path(folder).resolve()) for folder in path.split(os.pathsep)]
        os.environ["PYTHONPATH"] = os.pathsep.join(folders)
    sys.exit((store if task == "store" else compare)(stored, given))


if __name__ == "__main__":
    main()
