"""A permanent link to an article that has changed says what became of the words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given

from conftest import Newsroom
from pullquote.index import Generation, IndexFolder
from pullquote.newsroom.editions import ArticleEditions
from pullquote.schema import Article
from pullquote.schema.file_limits import EditionBounds
from pullquote.web.requests import CitedSpan
from pullquote.web.views.chat_views import ChatViews
from strategies import hostile_texts

OLD = "Harbour wall\n\nThe wall costs 4 million pounds, the council said. It was built in 1890.\n"
QUOTE = "costs 4 million pounds"


@dataclass(frozen=True)
class OpenedIndex:
    """The part of an assistant that an article needs."""

    generation: Generation

    @property
    def editions(self) -> ArticleEditions:
        """The editions of the articles."""
        return ArticleEditions(lambda: self.generation)

    def article(self, article: str) -> Article:
        """The article with this id."""
        return self.generation.article(article)


def shown(newsroom: Newsroom, place: CitedSpan) -> str:
    """The article pane as it is now."""
    opened: Any = OpenedIndex(newsroom.open())
    return str(ChatViews(opened).article(place))


def cited(newsroom: Newsroom, text: str = OLD, quote: str = QUOTE) -> CitedSpan:
    """Index the article, and cite it."""
    newsroom.write("wall.md", text)
    newsroom.rebuild()
    article = newsroom.open().article("wall.md")
    start = article.text.index(quote)
    end = start + len(quote)
    return CitedSpan(article="wall.md", start=start, end=end, version=article.version[:12])


def changed(newsroom: Newsroom, text: str) -> None:
    """The article says something else now."""
    newsroom.write("wall.md", text)
    newsroom.rebuild()


def marked(page: str) -> list[str]:
    """The words that are marked."""
    return re.findall(r"<mark[^>]*>(.*?)</mark>", page)


def test_words_that_moved_are_marked_where_they_stand(newsroom: Newsroom) -> None:
    """The page says so, with the edition that was cited and all that changed."""
    place = cited(newsroom)
    changed(newsroom, OLD.replace("Harbour wall", "Harbour wall and mole"))
    page = shown(newsroom, place)
    assert "The article has changed since; the words stand here now." in page
    assert marked(page) == [QUOTE]
    assert "Cited from the edition that was in the index" in page
    assert "<summary>What changed in the article</summary>" in page
    assert "<ins>and mole</ins>" in page


def test_other_words_are_marked_and_compared(newsroom: Newsroom) -> None:
    """The earlier wording is beside the one of today."""
    place = cited(newsroom)
    changed(newsroom, OLD.replace("4 million", "5 million"))
    page = shown(newsroom, place)
    assert "it has other words here now" in page
    assert marked(page) == ["costs 5 million pounds"]
    assert "<del>4</del>" in page
    assert "<ins>5</ins>" in page


def test_words_that_are_gone_are_quoted(newsroom: Newsroom) -> None:
    """Nothing is marked."""
    place = cited(newsroom)
    changed(newsroom, "Harbour wall\n\nIt was built in 1890 by the people of the town.\n")
    page = shown(newsroom, place)
    assert "These words are no longer in the article" in page
    assert f'<blockquote dir="auto">{QUOTE}</blockquote>' in page
    assert marked(page) == []


def test_an_article_that_is_gone_has_its_earlier_words(newsroom: Newsroom) -> None:
    """Its file was removed from the corpus."""
    place = cited(newsroom)
    newsroom.write("tide.md", "The tide was low.")
    (newsroom.corpus / "wall.md").unlink()
    newsroom.rebuild()
    page = shown(newsroom, place)
    assert "wall.md is no longer in the index. It had these words:" in page
    assert QUOTE in page


def test_a_renamed_article_is_opened(newsroom: Newsroom) -> None:
    """Its words are marked under the other name, also after it changed."""
    place = cited(newsroom)
    (newsroom.corpus / "wall.md").rename(newsroom.corpus / "mole.md")
    newsroom.rebuild()
    assert marked(shown(newsroom, place)) == [QUOTE]
    newsroom.write("mole.md", OLD.replace("Harbour wall", "Harbour wall and mole"))
    newsroom.rebuild()
    page = shown(newsroom, place)
    assert marked(page) == [QUOTE]
    assert "the words stand here now" in page


def test_without_the_edition_nothing_is_marked(newsroom: Newsroom) -> None:
    """The words are not known."""
    newsroom.index = IndexFolder(newsroom.index.path, bounds=EditionBounds(most=0))
    place = cited(newsroom)
    changed(newsroom, OLD.replace("Harbour wall", "Harbour wall and mole"))
    page = shown(newsroom, place)
    assert "so the quoted words are not marked" in page
    assert marked(page) == []


def test_another_article_of_the_file_has_changed(newsroom: Newsroom) -> None:
    """Then nothing has changed for the reader."""
    line = '{{"id": "{}", "title": "T", "body": "The {} lay there all day long."}}\n'
    path = newsroom.corpus / "all.jsonl"
    path.write_text(line.format("a", "boat") + line.format("b", "pier"))
    newsroom.rebuild()
    article = newsroom.open().article("all.jsonl#b")
    start = article.text.index("pier")
    place = CitedSpan(article=article.id, start=start, end=start + 4, version=article.version)
    path.write_text(line.format("a", "gull") + line.format("b", "pier"))
    newsroom.rebuild()
    page = shown(newsroom, place)
    assert marked(page) == ["pier"]
    assert "pq-notice" not in page


def test_a_withheld_article_shows_neither(newsroom: Newsroom) -> None:
    """Its source withdrew it: the earlier words are not shown either."""
    place = cited(newsroom)
    newsroom.write("wall.md", OLD, embargoed="2999-01-01T00:00:00Z")
    newsroom.rebuild()
    page = shown(newsroom, place)
    assert "embargo" in page
    assert QUOTE not in page


@pytest.mark.parametrize("end", [0, 5, 10**9])
def test_a_place_outside_the_article_marks_nothing_wrong(newsroom: Newsroom, end: int) -> None:
    """An edited link opens the article without an error."""
    place = cited(newsroom)
    changed(newsroom, OLD.replace("Harbour wall", "Harbour wall and mole"))
    for start in (0, 5, 10**9):
        page = shown(newsroom, place.model_copy(update={"start": start, "end": end}))
        assert "pq-article" in page


@given(hostile_texts(max_parts=4))
def test_hostile_words_stay_text(text: str) -> None:
    """What an article said before is escaped as what it says now is."""
    from pullquote.schema import WordDifference  # noqa: PLC0415
    from pullquote.web.views.articles.cited_article import ArticleChange, _change_html  # noqa: PLC0415

    words = [WordDifference(kind=kind, text=text) for kind in ("same", "removed", "added")]
    page = str(_change_html(ArticleChange("It changed.", None, text, words, words)))
    tags = set(re.findall(r"<\s*/?\s*([a-zA-Z]+)", page))
    assert tags <= {"div", "p", "blockquote", "del", "ins", "details", "summary"}
