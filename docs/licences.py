"""Writes docs/reference/licences.md: the licence of every package that pullquote needs.

Run it in an environment with all extras: `python -m docs.licences`. pip-licenses reads the licences
from the metadata of the packages that are installed. `make release` runs it before each release.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, metadata, requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PAGE = Path(__file__).parent / "reference" / "licences.md"
MARK = "<!-- written by docs/licences.py -->\n"
ONLY_DEVELOPERS = ("dev", "docs", "testing", "release")
"""Extras that nobody needs to use pullquote."""

GPU = re.compile(r"nvidia-|cuda-|triton$")
"""Packages that only PyTorch's GPU build needs; the page describes them in words."""


def needed(extras: Iterable[str] = ()) -> set[str]:
    """The names of all packages that pullquote needs with these extras, and that are installed."""
    found: set[tuple[str, frozenset[str]]] = set()
    waiting = [("pullquote", frozenset(extras))]
    while waiting:
        name, chosen = package = waiting.pop()
        if package not in found and _is_installed(name) and not GPU.match(name):
            found.add(package)
            waiting += [
                (canonicalize_name(one.name), frozenset(one.extras))
                for one in _required(name, chosen)
            ]
    return {name for name, _ in found} - {"pullquote"}


def _required(name: str, extras: frozenset[str]) -> Iterator[Requirement]:
    """What a package needs on this machine."""
    for line in requires(name) or ():
        requirement = Requirement(line)
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in {"", *extras}):
            yield requirement


def _is_installed(name: str) -> bool:
    try:
        metadata(name)
    except PackageNotFoundError:
        return False
    return True


def licences(names: Iterable[str]) -> dict[str, tuple[str, str]]:
    """The version and the licence of each package, as pip-licenses finds them."""
    command = [sys.executable, "-m", "piplicenses", "--from=mixed", "--format=json", "--packages"]
    done = subprocess.run(  # noqa: S603 - the names are those of installed packages
        [*command, *sorted(names)], capture_output=True, text=True, check=True
    )
    return {
        canonicalize_name(one["Name"]): (one["Version"], _licence(one["License"]))
        for one in json.loads(done.stdout)
    }


def _licence(stated: str) -> str:
    """A licence in a few words, also if the metadata have its whole text."""
    first = next((line.strip() for line in stated.splitlines() if line.strip()), "UNKNOWN")
    return first.replace("|", "or")


def extras_of_users() -> list[str]:
    """The extras that add something for users."""
    return [
        name
        for name in metadata("pullquote").get_all("Provides-Extra") or ()
        if name not in ONLY_DEVELOPERS
    ]


def tables() -> str:
    """A table of what every installation needs, and one of what the extras add."""
    core = needed()
    more = needed(extras_of_users()) - core
    return f"## Every installation\n\n{_table(core)}\n\n## Added by extras\n\n{_table(more)}\n"


def _table(names: set[str]) -> str:
    rows = [
        f"| {name} | {version} | {licence} |"
        for name, (version, licence) in sorted(licences(names).items())
    ]
    return "\n".join(["| package | version | licence |", "|---|---|---|", *rows])


if __name__ == "__main__":
    before = PAGE.read_text(encoding="utf-8").partition(MARK)[0]
    PAGE.write_text(f"{before}{MARK}\n{tables()}", encoding="utf-8")
