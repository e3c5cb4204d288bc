"""What the panes show after each event, over an assistant with planted replies."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl

import gradio as gr
import pytest
from starlette.datastructures import QueryParams

from pullquote.conversation import Conversation, Turn
from pullquote.errors import (
    ArticleUnknown,
    ArticleWithheld,
    Busy,
    IndexDamaged,
    IndexMissing,
    PullquoteError,
)
from pullquote.retrieval.search_result import SearchResult
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
from pullquote.web.gradio.answering import Answering
from pullquote.web.gradio.handlers import Handlers
from pullquote.web.limits import MAX_TURNS
from pullquote.web.requests import CitedSpan
from pullquote.web.scheduler import Scheduler
from pullquote.web.state.browser_conversation import turn_key
from pullquote.web.state.facets import CHOSEN
from pullquote.web.views.permalinks import permanent_link
from pullquote.web.views.turns import link_of
from pullquote.web.views.views import Panes

NAMES = {"source": "Harbour Post", "section": "Nature", "language": "en", "kind": "report"}
TEXT = "The mill race is clean. Otters came back on Sunday."
OTTERS = CitedSpan(article="otters.txt", start=24, end=30, version="v1")


@dataclass
class Planted:
    """An assistant that knows one article and gives one reply, or raises one error."""

    error: PullquoteError | None = None
    abstained: bool = False
    damage: IndexDamaged | None = None
    articles: tuple[str, ...] = ("otters.txt",)
    version: str = "v1"
    withheld: bool = False
    asked: list[tuple[str, Filters | None]] = field(default_factory=list)
    settings: Any = field(default_factory=lambda: SimpleNamespace(body_bytes=100_000))

    def find(
        self, question: str, *, k: int | None = None, filters: Filters | None = None
    ) -> SearchResult:
        """The one passage there is, if its words suit the question as planted."""
        if self.error is not None:
            raise self.error
        self.asked.append((question, filters))
        passage = Passage(1, "otters.txt", Role.BODY, 0, len(TEXT), TEXT, "Otters return")
        hit = Hit(
            passage=passage,
            article=self.article("otters.txt"),
            cosine=0.5,
            bm25=1.0,
            fused_score=0.03,
        )
        asked = Question(question, dict.fromkeys(content_terms(question), 1.0))
        return SearchResult(asked, [hit], self.generation, 1.0)

    def read(self, found: SearchResult) -> Reply:
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
        if self.withheld:
            raise ArticleWithheld(article, status="canceled", until=None)
        return self.stored(article)

    def stored(self, article: str) -> Article:
        """The same, also where it may not be shown."""
        block = Block(role=Role.BODY, start=0, end=len(TEXT))
        return Article(
            id=article, version=self.version, text=TEXT, blocks=(block,), title="Otters return"
        )

    @property
    def generation(self) -> Any:
        """As much of a generation as the empty page asks for."""
        if self.error is not None:
            raise self.error
        held = {article: self.stored(article) for article in self.articles}
        return SimpleNamespace(
            name="g1",
            damage=self.damage,
            manifest=SimpleNamespace(articles=len(held)),
            articles=lambda: list(held),
            held=held.get,
            articles_by=lambda fact: {NAMES[fact]: 1},
            days=lambda: (date(2023, 1, 1), date(2024, 12, 31), 0),
            unknown=lambda terms: [t for t in terms if t == "zebra"],
        )


class Full(Scheduler):
    """As many wait as may."""

    def check(self) -> None:
        """Refuse."""
        raise Busy(self._waiting)


def handlers(planted: Any) -> Handlers:
    """The page's events that ask nothing, over a planted assistant."""
    return Handlers(Panes(planted))


def answering(planted: Any, scheduler: Scheduler | None = None) -> Answering:
    """The page's events that ask."""
    return Answering(
        Panes(planted), Scheduler(waiting=50) if scheduler is None else scheduler, most=50_000
    )


def sent(**said: object) -> Any:
    """An event of the page that says that."""
    return gr.EventData(None, said)


def all_of(shown: AsyncIterator[tuple[Any, ...]]) -> list[Any]:
    """What the page is sent, from first to last."""

    async def collect() -> list[Any]:
        return [one async for one in shown]

    return asyncio.run(collect())


