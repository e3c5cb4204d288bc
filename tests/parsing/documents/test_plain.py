"""The plain-text parser: saved news pages, simple articles, and arbitrary text."""

from __future__ import annotations

import time
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.parsing import find_files, read_articles
from pullquote.parsing.documents.plain import parse_plain
from pullquote.parsing.source import SourceFile
from pullquote.schema import Article, Block

DATA = Path(__file__).parents[2] / "data/articles"
CORPUS = Path(__file__).parents[3] / "corpus"
SEED = Path(__file__).parents[4] / "shared/data/seed/interpol-centre.txt"


def read(text: str) -> Article:
    """Parse a text; the byte order mark makes sure that it counts as UTF-8."""
    return parse_plain(SourceFile(id="a/b.txt", version="0", content=text.encode("utf-8-sig")))[0]


def outline(article: Article) -> list[tuple[str, str]]:
    """The role and the first words of each block."""
    return [(b.role.value, article.text[b.start : b.end][:28]) for b in article.blocks]


def strip_markup(article: Article, block: Block) -> str:
    """The words of a block."""
    return article.text[block.start : block.end]


def assert_covered(article: Article) -> None:
    """Check that blocks are in order, disjoint, not empty, and contain all but white space."""
    at = 0
    for block in article.blocks:
        assert at <= block.start < block.end
        assert article.text[at : block.start].strip() == ""
        assert strip_markup(article, block).strip() == strip_markup(article, block)
        at = block.end
    assert article.text[at:].strip() == ""


def test_a_saved_page_line_by_line() -> None:
    """Every line of a saved news page has the role that a person would give it."""
    article = read_articles(DATA / "saved-page.txt", id="saved-page.txt")[0]
    assert outline(article) == [
        ("boilerplate", "date 2024-06-04 Pemberly Mar"),
        ("headline", "Coastguard to share radar wi"),
        ("standfirst", "PORT ELLIS: The coastguard w"),
        ("boilerplate", "safetyFishingharbour"),
        ("byline", "By Northshore Herald"),
        ("byline", "Tuesday 4 June 2024, 07:20AM"),
        ("caption", "Captain Ida Brandt in the ra"),
        ("body", "“We saw everything and could"),
        ("body", "Two boats have collided in f"),
        ("boilerplate", "Driftwood | 4 June 2024 - 11"),
        ("comment", "My cousin has had radar sinc"),
        ("comment", "Pier, what pier?"),
        ("boilerplate", "Old Net | 4 June 2024 - 12:3"),
        ("comment", "About time."),
    ]
    assert_covered(article)


def test_the_metadata_of_a_saved_page() -> None:
    """Title, standfirst, author, outlet, place, tags and date are found."""
    article = read_articles(DATA / "saved-page.txt", id="saved-page.txt")[0]
    assert article.title == "Coastguard to share radar with fishing fleet"
    assert article.standfirst == (
        "PORT ELLIS: The coastguard will open its harbour radar to skippers from July so that "
        "small boats are seen in fog."
    )
    assert (article.authors, article.source) == (("Northshore Herald",), "Northshore Herald")
    assert (article.place, article.tags) == ("PORT ELLIS", ("safety", "Fishing", "harbour"))
    assert article.published == datetime.fromisoformat("2024-06-04T07:20")
    assert (article.section, article.modified) == (None, None)


def test_comments_have_their_authors_and_times() -> None:
    """Both paragraphs of a comment have its author; headers are not part of it."""
    article = read_articles(DATA / "saved-page.txt", id="saved-page.txt")[0]
    comments = [b for b in article.blocks if b.role == "comment"]
    assert [(b.author, b.time, strip_markup(article, b)) for b in comments] == [
        (
            "Driftwood",
            datetime.fromisoformat("2024-06-04T11:05:09"),
            "My cousin has had radar since 2009 and still hit the pier.",
        ),
        ("Driftwood", datetime.fromisoformat("2024-06-04T11:05:09"), "Pier, what pier?"),
        ("Old Net", datetime.fromisoformat("2024-06-04T12:30"), "About time."),
    ]


