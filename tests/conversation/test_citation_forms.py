"""A citation in each form has the same facts, and no text of an article becomes markup."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from markdown_it import MarkdownIt

from pullquote.conversation import CitationForm, ready_citation
from pullquote.schema import Citation, Role, Speaker
from strategies import hostile_texts
from talk import citation

URL = "https://harbourpost.example/oak"
LINK = "https://archive.example/?article=a.txt&start=1&end=4"

OAK = citation(
    "oak",
    before="Under the roof there was ",
    title="Who pays for the oak",
    url=URL,
    author="Nessa Tregarth, Idris Penhale",
    page=7,
)
FACTS = "by Nessa Tregarth, Idris Penhale · Harbour Post · 22 March 2024 · page 7"
HERE = f"{URL}#:~:text=roof%20there%20was-,oak"

BARE = citation("oak", article="a/b.txt", source=None, published=None)


def test_plain_text_is_the_sentence_its_source_and_its_link() -> None:
    """The words are marked in their sentence, and the possible answer is labelled."""
    lines = ["“Under the roof there was *oak*”", f"Who pays for the oak · {FACTS}", HERE]
    assert ready_citation(OAK) == "\n".join(lines)
    assert ready_citation(OAK, note="(not certain)") == "\n".join([*lines, "(not certain)"])


@pytest.mark.parametrize("form", [CitationForm.TEXT, CitationForm.HTML, CitationForm.RIS])
@pytest.mark.parametrize("marks", ['""', "“”"])
def test_a_sentence_with_quote_marks_gets_single_ones(form: CitationForm, marks: str) -> None:
    """No two double marks stand together, and the sentence keeps its own."""
    opens, closes = marks
    cited = citation("Ida Roe", before=f"{opens}It rained,{closes} said ")
    printed = unescape(ready_citation(cited, form))
    assert f"‘{opens}It rained,{closes} said " in printed
    assert "’" in printed


def test_markdown_quotes_the_sentence_and_links_the_title() -> None:
    """The words are bold, the title is the link."""
    assert ready_citation(OAK, CitationForm.MARKDOWN) == (
        f"> Under the roof there was **oak**\n\n[Who pays for the oak](<{HERE}>) · {FACTS}"
    )


def test_html_marks_the_words() -> None:
    """Editors keep the bold type if they drop the mark."""
    assert ready_citation(OAK, CitationForm.HTML) == (
        f'<blockquote dir="auto" cite="{HERE}">“Under the roof there was <mark><b>oak</b></mark>”'
        f'</blockquote><p dir="auto"><a href="{HERE}">Who pays for the oak</a> · {FACTS}</p>'
    )


def test_bibtex_is_an_entry_with_its_key() -> None:
    """Authors are apart, and the link is not escaped, as BibTeX prints it as it is."""
    assert ready_citation(OAK, CitationForm.BIBTEX) == "\n".join(
        [
            f"@article{{harbour-post-2024-who-pays-for-the-{OAK.start},",
            "  author = {Nessa Tregarth and Idris Penhale},",
            "  title = {{Who pays for the oak}},",
            "  journal = {Harbour Post},",
            "  year = {2024},",
            "  month = {3},",
            "  day = {22},",
            "  pages = {7},",
            f"  url = {{{HERE}}},",
            r"  annote = {“Under the roof there was \emph{oak}”},",
            "}",
        ]
    )


def test_ris_has_a_line_for_each_fact() -> None:
    """Each author has a line of its own."""
    assert ready_citation(OAK, CitationForm.RIS).split("\n") == [
        "TY  - NEWS",
        "TI  - Who pays for the oak",
        "AU  - Nessa Tregarth",
        "AU  - Idris Penhale",
        "T2  - Harbour Post",
        "PY  - 2024",
        "DA  - 2024/03/22",
        "SP  - 7",
        f"UR  - {HERE}",
        "N1  - “Under the roof there was *oak*”",
        "ER  - ",
    ]


def test_missing_facts_are_left_out() -> None:
    """Without source, day and author nothing stands in for them; the id replaces the link."""
    assert ready_citation(BARE) == "“oak”\nA title\na/b.txt"
    assert ready_citation(BARE, CitationForm.BIBTEX) == (
        "@misc{undated-a-title-" + str(BARE.start) + ",\n"
        "  title = {{A title}},\n  annote = {“oak”},\n}"
    )
    assert ready_citation(BARE, CitationForm.RIS) == (
        "TY  - NEWS\nTI  - A title\nN1  - “oak”\nER  - "
    )
    assert "href" not in ready_citation(BARE, CitationForm.HTML)


@pytest.mark.parametrize("form", CitationForm)
def test_an_article_without_an_address_gets_the_link_that_is_given(form: CitationForm) -> None:
    """A link of the article's own comes first."""
    link = LINK.replace("&", "&amp;") if form in ("html", "markdown") else LINK
    assert link in ready_citation(BARE, form, link=LINK)
    assert "archive.example" not in ready_citation(OAK, form, link=LINK)


@pytest.mark.parametrize("form", CitationForm)
def test_a_comment_is_labelled_in_every_form(form: CitationForm) -> None:
    """The reader is not named as the author of the article."""
    published = datetime(2024, 3, 14, 13, 47, tzinfo=UTC)
    comment = citation("I saw it", role=Role.COMMENT, author="Reg Tollund", published=published)
    made = ready_citation(comment, form)
    assert "reader comment by Reg Tollund (not part of the report)" in made.replace("\\", "")
    assert "author =" not in made
    assert "AU  -" not in made


