r"""Measures how well text and metadata of real web pages are read, compared with trafilatura.

    python -m benchmarks.web_pages --data WEB --documents DOCUMENTS --worst 10

WEB has `pages/*.html` and `gold.json`: for each page the text that an extractor must keep (`with`)
and must drop (`without`), reader comments (`comments`), and `title`, `author`, `date`. DOCUMENTS
has `gold.json` with the article's text (`text`) and `authors` of each page. Either may be left out.
Prints a Markdown table, and with `--worst` the pages with the most errors.

Scoring of WEB ignores white space and soft hyphens. Each score is a mean over the pages. *Kept* is
the share of `with` that is in the headline or a block that may answer. *Left out* is the share of
`without` that is in no block that may answer (for trafilatura: not in its text). Bylines and
headlines do not answer, so text there counts as left out. *Left out, strictly* counts every block
but boilerplate. A comment counts if it is in a comment block and in no block of reporting; comments
that are not in the file are ignored. A title is right if its letters and digits are equal, and
authors if their names are. Times are for one process, the best of several rounds for each page,
with all parsers in turn.

Scoring of DOCUMENTS compares the words, in lower case and with repetitions. The gold text has
neither the headline nor, with few exceptions, captions, so both are left out: the text is the
standfirst, body, quotations and corrections. trafilatura's text
has neither, and its comments are left out too. F1 is a mean over the pages.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import trafilatura

from benchmarks.common import table
from pullquote.base.trees import DecisionTrees
from pullquote.index.passages import REPORTED_ROLES
from pullquote.parsing.html.parser import parse_html
from pullquote.parsing.source import SourceFile
from pullquote.schema import Role, day_of
from pullquote.schema.errors import ArticleError

ROUNDS = 6
SETS = ("aeb", "fundus", "wcxb")
MEASURES = (
    *("kept", "left out", "left out, strictly", "comments", "title", "author", "date"),
    *(f"{name}: {what}" for name in SETS for what in ("word F1", "under 0.5", "authors")),
)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Extracted:
    """The text and metadata read from a page."""

    text: str
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


def words_of(text: str) -> list[str]:
    """The words of a text in lower case."""
    return _WORD.findall(text.lower())


def word_f1(text: str, wanted: str) -> float:
    """The harmonic mean of the shares of the words of each text that the other one has too."""
    own, gold = Counter(words_of(text)), Counter(words_of(wanted))
    return 2 * (own & gold).total() / max(1, own.total() + gold.total())


def ours(content: bytes, scorer: DecisionTrees | None = None) -> Extracted:
    """Read a page with pullquote. A page that it refuses has no text."""
    try:
        article = parse_html(SourceFile(id="page.html", version="0", content=content), scorer)[0]
    except ArticleError:
        return Extracted("", "", "", "", "", "", "", "")

    def words(roles: Iterable[Role]) -> str:
        wanted = frozenset(roles)
        return plain(
            "\n".join(article.text[b.start : b.end] for b in article.blocks if b.role in wanted)
        )

    day = day_of(article.published)
    return Extracted(
        text=words(REPORTED_ROLES - {Role.CAPTION}),
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
    return Extracted(
        plain(text), plain(text), plain(text), everything, plain(comments), title, author, day
    )


def score(
    page: str, gold: Mapping[str, Any], content: bytes, got: Extracted, scores: Scores
) -> None:
    """Compare what was read of a page with its gold standard."""
    if "text" in gold:
        score_text(page, gold, got, scores)
        return

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


def score_text(page: str, gold: Mapping[str, Any], got: Extracted, scores: Scores) -> None:
    """Compare the text and the authors of a page with its gold standard."""
    name = page.partition("/")[0]
    f1 = word_f1(got.text, gold["text"])
    scores.shares.setdefault(f"{name}: word F1", []).append(f1)
    scores.shares.setdefault(f"{name}: under 0.5", []).append(float(f1 < 0.5))
    scores.wrong.setdefault(page, []).extend([f"word F1 {f1:.2f}"] if f1 < 0.9 else [])
    wanted = {letters(author) for author in gold.get("authors") or ()}
    if wanted:
        right = names(got.authors) == wanted
        line = f"{got.authors!r}, not {gold['authors']!r}"
        scores.add(f"{name}: authors", page, [right], [line])


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


def read_pages(
    web: Path | None, documents: Path | None
) -> dict[str, tuple[bytes, Mapping[str, Any]]]:
    """The bytes and the gold standard of each page."""
    pages: dict[str, tuple[bytes, Mapping[str, Any]]] = {}
    if web is not None:
        for gold in json.loads((web / "gold.json").read_text(encoding="utf-8")).values():
            pages[f"web/{gold['file']}"] = ((web / "pages" / gold["file"]).read_bytes(), gold)
    if documents is not None:
        listed = json.loads((documents / "gold.json").read_text(encoding="utf-8"))
        pages |= {name: ((documents / name).read_bytes(), gold) for name, gold in listed.items()}
    return pages


def show_scores(
    pages: Mapping[str, tuple[bytes, Mapping[str, Any]]],
    scorers: Mapping[str, DecisionTrees],
    *,
    worst: int,
) -> None:
    """Print the scores of both readers. `scorers` has another scorer than ours for some pages."""
    scores = {"trafilatura": Scores(), "pullquote": Scores()}
    for page, (content, gold) in pages.items():
        score(page, gold, content, alone(content), scores["trafilatura"])
        score(page, gold, content, ours(content, scorers.get(page)), scores["pullquote"])
    rows = []
    for measure in MEASURES:
        if measure in scores["pullquote"].shares:
            rows.append([measure, *(scores[name].mean(measure) for name in scores)])
    print(table(["mean over pages (number)", *scores], rows))
    wrong = scores["pullquote"].wrong
    for page in sorted(wrong, key=lambda page: -len(wrong[page]))[:worst]:
        if wrong[page]:
            print(f"\n{page}", *wrong[page], sep="\n  ")


def main() -> None:
    """Read, score and time all pages, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--documents", type=Path)
    parser.add_argument("--worst", type=int, default=0)
    parser.add_argument("--no-times", action="store_true")
    options = parser.parse_args()
    pages = read_pages(options.data, options.documents)
    show_scores(pages, {}, worst=options.worst)
    if not options.no_times:
        show_times([content for content, _ in pages.values()])


if __name__ == "__main__":
    main()
