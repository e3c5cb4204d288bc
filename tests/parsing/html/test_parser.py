"""The HTML parser: roles, metadata and comments of a web page, and what is left out."""

from __future__ import annotations

import contextlib
import time
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pullquote.parsing import FORMATS
from pullquote.parsing.html.parser import parse_html
from pullquote.parsing.source import SourceFile
from pullquote.schema import Article, Kind
from pullquote.schema.errors import ArticleError

CEST = timezone(timedelta(hours=2))

PAGE = """<!DOCTYPE html>
<html lang="en-GB"><head>
<title>Lighthouse to be painted | Northshore Herald</title>
<meta property="og:site_name" content="Northshore Herald">
<meta property="og:title" content="Lighthouse to be painted">
<meta name="description" content="The trust has found 400 litres of the old red paint.">
<link rel="canonical" href="https://northshore.example/lighthouse">
<script type="application/ld+json">{"@context": "https://schema.org", "@type": "NewsArticle",
 "headline": "Lighthouse to be painted", "datePublished": "2024-06-04T07:20:11.532+02:00",
 "dateModified": "2024-06-05", "articleSection": "Local", "keywords": ["paint", "coast"],
 "author": [{"@type": "Person", "name": "Nils Aaby"}, {"@type": "Person", "name": "Kora Finn"}],
 "publisher": {"@type": "Organization", "name": "Northshore Herald"}}</script>
</head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/local">Local news of the day</a></li></ul></nav>
<article><header><h1><span class="kicker">Coast</span>Lighthouse to be painted</h1>
<p class="standfirst">The trust has found 400 litres of the old red paint in its cellar.</p>
<p class="byline">By Nils Aaby and Kora Finn</p></header>
<div class="article-body">
<p>The lighthouse at Port Ellis will be painted in July, the first time since 1961, the trust
that owns it said on Monday, and the work is to take until the <b>end</b> of September.</p>
<figure><img src="a.jpg" alt=""><figcaption>The lighthouse in May, seen from the pier in the
harbour. (Photo: Kora Finn)</figcaption></figure>
<p>The keeper, Odd Vik, was asked about the colour by almost everyone who came up the stairs in
the spring, and he had the same answer ready for each of them, he told this newspaper.</p>
<blockquote class="pull-quote">It was red when I came and it will be red when I go.</blockquote>
<ul><li>Scaffolding goes up on 1 July.</li><li>Visitors may come again in October.</li></ul>
<aside class="newsletter-signup"><p>Sign up for our newsletter and get the news of the coast
into your inbox every morning, before anyone else has even got out of bed.</p></aside>
<p>Paint for two coats is there, said the trust's accountant, who had counted the tins twice and
then a third time, because nobody would believe that they had been in the cellar for so long.</p>
<p>Correction: An earlier version of this article gave the year of the last coat as 1916.</p>
</div></article>
<section id="comments" class="comments-area"><h2>2 comments</h2><ol class="comment-list">
<li class="comment" id="comment-1"><div class="comment-author"><cite class="fn">Gull</cite>
<span class="says">says:</span></div><time datetime="2024-06-04T11:05:09+02:00">4 June</time>
<div class="comment-content"><p>It was orange. I held the ladder.</p></div><a>Reply</a>
<ol class="children"><li class="comment" id="comment-2"><cite class="fn">Old Net</cite>
<time datetime="2024-06-04T12:30:00+02:00">4 June</time>
<div class="comment-content"><p>You never did.</p></div></li></ol></li></ol>
<form class="comment-form"><p>Leave a comment. Your address will not be published.</p></form>
</section>
<aside class="related"><h2>Related articles</h2><p><a href="/b">Bridge to be closed for the whole of
the winter, council says after a long night of talks</a></p></aside>
<footer><p>Copyright 2024 Northshore Herald. All rights reserved.</p></footer>
</body></html>"""


def read(page: str | bytes, id: str = "a/b.html") -> Article:
    """The article of a page."""
    content = page.encode() if isinstance(page, str) else page
    return parse_html(SourceFile(id=id, version="0", content=content))[0]


