"""Prints answers with their citations and values, hits and articles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from pullquote.answering.reply_labels import (
    KIND_LABELS,
    NO_ANSWER,
    POSSIBLE_HELP,
    likelihood_of,
    list_note,
    outcome_heading,
    was_changed,
)
from pullquote.base.console import one_line, out, print_note, say, visible, when, write
from pullquote.base.plurals import quote_marks
from pullquote.schema import (
    Answer,
    Article,
    Citation,
    Hit,
    Outcome,
    QuestionKind,
    Reply,
    Role,
    WordDifference,
)
from pullquote.schema.answer import (
    correction_words,
    status_words,
    support_words,
    value_facts,
    values_heading,
)

if TYPE_CHECKING:
    from pullquote.newsroom.assistant import Assistant


def print_citations(citations: Sequence[Citation]) -> None:
    """Print the place of each citation on a line with a number."""
    for number, citation in enumerate(citations, start=1):
        say(f"[{number}] {_place(citation)}", style="dim", indent=2)


def print_quote(citation: Citation, *, indent: int = 2) -> None:
    """Print the sentence of a citation and its place."""
    say(in_quote_marks(citation.sentence), indent=indent)
    say(_place(citation), style="dim", indent=indent)


def in_quote_marks(text: str) -> str:
    """A text on one line in quote marks."""
    marks = quote_marks(text)
    return f"{marks[0]}{one_line(text)}{marks[1]}"


def _place(citation: Citation) -> str:
    characters = f"characters {citation.start}-{citation.end}"
    place = ", ".join(filter(None, [*citation.details, citation.role_words, characters]))
    parts = (
        citation.title,
        citation.source,
        when(citation.published),
        *citation.whereabouts[:-1],
        citation.said_by,
        place,
        citation.article,
    )
    return " · ".join(one_line(part) for part in parts if part)


def print_correction(answer: Answer) -> None:
    """Print the sentence that corrects an answer, before the answer."""
    if answer.correction is not None:
        say(f"{correction_words(answer)}:", style="bold yellow")
        print_quote(answer.correction)
        say("")


def print_status(answer: Answer, reply: Reply) -> None:
    """Print what became of an answer, if that is known."""
    if words := status_words(answer, reply.values):
        say(one_line(words), style="yellow", indent=2)


def print_values(reply: Reply) -> None:
    """Print all values, if there are several. A quote follows unless an answer above has it."""
    heading = values_heading(reply.values)
    if not heading:
        return
    printed = {cited for answer in reply.shown for cited in (*answer.citations, answer.correction)}
    say(f"{heading}:", style="bold")
    for value in reply.values:
        facts = (value.text, *value_facts(value, reply.values))
        say(" · ".join(map(one_line, facts)), indent=2)
        if printed.isdisjoint(value.citations):
            print_quote(value.citations[0], indent=4)
        if value.correction is not None and value.correction not in printed:
            say(f"{correction_words(value)}:", style="yellow", indent=4)
            print_quote(value.correction, indent=4)
    say("")


_STYLES = {
    Role.HEADLINE: "bold",
    Role.STANDFIRST: "italic",
    Role.BYLINE: "cyan",
    Role.CAPTION: "magenta",
    Role.CORRECTION: "yellow",
    Role.COMMENT: "blue",
    Role.BOILERPLATE: "dim",
}


def print_note_damaged(assistant: Assistant) -> None:
    """Print a note if the previous generation is used because the current one is damaged."""
    if assistant.damage is not None:
        print_note(f"answers come from the previous generation of the index. {assistant.damage}")


def print_note_uncalibrated(assistant: Assistant) -> None:
    """Print a note if confidence is not a probability, as it was fitted to a different reader."""
    if not assistant.is_calibrated:
        print_note(
            "confidence was fitted to a different reader or encoder. It orders the answers, but is "
            "not a probability. To calibrate it, run pullquote calibrate --questions FILE."
        )


def print_reply(reply: Reply) -> None:
    """Print the answers with their citations, and how the question was read.

    Without an answer, the closest passages are printed as whole sentences.
    """
    _print_searched(reply)
    for note in reply.scope_notes:
        say(f"{note}\n", style="dim")
    _print_outcome(reply)
    say(f"Read as: {KIND_LABELS[reply.kind]}", style="dim")


def _print_outcome(reply: Reply) -> None:
    """Print the answers under a line that names the outcome, then all values if they differ."""
    if not reply.answers:
        say(f"{NO_ANSWER} No article comes near this question.")
        return
    if reply.abstained:
        say(f"{NO_ANSWER} The closest passages:\n", style="bold")
        for answer in reply.shown:
            _print_passage(answer)
        return
    if heading := outcome_heading(reply):
        say(heading, style="bold")
    if reply.outcome is Outcome.POSSIBLE:
        say(f"{POSSIBLE_HELP}\n", style="yellow")
    if note := list_note(reply):
        say(f"{note}\n", style="dim")
    for answer in reply.shown:
        if reply.kind is QuestionKind.KEYWORDS:
            _print_passage(answer)
        else:
            _print_answer(answer, reply)
    print_values(reply)


def print_hits(hits: Sequence[Hit]) -> None:
    """Print passages with their scores."""
    for number, hit in enumerate(hits, start=1):
        passage = hit.passage
        role = "" if passage.role is Role.BODY else f"{passage.role.words}, "
        place = f"{role}characters {passage.start}-{passage.end}"
        bm25 = "–" if hit.bm25 is None else f"{hit.bm25:.2f}"
        say(f"[{number}] {_headline(hit.article)} · {place}", style="bold")
        scores = f"cosine {hit.cosine:.3f} · bm25 {bm25} · fused {hit.fused_score:.4f}"
        if hit.rerank_logit is not None:
            scores += f" · rerank {hit.rerank_logit:.2f}"
        say(scores, style="dim", indent=2)
        say(f"{one_line(passage.text)}\n", indent=2)
    if not hits:
        say("No passage was found.")


def print_article(article: Article) -> None:
    """Print an article, each block with its role, position and, for a comment, its author."""
    say(f"{_headline(article)}  ({one_line(article.id)})\n", style="bold")
    if article.unread_pages:
        pages = ", ".join(map(str, article.unread_pages))
        say(f"Pages that are pictures and were not read: {pages}\n", style="yellow")
    for block in article.blocks:
        comment = (block.author, when(block.time)) if block.author is not None else ()
        author = "".join(f" · {one_line(part)}" for part in comment if part)
        page = f" · page {block.page}" if block.page is not None else ""
        layout = f" · layout {block.layout}" if block.layout is not None else ""
        ocr = "" if block.recognised is None else f" · OCR, {block.recognised:.0%} certain"
        place = f"{block.start}-{block.end}{page}{layout}{ocr}"
        say(f"{block.role.words} {place}{author}", style="dim")
        text = article.text[block.start : block.end]
        say(f"{text}\n", style=_STYLES.get(block.role, ""))


def print_copies(copies: Sequence[str]) -> None:
    """Print the ids of near duplicates."""
    for copy in copies:
        say(f"near-copy: {one_line(copy)}", style="dim")


def _print_searched(reply: Reply) -> None:
    """Print the text that was searched for, if it differs from the question."""
    if was_changed(reply):
        words = ", ".join(f"“{one.typed}”" for one in reply.corrections)
        instead = f" (instead of {one_line(words)})" if words else ""
        say(f"Searched for: {one_line(reply.searched_for)}{instead}\n", style="dim")


def _print_answer(answer: Answer, reply: Reply) -> None:
    """Print an answer, its sentence and its citations; a yes-or-no answer is a whole sentence."""
    first = answer.citations[0]
    text = first.sentence if reply.kind is QuestionKind.YES_NO else answer.text
    possible = reply.outcome is Outcome.POSSIBLE
    label = "possible answer" if possible else likelihood_of(answer, reply)
    label = f"{label} · " if label else ""
    print_correction(answer)
    say(one_line(text), style="bold")
    say(f"{label}confidence {answer.confidence:.2f}{_support(answer)}", style="dim", indent=2)
    print_status(answer, reply)
    if first.sentence != text:
        say(in_quote_marks(first.sentence), indent=2)
    _print_citations(answer)


def _print_passage(answer: Answer) -> None:
    """Print a sentence without saying that it answers."""
    say(in_quote_marks(answer.citations[0].sentence), indent=2)
    _print_citations(answer)


def _print_citations(answer: Answer) -> None:
    print_citations(answer.citations)
    say("")


def _support(answer: Answer) -> str:
    """How many articles or independent sources give this answer; empty for one article."""
    articles = len({citation.article for citation in answer.citations})
    return f" · {support_words(answer)}" if articles > 1 else ""


def _headline(article: Article) -> str:
    """The article's title, source and day."""
    parts = (article.title, article.source, when(article.published))
    return " · ".join(one_line(part) for part in parts if part)


_MARKS = {"same": ("", ""), "removed": ("[-", "-]"), "added": ("{+", "+}")}
_COLOURS = {"same": "", "removed": "red", "added": "green"}


def print_word_changes(changes: Sequence[WordDifference]) -> None:
    """Print the words of two texts: [-removed-] and {+added+}."""
    printed = [_marked(one) for one in changes]
    if out.file.isatty():
        styles = [_COLOURS[one.kind] for one in changes]
        parts = [Text(text, style) for text, style in zip(printed, styles, strict=True)]
        out.print(Text("  ") + Text(" ").join(parts))
    else:
        write("  " + " ".join(printed))


def _marked(change: WordDifference) -> str:
    left, right = _MARKS[change.kind]
    return f"{left}{one_line(visible(change.text))}{right}"
