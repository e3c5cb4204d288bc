"""The chat after each event, with an assistant that gives planted replies."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl

import gradio as gr
import pytest
from starlette.datastructures import QueryParams

from pullquote.answering.query import Query
from pullquote.answering.retrieval.scope import Scope
from pullquote.answering.retrieval.searcher import SearchResult
from pullquote.conversation import Conversation, Turn
from pullquote.english.terms import content_terms
from pullquote.schema import (
    Answer,
    Article,
    Block,
    Citation,
    Correction,
    Filters,
    Hit,
    Kind,
    Outcome,
    Passage,
    QueryOptions,
    Question,
    QuestionKind,
    Reply,
    Role,
)
from pullquote.schema.errors import (
    ArticleUnknown,
    ArticleWithheld,
    Busy,
    IndexDamaged,
    IndexMissing,
    PullquoteError,
)
from pullquote.schema.settings import Settings
from pullquote.web.gradio.answering import Answering
from pullquote.web.gradio.handlers import Handlers
from pullquote.web.request_limits import MAX_TURNS
from pullquote.web.requests import CitedSpan
from pullquote.web.scheduler import Scheduler
from pullquote.web.state.browser_conversation import turn_key
from pullquote.web.views.chat_views import ChatViews, withheld_text
from pullquote.web.views.permalinks import permanent_link
from pullquote.web.views.turns import link_of

NAMES = {"source": "Harbour Post", "section": "Nature", "language": "en", "kind": "report"}
TEXT = "The mill race is clean. Otters came back on Sunday."
OTTERS = CitedSpan(article="otters.txt", start=24, end=30, version="v1")


@dataclass
class ChatAssistant:
    """An assistant with one article that returns one reply or raises one error."""

    error: PullquoteError | None = None
    abstained: bool = False
    outcome: Outcome = Outcome.ANSWER
    corrections: tuple[Correction, ...] = ()
    damage: IndexDamaged | None = None
    articles: tuple[str, ...] = ("otters.txt",)
    version: str = "v1"
    withheld: bool = False
    asked: list[tuple[str, Filters | None]] = field(default_factory=list)
    options: list[QueryOptions] = field(default_factory=list)
    settings: Settings = field(default_factory=lambda: Settings(body_bytes=100_000))

    def find(
        self,
        question: str,
        *,
        k: int | None = None,
        filters: Filters | None = None,
        kind: QuestionKind | None = None,
        as_typed: bool = False,
        as_of: date | None = None,
        fast: bool = False,
    ) -> SearchResult:
        """The only passage, if its words match the question as planted."""
        if self.error is not None:
            raise self.error
        self.asked.append((question, filters))
        self.options.append(QueryOptions(kind, as_typed, as_of, fast))
        query = Query(question, question, QuestionKind.FACT if kind is None else kind)
        if self.corrections and not as_typed:
            corrected = question.replace(self.corrections[0].typed, self.corrections[0].used)
            query = replace(query, text=corrected, corrections=self.corrections)
        passage = Passage(1, "otters.txt", Role.BODY, 0, len(TEXT), TEXT, "Otters return")
        article = self.article("otters.txt")
        hit = Hit(passage=passage, article=article, cosine=0.5, bm25=1.0, fused_score=0.03)
        asked = Question(query.text, dict.fromkeys(content_terms(query.text), 1.0))
        scope = Scope.of(Filters() if filters is None else filters, as_of)
        return SearchResult(query, asked, [hit], self.generation, 1.0, scope=scope)

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
            question=found.query.typed,
            kind=found.query.kind,
            searched_for=found.query.text,
            corrections=found.query.corrections,
            outcome=Outcome.NOTHING if self.abstained else self.outcome,
            answers=(answer,),
            as_of=found.scope.as_of,
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
        """The only article, even if it may not be shown."""
        block = Block(role=Role.BODY, start=0, end=len(TEXT))
        return Article(
            id=article, version=self.version, text=TEXT, blocks=(block,), title="Otters return"
        )

    @property
    def generation(self) -> Any:
        """The parts of a generation that the empty page needs."""
        if self.error is not None:
            raise self.error
        articles = {article: self.stored(article) for article in self.articles}
        return SimpleNamespace(
            name="g1",
            damage=self.damage,
            manifest=SimpleNamespace(articles=len(articles), progress=None),
            articles=lambda: list(articles),
            stored_article=articles.get,
            articles_by=lambda fact: {NAMES[fact]: 1},
            days=lambda: (date(2023, 1, 1), date(2024, 12, 31), 0),
            unknown_terms=lambda terms: [t for t in terms if t == "zebra"],
        )


class Full(Scheduler):
    """A scheduler whose queue is full."""

    def check(self, client: str) -> None:
        """Refuse."""
        raise Busy(self._waiting)


def handlers(planted: Any) -> Handlers:
    """The events that ask no question, with a planted assistant."""
    return Handlers(ChatViews(planted))


def answering(planted: Any, scheduler: Scheduler | None = None) -> Answering:
    """The events that ask a question."""
    return Answering(
        planted,
        ChatViews(planted),
        Scheduler(waiting=50) if scheduler is None else scheduler,
        most=50_000,
    )


def sent(**data: object) -> Any:
    """An event of the page with that data."""
    return gr.EventData(None, data)


def all_of(shown: AsyncIterator[tuple[Any, ...]]) -> list[Any]:
    """All outputs of an event, in order."""

    async def collect() -> list[Any]:
        return [one async for one in shown]

    return asyncio.run(collect())


"""The values of the filters if nothing is chosen."""


def ask(planted: Any, question: str = "who came back?", saved: str = "") -> list[Any]:
    """All outputs for a question, in order."""
    return all_of(answering(planted).answer(saved, question, ""))


def saved_by(page: str, before: str = "") -> str:
    """The conversation that conversation.js saves after an update."""
    turns = list(Conversation.from_json(before).turns) if before else []
    turn = Turn.model_validate_json(unescape(re.findall(r'data-turn="([^"]*)"', page)[0]))
    at = re.findall(r'^<div class="pq-step"[^>]* data-at="([^"]*)"', page)
    place = [turn_key(one) for one in turns].index(unescape(at[0])) if at else len(turns)
    turns[place : place + 1] = [turn]
    return Conversation(turns=tuple(turns)).to_json()


def conversation(planted: Any, *questions: str) -> str:
    """The saved conversation after those questions."""
    saved = ""
    for question in questions:
        saved = saved_by(ask(planted, question, saved)[-1][0], saved)
    return saved


def again(planted: Any, saved: str, at: int = 0, **change: str) -> str:
    """The last HTML for a turn that is asked again with a change."""
    event = sent(key=turn_key(Conversation.from_json(saved).turns[at]), **change)
    return str(all_of(answering(planted).again(event, saved))[-1][0])


def test_an_answer_opens_its_article_at_the_words() -> None:
    """The question appears at once; then the answer, and the article with its words marked."""
    at_once, _, done = ask(ChatAssistant())
    assert "who came back?" in at_once[0]
    assert "Looking through the articles" in at_once[0]
    assert at_once[2] == ""
    conversation, article, _ = done
    assert "<mark>Otters</mark> came back on Sunday." in conversation
    assert 'is clean. <mark id="pq-cited">Otters</mark> came back' in article
    assert len(Conversation.from_json(saved_by(conversation)).turns) == 1


def test_passages_are_seen_before_they_are_read() -> None:
    """Passages appear with their places while the article pane stays as it is."""
    _, (conversation, *others), _ = ask(ChatAssistant())
    assert "The closest passages." in conversation
    assert f'data-start="0" data-end="{len(TEXT)}"' in conversation
    assert 'aria-busy="true"' in conversation
    assert others == [gr.skip()] * 2


def test_silence_names_what_was_not_found() -> None:
    """Missing words are listed; an inflected form counts as the same word."""
    *_, (conversation, *_) = ask(ChatAssistant(abstained=True), "Did a Zebra dance with an otter?")
    assert "No article contains: <b><bdi>Zebra</bdi></b>." in conversation
    assert "The closest passages do not contain: <b><bdi>dance</bdi></b>." in conversation


def test_a_damaged_index_is_reported() -> None:
    """The empty page and each answer name the damaged file."""
    damage = IndexDamaged(Path("index/articles.db"), expected="3 bytes", found="2")
    for planted, shown in ((ChatAssistant(damage=damage), True), (ChatAssistant(), False)):
        *_, answered = ask(planted)
        welcome = ChatViews(planted).welcome()  # type: ignore[arg-type]
        for page in (answered[0], welcome):
            assert ("Answers come from the previous version of the index." in page) is shown
            assert ("index/articles.db" in page) is shown


def test_silence_opens_no_article() -> None:
    """An unanswered question closes the article of an earlier answer."""
    *_, (conversation, article, _) = ask(ChatAssistant(abstained=True))
    assert "No answer found." in conversation
    assert "Choose a citation" in article


def test_without_an_index_a_question_waits() -> None:
    """The turn says what to do and that the question will be asked; the box is free."""
    _, (conversation, article, question) = ask(ChatAssistant(error=IndexMissing(Path("index"))))
    assert "Build one with: pullquote rebuild-index" in conversation
    assert "Your question will be asked by itself as soon as there is an index." in conversation
    assert 'data-asked="who came back?"' in conversation
    assert 'aria-busy="true"' in conversation
    assert article == gr.skip()
    assert question == gr.skip()
    assert "data-turn" not in conversation


def test_whoever_may_not_wait_gets_the_question_back() -> None:
    """A full queue refuses a question before any search, with the reason."""
    planted: Any = ChatAssistant()
    page = answering(planted, Full(waiting=7))
    *_, (conversation, _, question) = all_of(page.answer("", "who came back?", ""))
    assert "pullquote is busy: its queue is full (7 questions)." in conversation
    assert question == "who came back?"
    assert planted.asked == []


def test_filters_reach_the_assistant() -> None:
    """The search uses the filters of the form."""
    planted: Any = ChatAssistant()
    given = "since=2024-01-01&until=&source=Harbour+Post&comments=1"
    all_of(answering(planted).answer("", "who?", given))
    ((question, filters),) = planted.asked
    assert question == "who?"
    assert filters.comments is True
    assert str(filters.since) == "2024-01-01"
    assert filters.until is None
    assert filters.sources == ("Harbour Post",)


def test_a_name_that_no_article_has_is_refused() -> None:
    """An unknown name is refused with a message; case does not matter."""
    planted: Any = ChatAssistant()
    for given, message in (
        ("source=harbour+post", ""),
        ("source=Herald", "No article has the source “Herald”."),
        ("not_source=Herald", "No article has the source “Herald”."),
    ):
        *_, (page, _, question) = all_of(answering(planted).answer("", "who?", given))
        assert message in page
        assert question == ("who?" if message else gr.skip())
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
    """In another version of the article, no words are marked."""
    planted: Any = ChatAssistant()
    html = ChatViews(planted).article(place)
    assert words in html
    assert ("<mark" in html) == ("<mark" in words)


def test_choosing_a_place_again_sends_another_page() -> None:
    """Each choice sends different HTML, so that the script scrolls to the words again."""
    planted: Any = ChatAssistant()
    page = handlers(planted)
    event = sent(place=OTTERS.model_dump())
    assert page.open_citation(event) != page.open_citation(event)


def opened(planted: Any, saved: str = "", **query: str) -> tuple[str, str]:
    """Conversation and article as an address opens them."""
    request: Any = SimpleNamespace(query_params=QueryParams(query))
    conversation, article, *_ = handlers(planted).begin(saved, request)
    return conversation, article


@pytest.mark.parametrize("keeps", [True, False])
def test_an_address_opens_its_article_and_asks_its_question(keeps: bool) -> None:
    """The words are marked at once, and an answer does not replace an article of the address."""
    planted: Any = ChatAssistant()
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
    """The page is empty."""
    welcome, article = opened(ChatAssistant())
    assert "Ask 1 article a question" in welcome
    assert "data-ask " not in welcome
    assert "Choose a citation" in article


def test_an_address_that_names_no_place_says_so() -> None:
    """An invalid address opens a message."""
    _, article = opened(ChatAssistant(), article="otters.txt", start="x")
    assert "This link is incomplete or damaged." in article


def test_what_is_open_has_an_address() -> None:
    """The address of an open article has the question, from an answer as from a citation."""
    _, _, (_, article, _) = ask(ChatAssistant())
    link = (
        "?article=otters.txt&amp;start=24&amp;end=30&amp;version=v1&amp;question=who+came+back%3F"
    )
    assert f'data-link="{link}"' in article
    event = sent(place=OTTERS.model_dump(), question="who came back?")
    assert f'data-link="{link}"' in handlers(ChatAssistant()).open_citation(event)
    assert 'data-link=""' in handlers(ChatAssistant()).clear()[1]


def test_an_address_without_an_article_closes_it() -> None:
    """Back to a question without an answer, or home, leaves the address as it is."""
    pane = handlers(ChatAssistant()).open_citation(sent(place=None, question="who came back?"))
    assert 'data-link="?question=who+came+back%3F"' in pane
    assert "pq-article" not in pane


def test_a_follow_up_says_what_it_searched_for() -> None:
    """Words from earlier turns are marked, and the question is shown as typed."""
    planted: Any = ChatAssistant()
    saved = conversation(planted, "who came back?")
    page = ask(planted, "when?", saved)[-1][0]
    assert "when (came back, Otters)" in [text for text, _ in planted.asked]
    assert "You asked: </span>when?</h2>" in page
    assert ">came back</ins>, <ins" in page
    assert 'value="when (came back, Otters)"' in page


def test_a_question_that_stands_alone_is_searched_as_typed() -> None:
    """A complete question shows no search text."""
    assert "Searched for:" not in ask(ChatAssistant())[-1][0]


def test_an_edited_search_is_asked_in_its_turn() -> None:
    """An edited search is not completed, and no other turn changes."""
    planted: Any = ChatAssistant()
    saved = conversation(planted, "who came back?", "when?", "why?")
    page = again(planted, saved, 1, searched="where were they?")
    assert planted.asked[-1][0] == "where were they?"
    turns = Conversation.from_json(saved_by(page, saved)).turns
    assert [turn.question for turn in turns] == ["who came back?", "when?", "why?"]
    assert [turn.searched for turn in turns[1:]] == ["where were they?", "why (came back, Otters)"]


def test_a_phrase_is_a_chip_that_can_be_removed() -> None:
    """A phrase is a filter while its chip is on, and is searched for when it is off."""
    planted: Any = ChatAssistant()
    question = "who came back since March 2024?"
    saved = conversation(planted, question)
    assert planted.asked[-1] == ("who came back?", Filters(since=date(2024, 3, 1)))
    restored, _ = opened(planted, saved)
    assert 'aria-pressed="true" data-chip="14-30"' in restored
    page = again(planted, saved, chip="14-30")
    assert planted.asked[-1] == (question, Filters())
    assert 'aria-pressed="false" data-chip="14-30"' in page
    again(planted, saved_by(page, saved), chip="14-30")
    assert planted.asked[-1] == ("who came back?", Filters(since=date(2024, 3, 1)))


def test_what_was_chosen_beside_a_question_is_a_chip_too() -> None:
    """A chosen filter can be turned off for one question."""
    planted: Any = ChatAssistant()
    given = "source=Harbour+Post&comments=1"
    *_, (page, _, _) = all_of(answering(planted).answer("", "who came back?", given))
    assert planted.asked[-1][1] == Filters(sources=("Harbour Post",), comments=True)
    page = again(planted, saved_by(page), chip="sources=Harbour Post")
    assert planted.asked[-1][1] == Filters(comments=True)
    assert 'aria-pressed="false" data-chip="sources=Harbour Post"' in page
    assert "with reader comments" in page


def test_a_source_is_left_out_of_a_turn() -> None:
    """The turn is asked again without the source, with its other filters, and says so."""
    planted: Any = ChatAssistant()
    saved = conversation(planted, "who came back since March 2024?", "when?")
    page = again(planted, saved, 0, added="not_source=Gazette")
    since = Filters(since=date(2024, 3, 1))
    assert planted.asked[-1] == ("who came back?", replace(since, not_sources=("Gazette",)))
    saved = saved_by(page, saved)
    assert [turn.question for turn in Conversation.from_json(saved).turns][1] == "when?"
    again(planted, saved, 0, added="not_source=Harbour+Post")
    both = ("Gazette", "Harbour Post")
    assert planted.asked[-1] == ("who came back?", replace(since, not_sources=both))
    assert 'aria-pressed="true" data-chip="not_sources=not Gazette"' in page


def test_days_chosen_on_a_timeline_replace_those_of_the_question() -> None:
    """The new days apply alone, and a second choice replaces the first."""
    planted: Any = ChatAssistant()
    saved = conversation(planted, "who came back since March 2024?")
    page = again(planted, saved, added="since=2024-04-01&until=2024-05-01")
    days = Filters(since=date(2024, 4, 1), until=date(2024, 5, 1))
    assert planted.asked[-1] == ("who came back?", days)
    again(planted, saved_by(page, saved), added="until=2024-04-20")
    assert planted.asked[-1][1] == replace(days, until=date(2024, 4, 20))
    page = again(planted, saved, added="since=2024-05-01&until=2024-04-01")
    assert "is after the end date" in page


def test_chosen_filters_replace_those_that_were_chosen() -> None:
    """A turn is asked again as if its question were typed again with the filters of the drawer."""
    planted: Any = ChatAssistant()
    *_, (page, _, _) = all_of(
        answering(planted).answer("", "who came back since March 2024?", "source=Harbour+Post")
    )
    again(planted, saved_by(page), chosen="kind=report")
    assert planted.asked[-1] == (
        "who came back?",
        Filters(since=date(2024, 3, 1), kinds=(Kind.REPORT,)),
    )


def test_an_edited_search_keeps_its_filters() -> None:
    """Filters from words of the question still apply to an edited search, as chips."""
    planted: Any = ChatAssistant()
    saved = conversation(planted, "who came back since March 2024?")
    page = again(planted, saved, searched="who left?")
    assert planted.asked[-1] == ("who left?", Filters(since=date(2024, 3, 1)))
    again(planted, saved_by(page, saved), chip="since=from 1 March 2024")
    assert planted.asked[-1] == ("who left?", Filters())


def test_a_turn_that_is_gone_is_not_asked_again() -> None:
    """A turn may be gone because another tab cleared the conversation."""
    event = sent(key="2024-01-01T00:00:00Z", chip="x")
    ((page, *_),) = all_of(answering(ChatAssistant()).again(event, ""))
    assert "no longer in the conversation" in page


def test_a_saved_conversation_is_shown_again() -> None:
    """The saved turns are shown without asking again."""
    saved = conversation(ChatAssistant(), "who came back?", "when?")
    planted: Any = ChatAssistant()
    page, article = opened(planted, saved)
    assert page.count("<mark>Otters</mark> came back on Sunday.") == 2
    assert "data-forget" not in page
    assert "Choose a citation" in article
    assert planted.asked == []


def test_words_that_were_not_found_are_still_named_later() -> None:
    """After a reload, an unanswered question still lists its missing words."""
    planted: Any = ChatAssistant(abstained=True)
    saved = conversation(planted, "Did a Zebra dance with an otter?")
    page, _ = opened(planted, saved)
    assert "No article contains: <b><bdi>Zebra</bdi></b>." in page


def test_without_an_index_nothing_is_shown_and_nothing_forgotten() -> None:
    """Without an index nothing can be checked; the browser keeps its conversation."""
    saved = conversation(ChatAssistant(), "who came back?")
    page, _ = opened(ChatAssistant(error=IndexMissing(Path("index"))), saved)
    assert "pullquote rebuild-index" in page
    assert "Otters" not in page
    assert "data-forget" not in page


@pytest.mark.parametrize("saved", ["{", '{"version": 0}', "null", '{"turns": [{}]}'])
def test_an_unreadable_conversation_is_dropped_with_a_message(saved: str) -> None:
    """The page begins empty, and the browser deletes its conversation."""
    page, _ = opened(ChatAssistant(), saved)
    assert "so it was removed. Ask your question again." in page
    assert "Ask 1 article a question" in page
    assert "data-forget" in page


def newer(saved: str, at: int = -1, **changed: Any) -> str:
    """The saved conversation as a newer version wrote it, with these fields in one turn."""
    given = json.loads(saved)
    given["version"] = 2
    given["more"] = "of the conversation"
    given["turns"][at] |= changed
    return json.dumps(given)


def test_fields_of_a_newer_version_do_no_harm() -> None:
    """The page shows the conversation and goes on from it; nothing is forgotten."""
    saved = newer(conversation(ChatAssistant(), "who came back?"), mood={"x": 1})
    page, _ = opened(ChatAssistant(), saved)
    assert "<mark>Otters</mark> came back on Sunday." in page
    assert "data-forget" not in page
    planted: Any = ChatAssistant()
    assert "data-turn" in ask(planted, "when?", saved)[-1][0]
    assert "when (came back, Otters)" in [text for text, _ in planted.asked]
    saved = unescape(handlers(ChatAssistant()).save_json(saved))
    assert "who came back?" in saved
    assert "mood" not in saved


def test_a_question_under_an_unknown_filter_is_not_asked_again() -> None:
    """The turn is shown with the name of the filter, and cannot be asked again."""
    chosen = {"sources": ["Harbour Post"], "topics": ["rivers"]}
    before = conversation(ChatAssistant(), "who came back?", "who left?")
    saved = newer(before, 0, given=chosen, filters=chosen)
    page, _ = opened(ChatAssistant(), saved, question="who left?")
    assert "Also used filters that this version of pullquote does not have: topics." in page
    assert page.count("<mark>Otters</mark> came back on Sunday.") == 2
    assert page.count('data-asked=""') == 1
    for change in ({"searched": "who came?"}, {"chip": "sources=Harbour Post"}):
        planted: Any = ChatAssistant()
        refused = again(planted, saved, **change)
        assert "used filters that this version of pullquote does not have: topics." in refused
        assert f'data-key="{turn_key(Conversation.from_json(saved).turns[0])}"' in refused
        assert "data-turn" not in refused
        assert planted.asked == []


def test_a_turn_that_is_not_understood_is_shown_as_such() -> None:
    """The turn is shown with its question, without a link, and cannot be asked again."""
    before = conversation(ChatAssistant(), "who came back?", "who left?")
    saved = newer(before, 0, searched=["one", "other"])
    page, _ = opened(ChatAssistant(), saved)
    assert "This question was asked with a newer version of pullquote." in page
    assert page.index("who came back?") < page.index("who left?")
    assert "data-forget" not in page
    asked = json.loads(saved)["turns"][0]["asked"]
    assert f'data-key="{asked}" class="pq-turn" data-asked=""' in page
    planted: Any = ChatAssistant()
    event = sent(key=asked, searched="who came?")
    ((refused, *_),) = all_of(answering(planted).again(event, saved))
    assert "so this version cannot ask it again" in refused
    assert planted.asked == []


def test_loading_the_page_again_asks_nothing_again() -> None:
    """A question of the address that is in the conversation already is not asked again."""
    saved = conversation(ChatAssistant(), "who came back?", "when?")
    for question in ("who came back?", "when (came back, Otters)"):
        page, _ = opened(ChatAssistant(), saved, question=question)
        assert "data-ask " not in page
    assert "data-ask " in opened(ChatAssistant(), saved, question="who left?")[0]


def test_a_changed_article_is_quoted_as_it_stood() -> None:
    """Changed and deleted articles are still quoted, with a note."""
    saved = conversation(ChatAssistant(), "who came back?")
    for planted, note in (
        (ChatAssistant(version="v2"), "<bdi>Otters return</bdi> has changed since"),
        (ChatAssistant(articles=()), "<bdi>Otters return</bdi> is no longer in the index"),
    ):
        page, _ = opened(planted, saved)
        assert note in page
        assert "<mark>Otters</mark> came back on Sunday." in page


def test_what_was_withheld_since_is_not_shown() -> None:
    """Withheld words are in no turn, no saved file and no opened article."""
    saved = conversation(ChatAssistant(), "who came back?")
    planted: Any = ChatAssistant(withheld=True)
    page, article = opened(planted, saved, article="otters.txt")
    assert "have since been withheld" in page
    assert "came back on Sunday" not in page
    assert "This article has been cancelled by its source" in article
    assert "Otters" not in handlers(planted).save_markdown(saved)


@pytest.mark.parametrize(
    ("status", "until", "text"),
    [
        ("usable", datetime(2090, 1, 1, 9, tzinfo=UTC), "under embargo until 1 January 2090"),
        ("usable", None, "under embargo and its end date is not known"),
        ("canceled", None, "has been cancelled by its source"),
        ("withheld", None, "has been withheld by its source"),
    ],
)
def test_the_page_says_why_an_article_is_not_shown(
    status: str, until: datetime | None, text: str
) -> None:
    """In British spelling, whatever IPTC calls the status."""
    assert text in withheld_text(ArticleWithheld("a.md", status=status, until=until))


def test_a_conversation_is_saved_from_the_page() -> None:
    """The file is in the page, named after the day. As JSON it is the saved conversation."""
    saved = conversation(ChatAssistant(), "who came back?")
    day = f"{Conversation.from_json(saved).turns[0].asked:%Y-%m-%d}"
    as_json = handlers(ChatAssistant()).save_json(saved)
    assert f'data-name="pullquote-{day}.json"' in as_json
    text = unescape(re.findall(r'data-text="([^"]*)"', as_json)[0])
    assert json.loads(text) == json.loads(saved)
    as_markdown = unescape(handlers(ChatAssistant()).save_markdown(saved))
    assert f'data-name="pullquote-{day}.md"' in as_markdown
    assert "> Otters\n" in as_markdown


def test_an_update_limits_what_the_browser_saves() -> None:
    """An update has the limits for conversation.js and the answering generation."""
    page = ask(ChatAssistant())[-1][0]
    limits = f'data-most-turns="{MAX_TURNS}" data-most-bytes="50000" data-generation="g1"'
    assert limits in page


def test_a_question_costs_the_same_in_a_long_conversation() -> None:
    """No update contains earlier turns."""
    saved = conversation(ChatAssistant(), *(f"who came back {n}?" for n in range(5)))
    for page, *_ in ask(ChatAssistant(), "who left?", saved):
        assert page.count("<section") == 1
        assert "who came back" not in page


def test_the_updates_of_a_question_have_one_place() -> None:
    """The updates of one question have one number, and the key of a turn asked again."""
    planted: Any = ChatAssistant()
    saved = conversation(planted, "who came back?")
    numbers = {re.findall(r'data-number="(\d+)"', page)[0] for page, *_ in ask(planted)}
    assert len(numbers) == 1
    key = turn_key(Conversation.from_json(saved).turns[0])
    steps = all_of(answering(planted).again(sent(key=key, searched="who left?"), saved))
    assert {re.findall(r'data-at="([^"]*)"', page)[0] for page, *_ in steps} == {key}


def test_what_cannot_be_asked_again_stays_with_what_was_typed() -> None:
    """The turn is unchanged, and shows the reason and the typed search text."""
    saved = conversation(ChatAssistant(), "who came back?", "when?")
    planted = ChatAssistant()
    key = turn_key(Conversation.from_json(saved).turns[1])
    event = sent(key=key, searched="who left?")
    *_, (page, _, question) = all_of(answering(planted, Full(waiting=7)).again(event, saved))
    assert "pullquote is busy" in page
    assert f'data-key="{key}"' in page
    assert "<mark>Otters</mark> came back on Sunday." in page
    assert 'value="who left?"' in page
    assert question == gr.skip()
    assert "data-turn" not in page


def test_the_conversation_is_shown_anew() -> None:
    """A new generation decides anew what may be shown."""
    saved = conversation(ChatAssistant(), "who came back?")
    page = handlers(ChatAssistant(withheld=True)).show_anew(saved)
    assert page.startswith('<div class="pq-page"')
    assert "have since been withheld" in page
    assert "came back on Sunday" not in page


NO_EVENTS: list[Any] = [None, [], "x", 3, {}, {"question": 3}, {"key": []}, {"place": "x"}]


@pytest.mark.parametrize("given", NO_EVENTS)
def test_an_event_that_the_page_never_sends_is_refused(given: Any) -> None:
    """An invalid event gets a one-line message, and nothing is asked."""
    planted: Any = ChatAssistant()
    event = gr.EventData(None, given)
    page = answering(planted)
    for shown in (
        page.answer_example(event, "", ""),
        page.restore(event, ""),
        page.again(event, ""),
    ):
        ((conversation, article, _),) = all_of(shown)
        assert "Something went wrong on this page. Reload it." in conversation
        assert article == gr.skip()
    assert "This citation is damaged." in handlers(planted).open_citation(event)
    assert planted.asked == []


def test_a_link_carries_what_narrows_its_question() -> None:
    """A link with filters and switched chips asks for the same elsewhere."""
    planted: Any = ChatAssistant()
    given = "since=2024-01-01&until=&source=Harbour+Post&comments=1"
    question = "who came back since March 2024?"
    saved = saved_by(all_of(answering(planted).answer("", question, given))[-1][0])
    saved = saved_by(again(planted, saved, chip="14-30"), saved)
    asked = planted.asked[-1]
    assert asked == (
        question,
        Filters(since=date(2024, 1, 1), sources=("Harbour Post",), comments=True),
    )
    link = link_of(Conversation.from_json(saved).turns[0])
    page, _ = opened(planted, **dict(parse_qsl(permanent_link(link)[1:])))
    (narrowed,) = re.findall(r'data-narrowed="([^"]*)"', page)
    event = sent(question=question, narrowed=unescape(narrowed), keeps=False)
    all_of(answering(planted).restore(event, ""))
    assert planted.asked[-1] == asked
    assert "data-ask " not in opened(planted, saved, **dict(parse_qsl(permanent_link(link)[1:])))[0]


def test_a_link_to_a_follow_up_asks_the_whole() -> None:
    """A link to a follow-up has the completed question with its filters."""
    planted: Any = ChatAssistant()
    saved = conversation(planted, "who came back?", "when since March 2024?")
    link = link_of(Conversation.from_json(saved).turns[1])
    assert (link.question, link.filters) in planted.asked
    assert link.filters == Filters(since=date(2024, 3, 1))


def test_a_question_is_asked_again_as_another_kind() -> None:
    """The chosen kind stays with later changes and after a reload, until pullquote decides."""
    planted: Any = ChatAssistant()
    question = "who came back since March 2024?"
    saved = conversation(planted, question)
    page = again(planted, saved, kind="yes-no")
    assert planted.options[-1] == QueryOptions(QuestionKind.YES_NO)
    assert "Read as: yes-or-no question" in page
    assert "<mark>Otters came back on Sunday.</mark>" in page
    saved = saved_by(page, saved)
    assert "Read as: yes-or-no question" in opened(planted, saved)[0]
    saved = saved_by(again(planted, saved, chip="14-30"), saved)
    assert planted.options[-1] == QueryOptions(QuestionKind.YES_NO)
    saved = saved_by(again(planted, saved, searched="who left?"), saved)
    assert planted.options[-1] == QueryOptions(QuestionKind.YES_NO)
    page = again(planted, saved, kind="")
    assert planted.options[-1] == QueryOptions()
    assert "Read as: question about a fact" in page


def test_a_question_is_asked_again_fast() -> None:
    """The menu leaves the second look out, says so, and brings it back."""
    planted: Any = ChatAssistant()
    saved = conversation(planted, "who came back?")
    page = again(planted, saved, fast=True)
    assert planted.options[-1] == QueryOptions(fast=True)
    assert "Read as: question about a fact, fast" in page
    assert 'data-fast="false"' in page
    page = again(planted, saved_by(page, saved), fast=False)
    assert planted.options[-1] == QueryOptions()
    assert 'data-fast="true"' in page


def test_a_corrected_question_is_searched_as_typed() -> None:
    """The page names the correction, and one button searches for the words as typed."""
    planted: Any = ChatAssistant(corrections=(Correction(typed="baack", used="back"),))
    saved = conversation(planted, "who came baack?")
    page, _ = opened(planted, saved)
    assert 'who came <ins title="instead of “baack”">back</ins>?' in page
    assert 'data-as-typed="true"' in page
    page = again(planted, saved, as_typed=True)
    assert planted.options[-1] == QueryOptions(as_typed=True)
    assert "who came baack?</span> (as typed)" in page
    saved = saved_by(page, saved)
    assert "(as typed)" in opened(planted, saved)[0]
    page = again(planted, saved, as_typed=False)
    assert planted.options[-1] == QueryOptions()
    assert "(as typed)" not in page


def test_an_address_asks_as_the_kind_it_names() -> None:
    """A shared link reads the question as its sender did."""
    planted: Any = ChatAssistant()
    page, _ = opened(planted, question="who came back?", question_kind="list", as_typed="1")
    assert 'data-narrowed="question_kind=list&amp;as_typed=1"' in page
    event = sent(question="who came back?", narrowed="question_kind=list&as_typed=1")
    all_of(answering(planted).restore(event, ""))
    assert planted.options == [QueryOptions(QuestionKind.LIST, as_typed=True)]


def test_the_page_says_as_of_which_day_it_answers() -> None:
    """The day is in the link of the question, above its answers, and stays if the text changes."""
    planted: Any = ChatAssistant()
    event = sent(question="who came back?", narrowed="as_of=2024-03-03")
    page = all_of(answering(planted).restore(event, ""))[-1][0]
    assert "As of 3 March 2024: later articles are left out." in page
    assert 'data-narrowed="as_of=2024-03-03"' in page
    again(planted, saved_by(page), searched="who came home?")
    assert planted.options == [QueryOptions(as_of=date(2024, 3, 3))] * 2


def test_copies_of_a_possible_answer_are_labelled() -> None:
    """The page tells its script so, and the copies of the best answer have the label."""
    for outcome, labelled in ((Outcome.POSSIBLE, True), (Outcome.ANSWER, False)):
        page = ask(ChatAssistant(outcome=outcome))[-1][0]
        assert (" data-possible" in page) is labelled
        assert ("(possible answer, not certain)" in page) is labelled


@pytest.mark.parametrize("wrong", [{"kind": "riddle"}, {"kind": 1}, {"as_typed": "yes"}])
def test_a_change_that_the_page_never_sends_is_refused(wrong: dict[str, Any]) -> None:
    """Unknown kinds are refused with a message, and nothing is asked."""
    planted: Any = ChatAssistant()
    saved = conversation(planted, "who came back?")
    count = len(planted.asked)
    assert "Something went wrong on this page. Reload it." in again(planted, saved, **wrong)
    assert len(planted.asked) == count
