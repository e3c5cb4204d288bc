"""Passages are exact, by one author, of the right size, and leave nothing out."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import FakeEncoder
from pullquote.index.passages import (
    STRETCH,
    embedding_text,
    passage_id,
    searched_roles,
    split_passages,
)
from pullquote.schema import Article, Passage, Role
from strategies import Piece, article, articles, body, passage

count_words = FakeEncoder().count_tokens


def split(found: Article, *, budget: int, overlap: int) -> list[Passage]:
    """The passages of an article, with one token a word."""
    return split_passages(found, count_tokens=count_words, budget=budget, overlap=overlap)


def texts(found: Article, *, budget: int, overlap: int) -> list[str]:
    """The texts of an article's passages."""
    return [p.text for p in split(found, budget=budget, overlap=overlap)]


def test_windows_by_hand() -> None:
    """Four sentences of three words: two fit into six words, and neighbours share one."""
    found = body("Tide is low. Boats lie still. Gulls cry loud. Night falls fast.")
    assert texts(found, budget=6, overlap=1) == [
        "Tide is low. Boats lie still.",
        "Boats lie still. Gulls cry loud.",
        "Gulls cry loud. Night falls fast.",
    ]
    assert texts(found, budget=6, overlap=0) == [
        "Tide is low. Boats lie still.",
        "Gulls cry loud. Night falls fast.",
    ]


def test_a_window_stretches_rather_than_leave_a_crumb() -> None:
    """Seven words are within a quarter of six, so the last word needs no window of its own."""
    six, seven = "Tide is low. Boats lie still.", "Tide is low. Boats lie still. Gulls."
    assert texts(body(seven), budget=6, overlap=0) == [seven]
    assert texts(body(f"{six} Gulls cry."), budget=6, overlap=0) == [six, "Gulls cry."]


def test_no_window_stands_inside_the_one_before() -> None:
    """If the shared sentence and the next do not fit together, the shared one is not repeated."""
    found = body(
        "Tide falls. Boats lie very still. Gulls cry so loud all night long. Nobody sleeps."
    )
    assert texts(found, budget=6, overlap=1) == [
        "Tide falls. Boats lie very still.",
        "Gulls cry so loud all night long.",
        "Nobody sleeps.",
    ]


def test_a_sentence_over_the_budget_is_cut_at_white_space() -> None:
    """Twelve words with a budget of five are halved at spaces until each part fits."""
    parts = texts(body("aa bb cc dd ee ff gg hh ii jj kk ll"), budget=4, overlap=0)
    assert parts == ["aa bb cc", "dd ee ff", "gg hh ii", "jj kk ll"]


@given(sizes=st.lists(st.integers(1, 9), max_size=20), overlap=st.integers(0, 4))
def test_windows_share_the_sentences_asked_for(sizes: list[int], overlap: int) -> None:
    """A window begins `overlap` sentences before the end of the last, or as near as size allows."""
    budget = 8
    sentences = ["Ww" + " ww" * (size - 1) + "." for size in sizes]
    found = body(" ".join(sentences))
    starts = [sum(len(s) + 1 for s in sentences[:i]) for i in range(len(sentences))]
    ends = [start + len(s) for start, s in zip(starts, sentences, strict=True)]
    windows = [
        range(starts.index(p.start), ends.index(p.end) + 1)
        for p in split(found, budget=budget, overlap=overlap)
    ]
    assert {i for window in windows for i in window} == set(range(len(sizes)))
    for window in windows:
        assert len(window) == 1 or sum(sizes[i] for i in window) <= budget * STRETCH
    for left, right in pairwise(windows):
        shared = left.stop - right.start
        assert left.start < right.start <= left.stop < right.stop
        assert shared <= overlap
        # One more shared sentence would exceed overlap or budget, or repeat the window.
        longer = sum(sizes[right.start - 1 : left.stop + 1])
        assert shared == overlap or right.start == left.start + 1 or longer > budget


