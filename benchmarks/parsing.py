"""Measures how many articles a second one process parses, and whether a build waits for them.

    python -m benchmarks.parsing --news NEWS/articles --web WEB/pages [--build 300]

A worker process parses files as for a rebuild, and returns the articles. Times are in seconds of
processor time, without the start of the process. Each corpus is parsed three times and the best
counts. The same articles are written in several formats. The build has some of the articles and
uses the default encoder.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import resource
import shutil
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.common import machine, table
from pullquote.index import IndexFolder
from pullquote.index.rebuild.build import rebuild
from pullquote.index.services import current_index_config, encoder_of
from pullquote.parsing import ParserOutput, find_files
from pullquote.parsing.workers.parse_files import FileParser
from pullquote.schema.file_limits import LIMITS, Limits
from pullquote.schema.settings import Settings

ROUNDS = 3


def processor_seconds() -> float:
    """CPU seconds of all processes that have ended so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def read(corpus: Path) -> tuple[int, float, float]:
    """The articles of a corpus, and the processor's seconds of the worker and of this process."""
    names = dict.fromkeys(find_files(corpus).articles)
    ours, theirs = time.process_time(), processor_seconds()
    with FileParser(processes=1).parse(corpus, names) as given:
        articles = sum(one.found is not None for one in given)
    return articles, processor_seconds() - theirs, time.process_time() - ours


def as_jsonl(texts: Mapping[str, str], corpus: Path) -> None:
    """Write all articles to one JSONL file."""
    lines = (json.dumps({"id": id, "body": text}) for id, text in texts.items())
    (corpus / "all.jsonl").write_text("\n".join(lines), encoding="utf-8")


def as_csv(texts: Mapping[str, str], corpus: Path) -> None:
    """Write all articles to one CSV file."""
    out = io.StringIO()
    csv.writer(out).writerows([("id", "body"), *texts.items()])
    (corpus / "all.csv").write_text(out.getvalue(), encoding="utf-8")


def as_markdown(texts: Mapping[str, str], corpus: Path) -> None:
    """Write each article to a Markdown file with front matter."""
    for number, text in enumerate(texts.values()):
        title, _, body = text.partition("\n")
        content = f"---\ntitle: {json.dumps(title)}\ndate: 2005-01-01\n---\n{body}"
        (corpus / f"{number}.md").write_text(content, encoding="utf-8")


def as_text(texts: Mapping[str, str], corpus: Path) -> None:
    """Copy each article to a text file unchanged."""
    for number, text in enumerate(texts.values()):
        (corpus / f"{number}.txt").write_text(text, encoding="utf-8")


def as_zip(texts: Mapping[str, str], corpus: Path) -> None:
    """Pack the text files into a ZIP archive."""
    with zipfile.ZipFile(corpus / "all.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for number, text in enumerate(texts.values()):
            archive.writestr(f"{number}.txt", text)


FORMATS: Mapping[str, Callable[[Mapping[str, str], Path], None]] = {
    "plain text": as_text,
    "plain text in a ZIP archive": as_zip,
    "Markdown": as_markdown,
    "JSONL": as_jsonl,
    "CSV": as_csv,
}


def rates(corpus: Path, *, start: float) -> list[str]:
    """The worker's articles a second, and this process's milliseconds an article; best of some."""
    best, ours, articles = float("inf"), float("inf"), 0
    for _ in range(ROUNDS):
        articles, took, took_here = read(corpus)
        best, ours = min(best, took - start), min(ours, took_here)
    return [f"{articles:,}", f"{articles / best:,.0f}", f"{ours / articles * 1000:.2f}"]


def starting(folder: Path) -> float:
    """The processor's seconds that a worker takes to start and load its parsers."""
    corpus = folder / "one"
    corpus.mkdir()
    for name in ("a.txt", "b.md", "c.csv", "d.jsonl", "e.html"):
        (corpus / name).write_text("title,body\nPier,It is shut.\n", encoding="utf-8")
    return min(read(corpus)[1] for _ in range(ROUNDS))


@dataclass(slots=True)
class Timed:
    """Reads as `reading` does, and measures how long the caller waited for it."""

    reading: FileParser
    limits: Limits = LIMITS
    waited: float = 0.0
    first: float = field(default=0.0)

    @contextmanager
    def parse(self, *given: object, **options: object) -> Iterator[Iterator[ParserOutput]]:
        """The articles and errors of the files."""
        with self.reading.parse(*given, **options) as found:  # type: ignore[arg-type]
            yield self._timed(found)

    def _timed(self, found: Iterator[ParserOutput]) -> Iterator[ParserOutput]:
        while True:
            started = time.perf_counter()
            one = next(found, None)
            took = time.perf_counter() - started
            self.waited += took
            if self.first == 0:
                self.first = took
            if one is None:
                return
            yield one


def build(corpus: Path, folder: Path) -> str:
    """How long a build takes, and how long it waits for articles."""
    settings = Settings()
    encoder = encoder_of(settings)
    timed = Timed(FileParser(processes=1))
    report = rebuild(
        IndexFolder(folder / "index"),
        corpus,
        encoder,
        index_config=current_index_config(settings, encoder),
        reading=timed,  # type: ignore[arg-type]
    )
    return (
        f"A build of {report.articles:,} articles took {report.seconds:.1f} s and waited "
        f"{timed.waited:.2f} s for them, of which {timed.first:.2f} s for the first."
    )


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--news", type=Path, required=True)
    parser.add_argument("--web", type=Path, required=True)
    parser.add_argument("--build", type=int, default=300)
    options = parser.parse_args()
    names = find_files(options.news).articles
    texts = {
        name: (options.news / name).read_text(encoding="utf-8", errors="replace") for name in names
    }
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        start = starting(folder)
        rows = []
        for format, write in FORMATS.items():
            corpus = folder / format
            corpus.mkdir()
            write(texts, corpus)
            rows.append([format, *rates(corpus, start=start)])
        rows.append(["web pages", *rates(options.web, start=start)])
        some = folder / "some"
        for name in names[:: max(1, len(names) // options.build)]:
            (some / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(options.news / name, some / name)
        summary = build(some, folder)
    print(machine(), f"\nA process starts in {start:.2f} s of the processor.\n")
    print(table(["", "articles", "articles a second", "ms each, taking them over"], rows))
    print(f"\n{summary}")


if __name__ == "__main__":
    main()
