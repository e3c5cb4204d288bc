"""What the panes show after each event, over an assistant with planted replies."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest

from pullquote.assistant import Found
from pullquote.errors import ArticleUnknown, IndexDamaged, IndexMissing, PullquoteError
from pullquote.schema import (
    Answer,
    Article,
    Block,
    Citation,
    Filters,
    Hit,
    Passage,
    Question,
    Reply,
    Role,
)
from pullquote.terms import content_terms
from pullquote.web.conversation import Panes
from pullquote.web.handlers import TURNS_KEPT, Handlers
from pullquote.web.requests import Place

TEXT = "The mill race is clean. Otters came back on Sunday."
OTTERS = Place(article="otters.txt", start=24, end=30, version="v1")


@dataclass
class Planted:
    """An assistant that knows one article and gives one reply, or raises one error."""

    error: PullquoteError | None = None
    abstained: bool = False
    damage: IndexDamaged | None = None
    articles: tuple[str, ...] = ("otters.txt",)
    asked: list[tuple[str, Filters | None]] = field(default_factory=list)

    def find(self, question: str, *, k: int | None = None, filters: Filters | None = None) -> Found:
        """The one passage there is, if its words suit the question as planted."""
        if self.error is not None:
            raise self.error
        self.asked.append((question, filters))
        passage = Passage(1, "otters.txt", Role.BODY, 0, len(TEXT), TEXT, "Otters return")
        hit = Hit(
            passage=passage, article=self.article("otters.txt"), cosine=0.5, bm25=1.0, rrf=0.03
        )
        asked = Question(question, dict.fromkeys(content_terms(question), 1.0))
        return Found(asked, [hit], self.generation, 1.0)

    def read(self, found: Found) -> Reply:
        """The planted reply."""
        cited = Citation(
            article="otters.txt",
            title="Otters return",
            published=None,
            source="Harbour Post",
            role=Role.BODY,
            author=None,
            start=24,
            end=30,
            quote="Otters",
            sentence="Otters came back on Sunday.",
            sentence_start=24,
            version="v1",
            url=None,
        )
        answer = Answer(text="Otters", confidence=0.9, citations=(cited,))
        return Reply(
            question=found.question.text,
            abstained=self.abstained,
            answers=(answer,),
            generation="g1",
            took_ms=1.0,
        )

    def article(self, article: str) -> Article:
        """The one article."""
        if article not in self.articles:
            raise ArticleUnknown(article)
        block = Block(role=Role.BODY, start=0, end=len(TEXT))
        return Article(id=article, version="v1", text=TEXT, blocks=(block,), title="Otters return")

    @property
    def generation(self) -> Any:
        """As much of a generation as the empty page asks for."""
        if self.error is not None:
            raise self.error
        held = {article: self.article(article) for article in self.articles}
        return SimpleNamespace(
            name="g1",
            damage=self.damage,
            manifest=SimpleNamespace(articles=len(held)),
            store=SimpleNamespace(
                articles=lambda: list(held), article=held.get, articles_by=lambda fact: {}
            ),
            lexical=SimpleNamespace(unknown=lambda terms: [t for t in terms if t == "zebra"]),
        )


def handlers(planted: Any) -> Handlers:
    """The page's events over a planted assistant."""
    return Handlers(planted)


def ask(planted: Any, question: str = "who came back?", turns: tuple[str, ...] = ()) -> list[Any]:
    """What the page is sent for a question: at once, and in the end."""
    return list(handlers(planted).answer(question, list(turns), False, None, None, [], []))


def test_an_answer_opens_its_article_at_the_words() -> None:
    """The question is seen at once; then the answer, and the article with the words marked."""
    at_once, _, done = ask(Planted())
    assert "who came back?" in at_once[0]
    assert "Looking through the articles" in at_once[0]
    assert at_once[3] == ""
    conversation, article, turns, _ = done
    assert "<mark>Otters</mark> came back on Sunday." in conversation
    assert 'is clean. <mark id="pq-cited">Otters</mark> came back' in article
    assert len(turns) == 1


def test_passages_are_seen_before_they_are_read() -> None:
    """As soon as they are found, with the way to where they stand; the article pane stays."""
    _, (conversation, *others), _ = ask(Planted())
    assert "The closest passages." in conversation
    assert f'data-start="0" data-end="{len(TEXT)}"' in conversation
    assert 'aria-busy="true"' in conversation
    assert others == [gr.skip()] * 3


def test_silence_names_what_was_not_found() -> None:
    """Words of no article, and words of none of the passages; inflected words are the same."""
    *_, (conversation, *_) = ask(Planted(abstained=True), "Did a Zebra come with an otter?")
    assert "Nowhere in the articles: <b><bdi>Zebra</bdi></b>." in conversation
    assert "In none of the closest passages: <b><bdi>come</bdi></b>." in conversation


