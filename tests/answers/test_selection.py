"""What answers a question depends on its kind."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from planted_ranking import planted_ranking
from pullquote.answering.answers import Selection, select
from pullquote.answering.answers.list_items import items
from pullquote.answering.answers.sides import sides_of
from pullquote.english.terms import content_terms
from pullquote.schema import Article, Block, Hit, Question, QuestionKind, Span
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
        assert texts(selection) == ["Ida Roe", "Odd Vik", "Una Lind"]
        assert selection.items == 3

    def test_equal_items_of_two_articles_are_one_answer_cited_from_both(self):
        """An article with the same enumeration is cited for each item."""
        words = "Ida Roe, Odd Vik and Una Lind"
        one, other = (hit(body(f"{words} won.", id=id)) for id in ("a.md", "b.md"))
        third = hit(body("Ida Roe won.", id="c.md"))
        selection = selected(
            QuestionKind.LIST,
            "Who were nominated?",
            [one, other, third],
            span(one, words, 5.0),
            span(other, words, 4.0),
            span(third, "Ida Roe", 4.0),
        )
        cited = [[s.hit.passage.article for s in one.candidate.spans] for one in selection.ranked]
        assert texts(selection) == ["Ida Roe", "Odd Vik", "Una Lind"]
        assert cited == [["a.md", "b.md", "c.md"], ["a.md", "b.md"], ["a.md", "b.md"]]

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

    def test_items_are_names_if_the_first_is(self):
        """Descriptions and clauses beside names are left out."""
        found = hit(body("Odd Vik won. An unknown film with no words shared it. Ida Roe cried."))
        selection = selected(
            QuestionKind.LIST,
            "Who were the winners?",
            [found],
            span(found, "Odd Vik", 5.0),
            span(found, "An unknown film with no words", 4.9),
            span(found, "Ida Roe", 4.8),
        )
        assert texts(selection) == ["Odd Vik", "Ida Roe"]

    def test_a_surname_is_the_item_with_that_name(self):
        """Another article may call Leonardo DiCaprio by his surname."""
        one = hit(body("Ida Roe and Odd Vik won.", id="a.md"))
        other = hit(body("The actor Roe won. Una Vik won.", id="b.md"))
        third = hit(body("Vik won.", id="c.md"))
        selection = selected(
            QuestionKind.LIST,
            "Who were the winners?",
            [one, other, third],
            span(one, "Ida Roe and Odd Vik", 5.0),
            span(other, "The actor Roe", 4.5),
            span(other, "Una Vik", 4.4),
            span(third, "Vik", 4.3),
        )
        assert texts(selection) == ["Ida Roe", "Odd Vik", "Una Vik", "Vik"]
        assert len(selection.ranked[0].candidate.spans) == 2

    def test_an_item_stands_in_a_sentence_that_settles_the_question(self):
        """Words that are likely alone, in a sentence that says something else, are no item."""
        found = hit(body("Ida Roe won. Odd Vik fell."))
        first, other = span(found, "Ida Roe", 5.0), span(found, "Odd Vik", 4.5)
        for logit, expected in ((-4.0, ["Ida Roe"]), (-2.0, ["Ida Roe", "Odd Vik"])):
            spans = (replace(first, sentence_logit=2.0), replace(other, sentence_logit=logit))
            selection = selected(QuestionKind.LIST, "Who were there?", [found], *spans)
            assert texts(selection) == expected

    def test_an_item_of_another_article_is_about_the_same_thing(self):
        """Its passage has most of the question's words that the first item's passage has."""
        one = hit(body("Titan cut jobs.", id="a.md"))
        other = hit(body("Monsanto cut prices.", id="b.md"))
        spans = (span(one, "Titan", 5.0), span(other, "Monsanto", 4.5))
        question = Question("which firms cut jobs?", {"cut": 1.0, "job": 9.0}, QuestionKind.LIST)
        assert texts(select(RANKING, question, [one, other], spans)) == ["Titan"]

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
        ("bread, fish or cheese", ["bread", "fish", "cheese"]),
        ("bread, fish, cheese", ["bread", "fish", "cheese"]),
        ("Marks and Spencer", ["Marks and Spencer"]),
        ("Portland, Oregon", ["Portland, Oregon"]),
        (
            "12,500 homes, 3,000 offices and 1,200 shops",
            ["12,500 homes", "3,000 offices", "1,200 shops"],
        ),
        ("£1,000 and $2,500", ["£1,000 and $2,500"]),
        ("March 3, 2020 and April 5, 2021", ["March 3, 2020 and April 5, 2021"]),
        ("Roe (Lab, Leeds), Vik and Lind", ["Roe (Lab, Leeds), Vik and Lind"]),
        ("Ida", ["Ida"]),
        ("12 firms, including Titan, Roe and Vik", ["Titan", "Roe", "Vik"]),
        ("Titan, Roe and shops such as Vik", ["Titan", "Roe", "Vik"]),
        ("China and India, followed by Peru", ["China", "India", "Peru"]),
        ("Odd Vik and Ida Roe", ["Odd Vik", "Ida Roe"]),
        ("the dog, which was old, and it", ["the dog, which was old, and it"]),
        ("people won. Ida, Odd and Una", ["people won", "Ida", "Odd", "Una"]),
    ],
)
def test_items_of_an_enumeration(words, found):
    """Commas and conjunctions separate items; an age belongs to the name before it."""
    text = f"So {words} won."
    start = text.index(words)
    assert [text[a:b] for a, b in items(text, start, start + len(words))] == found


def test_two_short_names_are_two_items_if_people_or_places_are_asked_for():
    """A firm may be called "Marks and Spencer"; no country is called "Ghana and Malawi"."""
    words = "Ghana and Malawi"
    assert items(words, 0, len(words)) == [(0, len(words))]
    assert [words[a:b] for a, b in items(words, 0, len(words), pairs=True)] == ["Ghana", "Malawi"]
    found = hit(body("Ghana and Malawi paid."))
    for question, count in (("Which countries paid?", 2), ("Which firms paid?", 1)):
        selection = selected(QuestionKind.LIST, question, [found], span(found, words, 5.0))
        assert selection.items == count


def test_clauses_between_commas_are_not_items():
    """A statement with commas is one answer."""
    words = "it rained, and the boat that had lain there for some eleven long years at last sank"
    assert items(words, 0, len(words)) == [(0, len(words))]


class TestSpeech:
    TEXT = (
        'Ida Roe was asked about Odd Vik. "He is slow," Odd Vik said of himself. "He runs well," '
        "Roe said on Monday. It rained."
    )

    @pytest.mark.parametrize(
        ("question", "first"),
        [
            ("What did Ida Roe say about Odd Vik?", "He runs well"),
            ("what did roe say of him", "He runs well"),
            ("What did Odd Vik say?", "He is slow"),
            ("What did the chief say?", "He is slow"),
            ("What did he say?", "He is slow"),
        ],
    )
    def test_words_by_another_speaker_come_after(self, question, first):
        """A likelier quotation is by another person; no speaker is known of a title or pronoun."""
        found = hit(body(self.TEXT))
        spans = (span(found, "He is slow", 5.0), span(found, "He runs well", 4.0))
        assert texts(selected(QuestionKind.SPEECH, question, [found], *spans))[0] == first

    def test_words_that_nobody_claims_come_after(self):
        """The paper's own words are no answer to what somebody said, if there is one."""
        found = hit(body(self.TEXT))
        spans = (span(found, "It rained", 5.0), span(found, "He runs well", 4.0))
        selection = selected(QuestionKind.SPEECH, "What did Roe say?", [found], *spans)
        assert texts(selection) == ["He runs well", "It rained"]

    def test_a_speaker_is_known_by_a_role_and_a_pronoun(self):
        """A pronoun in one sentence is the mayor of another."""
        text = 'The chief, Odd Vik, said: "No." Mayor Ida Roe came. "I am glad," she said.'
        found = hit(body(text))
        spans = (span(found, "No", 5.0), span(found, "I am glad", 4.0))
        selection = selected(QuestionKind.SPEECH, "What did the mayor say?", [found], *spans)
        assert texts(selection)[0] == "I am glad"
        selection = selected(QuestionKind.FACT, "According to the chief, is it?", [found], *spans)
        assert texts(selection)[0] == "No"

    @pytest.mark.parametrize(
        ("question", "first"),
        [
            ("Who denied that the pier was sold?", "Odd Vik"),
            ("who has denied selling the pier", "Odd Vik"),
            ("Which skipper promised a new pier?", "Ida Roe"),
            ("Who owns the pier?", "Tom Ash"),
        ],
    )
    def test_who_claims_it_is_the_source_of_that_claim(self, question, first):
        """The likeliest name is only near the claim; another question keeps the order."""
        text = (
            "Tom Ash owns the pier. Odd Vik denied that the pier had been sold. Ida Roe promised "
            "to build a new pier."
        )
        found = hit(body(text))
        names = (("Tom Ash", 5.0), ("Odd Vik", 4.0), ("Ida Roe", 4.0))
        spans = [span(found, name, logit) for name, logit in names]
        asked = Question(question, dict.fromkeys(content_terms(question), 1.0), QuestionKind.FACT)
        assert texts(select(RANKING, asked, [found], spans))[0] == first


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
            ("who is older Roe or Vik", ("Roe", "Vik")),
            ("beer or ale: which is stronger?", ("beer", "ale")),
            ("Roe and Vik, who is older", ("Roe", "Vik")),
            ("is Leeds bigger than Hull or York?", ("Leeds", "Hull", "York")),
            ("did Leeds or Hull spend more?", ("Leeds", "Hull")),
            ("is it cheaper to fly with Roe or Vik", ("Roe", "Vik")),
            ("the bus compared to the tram", ("the bus", "the tram")),
            ("how are trams different from buses?", ("trams", "buses")),
            ("what do Roe and Vik each want?", ("Roe", "Vik")),
            ("Mac mini or a PC?", ("Mac mini", "a PC")),
            ("what is the difference between beer and ale?", ("beer", "ale")),
            ("How do the red bid and the blue bid differ?", ("the red bid", "the blue bid")),
            ("how did Leeds compare with Hull", ("Leeds", "Hull")),
            ("beer vs ale", ("beer", "ale")),
            ("how do they differ", ()),
        ],
    )
    def test_sides_of_a_question(self, question, sides):
        """The sides are on either side of "or", "and", "with" or "than", without other words."""
        assert sides_of(question) == sides


