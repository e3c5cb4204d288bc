r"""Measures how well text and metadata of real web pages are read, compared with trafilatura.

    python -m benchmarks.web_pages --data WEB --worst 10

WEB has `pages/*.html` and `gold.json`: for each page the text that an extractor must keep (`with`)
and must drop (`without`), reader comments (`comments`), and `title`, `author`, `date`. Prints a
Markdown table, and with `--worst` the pages with the most errors.

Scoring ignores white space and soft hyphens. Each score is a mean over the pages. *Kept* is the
share of `with` that is in the headline or a block that may answer. *Left out* is the share of
`without` that is in no block that may answer (for trafilatura: not in its text). Bylines and
headlines do not answer, so text there counts as left out. *Left out, strictly* counts every block
but boilerplate. A comment counts if it is in a comment block and in no block of reporting; comments
that are not in the file are ignored. A title is right if its letters and digits are equal, and
authors if their names are. Times are for one process, the best of several rounds for each page,
with all parsers in turn.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import trafilatura

from benchmarks.common import table
from pullquote.parsing.html.parser import parse_html
from pullquote.parsing.source import SourceFile
from pullquote.passages import REPORTED_ROLES
from pullquote.schema import Role, day_of

ROUNDS = 6


@dataclass(frozen=True, slots=True)
class Extracted:
    """The text and metadata read from a page."""

    article: str
    answering: str
    anywhere: str
    comments: str
    title: str
    authors: str
    day: str


@dataclass(slots=True)
class Scores:
    """The scores of each page that has something to find, and the errors."""

    shares: dict[str, list[float]] = field(default_factory=dict)
    wrong: dict[str, list[str]] = field(default_factory=dict)

    def add(self, measure: str, page: str, right: Sequence[bool], names: Iterable[str]) -> None:
        """Add a page's score."""
        if right:
            self.shares.setdefault(measure, []).append(sum(right) / len(right))
        lines = [f"{measure}: {what}" for what, ok in zip(names, right, strict=True) if not ok]
        self.wrong.setdefault(page, []).extend(lines)

    def mean(self, measure: str) -> str:
        """The mean over the pages, and the number of pages."""
        shares = self.shares.get(measure, [])
        return f"{sum(shares) / max(1, len(shares)):.3f} ({len(shares)})"


def plain(text: str) -> str:
    """A text for comparison: white space collapsed, soft hyphens removed."""
    return " ".join(text.replace("\xad", "").split())


def letters(text: str) -> str:
    """The letters and digits of a text in lower case."""
    return "".join(filter(str.isalnum, text.casefold()))


def names(text: str) -> set[str]:
    """The normalised names in a line of authors."""
    return {letters(part) for part in re.split(r"[,;/]| und | and | et ", text) if letters(part)}


def ours(content: bytes) -> Extracted:
    """Read a page with pullquote."""
    article = parse_html(SourceFile(id="page.html", version="0", content=content))[0]

    def words(roles: Iterable[Role]) -> str:
        wanted = frozenset(roles)
        return plain(
            "\n".join(article.text[b.start : b.end] for b in article.blocks if b.role in wanted)
        )

    day = day_of(article.published)
    return Extracted(
        article=words({*REPORTED_ROLES, Role.HEADLINE}),
        answering=words({*REPORTED_ROLES, Role.COMMENT}),
        anywhere=words(set(Role) - {Role.BOILERPLATE}),
        comments=words({Role.COMMENT}),
        title=article.title,
        authors="; ".join(article.authors),
        day="" if day is None else day.isoformat(),
    )


def alone(content: bytes) -> Extracted:
    """Read a page with trafilatura alone, at its defaults, with metadata."""
    document = trafilatura.bare_extraction(content, with_metadata=True)
    if document is not None and not isinstance(document, dict):
        document = document.as_dict()
    found = document or {}
    text, comments, title, author, day = (
        str(found.get(key) or "") for key in ("text", "comments", "title", "author", "date")
    )
    everything = plain(f"{text}\n{comments}")
    return Extracted(plain(text), plain(text), everything, plain(comments), title, author, day)


def score(gold: dict[str, object], content: bytes, got: Extracted, scores: Scores) -> None:
    """Compare what was read of a page with its gold standard."""
    page = str(gold["file"])

    def snippets(key: str) -> list[str]:
        values = gold.get(key)
        return [plain(str(v)) for v in values if plain(str(v))] if isinstance(values, list) else []

    keep, drop = snippets("with"), snippets("without")
    scores.add("kept", page, [s in got.article for s in keep], keep)
    scores.add("left out", page, [s not in got.answering for s in drop], drop)
    shares = scores.shares.setdefault("left out, strictly", [])
    shares.append(sum(s not in got.anywhere for s in drop) / max(1, len(drop)))
    there = plain(trafilatura.html2txt(content.decode("utf-8", "replace")))
    comments = [s for s in snippets("comments") if s in there]
    right = [s in got.comments and s not in got.article for s in comments]
    scores.add("comments", page, right, comments)
    for measure, found, same in (
        ("title", got.title, lambda a, b: letters(a) == letters(b)),
        ("author", got.authors, lambda a, b: names(a) == names(b)),
        ("date", got.day, lambda a, b: a == b),
    ):
        wanted = str(gold.get(measure) or "").strip()
        if wanted:
            scores.add(measure, page, [same(found, wanted)], [f"{found!r}, not {wanted!r}"])


def milliseconds(pages: Sequence[bytes], read: Sequence[Callable[[bytes], object]]) -> list[float]:
    """The processor's milliseconds a page for each parser, with each page's best of some rounds."""
    best = [[float("inf")] * len(pages) for _ in read]
    for number in range(ROUNDS):
        for i, content in enumerate(pages):
            # The second parser finds much of its data in the processor's caches.
            for turn in range(len(read)):
                which = (number + turn) % len(read)
                started = time.process_time()
                read[which](content)
                best[which][i] = min(best[which][i], time.process_time() - started)
    return [sum(times) / len(pages) * 1000 for times in best]


def show_times(pages: Sequence[bytes]) -> None:
    """Print pullquote's and trafilatura's times."""
    own, full, text = milliseconds(
        pages,
        (
            lambda content: parse_html(SourceFile(id="page.html", version="0", content=content)),
            lambda content: trafilatura.bare_extraction(content, with_metadata=True),
            trafilatura.extract,
        ),
    )
    print(
        f"\npullquote {own:.1f} ms a page; trafilatura {text:.1f} for its text alone (ratio"
        f" {own / text:.2f}), {full:.1f} with metadata (ratio {own / full:.2f})."
    )


def main() -> None:
    """Read, score and time all pages, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--worst", type=int, default=0)
    options = parser.parse_args()
    gold = list(json.loads((options.data / "gold.json").read_text(encoding="utf-8")).values())
    pages = [(options.data / "pages" / str(page["file"])).read_bytes() for page in gold]
    readers = {"trafilatura": alone, "pullquote": ours}
    scores = {name: Scores() for name in readers}
    for page, content in zip(gold, pages, strict=True):
        for name, read in readers.items():
            score(page, content, read(content), scores[name])
    measures = ("kept", "left out", "left out, strictly", "comments", "title", "author", "date")
    rows = [[m, *(scores[name].mean(m) for name in readers)] for m in measures]
    print(table(["mean over pages (number)", *readers], rows))
    show_times(pages)
    wrong = scores["pullquote"].wrong
    for page in sorted(wrong, key=lambda page: -len(wrong[page]))[: options.worst]:
        if wrong[page]:
            print(f"\n{page}", *wrong[page], sep="\n  ")


if __name__ == "__main__":
    main()
