"""Measures whether building an index of a mixed corpus keeps all cores busy.

    python -m benchmarks.mixed_build --documents DOCUMENTS --web WEB

The corpus has 500 web pages, 60 PDFs and 100 office files. The pages are those of DOCUMENTS and
WEB, repeated with other words, so that no text is embedded twice. PDFs and office files are written
from their texts. `rebuild-index` builds an index of it in its own process.

Every half second, the time is read in which the threads of this process and of its children ran, or
waited for a core that another program used (`/proc/PID/task/TID/schedstat`). Their sum, divided by
the number of cores, is the share of the cores that the build can use. Without other programs, it is
how busy the cores are. The script prints for how long it was above 80 %, the time of the build, and
the progress that was shown, by time. It needs Linux.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import cycle, islice
from pathlib import Path
from xml.sax.saxutils import escape

from benchmarks.common import machine, table

PAGES, PDFS, OFFICE = 500, 60, 100
EVERY = 0.5
BUSY = 0.8
LINES_A_PAGE = 50
_TICK = 1e9
_ODT_TYPE = "application/vnd.oasis.opendocument.text"


def write_corpus(documents: Path, web: Path, corpus: Path) -> None:
    """Write the corpus to a new folder, with files of all kinds in each of its folders."""
    gold = json.loads((documents / "gold.json").read_text(encoding="utf-8"))
    texts = [str(one["text"]) for one in gold.values()]
    pages = sorted([*documents.glob("*/*.html"), *web.glob("pages/*.html")])
    pdfs = sorted(documents.glob("pdf/*.pdf"))
    written = [
        *((".html", varied(page, n // len(pages))) for n, page in _numbered(cycle(pages), PAGES)),
        *((".pdf", path.read_bytes()) for path in pdfs[:PDFS]),
        *((".pdf", written_pdf(several(texts, n))) for n in range(max(0, PDFS - len(pdfs)))),
        *((".docx", written_docx(several(texts, PDFS + n))) for n in range(OFFICE // 2)),
        *((".odt", written_odt(several(texts, OFFICE + n))) for n in range(OFFICE // 2)),
    ]
    for number, (suffix, content) in enumerate(written):
        # The order of names mixes the kinds, and is the same in every run.
        place = zlib.crc32(str(number).encode())
        path = corpus / f"{place % 10}" / f"{place:010}{suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _numbered(paths: Iterable[Path], count: int) -> Iterator[tuple[int, Path]]:
    """The first paths with their numbers."""
    return enumerate(islice(paths, count))


def varied(page: Path, copy: int) -> bytes:
    """A page; in a later copy, each paragraph ends with the number of the copy."""
    content = page.read_bytes()
    return content if not copy else content.replace(b"</p>", f" Copy {copy}.</p>".encode())


def several(texts: Sequence[str], number: int) -> list[str]:
    """The paragraphs of three texts, each with a number, so that no other file has them."""
    chosen = [texts[(3 * number + i) % len(texts)] for i in range(3)]
    lines = [line.strip() for text in chosen for line in text.splitlines()]
    return [f"{line} ({number})" for line in lines if line]


def written_pdf(paragraphs: Sequence[str]) -> bytes:
    """A PDF document with these paragraphs, in lines of 90 characters."""
    lines = [line for one in paragraphs for line in [*re.findall(r".{1,90}(?:\s|$)", one), ""]]
    sheets = [lines[at : at + LINES_A_PAGE] for at in range(0, len(lines), LINES_A_PAGE)]
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"", font]
    for sheet in sheets:
        shown = "".join(f"({_pdf_string(line)}) ' " for line in sheet)
        text = f"BT /F1 10 Tf 14 TL 50 780 Td {shown}ET"
        stream = zlib.compress(text.encode("cp1252", "replace"))
        head = f"<</Length {len(stream)}/Filter/FlateDecode>>stream\n".encode()
        page = (
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {len(objects) + 1} 0 R"
            "/Resources<</Font<</F1 3 0 R>>>>>>"
        )
        objects += [head + stream + b"\nendstream", page.encode()]
    kids = " ".join(f"{number} 0 R" for number in range(5, len(objects) + 1, 2))
    objects[1] = f"<</Type/Pages/Count {len(sheets)}/Kids[{kids}]>>".encode()
    content, places = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(content))
        content += b"%d 0 obj" % number + one + b"\nendobj\n"
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return (
        content
        + b"xref\n0 %d\n0000000000 65535 f \n" % size
        + rows
        + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, len(content))
    )


def _pdf_string(text: str) -> str:
    """A text inside the parentheses of a PDF string."""
    return re.sub(r"([()\\])", r"\\\1", text)


def written_docx(paragraphs: Sequence[str]) -> bytes:
    """A Word document with these paragraphs."""
    body = "".join(f"<w:p><w:r><w:t>{escape(one)}</w:t></w:r></w:p>" for one in paragraphs)
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    document = f"<w:document {space}><w:body>{body}</w:body></w:document>"
    return _zipped({"word/document.xml": document})


def written_odt(paragraphs: Sequence[str]) -> bytes:
    """A LibreOffice document with these paragraphs."""
    body = "".join(f"<text:p>{escape(one)}</text:p>" for one in paragraphs)
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "text")
    )
    content = (
        f"<office:document-content {spaces}><office:body><office:text>{body}</office:text>"
        "</office:body></office:document-content>"
    )
    return _zipped({"mimetype": _ODT_TYPE, "content.xml": content})


def _zipped(files: dict[str, str]) -> bytes:
    """A ZIP archive with these files."""
    with tempfile.TemporaryFile() as stream:
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in files.items():
                archive.writestr(name, text)
        stream.seek(0)
        return stream.read()


def tree(process: int) -> Iterator[int]:
    """A process and all of its descendants."""
    yield process
    for thread in Path(f"/proc/{process}/task").glob("*"):
        try:
            children = (thread / "children").read_text().split()
        except OSError:
            continue
        for child in children:
            yield from tree(int(child))


def wanted_seconds(process: int, known: dict[str, float]) -> float:
    """The seconds in which threads of a process and its descendants ran or waited for a core.

    `known` has the seconds of each thread so far, also of threads that have ended.
    """
    for one in tree(process):
        for path in Path(f"/proc/{one}/task").glob("*/schedstat"):
            try:
                ran, waited, _ = path.read_text().split()
            except (OSError, ValueError):
                continue
            known[str(path)] = (int(ran) + int(waited)) / _TICK
    return sum(known.values())


def build(corpus: Path, index: Path) -> tuple[list[float], list[str], dict[str, object]]:
    """The share of the cores wanted in each interval, the progress shown, and the report."""
    code = "import sys, benchmarks.mixed_build as m; m.rebuild(*sys.argv[1:])"
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(corpus), str(index)], stdout=subprocess.PIPE, text=True
    )
    shares, known, last, at = list[float](), dict[str, float](), 0.0, time.perf_counter()
    cores = len(os.sched_getaffinity(0))
    while process.poll() is None:
        time.sleep(EVERY)
        wanted, now = wanted_seconds(process.pid, known), time.perf_counter()
        # Each thread counts as one core at most, and all of them as all cores.
        shares.append(min(1.0, (wanted - last) / (now - at) / cores))
        last, at = wanted, now
    lines = ("" if process.stdout is None else process.stdout.read()).splitlines()
    if process.returncode:
        raise SystemExit("the build failed")
    return shares, lines[:-1], json.loads(lines[-1])


def rebuild(corpus: str, index: str) -> None:
    """Build an index, and print the seconds at each progress, and the report."""
    import pullquote  # noqa: PLC0415 - the time to import it counts

    started = time.perf_counter()

    def shown(done: int, total: int | None) -> None:
        print(f"{time.perf_counter() - started:.1f} s: {done}/{total}", flush=True)

    settings = pullquote.Settings(index=Path(index))
    report = pullquote.rebuild_index(Path(corpus), settings=settings, progress=shown)
    print(report.model_dump_json(exclude={"failed"}))


def main() -> None:
    """Write the corpus, build the index, and print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--documents", type=Path, required=True)
    parser.add_argument("--web", type=Path, required=True)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        write_corpus(options.documents, options.web, corpus)
        shares, progress, report = build(corpus, Path(folder) / "index")
    busy = sum(share > BUSY for share in shares) / len(shares)
    print(f"{machine()}\n")
    rows = [
        ["articles, passages", f"{report['articles']}, {report['passages']}"],
        ["seconds", f"{len(shares) * EVERY:.0f}"],
        ["share of the time above 80 % of all cores", f"{100 * busy:.0f} %"],
        ["mean share of the cores", f"{100 * sum(shares) / len(shares):.0f} %"],
        ["first progress, and number of updates", f"{progress[1]}; {len(progress)}"],
    ]
    print(table(["building a mixed corpus", ""], rows))
    print("\n" + " ".join(f"{100 * share:.0f}" for share in shares))


if __name__ == "__main__":
    main()
