"""The report on a draft as a page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import html
from typer.testing import CliRunner

import pullquote
from conftest import Newsroom
from pullquote.cli.commands import app
from pullquote.newsroom.checking.quotations import draft_of
from pullquote.newsroom.checking.report_view import report_html, report_view
from pullquote.schema.quote_check import CheckedDraft, CheckedQuote, QuoteDifference, QuoteVerdict
from talk import citation

DRAFT = (
    "“Nobody told the islanders about the slipway,” Ewan Sproat said. Traders fear “that visitors "
    "will stay away from the old harbour”."
)


def report_of(text: str, archive: Newsroom, *, chat: str | None = None) -> str:
    """The page for a draft."""
    report = pullquote.check(text, archive.index.path)
    return report_html(report_view([(draft_of(text), report)], name="story.md", chat=chat))


def test_the_draft_is_shown_with_its_quotations_marked(archive: Newsroom) -> None:
    """Beside each stands its verdict as a word, with a link to what was found."""
    page = html.fromstring(report_of(DRAFT, archive))
    [draft] = page.xpath("//div[@class='pq-draft']")
    marks = [(one.text, one.get("class")) for one in draft.iter("mark")]
    assert marks == [
        ("Nobody told the islanders about the slipway,", "pq-quoted pq-exact"),
        ("that visitors will stay away from the old harbour", "pq-quoted pq-altered"),
    ]
    links = [(one.text_content(), one.get("href")) for one in draft.iter("a")]
    assert links == [("1\xa0exact", "#quotation-1"), ("2\xa0altered", "#quotation-2")]
    for link in draft.findall(".//a"):
        link.drop_tree()
    assert draft.text_content() == DRAFT


def test_a_quotation_inside_another_is_marked_as_its_own(archive: Newsroom) -> None:
    """The inner one ends first."""
    page = html.fromstring(report_of("He said “I was told ‘it was gravel’ twice” to us.", archive))
    marks = [(one.text, one.getnext().text) for one in page.iter("mark")]
    assert marks[1] == ("it was gravel", "2\xa0exact")
    assert [one.text for one in page.xpath("//div/p/a")] == ["2\xa0exact", "1\xa0absent"]


def test_permanent_links_lead_to_the_chat_that_was_named(archive: Newsroom) -> None:
    """Without its address there are none."""
    text = "“it was gravel”"
    [link] = html.fromstring(report_of(text, archive, chat="https://a.example/")).xpath(
        "//a[@class='pq-permanent']/@href"
    )
    assert link.startswith("https://a.example/?article=ferry.md&start=")
    assert 'pq-permanent"' not in report_of(text, archive)


def test_the_page_marks_the_words_that_differ(archive: Newsroom) -> None:
    """Each quotation has its verdict, and the words of the draft and the article."""
    page = html.fromstring(report_of(DRAFT, archive))
    headings = [one.text_content() for one in page.findall(".//h3")]
    assert headings == ["exact as said by Ewan Sproat", "altered"]
    [quote] = page.xpath("//li[@id='quotation-2']/blockquote")
    assert quote.text_content() == "that visitors will may stay away from the old harbour"
    assert [(one.tag, one.text) for one in quote] == [("del", "will"), ("ins", "may")]
    assert "2 quotations: 1 exact, 1 altered" in page.text_content()
    assert "Ferry terminal delayed" in page.text_content()


def test_hostile_words_are_text() -> None:
    """Tags in a draft or an article are shown, and no address but a web address is a link."""
    evil = "<script>alert(1)</script>"
    hostile = citation(evil, article=evil, title=evil, url="javascript:alert(1)")
    checked = CheckedQuote(
        quote=evil,
        verdict=QuoteVerdict.ALTERED,
        similarity=0.9,
        speaker=evil,
        warnings=(evil,),
        differences=(QuoteDifference(quote=evil, article=evil),),
        citation=hostile,
    )
    draft = draft_of(f"“{evil}”")
    checked = checked.model_copy(update={"draft_start": 1, "draft_end": 1 + len(evil)})
    page = report_html(report_view([(draft, CheckedDraft(quotes=(checked,)))], name=evil))
    assert "<script" not in page
    assert "javascript:" not in page
    assert page.count("&lt;script&gt;") >= 8


def test_the_command_writes_the_page(archive: Newsroom, tmp_path: Path) -> None:
    """The report in the terminal and the exit status stay the same."""
    (tmp_path / "story.txt").write_text(DRAFT, encoding="utf-8")
    out = tmp_path / "report.html"
    draft = str(tmp_path / "story.txt")
    done = CliRunner().invoke(
        app, ["check", draft, "--html", str(out), "--index", str(archive.index.path)]
    )
    assert done.exit_code == 3
    assert "2 quotations: 1 exact, 1 altered" in done.output
    page = out.read_text(encoding="utf-8")
    assert "<title>Quotations of story.txt</title>" in page
    assert not re.search(r"https?:|url\(|@import|<link|<img", page)


@pytest.mark.parametrize(
    "given", [["draft.txt", "--html", "."], ["--quotes", "q.jsonl", "--json", "--html", "a.html"]]
)
def test_a_page_that_cannot_be_written_is_an_error(archive: Newsroom, given: list[str]) -> None:
    """Nothing is removed, and nothing is checked first."""
    done = CliRunner().invoke(app, ["check", *given, "--index", str(archive.index.path)])
    assert done.exit_code == 1
