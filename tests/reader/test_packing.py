"""A question and a passage -> token ids, in windows that cover every token."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.answering.reader import ReaderInput
from pullquote.answering.reader.packaged import (
    CONTEXT_TOKENS,
    LONGEST,
    QUESTION_TOKENS,
    SHARED,
    load_tokenizer,
    pack,
)
from pullquote.answering.reader.spans import LONGEST_ANSWER
from shipped import SHIPPED
from strategies import hostile_texts

TOKENIZER = load_tokenizer(SHIPPED)


def tokens(ids: np.ndarray) -> list[str]:
    return [TOKENIZER.id_to_token(int(i)) for i in ids]


def test_a_window_by_hand():
    """A window has question, context and passage, their types, and the passage's offsets."""
    [[packed]] = pack(TOKENIZER, "Who won?", [ReaderInput("Gig race", "Ida Roe won.")])
    assert tokens(packed.ids) == (
        "[CLS] who won ? [SEP] gig race [SEP] ida roe won . [SEP]".split()
    )
    assert packed.types.tolist() == [0] * 5 + [1] * 8
    assert (packed.second, packed.passage) == (5, 8)
    assert packed.offsets.tolist() == [[0, 3], [4, 7], [8, 11], [11, 12]]
    assert packed.ids.dtype == packed.types.dtype == packed.offsets.dtype == np.int64


def test_context_that_is_empty_has_no_separator():
    """Without a headline the passage follows the question."""
    [[packed]] = pack(TOKENIZER, "Who?", [ReaderInput("", "Ida.")])
    assert tokens(packed.ids) == "[CLS] who ? [SEP] ida . [SEP]".split()
    assert packed.passage == packed.second == 4


def test_question_and_context_are_cut():
    """A long question or context keeps its first tokens and leaves room for the passage."""
    [[packed]] = pack(TOKENIZER, "who " * 100, [ReaderInput("gull " * 100, "Ida.")])
    assert packed.second == 1 + QUESTION_TOKENS + 1
    assert packed.passage == packed.second + CONTEXT_TOKENS + 1
    assert tokens(packed.ids[packed.passage :]) == ["ida", ".", "[SEP]"]


@pytest.mark.parametrize("text", ["", "   ", "\u200b\u0301"])
def test_passage_without_a_token_has_no_window(text):
    """A passage without a token has no window; the others stay in order."""
    empty, read = pack(
        TOKENIZER, "Who?", [ReaderInput("Title", text), ReaderInput("Title", "Ida.")]
    )
    assert (empty, len(read)) == ([], 1)


def test_separator_in_an_article_is_text():
    """The text "[SEP]" ends neither the passage nor the question."""
    [[packed]] = pack(TOKENIZER, "Who?", [ReaderInput("", "a [SEP] b")])
    assert tokens(packed.ids) == "[CLS] who ? [SEP] a [ sep ] b [SEP]".split()


def test_a_passage_of_just_one_window_has_one():
    """A passage that fits exactly has one window; one token more makes two."""
    room = LONGEST - len("[CLS] who [SEP]".split()) - 1
    for count, windows in ((room, 1), (room + 1, 2)):
        [packed] = pack(TOKENIZER, "who", [ReaderInput("", "red " * count)])
        assert len(packed) == windows
        assert max(len(window.ids) for window in packed) == LONGEST


def test_an_answer_fits_into_what_two_windows_share():
    """The windows share enough tokens that one of them contains each answer whole."""
    assert LONGEST_ANSWER < SHARED


@given(
    count=st.integers(1, 1500),
    question=st.integers(0, 2 * QUESTION_TOKENS),
    context=st.integers(0, 2 * CONTEXT_TOKENS),
)
def test_windows_hold_every_token_and_share_as_many_as_they_should(count, question, context):
    """Windows are in order, short enough, and neighbours share `SHARED` tokens."""
    text = " ".join(["red"] * count)
    [packed] = pack(TOKENIZER, "who " * question, [ReaderInput("gull " * context, text)])
    tokens = [[start // 4 for start, _ in window.offsets.tolist()] for window in packed]
    assert {number for window in tokens for number in window} == set(range(count))
    assert all(len(window.ids) <= LONGEST for window in packed)
    for left, right in pairwise(tokens):
        assert left[-SHARED:] == right[:SHARED]


@given(text=hostile_texts())
def test_offsets_lie_in_the_passage_in_order(text):
    """Each token has the offsets of its characters in the stored text."""
    for packed in pack(TOKENIZER, "Who?", [ReaderInput("", text)])[0]:
        starts, ends = packed.offsets.T
        assert (starts >= 0).all()
        assert (starts < ends).all()
        assert (ends <= len(text)).all()
        assert (np.diff(starts) >= 0).all()
        assert len(packed.ids) == packed.passage + len(packed.offsets) + 1