@pytest.mark.skipif(not SEED.exists(), reason=f"the seed page is not on this machine: {SEED}")
def test_the_seed_page() -> None:
    """The first real page of the project is parsed as a person would."""
    article = read_articles(SEED, id=SEED.name)[0]
    assert [role for role, _ in outline(article)] == (
        ["boilerplate", "headline", "standfirst", "boilerplate", "byline", "byline", "caption"]
        + ["body"] * 9
        + ["boilerplate", "comment", "boilerplate", "comment"]
    )
    assert article.title == "RTP agrees on Interpol centre initiative"
    assert (article.authors, article.source) == (("Bangkok Post",), "Bangkok Post")
    assert (article.place, article.tags) == ("BANGKOK", ("crime", "Cannabis", "police"))
    assert article.published == datetime.fromisoformat("2023-05-31T09:49")
    assert [b.author for b in article.blocks if b.role == "comment"] == ["Capricornball", "Kurt"]
    assert_covered(article)


def test_a_headline_and_paragraphs_are_nothing_more() -> None:
    """Lines that only resemble dates stay body, and no metadata is invented."""
    article = read_articles(DATA / "headline-only.txt", id="business/headline-only.txt")[0]
    assert outline(article) == [
        ("headline", "Ferry fares frozen until spr"),
        ("body", "The harbour trust will not r"),
        ("body", "It said fuel was cheaper tha"),
        ("body", "Saturday, 26 February"),
        ("body", "1300 GMT"),
    ]
    assert (article.section, article.source, article.published) == (None, None, None)


def test_prose_without_a_headline_is_body() -> None:
    """The title is taken from the first sentence, which stays body."""
    article = read("The trust will not raise fares, it said. More came.\n\nSecond.")
    assert [role for role, _ in outline(article)] == ["body", "body"]
    assert article.title == "The trust will not raise fares, it said."
    long = read(f"{'word ' * 40}end.\n\nSecond.")
    assert long.title == "word " * 15 + "word…"


def test_one_word_is_an_article() -> None:
    """The shortest article is body and can be quoted."""
    article = read("Sold")
    assert (outline(article), article.title) == ([("body", "Sold")], "Sold")


@pytest.mark.parametrize(
    ("line", "authors", "source"),
    [
        ("By Jane Doe", ("Jane Doe",), None),
        ("By Jane Doe and John van der Roe", ("Jane Doe", "John van der Roe"), None),
        ("By A. N. Other, B Other and C Other", ("A. N. Other", "B Other", "C Other"), None),
        ("By JANE DOE, Chief Political Correspondent", ("JANE DOE",), None),
        ("By Jane Doe in Vennick", ("Jane Doe",), None),
        ("By Jane Doe, BBC News", ("Jane Doe",), "BBC News"),
        ("By Jane Doe for the Daily Echo", ("Jane Doe",), "Daily Echo"),
        ("By Jane Doe | The Daily Echo", ("Jane Doe",), "The Daily Echo"),
        ("By Reuters", ("Reuters",), "Reuters"),
        ("By Strait Dispatch staff", ("Strait Dispatch staff",), None),
        ("Written by: José Ibáñez", ("José Ibáñez",), None),
        ("Author: Jane Doe", ("Jane Doe",), None),
        ("Jane Doe | 14 March 2024", ("Jane Doe",), None),
    ],
)
def test_bylines(line: str, authors: tuple[str, ...], source: str | None) -> None:
    """Posts and places are removed from authors; the outlet is found."""
    article = read(f"Fares frozen\n\n{line}\n\nThe trust will not raise fares.\n\nIt said so.")
    assert (article.authors, article.source) == (authors, source)
    assert outline(article)[1][0] == "byline"


@pytest.mark.parametrize(
    "line",
    [
        "By early 2005 the net could have two new domain names.",
        "By declaring their assets they would gain.",
        "By the end",
    ],
)
def test_a_sentence_with_by_is_not_a_byline(line: str) -> None:
    """A paragraph that begins with "By" stays in the report."""
    article = read(f"Fares frozen\n\n{line}\n\nThe trust will not raise fares.")
    assert (outline(article)[1], article.authors) == (("body", line[:28]), ())


