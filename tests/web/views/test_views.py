"""The chat's HTML: text from articles stays text, and the right characters are marked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from pullquote.base.dates.day_text import moment_text
from pullquote.base.wording import NO_ANSWER
from pullquote.conversation import ready_citation
from pullquote.conversation.citations import citation_facts
from pullquote.schema import Answer, Article, Block, Citation, Outcome, QuestionKind, Reply, Role
from pullquote.schema.errors import SettingsError
from pullquote.web.pages import render
from pullquote.web.requests import parse_cited_span, parse_search
from pullquote.web.state.near_misses import MissingWords
from pullquote.web.views.answer_view import (
    MAX_PASSAGE_CHARS,
    answer_html,
    closest_html,
    names_missing,
    notice_html,
)
from pullquote.web.views.articles.article_view import CITED, article_html, toolbar_html
from pullquote.web.views.text_segments import segments
from pullquote.web.views.turns import answer_announcement

ELEMENTS = {
    *("a article aside b bdi blockquote button details div".split()),
    *("h2 h3 h4 li mark ol p section span summary time ul".split()),
}
ATTRIBUTES = {
    *("aria-hidden aria-label cite class data-article data-copy data-end data-leave-out".split()),
    *("data-page data-start data-text data-version datetime dir href id lang rel role".split()),
    *("style target title type".split()),
}
"""Every element and attribute that the renderer may use."""

HOSTILE = (
    "<script>fetch('//evil.example')</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "<svg/onload=alert(1)>",
    "</article></div><style>*{display:none}</style>",
    "![m](http://evil.example/m.png) [l](javascript:alert(1))",
    "$$\\href{javascript:alert(1)}{x}$$ ${alert(1)} {{alert}} `x`",
    "&lt;script&gt; &amp; &#60;",
    "\u202egnirts desrever\u202c \u2067rtl\u2069",
    "nul\x00 surrogate\ud800 end",
    "שלום 👩‍👩‍👧‍👦 e\u0301clair\r\nsecond line",
)
ANY_TEXT = st.text(max_size=40) | st.sampled_from(HOSTILE)


class ParsedHtml(HTMLParser):
    """The text of some HTML, its marked parts and the names it uses; refuses unclosed elements."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.marks: list[str] = []
        self.ids: list[str] = []
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.hrefs: list[str] = []
        self._open: list[str] = []
        self.feed(str(html))  # Markup would escape what is added to it
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Record an element and its attributes."""
        self._open.append(tag)
        self.elements.add(tag)
        self.attributes.update(name for name, _ in attrs)
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.hrefs += [value or "" for name, value in attrs if name == "href"]
        if tag == "mark":
            self.marks.append("")

    def handle_endtag(self, tag: str) -> None:
        """Record the end of an element."""
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Record text."""
        self.text += data
        if "mark" in self._open:
            self.marks[-1] += data

    def assert_harmless(self) -> None:
        """Check that only our own elements and attributes, and links to the web, occur."""
        assert self.elements <= ELEMENTS
        assert self.attributes <= ATTRIBUTES
        assert all(href.startswith(("http://", "https://")) for href in self.hrefs)


def shown(text: str) -> str:
    """Text as a page can show it."""
    return "".join("\ufffd" if c == "\0" or "\ud800" <= c <= "\udfff" else c for c in text)


def article(*parts: tuple[Role, str], **facts: object) -> Article:
    """An article with a block for each part, two newlines between them."""
    blocks: list[Block] = []
    text = ""
    for role, words in parts:
        text += "\n\n" if text else ""
        author = "Ann" if role is Role.COMMENT else None
        start = len(text)
        blocks.append(Block(role=role, start=start, end=start + len(words), author=author))
        text += words
    given: dict[str, object] = {"id": "a.txt", "version": "v1", "title": "A title", **facts}
    return Article.model_validate({**given, "text": text, "blocks": tuple(blocks)})


def citation(**facts: object) -> Citation:
    """A citation of "the deputy chief" in a sentence of an article."""
    sentence = "The source said the deputy chief has agreed."
    given: dict[str, object] = {
        "article": "paper/a.txt",
        "title": "RTP agrees on Interpol centre",
        "published": datetime(2023, 5, 31, 9, 49),  # noqa: DTZ001 - the page gave no zone
        "source": "Bangkok Post",
        "role": Role.BODY,
        "author": "Jo Writer",
        "start": 1795,
        "end": 1811,
        "quote": "the deputy chief",
        "sentence": sentence,
        "sentence_start": 1779,
        "version": "abc",
        "url": None,
    }
    return Citation.model_validate({**given, **facts})


