"""Answers: equal words are merged, and each occurrence is cited with its author."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import FakeEncoder
from planted_ranking import EVEN, planted_ranking
from pullquote.answering.answers import answers, cite, normalise, say_the_same
from pullquote.index.passages import split_passages
from pullquote.schema import Answer, Article, Citation, Hit, Question, Role, Span, Speaker
from strategies import Piece, article, articles, body, hit, hostile_texts, span

RANKING = planted_ranking()


def made(spans: Sequence[Span], *, keep: int = 9) -> list[Answer]:
    """The answers of these spans, ranked by log-odds alone."""
    ranked = RANKING.order(Question("who?", {}), spans)
    return answers(ranked, keep=keep, calibration=EVEN, sources=len)


def sentence(found: Hit, words: str, span_logit: float = 0.0) -> Span:
    """The first span of a hit that is this sentence."""
    return replace(span(found, words, span_logit), whole_sentence=True)


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
        ("3-2", "3 2"),
        ("-5°C", "minus 5°c"),
        ("(−5°C)", "minus 5°c"),
        ("$5", "$5"),
        ("5%.", "5%"),
    ],
)
def test_normalised_by_hand(words: str, normal: str) -> None:
    """Answers are equal without regard to case, punctuation, articles and white space."""
    assert normalise(words) == normal


@given(hostile_texts())
def test_normalising_twice_changes_nothing(text: str) -> None:
    """Normalising is idempotent."""
    assert normalise(normalise(text)) == normalise(text)


class TestSayTheSame:
    @pytest.mark.parametrize(
        ("one", "other", "same"),
        [
            ("The chief", "chief.", True),
            ("Surachate Hakparn", "Pol Gen Surachate Hakparn", True),
            ("Pol Gen Surachate Hakparn", "Surachate Hakparn", True),
            ("Deputy Commissioner Surachate Hakparn", "Surachate Hakparn", True),
            ("Deputy Prime Minister", "Prime Minister", False),
            ("New South Wales", "South Wales", False),
            ("-5°C", "5°C", False),
            ("5%", "$5", False),
            ("Surachate", "Surachate Hakparn", False),
            ("Hakparn", "Surachate Hakparn", False),
            ("Paris Peace Accords", "Peace Accords of Paris", False),
            ("opened in May", "May", False),
            ("12 April", "April", False),
            ("5", "5.5", False),
            ("?!", "…", False),
            ("the", "the", True),
        ],
    )
    def test_words_of_two_articles(self, one, other, same):
        """Equal words, or a full name with and without its titles; a lone surname is anybody's."""
        spans = [span(hit(body(words, id=id)), words) for words, id in ((one, "a"), (other, "b"))]
        assert say_the_same(*spans) is same
        assert say_the_same(*spans[::-1]) is same

    def test_surname_is_the_same_person_within_one_article(self):
        """Within an article a surname means the person whose full name it ends."""
        found = hit(body("Ida Roe came. Roe spoke. Odd Vik left. A vik is a bay."))
        roe = Span(found, 14, 17, 0.0)
        assert roe.text == "Roe"
        assert say_the_same(span(found, "Ida Roe"), roe)
        assert not say_the_same(span(found, "Odd Vik"), span(found, "vik"))
        assert not say_the_same(span(found, "Odd Vik"), roe)
        office = hit(body("The Vice President left. The President stayed."))
        chief = Span(office, 29, 38, 0.0)
        assert chief.text == "President"
        assert not say_the_same(span(office, "Vice President"), chief)

    def test_places_that_overlap_are_one_answer(self):
        """Two passages share a sentence; each found the name and a little more or less."""
        found = body("The tide is low. The old pier stands. Boats lie still.")
        left, right = hit(found, 0, 37), hit(found, 17, 54)
        assert say_the_same(span(left, "old pier"), span(right, "pier stands"))
        assert not say_the_same(span(left, "tide"), span(right, "Boats"))

    def test_places_of_a_sentence_that_two_articles_have_are_one_answer(self):
        """A copy, or an earlier report of the same, is cited though its span ends elsewhere."""
        here = hit(body("He won four times. The old pier stands."))
        copy = hit(body("Again: it rained. He won four times.", id="b.md"))
        edited = hit(body("He has won four times.", id="c.md"))
        assert say_the_same(span(here, "four"), span(copy, "four times"))
        assert say_the_same(span(copy, "four times"), span(here, "four"))
        assert not say_the_same(span(here, "four"), span(edited, "four times"))
        assert not say_the_same(span(here, "He"), span(copy, "four times"))

    def test_words_and_a_sentence_are_never_one(self):
        """Exact words and a sentence are never one answer."""
        found = hit(body("Ida Roe."))
        assert not say_the_same(span(found, "Ida Roe."), sentence(found, "Ida Roe."))


