"""The commands `ask`, `retrieve`, `show` and `chat`."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pullquote.answering.reply_labels import (
    KIND_LABELS,
    POSSIBLE_HELP,
    likelihood_of,
    list_note,
    outcome_heading,
    was_changed,
)
from pullquote.base.console import one_line, print_error, print_json, say
from pullquote.base.wording import CLOSEST, NO_ANSWER
from pullquote.cli.batches import ConversationsOption, answer_all, answer_conversations
from pullquote.cli.options import (
    AsOfOption,
    HitsOption,
    IndexOption,
    JsonOption,
    WrongOption,
    filter_option,
    filters_from,
    query_options_from,
)
from pullquote.cli.terminal import (
    headline,
    in_quote_marks,
    opened,
    print_article,
    print_citations,
    print_note_uncalibrated,
    print_quote,
    print_result,
    searching,
    waiting,
)
from pullquote.schema import Answer, Filters, Hit, Outcome, QuestionKind, Reply, Role
from pullquote.schema.answer import (
    correction_words,
    status_words,
    support_words,
    value_facts,
    values_heading,
)
from pullquote.schema.errors import PullquoteError, SettingsError
from pullquote.schema.filter_parameters import with_filters, with_filters_and_query_options

if TYPE_CHECKING:  # this import loads FAISS
    from pullquote.conversation.session import ConversationSession

ANSWERED, FAILED, ABSTAINED = 0, 1, 3


@with_filters_and_query_options(filter_option)
def ask(
    question: Annotated[str | None, typer.Argument(help="The question.")] = None,
    questions: Annotated[
        Path | None,
        typer.Option(
            "--questions",
            metavar="FILE",
            help='JSON Lines file of {"id", "question"}, or - for standard input; needs --json.',
        ),
    ] = None,
    conversations: ConversationsOption = None,
    index: IndexOption = None,
    k: HitsOption = None,
    *,
    wrong_at_most: WrongOption = None,
    as_json: JsonOption = False,
    **options: object,
) -> None:
    """Answer a question in the exact words of the articles, with citations.

    A possible answer is labelled: it may be wrong, so check it in the article.

    Exit status: 0 an answer or a possible one, 3 no answer in the corpus, 1 error, 2 a mistyped
    command.

    Example: `pullquote ask "who agreed to the Interpol centre?"`, or, from what was known on a day,
    `pullquote ask "when will the ferry terminal open?" --as-of 2024-03-31`
    """
    if [question, questions, conversations].count(None) != 2:
        raise SettingsError(
            "Give one QUESTION, or several in a file with --questions FILE --json or "
            "--conversations FILE --json."
        )
    if question is None and not as_json:
        raise SettingsError("--questions and --conversations print JSON Lines; add --json.")
    query = query_options_from(options)
    chosen = filters_from(options)
    with searching(index, wrong_at_most=wrong_at_most, quiet=as_json) as assistant:
        if questions is not None:
            good = answer_all(assistant, questions, k=k, filters=chosen, options=query)
            raise typer.Exit(ANSWERED if good else FAILED)
        if conversations is not None:
            good = answer_conversations(
                assistant, conversations, k=k, filters=chosen, as_of=query.as_of
            )
            raise typer.Exit(ANSWERED if good else FAILED)
        reply = assistant.ask(str(question), k=k, filters=chosen, **asdict(query))
        print_note_uncalibrated(assistant)
    print_result(reply, print_reply, as_json=as_json)
    raise typer.Exit(ABSTAINED if reply.abstained else ANSWERED)


@with_filters(filter_option)
def retrieve(
    question: Annotated[str, typer.Argument(help="The question.")],
    index: IndexOption = None,
    k: HitsOption = None,
    *,
    as_json: JsonOption = False,
    **filters: object,
) -> None:
    """Show the passages that best match a question, with their scores.

    Example: `pullquote retrieve "human trafficking in Myanmar" -k 5`
    """
    chosen = filters_from(filters)
    with searching(index, quiet=as_json) as assistant:
        hits = assistant.retrieve(question, k=k, filters=chosen)
        generation = assistant.generation.name
    if as_json:
        found = [hit.facts() for hit in hits]
        print_json({"question": question, "hits": found, "generation": generation})
    else:
        print_hits(hits)


def show(
    article: Annotated[str, typer.Argument(help="The article's path relative to the corpus.")],
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print an article from the index, each block with its role.

    Example: `pullquote show harbour-post/2024-03-14-ferry-terminal-delay.md`
    """
    with opened(index) as assistant:
        found = assistant.article(article)
        copies = assistant.copies_of(article)
    if as_json:
        print_json({**found.model_dump(mode="json"), "copies": copies})
        return
    for copy in copies:
        say(f"near-copy: {one_line(copy)}", style="dim")
    print_article(found)


