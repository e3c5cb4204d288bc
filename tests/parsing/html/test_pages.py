"""Title, authors and date of web pages in the styles of common publishing systems."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

import pytest

from pullquote.parsing.html.parser import parse_html
from pullquote.parsing.source import SourceFile
from pullquote.schema import Article, day_of

TITLE = "Bridge to close for the winter"
IDA = ("Ida Brandt",)
BOTH = ("Ida Brandt", "Odd Vik")
DAY = date(2024, 3, 5)
PROSE = (
    "<p>The bridge over the Lask will be closed to all traffic from November, the council said"
    " on Monday after a meeting that had gone on until well past midnight.</p>"
    "<p>Ferries will run twice an hour in its place, and those who live on the north bank need"
    " not pay for them until the bridge is open again, which may take until May.</p>"
    "<p>“We looked at every other way of doing it,” said the engineer in charge of the works,"
    " who had brought a piece of the rusty railing with her for everyone to see.</p>"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSample:
    """A page with its head and what is above and below its text, and the expected facts."""

    head: str = f"<title>{TITLE}</title>"
    top: str = f"<h1>{TITLE}</h1>"
    foot: str = ""
    title: str = TITLE
    authors: tuple[str, ...] = ()
    day: date | None = None

    def read(self) -> Article:
        """The article of the page."""
        html = (
            f"<!DOCTYPE html><html><head>{self.head}</head><body><div class='page'>{self.top}"
            f"<div>{PROSE}</div>{self.foot}</div></body></html>"
        )
        return parse_html(SourceFile(id="a.html", version="0", content=html.encode()))[0]


def linked_data(text: str) -> str:
    """A title and a script of JSON-LD."""
    return f'<title>{TITLE}</title><script type="application/ld+json">{text}</script>'


PAGES = {
    "WordPress": PageSample(
        head=f"<title>{TITLE} – Harbour News</title>",
        top=f"""<header><p class="site-title"><a href="/" rel="home">Harbour News</a></p></header>
        <article class="post-12 post type-post hentry"><header class="entry-header">
        <h1 class="entry-title">{TITLE}</h1><div class="entry-meta"><span class="posted-on">Posted
        on <a href="/b" rel="bookmark"><time class="entry-date published"
        datetime="2024-03-05T08:00:00+00:00">March 5, 2024</time><time class="updated"
        datetime="2024-03-09T10:00:00+00:00">March 9, 2024</time></a></span><span class="byline">
        by <span class="author vcard"><a class="url fn n" href="/author/ida">Ida Brandt</a></span>
        </span></div></header>""",
        authors=IDA, day=DAY),
    "WordPress with a graph of JSON-LD": PageSample(
        head=linked_data(f"""{{"@context":"https://schema.org","@graph":[{{"@type":"Article",
        "headline":"{TITLE}","datePublished":"2024-03-05T08:00:00+00:00",
        "author":{{"@id":"https://h.example/#/schema/person/1"}},
        "publisher":{{"@id":"https://h.example/#organization"}}}},
        {{"@type":"WebPage","name":"{TITLE} - Harbour News"}},
        {{"@type":"Organization","@id":"https://h.example/#organization","name":"Harbour News"}},
        {{"@type":"Person","@id":"https://h.example/#/schema/person/1","name":"Ida Brandt"}}]}}"""),
        authors=IDA, day=DAY),
    "Blogger": PageSample(
        head=f"<title>Notes from the quay: {TITLE}</title>",
        top=f"""<h1 class="title"><a href="/">Notes from the quay</a></h1>
        <h2 class="date-header"><span>Tuesday, March 5, 2024</span></h2>
        <div class="post hentry"><h3 class="post-title entry-title" itemprop="name">{TITLE}</h3>""",
        foot="""<div class="post-footer"><span class="post-author vcard">Posted by <span class="fn"
        itemprop="author"><a href="/p" rel="author"><span itemprop="name">Ida Brandt</span></a>
        </span></span> <span class="post-timestamp">at <abbr class="published"
        itemprop="datePublished" title="2024-03-05T08:00:00-08:00">8:00 AM</abbr></span></div>""",
        authors=IDA, day=DAY),
    "Drupal": PageSample(
        head=f"<title>{TITLE} | Harbour News</title>",
        top=f"""<h1 class="page-header">{TITLE}</h1><div class="submitted">Submitted by <span
        rel="sioc:has_creator"><a class="username" property="foaf:name">Ida Brandt</a></span> on
        <span property="dc:date dc:created" content="2024-03-05T08:00:00+01:00"
        datatype="xsd:dateTime">Tue, 03/05/2024 - 08:00</span></div>""",
        authors=IDA, day=DAY),
    "Medium": PageSample(
        head=f"""<title>{TITLE} | by Ida Brandt | Quay Notes | Medium</title>
        <meta property="og:site_name" content="Medium"><meta name="author" content="Ida Brandt">
        <meta property="article:published_time" content="2024-03-05T08:00:00.000Z">""",
        top="<div>Member-only story</div>",
        authors=IDA, day=DAY),
    "Arc": PageSample(
        head=linked_data(f"""{{"@type":"NewsArticle","headline":"{TITLE}","author":["Ida Brandt",
        "Odd Vik"],"datePublished":"2024-03-05T08:00:00Z","publisher":{{"@type":"Organization",
        "name":"Harbour News"}}}}"""),
        top=f"<h1 class='headline'>{TITLE}</h1><div class='ts-byline'>By Ida Brandt, Odd Vik</div>",
        authors=BOTH, day=DAY),
    "the BBC's": PageSample(
        head=linked_data(f"""{{"@type":"ReportageNewsArticle","headline":"{TITLE}",
        "datePublished":"2024-03-05T08:00:00.000Z","author":{{"@type":"NewsMediaOrganization",
        "name":"Harbour News"}},"publisher":{{"@type":"NewsMediaOrganization",
        "name":"Harbour News"}}}}"""),
        top=f"""<h1 id="main-heading" class="ssrc-1">{TITLE}</h1><div data-component="byline-block"
        class="ssrc-2"><p><span>By Ida Brandt</span></p><p><span>Transport correspondent</span></p>
        <time datetime="2024-03-05T08:00:00Z">5 March 2024</time></div>""",
        authors=IDA, day=DAY),
    "the Guardian's": PageSample(
        head=f"<title>{TITLE} | Transport | The Harbour Guardian</title>",
        top=f"""<h1>{TITLE}</h1><div class="dcr-1"><address aria-label="Contributor info"><a
        rel="author" href="/profile/ida">Ida Brandt</a> and <a rel="author" href="/profile/odd">Odd
        Vik</a> in Port Ellis</address></div><details><summary><span>Tue 5 Mar 2024 08.00 GMT</span>
        </summary>Last modified on Sat 9 Mar 2024 10.00 GMT</details>""",
        authors=BOTH, day=DAY),
    "the New York Times'": PageSample(
        head=f"""<title>{TITLE} - The Harbour Times</title><meta name="byl" content="By Ida Brandt
        and Odd Vik"><meta property="article:published" content="2024-03-05T08:00:00.000Z">
        <meta property="article:author" content="https://h.example/by/ida-brandt">""",
        authors=BOTH, day=DAY),
    "microdata": PageSample(
        head="<title>Harbour News</title>",
        top=f"""<div itemscope itemtype="http://schema.org/NewsArticle"><h2 itemprop="headline">
        {TITLE}</h2><meta itemprop="datePublished" content="2024-03-05"><span itemprop="author"
        itemscope itemtype="http://schema.org/Person"><span itemprop="name">Ida Brandt</span></span>
        </div>""",
        authors=IDA, day=DAY),
    "hNews": PageSample(
        top=f"""<div class="hnews hentry"><h1 class="entry-title">{TITLE}</h1><span
        class="source-org vcard"><span class="org fn">Harbour News</span></span> <span
        class="byline author vcard">By <span class="fn">Ida Brandt</span></span> <span
        class="updated dtstamp" title="2024-03-09T10:00Z">9 March 2024</span> <abbr
        class="published" title="2024-03-05T08:00Z">5 March 2024</abbr></div>""",
        authors=IDA, day=DAY),
    "no metadata, a post": PageSample(
        top=f"""<h1>{TITLE}</h1><p>By Ida Brandt, Staff Writer</p><p>Posted: March 5, 2024 at 8:00
        a.m.</p>""",
        authors=IDA, day=DAY),
    "no metadata, two days": PageSample(
        top=f"""<h1>{TITLE}</h1><div>By Ida Brandt and Odd Vik</div><div>Published 5 March 2024 |
        Updated 9 March 2024</div>""",
        authors=BOTH, day=DAY),
    "no metadata, one line": PageSample(
        top=f"<div>Home | By Ida Brandt | 5 March 2024</div><h2>{TITLE}</h2>",
        authors=IDA, day=DAY),
    "no metadata, German": PageSample(
        top=f"<h1>{TITLE}</h1><p>Von Ida Brandt und Odd Vik</p><p>Stand: 05.03.2024, 08:00 Uhr</p>",
        authors=BOTH, day=DAY),
    "no metadata, French": PageSample(
        top=f"<h1>{TITLE}</h1><p>Publié le 5 mars 2024 à 08h00 par Ida Brandt</p>",
        authors=IDA, day=DAY),
    "no metadata, Spanish": PageSample(
        top=f"<h1>{TITLE}</h1><p>Por Ida Brandt</p><p>5 de marzo de 2024</p>",
        authors=IDA, day=DAY),
    "a day for people in the German way": PageSample(
        top=f"<h1>{TITLE}</h1><div class='meta'>Dienstag, 5. März 2024, 8 Uhr</div>", day=DAY),
    "the paper before the headline": PageSample(
        head=f'<title>Harbour News: {TITLE}</title><meta property="og:site_name"'
        ' content="Harbour News">', top=""),
    "the paper behind the headline": PageSample(
        head=f'<title>{TITLE} - Harbour News</title><meta property="og:title"'
        f' content="{TITLE} - Harbour News"><meta property="og:site_name" content="Harbour News">',
        top=""),
    "the paper behind a bar": PageSample(head=f"<title>{TITLE} | Harbour News</title>", top=""),
    "the paper as a heading of its own": PageSample(
        head=f"<title>Harbour News - {TITLE}</title>",
        top=f"<h1><a href='/'>Harbour News</a></h1><h2>{TITLE}</h2>"),
    "an author by address": PageSample(
        head='<meta property="article:author" content="https://f.example/ida.brandt.9">',
        top=f"<h1>{TITLE}</h1><p>By <a href='/ida'>Ida Brandt</a></p>",
        authors=IDA),
    "an author who is the machine": PageSample(
        head='<meta name="author" content="admin">',
        top=f"<h1>{TITLE}</h1><p>Written by Ida Brandt on March 5, 2024</p>",
        authors=IDA, day=DAY),
    "authors in one line with their posts": PageSample(
        head=linked_data('{"@type":"NewsArticle","author":{"@type":"Person",'
        '"name":"By Ida Brandt and Odd Vik, Staff Writers"}}'),
        authors=BOTH),
    "authors in a list of lists": PageSample(
        head=linked_data('{"@type":"NewsArticle","author":[{"@type":"Person",'
        '"name":["Ida Brandt","Odd Vik"]}]}'),
        authors=BOTH),
    "authors in capitals": PageSample(
        top=f"<h1>{TITLE}</h1><p class='by'>BY: IDA BRANDT</p>", authors=("IDA BRANDT",)),
    "an author with a post behind a bar": PageSample(
        top=f"<h1>{TITLE}</h1><p>Ida Brandt | Transport Correspondent | 5 March 2024</p>",
        authors=IDA, day=DAY),
    "an author at the foot": PageSample(
        foot="<div class='about-the-author'><h3>About the author</h3><h4>Ida Brandt</h4><p>Ida"
        " Brandt has written about bridges and ferries for this paper since 2004, when the first"
        " of them fell down.</p></div>",
        authors=IDA),
    "an author behind a label at the foot": PageSample(
        foot="<p>Autorin: Ida Brandt (Redaktion)</p>", authors=IDA),
    "a photographer": PageSample(
        top=f"<h1>{TITLE}</h1><figure><img src='a.jpg'><figcaption>The bridge in May. Photo by Odd"
        " Vik</figcaption></figure><p>Foto: Odd Vik</p>"),
    "the author of another page": PageSample(
        top=f"<h1>{TITLE}</h1><aside class='related'><h3>Tunnel is late</h3><p>By Odd Vik</p><time"
        " datetime='2019-01-01'>1 January 2019</time></aside><p>By Ida Brandt</p>"
        "<p>5 March 2024</p>",
        authors=IDA, day=DAY),
    "a signature below the text": PageSample(foot="<p>Ida Brandt</p>", authors=IDA),
    "no signature below the text": PageSample(foot="<p>Related Articles</p>"),
    "JSON-LD with a comma too many": PageSample(
        head=linked_data('{"@type":"NewsArticle","author":{"name":"Ida Brandt",},'
        '"datePublished":"2024-03-05",}'),
        authors=IDA, day=DAY),
    "JSON-LD of the articles beside it": PageSample(
        head='<link rel="canonical" href="https://h.example/bridge">' + linked_data(
        f'[{{"@type":"NewsArticle","headline":"Tunnel is late","url":"https://h.example/tunnel",'
        f'"author":{{"name":"Odd Vik"}},"datePublished":"2019-01-01"}},{{"@type":"NewsArticle",'
        f'"headline":"{TITLE}","url":"https://h.example/bridge","author":{{"name":"Ida Brandt"}},'
        f'"datePublished":"2024-03-05"}}]'),
        authors=IDA, day=DAY),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_each_kind(name: str) -> None:
    """Title, authors and date are found where each system puts them, and only there."""
    page = PAGES[name]
    article = page.read()
    assert (article.title, article.authors, day_of(article.published)) == (
        page.title,
        page.authors,
        page.day,
    )


def test_a_machine_readable_date_wins_over_its_text() -> None:
    """The markup decides that "03/05/2024" is the fifth of March, and has the hour."""
    published = PAGES["Drupal"].read().published
    assert published == datetime(2024, 3, 5, 8, 0, tzinfo=timezone(timedelta(hours=1)))


@pytest.mark.parametrize(
    ("html", "role"),
    [
        ("<figure><img src='a.jpg'><figcaption>{}</figcaption></figure>", "caption"),
        (
            "<div class='wp-caption'><img src='a.jpg'><p class='wp-caption-text'>{}</p></div>",
            "caption",
        ),
        ("<div class='image'><img src='a.jpg'><div class='caption'>{}</div></div>", "caption"),
        ("<amp-img src='a.jpg'></amp-img><p class='image-caption'>{}</p>", "caption"),
        ("<div class='slide-caption'>{}</div>", "boilerplate"),
    ],
)
def test_a_caption_is_below_a_picture(html: str, role: str) -> None:
    """A caption by name counts only with a picture right above it."""
    words = "The bridge in May, seen from the north bank of the river."
    shown = html.format(words)
    article = PageSample(foot=f"<div>{PROSE}{shown}{PROSE}</div>").read()
    roles = [b.role.value for b in article.blocks if article.text[b.start : b.end] == words]
    assert roles == [role]


def test_a_page_that_breaks_a_library_is_parsed_by_its_markup(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """If trafilatura and htmldate fail, the article is parsed without them."""

    def fail(*_args: object, **_kwargs: object) -> None:
        raise AttributeError("'NoneType' object has no attribute 'text'")

    monkeypatch.setattr("pullquote.parsing.html.article.main_text.bare_extraction", fail)
    monkeypatch.setattr("pullquote.parsing.html.credits.find_date", fail)
    article = PageSample().read()
    assert [b.role.value for b in article.blocks] == ["headline", "body", "body", "body"]
    assert article.published is None