def reply(*answers: Answer, abstained: bool = False, **facts: object) -> Reply:
    """A reply with those answers."""
    given = {"question": "who?", "abstained": abstained, "generation": "g", "took_ms": 1.0}
    return Reply.model_validate({**given, "answers": answers, **facts})


def answer(*citations: Citation, confidence: float = 0.83) -> Answer:
    """An answer cited there."""
    return Answer(text=citations[0].quote, confidence=confidence, citations=citations)


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (datetime(2023, 5, 31, 9, 49, tzinfo=UTC), "31 May 2023, 09:49"),
        (date(2024, 2, 6), "6 February 2024"),
        (date(999, 12, 1), "1 December 999"),
    ],
)
def test_moments_are_written_as_people_write_them(moment: date, written: str) -> None:
    """Moments have day, month in words, year and any time, in English on every machine."""
    assert moment_text(moment) == written


def test_moments_carry_what_machines_read() -> None:
    """The datetime attribute has the exact moment."""
    html = render("macros.html", "time", date(2024, 2, 6))
    assert html == '<time datetime="2024-02-06">6 February 2024</time>'


@pytest.mark.parametrize("url", ["https://example.com/a?b=1&c=2", "http://example.com/"])
def test_web_links_open_elsewhere_and_tell_nothing(url: str) -> None:
    """Links have no opener, no referrer and no endorsement."""
    link = f'href="{escape(url)}" rel="noopener noreferrer nofollow" target="_blank"'
    assert link in toolbar_html(article((Role.BODY, "Body."), url=url), range(0))


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        " javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//example.com/",
        "https:alert(1)",
        "http://[bad",
        "",
        None,
    ],
)
def test_other_links_are_no_links(url: str | None) -> None:
    """Only web addresses become links."""
    made = article((Role.BODY, "Body."), url=url)
    assert "<a " not in article_html(made)
    assert re.findall('href="([^"]*)', toolbar_html(made, range(0))) == ["audit?article=a.txt"]


def test_bidi_controls_end_where_the_text_ends() -> None:
    """A bidi override in a name ends with the name."""
    html = article_html(article((Role.BODY, "Body."), source="\u202eeman"))
    assert "<bdi>\u202eeman</bdi>" in html


def marked(text: str, ranges: Sequence[range], *, first: str = "") -> Markup:
    """The text as HTML, with those ranges marked."""
    return render("macros.html", "marked", segments(text, ranges, first=first))


def test_marks_are_cut_by_characters_not_utf16_units() -> None:
    """Checked by hand: the family emoji is 7 characters and 11 UTF-16 units."""
    family = "👩‍👩‍👧‍👦"
    text = f"{family} said e\u0301t\u00e9"
    assert marked(text, [range(7 + 6, 7 + 8)]) == f"{family} said <mark>e\u0301</mark>t\u00e9"


def test_overlapping_marks_become_one_and_only_the_first_is_named() -> None:
    """Checked by hand, with ranges out of order, empty, and beyond the text."""
    ranges = [range(6, 9), range(1, 3), range(2, 4), range(5, 5), range(8, 99)]
    assert marked("0123456789", ranges, first="x") == (
        '0<mark id="x">123</mark>45<mark>6789</mark>'
    )


@given(text=ANY_TEXT, cuts=st.lists(st.tuples(st.integers(-5, 50), st.integers(-5, 50))))
def test_marking_changes_no_character(text: str, cuts: list[tuple[int, int]]) -> None:
    """The page reads as the text, and the marks are exactly the ranges."""
    read = ParsedHtml(marked(text, [range(start, end) for start, end in cuts]))
    assert read.text == shown(text)
    assert read.elements <= {"mark"}
    inside = [any(max(a, 0) <= at < b for a, b in cuts) for at in range(len(text))]
    assert "".join(read.marks) == shown(
        "".join(c for c, marks in zip(text, inside, strict=True) if marks)
    )