def outline(article: Article) -> list[tuple[str, str]]:
    """The role and the words of each block."""
    return [(b.role.value, article.text[b.start : b.end]) for b in article.blocks]


def in_body(html: str) -> list[str]:
    """The text of each block of a page with this body."""
    return [words for _, words in outline(read(f"<html><body>{html}</body></html>"))]


def reason(page: str | bytes) -> str:
    """Why a page cannot be parsed."""
    with pytest.raises(ArticleError) as caught:
        read(page)
    return caught.value.reason


GERMAN = (
    "<p>Der Leuchtturm vor der Küste wird in diesem Sommer wieder rot gestrichen, nachdem ihn Wind"
    " und Salz über zwanzig Jahre lang ausgebleicht haben, sagte die Hafenmeisterin.</p>"
)
PROSE = "<p>" + "The council met on Monday and agreed on the budget for the year. " * 4 + "</p>"


def test_every_paragraph_of_a_page_has_its_role() -> None:
    """Headline, standfirst, caption, pull quote and correction; boilerplate is left out."""
    assert [(role, words[:34]) for role, words in outline(read(PAGE))] == [
        ("headline", "Lighthouse to be painted"),
        ("standfirst", "The trust has found 400 litres of "),
        ("byline", "By Nils Aaby and Kora Finn"),
        ("body", "The lighthouse at Port Ellis will "),
        ("caption", "The lighthouse in May, seen from t"),
        ("boilerplate", "(Photo: Kora Finn)"),
        ("body", "The keeper, Odd Vik, was asked abo"),
        ("quotation", "It was red when I came and it will"),
        ("body", "Scaffolding goes up on 1 July."),
        ("body", "Visitors may come again in October"),
        ("body", "Paint for two coats is there, said"),
        ("correction", "Correction: An earlier version of "),
        ("comment", "It was orange. I held the ladder."),
        ("comment", "You never did."),
    ]


def test_the_stored_text_is_joined_from_blocks() -> None:
    """Blocks are plain text with blank lines between them, without line breaks of the source."""
    article = read(PAGE)
    assert article.text == "\n\n".join(words for _, words in outline(article))
    assert "1961, the trust that owns it said on Monday" in article.text


def test_metadata_is_merged() -> None:
    """Facts come from JSON-LD, Open Graph and the canonical address."""
    article = read(PAGE)
    assert (article.title, article.authors) == (
        "Lighthouse to be painted",
        ("Nils Aaby", "Kora Finn"),
    )
    assert article.published == datetime(2024, 6, 4, 7, 20, 11, tzinfo=CEST)
    assert article.modified == date(2024, 6, 5)
    assert (article.source, article.section) == ("Northshore Herald", "Local")
    assert (article.tags, article.language) == (("paint", "coast"), "en-GB")
    assert article.url == "https://northshore.example/lighthouse"
    assert (
        article.standfirst == "The trust has found 400 litres of the old red paint in its cellar."
    )
    assert article.kind is Kind.REPORT


def test_comments_have_author_and_time() -> None:
    """A nested answer is a comment of its own, and headers and buttons are left out."""
    first, second = (b for b in read(PAGE).blocks if b.role.value == "comment")
    assert (first.author, first.time) == ("Gull", datetime(2024, 6, 4, 11, 5, 9, tzinfo=CEST))
    assert (second.author, second.time) == ("Old Net", datetime(2024, 6, 4, 12, 30, tzinfo=CEST))


@pytest.mark.parametrize(
    ("type", "kind"),
    [
        ("NewsArticle", Kind.REPORT),
        ("ReportageNewsArticle", Kind.REPORT),
        ("OpinionNewsArticle", Kind.OPINION),
        ("AnalysisNewsArticle", Kind.ANALYSIS),
        ("BackgroundNewsArticle", Kind.BACKGROUND),
        ("ReviewNewsArticle", Kind.REVIEW),
        ("SatiricalArticle", Kind.SATIRE),
        ("AdvertiserContentArticle", Kind.ADVERTISEMENT),
        ("https://schema.org/OpinionNewsArticle", Kind.OPINION),
    ],
)
def test_each_type_of_schema_org_has_a_kind(type: str, kind: Kind) -> None:
    """Opinion, satire and paid content are not reports."""
    assert read(PAGE.replace('"NewsArticle"', f'["{type}", "Article"]')).kind is kind


