"""Answers: equal words merged, every place cited, whose words they are said."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import FakeEncoder
from pullquote.answers import cite, merge, normalise
from pullquote.passages import split_passages
from pullquote.reader import Calibration
from pullquote.schema import Article, Citation, Hit, Role, Span
from strategies import Piece, article, articles, body, hit, hostile_texts, span

CALIBRATION = Calibration(slope=1.0, intercept=0.0, threshold=0.5)


@pytest.mark.parametrize(
    ("words", "normal"),
    [
        ("The Deputy  Chief.", "deputy chief"),
        ("“a slipway”, he said", "slipway he said"),
        ("an\nApple", "apple"),
        ("Theatre and another", "theatre and another"),
        ("STRASSE – Straße", "strasse strasse"),
        ("the", ""),
        ("?!", ""),
    ],
)
def test_normalised_by_hand(words: str, normal: str) -> None:
    """Case, punctuation, articles and white space do not make another answer."""
    assert normalise(words) == normal


@given(hostile_texts())
def test_normalising_twice_changes_nothing(text: str) -> None:
    """A normal form is its own."""
    assert normalise(normalise(text)) == normalise(text)


def test_equal_words_are_one_answer() -> None:
    """The best span lends its words and confidence; each span's place is cited, best first."""
    here, there = hit(body("The chief agreed.")), hit(body("They say chief.", id="b.md"))
    answers = merge(
        [span(there, "chief", 0.5), span(here, "The chief", 2.0), span(here, "agreed", 1.0)],
        keep=5,
        calibration=CALIBRATION,
    )
    assert [(answer.text, answer.confidence) for answer in answers] == [
        ("The chief", 0.8808),
        ("agreed", 0.7311),
    ]
    assert [(c.article, c.start, c.end, c.quote) for c in answers[0].citations] == [
        ("a.md", 0, 9, "The chief"),
        ("b.md", 9, 14, "chief"),
    ]


def test_words_of_signs_alone_are_kept_apart() -> None:
    """Where nothing is left to compare the words themselves are compared."""
    found = hit(body("the ?! …"))
    spans = [span(found, words) for words in ("the", "?!", "…")]
    answers = merge(spans, keep=5, calibration=CALIBRATION)
    assert [answer.text for answer in answers] == ["the", "?!", "…"]


def test_a_place_is_cited_once() -> None:
    """A sentence that two overlapping passages share stands in one place."""
    found = body("The tide is low. The pier stands. Boats lie still.")
    left, right = hit(found, 0, 33), hit(found, 17, 50)
    answers = merge(
        [span(left, "The pier stands.", 1.0), span(right, "The pier stands.", 0.5)],
        keep=5,
        calibration=CALIBRATION,
    )
    [answer] = answers
    assert [(c.start, c.end) for c in answer.citations] == [(17, 33)]


def test_only_the_best_are_kept() -> None:
    """`keep` counts answers, not spans."""
    found = hit(body("one two two three four"))
    spans = [
        span(found, "one", 1.0),
        span(found, "two", 4.0),
        Span(found, 8, 11, 3.0),
        span(found, "three", 2.0),
    ]
    answers = merge(spans, keep=2, calibration=CALIBRATION)
    assert [(answer.text, len(answer.citations)) for answer in answers] == [
        ("two", 2),
        ("three", 1),
    ]
    assert merge([], keep=2, calibration=CALIBRATION) == []


@given(st.lists(st.floats(-40, 40), min_size=1, max_size=8))
def test_confidence_rises_with_the_logit(logits: list[float]) -> None:
    """Answers stand best first, and a higher span_logit never has a lower confidence."""
    found = hit(body(" ".join(f"w{n}" for n in range(len(logits)))))
    spans = [span(found, f"w{n}", logit) for n, logit in enumerate(logits)]
    answers = merge(spans, keep=9, calibration=CALIBRATION)
    logit_of = {s.text: s.span_logit for s in spans}
    ordered = [logit_of[answer.text] for answer in answers]
    assert ordered == sorted(logits, reverse=True)
    confidences = [answer.confidence for answer in answers]
    assert confidences == sorted(confidences, reverse=True)
    assert all(0 <= confidence <= 1 for confidence in confidences)


@given(data=st.data(), seed=st.randoms(use_true_random=False))
def test_the_order_of_equal_spans_follows_from_their_places(
    data: st.DataObject, seed: object
) -> None:
    """However the spans come in, the same answers go out."""
    found = [hit(body("tide pier boat gull", id=id)) for id in "abc"]
    words = st.sampled_from(["tide", "pier", "tide pier", "boat gull"])
    spans = data.draw(
        st.lists(st.builds(span, st.sampled_from(found), words, st.just(1.0)), max_size=8)
    )
    shuffled = list(spans)
    seed.shuffle(shuffled)  # type: ignore[attr-defined]
    expected = merge(spans, keep=9, calibration=CALIBRATION)
    assert merge(shuffled, keep=9, calibration=CALIBRATION) == expected


@given(found=articles(), data=st.data())
def test_citations_are_verbatim(found: Article, data: st.DataObject) -> None:
    """Invariant 1: any span of any passage is quoted exactly, inside its sentence and passage."""
    passages = split_passages(found, count_tokens=FakeEncoder().count_tokens, budget=6, overlap=1)
    for passage in passages:
        start = data.draw(st.integers(0, len(passage.text) - 1))
        end = data.draw(st.integers(start + 1, len(passage.text)))
        asked = Span(Hit(passage=passage, article=found, cosine=0, bm25=None, rrf=0), start, end, 0)
        made = cite(asked)
        assert made.quote == found.text[made.start : made.end] == asked.text
        assert passage.start <= made.start < made.end <= passage.end
        assert made.quote in made.sentence
        assert made.sentence in passage.text
        assert (made.role, made.article, made.version) == (passage.role, found.id, found.version)


def test_a_citation_by_hand() -> None:
    """Everything that a reader needs to check the words."""
    found = body(
        "The tide is low. It will rise, said Brandt.",
        id="harbour/tide.md",
        title="Low tide",
        authors=("Ida Brandt", "Odd Vik"),
        source="Harbour Post",
        published=date(2024, 6, 4),
        url="https://example.org/tide",
    )
    assert cite(span(hit(found), "will rise")) == Citation(
        article="harbour/tide.md",
        title="Low tide",
        published=date(2024, 6, 4),
        source="Harbour Post",
        role=Role.BODY,
        author="Ida Brandt, Odd Vik",
        start=20,
        end=29,
        quote="will rise",
        sentence="It will rise, said Brandt.",
        version="0" * 64,
        url="https://example.org/tide",
    )


NOON = datetime(2024, 6, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("piece", "author"),
    [
        (Piece(Role.COMMENT, "It was orange.", "Gull", NOON), "Gull"),
        (Piece(Role.COMMENT, "It was orange."), None),
        (Piece(Role.QUOTATION, "It was orange.", "Odd Vik"), "Odd Vik"),
        (Piece(Role.QUOTATION, "It was orange."), "Ida Brandt"),
        (Piece(Role.BODY, "It was orange."), "Ida Brandt"),
    ],
)
def test_words_are_ascribed_to_who_said_them(piece: Piece, author: str | None) -> None:
    """Invariant 2: a comment is its reader's, named or not, and never the reporter's."""
    found = article(Piece(Role.BODY, "It is red."), piece, authors=("Ida Brandt",))
    made = cite(span(hit(found, 12, 26, role=piece.role), "orange"))
    assert (made.role, made.author, made.quote) == (piece.role, author, "orange")
