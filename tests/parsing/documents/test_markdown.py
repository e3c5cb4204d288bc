"""The Markdown parser: front matter, the roles of blocks, and that no word is lost."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.parsing import read_articles
from pullquote.parsing.documents.markdown import parse_markdown
from pullquote.parsing.source import SourceFile
from pullquote.schema import Article
from pullquote.schema.errors import ArticleError

DATA = Path(__file__).parents[2] / "data/articles"


def read(text: str) -> Article:
    """Parse a text; the byte order mark makes sure that it counts as UTF-8."""
    return parse_markdown(SourceFile(id="a/b.md", version="0", content=text.encode("utf-8-sig")))[0]


def outline(article: Article) -> list[tuple[str, str]]:
    """The role and the words of each block."""
    return [(b.role.value, article.text[b.start : b.end]) for b in article.blocks]


def test_the_stored_text_combines_front_matter_and_body() -> None:
    """It contains headline, standfirst, byline and body as plain text, with blank lines between."""
    article = read_articles(DATA / "front-matter.md", id="front-matter.md")[0]
    assert outline(article) == [
        ("headline", "Lighthouse to be painted for the first time since 1961"),
        ("standfirst", "The trust has found 400 litres of the old red."),
        ("byline", "By Nils Aaby and Kora Finn"),
        ("body", "The lighthouse at Port Ellis will be painted in July."),
        ("caption", "The lighthouse in May. Photo: Kora Finn"),
        ("body", "The keeper, Odd Vik, was asked about the colour."),
        ("quotation", "It was red when I came and it will be red when I go."),
        ("correction", "Correction: An earlier version gave the year as 1916."),
        ("boilerplate", "Comments"),
        ("boilerplate", "Gull | 4 June 2024 - 11:05:09"),
        ("comment", "It was orange. I held the ladder."),
    ]
    assert article.text == "\n\n".join(words for _, words in outline(article))


def test_front_matter_becomes_metadata() -> None:
    """Keys have synonyms, times keep their zone, and unknown keys are ignored."""
    article = read_articles(DATA / "front-matter.md", id="front-matter.md")[0]
    assert article.title == "Lighthouse to be painted for the first time since 1961"
    assert article.standfirst == "The trust has found 400 litres of the old red."
    assert article.authors == ("Nils Aaby", "Kora Finn")
    assert (article.source, article.section) == ("Northshore Herald", "local")
    assert article.tags == ("lighthouse", "paint")
    cest = timezone(timedelta(hours=2))
    assert article.published == datetime(2024, 6, 4, 7, 20, tzinfo=cest)
    assert article.modified == date(2024, 6, 5)
    assert (article.url, article.language) == ("https://northshore.example/lighthouse", "en")


def test_a_comment_has_its_author_and_time() -> None:
    """The header below "Comments" names the author and is not part of the comment."""
    article = read_articles(DATA / "front-matter.md", id="front-matter.md")[0]
    comment = article.blocks[-1]
    assert (comment.author, comment.time) == ("Gull", datetime.fromisoformat("2024-06-04T11:05:09"))


def test_without_front_matter_the_text_is_analysed() -> None:
    """The first heading is the headline; a byline and a date below it are parsed."""
    article = read("# Fares *frozen*\n\nBy Jane Doe\n\n14 March 2024\n\nThe trust said so.\n")
    assert outline(article) == [
        ("headline", "Fares frozen"),
        ("byline", "By Jane Doe"),
        ("byline", "14 March 2024"),
        ("body", "The trust said so."),
    ]
    assert (article.title, article.authors) == ("Fares frozen", ("Jane Doe",))
    assert article.published == date(2024, 3, 14)


@pytest.mark.parametrize(
    ("markdown", "blocks"),
    [
        ("one\ntwo  \nthree", [("body", "one two\nthree")]),
        ("a [link](http://x.y), `code` &amp; \\*star\\*", [("body", "a link, code & *star*")]),
        ("## Sub", [("body", "Sub")]),
        ("- one\n- two\n  - three", [("body", "one"), ("body", "two"), ("body", "three")]),
        ("1. one\n2. two", [("body", "1. one"), ("body", "2. two")]),
        ("| a | b |\n|---|---|\n| 1 | 2 |", [("body", "a | b"), ("body", "1 | 2")]),
        ("> a\n>\n> b", [("quotation", "a"), ("quotation", "b")]),
        ("```\nx = 1\n```", [("body", "x = 1")]),
        ("<div><p>Hello <b>you</b></p><script>x()</script></div>", [("body", "Hello you")]),
        ('<p>Hi</p><img src="a" alt="A quay">', [("body", "Hi"), ("caption", "A quay")]),
        ("text <em>in</em> line<br>next", [("body", "text in line\nnext")]),
        ("see ![a quay](q.jpg 'At dawn')", [("body", "see"), ("caption", "a quay"),
                                             ("caption", "At dawn")]),
        ("one\n\n***\n\ntwo", [("body", "one"), ("body", "two")]),
    ],
)  # fmt: skip
def test_markup_becomes_plain_words(markdown: str, blocks: list[tuple[str, str]]) -> None:
    """Words keep their order and have a role; only the markup is removed."""
    article = read(f"---\ntitle: T\n---\nFirst.\n\nSecond.\n\n{markdown}\n")
    assert outline(article)[3:] == blocks


def test_a_heading_that_repeats_the_title_is_not_stored_twice() -> None:
    """The headline is stored once, whether front matter, body or both contain it."""
    article = read("---\r\ntitle: Fares frozen\r\n---\r\n# Fares frozen\r\n\r\nSo it is.\r\n")
    assert outline(article) == [("headline", "Fares frozen"), ("body", "So it is.")]


def test_values_stay_as_written() -> None:
    """YAML's numbers, booleans and dates stay strings."""
    article = read("---\ntitle: 1984\ntags: [no, 007]\nDate: 2024-03-14\n---\nText.")
    assert (article.title, article.tags) == ("1984", ("no", "007"))
    assert article.published == date(2024, 3, 14)