@pytest.mark.parametrize("form", CitationForm)
def test_other_scripts_stay(form: CitationForm) -> None:
    """Letters of any language are written as they are."""
    cited = citation("שלום", before="אמר השר ", title="مرحبا العالم", source="Ñandú 日報")
    made = ready_citation(cited, form)
    for words in ("שלום", "אמר השר", "مرحبا العالم", "Ñandú 日報"):
        assert words in made


def test_bibtex_escapes_what_has_a_meaning_in_it() -> None:
    """Braces stay balanced, even those behind a backslash."""
    cited = citation("50 % of R&D_2 #1 ~ ^ $5 \\ { x", title="} @evil{x, a={", url=f"{URL}?a={{b}}")
    made = ready_citation(cited, CitationForm.BIBTEX)
    assert (
        r"50 \% of R\&D\_2 \#1 \textasciitilde{} \textasciicircum{} \$5 \textbackslash{} "
        r"\textbraceleft{} x"
    ) in made
    assert r"{{\textbraceright{} @evil\textbraceleft{}x, a=\textbraceleft{}}}" in made
    assert "?a=%7Bb%7D" in made


@pytest.mark.parametrize(
    ("before", "words", "after", "marked"),
    [
        ("It cost ", "£1.7m", " in all", "It cost **£1.7m** in all"),
        ("un", "do", "ne", "un<b>do</b>ne"),
        ("# A ", "*b*", " [c](d)", r"\# A **\*b\*** \[c\](d)"),
    ],
)
def test_markdown_marks_words_wherever_they_are(
    before: str, words: str, after: str, marked: str
) -> None:
    """Inside a word asterisks would not be bold type, so a tag is."""
    cited = citation(words, before=before, sentence=f"{before}{words}{after}")
    assert ready_citation(cited, CitationForm.MARKDOWN).splitlines()[0] == f"> {marked}"


def hostile(text: str) -> Citation:
    """A citation whose every text is hostile."""
    given = text if text.strip() else "x"
    return citation(given, before=text, title=text, source=text, author=text, url=URL)


class Tags(HTMLParser):
    """The names of the elements of some HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Record an element."""
        self.names.add(tag)


@given(hostile_texts())
def test_hostile_text_adds_no_markup(text: str) -> None:
    """There are no elements, entries or records but our own."""
    cited = hostile(text)
    tags = Tags(ready_citation(cited, CitationForm.HTML)).names
    assert tags <= {"blockquote", "mark", "b", "p", "a"}
    kinds = {
        token.type
        for block in MarkdownIt("commonmark").parse(ready_citation(cited, CitationForm.MARKDOWN))
        for token in (block, *(block.children or []))
    }
    known = {"inline", "text", "text_special", "html_inline", "softbreak"}
    names = ("blockquote", "paragraph", "link", "strong")
    parts = {f"{name}_{end}" for name in names for end in ("open", "close")}
    assert kinds <= known | parts
    bibtex = ready_citation(cited, CitationForm.BIBTEX)
    depth = 0
    for sign in bibtex:
        depth += {"{": 1, "}": -1}.get(sign, 0)
        assert depth >= 0
    assert depth == 0
    lines = ready_citation(cited, CitationForm.RIS).split("\n")
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines)
    assert [line[:2] for line in lines].count("ER") == 1
    for form in CitationForm:
        assert not re.search("[\x00-\x08\x0e-\x1f\u202e\ud800-\udfff]", ready_citation(cited, form))


def test_the_section_follows_where_the_source_or_the_day_is_unknown() -> None:
    """The path is the address, so it is not written twice."""
    facts = {"section": "sport", "article": "a/b.txt"}
    assert ready_citation(citation("oak", published=None, **facts)) == (
        "“oak”\nA title · Harbour Post · sport\na/b.txt"
    )
    assert "sport" not in ready_citation(citation("oak", **facts))


def test_a_page_that_was_stored_with_its_address_shows_that() -> None:
    """The name of the file in which it was stored says less."""
    cited = citation("oak", published=None, article="uploads/x~1a2b.warc#https://post.example/oak")
    assert cited.whereabouts == ["post.example/oak"]
    assert citation("oak", published=None, article="mail.mbox#3").whereabouts == ["mail.mbox#3"]


def test_a_quoted_document_is_not_by_the_reporter() -> None:
    """The words are neither the reporter's nor a quotation of the reporter."""
    cited = citation("oak", role=Role.QUOTATION, author="Mara Quill")
    assert "22 March 2024 · quoted document" in ready_citation(cited)
    assert "Quill" not in ready_citation(cited)


@pytest.mark.parametrize("form", CitationForm)
def test_every_form_says_whose_claim_it_is(form: CitationForm) -> None:
    """Somebody's denial is not pasted as the paper's own report."""
    speaker = Speaker(name="Quell", start=0, end=5, canonical="Radomir Quell")
    denied = OAK.model_copy(update={"speaker": speaker, "manner": "denied"})
    assert "denied by Radomir Quell" in ready_citation(denied, form)
