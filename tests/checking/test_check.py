"""Drafts and lists of quotations, from Python and from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import pullquote
from conftest import Newsroom
from pullquote.cli.commands import app
from pullquote.conversation.citations import place_link
from pullquote.newsroom.checking.check import MOST_CHARACTERS
from pullquote.schema.errors import SettingsError
from pullquote.schema.quote_check import QuoteVerdict
from pullquote.web.requests import CitedSpan
from pullquote.web.views.permalinks import Link, permanent_link

HONEST = "“Nobody told the islanders about the slipway,” Ewan Sproat said."
SWAPPED = "“Nobody told the islanders about the slipway,” Rosalind Achterberg said."
FALSE = "Traders fear, the paper wrote, “that visitors will stay away from the old harbour”."


def run(archive: Newsroom, *arguments: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(
        app, ["check", *arguments, "--index", str(archive.index.path)], input=typed
    )


def test_a_draft_is_checked_from_python(archive: Newsroom) -> None:
    """Each quotation has its verdict, its place and the words in the draft."""
    report = pullquote.check(f"{HONEST}\n\n{FALSE}", archive.index.path)
    honest, false = report.quotes
    assert (honest.verdict, honest.article, honest.speaker) == ("exact", "ferry.md", "Ewan Sproat")
    assert (false.verdict, false.article) == ("altered", "levy.md")
    assert [(one.quote, one.article) for one in false.differences] == [("will", "may")]
    assert not report.all_exact


def test_a_quotation_has_a_citation_and_a_permanent_link(archive: Newsroom) -> None:
    """The link is that of the chat."""
    [one] = pullquote.check(HONEST, archive.index.path).quotes
    assert one.citation is not None
    assert one.citation.quote == "Nobody told the islanders about the slipway"
    assert one.citation.source == "Harbour Post"
    cited = one.citation
    span = CitedSpan(article=cited.article, start=cited.start, end=cited.end, version=cited.version)
    assert one.place == place_link(cited) == permanent_link(Link(span))


def test_a_swapped_speaker_is_misattributed(archive: Newsroom) -> None:
    """The article gives the words to somebody else."""
    [one] = pullquote.check(SWAPPED, archive.index.path).quotes
    assert one.verdict is QuoteVerdict.MISATTRIBUTED
    assert (one.speaker, one.said_by) == ("Rosalind Achterberg", "Ewan Sproat")


def test_a_draft_without_quotations_is_exact(archive: Newsroom) -> None:
    """There is nothing to object to."""
    assert pullquote.check("No quotations here.", archive.index.path).all_exact


def test_a_book_is_refused(archive: Newsroom) -> None:
    """A draft has a greatest length, which the error names."""
    with pytest.raises(SettingsError, match="2,000,000"):
        pullquote.check("a" * (MOST_CHARACTERS + 1), archive.index.path)


@pytest.mark.parametrize("draft", ["“" * 90_000, "«a ‘b ‹c " * 15_000])
def test_a_hostile_draft_ends(archive: Newsroom, draft: str) -> None:
    """Marks that never end hold no quotations."""
    assert pullquote.check(draft, archive.index.path).quotes == ()


def test_too_many_quotations_are_refused(archive: Newsroom) -> None:
    """The error names the limit."""
    with pytest.raises(SettingsError, match="at most 2,000"):
        pullquote.check("> “a”\n\n" * 3_000, archive.index.path)


def test_the_exit_status_says_whether_all_are_exact(archive: Newsroom, tmp_path: Path) -> None:
    """0 if all are exact, 3 if not, so that a build can stop there."""
    draft = tmp_path / "draft.txt"
    draft.write_text(HONEST, "utf-8")
    assert run(archive, str(draft)).exit_code == 0
    draft.write_text(f"{HONEST}\n\n{FALSE}", "utf-8")
    result = run(archive, str(draft))
    assert result.exit_code == 3
    assert "draft: “will” · article: “may”" in result.output
    assert "2 quotations: 1 exact, 1 altered" in result.output


def test_the_file_of_a_report_is_named(archive: Newsroom, tmp_path: Path) -> None:
    """So one need not look for it; JSON stays JSON."""
    draft, page = tmp_path / "draft.txt", tmp_path / "report.html"
    draft.write_text(HONEST, "utf-8")
    assert f"The report is in {page}." in run(archive, str(draft), "--html", str(page)).output
    json.loads(run(archive, str(draft), "--html", str(page), "--json").stdout)


def test_block_quotes_of_html_are_checked(archive: Newsroom, tmp_path: Path) -> None:
    """A draft may be a file of any format that can be indexed."""
    draft = tmp_path / "draft.html"
    draft.write_text(
        "<html><body><h1>Draft</h1><p>As the paper reported on Monday:</p>"
        "<blockquote><p>The council agreed a parking levy on the seafront.</p></blockquote>"
        "<p>Nothing else was said about it.</p></body></html>",
        "utf-8",
    )
    found = json.loads(run(archive, str(draft), "--json").output)["quotes"]
    assert [(one["verdict"], one["article"]) for one in found] == [("exact", "levy.md")]


def test_standard_input_is_a_draft(archive: Newsroom) -> None:
    """What another program prints can be checked."""
    assert run(archive, "-", typed=HONEST).exit_code == 0


def test_a_list_of_quotations_is_checked_line_by_line(archive: Newsroom, tmp_path: Path) -> None:
    """Each line has the verdict of its quotation."""
    file = tmp_path / "quotes.jsonl"
    quote = "The council agreed a parking levy"
    lines = [
        {"id": "a", "quote": quote, "article": None, "speaker": None},
        {"id": "b", "quote": quote, "article": "ferry.md", "speaker": None},
        {"id": "c", "quote": "nothing of this kind was ever printed anywhere"},
    ]
    file.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    result = run(archive, "--quotes", str(file), "--json")
    found = [json.loads(line) for line in result.output.splitlines()]
    assert result.exit_code == 3
    assert [(one["id"], one["verdict"], one["article"]) for one in found] == [
        ("a", "exact", "levy.md"),
        ("b", "misattributed", "levy.md"),
        ("c", "absent", None),
    ]
    assert list(found[0]) == [
        *("id", "verdict", "article", "start", "end", "differences", "omitted", "warnings")
    ]


@pytest.mark.parametrize("line", ["{", '{"id": "1"}', '{"id": "1", "quote": 5}', "[]"])
def test_a_line_that_is_no_quotation_is_named(archive: Newsroom, line: str) -> None:
    """The error says which line is wrong."""
    result = run(archive, "--quotes", "-", "--json", typed=line)
    assert isinstance(result.exception, SettingsError)
    assert "line 1" in str(result.exception)


def test_half_a_character_is_no_letter_of_the_archive(archive: Newsroom) -> None:
    """A lone surrogate, which JSON can write, makes a quotation altered, and no error."""
    quote = "The council agreed a \ud800parking levy"
    result = run(archive, "--quotes", "-", "--json", typed=json.dumps({"id": 1, "quote": quote}))
    assert json.loads(result.output)["verdict"] == "altered"
    [checked] = pullquote.check(f"“{quote}”", archive.index.path).quotes
    assert checked.verdict == "altered"


def test_an_empty_claim_claims_nothing(archive: Newsroom) -> None:
    """White space names neither an article nor a speaker."""
    claim = {"id": 1, "quote": "The council agreed a parking levy", "article": "", "speaker": " "}
    result = run(archive, "--quotes", "-", "--json", typed=json.dumps(claim))
    found = json.loads(result.output)
    assert (found["verdict"], found["warnings"]) == ("exact", [])
