"""Terminal output contains no control characters, and quotes are unchanged."""

from __future__ import annotations

import io
import json
from datetime import date, datetime

import pytest
from rich.console import Console

from pullquote.base.console import json_text, print_error, print_json, visible
from pullquote.cli.asking import print_hits, print_reply
from pullquote.cli.index import print_report
from pullquote.cli.terminal import in_quote_marks, print_article
from pullquote.index import Report
from pullquote.index.manifest import FailedFile
from pullquote.schema import (
    Answer,
    Article,
    Block,
    Citation,
    Correction,
    Hit,
    Outcome,
    Passage,
    QuestionKind,
    Reply,
    ReportedValue,
    Role,
    Speaker,
)
from weighed import CHANGED, CORRECTED, DISPUTED, weighed

EVIL = "\x1b]0;owned\x07\x9b2J\u202eright to left\x00"
"""A window title, an erased screen, reversed text, a NUL."""

TEXT = f"The mayor{EVIL} resigned\r\nafter\tthe vote."


class Screen(io.StringIO):
    """A terminal that records its output."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def screen(monkeypatch):
    """A terminal 20 characters wide, without colours."""
    screen = Screen()
    console = Console(file=screen, width=20, force_terminal=True, color_system=None)
    monkeypatch.setattr("pullquote.base.console.out", console)
    return screen


def article() -> Article:
    block = Block(role=Role.COMMENT, start=0, end=len(TEXT), author=EVIL, time=None)
    return Article(
        id=f"{EVIL}.txt", version="", text=TEXT, blocks=(block,), title=EVIL, source=EVIL
    )


def reply(text: str = TEXT, *, sentence: str | None = None, role: Role = Role.BODY) -> Reply:
    citation = Citation(
        article="a.txt",
        title="Mayor goes",
        published=datetime.fromisoformat("2024-05-31T09:00:00+02:00"),
        source="Harbour Post",
        role=role,
        author=None,
        start=10,
        end=10 + len(text),
        quote=text,
        sentence=text if sentence is None else sentence,
        sentence_start=10,
        version="",
        url=None,
    )
    answer = Answer(text=text, confidence=0.83, citations=(citation,))
    return Reply(question="who?", abstained=False, answers=(answer,), generation="g", took_ms=1)


def obeyed(printed: str) -> list[str]:
    """The characters of an output that a terminal would obey."""
    return [c for c in printed if c < " " and c not in "\n\t"] + [
        c for c in printed if "\x7f" <= c <= "\x9f" or c in "\u202a\u202b\u202c\u202d\u202e"
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[2Jb", "a\ufffd[2Jb"),
        ("\x9b\x7f\x00", "\ufffd\ufffd\ufffd"),
        ("\u202egnp.exe\u2069", "\ufffdgnp.exe\ufffd"),
        ("a\tb\nc", "a\tb\nc"),
        ("a\r\nb\rc\fd\u2028e", "a\nb\nc\nd\ne"),
        ("caf\udce9", "caf\ufffd"),
        ("“£5” – שלום 👩‍🚒", "“£5” – שלום 👩‍🚒"),
    ],
)
def test_what_a_terminal_would_obey_is_made_visible(text, shown):
    """Controls and bidi overrides are replaced one for one; tabs and line ends stay."""
    assert visible(text) == shown


def test_nothing_from_an_article_is_obeyed(capsys):
    """Title, source, author, file name and text, in every kind of output."""
    found = article()
    passage = Passage(1, found.id, Role.BODY, 0, len(TEXT), TEXT, "")
    print_article(found)
    print_hits([Hit(passage=passage, article=found, cosine=0.5, bm25=None, fused_score=0.1)])
    cited = reply().answers[0].citations[0]
    evil = {"article": EVIL, "title": EVIL, "source": EVIL, "author": EVIL, "role": Role.COMMENT}
    answer = Answer(text=TEXT, confidence=0.5, citations=(cited.model_copy(update=evil),))
    print_reply(reply().model_copy(update={"answers": (answer,)}))
    print_report(report(FailedFile(path=EVIL, reason=EVIL), note=EVIL))
    print_error(EVIL)
    printed = capsys.readouterr()
    assert obeyed(printed.out + printed.err) == []
    assert printed.out.count("right to left") == 14
    assert printed.err.count("right to left") == 3


def test_markup_and_emoji_codes_of_an_article_stay_text(capsys):
    """Text that looks like Rich's markup is printed unchanged."""
    print_reply(reply("[bold]Fire[/] :fire: \\"))
    assert capsys.readouterr().out.startswith("[bold]Fire[/] :fire: \\\n")