def test_it_is_said_where_the_generation_before_answers() -> None:
    """On the empty page and below each answer, with the file that is damaged."""
    damage = IndexDamaged(Path("index/articles.db"), expected="3 bytes", found="2")
    for planted, said in ((Planted(damage=damage), True), (Planted(), False)):
        *_, answered = ask(planted)
        welcome = Panes(planted).welcome()  # type: ignore[arg-type]
        for page in (answered[0], welcome):
            assert ("The generation before answers." in page) is said
            assert ("index/articles.db" in page) is said


def test_silence_opens_no_article() -> None:
    """What an earlier answer had opened does not stay beside a question it does not answer."""
    *_, (conversation, article, _, _) = ask(Planted(abstained=True))
    assert "The corpus does not say." in conversation
    assert "Choose a citation" in article


def test_an_error_is_a_message_and_the_question_comes_back() -> None:
    """Nothing typed is lost, and the message says what to do."""
    _, (conversation, article, turns, question) = ask(Planted(error=IndexMissing(Path("index"))))
    assert "Build one with: pullquote rebuild-index" in conversation
    assert article == gr.skip()
    assert question == "who came back?"
    assert len(turns) == 1


def test_filters_reach_the_assistant() -> None:
    """What the form says is what is searched."""
    planted: Any = Planted()
    given = (True, "2024-01-01", "", ["Harbour Post"], [])
    list(handlers(planted).answer("who?", [], *given))
    ((question, filters),) = planted.asked
    assert question == "who?"
    assert filters.comments is True
    assert str(filters.since) == "2024-01-01"
    assert filters.until is None
    assert filters.sources == ("Harbour Post",)


def test_a_conversation_does_not_grow_without_end() -> None:
    """A tab left open all day holds its last turns."""
    *_, (_, _, turns, _) = ask(Planted(), turns=("x",) * TURNS_KEPT)
    assert len(turns) == TURNS_KEPT
    assert turns[-1] != "x"


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (OTTERS, '<mark id="pq-cited">Otters</mark>'),
        (OTTERS.model_copy(update={"version": None}), '<mark id="pq-cited">Otters</mark>'),
        (OTTERS.model_copy(update={"version": "v0"}), "has changed since it was cited"),
        (OTTERS.model_copy(update={"article": "gone.txt"}), "gone.txt is no longer in the index"),
        (None, "Choose a citation"),
    ],
)
def test_a_citation_opens_what_it_cited_or_says_why_not(place: Place | None, words: str) -> None:
    """Offsets into another version would mark the wrong words, so none are marked."""
    planted: Any = Planted()
    html = Panes(planted).article(place)
    assert words in html
    assert ("<mark" in html) == ("<mark" in words)


def test_choosing_a_place_again_sends_another_page() -> None:
    """Equal HTML would not reach the browser's script, which scrolls to the words."""
    planted: Any = Planted()
    page = handlers(planted)
    event: Any = SimpleNamespace(place=OTTERS.model_dump())
    assert page.open_citation(event) != page.open_citation(event)


def opened(planted: Any, **query: str) -> tuple[str, str]:
    """Conversation and article as an address opens them."""
    request: Any = SimpleNamespace(query_params=query)
    conversation, article, *_ = handlers(planted).begin(request)
    return conversation, article


@pytest.mark.parametrize("keeps", [True, False])
def test_an_address_opens_its_article_and_asks_its_question(keeps: bool) -> None:
    """The words are marked at once; an answer leaves them, where the address names them."""
    planted: Any = Planted()
    query = {"article": "otters.txt", "start": "4", "end": "8"} if keeps else {}
    conversation, article = opened(planted, question="who came back?", **query)
    assert '<section data-ask class="pq-turn" data-asked="who came back?"' in conversation
    assert ('<mark id="pq-cited">mill</mark>' in article) is keeps
    event: Any = SimpleNamespace(question="who came back?", keeps=keeps)
    given = ([], False, None, None, [], [])
    *_, (conversation, article, turns, _) = handlers(planted).restore(event, *given)
    assert "<mark>Otters</mark> came back" in conversation
    assert (article == gr.skip()) is keeps
    assert len(turns) == 1


def test_an_address_without_a_question_asks_nothing() -> None:
    """The empty page."""
    welcome, article = opened(Planted())
    assert "Ask 1 article a question" in welcome
    assert "data-ask " not in welcome
    assert "Choose a citation" in article


def test_an_address_that_names_no_place_says_so() -> None:
    """Instead of an error that nobody sees."""
    _, article = opened(Planted(), article="otters.txt", start="x")
    assert "does not name a place" in article


def test_what_is_open_has_an_address() -> None:
    """With the question it was found by, from an answer as from a citation."""
    _, _, (_, article, _, _) = ask(Planted())
    link = (
        "?article=otters.txt&amp;start=24&amp;end=30&amp;version=v1&amp;question=who+came+back%3F"
    )
    assert f'data-link="{link}"' in article
    event: Any = SimpleNamespace(place=OTTERS.model_dump(), question="who came back?")
    assert f'data-link="{link}"' in handlers(Planted()).open_citation(event)
    assert 'data-link=""' in handlers(Planted()).clear()[1]