OPEN: tuple[Any, ...] = (False, None, None, *([] for _ in CHOSEN))
"""What the panel says where nothing is chosen."""


def ask(planted: Any, question: str = "who came back?", kept: str = "") -> list[Any]:
    """What the page is sent for a question: at once, and in the end."""
    return all_of(answering(planted).answer(kept, question, *OPEN))


def kept_by(page: str, before: str = "") -> str:
    """What the browser keeps after a step, as conversation.js puts it together."""
    turns = list(Conversation.from_json(before).turns) if before else []
    turn = Turn.model_validate_json(unescape(re.findall(r'data-turn="([^"]*)"', page)[0]))
    at = re.findall(r'^<div class="pq-step"[^>]* data-at="([^"]*)"', page)
    place = [turn_key(one) for one in turns].index(unescape(at[0])) if at else len(turns)
    turns[place : place + 1] = [turn]
    return Conversation(turns=tuple(turns)).to_json()


def conversation(planted: Any, *questions: str) -> str:
    """What the browser keeps after those questions."""
    kept = ""
    for question in questions:
        kept = kept_by(ask(planted, question, kept)[-1][0], kept)
    return kept


def again(planted: Any, kept: str, at: int = 0, **change: str) -> str:
    """What the page is sent last, when a turn was asked again with a change."""
    event = sent(key=turn_key(Conversation.from_json(kept).turns[at]), **change)
    return str(all_of(answering(planted).again(event, kept))[-1][0])


def test_an_answer_opens_its_article_at_the_words() -> None:
    """The question is seen at once; then the answer, and the article with the words marked."""
    at_once, _, done = ask(Planted())
    assert "who came back?" in at_once[0]
    assert "Looking through the articles" in at_once[0]
    assert at_once[2] == ""
    conversation, article, _ = done
    assert "<mark>Otters</mark> came back on Sunday." in conversation
    assert 'is clean. <mark id="pq-cited">Otters</mark> came back' in article
    assert len(Conversation.from_json(kept_by(conversation)).turns) == 1


def test_passages_are_seen_before_they_are_read() -> None:
    """As soon as they are found, with the way to where they stand; the article pane stays."""
    _, (conversation, *others), _ = ask(Planted())
    assert "The closest passages." in conversation
    assert f'data-start="0" data-end="{len(TEXT)}"' in conversation
    assert 'aria-busy="true"' in conversation
    assert others == [gr.skip()] * 2


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
    *_, (conversation, article, _) = ask(Planted(abstained=True))
    assert "The corpus does not say." in conversation
    assert "Choose a citation" in article


def test_an_error_is_a_message_and_the_question_comes_back() -> None:
    """Nothing typed is lost, and the message says what to do."""
    _, (conversation, article, question) = ask(Planted(error=IndexMissing(Path("index"))))
    assert "Build one with: pullquote rebuild-index" in conversation
    assert article == gr.skip()
    assert question == "who came back?"
    assert "data-turn" not in conversation


def test_whoever_may_not_wait_gets_the_question_back() -> None:
    """Before anything is looked for, and with the reason."""
    planted: Any = Planted()
    page = answering(planted, Full(waiting=7))
    *_, (conversation, _, question) = all_of(page.answer("", "who came back?", *OPEN))
    assert "pullquote is busy: 7 questions are waiting, as many as it takes." in conversation
    assert question == "who came back?"
    assert planted.asked == []


def test_filters_reach_the_assistant() -> None:
    """What the form says is what is searched."""
    planted: Any = Planted()
    given = (True, "2024-01-01", "", ["Harbour Post"], *OPEN[4:])
    all_of(answering(planted).answer("", "who?", *given))
    ((question, filters),) = planted.asked
    assert question == "who?"
    assert filters.comments is True
    assert str(filters.since) == "2024-01-01"
    assert filters.until is None
    assert filters.sources == ("Harbour Post",)