@pytest.mark.parametrize(
    "question", ["is A-A" + "-A" * 500 + "x or b", "is a and " * 900, "a or " * 900, "A " * 900]
)
def test_sides_of_a_hostile_question_are_found_quickly(question):
    """No pattern takes exponential time."""
    started = time.process_time()
    sides_of(question)
    assert time.process_time() - started < 2


class TestKeywords:
    FIRST = Piece(Role.BODY, "Ida Roe has died. She was 80.")
    SECOND = Piece(Role.BODY, "Gulls nest there. The studio of Ida Roe closed in May.")

    def test_a_comment_is_answered_by_itself(self):
        """The first sentence of the article is no comment."""
        found = article(self.FIRST, Piece(Role.COMMENT, "I knew Ida Roe.", author="Gull"))
        comment = hit(found, found.text.index("I knew"), role=Role.COMMENT)
        assert texts(selected(QuestionKind.KEYWORDS, "ida roe", [comment])) == ["I knew Ida Roe."]

    @pytest.mark.parametrize("first", ["", "\n\n", "no end " * 400])
    def test_text_without_a_sentence_has_no_first_one(self, first):
        """An empty or endless block is passed over, and the sentence of the hit is shown."""
        text = f"{first}\n\nIda Roe sang."
        start = len(first) + 2
        blocks = (
            Block(role=Role.BODY, start=0, end=len(first)),
            Block(role=Role.BODY, start=start, end=len(text)),
        )
        found = Article(id="a.md", version="0" * 64, title="T", text=text, blocks=blocks)
        selection = selected(QuestionKind.KEYWORDS, "ida roe", [hit(found, start)])
        assert texts(selection) == ["Ida Roe sang."]

    def test_a_sentence_that_was_not_scored_is_not_surer_than_the_best(self):
        """The first sentence gets the log-odds of the best sentence of its article."""
        found = article(self.FIRST, self.SECOND)
        later = hit(found, len(found.text) - 38)
        scored = sentence(later, "The studio of Ida Roe closed in May.", -7.0)
        [one] = selected(QuestionKind.KEYWORDS, "ida roe", [later], scored).ranked
        assert (one.candidate.best.text, one.logit) == ("Ida Roe has died.", -7.0)

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
