"""Parts that call the Python API: replies, conversations, attributions, quotations, articles."""

from __future__ import annotations

import inspect
import json
import re
import shutil
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby, islice
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

import pullquote
from benchmarks.behaviour.recording import ROOT
from benchmarks.moved import cases_of
from pullquote import Assistant, PullquoteError, Settings
from pullquote.evaluate import read_questions
from pullquote.evaluate.gold_file import evaluation_corpus
from pullquote.parsing import stream_articles

Unit = tuple[str, object]
One = TypeVar("One")

TESTS = ROOT / "tests" / "data"
PAGES = 100
"""Web pages of the data that are parsed."""
_CONTEXT = 200


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the data and the indexes are; `work` is an empty folder of this run."""

    data: Path
    work: Path
    news: Path
    sample: Path
    limit: int | None = None

    def first(self, units: Iterable[One]) -> Iterator[One]:
        """The units, or only as many as the limit says."""
        return islice(units, self.limit)


def _lines(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def tried(call: Callable[[], object]) -> object:
    """What a call returns, or the error that it raises."""
    try:
        return call()
    except PullquoteError as error:
        return {"error": type(error).__name__, "says": str(error)}


def _replies(assistant: Assistant, files: Sequence[Path], sources: Sources) -> Iterator[Unit]:
    for file in files:
        for gold in sources.first(read_questions(file)):
            ask = partial(assistant.ask, gold.question, filters=gold.filters)
            yield f"{file.stem} {gold.id}", tried(ask)


def replies_news(sources: Sources) -> Iterator[Unit]:
    """The whole reply to each question over the news articles."""
    news = sources.data / "news"
    files = [news / f"{name}-dev.jsonl" for name in ("news", "roles", "everyday")]
    with pullquote.open(sources.news) as assistant:
        yield from _replies(assistant, [one for one in files if one.exists()], sources)


def replies_sample(sources: Sources) -> Iterator[Unit]:
    """The whole reply to each question of the tests, over the sample articles and the stories."""
    with pullquote.open(sources.sample) as assistant:
        yield from _replies(assistant, [TESTS / "questions.jsonl"], sources)
    stories = TESTS / "stories"
    with evaluation_corpus(stories, corpora=(), index=None) as made:
        pullquote.rebuild_index(made.corpus, made.index)
        with pullquote.open(made.index) as assistant:
            yield from _replies(assistant, [stories], sources)


def _report_text(assistant: Assistant, questions: Sequence[str]) -> list[object]:
    """The turns of a conversation: what was searched for, with which filters, and the answers."""
    session = assistant.conversation()
    turns = []
    for question in questions:
        reply = session.ask(question)
        turn = session.turns[-1]
        firsts = [(one.text, one.citations[0].article) for one in reply.answers[:3]]
        turns.append({"searched": turn.searched, "filters": turn.filters, "as_of": reply.as_of,
                      "outcome": reply.outcome, "answers": firsts})  # fmt: skip
    return turns


def conversations_news(sources: Sources) -> Iterator[Unit]:
    """The turns of conversations over the news articles."""
    with pullquote.open(sources.news) as assistant:
        for talk in sources.first(_lines(sources.data / "news" / "conversations-dev.jsonl")):
            asked = [turn["question"] for turn in talk["turns"]]
            yield talk["id"], tried(lambda asked=asked: _report_text(assistant, asked))


def conversations_sample(sources: Sources) -> Iterator[Unit]:
    """The turns of the tests' conversations, whose last one is a follow-up."""
    with pullquote.open(sources.sample) as assistant:
        talks = [[*(t["question"] for t in row["turns"]), row["question"]]
                 for row in _lines(TESTS / "followups.jsonl")]  # fmt: skip
        for _, alike in sources.first(groupby(talks, key=lambda one: one[:-1])):
            for asked in alike:
                yield " / ".join(asked), tried(lambda asked=asked: _report_text(assistant, asked))


def attributions(sources: Sources) -> Iterator[Unit]:
    """The attributions of the newsroom's articles, and of political news if it is there."""
    files = [ROOT / "training" / "newsroom.jsonl", sources.data / "newsroom" / "newsroom.jsonl"]
    for file in (*files, sources.data / "attribution" / "dev.jsonl"):
        rows = _lines(file) if file.exists() else []
        for row in sources.first(rows):
            name = row.get("id") or row["article"]
            text = row["text"]
            yield f"{file.parent.name} {name}", tried(lambda text=text: pullquote.attribute(text))