@given(found=articles(), budget=st.integers(1, 12), overlap=st.integers(0, 4))
def test_passages_are_exact(found: Article, budget: int, overlap: int) -> None:
    """Invariant 1: a passage's text is its range of the article, trimmed of white space."""
    for p in split(found, budget=budget, overlap=overlap):
        assert p.article == found.id
        assert p.text == found.text[p.start : p.end]
        assert p.text == p.text.strip() != ""


@given(found=articles(), budget=st.integers(1, 12), overlap=st.integers(0, 4))
def test_passages_keep_to_one_voice(found: Article, budget: int, overlap: int) -> None:
    """Invariant 2: the blocks of a passage all have its role and one author and time."""
    for p in split(found, budget=budget, overlap=overlap):
        touched = [b for b in found.blocks if b.start < p.end and p.start < b.end]
        assert {block.role for block in touched} == {p.role}
        assert len({(block.author, block.time) for block in touched}) == 1


@given(found=articles(), budget=st.integers(1, 12), overlap=st.integers(0, 4))
def test_passages_leave_nothing_out(found: Article, budget: int, overlap: int) -> None:
    """All searched text but white space is in a passage; bylines and boilerplate never are."""
    covered = {
        at
        for p in split(found, budget=budget, overlap=overlap)
        for at in range(p.start, p.end)
        if not found.text[at].isspace()
    }
    assert covered == {
        at
        for block in found.blocks
        if block.role in searched_roles(found)
        for at in range(block.start, block.end)
        if not found.text[at].isspace()
    }


@given(found=articles(), budget=st.integers(1, 12), overlap=st.integers(0, 4))
def test_passages_fit_the_budget(found: Article, budget: int, overlap: int) -> None:
    """A passage has at most a quarter more tokens than its budget."""
    sizes = count_words([p.text for p in split(found, budget=budget, overlap=overlap)])
    assert max(sizes, default=0) <= budget * STRETCH


@given(found=articles(), budget=st.integers(1, 12), overlap=st.integers(0, 4))
def test_passage_numbers_are_unique_and_follow_from_the_place(
    found: Article, budget: int, overlap: int
) -> None:
    """All passages of an article have different ids, and splitting again gives the same ids."""
    made = split(found, budget=budget, overlap=overlap)
    numbers = [p.id for p in made]
    assert len(set(numbers)) == len(numbers)
    assert numbers == [passage_id(p.article, p.role, p.start, p.end) for p in made]
    assert made == split(found, budget=budget, overlap=overlap)


def test_a_passage_number_is_the_same_on_every_machine() -> None:
    """An id is 63 bits of SHA-256 over article, role and range, so every machine computes it."""
    number = passage_id("harbour-post/a.md", Role.BODY, 10, 250)
    assert number == 6765176963855063219
    others = [
        passage_id("harbour-post/b.md", Role.BODY, 10, 250),
        passage_id("harbour-post/a.md", Role.CAPTION, 10, 250),
        passage_id("harbour-post/a.md", Role.BODY, 1, 250),
        passage_id("harbour-post/a.md", Role.BODY, 10, 25),
    ]
    assert len({number, *others}) == 5
    assert all(0 <= other < 2**63 for other in others)


def test_roles_are_never_mixed_by_hand() -> None:
    """Report and caption are separate passages; headline, byline and boilerplate are in none."""
    found = article(
        Piece(Role.HEADLINE, "Tide low"),
        Piece(Role.BYLINE, "By Ida Brandt"),
        Piece(Role.BODY, "It was low."),
        Piece(Role.BODY, "It rose."),
        Piece(Role.CAPTION, "The pier."),
        Piece(Role.BODY, "It fell."),
        Piece(Role.BOILERPLATE, "Subscribe!"),
    )
    made = split(found, budget=20, overlap=1)
    assert [(str(p.role), p.text) for p in made] == [
        ("body", "It was low.\n\nIt rose."),
        ("caption", "The pier."),
        ("body", "It fell."),
    ]


