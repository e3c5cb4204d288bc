"""Checks the conversation that a browser stores: its size, and which citations may be shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from pullquote.base.cancellation import check_cancelled
from pullquote.conversation import Conversation, Turn
from pullquote.schema import Answer, Article, Citation, Reply, ReportedValue
from pullquote.schema.errors import ArticleWithheld, ConversationUnreadable, SettingsError
from pullquote.web.request_limits import (
    MAX_CITATIONS,
    MAX_TURNS,
    MAX_VALUES,
    check_filters,
    check_switched,
)

Cited = TypeVar("Cited", Answer, ReportedValue)

SENT_TURNS = 5
"""Turns that the browser sends with a question: the repeated one and those before it."""


@dataclass(frozen=True, slots=True)
class CitationChanges:
    """What has happened to the articles that a turn cites.

    `changed` and `gone` are titles of articles; `withheld` is a number of citations.
    """

    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    withheld: int = 0


def parse_saved_conversation(text: str) -> Conversation:
    """The last turns of the conversation that a browser sends; "" for none.

    Raises:
        ConversationUnreadable: the text is invalid, or has more than a browser may send.
    """
    if not text:
        return Conversation()
    conversation = Conversation.from_json(text)
    turns = conversation.turns[-MAX_TURNS:]
    try:
        for turn in turns:
            check_filters(turn.given)
            check_filters(turn.filters)
            check_switched(turn.switched)
    except SettingsError as error:
        raise ConversationUnreadable(str(error)) from error
    return conversation.model_copy(update={"turns": tuple(_within_citation_limit(turns))})


def _within_citation_limit(turns: Sequence[Turn]) -> Sequence[Turn]:
    """The last turns that together have at most `MAX_CITATIONS` citations.

    Raises:
        ConversationUnreadable: one turn alone has more citations, or too many values.
    """
    left = MAX_CITATIONS
    for place, turn in reversed(list(enumerate(turns))):
        cited = 0 if turn.reply is None else sum(1 for _ in _cited_in(turn.reply))
        values = 0 if turn.reply is None else len(turn.reply.values)
        if values > MAX_VALUES:
            raise ConversationUnreadable(f"a turn has {values:,} values, more than {MAX_VALUES:,}")
        if cited > MAX_CITATIONS:
            raise ConversationUnreadable(
                f"a turn has {cited:,} citations, more than {MAX_CITATIONS:,}"
            )
        left -= cited
        if left < 0:
            return turns[place + 1 :]
    return turns


def _cited_in(reply: Reply) -> Iterator[Citation]:
    """Every citation in a reply: of answers, values and corrections."""
    for answer in reply.answers:
        yield from answer.citations
    for value in reply.values:
        yield from (*value.citations, *value.mentions)
    corrections = (
        *(answer.correction for answer in reply.answers),
        *(value.correction for value in reply.values),
    )
    yield from (one for one in corrections if one is not None)


def turn_key(turn: Turn) -> str:
    """The key of a turn in the page: the time of its question, as written in its JSON."""
    written = turn.model_dump(mode="json", include={"asked"}).get("asked")
    return written if isinstance(written, str) else ""


def index_of_turn(conversation: Conversation, key: str) -> int | None:
    """The index of the turn with a key, or None."""
    keys = [turn_key(turn) for turn in conversation.turns]
    return keys.index(key) if key in keys else None


def check_citations(
    turn: Turn, article_of: Callable[[str], Article | None]
) -> tuple[Turn, CitationChanges]:
    """The turn without withheld citations, and the changes of the cited articles.

    `article_of` returns the current article of an id, or None if it was removed. It
    raises `ArticleWithheld` if the article may not be shown.
    """
    if turn.reply is None:
        return turn, CitationChanges()
    article_of = cache(article_of)
    changed: dict[str, None] = {}
    gone: dict[str, None] = {}
    withheld: set[Citation] = set()
    for citation in _cited_in(turn.reply):
        check_cancelled()
        try:
            article = article_of(citation.article)
        except ArticleWithheld:
            withheld.add(citation)
            continue
        if article is None:
            gone[citation.title] = None
        elif not _is_unchanged(citation, article):
            changed[citation.title] = None
    since = CitationChanges(tuple(changed), tuple(gone), len(withheld))
    if not withheld:
        return turn, since
    reply = _without(turn.reply, withheld)
    return turn.model_copy(update={"reply": reply if reply.answers else None}), since


def _without(reply: Reply, withheld: Set[Citation]) -> Reply:
    """The reply without some citations, and without the answers and values that have no others."""
    answers = (_only_shown(one, withheld) for one in reply.answers)
    values = (_only_shown(one, withheld) for one in reply.values)
    return reply.model_copy(
        update={
            "answers": tuple(one for one in answers if one is not None),
            "values": tuple(_in_shown_words(one, withheld) for one in values if one is not None),
        }
    )


def _only_shown(one: Cited, withheld: Set[Citation]) -> Cited | None:
    """An answer or a value without some citations; None if no other citation gives it."""
    cited = tuple(citation for citation in one.citations if citation not in withheld)
    correction = None if one.correction in withheld else one.correction
    if not cited:
        return None
    return one.model_copy(update={"citations": cited, "correction": correction})


def _in_shown_words(value: ReportedValue, withheld: Set[Citation]) -> ReportedValue:
    """The value without withheld mentions, in the words of an article that may be shown."""
    mentions = tuple(citation for citation in value.mentions if citation not in withheld)
    known = {citation.quote for citation in value.citations}
    text = value.text if value.text in known else value.citations[0].quote
    return value.model_copy(update={"mentions": mentions, "text": text})


def _is_unchanged(citation: Citation, article: Article) -> bool:
    return (
        article.version == citation.version
        and article.text[citation.start : citation.end] == citation.quote
    )
