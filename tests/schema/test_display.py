"""Replies and articles are short in a prompt, and readable in a notebook."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from markupsafe import escape

from planted import HARBOUR, citation
from pullquote.schema import Answer, Article, Block, Hit, Outcome, Passage, Reply, Role
from strategies import hostile_texts

QUESTION = "who built the harbour that opened in nineteen hundred and eleven?"


def answer(text: str = "Ida Roe", **others: Any) -> Answer:
    """An answer from the article about the harbour."""
    cited = citation("harbour.txt", HARBOUR, text).model_copy(update=others)
    return Answer(text=text, confidence=0.934, citations=(cited,))


def reply(*answers: Answer, outcome: Outcome = Outcome.ANSWER, **others: Any) -> Reply:
    """A reply with these answers."""
    given = {"question": QUESTION, "outcome": outcome, "answers": answers, **others}
    return Reply(**given, generation="g", took_ms=1)


def test_a_reply_is_one_line() -> None:
    """The line has the outcome, the best answer and the question."""
    assert repr(reply(answer(), answer("1911"))) == (
        "Reply(answer: 'Ida Roe' 0.93, 2 answers, "
        "'who built the harbour that opened in nineteen h…')"
    )
    assert str(reply(answer(), outcome=Outcome.NOTHING, question="who?")) == (
        "Reply(nothing, 1 closest, 'who?')"
    )
    assert repr(reply(answer(), outcome=Outcome.POSSIBLE, question="who?")) == (
        "Reply(possible: 'Ida Roe' 0.93, 1 answer, 'who?')"
    )
    assert repr(reply(outcome=Outcome.NOTHING, question="?")) == "Reply(nothing, 0 closest, '?')"


def test_answers_citations_articles_and_hits_are_one_line() -> None:
    """No text is printed in full."""
    text = f"{HARBOUR} " * 9
    article = Article(
        id="harbour.txt",
        version="",
        text=text,
        blocks=(Block(role=Role.BODY, start=0, end=len(text)),),
        title="The harbour",
        source="Post",
    )
    passage = Passage(1, "harbour.txt", Role.BODY, 0, len(text), text, "")
    hit = Hit(passage=passage, article=article, cosine=0.5, bm25=None, fused_score=0.16667)
    assert repr(answer()) == "Answer('Ida Roe' 0.93, 1 citation, harbour.txt)"
    assert repr(answer().citations[0]) == "Citation('Ida Roe', harbour.txt 28-35, body)"
    assert repr(article) == "Article(harbour.txt, 'The harbour', Post, 414 characters)"
    assert repr(hit) == (
        "Hit(harbour.txt 0-414, body, fused 0.1667, "
        "'The harbour opened in 1911. Ida Roe built it. T…')"
    )


@given(hostile_texts())
def test_no_text_breaks_the_line(text: str) -> None:
    """Line breaks and control characters of a question are not printed."""
    line = repr(reply(outcome=Outcome.NOTHING, question=text))
    assert line.isprintable()
    assert len(line) < 300


def test_best_is_none_where_nothing_was_found() -> None:
    """`best` is the answer that is offered; `answers` still has the closest ones."""
    assert reply(answer()).best == answer()
    assert reply(answer(), outcome=Outcome.POSSIBLE).best == answer()
    silent = reply(answer(), outcome=Outcome.NOTHING)
    assert (silent.best, silent.answers) == (None, (answer(),))
    assert reply(outcome=Outcome.NOTHING).best is None
    assert "best" not in reply(answer()).model_dump()


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Outcome.ANSWER, "<mark>Ida Roe</mark> built it."),
        (Outcome.POSSIBLE, "Possible answers"),
        (Outcome.NOTHING, "The closest passages"),
    ],
)
def test_a_notebook_shows_the_outcome_and_the_marked_sentence(outcome: Outcome, words: str) -> None:
    """The answer is marked in its sentence, with its citation below."""
    html = reply(answer(), outcome=outcome)._repr_html_()
    assert words in html
    assert "The harbour opened in 1911. <mark>Ida Roe</mark> built it." in html
    assert "<code>harbour.txt</code> 28–35" in html


@given(hostile_texts())
def test_everything_in_a_notebook_is_escaped(text: str) -> None:
    """A title or question cannot add markup."""
    html = reply(answer(title=text), question=text)._repr_html_()
    encodable = "".join("\ufffd" if c == "\0" or "\ud800" <= c <= "\udfff" else c for c in text)
    assert str(escape(encodable)).replace("$", "<span>$</span>") in html


def test_dollar_signs_are_no_formula_in_a_notebook() -> None:
    """JupyterLab typesets what is between two of them in one text."""
    html = reply(answer(title="From $2.5 million to $3 million"))._repr_html_()
    assert "From <span>$</span>2.5 million to <span>$</span>3 million" in html


def test_only_web_addresses_are_links() -> None:
    """An article cannot name a script as its address."""
    assert 'href="https://post.example/1"' in answer(url="https://post.example/1")._repr_html_()
    assert "href" not in answer(url="javascript:alert(1)")._repr_html_()


def test_a_notebook_needs_no_gradio() -> None:
    """The HTML is made without the web chat."""
    program = (
        "import sys; sys.path.insert(0, 'tests')\n"
        "from schema.test_display import answer\n"
        "assert '<mark>' in answer()._repr_html_()\n"
        "print([one for one in ('gradio', 'pullquote.web') if one in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
