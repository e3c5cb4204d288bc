"""A small pack, and the newsroom that it is from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from conftest import Newsroom, scratch
from pullquote.newsroom.packs import AskedReply, BuiltPack, build_pack
from pullquote.schema import Answer, Article, Citation, Outcome, Reply, Role, Speaker

BODY = (
    "Harbour wall to be rebuilt\n\n"
    "The council agreed on Monday to rebuild the harbour wall. The work will cost 4 million "
    "pounds, Ida Roe said. “Naïve \\<b>& costly\\</b>,” a fisherman called it.\n"
)
FACTS = {"author": "Una Finch", "source": "Harbour Post", "date": "2024-05-01"}
SENTENCE = "The work will cost 4 million pounds, Ida Roe said."
QUOTE = "4 million pounds"


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    """A newsroom with one article."""
    with scratch() as folder:
        room = Newsroom(Path(folder))
        room.write("wall.md", BODY, **FACTS)
        room.rebuild()
        yield room


def reply_of(article: Article) -> AskedReply:
    """The reply that quotes the article twice."""
    start, end = article.text.index(QUOTE), article.text.index(QUOTE) + len(QUOTE)
    name = article.text.index("Ida Roe")
    shared = {
        "article": article.id,
        "title": article.title,
        "published": article.published,
        "source": article.source,
        "role": Role.BODY,
        "author": article.author,
        "version": article.version,
        "url": article.url,
    }
    cost = Citation(
        **shared,
        start=start,
        end=end,
        quote=QUOTE,
        sentence=SENTENCE,
        sentence_start=article.text.index(SENTENCE),
        manner="said",
        speaker=Speaker(name="Ida Roe", start=name, end=name + 7, canonical="Ida Roe"),
    )
    other = article.text.index("Naïve <b>& costly</b>")
    words = article.text[other : other + len("Naïve <b>& costly</b>")]
    called = Citation(
        **shared,
        start=other,
        end=other + len(words),
        quote=words,
        sentence=words,
        sentence_start=other,
    )
    reply = Reply(
        question="What does the <wall> cost?",
        searched_for="what does the wall cost",
        outcome=Outcome.ANSWER,
        answers=(
            Answer(text=QUOTE, confidence=0.9, citations=(cost,)),
            Answer(text=words, confidence=0.5, citations=(called,)),
        ),
        generation="20240501T000000-000000",
        took_ms=12.5,
    )
    return AskedReply(reply, asked=datetime(2024, 5, 31, 12, 0, tzinfo=UTC))


def pack_of(newsroom: Newsroom, *, texts: bool = True) -> BuiltPack:
    """The pack of the newsroom's article."""
    generation = newsroom.open()
    asked = reply_of(generation.article("wall.md"))
    return build_pack([asked], generation, settings={"reader": "packaged"}, texts=texts)
