"""Lexical search: BM25 by hand, and no text that is a query language."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import scratch
from pullquote.errors import IndexDamaged
from pullquote.index.lexical import HEADLINE_WEIGHT, LexicalIndex, LexicalWriter
from pullquote.index.store import Row
from pullquote.schema import Filters, Passage, Role
from pullquote.terms import content_terms, terms
from strategies import hostile_texts

ALL = Filters(comments=True)


def passages(texts: list[str], *, contexts: list[str] | None = None) -> list[Passage]:
    """A passage of each text, numbered from 1."""
    above = [""] * len(texts) if contexts is None else contexts
    return [
        Passage(number, "a.md", Role.BODY, 0, len(text), text, context)
        for number, (text, context) in enumerate(zip(texts, above, strict=True), start=1)
    ]


def write(folder: Path, added: list[Passage]) -> LexicalIndex:
    """The postings of some passages, in a folder that had none."""
    writer = LexicalWriter(folder)
    for passage in added:
        writer.add(passage, Row(passage.id, passage.role, None, None, None))
    writer.close()
    return LexicalIndex(folder)


@contextmanager
def postings(texts: list[str], *, contexts: list[str] | None = None) -> Iterator[LexicalIndex]:
    """The postings of some texts, in a folder of their own."""
    with scratch() as folder:
        yield write(Path(folder), passages(texts, contexts=contexts))


def test_bm25_by_hand() -> None:
    """Robertson's formula with k1 = 1.2 and b = 0.75; the mean length here is 8/3 terms."""
    with postings(["tide tide rising", "tide pier boats gull", "pier"]) as index:
        found = index.search(["tide"], k=9, filters=ALL)
    idf = math.log(1 + (3 - 2 + 0.5) / (2 + 0.5))
    twice = idf * 2 * 2.2 / (2 + 1.2 * (0.25 + 0.75 * 3 / (8 / 3)))
    once = idf * 1 * 2.2 / (1 + 1.2 * (0.25 + 0.75 * 4 / (8 / 3)))
    assert found == pytest.approx({1: twice, 2: once}, rel=1e-5)
    assert list(found) == [1, 2]


def test_rarity_by_hand() -> None:
    """In one, two, all and none of three passages: ln(1 + (3 - n + 0.5) / (n + 0.5))."""
    with postings(["tide pier boat", "tide pier", "tide"]) as index:
        assert index.rarity(["boat", "pier", "tide", "gull"]) == pytest.approx(
            {
                "boat": math.log(1 + 2.5 / 1.5),
                "pier": math.log(1 + 1.5 / 2.5),
                "tide": math.log(1 + 0.5 / 3.5),
                "gull": math.log(1 + 3.5 / 0.5),
            }
        )


def test_the_headline_counts_half() -> None:
    """A term above the text finds the passage too, with half the weight of one in it."""
    assert HEADLINE_WEIGHT == 0.5
    with postings(["pier", "tide"], contexts=["tide", "pier"]) as index:
        found = index.search(["tide"], k=9, filters=ALL)
    assert list(found) == [2, 1]
    assert found[1] == pytest.approx(found[2] / 2)


def test_equal_scores_stand_in_order_of_numbers(tmp_path: Path) -> None:
    """Whatever the order in which they were written."""
    index = write(tmp_path, passages(["the tide"] * 20)[::-1])
    assert list(index.search(["tide"], k=50, filters=ALL)) == list(range(1, 21))


def test_k_is_the_most_that_is_found() -> None:
    """The best ones, no more than asked for."""
    with postings(["tide", "tide tide tide pier", "tide tide pier", "pier"]) as index:
        everything = list(index.search(["tide"], k=9, filters=ALL))
        assert sorted(everything) == [1, 2, 3]
        for k in (1, 2, 3):
            assert list(index.search(["tide"], k=k, filters=ALL)) == everything[:k]


def test_an_accent_that_stands_apart_is_found() -> None:
    """A page saved by a Mac writes é as two characters; a question seldom does."""
    apart = unicodedata.normalize("NFD", "Peñalver café")
    with postings([apart, "pier"], contexts=["", apart]) as index:
        assert set(index.search(content_terms("Peñalver"), k=9, filters=ALL)) == {1, 2}
        assert set(index.search(content_terms(apart), k=9, filters=ALL)) == {1, 2}


@pytest.mark.parametrize(
    "question",
    [
        'fox"',
        "col:x",
        "text:tide AND context:tide",
        "AND OR NOT",
        "*",
        "tide^2 ~1 [a TO b] {x} (((",
        "+tide -pier \\",
        "\U0001f469\u200d\U0001f469\u200d\U0001f467",
        "\0",
        "",
        " ".join(f"word{n}" for n in range(10_000)),
        "a" * 100_000,
    ],
    ids=lambda question: ascii(question[:12]),
)
def test_a_question_is_no_query_language(question: str) -> None:
    """Nothing that a person can type raises, and signs mean nothing."""
    with postings(["The tide is low.", "A col of gulls."]) as index:
        found = index.search(content_terms(question), k=9, filters=ALL)
    assert set(found) == {n for n, word in ((1, "tide"), (2, "col")) if word in question}


@settings(max_examples=50)
@given(texts=st.lists(hostile_texts(max_parts=4), max_size=6), question=hostile_texts(max_parts=4))
def test_found_is_what_shares_a_term(texts: list[str], question: str) -> None:
    """Those passages with a term of the question in text or headline, all of them and no other."""
    contexts = texts[1:] + texts[:1]
    wanted = set(content_terms(question))
    with postings(texts, contexts=contexts) as index:
        found = index.search(sorted(wanted), k=99, filters=ALL)
        assert len(index) == len(texts)
    assert set(found) == {
        number
        for number, (text, context) in enumerate(zip(texts, contexts, strict=True), start=1)
        if wanted & {*terms(text), *terms(context)}
    }
    assert all(score > 0 for score in found.values())


@pytest.mark.parametrize("content", [None, b"", b"garbage"])
def test_a_folder_that_is_no_index_is_damage(tmp_path: Path, content: bytes | None) -> None:
    """What tantivy says is told as an error of ours."""
    (tmp_path / "postings").mkdir()
    if content is not None:
        (tmp_path / "postings" / "meta.json").write_bytes(content)
    with pytest.raises(IndexDamaged, match="expected a tantivy index"):
        LexicalIndex(tmp_path)
