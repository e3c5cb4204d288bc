"""Articles, passages and scores as rows in Milvus."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.index.duplicates.signatures import signature_of
from pullquote.schema import Article, Block, Passage, Role
from pullquote.schema.errors import IndexDamaged, IndexUnwritable
from pullquote_milvus.client.tables import (
    ARTICLES,
    MOST_BYTES,
    PIECE_BYTES,
    clipped,
    generation_in_name,
    split_content,
)
from pullquote_milvus.rows import (
    article_rows,
    passage_rows,
    read_article,
    read_passage,
    read_signature,
)
from pullquote_milvus.term_stats import count_terms, scores

TEXT = "The tide turned at noon. The boat had gone."
ARTICLE = Article(
    id="bay/tide.md",
    version="0" * 64,
    text=TEXT,
    title="Tide turns",
    blocks=(Block(role=Role.BODY, start=0, end=len(TEXT)),),
)
PASSAGE = Passage(
    id=-5, article="bay/tide.md", role=Role.BODY, start=0, end=24, text=TEXT[:24], context="Tide"
)


class FakeManifest:
    """The part of a manifest that scores need: ten passages, with four and two terms on average."""

    passages = 10
    mean_lengths = (4.0, 2.0)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200), st.integers(4, 40))
def test_a_text_is_cut_between_characters(text: str, most: int) -> None:
    """The joined pieces equal the text, and none exceeds the limit of Milvus."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pullquote_milvus.client.tables.PIECE_BYTES", most)
        pieces = split_content(text)
    assert "".join(pieces) == text
    assert all(len(piece.encode()) <= most for piece in pieces)
    assert all(pieces) or not text


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("bay_articles_20261126T010203_00abcd", "20261126T010203-00abcd"),
        ("bay_articles_g_20261126T010203_00abcd", None),  # of the index bay_articles
        ("bay_articles_articles_20261126T010203_00abcd", None),
        ("bay_articles", None),
        ("sea_articles_20261126T010203_00abcd", None),
    ],
)
def test_a_collection_belongs_to_one_index(name: str, found: str | None) -> None:
    """A collection of another index is not removed, even if its name begins alike."""
    assert generation_in_name(name, ARTICLES, index="bay") == found


def test_a_long_text_is_clipped_between_characters() -> None:
    """A text of three-byte characters is clipped between characters, two bytes below the limit."""
    long = "€" * MOST_BYTES
    assert clipped(long) == "€" * (MOST_BYTES // 3)
    assert clipped("short") == "short"


@pytest.mark.parametrize("length", [10, PIECE_BYTES, 3 * PIECE_BYTES])
def test_an_article_of_any_length_is_read_back(length: int) -> None:
    """An article is read back completely from one or several rows."""
    text = ("Ebbe und Flut, € 5. " * (length // 20 + 1))[:length]
    block = Block(role=Role.BODY, start=0, end=len(text))
    article = ARTICLE.model_copy(update={"text": text, "blocks": (block,)})
    signature = signature_of(article)
    row, others = article_rows(article, file="tide.md", signature=signature, step=1)
    assert (
        row["pieces"] == len(others) == (len(article.model_dump_json().encode()) - 1) // PIECE_BYTES
    )
    assert read_article(row, [other["content"] for other in others], place="here") == article
    assert read_signature(row).tobytes() == signature.tobytes()


def test_a_damaged_article_is_not_read() -> None:
    """A changed character makes the checksum wrong."""
    row, _ = article_rows(ARTICLE, file="f", signature=signature_of(ARTICLE), step=1)
    row["content"] = row["content"].replace("noon", "moon")
    with pytest.raises(IndexDamaged, match=r"article 'bay/tide\.md'"):
        read_article(row, [], place="here")


def test_a_passage_is_read_back() -> None:
    """Its id may be negative. The row has its terms and those of its headline."""
    vector = np.array([[0.6, 0.8]], np.float32)
    [row] = passage_rows(ARTICLE, [PASSAGE], vector, step=2, place="here")
    assert read_passage(row) == PASSAGE
    assert row["terms"] == "the tide turn at noon\ntide"
    assert row["key"] == "fffffffffffffffb.2"


@pytest.mark.parametrize("vector", [[math.nan, 0], [math.inf, 0], [0, 0], [0.5, 0.5], [1, 0.1]])
def test_an_invalid_vector_is_refused(vector: list[float]) -> None:
    """Milvus would store it and compare it with others."""
    with pytest.raises(IndexUnwritable, match="not 1"):
        passage_rows(ARTICLE, [PASSAGE], np.array([vector], np.float32), step=1, place="here")


def test_a_score_is_bm25_over_text_and_headline() -> None:
    """Worked by hand: "tide" in 2 of 10 passages' texts and in 1 headline, which counts half.

    In the passage it is one of four terms in the text and one of two in the headline, both of mean
    length: idf 1.4816 * 1 + 0.5 * idf 1.9924 * 1.
    """
    found = scores(
        {7: count_terms("the tide turn now\ntide bay"), 8: count_terms("a boat\nbay")},
        ["tide", "nowher"],
        {"ttide": 2, "ctide": 1, "tnowher": 0, "cnowher": 0},
        FakeManifest(),  # type: ignore[arg-type]
    )
    assert found == {7: pytest.approx(math.log(1 + 8.5 / 2.5) + 0.5 * math.log(1 + 9.5 / 1.5))}
