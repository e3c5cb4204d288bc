"""Exports a conversation as Markdown.

All article text is escaped, so that it cannot begin a heading, link, image or HTML. The rendered
page shows every quote character for character. Only control characters, which Markdown cannot
represent, become U+FFFD.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count

from pullquote.answering.reply_labels import (
    KIND_LABELS,
    POSSIBLE_HELP,
    likelihood_of,
    list_note,
    outcome_heading,
    outcome_of,
)
from pullquote.base.dates.day_text import moment_text
from pullquote.base.wording import ASKED_BY_NEWER, CLOSEST, NO_ANSWER, WITH_COMMENTS
from pullquote.conversation.citations import citation_facts, link_to
from pullquote.conversation.markdown_text import escape_address, escape_markdown
from pullquote.conversation.models import Conversation, Turn
from pullquote.schema import (
    Answer,
    Citation,
    Filters,
    Outcome,
    QuestionKind,
    Reply,
    ReportedValue,
    check_kind,
)
from pullquote.schema.answer import correction_words, status_words, value_facts, values_heading
from pullquote.schema.arguments import naming_arguments

_BREAKS = re.compile(r"\s+")


@naming_arguments
def to_markdown(conversation: Conversation) -> str:
    """The questions, exact quotes and numbered citations, in CommonMark.

    Raises:
        SettingsError: the argument is not a conversation.
    """
    check_kind("The conversation", conversation, Conversation, give="a pullquote.Conversation")
    numbers = count(1)
    parts = [f"# {_line(conversation.title or '') or 'Questions and answers'}\n"]
    for place, turn in enumerate(conversation.turns, start=1):
        parts += _turn(turn, place, numbers)
    return "\n".join(parts)


def shown_only(conversation: Conversation) -> Conversation:
    """The conversation without the answers that are not worth showing; see `Reply.shown`."""
    turns = (
        turn
        if turn.reply is None
        else turn.model_copy(
            update={"reply": turn.reply.model_copy(update={"answers": turn.reply.shown})}
        )
        for turn in conversation.turns
    )
    return conversation.model_copy(update={"turns": tuple(turns)})


def _turn(turn: Turn, place: int, numbers: Iterator[int]) -> Iterator[str]:
    yield f"## {place}. {_line(turn.question)}\n"
    yield f"Asked {moment_text(turn.asked)}{_state(turn)}.\n"
    understood = turn.reply if turn.understood else None
    searched = turn.searched if understood is None else understood.searched_for
    if searched != turn.question:
        yield f"Searched for: {_line(searched)}\n"
    if not turn.understood:
        yield f"{ASKED_BY_NEWER}\n"
        return
    if narrowed := [*_narrowed(turn.filters), *map(_line, turn.unknown_filters)]:
        yield f"Only: {' · '.join(narrowed)}\n"
    reply = turn.reply
    if reply is None:
        yield "Not answered.\n"
    else:
        yield f"Read as: {KIND_LABELS[reply.kind]}\n"
        yield from (f"{note}\n" for note in reply.scope_notes)
        yield from _reply(reply, numbers)
    yield from _remarks(turn)


def _remarks(turn: Turn) -> Iterator[str]:
    """The rating and the note; each line of the note is a paragraph."""
    if turn.rating is not None:
        yield f"Rated as {turn.rating}.\n"
    if paragraphs := [_line(line) for line in turn.note.splitlines() if line.strip()]:
        yield "Note:\n"
        yield from (f"{paragraph}\n" for paragraph in paragraphs)


def _reply(reply: Reply, numbers: Iterator[int]) -> Iterator[str]:
    """The answers, labelled if they are only possible; or the closest passages as sentences."""
    if outcome_of(reply) is Outcome.NOTHING:
        yield NO_ANSWER + (f" {CLOSEST}\n" if reply.shown else "\n")
        for answer in reply.shown:
            yield from _sentences(answer, numbers)
        return
    if reply.kind is QuestionKind.KEYWORDS:
        yield f"{outcome_heading(reply)}:\n"
    if reply.outcome is Outcome.POSSIBLE:
        yield f"{POSSIBLE_HELP}\n"
    if note := list_note(reply):
        yield f"{note}\n"
    for answer in reply.shown:
        if reply.kind is QuestionKind.KEYWORDS:
            yield from _sentences(answer, numbers)
        else:
            yield from _answer(answer, numbers, reply)
    if heading := values_heading(reply.values):
        yield f"{heading}:\n"
        for value in reply.values:
            yield from _value(value, numbers, reply)


def _state(turn: Turn) -> str:
    zone = turn.asked.strftime("%z")
    at = f" {zone[:3]}:{zone[3:5]}" if zone else ""
    return at if turn.generation is None else f"{at}, index generation {_line(turn.generation)}"


def _answer(answer: Answer, numbers: Iterator[int], reply: Reply) -> Iterator[str]:
    """The answer with its citations; for a yes-or-no question, its whole sentence."""
    whole = reply.kind is QuestionKind.YES_NO
    words = _line(answer.citations[0].sentence if whole else answer.text)
    label = "Possible answer: " if reply.outcome is Outcome.POSSIBLE else ""
    likelihood = likelihood_of(answer, reply)
    yield from _correction(answer, numbers)
    yield f"{label}**{words}**" + (f" ({likelihood})\n" if likelihood else "\n")
    if status := status_words(answer, reply.values):
        yield f"{_line(status)}\n"
    for citation in answer.citations:
        yield _citation(citation, next(numbers))


def _correction(one: Answer | ReportedValue, numbers: Iterator[int]) -> Iterator[str]:
    """The sentence that corrects an answer or a value, if an article has one."""
    if one.correction is not None:
        yield f"{correction_words(one)}:\n"
        yield _citation(_of_sentence(one.correction), next(numbers))


def _value(value: ReportedValue, numbers: Iterator[int], reply: Reply) -> Iterator[str]:
    """A value with its papers, days and status; with its citations unless an answer has them."""
    facts = map(_line, value_facts(value, reply.values))
    yield " · ".join([f"**{_line(value.text)}**", *facts]) + "\n"
    exported = {cited for answer in reply.shown for cited in (*answer.citations, answer.correction)}
    for citation in value.citations:
        if citation not in exported:
            yield _citation(citation, next(numbers))
    if value.correction not in exported:
        yield from _correction(value, numbers)


def _sentences(answer: Answer, numbers: Iterator[int]) -> Iterator[str]:
    """The sentences around an answer, which is not marked in them."""
    for citation in answer.citations:
        yield _citation(_of_sentence(citation), next(numbers))


def _of_sentence(citation: Citation) -> Citation:
    """The citation of the whole sentence."""
    start, sentence = citation.sentence_start, citation.sentence
    place = {"quote": sentence, "start": start, "end": start + len(sentence)}
    return citation.model_copy(update=place)


def _citation(citation: Citation, number: int) -> str:
    """A numbered item: the quote, its source and position, and the whole sentence."""
    link = link_to(citation)
    title = _line(citation.title) or "untitled"
    title = title if link is None else f"[{title}](<{escape_address(link)}>)"
    facts = [_line(fact) for fact in citation_facts(citation)]
    article = f"article {_line(citation.article)}"
    place = f"{article}, characters {citation.start}–{citation.end}"
    lines = [f"> {escape_markdown(citation.quote)}", "", " · ".join([title, *facts, place])]
    if citation.sentence.strip() != citation.quote.strip():
        lines += ["", f"In full: {escape_markdown(citation.sentence)}"]
    head = f"{number}. "
    rest = [f"{' ' * len(head)}{line}".rstrip() for line in lines[1:]]
    return "\n".join([f"{head}{lines[0]}", *rest, ""])


def _line(text: str) -> str:
    """Escape a heading, title or name; any white space becomes a single space."""
    return escape_markdown(_BREAKS.sub(" ", text).strip())


def _narrowed(filters: Filters) -> Iterator[str]:
    if filters.since is not None:
        yield f"since {moment_text(filters.since)}"
    if filters.until is not None:
        yield f"until {moment_text(filters.until)}"
    roles = (role.words for role in filters.roles)
    yield from map(_line, (*filters.sources, *filters.sections, *roles))
    yield from (f"without {_line(name)}" for name in filters.not_sources)
    yield from (f"in {_line(article)}" for article in filters.articles)
    if filters.comments:
        yield WITH_COMMENTS