@pytest.mark.parametrize(
    ("lead", "place", "source"),
    [
        ("VENNICK: Fares are frozen.", "VENNICK", None),
        ("MARL BAY — Fares are frozen.", "MARL BAY", None),
        ("VENNICK, March 14 (Northmark) - Fares are frozen.", "VENNICK", "Northmark"),
        ("Paris (AFP) – Fares are frozen.", "Paris", "AFP"),
        ("Fares: they are frozen.", None, None),
        ("EXCLUSIVE: Fares are frozen.", None, None),
        ("Hodgson - now in charge - was there.", None, None),
    ],
)
def test_datelines(lead: str, place: str | None, source: str | None) -> None:
    """The place is stored as written and stays in the paragraph."""
    article = read(f"Fares frozen\n\n{lead}\n\nThe trust said so.")
    assert (article.place, article.source) == (place, source)
    assert outline(article)[1] == ("body", lead[:28])


@pytest.mark.parametrize(
    ("line", "tags"),
    [
        ("Tags: ferry, marl bay; money", ("ferry", "marl bay", "money")),
        ("crimeCannabispolice", ("crime", "Cannabis", "police")),
        ("crimehuman traffickingpolice", ("crime", "human trafficking", "police")),
        ("scienceseaenvironment", ("science", "sea", "environment")),
        ("crimevennickferry", ("crime", "vennick", "ferry")),
        ("qwertyuiop", ("qwertyuiop",)),
    ],
)
def test_tag_lines(line: str, tags: tuple[str, ...]) -> None:
    """Tags are split by commas, capitals, common tags and the words of the article itself."""
    article = read(f"Fares frozen\n\nThe lead stands here.\n\n{line}\nBy Jane Doe\n\nIn Vennick.")
    assert (article.tags, outline(article)[2][0]) == (tags, "boilerplate")


@pytest.mark.parametrize("line", ["beat", "Postscript", "nobody", "Kittiwake Provider"])
def test_a_single_word_is_not_a_tag_line(line: str) -> None:
    """A single word in the report stays in the report."""
    article = read(f"Fares frozen\n\nThe lead stands here.\n\n{line}\n\nIn Vennick.")
    assert (article.tags, outline(article)[2][0]) == ((), "body")


@pytest.mark.parametrize(
    ("paragraph", "role"),
    [
        ("Pol Gen Someone. Photo: Bangkok Post", "caption"),
        ("The quay at dawn. Image: A. N. Other / file", "caption"),
        ("The quay at dawn (Photo by Jane Doe/AFP)", "caption"),
        ("Caption: The quay at dawn", "caption"),
        ("Correction: The fare is £5, not £6.", "correction"),
        ("Clarification: The fare is £5.", "correction"),
        ("This article was amended on 5 June 2024.", "correction"),
        ("Advertisement", "boilerplate"),
        ("* * *", "boilerplate"),
        ("© 2024 The Daily Echo. All rights reserved.", "boilerplate"),
        ("(Reporting by Jane Doe; editing by John Roe)", "byline"),
        ("Updated: 5 June 2024", "byline"),
        ("“It is done,” said Ms Tait.", "body"),
        ("Photo shows: the minister said a photo by his side proved it. He left.", "body"),
        ("14 March 2024", "body"),
        ("Source: Nielsen", "body"),
        ("Subscribe was what they had to do.", "body"),
        ("Cookies recalled over glass fears", "body"),
    ],
)
def test_roles_inside_the_report(paragraph: str, role: str) -> None:
    """Below the head, all lines are body except labelled ones."""
    article = read(f"Fares frozen\n\nOne stands here.\n\nTwo does.\n\n{paragraph}\n\nLast one.")
    assert outline(article)[3] == (role, paragraph[:28])


def test_a_modified_date_does_not_become_the_published_date() -> None:
    """With an "Updated" line alone, the date of publication is unknown."""
    article = read("Fares frozen\n\nUpdated: 5 June 2024\n\nThe trust said so.")
    assert (article.published, article.modified) == (None, date(2024, 6, 5))


def test_a_section_above_the_headline() -> None:
    """A section is known only if the page names it."""
    article = read("Business\nFares frozen until spring\n\nThe trust said so.")
    assert (article.title, article.section) == ("Fares frozen until spring", "Business")