class TestAnswers:
    def test_equal_words_are_one_answer(self):
        """The best span gives words and confidence; every span is cited, best first."""
        here, there = hit(body("The chief agreed.")), hit(body("They say chief.", id="b.md"))
        found = made(
            [span(there, "chief", 0.5), span(here, "The chief", 2.0), span(here, "agreed", 1.0)]
        )
        assert [(answer.text, answer.confidence) for answer in found] == [
            ("The chief", 0.8808),
            ("agreed", 0.7311),
        ]
        assert [(c.article, c.start, c.end, c.quote) for c in found[0].citations] == [
            ("a.md", 0, 9, "The chief"),
            ("b.md", 9, 14, "chief"),
        ]

    def test_an_answer_counts_the_sources_of_the_articles_that_it_cites(self):
        """Sources are counted over the cited articles, by the generation."""
        here = hit(body("The chief agreed. A chief came."))
        there = [hit(body("They say chief.", id=id)) for id in ("b.md", "c.md")]
        spans = [
            span(here, "The chief", 2.0),
            span(here, "A chief", 1.9),
            *(span(h, "chief") for h in there),
        ]
        ranked = RANKING.order(Question("who?", {}), spans)
        asked: list[set[str]] = []
        made = answers(
            ranked, keep=9, calibration=EVEN, sources=lambda ids: asked.append(set(ids)) or 2
        )
        assert [answer.sources for answer in made] == [2]
        assert asked == [{"a.md", "b.md", "c.md"}]

    def test_words_of_punctuation_alone_are_separate_answers(self):
        """Punctuation alone is compared as it is."""
        found = hit(body("the ?! …"))
        spans = [span(found, words) for words in ("the", "?!", "…")]
        assert [answer.text for answer in made(spans)] == ["the", "?!", "…"]

    def test_a_place_is_cited_once(self):
        """A span that two passages share has one citation."""
        found = body("The tide is low. The pier stands. Boats lie still.")
        left, right = hit(found, 0, 33), hit(found, 17, 50)
        [answer] = made([span(left, "The pier", 1.0), span(right, "The pier", 0.5)])
        assert [(c.start, c.end) for c in answer.citations] == [(17, 25)]

    def test_only_the_best_are_returned(self):
        """`keep` counts answers, not spans."""
        found = hit(body("one two two three four"))
        spans = [
            span(found, "one", 1.0),
            span(found, "two", 4.0),
            Span(found, 8, 11, 3.0),
            span(found, "three", 2.0),
        ]
        assert [(answer.text, len(answer.citations)) for answer in made(spans, keep=2)] == [
            ("two", 2),
            ("three", 1),
        ]
        assert made([], keep=2) == []

    def test_sentence_that_holds_an_answer_before_it_is_left_out(self):
        """A sentence is left out if any citation of an earlier answer is in it."""
        here, there = hit(body("Ida Roe came. It rained.")), hit(body("So Ida Roe won.", id="b"))
        spans = [
            span(here, "Ida Roe", 4.0),
            span(there, "Ida Roe", 3.0),
            sentence(here, "Ida Roe came.", 2.0),
            sentence(there, "So Ida Roe won.", 1.5),
            sentence(here, "It rained.", 1.0),
        ]
        assert [answer.text for answer in made(spans)] == ["Ida Roe", "It rained."]

    def test_sentence_before_the_words_in_it_stays_and_so_do_they(self):
        """A sentence before its words stays, and so do the words."""
        found = hit(body("Ida Roe came."))
        spans = [span(found, "Ida Roe", -4.0), sentence(found, "Ida Roe came.", 2.0)]
        assert [answer.text for answer in made(spans)] == ["Ida Roe came.", "Ida Roe"]

    @given(st.lists(st.floats(-40, 40), min_size=1, max_size=8))
    def test_confidence_rises_with_the_logit(self, logits):
        """Answers are best first, and a higher span_logit never has a lower confidence."""
        found = hit(body(" ".join(f"w{n}" for n in range(len(logits)))))
        spans = [span(found, f"w{n}", logit) for n, logit in enumerate(logits)]
        answered = made(spans)
        logit_of = {s.text: s.span_logit for s in spans}
        assert [logit_of[answer.text] for answer in answered] == sorted(logits, reverse=True)
        confidences = [answer.confidence for answer in answered]
        assert confidences == sorted(confidences, reverse=True)
        assert all(0 <= confidence <= 1 for confidence in confidences)

    @given(data=st.data(), seed=st.randoms(use_true_random=False))
    def test_the_order_of_equal_spans_follows_from_their_places(self, data, seed):
        """The order of the spans does not change the answers."""
        found = [hit(body("tide pier boat gull", id=id)) for id in "abc"]
        words = st.sampled_from(["tide", "pier", "tide pier", "boat gull"])
        spans = data.draw(
            st.lists(st.builds(span, st.sampled_from(found), words, st.just(1.0)), max_size=8)
        )
        shuffled = list(spans)
        seed.shuffle(shuffled)
        assert made(shuffled) == made(spans)


