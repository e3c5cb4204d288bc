"""The Check page's HTML, without a server and without a browser."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from pullquote.newsroom.checking.quotations import draft_of, quotations_of
from pullquote.schema import Article, well_formed
from pullquote.schema.quote_check import (
    CheckedDraft,
    CheckedQuote,
    DraftQuestion,
    QuoteDifference,
    QuoteOmission,
    QuoteVerdict,
)
from pullquote.web.check.document import CheckContent, CheckedResult, check_html
from pullquote.web.check.intake import too_large
from pullquote.web.views.unready import RebuildProgress, RebuildStatus, Unready
from web.speakers.test_speaker_pages import read, shown
from web.views.test_views import ANY_TEXT, citation

DRAFT = "“It was sand,” said Ida Roe. He wrote “I was told ‘it was oak’ twice”.\n\n> It is long."


def checked(draft: Article, *verdicts: QuoteVerdict, **facts: object) -> list[CheckedQuote]:
    """The quotations of a draft with these verdicts in turn, exact once there are no more."""
    given = iter(verdicts)
    return [
        CheckedQuote.model_validate(
            {
                "quote": one.text,
                "verdict": next(given, QuoteVerdict.EXACT),
                "similarity": 1.0,
                "draft_start": one.start,
                "draft_end": one.end,
                **facts,
            }
        )
        for one in quotations_of(draft)
    ]


def page_of(text: str, *verdicts: QuoteVerdict, name: str = "", **facts: object) -> str:
    """The page for a checked draft."""
    draft = draft_of(text)
    found = CheckedDraft(quotes=tuple(checked(draft, *verdicts, **facts)))
    result = CheckedResult(draft, found, name, articles=30)
    return check_html(CheckContent(text=text, result=result))


def order_of_findings(html: str) -> list[int]:
    """The numbers of the findings, from the top."""
    return [int(number) for number in re.findall(r'id="finding-(\d+)"', html)]


def test_the_empty_page_names_its_limits_and_what_becomes_of_a_draft() -> None:
    """The form has a text, a file and a button; it says what is allowed, and that nothing stays."""
    html = check_html(CheckContent())
    text = shown(html)
    assert "Up to 100,000 characters with 200 quotations; files up to 10 MB." in text
    assert "Your draft is not kept." in text
    assert 'action="check" method="post" enctype="multipart/form-data"' in html
    assert ".docx" in html
    assert ".zip" not in html


def test_the_counts_come_first_and_what_needs_work_before_the_rest() -> None:
    """A finding without a fault stands after those that need to be corrected."""
    altered, absent = QuoteVerdict.ALTERED, QuoteVerdict.ABSENT
    html = page_of(DRAFT, QuoteVerdict.EXACT, altered, QuoteVerdict.EXACT, absent)
    assert "4 quotations: 2 exact, 1 altered, 1 absent" in shown(html)
    assert order_of_findings(html) == [2, 4, 1, 3]
    assert html.index("4 quotations:") < html.index("To correct") < html.index(">Exact <")


def test_exact_words_with_a_note_stand_before_the_others() -> None:
    """A warning is something to look at, although the words are exact."""
    draft = draft_of("“One is here” and “two are there”.")
    plain, warned = checked(draft)
    quotes = [plain, warned.model_copy(update={"warnings": ("the ellipsis leaves out “not”",)})]
    html = check_html(
        CheckContent(result=CheckedResult(draft, CheckedDraft(quotes=tuple(quotes)), "", 1))
    )
    assert order_of_findings(html) == [2, 1]
    assert "Note: the ellipsis leaves out “not”" in shown(html)


def test_a_mark_leads_to_its_finding_and_a_finding_to_its_mark() -> None:
    """Each quotation has one mark that can be gone to, and its number and verdict in words."""
    html = page_of(DRAFT, QuoteVerdict.ALTERED)
    found = read(html)
    for number in range(1, 5):
        assert found.ids.count(f"mark-{number}") == found.ids.count(f"finding-{number}") == 1
        assert {f"#mark-{number}", f"#finding-{number}"} <= set(found.hrefs)
    assert "1 altered" in shown(html)


def test_the_draft_is_shown_whole() -> None:
    """Nothing but the marks is added to its words, and only the “>” of block quotes is left out."""
    html = page_of(DRAFT)
    pane = html[html.index('class="pq-pane"') : html.index('class="pq-findings"')]
    plain = re.sub(r'<span class="pq-sign">.*?</span></span>', "", pane)
    plain = re.sub(r'<span class="pq-hidden">exact</span></span>', "", plain)
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", plain.replace("</p>", " ")))
    assert "“It was sand,” said Ida Roe. He wrote “I was told ‘it was oak’ twice”." in words
    assert "It is long." in words
    assert "&gt; It is long." not in words


def test_differences_omissions_speakers_and_places_are_shown() -> None:
    """A finding says what the article has instead, what is left out, who says it, and where."""
    html = page_of(
        "“It was sand”",
        QuoteVerdict.ALTERED,
        differences=(QuoteDifference(quote="sand", article="gravel"),),
        omitted=(QuoteOmission(mark="…", text="not yet", start=0, end=7),),
        speaker="Ida Roe",
        said_by="Bo Lund",
        citation=citation(quote="It was gravel", title="The quay", source="Harbour Post"),
    )
    text = shown(html)
    assert "sand in the draft, gravel in the article" in text
    assert "stands for: not yet" in text
    assert "In the draft: Ida Roe · In the article: Bo Lund" in text
    assert "The quay , in a new tab" in text
    assert "Harbour Post" in text
    assert [href for href in read(html).hrefs if href.startswith("./?article=")]


def test_copies_are_named() -> None:
    """Other articles with the same words are links; those that are not listed are counted."""
    copy = citation(title="The copy", article="copy.md")
    html = page_of("“It was gravel”", citation=copy, also_in=(copy,), also_in_count=3)
    assert "The same words are in The copy , in a new tab and 2 more articles." in shown(html)


def test_other_sentences_are_questioned() -> None:
    """A figure that an article has otherwise is a question to the writer, with its place."""
    draft = draft_of("Nine piles were drawn.")
    asked = DraftQuestion.model_validate(
        {
            "kind": "figure",
            "sentence": "Nine piles were drawn.",
            "words": "Nine",
            "draft_start": 0,
            "draft_end": 4,
            "article_words": "Nineteen",
            "citation": citation(quote="Nineteen of the 64 piles", title="The quay"),
        }
    )
    checked = CheckedDraft(quotes=(), questions=(asked,))
    html = check_html(CheckContent(result=CheckedResult(draft, checked, "", 1)))
    assert "Is it “ Nine ” or “ Nineteen ”? In The quay" in shown(html)
    assert "Both may be right." in html


def test_an_absent_quotation_has_the_closest_sentence() -> None:
    """The whole sentence is shown: a word or two that agree say nothing."""
    closest = citation(quote="a")
    html = page_of("“We saw a cat”", QuoteVerdict.ABSENT, closest=closest)
    assert closest.sentence in shown(html)


def test_a_draft_without_quotations_leads_to_what_they_are() -> None:
    """Neither a list nor a report is offered."""
    html = page_of("Nobody said anything.")
    assert "No quotations." in html
    assert "block quotes" in html
    assert "Save the report" not in html
    assert ">\nNobody said anything.</textarea>" in html


def test_without_an_index_nothing_can_be_checked() -> None:
    """The page says why, how far it is, and loads itself again only if nothing would be lost."""
    rebuild = RebuildStatus(progress=RebuildProgress("2 of 4 files read", 2, 4))
    state = Unready("There is no index yet.", "Run it.", True, True, rebuild)
    html = check_html(CheckContent(unready=state, waits=True))
    assert "There is no index yet." in html
    assert "2 of 4 files read" in html
    assert 'http-equiv="refresh"' in html
    assert "<textarea" not in html
    page = check_html(CheckContent(unready=state, text="“A draft”"))
    assert "“A draft”</textarea>" in page
    assert 'http-equiv="refresh"' not in page


def test_a_refusal_keeps_the_text() -> None:
    """The reason stands above the form with the text as it was."""
    html = check_html(CheckContent(notice=too_large(), text=" “A\n draft” "))
    assert "larger than 10 MB, the limit for the file of a draft. Remove its pictures" in html
    assert ">\n “A\n draft” </textarea>" in html


@given(text=ANY_TEXT.filter(well_formed), verdict=st.sampled_from(QuoteVerdict))
def test_hostile_text_stays_text(text: str, verdict: QuoteVerdict) -> None:
    """A draft, a speaker, a title and a name add no element, no attribute and no other scheme."""

    def made(words: str) -> str:
        cited = citation(title=words, source=words, article=words, url=words)
        return page_of(
            f"“a ‘b’ {words}”",
            verdict,
            name=words,
            speaker=words,
            said_by=words,
            warnings=(words,),
            differences=(QuoteDifference(quote=words, article=words),),
            omitted=(QuoteOmission(mark=words, text=words, start=0, end=1),),
            citation=cited,
            parts=(cited,),
            closest=cited,
        )

    plain, hostile = read(made("x")), read(made(text))
    assert hostile.elements <= plain.elements | {"del", "ins", "q"}
    assert hostile.attributes <= plain.attributes | {"href", "aria-hidden", "target", "rel"}
    assert not [href for href in hostile.hrefs if re.match(r"\s*[a-z]+:", href, re.I)]
