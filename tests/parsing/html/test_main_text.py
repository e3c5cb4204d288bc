"""Which paragraphs of a web page are its article, and who wrote it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pullquote.base.trees import DecisionTrees
from pullquote.parsing.html.article.main_text import find_article
from pullquote.parsing.html.article.scorer import (
    PageParts,
    describe,
    shipped_scorer,
)
from pullquote.parsing.html.page_metadata import read_metadata
from pullquote.parsing.html.parser import parse_html, read_page_parts
from pullquote.parsing.html.tree import parse_page
from pullquote.parsing.news.bylines import clean_names, squeeze
from pullquote.parsing.source import SourceFile
from pullquote.schema import Article, Role
from reading import articles

SENTENCES = (
    "The lighthouse at Port Ellis will be painted in July, the trust that owns it said on Monday.",
    "The keeper, Odd Vik, was asked about the colour by almost everyone who came by last summer.",
    "Paint for two coats is there, said the accountant, who counted the tins twice in the spring.",
    "Scaffolding goes up on 1 July, and visitors may come again as soon as the paint has dried.",
)
ARTICLE = "<h1>Lighthouse to be painted</h1>" + "".join(f"<p>{text}</p>" for text in SENTENCES)


def read(body: str, head: str = "") -> Article:
    """The article of a page with this body."""
    page = f"<html><head><title>Lighthouse to be painted</title>{head}</head><body>{body}</body>"
    return parse_html(SourceFile(id="a.html", version="0", content=page.encode()))[0]


def body_of(article: Article) -> list[str]:
    """The text of each block of the report."""
    return [article.text[b.start : b.end] for b in article.blocks if b.role is Role.BODY]


def parts_of(body: str) -> PageParts:
    """What is known about the paragraphs of a page with this body."""
    page = parse_page(f"<html><body>{body}</body></html>".encode(), path="a.html")
    return read_page_parts(page, read_metadata(page.root))


@pytest.mark.parametrize(
    "opening",
    ["<nav><a href='/'>Home</a>", "<button>Menu", "<aside>", "<div class='paywall'>", "<footer>"],
)
def test_an_element_that_is_not_closed_loses_no_article(opening: str) -> None:
    """Everything below it is inside it, as in a browser."""
    assert body_of(read(f"{opening}{ARTICLE}")) == list(SENTENCES)


def test_an_article_in_an_element_named_like_comments_is_no_comment() -> None:
    """The report decides, not the name of the element around it."""
    assert body_of(read(f"<div class='comments'>{ARTICLE}</div>")) == list(SENTENCES)


def test_a_long_paragraph_is_no_standfirst() -> None:
    """Some sites give the class of a standfirst to the whole text."""
    text = " ".join(SENTENCES * 3)
    article = read(f"<h1>Lighthouse to be painted</h1><p class='lead'>{text}</p>{ARTICLE}")
    assert all(block.role is not Role.STANDFIRST for block in article.blocks)


@pytest.mark.parametrize(
    "words", ["Written By", "Name *", "RD", "Facebook Twitter", "www.site.example/people", "M.D."]
)
def test_a_label_is_no_author(words: str) -> None:
    """Forms, buttons and degrees stand where names do."""
    assert clean_names((words,), site=None) == ()


def test_a_name_is_an_author_without_its_degree() -> None:
    """So are both names of a pair, and an agency."""
    assert clean_names(("Jane Doe, RD",), site=None) == ("Jane Doe",)
    assert clean_names(("Jane Doe and Odd Vik",), site=None) == ("Jane Doe", "Odd Vik")
    assert clean_names(("AFP",), site=None) == ("AFP",)


def test_the_author_on_the_page_wins_over_whoever_uploaded_it() -> None:
    """Metadata often names the latter."""
    headline, rest = ARTICLE.split("</h1>")
    shown = f"{headline}</h1><p>By Jane Doe</p>{rest}"
    uploaded = '<meta name="author" content="Web Team">'
    assert read(shown, uploaded).authors == ("Jane Doe",)
    assert read(ARTICLE, uploaded).authors == ("Web Team",)


def scorer_of_headings(*, second: float, third: float) -> DecisionTrees:
    """A scorer of one tree, which gives `<h2>` and `<h3>` these scores."""
    nodes = {
        "feature": [0, 0, 0],
        "threshold": [2.5, 0, 0],
        "below": [1, 1, 2],
        "above": [2, 1, 2],
        "value": [0, second, third],
    }
    tree = {"features": ["heading"], "roots": [0], "nodes": nodes, "depth": 1}
    return DecisionTrees.from_json({**tree, "base": 0, "least": 0})


@pytest.mark.parametrize(("score", "number"), [(-1.0, 9), (-6.0, 1)])
def test_fair_scores_are_enough_if_few_are_high(score: float, number: int) -> None:
    """An article of short lines has few high scores, or none."""
    lines = [f"<div><h3>Roll {k} shows the quay in the rain.</h3></div>" for k in range(8)]
    parts = parts_of("".join(("<div><h2>Carl used a PENTAX Z-1 this time.</h2></div>", *lines)))
    scorer = scorer_of_headings(second=0.5, third=score)
    assert sum(find_article(replace(parts, headline=None), scorer)) == number


def test_fair_scores_are_not_enough_beside_many_high_ones() -> None:
    """Where most of the text has high scores, a line with a fair one is no part of the article."""
    texts = [f"<div><h2>{text}</h2></div>" for text in SENTENCES]
    parts = parts_of("".join((*texts, "<div><h3>Roll 1 shows the quay in the rain.</h3></div>")))
    scorer = scorer_of_headings(second=0.5, third=-1.0)
    assert sum(find_article(replace(parts, headline=None), scorer)) == len(SENTENCES)


def test_a_paragraph_has_the_same_score_wherever_it_is_in_a_large_table() -> None:
    """Paragraphs are scored some at a time, which must not change their scores."""
    features = describe(parts_of(ARTICLE * 700))
    scorer = shipped_scorer()
    table = features.columns(scorer.names)
    assert len(table) > 2_000
    scores = scorer.score(features.columns(scorer.names))
    for i in range(0, len(table), 97):
        assert scorer._score(table[i : i + 1])[0] == scores[i]


def test_every_feature_of_the_scorer_is_described() -> None:
    """The file of weights and the code that describes paragraphs belong together."""
    assert set(shipped_scorer().names) <= set(describe(parts_of(ARTICLE)).names)


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("Über 3 Straßen, “quoted”!", "über3strassenquoted"),
        ("Łódź — Kraków_2", "łódźkraków2"),
        ("东京 2020！", "东京2020"),
    ],
)
def test_letters_and_digits_of_any_script_are_compared(text: str, letters: str) -> None:
    """Western texts take a faster way, which must give the same."""
    assert squeeze(text) == letters


def test_a_line_that_repeats_the_headline_is_left_out() -> None:
    """The last entry of a path to the page is no sentence of the article."""
    path = "<ul><li><a href='/'>Home</a></li><li>Lighthouse to be painted</li></ul>"
    assert read(f"{path}{ARTICLE}").text.count("Lighthouse to be painted") == 1


@pytest.mark.parametrize("credit", ["© Odd Vik", "/ (c) Odd Vik", ", photo: Odd Vik"])
def test_a_caption_that_ends_with_a_credit_is_left_out(credit: str) -> None:
    """It shows what a picture agency wrote."""
    words = f"The lighthouse of Port Ellis, seen from the new quay {credit}"
    picture = f"<figure><img src='a.jpg'><figcaption>{words}</figcaption></figure>"
    assert "new quay" not in read(ARTICLE.replace("</h1>", f"</h1>{picture}")).text


def test_the_third_of_three_conditions_is_no_credit() -> None:
    """Only a copyright sign, or a bar before "(c)", marks a credit."""
    words = "It opens if (a) the paint is dry, (b) the keeper is back and (c) visitors come"
    assert words in read(f"{ARTICLE}<p>{words}</p><p>{SENTENCES[0]}</p>").text


def test_an_article_of_short_lines_is_read() -> None:
    """Short lines never have high scores."""
    lines = "".join(f"<h3>{a}</h3><p>{b}.</p>" for a, b in (("Camera", "Old"), ("Film", "New")))
    text = read(f"<h1>Lighthouse to be painted</h1>{lines}").text
    assert "Camera" in text
    assert "New." in text


_WORDS = "The council voted on the harbour wall after a long debate in the town hall. " * 4
_FIELD = "<input type='EMAIL'>"


@pytest.mark.parametrize(
    ("box", "is_text"),
    [
        (f"<div><p>Let our news meet your inbox</p>{_FIELD}</div>", False),
        (f"<section><h3>Let our news meet your inbox</h3><div>{_FIELD}</div></section>", False),
        (f"<div><div><p>Let our news meet your inbox</p></div><p>{_FIELD}</p></div>", False),
        ("<div><p>Let our news meet your inbox</p></div>", True),
        ("<div><p>Let our news meet your inbox</p><input type='text'></div>", True),
        (f"<div><p>Let our news meet your inbox</p><p>{_WORDS}</p>{_FIELD}</div>", True),
        (f"<p>Let our news meet your inbox</p>{_FIELD}", True),
    ],
)
def test_a_box_that_asks_for_an_address_is_no_part_of_the_article(box: str, is_text: bool) -> None:
    """Whatever its words are; a field beside the text of the article takes nothing with it."""
    page = (
        f"<article><h1>Wall mended</h1><p>{_WORDS}</p><p>{_WORDS}</p>{box}<p>{_WORDS}</p></article>"
    )
    [article] = articles("a.html", f"<html><body>{page}</body></html>".encode())
    assert ("Let our news" in article.text) is is_text
    assert article.text.count(_WORDS.strip()) >= 3