def test_answer_for_a_program_is_whole_lines(capsys):
    """Words, confidence, sentence and citation are on one line each; line breaks become spaces."""
    print_reply(reply("the deputy\nchief", sentence="He said the deputy\nchief agreed."))
    assert capsys.readouterr().out == (
        "the deputy chief\n"
        "  very likely · confidence 0.83\n"
        "  “He said the deputy chief agreed.”\n"
        "  [1] Mayor goes · Harbour Post · 31 May 2024, 09:00 · characters 10-26 · a.txt\n"
        "\n"
        "Read as: question about a fact\n"
    )


def test_answer_in_a_narrow_terminal_keeps_its_words(screen):
    """In 20 columns the answer is wrapped between words, apart from the confidence."""
    print_reply(reply("the deputy national police chief"))
    lines = [line.rstrip() for line in screen.getvalue().splitlines()]
    assert lines[:4] == [
        "the deputy national",
        "police chief",
        "  very likely ·",
        "  confidence 0.83",
    ]


def test_articles_of_one_source_are_not_taken_for_several(capsys):
    """The articles and independent sources of an answer are counted; a single one is not."""
    cited = reply("Fire").answers[0].citations[0]
    others = [cited.model_copy(update={"article": id}) for id in ("b.txt", "c.txt")]
    for sources in (1, 2):
        answer = Answer(text="Fire", confidence=0.5, citations=(cited, *others), sources=sources)
        print_reply(reply().model_copy(update={"answers": (answer,)}))
    print_reply(reply("Fire"))
    output = [line.strip() for line in capsys.readouterr().out.splitlines() if "confidence" in line]
    assert output == [
        "likely · confidence 0.50 · from 1 independent source",
        "likely · confidence 0.50 · from 2 independent sources",
        "very likely · confidence 0.83",
    ]


def test_comment_is_labelled_as_no_reporting(capsys):
    """A reader's words are labelled, also when the reader has no name."""
    print_reply(reply("It is late.", role=Role.COMMENT))
    assert (
        "reader comment by an unnamed reader (not part of the report)," in capsys.readouterr().out
    )


def test_article_is_printed_as_it_is_stored(capsys):
    """Each block's text is printed with its line breaks."""
    text = "Late\n\nThe ferry is\n\tlate."
    blocks = (
        Block(role=Role.HEADLINE, start=0, end=4),
        Block(role=Role.BODY, start=6, end=len(text)),
    )
    print_article(Article(id="a.txt", version="", text=text, blocks=blocks, title="Late"))
    assert capsys.readouterr().out == (
        "Late  (a.txt)\n\nheadline 0-4\nLate\n\ntext 6-25\nThe ferry is\n\tlate.\n\n"
    )


def report(*failed: FailedFile, note: str | None = None) -> Report:
    return Report(
        added=1,
        changed=0,
        renamed=0,
        removed=0,
        unchanged=0,
        failed=failed,
        superseded=(),
        skipped=0,
        embedded=1,
        reused=0,
        articles=1,
        passages=1,
        generation="g",
        seconds=1,
        note=note,
    )