def quotes_news(sources: Sources) -> Iterator[Unit]:
    """The report on each quotation of the data as a draft, and where quotations have moved."""
    quotes = sources.data / "quotes"
    rows = list(sources.first(_lines(quotes / "quotes-dev.jsonl")))
    for at in range(0, len(rows), 25):
        text = "\n\n".join(f"“{row['quote']}”" for row in rows[at : at + 25])
        yield f"draft {at}", tried(lambda text=text: pullquote.check(text, sources.news))
    for at, case in enumerate(sources.first(cases_of(quotes / "moved-dev.jsonl"))):
        before = case.old[max(0, case.start - _CONTEXT) : case.start]
        after = case.old[case.end : case.end + _CONTEXT]
        found = pullquote.relocate(
            case.new, quote=case.quote, start=case.start, before=before, after=after
        )
        yield f"moved {at}", found


def quotes_sample(sources: Sources) -> Iterator[Unit]:
    """The sample articles as drafts, as they are and with words changed; verified citations."""
    corpus, edited = ROOT / "corpus", sources.work / "edited"
    shutil.copytree(corpus, edited)
    for path in sorted(edited.rglob("*.md"))[::2]:
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(" was ", " had been "), encoding="utf-8")
    for path in sources.first(sorted(edited.rglob("*.md"))):
        text = path.read_text(encoding="utf-8")
        checked = tried(lambda text=text: pullquote.check(text, sources.sample))
        yield f"draft {path.relative_to(edited)}", checked
    pullquote.rebuild_index(edited, sources.work / "edited-index")
    saved = sources.work / "saved.json"
    with pullquote.open(sources.sample) as assistant:
        for gold in sources.first(read_questions(TESTS / "questions.jsonl")[::5]):
            saved.write_text(assistant.ask(gold.question).model_dump_json(), encoding="utf-8")
            for index in (sources.sample, sources.work / "edited-index"):
                name = f"verified {gold.id} {index.name}"
                yield name, tried(lambda index=index: pullquote.verify(saved, index))


def articles(sources: Sources) -> Iterator[Unit]:
    """The parsed articles of the tests' files and of documents of the data, if they are there."""
    folders = [TESTS / "articles", ROOT / "corpus"]
    pages = sorted((sources.data / "web" / "pages").glob("*.html"))[:PAGES]
    rest = [sorted((sources.data / "documents" / name).iterdir())
            for name in ("eml", "feeds", "rtf", "pdf", "fundus")
            if (sources.data / "documents" / name).is_dir()]  # fmt: skip
    files = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    chosen = [files, pages, *(some[:25] for some in rest)]
    for path in (path for some in chosen for path in sources.first(some)):

        def parsed(path: Path = path) -> list[object]:
            found = stream_articles(path, id=path.name)
            return [one if isinstance(one, pullquote.Article) else str(one) for one in found]

        yield f"{path.parent.name}/{path.name}", tried(parsed)


def names(_: Sources) -> Iterator[Unit]:
    """The public names with their signatures, the entry points, and the settings' schema."""
    for name in pullquote.__all__:
        public = getattr(pullquote, name)
        if inspect.isclass(public) and issubclass(public, BaseModel):
            public.model_rebuild()  # it has no signature of its own until it is first used
        yield name, _signature(public)
        if inspect.isclass(public):
            inherited = (each for each in public.__mro__ if each.__module__.startswith("pullquote"))
            for member in sorted({member for each in inherited for member in vars(each)}):
                if not member.startswith("_"):
                    yield f"{name}.{member}", _signature(getattr(public, member, None))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    yield "entry points", [project["scripts"], project["entry-points"]]
    yield "settings", Settings.model_json_schema()


def _signature(public: object) -> str:
    """How it is called, without the modules of its types; texts as themselves."""
    if not callable(public):
        return type(public).__name__ if not isinstance(public, str) else str(public)
    try:
        return re.sub(r"\bpullquote\.[\w.]*?(\w+)\b(?!\.)", r"\1", str(inspect.signature(public)))
    except (TypeError, ValueError):
        return type(public).__name__