def test_a_name_that_no_article_has_is_refused() -> None:
    """With what to do, instead of an answer that there is none; case does not matter."""
    planted: Any = Planted()
    for names, said in ((["harbour post"], ""), (["Herald"], "holds no source &#x27;Herald&#x27;")):
        given = (False, None, None, names, *OPEN[4:])
        *_, (page, _, question) = all_of(answering(planted).answer("", "who?", *given))
        assert said in page
        assert question == ("who?" if said else gr.skip())
    assert [filters.sources for _, filters in planted.asked] == [("harbour post",)]


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
def test_a_citation_opens_what_it_cited_or_says_why_not(
    place: CitedSpan | None, words: str
) -> None:
    """Offsets into another version would mark the wrong words, so none are marked."""
    planted: Any = Planted()
    html = Panes(planted).article(place)
    assert words in html
    assert ("<mark" in html) == ("<mark" in words)


def test_choosing_a_place_again_sends_another_page() -> None:
    """Equal HTML would not reach the browser's script, which scrolls to the words."""
    planted: Any = Planted()
    page = handlers(planted)
    event = sent(place=OTTERS.model_dump())
    assert page.open_citation(event) != page.open_citation(event)


def opened(planted: Any, kept: str = "", **query: str) -> tuple[str, str]:
    """Conversation and article as an address opens them."""
    request: Any = SimpleNamespace(query_params=QueryParams(query))
    conversation, article, *_ = handlers(planted).begin(kept, request)
    return conversation, article


@pytest.mark.parametrize("keeps", [True, False])
def test_an_address_opens_its_article_and_asks_its_question(keeps: bool) -> None:
    """The words are marked at once; an answer leaves them, where the address names them."""
    planted: Any = Planted()
    query = {"article": "otters.txt", "start": "4", "end": "8"} if keeps else {}
    conversation, article = opened(planted, question="who came back?", **query)
    assert (
        '<section data-ask data-current class="pq-turn" data-asked="who came back?"' in conversation
    )
    assert ('<mark id="pq-cited">mill</mark>' in article) is keeps
    event = sent(question="who came back?", narrowed="", keeps=keeps)
    *_, (conversation, article, _) = all_of(answering(planted).restore(event, ""))
    assert "<mark>Otters</mark> came back" in conversation
    assert (article == gr.skip()) is keeps


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
    _, _, (_, article, _) = ask(Planted())
    link = (
        "?article=otters.txt&amp;start=24&amp;end=30&amp;version=v1&amp;question=who+came+back%3F"
    )
    assert f'data-link="{link}"' in article
    event = sent(place=OTTERS.model_dump(), question="who came back?")
    assert f'data-link="{link}"' in handlers(Planted()).open_citation(event)
    assert 'data-link=""' in handlers(Planted()).clear()[1]


def test_a_follow_up_says_what_it_searched_for() -> None:
    """What the turns before gave is marked, and the question stands above as it was typed."""
    planted: Any = Planted()
    kept = conversation(planted, "who came back?")
    page = ask(planted, "when?", kept)[-1][0]
    assert planted.asked[-1][0] == "when Otters came back"
    assert "You asked: </span>when?</h2>" in page
    assert ">Otters</ins> <ins" in page
    assert 'value="when Otters came back"' in page


def test_a_question_that_stands_alone_is_searched_as_typed() -> None:
    """Then there is nothing to say about it."""
    assert "Searched for:" not in ask(Planted())[-1][0]


def test_an_edited_search_is_asked_in_its_turn() -> None:
    """As it was written and not completed; the question stays, and so do the turns around it."""
    planted: Any = Planted()
    kept = conversation(planted, "who came back?", "when?", "why?")
    page = again(planted, kept, 1, searched="where were they?")
    assert planted.asked[-1][0] == "where were they?"
    turns = Conversation.from_json(kept_by(page, kept)).turns
    assert [turn.question for turn in turns] == ["who came back?", "when?", "why?"]
    assert [turn.searched for turn in turns[1:]] == ["where were they?", "why Otters came back"]


def test_a_phrase_is_a_chip_that_can_be_removed() -> None:
    """On, it is a filter and not searched for; removed, its words are searched for again."""
    planted: Any = Planted()
    question = "who came back since March 2024?"
    kept = conversation(planted, question)
    assert planted.asked[-1] == ("who came back?", Filters(since=date(2024, 3, 1)))
    restored, _ = opened(planted, kept)
    assert 'aria-pressed="true" data-chip="14-30"' in restored
    page = again(planted, kept, chip="14-30")
    assert planted.asked[-1] == (question, Filters())
    assert 'aria-pressed="false" data-chip="14-30"' in page
    again(planted, kept_by(page, kept), chip="14-30")
    assert planted.asked[-1] == ("who came back?", Filters(since=date(2024, 3, 1)))


