r"""Measures how well the words of RTF files are read, compared with other programs.

    python -m benchmarks.rtf --data RTF --peers FOLDER --worst 10

RTF is a folder of `.rtf` files. The peers are striprtf, which may be installed in FOLDER
(`pip install --target FOLDER striprtf`), pandoc and LibreOffice; a peer that is not installed is
left out. At least two are needed.

A word of the *consensus* is one that at least two peers read, as often as the second of them reads
it. *Recall* is the share of the consensus that a program reads, and *precision* the share of its
words that any other peer reads. Both are over all files, with at most as many words of a file as
`--most` says, so that one long table does not decide. The address of a link and the name of a
bullet count as errors of precision. *Control words* counts the files of which a program reads a
control word, or its end after a capital, that no other program reads. pullquote leaves out
footnotes, headers and deleted words.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import import_module
from pathlib import Path

from benchmarks.common import table
from pullquote.parsing.documents.rtf import parse_rtf
from pullquote.parsing.source import SourceFile
from pullquote.schema.errors import ArticleError

_WORD = re.compile(r"\w+")
_CONTROL_WORD = re.compile(rb"\\([A-Za-z]+[0-9]*)")
_SHORTEST_CONTROL_WORD = 5
Words = Counter[str]


def ours(path: Path) -> str:
    """The text that pullquote reads."""
    file = SourceFile(id=path.name, version="0", content=path.read_bytes())
    try:
        return parse_rtf(file)[0].text
    except ArticleError:
        return ""


def striprtf(path: Path) -> str:
    """The text that striprtf reads."""
    convert = import_module("striprtf.striprtf").rtf_to_text
    try:
        return str(convert(path.read_bytes().decode("latin-1"), errors="replace"))
    except (ValueError, LookupError):
        return ""


def pandoc(path: Path) -> str:
    """The text that pandoc reads."""
    command = ["pandoc", "--from=rtf", "--to=plain", "--wrap=none", str(path)]
    done = subprocess.run(command, capture_output=True, check=False, timeout=120)
    return done.stdout.decode("utf-8", "replace")


def libreoffice(path: Path) -> str:
    """The text that LibreOffice reads."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [
                *("soffice", "--headless", "--convert-to", "txt:Text (encoded):UTF8"),
                *("--outdir", folder, str(path)),
            ],
            capture_output=True,
            check=False,
            timeout=120,
        )
        written = Path(folder) / f"{path.stem}.txt"
        return written.read_text(encoding="utf-8-sig") if written.exists() else ""


def installed_peers() -> dict[str, Callable[[Path], str]]:
    """The other programs that are installed."""
    found: dict[str, Callable[[Path], str]] = {}
    try:
        import_module("striprtf.striprtf")
        found["striprtf"] = striprtf
    except ImportError:
        pass
    if shutil.which("pandoc") is not None:
        found["pandoc"] = pandoc
    if shutil.which("soffice") is not None:
        found["LibreOffice"] = libreoffice
    return found


def words_of(text: str, *, most: int) -> Words:
    """How often each word occurs among the first words of a text."""
    return Counter(_WORD.findall(text.casefold())[:most])


def consensus(read: Sequence[Words]) -> Words:
    """The words that at least two programs read, as often as the second of them does."""
    agreed = Words()
    for word in set().union(*read):
        agreed[word] = sorted((words[word] for words in read), reverse=True)[1]
    return +agreed


def leaked(content: bytes, words: Iterable[str]) -> list[str]:
    """Those of the words that contain a control word of the file, or its end after a capital."""
    controls = {word.decode() for word in _CONTROL_WORD.findall(content)}
    controls |= {word[at:] for word in controls for at in range(len(word)) if word[at].isupper()}
    parts = {part.casefold() for part in controls if len(part) >= _SHORTEST_CONTROL_WORD}
    return sorted(word for word in words if any(part in word for part in parts))


def leaks_of(
    name: str, read: Mapping[str, Sequence[Words]], files: Sequence[Path]
) -> list[list[str]]:
    """For each file, the control words among the words that this program alone reads."""
    return [
        leaked(
            path.read_bytes(),
            read[name][number].keys()
            - set().union(*(read[peer][number] for peer in read if peer != name)),
        )
        for number, path in enumerate(files)
    ]


def score(name: str, read: Mapping[str, Sequence[Words]]) -> tuple[str, str]:
    """The recall and the precision of a program over all files."""
    found = wanted = right = given = 0
    peers = [peer for peer in read if peer != "pullquote"]
    for number, words in enumerate(read[name]):
        agreed = consensus([read[peer][number] for peer in peers])
        anyone = Words()
        for peer in peers:
            anyone |= read[peer][number] if peer != name else Words()
        found, wanted = found + (agreed & words).total(), wanted + agreed.total()
        right, given = right + (anyone & words).total(), given + words.total()
    return f"{found / max(1, wanted):.3f}", f"{right / max(1, given):.3f}"


def main() -> None:
    """Read all files with all programs, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--peers", type=Path)
    parser.add_argument("--most", type=int, default=5_000)
    parser.add_argument("--worst", type=int, default=0)
    options = parser.parse_args()
    if options.peers is not None:
        sys.path.append(str(options.peers))
    peers = installed_peers()
    if len(peers) < 2:
        raise SystemExit("At least two of striprtf, pandoc and LibreOffice are needed.")
    files = sorted(options.data.glob("*.rtf"))
    programs = {"pullquote": ours, **peers}
    texts = {name: [read(path) for path in files] for name, read in programs.items()}
    read = {name: [words_of(text, most=options.most) for text in texts[name]] for name in programs}
    leaks = {name: leaks_of(name, read, files) for name in programs}
    rows = [[name, sum(map(bool, leaks[name])), *score(name, read)] for name in programs]
    print(f"{len(files)} files\n")
    print(table(["program", "files with control words", "recall", "precision"], rows))
    show_worst(files, read, leaks["pullquote"], most=options.worst)


def show_worst(
    files: Sequence[Path],
    read: Mapping[str, Sequence[Words]],
    leaks: Sequence[Sequence[str]],
    *,
    most: int,
) -> None:
    """Print the files in which pullquote differs most, with the words missed and added."""
    lines: list[tuple[int, str]] = []
    for number, path in enumerate(files):
        peers = [words[number] for name, words in read.items() if name != "pullquote"]
        own = read["pullquote"][number]
        missed, added = consensus(peers) - own, own - consensus(peers)
        size = missed.total() + added.total()
        parts = [f"missed {list(missed.items())[:20]}", f"added {list(added.items())[:20]}"]
        lines.append((size, f"\n{path.name}: {'; '.join(parts)}; leaked {list(leaks[number])}"))
    for _, line in sorted((line for line in lines if line[0]), reverse=True)[:most]:
        print(line)


if __name__ == "__main__":
    main()