def test_headline_is_a_passage_where_nothing_else_is_reported() -> None:
    """An article of a headline and a comment can still be found by its headline."""
    found = article(
        Piece(Role.HEADLINE, "Tide low"), Piece(Role.COMMENT, "Never.", author="Ida", time=None)
    )
    made = split(found, budget=20, overlap=1)
    assert [(str(p.role), p.text) for p in made] == [
        ("headline", "Tide low"),
        ("comment", "Never."),
    ]


def test_comments_of_two_readers_are_passages_apart() -> None:
    """Paragraphs of one comment are joined, unless they differ in name or time, or have no name."""
    noon, one = datetime(2024, 6, 4, 12, tzinfo=UTC), datetime(2024, 6, 4, 13, tzinfo=UTC)
    found = article(
        Piece(Role.COMMENT, "It was orange.", "Gull", noon),
        Piece(Role.COMMENT, "I held the ladder.", "Gull", noon),
        Piece(Role.COMMENT, "Orange it was.", "Gull", one),
        Piece(Role.COMMENT, "It was red.", "Old Net", one),
        Piece(Role.COMMENT, "Blue."),
        Piece(Role.COMMENT, "No, green."),
    )
    assert texts(found, budget=50, overlap=1) == [
        "It was orange.\n\nI held the ladder.",
        "Orange it was.",
        "It was red.",
        "Blue.",
        "No, green.",
    ]


@pytest.mark.parametrize(
    ("published", "context"),
    [
        (None, "A title"),
        (date(2023, 5, 31), "A title (31 May 2023)"),
        (datetime(2023, 6, 1, 0, 30, tzinfo=UTC), "A title (01 June 2023)"),
    ],
)
def test_context_is_headline_and_day(published: date | None, context: str) -> None:
    """The encoder reads headline and day before the text; they are not part of the passage."""
    [made] = split(body("Low tide.", published=published), budget=9, overlap=0)
    assert (made.context, made.text) == (context, "Low tide.")
    assert embedding_text(made) == f"{context}\nLow tide."


def test_context_names_who_is_quoted() -> None:
    """A comment's or quotation's author precedes the headline; the article's does not."""
    found = article(
        Piece(Role.BODY, "Low tide."),
        Piece(Role.COMMENT, "It lies.", "Gull"),
        published=date(2023, 5, 31),
        authors=("Ida Brandt",),
    )
    assert [p.context for p in split(found, budget=9, overlap=0)] == [
        "A title (31 May 2023)",
        "Gull: A title (31 May 2023)",
    ]


@pytest.mark.parametrize("pieces", [[], [Piece(Role.BYLINE, "By Ida Brandt")]])
def test_an_article_may_have_no_passage(pieces: Sequence[Piece]) -> None:
    """An article without searched text has no passage."""
    assert split(article(*pieces), budget=9, overlap=1) == []


def test_an_article_of_one_word_is_one_passage() -> None:
    """The smallest article is found whole."""
    assert split(body("Tide"), budget=1, overlap=4) == [passage(body("Tide"), context="A title")]


@pytest.mark.parametrize(
    "line",
    [
        "a" * 5_000_000,
        "é" * 4_999_999 + "\U0001f600",
        "word " * 999_999 + "word.",
        "He said so. " * 399_999 + "He did.",
        "a" + " " * 4_999_998 + "b",
    ],
    ids=["no space", "no space, wide", "no stop", "sentences", "a gap"],
)
def test_five_megabytes_on_one_line(line: str) -> None:
    """A file unlike any article is split exactly, into passages of ordinary size, in seconds."""
    started = time.perf_counter()
    made = split(body(line), budget=128, overlap=1)
    assert time.perf_counter() - started < 60  # about 5 s; quadratic time would be hours
    assert (made[0].start, made[-1].end) == (0, len(line))
    assert all(line[p.start : p.end] == p.text for p in made)
    assert all(line[a.end : b.start].strip() == "" for a, b in pairwise(made))
    assert max(len("".join(p.text.split())) for p in made) <= 8 * 128 * STRETCH