@given(st.data())
def test_an_article_is_text_whatever_it_says(data: st.DataObject) -> None:
    """Hostile text in any field of an article adds no element, attribute or link."""
    parts = data.draw(
        st.lists(st.tuples(st.sampled_from(list(Role)), ANY_TEXT), min_size=1, max_size=6)
    )
    facts = {name: data.draw(ANY_TEXT) for name in ("title", "source", "section", "url")}
    made = article(*parts, **facts)
    start = data.draw(st.integers(0, len(made.text)))
    end = data.draw(st.integers(start, len(made.text)))
    read = ParsedHtml(article_html(made, [range(start, end)]))
    read.assert_harmless()
    cited = "".join(
        made.text[max(start, b.start) : min(end, b.end)]
        for b in made.blocks
        if max(start, b.start) < min(end, b.end)
    )
    assert "".join(read.marks) == shown(cited)
    assert read.ids == ([CITED] if cited else [])
    for block in made.blocks:
        assert shown(made.text[block.start : block.end]) in read.text


@given(
    words=st.tuples(*[ANY_TEXT] * 6),
    comment=st.booleans(),
    outcome=st.sampled_from(Outcome),
    kind=st.sampled_from(QuestionKind),
)
def test_an_answer_is_text_whatever_it_says(
    words: tuple[str, ...], comment: bool, outcome: Outcome, kind: QuestionKind
) -> None:
    """Hostile text in any field of a citation and in the question stays text."""
    article_id, title, source, author, quote, before = words
    cited = citation(
        article=article_id,
        title=title,
        source=source,
        author=author,
        start=1779 + len(before),
        end=1779 + len(before + quote),
        quote=quote,
        sentence=before + quote,
        version=title,
        role=Role.COMMENT if comment else Role.QUOTATION,
    )
    html = (
        render("views/answer.html", "question", quote) + closest_html([cited]) + notice_html(title)
    )
    missing = MissingWords(nowhere=(author, title), not_near=(quote,))
    read = ParsedHtml(
        html + answer_html(reply(answer(cited), outcome=outcome, kind=kind), missing=missing)
    )
    read.assert_harmless()
    assert shown(before + quote) in read.text


def test_the_cited_occurrence_is_marked() -> None:
    """If a word occurs twice in a sentence, the cited occurrence is marked."""
    sentence = "Fourteen voted; four stayed."
    cited = citation(
        start=1795, end=1799, quote="four", sentence=sentence, sentence_start=1779, role=Role.BODY
    )
    assert "Fourteen voted; <mark>four</mark> stayed." in answer_html(reply(answer(cited)))


def test_the_answer_stands_marked_inside_its_sentence() -> None:
    """The answer comes first, then paper and day, then how likely it is."""
    html = answer_html(reply(answer(citation())))
    assert (
        '<blockquote dir="auto">The source said <mark>the deputy chief</mark> has agreed.'
        "</blockquote>"
    ) in html
    read = ParsedHtml(html)
    assert read.text.startswith(
        "The source said the deputy chief has agreed."
        "1Bangkok Post · 31 May 2023, 09:49RTP agrees on Interpol centre"
        "paper/a.txt"  # printed only
        "Leave out this sourceVery likely"
    )


def facts_of(html: str) -> str:
    """The facts on the first citation card: paper, day and what else it says."""
    _, opening, after = str(html).partition('<span class="pq-facts">')
    return ParsedHtml(opening + after.partition('<span class="pq-title">')[0]).text


@pytest.mark.parametrize(
    ("facts", "line"),
    [
        ({}, "Bangkok Post · 31 May 2023, 09:49"),
        ({"section": "politics"}, "Bangkok Post · 31 May 2023, 09:49"),
        ({"published": None}, "Bangkok Post · paper/a.txt"),
        ({"source": None, "section": "politics"}, "31 May 2023, 09:49 · politics · paper/a.txt"),
        ({"source": None, "published": None, "page": 7}, "paper/a.txt · page 7"),
    ],
)
def test_a_card_always_says_where_the_words_are_from(facts: dict[str, object], line: str) -> None:
    """Without a paper or a day, the section and the path follow; never the author or "undated"."""
    assert facts_of(answer_html(reply(answer(citation(**facts))))) == line


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.COMMENT])
def test_a_role_is_shown_in_words_where_it_matters(role: Role) -> None:
    """The page and pasted citations have the same word, and none for the report's own text."""
    cited = citation(role=role)
    expected = [] if role is Role.BODY else [role.words]
    day = moment_text(cited.published) if cited.published else ""
    line = facts_of(answer_html(reply(answer(cited))))
    assert line.partition(day)[2].split(" · ")[1:] == expected
    assert citation_facts(cited)[-1 - len(expected) :] == [day, *expected]


