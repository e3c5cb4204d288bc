"""A conversation from a browser is shown only as far as its articles may be shown now."""

from __future__ import annotations

import pytest

from pullquote.conversation import Conversation, Turn
from pullquote.schema import Answer, Article, Block, Role
from pullquote.schema.errors import ArticleWithheld, ConversationUnreadable
from pullquote.web.request_limits import MAX_CITATIONS, MAX_VALUES
from pullquote.web.state.browser_conversation import (
    CitationChanges,
    check_citations,
    parse_saved_conversation,
)
from talk import ASKED, citation, reply
from weighed import CORRECTED, articles_of, weighed

TEXT = f"{'.' * 100}oak"
CITED = citation("oak", article="a.md")
OTHER = citation("oak", article="b.md", title="Another")


def article(id: str, version: str = "0" * 64, text: str = TEXT) -> Article:
    """An article that contains the cited quote."""
    block = Block(role=Role.BODY, start=0, end=len(text))
    return Article(id=id, version=version, text=text, blocks=(block,), title="A title")


def turn() -> Turn:
    """A turn with one answer from two articles."""
    answered = reply("what?", CITED).model_copy(
        update={"answers": (Answer(text="oak", confidence=0.8, citations=(CITED, OTHER)),)}
    )
    return Turn(question="what?", searched="what?", reply=answered, asked=ASKED)


def test_what_stands_as_it_was_cited_needs_no_word() -> None:
    """An article with the same version and words has no note."""
    assert check_citations(turn(), article) == (turn(), CitationChanges())


def test_another_version_is_noted() -> None:
    """A changed version or quote is noted with the title; the quotes stay."""
    for other in (article("a.md", version="1"), article("a.md", text=TEXT.upper())):
        shown, since = check_citations(turn(), {"a.md": other, "b.md": article("b.md")}.get)
        assert since == CitationChanges(changed=("A title",))
        assert shown == turn()


def test_a_missing_article_is_noted() -> None:
    """A removed article is noted with its title; the quotes stay."""
    shown, since = check_citations(turn(), {"a.md": article("a.md")}.get)
    assert since == CitationChanges(gone=("Another",))
    assert shown == turn()


def test_citations_of_withheld_articles_go() -> None:
    """Other citations stay; an answer without any is dropped."""

    def one(id: str) -> Article:
        if id == "a.md":
            raise ArticleWithheld(id, status="withheld", until=None)
        return article(id)

    def none(id: str) -> Article:
        raise ArticleWithheld(id, status="withheld", until=None)

    shown, since = check_citations(turn(), one)
    assert shown.reply is not None
    assert shown.reply.answers[0].citations == (OTHER,)
    assert since == CitationChanges(withheld=1)
    shown, since = check_citations(turn(), none)
    assert shown.reply is None
    assert since == CitationChanges(withheld=2)


def shown_unless_withheld(id: str) -> Article:
    """The article, unless it is the withheld one."""
    if id == "tram-line/a3.md":
        raise ArticleWithheld(id, status="withheld", until=None)
    return articles_of("tram-line")[id.removeprefix("tram-line/").removesuffix(".md")]


def test_values_and_corrections_of_withheld_articles_go() -> None:
    """Each hidden quotation is counted once, although answers and values share it."""
    given = weighed(*CORRECTED, best=0)
    asked = Turn(question="q", searched="q", reply=given, asked=ASKED)
    shown, since = check_citations(asked, shown_unless_withheld)
    assert since == CitationChanges(withheld=2)
    assert shown.reply is not None
    written = shown.reply.model_dump_json()
    assert "tram-line/a3.md" not in written
    assert [one.text for one in shown.reply.values] == ["17", "16"]
    assert [one.correction for one in shown.reply.values] == [None, None]
    assert [one.text for one in shown.reply.answers] == ["17", "16"]


def test_a_value_is_in_the_words_of_an_article_that_is_shown() -> None:
    """The words of a withheld article are not shown as a value either."""
    given = weighed(*CORRECTED)
    first, second = given.values[1].citations
    other = second.model_copy(update={"quote": "sixteen"})
    secret = given.values[1].model_copy(update={"text": "16", "citations": (first, other)})
    both = given.model_copy(update={"values": (given.values[0], secret)})
    shown, _ = check_citations(
        Turn(question="q", searched="q", reply=both, asked=ASKED), shown_unless_withheld
    )
    assert shown.reply is not None
    assert [one.text for one in shown.reply.values] == ["17", "sixteen"]


def test_citations_of_values_count_towards_the_limit() -> None:
    """A conversation cannot have more citations by moving them from answers to values."""
    given = weighed(*CORRECTED)
    value = given.values[0]
    for part in ("citations", "mentions"):
        many = value.model_copy(update={part: value.citations * (MAX_CITATIONS + 1)})
        one = Turn(
            question="q",
            searched="q",
            reply=given.model_copy(update={"values": (many,)}),
            asked=ASKED,
        )
        text = Conversation(turns=(one,)).model_dump_json()
        with pytest.raises(ConversationUnreadable, match="citations, more than"):
            parse_saved_conversation(text)


def test_a_turn_with_too_many_values_is_refused() -> None:
    """A search never finds as many, and each is compared with the others."""
    given = weighed(*CORRECTED)
    many = given.model_copy(update={"values": given.values[:1] * (MAX_VALUES + 1)})
    one = Turn(question="q", searched="q", reply=many, asked=ASKED)
    with pytest.raises(ConversationUnreadable, match="101 values, more than 100"):
        parse_saved_conversation(Conversation(turns=(one,)).model_dump_json())
