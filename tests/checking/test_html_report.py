"""The report on a draft as a page."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import html
from typer.testing import CliRunner

import pullquote
from conftest import Newsroom
from pullquote.checking.html_report import report_html
from pullquote.cli.commands import app
from pullquote.schema.quote_check import CheckedQuote, QuoteDifference, QuoteVerdict
from talk import citation

DRAFT = (
    "“Nobody told the islanders about the slipway,” Ewan Sproat said. Traders fear “that visitors "
    "will stay away from the old harbour”."
)


def test_the_page_marks_the_words_that_differ(archive: Newsroom) -> None:
    """Each quotation has its verdict, and the words of the draft and the article."""
    quotes = pullquote.check(DRAFT, archive.index.path).quotes
    page = html.fromstring(report_html(quotes, name="story.md"))
    headings = [one.text_content() for one in page.findall(".//h2")]
    assert headings == ["1. exact, as said by Ewan Sproat", "2. altered"]
    assert [one.text for one in page.iter("del", "ins")] == ["will", "may"]
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
    page = report_html([checked], name=evil)
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
    assert "http" not in page.partition("</style>")[0].replace("http-equiv", "")


@pytest.mark.parametrize(
    "given", [["draft.txt", "--html", "."], ["--quotes", "q.jsonl", "--json", "--html", "a.html"]]
)
def test_a_page_that_cannot_be_written_is_an_error(archive: Newsroom, given: list[str]) -> None:
    """Nothing is removed, and nothing is checked first."""
    done = CliRunner().invoke(app, ["check", *given, "--index", str(archive.index.path)])
    assert done.exit_code == 1