@given(found=articles(), data=st.data())
def test_citations_are_verbatim(found: Article, data: st.DataObject) -> None:
    """Invariant 1: any span of any passage is quoted exactly, inside its sentence and passage."""
    passages = split_passages(found, count_tokens=FakeEncoder().count_tokens, budget=6, overlap=1)
    for passage in passages:
        start = data.draw(st.integers(0, len(passage.text) - 1))
        end = data.draw(st.integers(start + 1, len(passage.text)))
        asked = Span(
            Hit(passage=passage, article=found, cosine=0, bm25=None, fused_score=0), start, end, 0
        )
        made = cite(asked)
        assert made.quote == found.text[made.start : made.end] == asked.text
        assert passage.start <= made.start < made.end <= passage.end
        assert made.quote in made.sentence
        assert made.sentence in passage.text
        assert (made.role, made.article, made.version) == (passage.role, found.id, found.version)


def test_a_citation_by_hand() -> None:
    """A citation has all facts to verify the words."""
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
        sentence_start=17,
        version="0" * 64,
        url="https://example.org/tide",
        speaker=Speaker(name="Brandt", start=36, end=42, canonical="Brandt"),
        manner="said",
        cue=(31, 35),
        direct=False,
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
def test_words_are_ascribed_to_their_speaker(piece: Piece, author: str | None) -> None:
    """Invariant 2: a comment is its reader's, named or not, and never the reporter's."""
    found = article(Piece(Role.BODY, "It is red."), piece, authors=("Ida Brandt",))
    made = cite(span(hit(found, 12, 26, role=piece.role), "orange"))
    assert (made.role, made.author, made.quote) == (piece.role, author, "orange")


def test_a_citation_says_the_page() -> None:
    """A quote from a format with pages is cited with the page on which it begins."""
    first, second = "The tide is low.", "It will rise."
    found = article(Piece(Role.BODY, first), Piece(Role.BODY, second), gap=" ")
    leaves = (block.model_copy(update={"page": i + 4}) for i, block in enumerate(found.blocks))
    found = found.model_copy(update={"blocks": tuple(leaves)})
    assert cite(span(hit(found), "will rise")).page == 5
