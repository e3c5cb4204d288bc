"""XML of newsrooms: RSS, Atom and NewsML-G2, and the limits on hostile XML."""

from __future__ import annotations

import io
from base64 import b64encode
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from pullquote.parsing.exports.xml_repair import RepairedXml
from pullquote.schema import Status
from reading import articles, outcomes, outline, stream

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<title>Harbour Post</title><link>https://post.example</link><language>en-gb</language>
<item><title>Pier &amp;amp; quay shut</title><link>https://post.example/1</link>
<guid isPermaLink="false">tag:post.example,2024:1</guid><dc:creator>Ida Roe</dc:creator>
<pubDate>Fri, 31 May 2024 09:49:00 GMT</pubDate><category>pier</category><category>rust</category>
<description>It rusts.</description>
<content:encoded><![CDATA[<p>The pier is shut&nbsp;now.</p><p>AT&T &lt;3</p>]]></content:encoded>
</item>
<item><title>Tide</title><description>&lt;p&gt;It was high.&lt;/p&gt;</description></item>
</channel></rss>
"""


def test_an_entry_of_rss_is_an_article() -> None:
    """Its summary is the standfirst if it also contains the text."""
    first, second = articles("post.rss", RSS.encode())
    assert outline(first) == [
        ("headline", "Pier & quay shut"),
        ("standfirst", "It rusts."),
        ("byline", "By Ida Roe"),
        ("body", "The pier is shut now."),
        ("body", "AT&T <3"),
    ]
    assert (first.id, first.item) == ("post.rss#tag:post.example,2024:1", "tag:post.example,2024:1")
    assert (first.source, first.language, first.tags) == ("Harbour Post", "en-GB", ("pier", "rust"))
    assert first.published == datetime(2024, 5, 31, 9, 49, tzinfo=UTC)
    assert first.url == "https://post.example/1"
    assert (second.id, second.source) == ("post.rss#2", "Harbour Post")
    assert outline(second) == [("headline", "Tide"), ("body", "It was high.")]


def test_rss_1_has_its_items_beside_the_channel() -> None:
    """RDF identifies them by URL."""
    rdf = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        ' xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<channel><title>Post</title><items><rdf:Seq><rdf:li/></rdf:Seq></items></channel>"
        '<item rdf:about="https://post.example/1"><title>T</title><dc:date>2024-05-31</dc:date>'
        "<description>One.</description></item></rdf:RDF>"
    )
    [article] = articles("a.xml", rdf.encode())
    assert (article.id, article.source) == ("a.xml#https://post.example/1", "Post")
    assert str(article.published) == "2024-05-31"


def test_an_entry_of_atom_is_an_article() -> None:
    """Its content may be text, HTML or XHTML."""
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>Bote</title>'
        "<author><name>Jo</name></author>"
        '<entry><id>urn:1</id><title type="html">A &amp;lt; B</title>'
        '<link rel="edit" href="x"/><link href="https://bote.example/1"/>'
        "<published>2024-05-31T09:49:00Z</published><updated>2024-06-01T00:00:00Z</updated>"
        '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Eins <b>zwei</b></p>'
        "<blockquote>Drei</blockquote></div></content></entry></feed>"
    )
    [article] = articles("a.atom", atom.encode())
    assert outline(article) == [
        ("headline", "A < B"),
        ("byline", "By Jo"),
        ("body", "Eins zwei"),
        ("quotation", "Drei"),
    ]
    assert (article.url, article.language) == ("https://bote.example/1", "de")
    assert article.modified == datetime(2024, 6, 1, tzinfo=UTC)


NITF = """<nitf xmlns="http://iptc.org/std/NITF/2006-10-18/"><head><title>no</title></head><body>
<body.head><hedline><hl1>no</hl1></hedline></body.head><body.content><p>One &amp; a half.</p>
<hl2>Two</hl2><media><media-caption>The pier.</media-caption></media></body.content></body>
</nitf>"""


def newsml(*, content: str = NITF, meta: str = "", guid: str = "urn:newsml:x:1") -> str:
    """A news item."""
    return f"""<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="{guid}" version="11">