PROMPT = "> "
HELP = (
    "Ask a question; a follow-up may be short. /new begins a new conversation, and /quit ends the "
    "chat."
)


@with_filters(filter_option)
def chat(
    index: IndexOption = None,
    k: HitsOption = None,
    *,
    wrong_at_most: WrongOption = None,
    as_of: AsOfOption = None,
    **filters: object,
) -> None:
    """Ask questions in a conversation, as in the web chat.

    A follow-up such as "and when?" is completed from earlier questions. If a different text was
    searched for, it is shown. `/new` begins a new conversation, and `/quit` or Ctrl-D ends
    the chat.

    Example: `pullquote chat`, or `pullquote chat < questions.txt`
    """
    chosen = filters_from(filters)
    with opened(index, wrong_at_most) as assistant:
        print_note_uncalibrated(assistant)
        session = assistant.conversation()
        if sys.stdin.isatty():
            say(HELP)
        for typed in _typed():
            if typed == "/quit":
                break
            if typed == "/new":
                session = assistant.conversation()
                say("New conversation.")
            elif typed.startswith("/"):
                say(f"There is no command {typed}. {HELP}")
            else:
                _answer(session, typed, k=k, filters=chosen, as_of=as_of)


def _answer(
    session: ConversationSession,
    typed: str,
    *,
    k: int | None,
    filters: Filters,
    as_of: date | None,
) -> None:
    """Ask a question and print the reply; an error is printed and does not end the chat."""
    try:
        with waiting("Searching the articles", quiet=False):
            reply = session.ask(typed, k=k, filters=filters, as_of=as_of)
    except PullquoteError as error:
        print_error(str(error))
        return
    from pullquote.answering.retrieval.scope import note_on_filters  # noqa: PLC0415 - loads FAISS

    print_reply(reply)
    if note := note_on_filters(reply, session.turns[-1].filters):
        say(note)


def _typed() -> Iterator[str]:
    """The lines that are typed or piped, without blank ones. Piped lines are also printed."""
    interactive = sys.stdin.isatty()
    if not interactive and isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")
    while True:
        try:
            typed = input(PROMPT if interactive else "").strip()
        except EOFError:
            return
        if typed and not interactive:
            say(f"{PROMPT}{typed}", style="bold")
        if typed:
            yield typed


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


def print_reply(reply: Reply) -> None:
    """Print the answers with their citations, and how the question was read.

    Without an answer, the closest passages are printed as whole sentences.
    """
    if was_changed(reply):
        words = ", ".join(f"“{one.typed}”" for one in reply.corrections)
        instead = f" (instead of {one_line(words)})" if words else ""
        say(f"Searched for: {one_line(reply.searched_for)}{instead}\n", style="dim")
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
        say(f"{NO_ANSWER} {CLOSEST}\n", style="bold")
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
        say(f"[{number}] {headline(hit.article)} · {place}", style="bold")
        scores = f"cosine {hit.cosine:.3f} · bm25 {bm25} · fused {hit.fused_score:.4f}"
        if hit.rerank_logit is not None:
            scores += f" · rerank {hit.rerank_logit:.2f}"
        say(scores, style="dim", indent=2)
        say(f"{one_line(passage.text)}\n", indent=2)
    if not hits:
        say("No passage was found.")


def _print_answer(answer: Answer, reply: Reply) -> None:
    """Print an answer, its sentence and its citations; a yes-or-no answer is a whole sentence."""
    first = answer.citations[0]
    text = first.sentence if reply.kind is QuestionKind.YES_NO else answer.text
    possible = reply.outcome is Outcome.POSSIBLE
    label = "possible answer" if possible else likelihood_of(answer, reply)
    label = f"{label} · " if label else ""
    if answer.correction is not None:
        say(f"{correction_words(answer)}:", style="bold yellow")
        print_quote(answer.correction)
        say("")
    say(one_line(text), style="bold")
    say(f"{label}confidence {answer.confidence:.2f}{_support(answer)}", style="dim", indent=2)
    if words := status_words(answer, reply.values):
        say(one_line(words), style="yellow", indent=2)
    if first.sentence != text:
        say(in_quote_marks(first.sentence), indent=2)
    print_citations(answer.citations)


def _print_passage(answer: Answer) -> None:
    """Print a sentence without saying that it answers."""
    say(in_quote_marks(answer.citations[0].sentence), indent=2)
    print_citations(answer.citations)


def _support(answer: Answer) -> str:
    """How many articles or independent sources give this answer; empty for one article."""
    articles = len({citation.article for citation in answer.citations})
    return f" · {support_words(answer)}" if articles > 1 else ""
