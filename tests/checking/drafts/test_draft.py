"""Drafts with block quotes, with marks that are not closed, and in HTML."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path

import pytest
from typer.testing import CliRunner

import pullquote
from conftest import Newsroom
from pullquote.cli.commands import app
from pullquote.newsroom.checking.quotations import attribution_line, draft_of, unwrapped

SLIPWAY = "Nobody told the islanders about the slipway."
GRAVEL = "We surveyed the bed in 2019 and again in 2022, and both times we were told it was gravel"


@pytest.mark.parametrize(
    ("draft", "speaker"),
    [
        ("As Ewan Sproat put it:\n\n> {}", "Ewan Sproat"),
        ("Ewan Sproat said:\n> {}", "Ewan Sproat"),
        ("Ewan Sproat was cross. He wrote:\n\n> {}\n\nThat was all.", "Ewan Sproat"),
        ("In the words of **Ewan Sproat**:\n\n> {}", "Ewan Sproat"),
        ("There was anger.\n\n> {}\n> — Ewan Sproat, fiddler", "Ewan Sproat"),
        ("There was anger.\n\n> {}\n>\n> — Ewan Sproat", "Ewan Sproat"),
        ("There was anger.\n\n> {}\n\n– Ewan Sproat", "Ewan Sproat"),
        ("The report found:\n\n> {}", None),
        ("Ewan Sproat was there.\n\n> {}", None),
    ],
)
def test_a_block_quote_has_the_speaker_that_stands_beside_it(
    archive: Newsroom, draft: str, speaker: str | None
) -> None:
    """The sentence before it or the line after it names the speaker."""
    [one] = pullquote.check(draft.format(SLIPWAY), archive.index.path).quotes
    assert (one.quote, one.verdict, one.speaker) == (SLIPWAY, "exact", speaker)


def test_a_block_quote_of_another_speaker_is_misattributed(archive: Newsroom) -> None:
    """It is compared like any other quotation."""
    draft = f"Rosalind Achterberg said:\n\n> {SLIPWAY}"
    [one] = pullquote.check(draft, archive.index.path).quotes
    assert (one.verdict, one.said_by) == ("misattributed", "Ewan Sproat")


@pytest.mark.parametrize("line", ["— it was gravel", "Ida Roe", "- 5 June", "— The jetty is oak"])
def test_other_lines_name_nobody(line: str) -> None:
    """Only a dash and a name say whose words the block quote has."""
    assert attribution_line(line) is None


def test_a_mark_that_is_not_closed_is_named_with_its_place(archive: Newsroom) -> None:
    """The words are checked as far as the article's own quotation goes."""
    draft = f"A word.\n\n“{GRAVEL}, said Rosalind Achterberg. She left.\n\nNext."
    [one] = pullquote.check(draft, archive.index.path).quotes
    assert (one.verdict, one.speaker) == ("exact", "Rosalind Achterberg")
    assert one.unclosed_at == draft.index("“")
    assert one.quote == draft[one.draft_start : one.draft_end] == f"{GRAVEL},"
    assert "in line 3 of the draft, is not closed" in one.warnings[0]


@pytest.mark.parametrize("mark", ["“", '"'])
def test_the_next_quotation_ends_one_that_is_not_closed(archive: Newsroom, mark: str) -> None:
    """A changed word is found in it, and the quotation after it is checked as usual."""
    end = {"“": "”", '"': '"'}[mark]
    changed = GRAVEL.replace("2019", "2018")
    draft = f"{mark}{changed}, she said. {mark}{SLIPWAY}{end} Ewan Sproat said."
    one, other = pullquote.check(draft, archive.index.path).quotes
    assert (one.verdict, one.unclosed_at) == ("altered", 0)
    assert one.quote == f"{changed},"
    assert [(each.quote, each.article) for each in one.differences] == [("2018", "2019")]
    assert (other.verdict, other.unclosed_at) == ("exact", None)


def test_a_closed_mark_is_not_named(archive: Newsroom) -> None:
    """Quotations over paragraphs, and signs that are no quote marks, are as before."""
    draft = f'“{SLIPWAY}\n\n“He plays the fiddle.” A 12" pipe and the ’90s, and a “word.'
    found = pullquote.check(draft, archive.index.path).quotes
    assert [one.unclosed_at for one in found] == [None]


@pytest.mark.parametrize(
    "quoted",
    [
        "<p>Ewan Sproat said: <q>{}</q></p>",
        "<p>Ewan Sproat said:</p><blockquote cite='https://example.org/a'>{}</blockquote>",
        "<p>So:</p><figure><blockquote><p>{}</p></blockquote><figcaption>Ewan Sproat, fiddler"
        "</figcaption></figure>",
    ],
)
def test_quotations_of_html_are_checked(archive: Newsroom, tmp_path: Path, quoted: str) -> None:
    """Elements that mark a quotation count as quote marks do."""
    draft = tmp_path / "draft.html"
    page = f"<h1>Draft</h1>{quoted.format(SLIPWAY)}<p>Nothing else was said about it.</p>"
    draft.write_text(f"<html><body>{page}</body></html>", "utf-8")
    result = CliRunner().invoke(
        app, ["check", str(draft), "--json", "--index", str(archive.index.path)]
    )
    [one] = json.loads(result.output)["quotes"]
    assert (one["quote"], one["verdict"], one["speaker"]) == (SLIPWAY, "exact", "Ewan Sproat")


@pytest.mark.parametrize("width", [34, 50, 72])
def test_wrapped_lines_do_not_hide_the_speaker(archive: Newsroom, width: int) -> None:
    """Lines broken at a width, as in emails, change no speaker, whatever the width."""
    draft = (
        f"The islanders met in the hall last night. “{SLIPWAY}” said Ewan Sproat, who plays the "
        "fiddle. They meet again in May, when the council has decided about the slipway and the "
        f"levy. “{GRAVEL},” Rosalind Achterberg told them."
    )
    wrapped = "\n".join(textwrap.wrap(draft, width))
    speakers = [one.speaker for one in pullquote.check(wrapped, archive.index.path).quotes]
    assert speakers == ["Ewan Sproat", "Rosalind Achterberg"]


@pytest.mark.parametrize(
    "text",
    [
        "“We left,” said Ida Roe.\n“We stayed,” said Bo Lund.\n– Ann Fell",
        "“We cannot pay for the bridge at all”\n– Anna Smith\n“Nobody asked us”\n– Bob Jones",
        "Anna Smith, the mayor: “We will rebuild”\nBob Jones: “We cannot pay”\nCarla: “No”",
        "Harbour plan divides island, says Anna Smith\n“We cannot pay”, a man wrote.",
        "Bridge closes\nit says on Monday that the bridge is\r\nclosed.",
    ],
)
def test_lines_that_end_on_purpose_are_not_joined(text: str) -> None:
    """A list of quotations, a dialogue, a headline: the names of one line are not of the next."""
    assert unwrapped(draft_of(text)).text == text


def test_the_positions_of_a_wrapped_draft_stay() -> None:
    """A line end of two characters becomes two spaces."""
    text = "The council said that the bridge is\r\nclosed, and that it will open again in\nMay."
    assert unwrapped(draft_of(text)).text == text.replace("\r\n", "  ").replace("\n", " ")
