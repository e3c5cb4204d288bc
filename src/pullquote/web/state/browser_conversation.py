"""The conversation that a browser keeps: bounded, and shown as what it cites may be shown now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from pullquote.cancellation import check_cancelled
from pullquote.conversation import Conversation, Turn
from pullquote.conversation.antecedent import FARTHEST
from pullquote.errors import ArticleWithheld, ConversationUnreadable, SettingsError
from pullquote.schema import Article, Citation
from pullquote.web.limits import MAX_CITATIONS, MAX_TURNS, check_filters, check_switched

SENT_TURNS = FARTHEST + 1
"""Turns that come with a question: one that is asked again, and those that it may go on from."""


@dataclass(frozen=True, slots=True)
class CitationChanges:
    """What has become of the articles that a turn cites, by title, and citations not shown."""

    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    withheld: int = 0


def parse_saved_conversation(text: str) -> Conversation:
    """The conversation that a browser sends, its last turns within the limits; "" for none.

    Raises:
        ConversationUnreadable: it is not sound, or holds more than a browser may send.
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
    return conversation.model_copy(update={"turns": tuple(_last_cited(turns))})


def _last_cited(turns: Sequence[Turn]) -> Sequence[Turn]:
    """The last turns, as many as hold no more than `MAX_CITATIONS` together.

    Raises:
        ConversationUnreadable: one turn alone holds more.
    """
    left = MAX_CITATIONS
    for place, turn in reversed(list(enumerate(turns))):
        answers = () if turn.reply is None else turn.reply.answers
        cited = sum(len(answer.citations) for answer in answers)
        if cited > MAX_CITATIONS:
            raise ConversationUnreadable(f"a turn has {cited:,} citations, over {MAX_CITATIONS:,}")
        left -= cited
        if left < 0:
            return turns[place + 1 :]
    return turns


def turn_key(turn: Turn) -> str:
    """What names a turn in the page: when it was asked, as its JSON writes it."""
    written = turn.model_dump(mode="json", include={"asked"}).get("asked")
    return written if isinstance(written, str) else ""


def index_of_turn(conversation: Conversation, key: str) -> int | None:
    """The place of the turn of that key."""
    keys = [turn_key(turn) for turn in conversation.turns]
    return keys.index(key) if key in keys else None


def check_citations(
    turn: Turn, article_of: Callable[[str], Article | None]
) -> tuple[Turn, CitationChanges]:
    """The turn without what may not be shown, and what has become of the rest.

    `article_of` gives the article of an id as it is now, None where it is gone, and raises
    `ArticleWithheld`.
    """
    if turn.reply is None:
        return turn, CitationChanges()
    article_of = cache(article_of)
    changed: dict[str, None] = {}
    gone: dict[str, None] = {}
    withheld = 0
    answers = []
    for answer in turn.reply.answers:
        shown: list[Citation] = []
        for citation in answer.citations:
            check_cancelled()
            try:
                article = article_of(citation.article)
            except ArticleWithheld:
                withheld += 1
                continue
            shown.append(citation)
            if article is None:
                gone[citation.title] = None
            elif not _stands(citation, article):
                changed[citation.title] = None
        if shown:
            answers.append(answer.model_copy(update={"citations": tuple(shown)}))
    since = CitationChanges(tuple(changed), tuple(gone), withheld)
    if not withheld:
        return turn, since
    reply = turn.reply.model_copy(update={"answers": tuple(answers)}) if answers else None
    return turn.model_copy(update={"reply": reply}), since


def _stands(citation: Citation, article: Article) -> bool:
    return (
        article.version == citation.version
        and article.text[citation.start : citation.end] == citation.quote
    )