def test_the_words_for_roles() -> None:
    """They are those of a newspaper's readers."""
    assert [role.words for role in (Role.CAPTION, Role.STANDFIRST, Role.QUOTATION)] == [
        "photo caption",
        "summary",
        "quoted document",
    ]


@pytest.mark.parametrize("author", ["Ann", None])
def test_a_comment_has_the_same_label_everywhere(author: str | None) -> None:
    """The page begins it with a capital letter; its author is never in the paper's place."""
    cited = citation(role=Role.COMMENT, author=author, source=None)
    label = cited.role_words
    line = facts_of(answer_html(reply(answer(cited))))
    assert line.endswith(f"31 May 2023, 09:49 · paper/a.txt · {label[0].upper()}{label[1:]}")
    assert label in ready_citation(cited)


def test_a_citation_carries_its_place() -> None:
    """The button has the article, the characters and the version of the quote."""
    assert (
        'data-article="paper/a.txt" data-start="1795" data-end="1811" data-version="abc"'
    ) in answer_html(reply(answer(citation())))


@pytest.mark.parametrize(
    ("confidence", "word"),
    [
        *((1.0, "Very likely"), (0.8, "Very likely"), (0.79, "Likely"), (0.5, "Likely")),
        *((0.49, "Uncertain"), (0.0, "Uncertain")),
    ],
)
def test_confidence_is_a_word_that_explains_itself(confidence: float, word: str) -> None:
    """A press on the word shows how often answers with each word were right."""
    html = answer_html(reply(answer(citation(), confidence=confidence)))
    assert f'<summary>{word}<span class="pq-hidden">: what this means</span></summary>' in html
    assert "<li><b>Very likely</b>: about 9 in 10 were right.</li>" in html


def test_unlikely_answers_are_not_shown() -> None:
    """Neither on the page, nor in its count, nor when it is read out."""
    given = reply(answer(citation()), answer(citation(), confidence=0.14))
    html = answer_html(given)
    assert html.count("<blockquote") == 1
    assert "pq-further" not in html
    assert "more" not in answer_announcement(given)


def test_further_answers_are_folded_and_numbered_on() -> None:
    """Citations are numbered through the whole reply."""
    html = answer_html(
        reply(answer(citation(title="First"), citation(title="Second")), answer(citation()))
    )
    assert "<summary>1 more answer</summary>" in html
    numbers = [html.index(f'<span class="pq-number">{n}</span>') for n in (1, 2, 3)]
    assert numbers == sorted(numbers)
    assert html.index("First") < html.index("Second") < html.index('<details class="pq-further')


def test_a_comment_is_never_shown_as_reporting() -> None:
    """A label with the author stands above the quote and at the citation."""
    html = answer_html(reply(answer(citation(role=Role.COMMENT, author="Capricornball"))))
    label = "Reader comment by <bdi>Capricornball</bdi> (not part of the report)"
    assert html.count(label) == 2
    assert html.index(label) < html.index("<blockquote")


def test_a_comment_without_an_author_says_so() -> None:
    """The label says that the reader is unnamed."""
    html = answer_html(reply(answer(citation(role=Role.COMMENT, author=None))))
    assert "Reader comment by an unnamed reader (not part of the report)" in html


def test_silence_shows_what_came_closest_and_no_confidence() -> None:
    """At most three passages are shown, without a confidence."""
    sentences = [f"A source {number} said the deputy chief has agreed." for number in range(4)]
    closest = [answer(citation(article=one, sentence=one)) for one in sentences]
    html = answer_html(reply(*closest, abstained=True))
    assert "No answer found." in html
    assert html.count("<blockquote") == 3
    assert ParsedHtml(html).marks == []
    assert "Confidence" not in html


def test_support_counts_articles_and_not_places() -> None:
    """Support counts articles only if they are independent."""
    places = [citation(article=name, start=at) for name, at in (("a", 1795), ("a", 9), ("b", 1795))]
    for sources, support in ((2, "in 2 articles"), (1, "from 1 independent source")):
        given = answer(*places).model_copy(update={"sources": sources})
        assert f"<span>{support}</span>" in answer_html(reply(given))