def test_a_byline_at_the_foot_makes_no_standfirst() -> None:
    """The paragraphs of a brief with byline and tags at its end are body."""
    article = read("Fares frozen\n\nThe trust said so.\n\nBy Jane Doe\n\nTags: ferry, money")
    assert [role for role, _ in outline(article)] == ["headline", "body", "byline", "boilerplate"]
    assert (article.authors, article.tags) == (("Jane Doe",), ("ferry", "money"))


def test_comments_under_a_heading_have_looser_headers() -> None:
    """Everything below "3 comments" is comments, whatever the style of the headers."""
    article = read(
        "Fares frozen\n\nThe trust said so.\n\n2 comments\n\nJill, 14 March 2024 at 10:30\n\n"
        "First!\n\nReply\n\nPosted by Jack on 15 March 2024 11:02\n\nSecond."
    )
    comments = [b for b in article.blocks if b.role == "comment"]
    assert [(b.author, b.time, strip_markup(article, b)) for b in comments] == [
        ("Jill", datetime.fromisoformat("2024-03-14T10:30"), "First!"),
        ("Jack", datetime.fromisoformat("2024-03-15T11:02"), "Second."),
    ]


@pytest.mark.parametrize("byline", ["By Jo Bloggs", "Jo Bloggs | 5 March 2024"])
@pytest.mark.parametrize("name", ["Jo Bloggs", "JO BLOGGS", "Jo Bloggs in Vennick"])
def test_an_entry_by_the_author_does_not_begin_the_comments(byline: str, name: str) -> None:
    """Entries of a live blog stay in the report until a reader's header."""
    article = read(
        f"Storm live\n\n{byline}\n\nIt is here.\n\n{name} | 5 March 2024 - 19:05\n\nThe quay is"
        " shut.\n\nGull | 5 March 2024 - 19:30\n\nStay in!\n\nJo Bloggs | 5 March 2024 - 19:40\n\n"
        "I will."
    )
    assert [b.role.value for b in article.blocks] == (
        ["headline", "byline", "body", "byline", "body"] + ["boilerplate", "comment"] * 2
    )
    assert article.authors == ("Jo Bloggs",)
    assert [b.author for b in article.blocks if b.role == "comment"] == ["Gull", "Jo Bloggs"]


def test_a_reader_cannot_sign_as_author_from_below() -> None:
    """The line "By Gull" among the comments does not end them."""
    article = read(
        "Storm live\n\nBy Jo Bloggs\n\nIt is here.\n\nThe quay is shut.\n\n"
        "Gull | 5 March 2024 - 19:30\n\nBy Gull\n\nStay in!"
    )
    assert outline(article)[4:] == [
        ("boilerplate", "Gull | 5 March 2024 - 19:30"),
        ("comment", "By Gull"),
        ("comment", "Stay in!"),
    ]


@pytest.mark.parametrize("heading", ["", "2 comments\n\n"])
@pytest.mark.parametrize("line", ["Related articles", "Copyright 2024 Post", "* * *"])
def test_boilerplate_below_comments_has_no_author(heading: str, line: str) -> None:
    """Lines at the foot of a page are boilerplate, and a comment continues around them."""
    article = read(
        f"Fares frozen\n\nThe trust said so.\n\nIt did.\n\n{heading}"
        f"Gull | 5 March 2024 - 19:30\n\nFirst!\n\n{line}\n\nAnd last."
    )
    assert [(b.role.value, b.author, strip_markup(article, b)) for b in article.blocks[-3:]] == [
        ("comment", "Gull", "First!"),
        ("boilerplate", None, line),
        ("comment", "Gull", "And last."),
    ]


HARD_WRAPPED = (
    "Council agrees budget for a library\n\n"
    "The council has agreed a budget of four million pounds for the library\n"
    "that is to stand on the old fish dock, after a debate which went on to\n"
    "31 May 2023\n"
    "and beyond. Some of them were still asleep when the vote was called by\n"
    "the mayor.\n"
    "   Building starts in June. The roof, which will be of slate cut at the\n"
    "quarry above Lask, is the dearest part of it and the last to arrive.\n"
)