def test_a_key_without_a_value_is_ignored() -> None:
    """An empty `updated:` from a template is not an error."""
    article = read("---\ntitle: T\nauthor:\nupdated: null\ndate: ~\nsection: ''\n---\nText.")
    assert (article.authors, article.published, article.modified) == ((), None, None)
    assert article.section is None


def test_a_line_of_authors() -> None:
    """A byline in front matter is split as on a page."""
    assert read("---\nbyline: By A Bee and C Dee\n---\nText.").authors == ("A Bee", "C Dee")


def test_text_between_two_rules_is_not_front_matter() -> None:
    """Text between two rules that is not a mapping belongs to the body."""
    article = read("---\njust words\n---\nMore.")
    assert [words for _, words in outline(article)] == ["just words", "More."]


@pytest.mark.parametrize(
    ("front", "reason"),
    [
        ("title: [", "its front matter is not valid YAML: line 3: "),
        ("mood: a: b", "its front matter is not valid YAML: line 2: mapping values"),
        ("title: [a]", "its front matter has title: ['a'], where text is expected"),
        ("author: [A, {x: y}]", "its front matter has author: ['A', {'x': 'y'}], where text or"),
        ("tags: {a: b}", "its front matter has tags: {'a': 'b'}, where text or a list"),
        ("x: " + "[" * 5000, "its front matter is not valid YAML"),
    ],
)
def test_bad_front_matter_names_key_and_value(front: str, reason: str) -> None:
    """The error says which key and value to correct."""
    with pytest.raises(ArticleError) as caught:
        read(f"---\n{front}\n---\nText.")
    assert caught.value.reason.startswith(reason)