def test_many_places_are_folded() -> None:
    """Three citations are open; the others are folded."""
    html = answer_html(reply(answer(*[citation(title=f"T{at}") for at in range(5)])))
    assert html.index("T2") < html.index("<summary>2 more citations</summary>") < html.index("T3")


def test_silence_names_the_words_that_were_not_found() -> None:
    """Words that no article contains are listed apart from words that the passages lack."""
    missing = MissingWords(nowhere=("Turner", "Prize"), not_near=("2004",))
    read = ParsedHtml(answer_html(reply(answer(citation()), abstained=True), missing=missing))
    assert "No article contains: Turner, Prize. Check the spelling or try other words." in read.text
    assert "The closest passages do not contain: 2004." in read.text


def test_possible_matches_name_the_keywords_that_were_not_found() -> None:
    """Nobody takes an article about another Smith for one about Zzyzx Smith."""
    found = reply(answer(citation()), outcome=Outcome.POSSIBLE, kind=QuestionKind.KEYWORDS)
    assert names_missing(found)
    read = ParsedHtml(answer_html(found, missing=MissingWords(nowhere=("Zzyzx",))))
    assert "No article contains: Zzyzx." in read.text
    assert not names_missing(found.model_copy(update={"outcome": Outcome.ANSWER}))


def test_silence_without_a_span_shows_the_passages() -> None:
    """If the reader finds no answer, the passages are still shown."""
    html = answer_html(reply(abstained=True), closest=[citation(quote="Gulls nest.")])
    assert "Gulls nest." in html
    assert 'data-article="paper/a.txt"' in html


def test_passages_are_shown_while_they_are_read() -> None:
    """Passages have no marks and no confidence; long ones end at a word."""
    read = ParsedHtml(closest_html([citation(quote="word " * 100)]))
    assert "The closest passages." in read.text
    assert "word word…" in read.text
    assert len(read.text) < MAX_PASSAGE_CHARS + 200
    assert (read.marks, "Confidence" in read.text) == ([], False)


def test_a_reply_is_spoken_in_short() -> None:
    """The announcement has the answer, its confidence and the number of articles."""
    two = reply(answer(citation()), answer(citation()))
    assert answer_announcement(two) == (
        "the deputy chief. Very likely, in 1 article. 1 more answer."
    )
    assert answer_announcement(reply(abstained=True)) == "No answer found."


def test_silence_over_nothing_advises() -> None:
    """If no passage is close, the page says what to try."""
    assert ParsedHtml(answer_html(reply(abstained=True))).text == (
        "No answer found.Nothing close to this question was found. Try other words or "
        "fewer filters."
    )


def test_a_possible_answer_is_labelled_and_marked_in_its_sentence() -> None:
    """It stands under its label and a line of help, and so do the further ones."""
    html = answer_html(reply(*[answer(citation())] * 3, outcome=Outcome.POSSIBLE))
    read = ParsedHtml(html)
    assert read.text.startswith(
        "Possible answerThis is not certain. Check it in the article before you use it."
    )
    assert set(read.marks) == {"the deputy chief"}
    assert "ikely" not in read.text  # "Very likely" would deny the label
    assert "<summary>2 more possible answers</summary>" in html
    assert "No answer found." not in html


@pytest.mark.parametrize("kind", QuestionKind)
def test_only_a_possible_answer_has_the_label(kind: QuestionKind) -> None:
    """Whatever the kind, the page says that it is possible, and never so of a confident one."""
    for outcome, labelled in ((Outcome.POSSIBLE, True), (Outcome.ANSWER, False)):
        given = reply(answer(citation()), kind=kind, outcome=outcome)
        for shown_text in (ParsedHtml(answer_html(given)).text, answer_announcement(given)):
            assert shown_text.startswith("Possible ") is labelled
        assert ("not certain" in answer_html(given)) is labelled


@pytest.mark.parametrize("kind", QuestionKind)
def test_without_an_answer_nothing_is_marked_whatever_the_kind(kind: QuestionKind) -> None:
    """The closest passages are whole sentences in the order of the reply."""
    first, second = citation(title="First"), citation(title="Second", article="paper/b.txt")
    other = second.model_copy(update={"sentence": "A source B said the deputy chief has agreed."})
    given = [answer(first), answer(other)]
    html = answer_html(reply(*given, kind=kind, outcome=Outcome.NOTHING))
    assert ParsedHtml(html).marks == []
    assert "The closest passages:" in html
    assert html.index("First") < html.index("Second")