def test_hard_wrapped_lines_are_joined() -> None:
    """A full line continues in the next; an indented line begins a paragraph."""
    article = read(HARD_WRAPPED)
    assert outline(article) == [
        ("headline", "Council agrees budget for a "),
        ("body", "The council has agreed a bud"),
        ("body", "and beyond. Some of them wer"),
        ("body", "Building starts in June. The"),
    ]
    assert article.published is None


def test_long_lines_are_paragraphs() -> None:
    """Without blank lines and wrapping, every line is a paragraph."""
    article = read("Fares frozen\n" + ("The trust said so. " * 9 + "\n") * 3)
    assert [role for role, _ in outline(article)] == ["headline", "body", "body", "body"]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r", "\u2028"])
def test_line_endings(ending: str) -> None:
    """Every line ending separates paragraphs and is stored unchanged."""
    text = f"Fares frozen{ending}{ending}The trust said so.{ending}{ending}It did."
    article = read(text)
    assert (len(article.blocks), article.text) == (3, text)


LINES = st.sampled_from(
    [
        " date 2023-05-31 An advertiser, Phuket",
        "Fares frozen until spring",
        "VENNICK: The trust said so on Monday.",
        "crimeCannabispolice",
        "By Jane Doe and John Roe",
        "Wednesday 31 May 2023, 09:49AM",
        "Updated: 1 June 2023",
        "The quay. Photo: Jane Doe",
        "Correction: It was £5.",
        "Comments",
        "Kurt | 31 May 2023 - 10:10:31 ",
        "Jane Doe | 31 May 2023 - 10:10:31 ",
        "Section: Business",
        "=====",
        "Subscribe | Sign in",
        "\u00a0",
        "",
        "A body paragraph that is long enough to be wrapped by someone at about 70",
        "characters, and that goes on in the next line as such paragraphs will do.",
    ]
)
HOSTILE = st.text(
    st.characters(codec="utf-8")
    | st.sampled_from("\0\r\n\t\x0b\x0c\x1c\x1f\x85\u2028\u2029\u0301\u202e\u200d\ufeff👩🏽ا |:.-")
)


@given(HOSTILE)
def test_any_text_is_covered_by_its_blocks(text: str) -> None:
    """Any text is stored unchanged, and every word has a role."""
    if not text or text.isspace():
        return
    article = read(text)
    assert article.text == text
    assert_covered(article)


@given(st.lists(LINES | HOSTILE, min_size=1, max_size=30), st.sampled_from(["\n", "\n\n", "\r\n"]))
def test_any_order_of_elements_is_covered_by_its_blocks(lines: list[str], gap: str) -> None:
    """In any order of elements, no word is lost, and no comment enters the report."""
    text = gap.join(lines)
    if not text or text.isspace():
        return
    article = read(text)
    assert_covered(article)
    roles = [b.role.value for b in article.blocks]
    if "comment" in roles:
        assert set(roles[roles.index("comment") :]) <= {"comment", "boilerplate"}


@pytest.mark.parametrize("unit", ["word and ", "a", " ", '"Photo: ', "By A ", "a | b", "=", "A."])
def test_a_huge_line_is_parsed_in_linear_time(unit: str) -> None:
    """5 MB on one line that provokes backtracking take less than a second."""
    text = "x" + unit * (5_000_000 // len(unit)) + "y"
    started = time.perf_counter()
    article = read(text)
    assert time.perf_counter() - started < 1
    assert [(b.start, b.end) for b in article.blocks] == [(0, len(text))]


def test_the_sample_corpus_is_parsed_without_errors() -> None:
    """Every sample article has a headline, an author, a date and a report."""
    if not CORPUS.is_dir():
        pytest.skip("there is no sample corpus in this checkout")
    for id in find_files(CORPUS).articles:
        article = read_articles(CORPUS / id, id=id)[0]
        roles = [b.role.value for b in article.blocks]
        assert (id, roles.count("headline")) == (id, 1)
        assert (id, roles.count("standfirst")) == (id, 1)
        assert (id, roles.count("caption")) in ((id, 0), (id, 1))
        assert (id, roles.count("body") > 3) == (id, True)
        assert (id, bool(article.authors), article.published is None) == (id, True, False)
        assert_covered(article)
