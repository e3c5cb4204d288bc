"""Prints answers, hits and articles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pullquote.plurals import counted
from pullquote.schema import Answer, Article, Citation, Hit, Reply, Role
from pullquote.terminal.console import headline, one_line, print_note, say, when

if TYPE_CHECKING:  # this import loads FAISS
    from pullquote.assistant import Assistant

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
    """Print the answers with their citations, or the closest passages if the reply abstains."""
    if not reply.answers:
        say("The corpus does not say: no article comes near this question.")
        return
    if reply.abstained:
        say("The corpus does not say. The closest passages:\n", style="bold")
    for answer in reply.answers[: 3 if reply.abstained else None]:
        _print_answer(answer)


def print_hits(hits: Sequence[Hit]) -> None:
    """Print passages with their scores."""
    for number, hit in enumerate(hits, start=1):
        passage = hit.passage
        place = f"{passage.role}, characters {passage.start}-{passage.end}"
        bm25 = "–" if hit.bm25 is None else f"{hit.bm25:.2f}"
        say(f"[{number}] {headline(hit.article)} · {place}", style="bold")
        scores = f"cosine {hit.cosine:.3f} · bm25 {bm25} · fused {hit.fused_score:.4f}"
        if hit.rerank_logit is not None:
            scores += f" · rerank {hit.rerank_logit:.2f}"
        say(scores, style="dim", indent=2)
        say(f"{one_line(passage.text)}\n", indent=2)
    if not hits:
        say("No passage was found.")


def print_article(article: Article) -> None:
    """Print an article, each block with its role, position and, for a comment, its author."""
    say(f"{headline(article)}  ({one_line(article.id)})\n", style="bold")
    if article.unread_pages:
        pages = ", ".join(map(str, article.unread_pages))
        say(f"Pages that are pictures and were not read: {pages}\n", style="yellow")
    for block in article.blocks:
        comment = (block.author, when(block.time)) if block.author is not None else ()
        author = "".join(f" · {one_line(part)}" for part in comment if part)
        page = f" · page {block.page}" if block.page is not None else ""
        say(f"{block.role} {block.start}-{block.end}{page}{author}", style="dim")
        text = article.text[block.start : block.end]
        say(f"{text}\n", style=_STYLES.get(block.role, ""))


def print_copies(copies: Sequence[str]) -> None:
    """Print the ids of near duplicates."""
    for copy in copies:
        say(f"near-copy: {one_line(copy)}", style="dim")


def _print_answer(answer: Answer) -> None:
    first = answer.citations[0]
    say(one_line(answer.text), style="bold")
    say(f"confidence {answer.confidence:.2f}{_support(answer)}", style="dim", indent=2)
    if first.sentence != answer.text:
        say(f"“{one_line(first.sentence)}”", indent=2)
    for number, citation in enumerate(answer.citations, start=1):
        say(f"[{number}] {_place(citation)}", style="dim", indent=2)
    say("")


def _support(answer: Answer) -> str:
    """How many articles and independent sources give this answer; empty for one article."""
    articles = len({citation.article for citation in answer.citations})
    sources = counted(answer.sources, "independent source")
    return f" · {articles} articles, {sources}" if articles > 1 else ""


def _place(citation: Citation) -> str:
    role = str(citation.role)
    if citation.role is Role.COMMENT:
        speaker = "an unnamed reader" if citation.author is None else citation.author
        role = f"reader comment by {speaker} (not part of the report)"
    place = ", ".join([*citation.details, role, f"characters {citation.start}-{citation.end}"])
    published = when(citation.published)
    parts = (citation.title, citation.source, published, place, citation.article)
    return " · ".join(one_line(part) for part in parts if part)
