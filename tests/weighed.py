"""Replies about the invented stories of `tests/data/stories`, with all values of a question.

The values, their articles and their states are those of the stories' questions, and every citation
is of the article's stored text. So views can be tested without a search.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pullquote.answering.answers import cite_at
from pullquote.parsing import read_articles
from pullquote.schema import (
    Answer,
    Article,
    Citation,
    QuestionKind,
    Reply,
    ReportedValue,
    Speaker,
    ValueStatus,
    day_of,
)

STORIES = Path(__file__).parent / "data" / "stories"

CHANGED = ("tram-line", "How has the cost of the tram gone up over time?")
DISPUTED = ("tram-line", "how many people used the tram on opening day?")
CORRECTED = ("tram-line", "How many tram stops are there?")
LONG = ("dam-burst", "how many people died in the pilcarumi dam disaster in the end?")
DATES = ("dam-burst", "How has the planned restart of Pilcarumi been pushed back?")
NAMES = ("wildfire", "What set off the fire on Mount Quirel?")
MIXED = ("wildfire", "How many people in all had to flee the wildfire?")
TWICE = ("fever-school", "number of pupils hospitalised hethering vale total")
"""Questions with values that change, differ or were corrected, each with its story."""


@cache
def story(name: str) -> dict[str, Any]:
    """A story as it is written in its file."""
    found: dict[str, Any] = json.loads((STORIES / f"{name}.json").read_text("utf-8"))
    return found


def write_stories(corpus: Path, *names: str) -> None:
    """Write the articles of some stories as Markdown files, a folder for each story."""
    for name in names:
        folder = corpus / name
        folder.mkdir(parents=True)
        for article in story(name)["articles"]:
            head = {key: article[key] for key in ("title", "source", "published")}
            text = f"---\n{json.dumps(head, ensure_ascii=False)}\n---\n{article['text']}\n"
            (folder / f"{article['id']}.md").write_text(text, encoding="utf-8")


@cache
def articles_of(name: str) -> Mapping[str, Article]:
    """The articles of a story as they are stored, by their ids in the story."""
    with TemporaryDirectory() as folder:
        write_stories(Path(folder), name)
        paths = sorted(Path(folder).rglob("*.md"))
        read = [read_articles(path, id=f"{name}/{path.name}") for path in paths]
        articles = [one for found in read for one in found if isinstance(one, Article)]
    return {Path(one.id).stem: one for one in articles}


def weighed(name: str, question: str, *, best: int | None = None) -> Reply:
    """The reply to a question of a story; its first answer is the value `best`.

    By default that is the current value, or else the first one. For a question about a change, the
    answers are all values in their order.
    """
    gold = next(one for one in story(name)["questions"] if one["question"] == question)
    values = tuple(_value(name, gold, one) for one in gold["values"])
    current = [at for at, one in enumerate(values) if one.status is ValueStatus.CURRENT]
    first = values[best if best is not None else (current or [0])[-1]]
    kind = QuestionKind.CHANGE if gold["kind"] == "change" else QuestionKind.FACT
    order = values if kind is QuestionKind.CHANGE else [first, *_without(values, first)]
    return Reply(
        question=question,
        kind=kind,
        outcome="answer",
        answers=tuple(_answer(one) for one in order),
        values=values,
        generation="20240605T090000-abcdef",
        took_ms=1.0,
    )


def _without(values: Sequence[ReportedValue], one: ReportedValue) -> Iterator[ReportedValue]:
    return (value for value in values if value is not one)


def _answer(value: ReportedValue) -> Answer:
    return Answer(
        text=value.text,
        confidence=0.83,
        citations=value.citations,
        sources=value.sources,
        first_reported=value.first_reported,
        last_reported=value.last_reported,
        status=value.status,
        correction=value.correction,
    )


def _value(name: str, gold: dict[str, Any], given: dict[str, Any]) -> ReportedValue:
    forms = given["value"]
    citations = list(_cited(name, given["articles"], forms, gold))
    status = ValueStatus(given["status"])
    correction = None
    if status is ValueStatus.CORRECTED:
        correction = next(_cited(name, given["rejected_in"], forms, gold), None)
    days = [day for one in citations if (day := day_of(one.published)) is not None]
    return ReportedValue(
        text=citations[0].quote,
        status=status,
        first_reported=min(days),
        last_reported=max(days),
        sources=len({_origin(name, one) for one in citations}),
        citations=tuple(citations),
        correction=correction,
    )


def _origin(name: str, cited: Citation) -> str:
    id = Path(cited.article).stem
    return next(str(one["origin"]) for one in story(name)["articles"] if one["id"] == id)


def _cited(
    name: str, ids: Sequence[str], forms: Sequence[str], gold: dict[str, Any]
) -> Iterator[Citation]:
    """The first place of a value in each of some articles, oldest first."""
    articles = articles_of(name)
    for id in sorted(ids, key=lambda one: (articles[one].published or date.min, one)):
        article = articles[id]
        sentences = [one["sentence"] for one in gold["evidence"] if one["article"] == id]
        near = [at for one in sentences if (at := article.text.find(one)) >= 0]
        for form in forms:
            pattern = re.compile(rf"(?<!\w){re.escape(form)}(?!\w)", re.IGNORECASE)
            places = [found.span() for found in pattern.finditer(article.text)]
            if places:
                best = min(places, key=lambda place: _distance(place[0], near))
                yield _with_speaker(cite_at(article, range(*best)), article, gold)
                break


def _distance(at: int, near: Sequence[int]) -> int:
    return min((abs(at - one) for one in near), default=at)


def _with_speaker(cited: Citation, article: Article, gold: dict[str, Any]) -> Citation:
    """The citation with the question's speaker, if the sentence names them."""
    name = gold["speaker"]
    at = -1 if name is None else cited.sentence.find(name)
    if at < 0:
        return cited
    start = cited.sentence_start + at
    speaker = Speaker(name=name, start=start, end=start + len(name), canonical=name)
    return cited.model_copy(update={"speaker": speaker, "manner": gold["manner"]})