def test_a_notebook_without_an_answer_says_what_the_page_says() -> None:
    """The words are the same, with closest passages and without."""
    closest, empty = (
        reply(answer(citation()), outcome=Outcome.NOTHING),
        reply(outcome=Outcome.NOTHING),
    )
    for one, words in [
        (closest, (NO_ANSWER, "The closest passages:")),
        (empty, (NO_ANSWER, "Nothing close to this question was found. Try other words")),
    ]:
        for html in (one._repr_html_(), answer_html(one)):
            assert [word for word in words if word not in html] == []


def test_the_items_of_a_list_stand_below_each_other_with_their_citations() -> None:
    """No item is folded; each has its words, its sentence and its citation."""
    given = reply(*[answer(citation())] * 3, kind=QuestionKind.LIST)
    html = answer_html(given)
    assert '<ol class="pq-items pq-list">' in html
    assert html.count('<p class="pq-item" dir="auto">the deputy chief</p>') == 3
    assert html.count("pq-cite") >= 3
    assert "further" not in html
    for shown in (html, answer_announcement(given)):
        assert "3 items; the articles may have more." in shown


def test_the_sides_of_a_comparison_stand_beside_each_other() -> None:
    """The sides are two items of one list; others are folded. A single one is a plain answer."""
    old, new = (
        answer(citation(sentence=words, sentence_start=1795, quote=words))
        for words in ("The old bridge cost £2m.", "The new bridge cost £9m.")
    )
    given = reply(old, new, old, kind=QuestionKind.COMPARISON)
    asked = {"searched_for": "which cost more, the old bridge or the new bridge?"}
    html = answer_html(given.model_copy(update=asked))
    columns, _, rest = html.partition("</ol>")
    assert '<ol class="pq-items pq-sides">' in columns
    assert re.findall("<h4[^>]*>(.*?)</h4>", columns) == ["the old bridge", "the new bridge"]
    assert "<summary>1 more answer</summary>" in rest
    alone = answer_html(reply(old, kind=QuestionKind.COMPARISON))
    assert 'class="pq-lead' in alone


def test_keywords_get_results_and_no_claim_of_an_answer() -> None:
    """The sentences have neither a mark nor a confidence, and are called matches."""
    given = reply(answer(citation()), answer(citation()), kind=QuestionKind.KEYWORDS)
    read = ParsedHtml(answer_html(given))
    assert read.text.startswith("Matches1RTP agrees on Interpol centreBangkok Post")
    assert read.text.count("The source said the deputy chief has agreed.") == 2
    assert read.marks == []
    for claim in ("Confidence", "answer"):
        assert claim not in read.text + answer_announcement(given)


def test_yes_or_no_is_answered_by_the_whole_sentence() -> None:
    """The page adds neither yes nor no; the sentence says which."""
    read = ParsedHtml(answer_html(reply(answer(citation()), kind=QuestionKind.YES_NO)))
    assert read.marks == ["The source said the deputy chief has agreed."]
    assert {"yes", "no"}.isdisjoint(read.text.lower().replace(".", " ").split())


def test_the_role_of_a_block_decides_its_element() -> None:
    """Every block has the element and class of its role."""
    html = article_html(
        article(
            (Role.HEADLINE, "Head"),
            (Role.BODY, "Body."),
            (Role.QUOTATION, "Said."),
            (Role.CORRECTION, "Sorry."),
        )
    )
    for element in (
        '<h2 class="pq-headline" dir="auto">Head</h2>',
        '<p class="pq-body" dir="auto">Body.</p>',
        '<blockquote class="pq-quotation" dir="auto">Said.</blockquote>',
        '<aside class="pq-correction" dir="auto">Sorry.</aside>',
    ):
        assert element in html
    assert "A title" not in html


def test_an_article_without_a_headline_shows_its_title() -> None:
    """Without a headline block, the title of the article is shown."""
    html = article_html(article((Role.BODY, "Body.")))
    assert html.index("A title") < html.index("Body.")