def test_an_article_in_an_opinion_section_is_opinion() -> None:
    """Many newspapers mark everything as NewsArticle and put opinion into a section."""
    assert read(PAGE.replace('"Local"', '"Opinion"')).kind is Kind.OPINION


def test_a_page_without_metadata() -> None:
    """Author and date come from the lines around the headline, also in other languages."""
    article = read(
        '<html lang="de"><head><title>Leuchtturm wird rot - Der Bote</title></head><body>'
        "<h1>Leuchtturm wird rot</h1><p>Von Nils Aaby</p><p><time>4. Juni 2024</time></p>"
        f"{GERMAN}{GERMAN}</body></html>"
    )
    assert (article.title, article.authors) == ("Leuchtturm wird rot", ("Nils Aaby",))
    assert (article.published, article.language) == (date(2024, 6, 4), "de")


def test_a_comment_without_markup_is_read_by_its_lines() -> None:
    """Old pages have a line "name | day" above each comment and no markup."""
    article = read(
        f"<html><body><h1>Lighthouse painted</h1>{PROSE}{PROSE}<div id='comments'>"
        "<p>Comments</p><p>Gull | 4 June 2024 - 11:05:09</p><p>It was orange.</p></div>"
    )
    comment = article.blocks[-1]
    assert outline(article)[-1] == ("comment", "It was orange.")
    assert (comment.author, comment.time) == ("Gull", datetime.fromisoformat("2024-06-04T11:05:09"))


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p>one<br>two</p>", ["one\ntwo"]),
        ("<p>one<br><br>two</p>", ["one", "two"]),
        ("<div>one<p>two</p>three</div>", ["one", "two", "three"]),
        ("<p>a &amp; b &#8217; &euro;&nbsp;5</p>", ["a & b ’ € 5"]),
        ("<p>Welt\xadernäh&shy;rung</p>", ["Welternährung"]),
        ("<p>on<b>e</b> <i>two</i></p>", ["one two"]),
        ("<table><tr><th>a<th>b<tr><td>1<td>2</table>", ["a | b", "1 | 2"]),
        ("<p>one</p><script>x()</script><style>y</style><p>two</p>", ["one", "two"]),
        ("<p>one<span class='sr-only'>(opens a window)</span></p>", ["one"]),
        ("<p>o\0ne</p><p>t&#0;w&#x1F;o &#31;</p>", ["one", "two"]),
        ("<p>\n one\n two </p>", ["one two"]),
    ],
)
def test_markup_becomes_plain_text(html: str, words: list[str]) -> None:
    """Text and white space are as in a browser, without hidden elements."""
    assert in_body(f"{PROSE}<div>{html}</div>{PROSE}")[1:-1] == words


def test_a_layout_table_divides_paragraphs() -> None:
    """Cells of a layout table are separate blocks and not a row of data."""
    html = "<table><tr><td><p>one</p></td><td><p>two</p></td></tr></table>"
    assert in_body(html) == ["one", "two"]


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("iso-8859-1", "“Das kostet 5 €”, sagte Müller."),
        ("windows-1251", "Цена выросла."),
        ("Shift_JIS", "東京で今日"),
        ("gb2312", "香港新闻"),
        ("utf-8", "“Ça coûte 5 €”"),
        ("no-such-set", "plain"),
    ],
)
def test_the_declared_encoding_of_a_page(charset: str, text: str) -> None:
    """Labels mean the same as in browsers, also in short texts."""
    real = {"iso-8859-1": "cp1252", "Shift_JIS": "cp932", "no-such-set": "ascii"}
    page = f'<html><head><meta charset="{charset}"></head><body><p>{text}</p></body></html>'
    assert outline(read(page.encode(real.get(charset, charset))))[0][1] == text


def test_utf_8_wins_over_an_outdated_declaration() -> None:
    """Programs that convert a page to UTF-8 often leave the old label in it."""
    page = '<meta charset="iso-8859-1"><body><p>“Ça coûte 5 €”</p>'
    assert outline(read(page))[0][1] == "“Ça coûte 5 €”"


