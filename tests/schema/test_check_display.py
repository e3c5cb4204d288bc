"""Values, checked drafts and verified citations are one line, and readable in a notebook."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from markupsafe import escape

from planted import HARBOUR, citation
from pullquote.schema import (
    CitationState,
    ReportedValue,
    ValueStatus,
    Verification,
    VerifiedCitation,
    WordDifference,
)
from pullquote.schema.quote_check import (
    CheckedDraft,
    CheckedQuote,
    DraftQuestion,
    DraftQuestionKind,
    QuoteDifference,
    QuoteOmission,
    QuoteVerdict,
)
from strategies import hostile_texts

CITED = citation("harbour.txt", HARBOUR, "Ida Roe")


def value(text: str = "Ida Roe") -> ReportedValue:
    """A value from the article about the harbour."""
    day = date(2024, 3, 9)
    return ReportedValue(
        text=text,
        status=ValueStatus.DISPUTED,
        first_reported=day,
        last_reported=day,
        sources=1,
        citations=(CITED,),
    )


def quote(text: str = "Ida Row", **facts: object) -> CheckedQuote:
    """A quotation that the article about the harbour has in other words."""
    known = {
        "quote": text,
        "verdict": QuoteVerdict.ALTERED,
        "similarity": 0.5,
        "differences": (QuoteDifference(quote=text, article="Roe"),),
        "omitted": (QuoteOmission(mark="…", text=text, start=0, end=9),),
        "warnings": (text,),
        "speaker": text,
        "citation": CITED,
    }
    return CheckedQuote.model_validate({**known, **facts})


def question(text: str = "1912") -> DraftQuestion:
    """A question about the year in a draft."""
    return DraftQuestion(
        kind=DraftQuestionKind.DATE,
        sentence=f"It opened in {text}.",
        words=text,
        draft_start=13,
        draft_end=17,
        article_words="1911",
        citation=CITED,
    )


def verified(text: str = "Ida Row") -> Verification:
    """A citation whose words have changed."""
    one = VerifiedCitation(
        where="line 1",
        article="harbour.txt",
        title=text,
        quote=text,
        state=CitationState.CHANGED,
        reason=text,
        differences=(WordDifference(kind="removed", text=text),),
    )
    return Verification(faults=(text,), citations=(one,))


def test_values_and_checked_drafts_are_one_line() -> None:
    """No article or citation is printed in full."""
    assert repr(value()) == "ReportedValue('Ida Roe', disputed, 2024-03-09, 1 source)"
    draft = CheckedDraft(quotes=(quote(),), questions=(question(),))
    assert repr(draft) == "CheckedDraft(1 quotation: 1 altered; 1 question)"
    assert str(CheckedDraft(quotes=())) == "CheckedDraft(No quotations; 0 questions)"


def test_a_notebook_shows_a_value_with_its_status_and_its_words() -> None:
    """The words are marked in their sentence, with the article."""
    html = value()._repr_html_()
    assert "<strong>Ida Roe</strong> · disputed" in html
    assert "<mark>Ida Roe</mark> built it." in html
    assert "<code>harbour.txt</code> 28–35" in html


def test_a_notebook_shows_each_quotation_with_its_verdict_and_what_differs() -> None:
    """The counts stand first; then each verdict, its meaning, its differences and its place."""
    html = CheckedDraft(quotes=(quote(), quote()))._repr_html_()
    parts = [
        "2 quotations: 2 altered",
        ">altered</strong> “Ida Row” as said by Ida Row",
        "An article has nearly these words.",
        "draft: <del>Ida Row</del> · article: <ins>Roe</ins>",
        "… stands for: “Ida Row”",
        "Note: Ida Row",
        "In the archive: “The harbour opened in 1911. <mark>Ida Roe</mark> built it.",
    ]
    assert [html.index(part) for part in parts] == sorted(html.index(part) for part in parts)
    assert html.count("An article has nearly") == 2


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"parts": (CITED, CITED), "verdict": QuoteVerdict.SPLICED}, "Part 2: “"),
        ({"citation": None, "closest": CITED}, "Closest words (50% the same): “"),
        (
            {"also_in": (CITED,), "also_in_count": 2},
            "the same words are in 2 other articles: harbour.txt and more",
        ),
        ({"differences": (QuoteDifference(quote="", article="x"),)}, "left out in the draft"),
        ({"differences": (QuoteDifference(quote="x", article=""),)}, "not in the article"),
    ],
)
def test_a_notebook_shows_every_place_of_a_quotation(facts: dict[str, object], words: str) -> None:
    """Parts, the closest words and other articles with the same words have their lines."""
    assert words in quote(**facts)._repr_html_()


def test_a_notebook_shows_a_question_about_a_draft() -> None:
    """Both words are shown, with the sentence of the draft and that of the archive."""
    html = CheckedDraft(quotes=(), questions=(question(),))._repr_html_()
    assert "No quotations." in html
    assert "Is this date right? “It opened in 1912.”" in html
    assert "draft: <strong>1912</strong> · article: <strong>1911</strong>" in html


def test_a_notebook_shows_what_became_of_citations() -> None:
    """The counts stand first; each citation has its state, and the words that changed."""
    html = verified()._repr_html_()
    assert "<strong>1 changed</strong>" in html
    assert "<strong>changed</strong> “Ida Row” · Ida Row · <code>harbour.txt</code>" in html
    assert "<del>Ida Row</del>" in html


@given(hostile_texts())
def test_a_check_in_a_notebook_is_escaped(text: str) -> None:
    """No text of a draft, an article or a file can add markup."""
    hostile = f"<b>{text}</b>"
    for one in (value(hostile), quote(hostile), question(hostile), verified(hostile)):
        html = one._repr_html_()
        assert str(escape("<b>")) in html
        assert "<b>" not in html
