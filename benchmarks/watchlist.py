"""Whether the watchlist misses anything against asking everything again, and what it costs.

    python -m benchmarks.watchlist [NEWS] [--slices 10] [--questions 50] [--articles N]
        [--embeddings INDEX] [--out ROWS.jsonl]

The articles of a folder, `../shared/data/news` by default, arrive in slices. After each slice the
index is rebuilt, and the questions of `news-dev.jsonl` are asked twice: by the watchlist, and by
another one that remembers no reading, so that every passage is read again. In the second half of
the slices, the articles of some questions are also withdrawn, and the answer in others is replaced
by other words.

- replies: those of the watchlist that are not equal to those of the other;
- missed: questions whose first answer, its status or its silence is not that of the reply before,
  without a change in the report, reported or quiet; and changes that only the other reports;
- false: changes that only the watchlist reports, and reported changes although the first answer,
  its status and all items are as before;
- unexplained: reported changes for which no article of the old or the new reply was touched;
- planted: reported answers that were withdrawn or replaced, and how many of them were reported.

`--embeddings` names an index whose cached vectors are copied. `--out` writes a line per change.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.common import machine, table
from pullquote.answering.reader import Reader
from pullquote.answering.retrieval.searcher import SearchResult
from pullquote.english.values.names import normalise
from pullquote.index.services import rebuild_index
from pullquote.newsroom.assistant import Assistant
from pullquote.newsroom.watchlist.files import READ
from pullquote.newsroom.watchlist.models import WatchChange, WatchReport
from pullquote.newsroom.watchlist.watchlist import Watchlist
from pullquote.schema import Answer, Reply
from pullquote.schema.settings import Settings

NEWS = Path("../shared/data/news")
PLANTED = 2
"""Articles withdrawn, and articles changed, in each slice of the second half."""


class RecordingAssistant(Assistant):
    """An assistant that records its replies."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.replies: dict[str, Reply] = {}

    def read(self, found: SearchResult, *, reader: Reader | None = None) -> Reply:
        """The answers to a question."""
        reply = super().read(found, reader=reader).model_copy(update={"took_ms": 0.0})
        self.replies[found.query.typed] = reply
        return reply


@dataclass(frozen=True)
class Gold:
    """A question with the article that answers it, and the answers."""

    question: str
    article: str
    answers: Sequence[str]


@dataclass
class Slice:
    """What one rebuild cost, and what was found."""

    articles: int
    rebuild: float
    ours: WatchReport
    full: WatchReport
    counts: Counter[str] = field(default_factory=Counter)