def test_comments_are_set_apart_once_and_labelled_each() -> None:
    """The author's line stands with its comment, below the warning."""
    html = article_html(
        article(
            (Role.BODY, "Body."),
            (Role.BOILERPLATE, "Ann | 1 May"),
            (Role.COMMENT, "First."),
            (Role.BOILERPLATE, "Ann | 2 May"),
            (Role.COMMENT, "Second."),
        )
    )
    assert html.count("They are not part of the report.") == 1
    assert html.count("Reader comment by <bdi>Ann</bdi> (not part of the report)") == 2
    order = ["Body.", "They are not part", "Ann | 1 May", "First.", "Ann | 2 May", "Second."]
    assert [html.index(words) for words in order] == sorted(html.index(words) for words in order)


def test_highlights_cross_blocks_and_the_first_is_named() -> None:
    """A range over two blocks is marked in both; one mark on the page can be scrolled to."""
    made = article((Role.BODY, "One two."), (Role.BODY, "Three four."))
    read = ParsedHtml(article_html(made, [range(4, 15)]))
    assert read.marks == ["two.", "Three"]
    assert read.ids == [CITED]


def test_facts_link_to_the_original_only_on_the_web() -> None:
    """The line above an article has source, days and section; the tools link to the original."""
    made = article(
        (Role.BODY, "Body."),
        source="Harbour Post",
        section="business",
        published=date(2024, 3, 22),
        modified=datetime(2024, 3, 23, 10, 20, tzinfo=UTC),
        url="https://harbourpost.example/a",
    )
    read = ParsedHtml(article_html(made))
    assert read.text.startswith(
        "Harbour Post · 22 March 2024 · updated 23 March 2024, 10:20 · business"
    )
    assert 'href="https://harbourpost.example/a"' in toolbar_html(made, range(0))


def test_the_tools_say_on_which_page_the_words_are() -> None:
    """A page is named in formats with pages, if words are cited."""
    block = Block(role=Role.BODY, start=0, end=5, page=3)
    made = Article(id="a.pdf", version="v", text="Body.", blocks=(block,), title="")
    assert "Page 3" in toolbar_html(made, range(2, 4))
    assert "Page" not in toolbar_html(made, range(0))


def test_the_line_above_an_article_never_shows_its_author_as_the_paper() -> None:
    """The author follows "by", unless a byline is shown, and the path shows where it is from."""
    read = ParsedHtml(article_html(article((Role.BODY, "Body."), authors=("Jo Writer",))))
    assert read.text.startswith("by Jo Writer · a.txt")
    parts = ((Role.BYLINE, "By Jo Writer"), (Role.BODY, "Body."))
    read = ParsedHtml(article_html(article(*parts, authors=("Jo Writer",), section="sport")))
    assert read.text.startswith("sport · a.txtA titleBy Jo Writer")


def test_a_search_takes_what_a_form_sends() -> None:
    """Empty fields leave a filter open, and days are parsed."""
    search = parse_search(question="who?", since="2024-01-02", until="", sources=[], comments=True)
    assert search.filters.since == date(2024, 1, 2)
    assert search.filters.until is None
    assert search.filters.comments is True


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"question": "who?", "since": "yesterday"}, "since"),
        ({"question": 7}, "question"),
        ({"question": None}, "question"),
        ({"question": "who?", "k": 0}, "k"),
        ({"question": "who?", "since": "2024-02-02", "until": "2024-02-01"}, "2024-02-02"),
        ({"question": "who?", "sources": "Harbour Post"}, "sources"),
    ],
)
def test_what_cannot_be_searched_for_is_named(given: dict[str, object], named: str) -> None:
    """The message names the invalid value."""
    with pytest.raises(SettingsError, match=named):
        parse_search(**given)


@pytest.mark.parametrize("given", [None, "a.txt", {"start": 1}, {"article": "a", "start": -1}])
def test_a_click_that_names_no_place_is_refused(given: object) -> None:
    """Data from a browser is checked before it is used."""
    with pytest.raises(SettingsError, match="damaged"):
        parse_cited_span(given)


def test_pages_are_shown() -> None:
    """A citation names its page, and an article names its pages without text."""
    assert "page 7" in answer_html(reply(answer(citation(page=7))))
    assert "page" not in ParsedHtml(answer_html(reply(answer(citation())))).text
    for pages, warning in [
        ((2,), "page 2 is a picture and was not read"),
        ((3, 4, 7), "pages 3, 4 and 7 are pictures and were not read"),
    ]:
        assert warning in article_html(article((Role.BODY, "Fire"), unread_pages=pages))
