"""Lexical search: BM25 by hand, and questions without a query syntax."""

from __future__ import annotations

import math
import random
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from conftest import scratch
from pullquote.english.terms import content_terms, terms
from pullquote.index.folder import lexical
from pullquote.index.folder.lexical import HEADLINE_WEIGHT, LexicalIndex
from pullquote.index.folder.segments.postings import Postings, PostingsWriter
from pullquote.schema import Passage, Role
from strategies import hostile_texts


def passages(texts: list[str], *, contexts: list[str] | None = None) -> list[Passage]:
    """A passage of each text, numbered from 1."""
    above = [""] * len(texts) if contexts is None else contexts
    return [
        Passage(passage_id, "a.md", Role.BODY, 0, len(text), text, context)
        for passage_id, (text, context) in enumerate(zip(texts, above, strict=True), start=1)
    ]


@dataclass
class LexicalSegment:
    """The parts of a segment that lexical search uses."""

    passage_ids: npt.NDArray[np.int64]
    postings: Postings
    live: npt.NDArray[np.bool_] | None = None

    def __len__(self) -> int:
        return len(self.passage_ids) if self.live is None else int(self.live.sum())


def write(folder: Path, added: list[Passage]) -> LexicalSegment:
    """Write a segment's postings into an empty folder."""
    writer = PostingsWriter()
    for passage in added:
        writer.add(text=passage.text, context=passage.context)
    writer.write(folder)
    return LexicalSegment(np.array([passage.id for passage in added], np.int64), Postings(folder))


@contextmanager
def postings(texts: list[str], *, contexts: list[str] | None = None) -> Iterator[LexicalIndex]:
    """The postings of some texts, in a folder of their own."""
    with scratch() as folder:
        yield LexicalIndex([write(Path(folder), passages(texts, contexts=contexts))])


def test_bm25_by_hand() -> None:
    """Robertson's formula with k1 = 1.2 and b = 0.75; the mean length here is 8/3 terms."""
    with postings(["tide tide rising", "tide pier boats gull", "pier"]) as index:
        found = index.search(["tide"], k=9, allowed=[None])
    idf = math.log(1 + (3 - 2 + 0.5) / (2 + 0.5))
    twice = idf * 2 * 2.2 / (2 + 1.2 * (0.25 + 0.75 * 3 / (8 / 3)))
    once = idf * 1 * 2.2 / (1 + 1.2 * (0.25 + 0.75 * 4 / (8 / 3)))
    assert found == pytest.approx({1: twice, 2: once}, rel=1e-12)
    assert list(found) == [1, 2]


def test_rarity_by_hand() -> None:
    """The rarity of a term in n of three passages is ln(1 + (3 - n + 0.5) / (n + 0.5))."""
    with postings(["tide pier boat", "tide pier", "tide"]) as index:
        assert index.rarity(["boat", "pier", "tide", "gull"]) == pytest.approx(
            {
                "boat": math.log(1 + 2.5 / 1.5),
                "pier": math.log(1 + 1.5 / 2.5),
                "tide": math.log(1 + 0.5 / 3.5),
                "gull": math.log(1 + 3.5 / 0.5),
            }
        )


def test_a_term_is_unknown_where_neither_text_nor_headline_has_it() -> None:
    """Unknown terms keep the order in which they were given."""
    with postings(["otter came", "gull flew"], contexts=["Mill", "Roof"]) as index:
        assert index.unknown_terms(["zebra", "otter", "roof", "emu"]) == ["zebra", "emu"]


def test_the_headline_counts_half() -> None:
    """A term in the headline finds the passage too, with half the weight of one in the text."""
    assert HEADLINE_WEIGHT == 0.5
    with postings(["pier", "tide"], contexts=["tide", "pier"]) as index:
        found = index.search(["tide"], k=9, allowed=[None])
    assert list(found) == [2, 1]
    assert found[1] == pytest.approx(found[2] / 2)


def test_equal_scores_are_ordered_by_passage_id(tmp_path: Path) -> None:
    """Ties are in order of passage ids, whatever the order of writing."""
    index = LexicalIndex([write(tmp_path, passages(["the tide"] * 20)[::-1])])
    assert list(index.search(["tide"], k=50, allowed=[None])) == list(range(1, 21))


def test_at_most_k_passages_are_found() -> None:
    """Search returns the best passages, at most `k`."""
    with postings(["tide", "tide tide tide pier", "tide tide pier", "pier"]) as index:
        everything = list(index.search(["tide"], k=9, allowed=[None]))
        assert sorted(everything) == [1, 2, 3]
        for k in (1, 2, 3):
            assert list(index.search(["tide"], k=k, allowed=[None])) == everything[:k]


def test_a_decomposed_accent_is_found() -> None:
    """A page with é as two characters is found by a question with é as one."""
    apart = unicodedata.normalize("NFD", "Peñalver café")
    with postings([apart, "pier"], contexts=["", apart]) as index:
        assert set(index.search(content_terms("Peñalver"), k=9, allowed=[None])) == {1, 2}
        assert set(index.search(content_terms(apart), k=9, allowed=[None])) == {1, 2}


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
def test_a_question_is_not_a_query_language(question: str) -> None:
    """No question raises an error, and punctuation has no meaning."""
    with postings(["The tide is low.", "A col of gulls."]) as index:
        found = index.search(content_terms(question), k=9, allowed=[None])
    assert set(found) == {n for n, word in ((1, "tide"), (2, "col")) if word in question}


