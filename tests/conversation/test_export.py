"""An exported conversation shows its exact text, and only our own markup."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

import pytest
from hypothesis import given
from markdown_it import MarkdownIt
from markdown_it.token import Token

from pullquote.conversation import Conversation, Turn, to_markdown
from pullquote.conversation.markdown_text import escape_markdown
from pullquote.schema import Filters, Outcome, QuestionKind, ReportedValue, Role, Speaker
from strategies import hostile_texts
from talk import ASKED, citation, reply, turn
from weighed import CORRECTED, DISPUTED, weighed

COMMONMARK = MarkdownIt("commonmark")
GITHUB = MarkdownIt("gfm-like", {"linkify": False})

HOSTILE = (
    "# Heading",
    "- item",
    "1. first",
    "1986) A great year",
    "> quoted",
    "```\ncode",
    "    indented",
    "| a | b |\n|---|---|",
    "![x](https://evil.example/x.png)",
    "[x](javascript:alert(1))",
    "<script>alert(1)</script>",
    "<https://evil.example>",
    "&lt;b&gt; &amp; &#65;",
    "**bold** _it_ ~~gone~~ `code` $x$ :smile:",
    "two  spaces \\ and\\\nlines\n\nthen",
    "[1]: https://evil.example",
    "Setext\n====",
    "---",
    "***",
    "+",
    "a\ttab",
    "\u202eevil\u202c",
)


@dataclass
class Seen:
    """The text that a rendered Markdown page shows."""

    quotes: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)
    text: str = ""


def read(markdown: str, parser: MarkdownIt = COMMONMARK) -> Seen:
    """The rendered text, the block quotes in it, the links, and every kind of markup."""
    seen = Seen()
    depth = 0
    for token in parser.parse(markdown):
        seen.kinds.add(token.type)
        depth += {"blockquote_open": 1, "blockquote_close": -1}.get(token.type, 0)
        if token.type == "inline":
            words = _inline(token.children or [], seen)
            seen.text += words + "\n"
            if depth:
                seen.quotes.append(words)
    return seen


def _inline(tokens: list[Token], seen: Seen) -> str:
    words = ""
    for token in tokens:
        seen.kinds.add(token.type)
        if token.type == "link_open":
            seen.links.append(str(token.attrs["href"]))
        words += token.content if token.type in ("text", "text_special") else ""
        words += "\n" if token.type == "softbreak" else ""
    return words


def shown(text: str) -> str:
    """A text with the control characters replaced, which Markdown cannot write."""
    return re.sub("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]", "\ufffd", text)


OURS = {
    *("heading_open heading_close inline paragraph_open paragraph_close text text_special").split(),
    *("ordered_list_open ordered_list_close list_item_open list_item_close").split(),
    *("blockquote_open blockquote_close link_open link_close strong_open strong_close").split(),
}


@pytest.mark.parametrize("parser", [COMMONMARK, GITHUB], ids=["commonmark", "github"])
@given(hostile_texts())
def test_escaped_text_reads_as_the_text(parser: MarkdownIt, text: str) -> None:
    """Escaped text renders character for character."""
    seen = read(f"x{escape_markdown(text)}x", parser)
    assert seen.text == f"x{shown(text)}x\n"
    assert seen.kinds <= {"paragraph_open", "paragraph_close", "inline", "text", "text_special"}


@pytest.mark.parametrize("parser", [COMMONMARK, GITHUB], ids=["commonmark", "github"])
@pytest.mark.parametrize("text", HOSTILE)
def test_markup_in_an_article_stays_words(parser: MarkdownIt, text: str) -> None:
    """Markup is escaped at the beginning of a line and inside one."""
    seen = read(escape_markdown(text), parser)
    assert seen.text == f"{text}\n"
    assert seen.kinds <= {"paragraph_open", "paragraph_close", "inline", "text", "text_special"}


@given(hostile_texts(), hostile_texts(), hostile_texts())
def test_quotes_read_back_exactly(quote: str, title: str, question: str) -> None:
    """The exported page shows each quote exactly, without foreign markup."""
    cited = citation(
        quote, before=title, title=title, source=question, url="https://a.example/<b>&_*[x]"
    )
    one = Turn(question=question, searched=title, reply=reply(question, cited), asked=ASKED)
    seen = read(to_markdown(Conversation(turns=(one,))))
    assert seen.kinds <= OURS
    assert [words for words in seen.quotes if words] == ([shown(quote)] if quote else [])
    address = "https://a.example/%3Cb%3E&_*%5Bx%5D" + ("#:~:text=" if quote.strip() else "")
    assert all(link.startswith(address) for link in seen.links)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_article_is_exported_as_words(text: str) -> None:
    """Titles, authors and questions begin no markup."""
    cited = citation(text, title=text, source=text, article=text, role=Role.COMMENT, author=text)
    one = Turn(question=text, searched=f"{text} ", reply=reply(text, cited), asked=ASKED)
    seen = read(to_markdown(Conversation(turns=(one,))))
    assert seen.kinds <= OURS - {"link_open", "link_close"}
    assert seen.quotes == [text]


def test_an_export_by_hand() -> None:
    """An export has questions, searched texts, filters, quotes and numbered citations."""
    first = turn("who bought the cannery?", "its own workers", article="gazette/a.txt")
    cited = citation(
        "on Thursday",
        before="The cannery was bought ",
        url="https://gazette.example/a",
        source="Fellside Gazette",
    )
    second = Turn(
        question="when?",
        searched="when the workers bought the cannery",
        filters=Filters(sources=("Fellside Gazette",), comments=True),
        reply=reply("when the workers bought the cannery", cited),
        asked=ASKED,
    )
    third = turn("who shot JFK?")
    assert to_markdown(Conversation(turns=(first, second, third))) == (
        "# Questions and answers\n"
        "\n"
        "## 1. who bought the cannery?\n"
        "\n"
        "Asked 5 June 2024, 09:31 +00:00, index generation 20240605T090000-abcdef.\n"
        "\n"
        "Read as: question about a fact\n"
        "\n"
        "**its own workers** (very likely)\n"
        "\n"
        "1. > its own workers\n"
        "\n"
        "   A title · Harbour Post · 22 March 2024 · article gazette/a.txt, "
        "characters 100–115\n"
        "\n"
        "## 2. when?\n"
        "\n"
        "Asked 5 June 2024, 09:31 +00:00, index generation 20240605T090000-abcdef.\n"
        "\n"
        "Searched for: when the workers bought the cannery\n"
        "\n"
        "Only: Fellside Gazette · with reader comments\n"
        "\n"
        "Read as: question about a fact\n"
        "\n"
        "**on Thursday** (very likely)\n"
        "\n"
        "2. > on Thursday\n"
        "\n"
        "   [A title](<https://gazette.example/a#:~:text=cannery%20was%20bought-,on%20Thursday>)"
        " · Fellside Gazette · 22 March 2024 · article a.md, characters 123–134\n"
        "\n"
        "   In full: The cannery was bought on Thursday\n"
        "\n"
        "## 3. who shot JFK?\n"
        "\n"
        "Asked 5 June 2024, 09:31 +00:00, index generation 20240605T090000-abcdef.\n"
        "\n"
        "Read as: question about a fact\n"
        "\n"
        "No answer found.\n"
    )


def test_silence_shows_what_came_closest_as_such() -> None:
    """Without an answer it shows at most three passages and no confidence."""
    silent = Turn(
        question="who?",
        searched="who?",
        reply=reply("who?", *[citation(word, article=word) for word in "abcd"], abstained=True),
        asked=ASKED,
    )
    seen = read(to_markdown(Conversation(turns=(silent,))))
    assert "No answer found. The closest passages:" in seen.text
    assert seen.quotes == ["a", "b", "c"]
    assert "confidence" not in seen.text


def exported(**changed: object) -> str:
    """The export of a turn whose reply has one answer, with those changes."""
    given = reply("who stopped?", citation("the contractor", before="It was "))
    one = Turn(
        question="who stopped?",
        searched="who stopped?",
        reply=given.model_copy(update=changed),
        asked=ASKED,
    )
    return to_markdown(Conversation(turns=(one,)))


def test_a_possible_answer_is_exported_as_possible() -> None:
    """The label stands before the words, after a line that says what it means."""
    text = exported(outcome=Outcome.POSSIBLE)
    assert "This is not certain. Check it in the article before you use it.\n" in text
    assert "\nPossible answer: **the contractor**\n" in text
    assert "ossible" not in exported()


def test_without_an_answer_no_answer_is_exported() -> None:
    """The closest passages are whole sentences; their words are not singled out."""
    text = exported(outcome=Outcome.NOTHING)
    assert "No answer found. The closest passages:\n" in text
    assert "1. > It was the contractor\n" in text
    assert "characters 100–121" in text
    assert "**" not in text
    assert "confidence" not in text


def test_an_export_names_the_kind_and_the_corrected_search() -> None:
    """The reader of an export sees how the question was taken."""
    text = exported(kind=QuestionKind.YES_NO, searched_for="who stopped work?")
    assert "Searched for: who stopped work?\n" in text
    assert "Read as: yes-or-no question\n" in text
    assert "**It was the contractor** (very likely)" in text


def test_an_exported_list_says_that_there_may_be_more() -> None:
    """The number of items is no claim that these are all."""
    note = "1 item; the articles may have more.\n"
    assert note in exported(kind=QuestionKind.LIST)
    assert note not in exported()


def test_keywords_are_exported_as_sentences() -> None:
    """What was found for keywords is no answer."""
    text = exported(kind=QuestionKind.KEYWORDS)
    assert "Matches:\n" in text
    assert "1. > It was the contractor\n" in text
    assert "**" not in text


def of_story(asked: tuple[str, str], best: int | None = None, **changed: object) -> str:
    """The export of a question about a story, whose reply has only its best answer."""
    given = weighed(*asked, best=best)
    given = given.model_copy(update={"answers": given.answers[:1], **changed})
    one = Turn(question=asked[1], searched=asked[1], reply=given, asked=ASKED)
    return to_markdown(Conversation(turns=(one,)))


def test_values_that_differ_are_exported_with_their_citations() -> None:
    """A citation that an answer has is not repeated; the numbers go on."""
    text = of_story(DISPUTED)
    _, _, values = text.partition("Sources differ:\n")
    assert (
        "**about 15,000** · Thrawl Valley Courier · 2 December 2024 · in 1 article · Disputed\n"
        "\n2. > about 15,000\n"
    ) in values
    assert "1. > 23,000" in text
    assert "1. > 23,000" not in values
    assert "2 December 2024 · said by Larkrail · article tram-line/a6.md" in text


def test_a_correction_is_exported_above_the_answer() -> None:
    """The day comes first, then the correction as a citation, then the corrected words."""
    text = of_story(CORRECTED, best=0, as_of=date(2025, 4, 1))
    parts = (
        "As of 1 April 2025",
        "Corrected on 6 June 2024:\n\n1. > Correction: In our report",
        "**17** (very likely)\n\nCorrected on 6 June 2024; later reported as 16.\n",
        "Reported over time:\n",
    )
    assert [text.index(part) for part in parts] == sorted(text.index(part) for part in parts)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_values_are_exported_as_words(text: str) -> None:
    """Values, speakers and corrections begin no markup."""
    speaker = Speaker(name=text, start=0, end=1)
    facts = {"source": text, "speaker": speaker, "manner": "denied", "via": f"{text}!"}
    cited = citation("23", before=text, title=text, **facts)
    days = {"first_reported": None, "last_reported": None, "sources": 1, "citations": (cited,)}
    values = tuple(
        ReportedValue(text=words, status=status, correction=cited, **days)
        for words, status in ((text, "corrected"), (f"{text} 2", "disputed"))
    )
    given = reply(text, citation("17")).model_copy(update={"values": values})
    answer = given.answers[0].model_copy(update={"status": "corrected", "correction": cited})
    given = given.model_copy(update={"answers": (answer,)})
    one = Turn(question=text, searched=text, reply=given, asked=ASKED)
    assert read(to_markdown(Conversation(turns=(one,)))).kinds <= OURS - {"link_open", "link_close"}