def test_what_was_chosen_beside_a_question_is_a_chip_too() -> None:
    """It can be taken off that question alone."""
    planted: Any = Planted()
    given = (True, None, None, ["Harbour Post"], *OPEN[4:])
    *_, (page, _, _) = all_of(answering(planted).answer("", "who came back?", *given))
    assert planted.asked[-1][1] == Filters(sources=("Harbour Post",), comments=True)
    page = again(planted, kept_by(page), chip="sources=Harbour Post")
    assert planted.asked[-1][1] == Filters(comments=True)
    assert 'aria-pressed="false" data-chip="sources=Harbour Post"' in page
    assert "with reader comments" in page


def test_an_edited_search_keeps_its_filters() -> None:
    """Words that became a filter are not in what is edited, but stay in force, and removable."""
    planted: Any = Planted()
    kept = conversation(planted, "who came back since March 2024?")
    page = again(planted, kept, searched="who left?")
    assert planted.asked[-1] == ("who left?", Filters(since=date(2024, 3, 1)))
    again(planted, kept_by(page, kept), chip="since=from 1 March 2024")
    assert planted.asked[-1] == ("who left?", Filters())


def test_a_turn_that_is_gone_is_not_asked_again() -> None:
    """As when the conversation was cleared in another tab."""
    event = sent(key="2024-01-01T00:00:00Z", chip="x")
    ((page, *_),) = all_of(answering(Planted()).again(event, ""))
    assert "not in the conversation any more" in page


def test_what_the_browser_kept_is_shown_again() -> None:
    """Rendered anew from what was said, without asking anything."""
    kept = conversation(Planted(), "who came back?", "when?")
    planted: Any = Planted()
    page, article = opened(planted, kept)
    assert page.count("<mark>Otters</mark> came back on Sunday.") == 2
    assert "data-forget" not in page
    assert "Choose a citation" in article
    assert planted.asked == []


def test_words_that_were_not_found_are_still_named_later() -> None:
    """Under a question that was not answered, after a reload."""
    planted: Any = Planted(abstained=True)
    kept = conversation(planted, "Did a Zebra come with an otter?")
    page, _ = opened(planted, kept)
    assert "Nowhere in the articles: <b><bdi>Zebra</bdi></b>." in page


def test_without_an_index_nothing_is_shown_and_nothing_forgotten() -> None:
    """It cannot be told what may be shown; the browser keeps what it has."""
    kept = conversation(Planted(), "who came back?")
    page, _ = opened(Planted(error=IndexMissing(Path("index"))), kept)
    assert "pullquote rebuild-index" in page
    assert "Otters" not in page
    assert "data-forget" not in page


@pytest.mark.parametrize("kept", ["{", '{"version": 0}', "null", '{"turns": [{}]}'])
def test_what_cannot_be_read_is_dropped_with_a_word(kept: str) -> None:
    """The page begins empty, and the browser forgets what it had."""
    page, _ = opened(Planted(), kept)
    assert "could not be read and was dropped" in page
    assert "Ask 1 article a question" in page
    assert "data-forget" in page


def newer(kept: str, at: int = -1, **changed: Any) -> str:
    """What a newer version made of what the browser keeps: fields in one of its turns."""
    given = json.loads(kept)
    given["version"] = 2
    given["more"] = "of the conversation"
    given["turns"][at] |= changed
    return json.dumps(given)


def test_fields_of_a_newer_version_do_no_harm() -> None:
    """The page shows the conversation and goes on from it; nothing is forgotten."""
    kept = newer(conversation(Planted(), "who came back?"), mood={"x": 1})
    page, _ = opened(Planted(), kept)
    assert "<mark>Otters</mark> came back on Sunday." in page
    assert "data-forget" not in page
    planted: Any = Planted()
    assert "data-turn" in ask(planted, "when?", kept)[-1][0]
    assert planted.asked[-1][0] == "when Otters came back"
    saved = unescape(handlers(Planted()).save_json(kept))
    assert "who came back?" in saved
    assert "mood" not in saved