def test_invalid_utf_8_costs_one_character() -> None:
    """A broken byte is replaced and counted."""
    article = read("<body><p>“won’t” ".encode() + b"\xa3 pay it</p>")
    assert (article.text, article.encoding) == ("“won’t” � pay it", "utf-8 (1 replaced)")


MHTML = (
    "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://a.example/b\r\n"
    'MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype="text/html";\r\n'
    '\tboundary="--xyz--"\r\n\r\n----xyz--\r\nContent-Type: image/png\r\n'
    "Content-Transfer-Encoding: base64\r\n\r\nAAAA\r\n----xyz--\r\n"
    "Content-Type: text/html; charset=windows-1251\r\n"
    "Content-Transfer-Encoding: {encoding}\r\n\r\n{html}\r\n----xyz----\r\n"
)


@pytest.mark.parametrize(
    ("encoding", "html"),
    [
        ("quoted-printable", "<body><p>=D6=E5=ED=E0 =E2=FB=\r\n=F0=EE=F1=EB=E0.</p></body>"),
        ("base64", "PGJvZHk+PHA+1uXt4CDi+/Du8evgLjwvcD48L2JvZHk+"),
    ],
)
def test_a_page_in_mhtml(encoding: str, html: str) -> None:
    """The HTML is read with the address and the encoding of the archive's headers."""
    article = read(MHTML.format(encoding=encoding, html=html), id="a.mhtml")
    assert (article.text, article.url) == ("Цена выросла.", "https://a.example/b")


def test_a_file_without_tags_is_parsed_as_text() -> None:
    """Headline and byline are found as in any plain text."""
    article = read("Fares frozen\n\nBy Jane Doe\n\nThe trust said that 1 < 2.\n")
    assert outline(article) == [
        ("headline", "Fares frozen"),
        ("byline", "By Jane Doe"),
        ("body", "The trust said that 1 < 2."),
    ]


@pytest.mark.parametrize("suffix", [".htm", ".html", ".mht", ".mhtml", ".xhtml"])
def test_all_suffixes_are_read(suffix: str) -> None:
    """Every suffix that browsers use is known."""
    assert FORMATS[suffix].name == "html"


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("", "the file is empty"),
        ("%PDF-1.7 <p>x</p>", "it contains a PDF document, not text"),
        ("<html><head><title>x</title></head></html>", "it is a web page without a body"),
        ("<body><script>x()</script></body>",
         "it is a web page that contains only scripts; save it as the browser shows it"),
        ("<body><div> </div></body>", "it is a web page without text"),
        ("<body>" + "<div>" * 200_000 + "deep", "its HTML is nested more than 250 levels deep"),
        ("<body>" + "<i>x</i>" * 200_001, "its HTML has more than 200,000 elements"),
        ("<p>" + "word and " * 1_000_000, "its HTML is larger than 8 MB"),
        (b"<p>" + bytes(32) * (2 << 20), "it is larger than 64 MB"),
        ('Content-Type: multipart/related; boundary="x"\n\n--x\n\nno page\n--x--',
         "it is a saved page (MHTML) without HTML"),
        ("Content-Type: multipart/related\n\n<p>x</p>",
         "it is a saved page (MHTML) that is not divided into parts"),
    ],
)  # fmt: skip
def test_a_page_that_cannot_be_parsed_has_its_reason(page: str | bytes, expected: str) -> None:
    """A page beyond a limit is refused with the reason, and never cut."""
    assert reason(page) == expected


def test_embedded_pictures_do_not_count() -> None:
    """A page with embedded pictures may be large: only its markup is limited."""
    picture = '<img src="data:image/png;base64,' + "A" * (9 << 20) + '">'
    assert in_body(f"{PROSE}{picture}") == in_body(PROSE)


def test_an_entity_bomb_stays_small() -> None:
    """Entities that a page declares are not expanded."""
    bomb = '<!DOCTYPE html [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;">]>'
    assert "lollol" not in read(f"{bomb}<html><body>{PROSE}<p>&b;&b;</p></body></html>").text


