"""A conversation from a browser is shown only as far as its articles may be shown now."""

from __future__ import annotations

from pullquote.conversation import Turn
from pullquote.errors import ArticleWithheld
from pullquote.schema import Answer, Article, Block, Role
from pullquote.web.state.browser_conversation import CitationChanges, check_citations
from talk import ASKED, citation, reply

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