def test_a_question_under_an_unknown_filter_is_not_asked_again() -> None:
    """It is shown, and says which; asked without the filter it would be another question."""
    chosen = {"sources": ["Harbour Post"], "topics": ["rivers"]}
    before = conversation(Planted(), "who came back?", "who left?")
    kept = newer(before, 0, given=chosen, filters=chosen)
    page, _ = opened(Planted(), kept, question="who left?")
    assert "Also narrowed by topics, which this version of pullquote does not know." in page
    assert page.count("<mark>Otters</mark> came back on Sunday.") == 2
    assert page.count('data-asked=""') == 1
    for change in ({"searched": "who came?"}, {"chip": "sources=Harbour Post"}):
        planted: Any = Planted()
        refused = again(planted, kept, **change)
        assert "narrowed by topics, which this version of pullquote does not know" in refused
        assert f'data-key="{turn_key(Conversation.from_json(kept).turns[0])}"' in refused
        assert "data-turn" not in refused
        assert planted.asked == []


def test_a_turn_that_is_not_understood_is_shown_as_such() -> None:
    """With its question and in its place; it cannot be asked again, and links to nothing."""
    before = conversation(Planted(), "who came back?", "who left?")
    kept = newer(before, 0, searched=["one", "other"])
    page, _ = opened(Planted(), kept)
    assert "This question was asked with a newer version of pullquote." in page
    assert page.index("who came back?") < page.index("who left?")
    assert "data-forget" not in page
    asked = json.loads(kept)["turns"][0]["asked"]
    assert f'data-key="{asked}" class="pq-turn" data-asked=""' in page
    planted: Any = Planted()
    event = sent(key=asked, searched="who came?")
    ((refused, *_),) = all_of(answering(planted).again(event, kept))
    assert "so this version cannot ask it again" in refused
    assert planted.asked == []


def test_loading_the_page_again_asks_nothing_again() -> None:
    """The address names the question that is there already; its article is opened."""
    kept = conversation(Planted(), "who came back?", "when?")
    for question in ("who came back?", "when Otters came back"):
        page, _ = opened(Planted(), kept, question=question)
        assert "data-ask " not in page
    assert "data-ask " in opened(Planted(), kept, question="who left?")[0]


def test_a_changed_article_is_quoted_as_it_stood() -> None:
    """And so is one that is gone, each with a word about it."""
    kept = conversation(Planted(), "who came back?")
    for planted, note in (
        (Planted(version="v2"), "<bdi>Otters return</bdi> has changed since"),
        (Planted(articles=()), "<bdi>Otters return</bdi> is no longer in the index"),
    ):
        page, _ = opened(planted, kept)
        assert note in page
        assert "<mark>Otters</mark> came back on Sunday." in page


def test_what_was_withheld_since_is_not_shown() -> None:
    """Not in the conversation, not in what is saved, and not where a citation is opened."""
    kept = conversation(Planted(), "who came back?")
    planted: Any = Planted(withheld=True)
    page, article = opened(planted, kept, article="otters.txt")
    assert "have been withheld since" in page
    assert "came back on Sunday" not in page
    assert "This article has been canceled by its source" in article
    assert "Otters" not in handlers(planted).save_markdown(kept)


def test_a_conversation_is_saved_from_the_page() -> None:
    """The file is in the page, named by the day; as JSON it is what was kept."""
    kept = conversation(Planted(), "who came back?")
    day = f"{Conversation.from_json(kept).turns[0].asked:%Y-%m-%d}"
    as_json = handlers(Planted()).save_json(kept)
    assert f'data-name="pullquote-{day}.json"' in as_json
    text = unescape(re.findall(r'data-text="([^"]*)"', as_json)[0])
    assert json.loads(text) == json.loads(kept)
    as_markdown = unescape(handlers(Planted()).save_markdown(kept))
    assert f'data-name="pullquote-{day}.md"' in as_markdown
    assert "> Otters\n" in as_markdown


def test_a_step_says_what_the_browser_may_keep() -> None:
    """Turns and bytes in all, which conversation.js holds to; and the generation that answered."""
    page = ask(Planted())[-1][0]
    said = f'data-most-turns="{MAX_TURNS}" data-most-bytes="50000" data-generation="g1"'
    assert said in page