def test_a_misleading_class_name_loses_no_article() -> None:
    """An element named like boilerplate is an article if it contains the only text."""
    for name in ("comment-", "comments", "sidebar", "footer", "ad", "related"):
        assert in_body(f"<h1>Some title</h1><div class={name}>{PROSE}{PROSE}</div>")[1:], name


def test_a_page_too_large_for_trafilatura_is_parsed() -> None:
    """The markup alone decides where trafilatura would take too long."""
    started = time.perf_counter()
    words = in_body("<table>" + "<tr><td>one<td>two" * 20_000 + "</table>")
    assert words == ["one | two"] * 20_000
    assert time.perf_counter() - started < 20


def test_a_lone_surrogate_in_json_ld_costs_one_character() -> None:
    """JSON can write one, but no file can store it; a pair is a character."""
    names = PAGE.replace('"Nils Aaby"', r'"Nils \ud800 Aaby"').replace(
        "Kora Finn", r"Kora \ud83d\ude00"
    )
    article = read(names)
    assert article.author == "Nils \ufffd Aaby, Kora \U0001f600"
    assert Article.model_validate_json(article.model_dump_json()) == article


def test_deeply_nested_json_ld_is_ignored() -> None:
    """A hostile script loses its metadata, and the article is parsed."""
    page = PAGE.replace('{"@context"', "[" * 50_000 + '{"@context"')
    assert read(page).title == "Lighthouse to be painted"


PARTS = st.sampled_from(
    ["<p>", "</p>", "<div class='comments'>", "<li class=comment id=comment-1>", "</div>", "<h1>",
     "</h1>", "<table><tr><td>", "</table>", "<br>", "<article>", "<nav>", "<blockquote>",
     "<figure>", "<figcaption>", "<time datetime='2024-02-30'>", "<span class='author kicker'>",
     "<a rel=author>", "</a>", "<b", "<!--", "-->", "]]>", "&#0;", "&#xD800;", "&#1114112;",
     "<script type='application/ld+json'>{\"@type\": \"NewsArticle\", \"author\": [[1]]}</script>",
     "<meta property='og:url' content='http://[x'>", "<link rel=canonical href=//>", "Comments",
     "Gull | 4 June 2024 - 11:05:09", "By Jane Doe", "© Foto: x", "<html lang='\0'>", PROSE,
     "<svg><p>", "<style>"]
)  # fmt: skip


@given(st.lists(PARTS | st.text(st.characters(codec="utf-8"), max_size=20), max_size=25))
def test_any_page_is_covered_by_its_blocks(parts: list[str]) -> None:
    """Blocks of a broken page are in order and cover the text, or it has a reason."""
    try:
        article = read("<p>x" + "".join(parts))
    except ArticleError:
        return
    at = 0
    for block in article.blocks:
        assert at <= block.start < block.end
        assert article.text[at : block.start].strip() == ""
        at = block.end
    assert article.text[at:] == ""
    assert not any("\ud800" <= character <= "\udfff" for character in article.text)


@given(st.binary(max_size=300), st.sampled_from([b"", b"<body><p>", b"<meta charset=utf-16><p>"]))
def test_any_bytes_are_text_or_have_a_reason(content: bytes, start: bytes) -> None:
    """Random bytes raise nothing but an ArticleError."""
    with contextlib.suppress(ArticleError):
        assert read(start + content).blocks


WORDS = st.lists(st.from_regex(r"\A[a-z]{3,8}\Z"), min_size=12, max_size=30).map(" ".join)


@settings(max_examples=40)  # of ordinary words; odd pages have tests of their own
@given(st.lists(WORDS, min_size=2, max_size=6))
def test_no_paragraph_of_an_article_is_lost(texts: list[str]) -> None:
    """All paragraphs of the element named as the article's body are in order."""
    body = "".join(f"<p>{text}.</p>" for text in texts)
    page = f'<h1>Some title</h1><div itemprop="articleBody">{PROSE}{body}</div>'
    assert in_body(page)[2:] == [f"{text}." for text in texts]
