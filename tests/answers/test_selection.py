"""What answers a question depends on its kind."""

from __future__ import annotations

from dataclasses import replace

import pytest

from planted_ranking import planted_ranking
from pullquote.answers import Selection, select
from pullquote.answers.enumeration import items
from pullquote.answers.sides import sides_of
from pullquote.schema import Hit, Question, QuestionKind, Span
from strategies import Piece, Role, article, body, hit, span

RANKING = planted_ranking()


def sentence(found: Hit, words: str, logit: float) -> Span:
    return replace(span(found, words, logit), whole_sentence=True, sentence_logit=logit)


def selected(kind: QuestionKind, text: str, hits: list[Hit], *spans: Span) -> Selection:
    rarity = dict.fromkeys(text.lower().rstrip("?").split(), 1.0)
    return select(RANKING, Question(text, rarity, kind), hits, spans)


def texts(selection: Selection) -> list[str]:
    return [one.candidate.best.text for one in selection.ranked]


def test_yes_no_question_is_answered_by_whole_sentences():
    """Exact words are left out, however likely."""
    found = hit(body("The ban began on Monday. It rained."))
    selection = selected(
        QuestionKind.YES_NO,
        "Is the ban in force?",
        [found],
        span(found, "Monday", 9.0),
        sentence(found, "It rained.", -2.0),
        sentence(found, "The ban began on Monday.", 3.0),
    )
    assert texts(selection) == ["The ban began on Monday.", "It rained."]


class TestLists:
    def test_each_item_of_an_enumeration_is_an_answer(self):
        """The items come in their order, each at its own position, before other words."""
        found = hit(body("Ida Roe, Odd Vik and Una Lind were nominated on Monday."))
        selection = selected(
            QuestionKind.LIST,
            "Who were nominated?",
            [found],
            span(found, "Ida Roe, Odd Vik and Una Lind", 5.0),
            span(found, "Monday", -5.0),
        )
        assert texts(selection) == ["Ida Roe", "Odd Vik", "Una Lind", "Monday"]
        assert selection.items == 3

    def test_items_of_several_articles_are_collected(self):
        """Words that are nearly as likely as the first are items too."""
        one, other = hit(body("Titan paid.", id="a.md")), hit(body("Monsanto paid.", id="b.md"))
        selection = selected(
            QuestionKind.LIST,
            "Which companies paid?",
            [one, other],
            span(one, "Titan", 5.0),
            span(other, "Monsanto", 4.0),
            span(other, "paid", 0.0),
        )
        assert texts(selection)[:2] == ["Titan", "Monsanto"]
        assert selection.items == 2

    def test_without_words_the_sentences_are_shown(self):
        """A list question about passages in another language still has sentences."""
        found = hit(body("It rained."))
        selection = selected(
            QuestionKind.LIST, "Who were there?", [found], sentence(found, "It rained.", 1.0)
        )
        assert (texts(selection), selection.items) == (["It rained."], 0)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Ida, Odd and Una", ["Ida", "Odd", "Una"]),
        ("Ida, Odd, and Una", ["Ida", "Odd", "Una"]),
        ("James, 15, George, 14, and Liam, 12", ["James", "George", "Liam"]),
        ("the Savoy along with the Berkeley", ["the Savoy along with the Berkeley"]),
        ("bread or cheese", ["bread", "cheese"]),
        ("Ida", ["Ida"]),
    ],
)
def test_items_of_an_enumeration(words, found):
    """Commas and conjunctions separate items; an age belongs to the name before it."""
    text = f"So {words} won."
    start = text.index(words)
    assert [text[a:b] for a, b in items(text, start, start + len(words))] == found


def test_clauses_between_commas_are_not_items():
    """A statement with commas is one answer."""
    words = "it rained, and the boat that had lain there for some eleven long years at last sank"
    assert items(words, 0, len(words)) == [(0, len(words))]


class TestComparisons:
    def test_each_side_comes_first_with_its_best_sentence(self):
        """A better sentence that names no side comes after them."""
        found = hit(body("Asimo is tall. Toyota's robot is small. Robots are fun."))
        selection = selected(
            QuestionKind.COMPARISON,
            "How do Asimo and Toyota compare?",
            [found],
            sentence(found, "Asimo is tall.", 1.0),
            sentence(found, "Toyota's robot is small.", 2.0),
            sentence(found, "Robots are fun.", 3.0),
        )
        assert texts(selection) == ["Asimo is tall.", "Toyota's robot is small.", "Robots are fun."]

    @pytest.mark.parametrize(
        ("question", "sides"),
        [
            ("Who paid more, Kilwinning or Arbroath?", ("Kilwinning", "Arbroath")),
            ("who is older Roe or Vik", ("older Roe", "Vik")),
            ("what is the difference between beer and ale?", ("beer", "ale")),
            ("How do the red bid and the blue bid differ?", ("the red bid", "the blue bid")),
            ("how did Leeds compare with Hull", ("Leeds", "Hull")),
            ("beer vs ale", ("beer", "ale")),
            ("how do they differ", ()),
        ],
    )
    def test_sides_of_a_question(self, question, sides):
        """The sides are the words on either side of "or", "and" or "with"."""
        assert sides_of(question) == sides


class TestKeywords:
    FIRST = Piece(Role.BODY, "Ida Roe has died. She was 80.")
    SECOND = Piece(Role.BODY, "Gulls nest there. The studio of Ida Roe closed in May.")

    def test_the_first_sentence_of_each_article_in_the_order_of_the_hits(self):
        """News says first what matters, even if the hit is another passage."""
        found = article(self.FIRST, self.SECOND)
        hits = [hit(found, len(found.text) - 20), hit(body("Ida Roe sang. It rained.", id="b.md"))]
        selection = selected(QuestionKind.KEYWORDS, "ida roe", hits)
        assert texts(selection) == ["Ida Roe has died.", "Ida Roe sang."]

    def test_a_later_sentence_that_has_more_of_the_keywords(self):
        """The first sentence is passed over if it has less than half of their terms."""
        found = article(self.SECOND)
        selection = selected(QuestionKind.KEYWORDS, "studio closed may", [hit(found)])
        assert texts(selection) == ["The studio of Ida Roe closed in May."]