def test_a_question_costs_the_same_in_a_long_conversation() -> None:
    """No step shows what was said before."""
    kept = conversation(Planted(), *(f"who came back {n}?" for n in range(5)))
    for page, *_ in ask(Planted(), "who left?", kept):
        assert page.count("<section") == 1
        assert "who came back" not in page


def test_the_steps_of_a_question_have_one_place() -> None:
    """Behind the others, or that of the turn which is asked again."""
    planted: Any = Planted()
    kept = conversation(planted, "who came back?")
    numbers = {re.findall(r'data-number="(\d+)"', page)[0] for page, *_ in ask(planted)}
    assert len(numbers) == 1
    key = turn_key(Conversation.from_json(kept).turns[0])
    steps = all_of(answering(planted).again(sent(key=key, searched="who left?"), kept))
    assert {re.findall(r'data-at="([^"]*)"', page)[0] for page, *_ in steps} == {key}


def test_what_cannot_be_asked_again_stays_with_what_was_typed() -> None:
    """The turn as it was, with the reason, and the words to put right."""
    kept = conversation(Planted(), "who came back?", "when?")
    planted = Planted()
    key = turn_key(Conversation.from_json(kept).turns[1])
    event = sent(key=key, searched="who left?")
    *_, (page, _, question) = all_of(answering(planted, Full(waiting=7)).again(event, kept))
    assert "pullquote is busy" in page
    assert f'data-key="{key}"' in page
    assert "<mark>Otters</mark> came back on Sunday." in page
    assert 'value="who left?"' in page
    assert question == gr.skip()
    assert "data-turn" not in page


def test_the_conversation_is_shown_anew() -> None:
    """When another generation has come, as that may show it."""
    kept = conversation(Planted(), "who came back?")
    page = handlers(Planted(withheld=True)).show_anew(kept)
    assert page.startswith('<div class="pq-page"')
    assert "have been withheld since" in page
    assert "came back on Sunday" not in page


NO_EVENTS: list[Any] = [None, [], "x", 3, {}, {"question": 3}, {"key": []}, {"place": "x"}]


@pytest.mark.parametrize("given", NO_EVENTS)
def test_an_event_that_the_page_never_sends_is_refused(given: Any) -> None:
    """With one line, whatever it holds; nothing is asked."""
    planted: Any = Planted()
    event = gr.EventData(None, given)
    page = answering(planted)
    for shown in (
        page.answer_example(event, "", *OPEN),
        page.restore(event, ""),
        page.again(event, ""),
    ):
        ((conversation, article, _),) = all_of(shown)
        assert "The page sent what it never sends. Load it again." in conversation
        assert article == gr.skip()
    assert "does not name a place" in handlers(planted).open_citation(event)
    assert planted.asked == []


def test_a_link_carries_what_narrows_its_question() -> None:
    """Filters that were chosen and chips that were turned off; it asks for the same elsewhere."""
    planted: Any = Planted()
    given = (True, "2024-01-01", "", ["Harbour Post"], *OPEN[4:])
    question = "who came back since March 2024?"
    kept = kept_by(all_of(answering(planted).answer("", question, *given))[-1][0])
    kept = kept_by(again(planted, kept, chip="14-30"), kept)
    asked = planted.asked[-1]
    assert asked == (
        question,
        Filters(since=date(2024, 1, 1), sources=("Harbour Post",), comments=True),
    )
    link = link_of(Conversation.from_json(kept).turns[0])
    page, _ = opened(planted, **dict(parse_qsl(permanent_link(link)[1:])))
    (narrowed,) = re.findall(r'data-narrowed="([^"]*)"', page)
    event = sent(question=question, narrowed=unescape(narrowed), keeps=False)
    all_of(answering(planted).restore(event, ""))
    assert planted.asked[-1] == asked
    assert "data-ask " not in opened(planted, kept, **dict(parse_qsl(permanent_link(link)[1:])))[0]


def test_a_link_to_a_follow_up_asks_the_whole() -> None:
    """What was filled in and narrowed, without the turns before it."""
    planted: Any = Planted()
    kept = conversation(planted, "who came back?", "when since March 2024?")
    link = link_of(Conversation.from_json(kept).turns[1])
    assert (link.question, link.filters) == planted.asked[-1]
    assert link.filters == Filters(since=date(2024, 3, 1))