@pytest.mark.parametrize("value", ["March 2024", "2024-13-45", "soon", "[2024]", "{a: b}"])
@pytest.mark.parametrize("key", ["date", "modified"])
def test_an_invalid_date_leaves_the_article_undated(key: str, value: str) -> None:
    """The article is still indexed."""
    article = read(f"---\ntitle: T\n{key}: {value}\n---\nText.")
    assert (article.title, article.published, article.modified) == ("T", None, None)
    assert outline(article) == [("headline", "T"), ("body", "Text.")]


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("title: Mayor: I quit", "Mayor: I quit"),
        ("title:\tMayor: I quit ", "Mayor: I quit"),
        ("Title: 'Mayor: 'I quit''", "Mayor: 'I quit'"),
        ('title: "Mayor" quits', '"Mayor" quits'),
        ('title: "Mayor quits', "Mayor quits"),
        ("title: [Video] Mayor quits", "[Video] Mayor quits"),
        ("title: @mayor quits", "@mayor quits"),
        ("title: *Breaking* Mayor quits", "*Breaking* Mayor quits"),
        ("title: [Mayor", "Text."),
    ],
)
def test_invalid_yaml_is_parsed_entry_by_entry(line: str, title: str) -> None:
    """A colon in a headline affects neither its words nor the other entries."""
    above, below = "date: 2024-03-04\nmood: x", "author: ['A Bee', C Dee]\ntags:\n- a\n\n- b"
    article = read(f"---\n{above}\n{line}\n{below}\n---\nText.")
    assert (article.title, article.published) == (title, date(2024, 3, 4))
    assert (article.authors, article.tags) == (("A Bee", "C Dee"), ("a", "b"))


LIVE = """---
title: Storm: live
authors: [Jo Bloggs, Ann Roe]
---
The storm is here.

**Jo Bloggs | 5 March 2024 - 19:05**

The quay is shut.

Ann Roe, Editor | 5 March 2024 - 19:20

The bridge is shut.

Gull | 5 March 2024 - 19:30

Stay in!
"""


def test_an_author_in_front_matter_does_not_begin_the_comments() -> None:
    """Entries of a live blog stay in the report; the first reader's header begins the comments."""
    assert outline(read(LIVE))[2:] == [
        ("body", "The storm is here."),
        ("byline", "Jo Bloggs | 5 March 2024 - 19:05"),
        ("body", "The quay is shut."),
        ("byline", "Ann Roe, Editor | 5 March 2024 - 19:20"),
        ("body", "The bridge is shut."),
        ("boilerplate", "Gull | 5 March 2024 - 19:30"),
        ("comment", "Stay in!"),
    ]


def test_nesting_that_would_lose_words_is_refused() -> None:
    """The library markdown-it silently drops deeply nested content."""
    assert outline(read("> " * 20 + "deep"))[-1] == ("quotation", "deep")
    with pytest.raises(ArticleError, match="nested"):
        read("> " * 80 + "deeper")


WORDS = st.lists(st.from_regex(r"\A[a-z]{1,8}\Z"), min_size=1, max_size=5).map(" ".join)
MARKED = st.sampled_from(
    ["{}", "# {}", "> {}", "- {}", "7. {}", "**{}**", "![{}](x.jpg)", "[{}](http://x.y)",
     "<div>{}</div>", "    {}", "By {}", "Photo: {}", "a | b\n-|-\n{} | c", "> - {}\n>   > x"]
)  # fmt: skip


@given(st.lists(st.tuples(MARKED, WORDS), min_size=1, max_size=8))
def test_no_word_is_lost(parts: list[tuple[str, str]]) -> None:
    """Every word of every kind of block is in some block, in order."""
    article = read("\n\n".join(mark.format(words) for mark, words in parts))
    stored = " ".join(words for _, words in outline(article)).split()
    at = 0
    for word in " ".join(words for _, words in parts).split():
        at = stored.index(word, at) + 1


@given(st.text(st.characters(codec="utf-8") | st.sampled_from("#*_>[]()!`<>&\n\r\0\t-|:")))
def test_any_markdown_is_covered_by_its_blocks(text: str) -> None:
    """Blocks are in order and contain all of the stored text but white space."""
    try:
        article = read(text)
    except ArticleError:
        return
    at = 0
    for block in article.blocks:
        assert at <= block.start < block.end
        assert article.text[at : block.start].strip() == ""
        at = block.end
    assert article.text[at:] == ""