<itemMeta><provider literal="TNA"/><versionCreated>2024-05-31T09:49:00Z</versionCreated>{meta}
</itemMeta><contentMeta><located><name>Corrow</name></located><by>Ida Roe</by>
<headline>Pier shut</headline><language tag="en-GB"/><subject><name>Transport</name></subject>
</contentMeta><contentSet><inlineXML>{content}</inlineXML></contentSet></newsItem>"""


def test_a_news_item_is_an_article() -> None:
    """If it is the root of its file, it has the id of the file."""
    [article] = articles("tna/1.xml", newsml().encode())
    assert outline(article) == [
        ("headline", "Pier shut"),
        ("byline", "By Ida Roe"),
        ("body", "One & a half."),
        ("body", "Two"),
        ("caption", "The pier."),
    ]
    assert (article.id, article.item, article.revision) == ("tna/1.xml", "urn:newsml:x:1", 11)
    assert (article.source, article.place, article.section) == ("TNA", "Corrow", "Transport")
    assert (article.status, article.embargoed) == (Status.USABLE, None)


@pytest.mark.parametrize(
    ("meta", "status", "embargoed"),
    [
        ('<pubStatus qcode="stat:withheld"/>', "withheld", None),
        ('<pubStatus uri="http://cv.iptc.org/newscodes/pubstatusg2/canceled"/>', "canceled", None),
        ("<embargoed>2030-01-01T00:00:00+01:00</embargoed>", "usable", "2030-01-01T00:00:00+01:00"),
        ("<embargoed/>", "usable", "9999-12-31T23:59:59.999999+00:00"),
    ],
)
def test_the_publishing_status_of_a_news_item(
    meta: str, status: str, embargoed: str | None
) -> None:
    """An embargo without an end is endless."""
    [article] = articles("a.xml", newsml(meta=meta).encode())
    found = article.embargoed
    assert (article.status, None if found is None else found.isoformat()) == (status, embargoed)


def test_a_message_contains_many_items() -> None:
    """Each has its own id; one without text fails alone."""
    items = newsml(), newsml(content="<html><body/></html>", guid="urn:2"), newsml(guid="urn:3")
    message = f"<newsMessage><itemSet>{''.join(items)}</itemSet></newsMessage>"
    found = outcomes("a.xml", message.encode())
    assert found[0] == "a.xml#urn:newsml:x:1"
    assert found[1].startswith("a.xml#urn:2: it has no known field with text")
    assert found[2] == "a.xml#urn:3"


TEN = "&a{0};" * 10
TENFOLD = "".join(f'<!ENTITY a{n} "{TEN.format(n - 1)}">' for n in range(1, 9))
BOMB = f'<!DOCTYPE r [<!ENTITY a0 "aaaaaaaaaa">{TENFOLD}]>'


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (BOMB + "<rss><channel><item><title>&a8;</title></item></channel></rss>", "entities"),
        (BOMB + '<rss a="&a8;"><item b="&a8;"/></rss>', "it declares entities"),
        ('<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><item/></rss>', "entities"),
        ('<!DOCTYPE r [<!ENTITY % x SYSTEM "http://127.0.0.1:1/"> %x;]><feed/>', "entities"),
        ("<urlset><url/></urlset>", "XML of the kind 'urlset' is not supported"),
        ("<rss><channel/></rss>", "it contains no articles"),
        ("", "it is not well-formed XML: no element found"),
        ("Only words.", "it is not well-formed XML: Start tag expected"),
        ("<html><p>x<br></html>", "it is not well-formed XML: Opening and ending tag mismatch"),
        ("<a>" * 200_000, "it is not well-formed XML: Excessive depth"),
        ("<rss><item>" + "<b>" * 200_000, "it is not well-formed XML: Excessive depth"),
        ("<rss><item><title>" + "x" * 20_000_000, "it is not well-formed XML: "),
        ("<rss " + "a='1' " * 1_000_000, "it is not well-formed XML: "),
        ("<rss>" + "<x/>" * 200_000, "an item has more than 100,000 tags"),
        ("<rss>" + "<x></x>        " * 40_000 + "<x>y</x>" * 200_000, "an item has more than"),
        ("<rss>" + ("<x>" + "y" * 1_000_000 + "</x>") * 20, "an item is larger than 16 MB"),
    ],
)  # fmt: skip
def test_hostile_xml_fails_with_a_reason(content: str, reason: str) -> None:
    """Entities are not expanded, nothing is opened, and depth and size are limited."""
    [found] = outcomes("a.xml", content.encode())
    assert reason in found


def test_an_external_dtd_is_not_fetched() -> None:
    """An old feed refers to one and is parsed without it."""
    dtd = '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://127.0.0.1:1/rss.dtd">'
    [article] = articles("a.rss", (dtd + RSS.partition("?>")[2].replace("AT&T", "")).encode())[:1]
    assert article.title == "Pier & quay shut"


def test_entries_above_an_error_are_parsed() -> None:
    """A truncated feed has its complete entries and the position of the error."""
    whole, broken = outcomes("a.rss", RSS[: RSS.index("It was high")].encode())
    assert whole == "a.rss#tag:post.example,2024:1"
    assert broken.startswith("a.rss: it is not well-formed XML: ")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1252", "koi8-r"])
def test_encodings_of_xml(encoding: str) -> None:
    """The byte order mark or the declaration counts."""
    words = "Пирс закрыт." if encoding == "koi8-r" else "Café – zoë."
    declared = encoding if encoding in ("cp1252", "koi8-r") else "utf-16"
    content = f"<?xml version='1.0' encoding='{declared}'?><rss><item><title>T</title><description>"
    [article] = articles("a.rss", f"{content}{words}</description></item></rss>".encode(encoding))
    assert article.text == f"T\n\n{words}"


JAPANESE = "港の防波堤は、市議会の決定により、二年をかけて修復されます。工事は五月に始まります。"
KOREAN = "항구 방파제는 시의회의 결정에 따라 이 년에 걸쳐 복구됩니다. 공사는 오월에 시작합니다."
UNDECLARED = (
    (
        "euc-jp",
        "港の防波堤は、市議会の決定により、二年をかけて修復されます。工事は五月に始まります。",
    ),
    (
        "shift_jis",
        "港の防波堤は、市議会の決定により、二年をかけて修復されます。工事は五月に始まります。",
    ),
    (
        "euc-kr",
        "항구 방파제는 시의회의 결정에 따라 이 년에 걸쳐 복구됩니다. 공사는 오월에 시작합니다.",
    ),
    ("cp1255", "מועצת העיר החליטה ביום שני לתקן את חומת הנמל, והעבודה תימשך שנתיים."),
    ("cp1252", "Die Mole wird für 3 Mio. € erneuert, sagte der Bürgermeister – „endlich“."),
)


@pytest.mark.parametrize(("encoding", "words"), UNDECLARED)
@pytest.mark.parametrize(
    "stated", ["", "<?xml version='1.0'?>", "<?xml version='1.0' encoding='utf-8'?>"]
)
def test_a_feed_without_its_encoding_is_decoded_like_other_files(
    stated: str, encoding: str, words: str
) -> None:
    """The words decide the encoding, wherever in the feed the first of them is."""
    item = f"<item><title>T</title><description>{words}</description></item>"
    for above in ("", "<item><title>T</title><description>ab</description></item>" * 900):
        content = f"{stated}<rss>{above}{item}</rss>"
        assert articles("a.rss", content.encode(encoding))[-1].text == f"T\n\n{words}"


@pytest.mark.parametrize(
    "attributes",
    ['mode="base64"', 'type="application/octet-stream"', 'type="text/html" mode="base64"'],
)
def test_base64_in_atom(attributes: str) -> None:
    """Content that is encoded is decoded; a picture is not text."""
    encoded = b64encode(b"<p>Der Pier ist zu.</p>").decode()
    entry = f"<title>Pier</title><summary>Kurz.</summary><content {attributes}>{encoded}</content>"
    [article] = articles("a.atom", f"<feed><entry>{entry}</entry></feed>".encode())
    assert outline(article)[-1] == ("body", "Der Pier ist zu.")
    picture = b64encode(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR").decode()
    entry = (
        f'<title>Pier</title><summary>Kurz.</summary><content type="image/png">{picture}</content>'
    )
    [article] = articles("a.atom", f"<feed><entry>{entry}</entry></feed>".encode())
    assert article.text == "Pier\n\nKurz."


def repaired(content: bytes, *, size: int = 10_000) -> str:
    """The repaired XML that a parser reads."""
    repaired_xml = RepairedXml(io.BytesIO(content), id="a.xml")
    parts = []
    while part := repaired_xml.read(size):
        parts.append(part)
    return b"".join(parts).decode()


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("&amp;&lt;&#233;&#xe9;", "&amp;&lt;&#233;&#xe9;"),
        ("&eacute;&nbsp;&LT;&AMP;", "é\u00a0&lt;&amp;"),
        ("AT&T & &no; &#x110000; &#0; &#xD800;", "AT&amp;T &amp; &amp;no; \ufffd \ufffd \ufffd"),
        ("a\0b\x1fc", "a\ufffdb\ufffdc"),
    ],
)
def test_frequent_errors_of_feeds_are_repaired(written: str, read: str) -> None:
    """References that XML does not define are replaced by their meaning."""
    assert repaired(written.encode()) == read


def test_codecs_of_other_kinds_are_not_used() -> None:
    """Some codecs of Python could unpack bombs."""
    for name in ("zlib_codec", "idna", "unicode_escape", "utf-7", "nonsense"):
        content = f"<?xml version='1.0' encoding='{name}'?><a>é</a>"
        assert repaired(content.encode()) == content


@given(st.binary(max_size=60).map(lambda tail: b"<a>" + tail), st.integers(1, 9))
def test_repair_does_not_depend_on_chunks(content: bytes, size: int) -> None:
    """A chunk may end inside a reference or a character."""
    padded = content[:3] + b" " * 1015 + content[3:] + b" &eacute; &amp; &#233; \xc3\xa9"
    assert repaired(padded, size=size) == repaired(padded)


TAGS = st.sampled_from(
    "<item> </item> <title> </title> <entry> </entry> <newsItem> </newsItem> <description> &x; w \0"
    " </description> <![CDATA[ ]]> <!-- -->".split(" ")
)


@given(st.lists(TAGS, max_size=30).map("".join) | st.text(max_size=50))
def test_any_xml_gives_articles_or_errors(inner: str) -> None:
    """Nothing but ArticleError is raised, and every block is in order."""
    assert stream("a.xml", f"<rss>{inner}</rss>".encode("utf-8", "surrogatepass"))


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1)))
def test_no_entry_is_lost(titles: list[str]) -> None:
    """All entries are found in order."""
    root = etree.Element("rss")
    for title in titles:
        item = etree.SubElement(root, "item")
        etree.SubElement(item, "title").text = "T"
        etree.SubElement(item, "description").text = f"w{title}"
    found = stream("a.rss", etree.tostring(root))
    assert [one.path if isinstance(one, Exception) else one.id for one in found] == (
        [f"a.rss#{n}" for n in range(1, len(titles) + 1)] or ["a.rss"]
    )
