"""How many single flipped bits in an evidence pack are noticed, and how long a pack takes.

python benchmarks/packs.py PACK.zip [--flips 500]
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections import Counter
from pathlib import Path

from pullquote.newsroom.packs import verify_pack


def main() -> None:
    """Flip random bits, one at a time, and verify each result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pack", type=Path)
    parser.add_argument("--flips", type=int, default=500)
    given = parser.parse_args()
    data = given.pack.read_bytes()
    chance = random.Random(7)
    named: Counter[str] = Counter()
    noticed = 0
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "flipped.zip"
        for _ in range(given.flips):
            at = chance.randrange(len(data))
            changed = bytearray(data)
            changed[at] ^= 1 << chance.randrange(8)
            path.write_bytes(changed)
            faults = verify_pack(path).faults
            noticed += bool(faults)
            named.update(faults[:1])
    each = (time.perf_counter() - started) / max(1, given.flips)
    print(
        f"{len(data):,} bytes; {noticed} of {given.flips} flips noticed; {each * 1000:.1f} ms each"
    )
    for fault, count in named.most_common():
        print(f"{count:5} {fault}")


if __name__ == "__main__":
    main()