@pytest.mark.parametrize(
    ("counts", "line"),
    [
        ({"added": 2, "articles": 2}, "2 added. 2 articles, 1.0 s."),
        (
            {"removed": 1, "unchanged": 3, "articles": 3},
            "1 removed, 3 unchanged. 3 articles, 1.0 s.",
        ),
        ({"added": 0, "unchanged": 1}, "No changes. 1 article, 1.0 s."),
    ],
)
def test_rebuild_is_reported_in_a_line(capsys, counts, line):
    """The line lists the changes, or says that there are none, with correct plurals."""
    print_report(report().model_copy(update={"added": 0, **counts}))
    assert capsys.readouterr().out.splitlines()[0] == line


def test_pages_are_printed(capsys):
    """Citations and articles show page numbers, and which pages have no text."""
    cited = reply("Fire").answers[0].citations[0].model_copy(update={"page": 12})
    answer = Answer(text="Fire", confidence=0.5, citations=(cited,))
    print_reply(reply().model_copy(update={"answers": (answer,)}))
    block = Block(role=Role.BODY, start=0, end=4, page=3)
    print_article(
        Article(id="a", version="", text="Fire", blocks=(block,), title="T", unread_pages=(1, 2))
    )
    printed = " ".join(capsys.readouterr().out.split())
    assert "page 12, characters 10-14" in printed
    assert "Pages that are pictures and were not read: 1, 2 text 0-4 · page 3" in printed


def test_an_uncertain_layout_is_printed(capsys):
    """Citations and articles say where the order of a PDF page is doubtful."""
    cited = reply("Fire").answers[0].citations[0]
    cited = cited.model_copy(update={"page": 12, "layout": "uncertain"})
    answer = Answer(text="Fire", confidence=0.5, citations=(cited,))
    print_reply(reply().model_copy(update={"answers": (answer,)}))
    block = Block(role=Role.BODY, start=0, end=4, page=3, layout="uncertain")
    print_article(Article(id="a", version="", text="Fire", blocks=(block,), title="T"))
    printed = " ".join(capsys.readouterr().out.split())
    assert "page 12, layout uncertain, characters 10-14" in printed
    assert "text 0-4 · page 3 · layout uncertain" in printed


def test_json_has_nothing_that_a_terminal_obeys(capsys):
    """The JSON parses to the same characters, and letters of any script are readable in it."""
    value = {f"key {chr(code)}": chr(code) for code in [*range(0x100), *range(0x2020, 0x2070)]}
    value |= {"script": "Ñandú العربية 中文", "lone": "\udcff", "evil": EVIL}
    for in_a_line in (True, False):
        text = json_text(value, in_a_line=in_a_line)
        assert json.loads(text) == value
        assert visible(text) == text
        assert "Ñandú العربية 中文" in text
    print_json("\x85\x7f\u2028\u202e", in_a_line=True)
    assert capsys.readouterr().out == '"\\u0085\\u007f\\u2028\\u202e"\n'


def printed(capsys, **changed: object) -> str:
    """What is printed of a reply with one answer and those changes."""
    print_reply(reply("Fire", sentence="Fire broke out.").model_copy(update=changed))
    return capsys.readouterr().out


def test_a_possible_answer_is_printed_as_possible(capsys):
    """The label stands above the answers and at each of them."""
    out = printed(capsys, outcome=Outcome.POSSIBLE)
    assert out.startswith(
        "Possible answer\nThis is not certain. Check it in the article before you use it.\n\nFire\n"
        "  possible answer · confidence 0.83\n"
    )
    assert "ossible" not in printed(capsys)


def test_without_an_answer_whole_sentences_are_printed(capsys):
    """No words are singled out, and there is no confidence."""
    out = printed(capsys, outcome=Outcome.NOTHING)
    assert out.startswith("No answer found. The closest passages:\n\n  “Fire broke out.”\n  [1]")
    assert "confidence" not in out


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [("“It burns,” he said.", "‘“It burns,” he said.’"), ("It's on fire.", "“It's on fire.”")],
)
def test_a_sentence_with_quote_marks_is_put_into_single_ones(sentence, shown):
    """Two pairs of the same marks would be hard to read."""
    assert in_quote_marks(sentence) == shown