def golds(news: Path, wanted: int) -> list[Gold]:
    """The questions, taken evenly from the file; some are not answered by any article."""
    lines = (news / "news-dev.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    step = max(1, len(rows) // wanted)
    return [
        Gold(row["question"], row.get("article") or "", row["answers"])
        for row in rows[::step][:wanted]
    ]


def slices(news: Path, asked: Sequence[Gold], number: int, most: int) -> list[list[str]]:
    """The articles in random order, in slices; those that answer a question are among them."""
    chance = random.Random(20)
    root = news / "articles"
    every = sorted(path.relative_to(root).as_posix() for path in root.rglob("*.txt"))
    wanted = {gold.article for gold in asked} & set(every)
    others = [one for one in every if one not in wanted]
    chosen = sorted(wanted) + chance.sample(others, min(len(others), max(0, most - len(wanted))))
    chance.shuffle(chosen)
    size = -(-len(chosen) // number)
    return [chosen[at : at + size] for at in range(0, len(chosen), size)]


class Replay:
    """A corpus that grows, with two watchlists over it."""

    def __init__(
        self, news: Path, folder: Path, asked: Sequence[Gold], changes: list[dict[str, object]]
    ) -> None:
        self._news, self._changes = news, changes
        self._corpus, self._index = folder / "corpus", folder / "index"
        self._corpus.mkdir()
        self._folders = {name: folder / name for name in ("ours", "full")}
        self._before: dict[str, Reply] = {}
        for name in self._folders:
            for gold in asked:
                self._watchlist(name).add(gold.question)

    def _settings(self, name: str) -> Settings:
        return Settings(corpus=self._corpus, index=self._index, watchlist=self._folders[name])

    def _watchlist(self, name: str) -> Watchlist:
        return Watchlist(settings=self._settings(name))

    def add(self, articles: Sequence[str], planted: Sequence[Gold]) -> Slice:
        """Rebuild with more articles, of which some are withdrawn or changed, and ask."""
        expected = self._plant(planted)
        for one in articles:
            path = self._corpus / one
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(self._news / "articles" / one, path)
        touched = {*articles, *expected.values()}
        started = time.perf_counter()
        report = rebuild_index(self._corpus, self._index)
        seconds = time.perf_counter() - started
        ours, replies = self._run("ours")
        full, again = self._run("full")
        done = Slice(report.articles, round(seconds, 2), ours, full)
        self._judge(done, replies, again, touched, expected)
        self._before = again
        return done

    def _plant(self, planted: Sequence[Gold]) -> dict[str, str]:
        """Withdraw the first of the articles and change the others; the questions affected."""
        expected = {}
        for number, gold in enumerate(planted):
            path, best = self._corpus / gold.article, self._best(gold)
            cited = [] if best is None else [one.article for one in best.citations]
            if best is None or not path.exists() or set(cited) != {gold.article}:
                continue
            expected[gold.question] = gold.article
            text = path.read_text("utf-8", errors="replace")
            if number < PLANTED:
                path.unlink()
            else:
                path.write_text(text.replace(best.text, "something else entirely"), "utf-8")
        return expected

    def _best(self, gold: Gold) -> Answer | None:
        before = self._before.get(gold.question)
        return None if before is None else before.best

    def _run(self, name: str) -> tuple[WatchReport, dict[str, Reply]]:
        if name == "full":
            (self._folders[name] / READ).unlink(missing_ok=True)
        with RecordingAssistant(self._settings(name)) as assistant:
            assistant.ask("who won?")  # opens all models
            assistant.replies.clear()
            return self._watchlist(name).run(assistant), assistant.replies

    def _judge(
        self,
        done: Slice,
        replies: dict[str, Reply],
        again: dict[str, Reply],
        touched: set[str],
        expected: dict[str, str],
    ) -> None:
        counts = done.counts
        counts["replies"] = sum(replies.get(question) != one for question, one in again.items())
        ours, full = ({_facts(one) for one in report.changes} for report in (done.ours, done.full))
        counts["missed"] += len(full - ours)
        counts["false"] += len(ours - full)
        loud = {one.question for one in done.ours.changes}
        quiet = {one.question: one.kind for one in done.ours.quiet}
        for question, now in again.items():
            before = self._before.get(question)
            if before is None:
                continue
            differs = _shown(before) != _shown(now)
            counts["differ"] += differs
            if differs and question not in loud:
                counts["missed"] += question not in quiet and not _alike(before, now)
                counts[f"quiet: {quiet.get(question, 'same value in other words')}"] += 1
            counts["false"] += question in loud and _all(before) == _all(now)
        for change in done.ours.changes:
            counts[f"reported: {change.kind}"] += 1
            cited = {one.citation.article for one in (change.old, change.new) if one is not None}
            known = cited | _articles(again[change.question])
            counts["unexplained"] += not known & touched
            self._changes.append(
                {"touched": bool(known & touched), **change.model_dump(mode="json")}
            )
        counts["planted"] = len(expected)
        counts["planted, reported"] = len(expected.keys() & loud)


def _facts(change: WatchChange) -> str:
    return repr(change.model_dump(exclude={"at", "generation"}))


def _shown(reply: Reply) -> tuple[object, ...]:
    best = reply.best
    return () if best is None else (normalise(best.text), best.status)


def _all(reply: Reply) -> tuple[object, ...]:
    items = () if reply.best is None else tuple(normalise(one.text) for one in reply.shown)
    values = tuple((normalise(one.text), one.status) for one in reply.values)
    return (*_shown(reply), items, values)


def _alike(before: Reply, now: Reply) -> bool:
    """Whether one of two best answers has all words of the other."""
    if before.best is None or now.best is None:
        return False
    one, other = (set(normalise(best.text).split()) for best in (before.best, now.best))
    return one <= other or other <= one


def _articles(reply: Reply) -> set[str]:
    cited = [*reply.answers[:1], *reply.values]
    found = {citation.article for one in cited for citation in one.citations}
    return found | {citation.article for one in reply.values for citation in one.mentions}


def replayed(
    given: argparse.Namespace, folder: Path, changes: list[dict[str, object]]
) -> Iterator[Slice]:
    """Each slice in turn; what changed is added to `changes`."""
    asked = golds(given.news, given.questions)
    replay = Replay(given.news, folder, asked, changes)
    if given.embeddings is not None:
        (folder / "index").mkdir()
        shutil.copyfile(given.embeddings / "embeddings.db", folder / "index" / "embeddings.db")
    chance = random.Random(5)
    waiting = [gold for gold in asked if gold.answers]
    chance.shuffle(waiting)
    parts = slices(given.news, asked, given.slices, given.articles)
    for number, part in enumerate(parts):
        planted = []
        if number >= len(parts) // 2:
            planted, waiting = waiting[: 2 * PLANTED], waiting[2 * PLANTED :]
        yield replay.add(part, planted)


def _row(number: int, done: Slice) -> list[object]:
    ours, full, counts = done.ours, done.full, done.counts
    total = ours.passages_read + ours.passages_reused
    return [
        number,
        f"{done.articles:,}",
        f"{done.rebuild:.1f}",
        f"{ours.seconds:.1f}",
        f"{full.seconds:.1f}",
        f"{ours.passages_read / max(1, total):.0%}",
        counts["replies"],
        counts["differ"],
        len(ours.changes),
        counts["missed"],
        counts["false"],
        counts["unexplained"],
        f"{counts['planted, reported']}/{counts['planted']}",
    ]


HEADS = (
    *("slice", "articles", "rebuild s", "watchlist s", "all again s", "passages read"),
    *("replies unequal", "differ", "reported", "missed", "false", "unexplained", "planted"),
)


def main() -> None:
    """Replay, and print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("news", nargs="?", type=Path, default=NEWS)
    parser.add_argument("--slices", type=int, default=10)
    parser.add_argument("--questions", type=int, default=50)
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--embeddings", type=Path)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    rows, kinds = [], Counter[str]()
    changes: list[dict[str, object]] = []
    print(f"{machine()}\n")
    with TemporaryDirectory() as folder:
        for number, done in enumerate(replayed(given, Path(folder), changes), 1):
            rows.append(_row(number, done))
            kinds += Counter({k: n for k, n in done.counts.items() if ": " in k})
            print(*rows[-1], flush=True)
    if given.out is not None:
        lines = (json.dumps(one, ensure_ascii=False) for one in changes)
        given.out.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    print(f"\n{table(HEADS, rows)}\n")
    print(table(("change", "number"), sorted(kinds.items())))


if __name__ == "__main__":
    main()