@settings(max_examples=50)
@given(texts=st.lists(hostile_texts(max_parts=4), max_size=6), question=hostile_texts(max_parts=4))
def test_exactly_the_passages_that_share_a_term_are_found(texts: list[str], question: str) -> None:
    """Exactly the passages with a term of the question in text or headline are found."""
    contexts = texts[1:] + texts[:1]
    wanted = set(content_terms(question))
    with postings(texts, contexts=contexts) as index:
        found = index.search(sorted(wanted), k=99, allowed=[None])
    assert set(found) == {
        passage_id
        for passage_id, (text, context) in enumerate(zip(texts, contexts, strict=True), start=1)
        if wanted & {*terms(text), *terms(context)}
    }
    assert all(score > 0 for score in found.values())


@given(seed=st.integers(0, 2**32 - 1), k=st.integers(1, 30), share=st.sampled_from([0.1, 0.5, 1]))
@example(seed=17820, k=1, share=1)
def test_search_is_brute_force(seed: int, k: int, share: float) -> None:
    """Scores and order equal those of the plain formula, under any filter; ties by passage id.

    Terms are added up in another order here, so ties may differ in the last bit.
    """
    chance = random.Random(seed)
    words = ["tide", "pier", "boat", "gull"]
    texts = [" ".join(chance.choices(words, k=chance.randrange(6))) for _ in range(25)]
    allowed = np.array([chance.random() < share for _ in texts])
    with postings(texts) as index:
        found = index.search(words[:3], k=k, allowed=[allowed])
    split = [text.split() for text in texts]
    mean = sum(map(len, split)) / len(split)
    expected = {}
    for passage_id, passage in enumerate(split, start=1):
        score = 0.0
        for word in words[:3]:
            holding = sum(word in other for other in split)
            idf = math.log(1 + (25 - holding + 0.5) / (holding + 0.5))
            norm = 1.2 * (0.25 + 0.75 * len(passage) / mean)
            score += idf * passage.count(word) * 2.2 / (passage.count(word) + norm)
        if score and allowed[passage_id - 1]:
            expected[passage_id] = score
    best = sorted(expected.values(), reverse=True)[:k]
    assert [expected[passage_id] for passage_id in found] == pytest.approx(best)
    assert list(found.values()) == pytest.approx(best)
    assert list(found) == sorted(found, key=lambda passage_id: (-found[passage_id], passage_id))


def test_filters_do_not_change_scores() -> None:
    """A term that is rare in the corpus has the same weight under a filter."""
    with postings(["tide", "tide pier", "boat"]) as index:
        everywhere = index.search(["tide"], k=9, allowed=[None])
        here = index.search(["tide"], k=9, allowed=[np.array([False, True, True])])
    assert here == {2: everywhere[2]}


@given(seed=st.integers(0, 2**32 - 1))
def test_deleted_passages_leave_no_trace(seed: int) -> None:
    """Scores over segments with deleted passages equal those of a fresh index."""
    chance = random.Random(seed)
    words = ["tide", "pier", "boat", "gull"]
    texts = [" ".join(chance.choices(words, k=chance.randrange(1, 6))) for _ in range(30)]
    every = passages(texts, contexts=[chance.choice(words) for _ in texts])
    deleted = {passage.id for passage in every if chance.random() < 0.3}
    parts = []
    with scratch() as folder:
        for deal in range(3):
            (Path(folder) / str(deal)).mkdir()
            part = write(Path(folder) / str(deal), every[deal::3])
            part.live = np.array(
                [passage_id not in deleted for passage_id in part.passage_ids.tolist()]
            )
            parts.append(part)
        (Path(folder) / "fresh").mkdir()
        remaining = [passage for passage in every if passage.id not in deleted]
        fresh = LexicalIndex([write(Path(folder) / "fresh", remaining)])
        changed = LexicalIndex(parts)
    assert changed.rarity(words) == fresh.rarity(words)
    assert list(changed.search(words, k=9, allowed=[part.live for part in parts]).items()) == list(
        fresh.search(words, k=9, allowed=[None]).items()
    )


@given(seed=st.integers(0, 2**32 - 1), k=st.integers(1, 12), share=st.sampled_from([None, 0.5]))
def test_skipping_common_words_changes_no_score(seed: int, k: int, share: float | None) -> None:
    """Skipping parts of long posting lists changes no score and no rank."""
    rng = np.random.default_rng(seed)
    words = [f"word{n}" for n in range(12)]
    often = 0.9 / np.arange(1, 13) ** 1.2

    texts = [
        " ".join(
            word for word, p in zip(words, often, strict=True) for _ in range(3) if rng.random() < p
        )
        for _ in range(300)
    ]
    mask = None if share is None else rng.random(len(texts)) < share
    asked = [str(word) for word in rng.choice(words, 5, replace=False)]
    with postings(texts) as index, pytest.MonkeyPatch.context() as patch:
        whole = index.search(asked, k=k, allowed=[mask])
        patch.setattr(lexical, "_LONG", 5)
        patch.setattr(lexical, "_ENOUGH", 40)
        assert index.search(asked, k=k, allowed=[mask]) == whole