def test_the_kind_and_the_corrected_search_are_printed(capsys):
    """The search stands first if it is not the question; the kind is the last line."""
    corrections = (Correction(typed="fyre", used="fire"),)
    out = printed(capsys, searched_for="fire", corrections=corrections, kind=QuestionKind.KEYWORDS)
    assert out.startswith(
        "Searched for: fire (instead of “fyre”)\n\nMatches\n  “Fire broke out.”\n"
    )
    assert out.endswith("\nRead as: keywords\n")
    assert "confidence" not in out


def test_a_list_says_that_the_articles_may_have_more(capsys):
    """The number of items is no claim that these are all."""
    note = "1 item; the articles may have more."
    assert note in printed(capsys, kind=QuestionKind.LIST)
    assert note not in printed(capsys, kind=QuestionKind.LIST, outcome=Outcome.NOTHING)
    assert note not in printed(capsys)


def test_yes_or_no_is_answered_in_the_terminal_by_the_sentence(capsys):
    """The words of the article answer, and not a word of our own."""
    out = printed(capsys, kind=QuestionKind.YES_NO)
    assert out.startswith("Fire broke out.\n  very likely · confidence 0.83\n  [1]")
    assert out.endswith("Read as: yes-or-no question\n")


def lines(capsys, reply: Reply) -> list[str]:
    """The lines that are printed of a reply."""
    print_reply(reply)
    return [line.strip() for line in capsys.readouterr().out.splitlines()]


def test_values_that_differ_are_printed_below_the_answer(capsys):
    """Each has its papers and days; a quote follows unless an answer above has it."""
    given = weighed(*DISPUTED)
    printed = lines(capsys, given.model_copy(update={"answers": given.answers[:1]}))
    assert "Also reported as about 15,000." in printed
    at = printed.index("Sources differ:")
    assert printed[at + 1 : at + 4] == [
        "23,000 · Kettlemoor Plaindealer · 2 December 2024 · in 1 article · Disputed",
        "about 15,000 · Thrawl Valley Courier · 2 December 2024 · in 1 article · Disputed",
        "“The police, who counted at the stops, said about 15,000 people took a tram.”",
    ]
    assert any("2 December 2024 · said by Larkrail · characters" in line for line in printed)


def test_values_that_change_are_printed_in_order_of_time(capsys):
    """The latest is the last."""
    printed = lines(capsys, weighed(*CHANGED))
    at = printed.index("Reported over time:")
    assert [line.partition(" ")[0] for line in printed[at + 1 : at + 5]] == [
        *("£214m", "£238m", "£251m", "£259.3m"),
    ]
    assert printed[at + 1].endswith("Outdated since 16 May 2024")


def test_a_correction_is_printed_above_the_answer(capsys):
    """The day of the state comes first, then the correction, then the words that were wrong."""
    given = weighed(*CORRECTED, best=0).model_copy(update={"as_of": date(2025, 4, 1)})
    printed = lines(capsys, given)
    at = printed.index("Corrected on 6 June 2024:")
    assert printed[0].startswith("As of 1 April 2025")
    assert printed[at + 1].startswith("“Correction: In our report of 1 February")
    assert printed.index("17") > at + 1


def test_nothing_of_a_value_is_obeyed(capsys):
    """Hostile words in every new place are made visible."""
    cited = reply().answers[0].citations[0]
    speaker = Speaker(name=EVIL, start=0, end=1)
    facts = {"source": EVIL, "sentence": EVIL, "speaker": speaker, "manner": "said", "via": EVIL}
    evil = cited.model_copy(update=facts)
    one = ReportedValue(
        text=EVIL,
        status="corrected",
        first_reported=None,
        last_reported=None,
        sources=1,
        citations=(evil,),
        correction=evil,
    )
    other = one.model_copy(update={"text": f"{EVIL}2", "status": "disputed"})
    answer = Answer(
        text=EVIL, confidence=0.5, citations=(cited,), status="corrected", correction=evil
    )
    changed = {"answers": (answer,), "values": (one, other)}
    print_reply(reply().model_copy(update=changed))
    assert obeyed(capsys.readouterr().out) == []
