"""Retrieval over a small corpus, and collapsing by hand."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given

from conftest import FakeEncoder, Newsroom, scratch
from pullquote.answering.retrieval.retriever import Retriever, collapse
from pullquote.index import Generation
from pullquote.schema import Filters, Hit, Role
from pullquote.schema.fusion import Fusion
from strategies import body, hostile_texts, passage


def test_near_equal_passages_collapse_by_hand() -> None:
    """Passages of one article collapse if they share half of the shorter one or more."""
    found = body("x" * 300)
    best = passage(found, 100, 200)
    others = [
        passage(found, 150, 250),  # shares 50 of 100
        passage(found, 120, 130),  # stands inside
        passage(found, 0, 300),  # stands around
        passage(found, 151, 251),  # shares 49 of 100
        passage(found, 0, 100),  # touches
        passage(body("x" * 300, id="b.md"), 100, 200),  # another article
    ]
    assert list(collapse([best, *others])) == [best, *others[3:]]


def test_collapsing_compares_with_returned_passages_only() -> None:
    """A passage that is near only to a dropped one is still a hit."""
    found = body("x" * 300)
    chain = [passage(found, at, at + 100) for at in (0, 50, 100)]
    assert list(collapse(chain)) == [chain[0], chain[2]]


TOPICS = ("tide", "pier", "boat", "gull", "ferry", "lighthouse", "herring", "storm")


@pytest.fixture(scope="module")
def generation() -> Iterator[Generation]:
    """Forty articles, five on each topic, one with a comment."""
    with scratch() as folder:
        newsroom = Newsroom(Path(folder))
        for n in range(40):
            topic = TOPICS[n % 8]
            newsroom.write(
                f"{n:02}.md",
                f"The {topic} was seen on day {n}. Nobody knows why the {topic} came.\n\n"
                "## Comments\n\n**Gull** | 4 June 2024 - 11:05:09\n\nI saw it, the ferry.",
                title=f"News of the {topic}",
                source="Harbour Post" if n % 2 else "Gazette",
                section="Sea",
                date=f"2024-06-{n % 28 + 1:02}",
            )
        newsroom.rebuild()
        with closing(newsroom.open()) as opened:
            yield opened


@pytest.fixture
def retriever(encoder: FakeEncoder) -> Retriever:
    """A retriever that takes fifty passages from each search."""
    return Retriever(encoder, candidates=50, rrf_k=60)


def retrieve(
    retriever: Retriever,
    generation: Generation,
    text: str,
    *,
    k: int = 10,
    filters: Filters | None = None,
) -> list[Hit]:
    """The hits for a question as typed."""
    chosen = Filters() if filters is None else filters
    question = retriever.question(text, generation)
    return retriever.retrieve(question, generation, k=k, filters=chosen)


def test_the_right_passage_is_found(retriever: Retriever, generation: Generation) -> None:
    """The words of a passage find it, with its article's metadata and all scores."""
    best = retrieve(retriever, generation, "When was the lighthouse seen on day 13?")[0]
    assert best.passage.text.startswith("The lighthouse was seen on day 13.")
    assert best.article == generation.article("13.md")
    assert (best.article.source, best.article.published) == ("Harbour Post", date(2024, 6, 14))
    assert best.bm25 is not None
    assert best.bm25 > 0
    assert 1 / 61 < best.fused_score <= 2 / 61


def test_scores_are_what_their_names_say(
    retriever: Retriever, generation: Generation, encoder: FakeEncoder
) -> None:
    """Cosine, bm25 and fused score of every hit equal a separate computation."""
    text, everything = "Why did the herring come on day 6?", generation.manifest.passages
    hits = retrieve(retriever, generation, text, k=30)
    vector = encoder.encode_question(text)
    near = generation.nearest(vector, k=50, filters=Filters())
    matching = generation.matching(
        list(retriever.question(text, generation).rarity), k=50, filters=Filters()
    )
    fused = Fusion.RECIPROCAL_RANK.fuse([near, matching], k=60)
    cosines = generation.nearest(vector, k=everything, filters=Filters())
    assert [hit.fused_score for hit in hits] == sorted(
        (hit.fused_score for hit in hits), reverse=True
    )
    for hit in hits:
        number = hit.passage.id
        assert hit.fused_score == fused[number]
        assert hit.bm25 == matching.get(number)
        assert hit.cosine == pytest.approx(cosines[number], abs=1e-6)
        context = encoder.encode([f"{hit.passage.context}\n{hit.passage.text}"])[0]
        assert hit.cosine == pytest.approx(float(np.dot(context, vector)), abs=1e-6)


@pytest.mark.parametrize("k", [1, 3, 20, 40, 100])
def test_k_is_the_most_that_is_returned(
    encoder: FakeEncoder, generation: Generation, k: int
) -> None:
    """`k` hits are returned even if it is above `candidates`."""
    retriever = Retriever(encoder, candidates=5, rrf_k=60)
    hits = retrieve(retriever, generation, "the tide and the boat", k=k)
    assert len(hits) == min(k, 40)


def test_fewer_hits_are_the_first_of_more(retriever: Retriever, generation: Generation) -> None:
    """Three hits are the first three of fifty."""
    hits = retrieve(retriever, generation, "the tide and the boat", k=50)
    assert retrieve(retriever, generation, "the tide and the boat", k=3) == hits[:3]


def test_a_question_without_terms_still_finds(retriever: Retriever, generation: Generation) -> None:
    """Punctuation alone matches no word; the nearest vectors are found, and bm25 is None."""
    hits = retrieve(retriever, generation, "\U0001f469\u200d\U0001f467 ?!", k=5)
    assert [hit.bm25 for hit in hits] == [None] * 5


@given(text=hostile_texts())
def test_any_question_is_answered_in_order(generation: Generation, text: str) -> None:
    """No text raises; hits are distinct, exact, best first and no comments."""
    hits = retrieve(Retriever(FakeEncoder(), candidates=20, rrf_k=60), generation, text)
    assert len({hit.passage.id for hit in hits}) == len(hits) == 10
    assert [hit.fused_score for hit in hits] == sorted(
        (hit.fused_score for hit in hits), reverse=True
    )
    for hit in hits:
        assert hit.passage.text == hit.article.text[hit.passage.start : hit.passage.end]
        assert hit.passage.role is not Role.COMMENT


def test_filters_hold_in_both_halves(retriever: Retriever, generation: Generation) -> None:
    """Neither search returns a passage that the filters exclude."""
    filters = Filters(
        sources=("harbour post",),
        since=date(2024, 6, 10),
        until=date(2024, 6, 20),
        roles=(Role.BODY,),
    )
    hits = retrieve(retriever, generation, "the ferry", k=100, filters=filters)
    expected = {f"{n:02}.md" for n in range(1, 40, 2) if 10 <= n % 28 + 1 <= 20}
    assert {hit.article.id for hit in hits} == expected
    assert {hit.passage.role for hit in hits} == {Role.BODY}


def test_comments_come_when_asked_for(retriever: Retriever, generation: Generation) -> None:
    """A sentence of a comment is found only if comments are asked for."""
    asked = "Who saw the ferry?"
    without = retrieve(retriever, generation, asked, k=100)
    having = retrieve(retriever, generation, asked, k=200, filters=Filters(comments=True))
    assert Role.COMMENT not in {hit.passage.role for hit in without}
    assert sum(hit.passage.role is Role.COMMENT for hit in having) == 40


def test_filters_that_leave_nothing_find_nothing(
    retriever: Retriever, generation: Generation
) -> None:
    """An unknown source finds nothing."""
    assert retrieve(retriever, generation, "the tide", filters=Filters(sources=("Nobody",))) == []


def test_the_same_question_gives_the_same_hits(
    retriever: Retriever, generation: Generation
) -> None:
    """Invariant 6 holds for repetitions, another retriever and many threads."""
    asked = [f"Why did the {topic} come on day {n}?" for n in range(6) for topic in TOPICS]
    expected = [retrieve(retriever, generation, text) for text in asked]
    other = Retriever(FakeEncoder(), candidates=50, rrf_k=60)
    assert [retrieve(other, generation, text) for text in asked] == expected
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda text: retrieve(retriever, generation, text), asked * 3))
    assert found == expected * 3


def test_a_question_carries_its_terms_and_their_rarity(
    retriever: Retriever, generation: Generation
) -> None:
    """The rarity of terms comes from the generation's corpus."""
    question = retriever.question("Why was the TIDE nowhere?", generation)
    assert question.text == "Why was the TIDE nowhere?"
    assert list(question.rarity) == ["tide", "nowher"]
    assert question.rarity == generation.lexical.rarity(["tide", "nowher"])
    assert question.rarity["nowher"] > question.rarity["tide"] > 0
