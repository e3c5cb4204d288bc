"""Makes evidence packs and statements of absence from replies."""

from __future__ import annotations

from collections.abc import Sequence

from pullquote.conversation import Conversation
from pullquote.newsroom.absences import AbsenceStatement, absence_of
from pullquote.newsroom.assistant import Assistant
from pullquote.newsroom.packs.build import BuiltPack, build_pack
from pullquote.newsroom.packs.manifest import AskedReply
from pullquote.schema import FilterChoice, Reply, check_kind, filters_of
from pullquote.schema.arguments import naming_arguments
from pullquote.schema.errors import SettingsError

SETTINGS_SHOWN = (
    "encoder",
    "passage_tokens",
    "overlap_sentences",
    "dense",
    "candidates",
    "fusion",
    "rrf_k",
    "hits",
    "reranker",
    "reranked",
    "reader",
    "answers",
    "wrong_at_most",
)
"""The settings that decide an answer. Addresses, users and passwords are not among them."""


@naming_arguments
def pack(
    evidence: Reply | Conversation | Sequence[Reply], assistant: Assistant, *, texts: bool = True
) -> BuiltPack:
    """A ZIP with the quotes of replies, and all that is needed to verify them elsewhere.

    With `texts`, it has the stored texts of the cited articles; else only their digests. The same
    replies, index and settings give the same bytes. Write `.data` to a file.

    Raises:
        SettingsError: there is no reply, an argument has the wrong type, or the pack is too large.
        IndexMissing, IndexDamaged, IndexMismatch: the index cannot be opened.
    """
    check_kind("The assistant", assistant, Assistant, give="the one that answered")
    return build_pack(
        _asked(evidence), assistant.generation, settings=settings_shown(assistant), texts=texts
    )


@naming_arguments
def absence(
    reply: Reply, assistant: Assistant, *, filters: FilterChoice = None
) -> AbsenceStatement:
    """What was searched for a reply that found nothing: articles, days, sources, holes, settings.

    `filters` are those that the question was asked with. The same question on the same index gives
    the same statement, to the byte.

    Raises:
        SettingsError: the reply has an answer, or is from another state of the index.
    """
    check_kind("The reply", reply, Reply, give="the reply of `ask`")
    check_kind("The assistant", assistant, Assistant, give="the one that answered")
    return absence_of(
        reply,
        assistant.generation,
        filters=filters_of(filters),
        settings=settings_shown(assistant),
    )


def settings_shown(assistant: Assistant) -> dict[str, object]:
    """The settings that decide an answer, as JSON."""
    return assistant.settings.model_dump(mode="json", include=set(SETTINGS_SHOWN))


def _asked(evidence: Reply | Conversation | Sequence[Reply]) -> list[AskedReply]:
    check_kind(
        "The evidence", evidence, (Reply, Conversation, list, tuple), give="replies of `ask`"
    )
    if isinstance(evidence, Conversation):
        turns = (turn for turn in evidence.turns if turn.reply is not None and turn.understood)
        asked = [
            AskedReply(turn.reply, turn.filters, turn.asked)
            for turn in turns
            if turn.reply is not None
        ]
    else:
        replies = [evidence] if isinstance(evidence, Reply) else evidence
        for one in replies:
            check_kind("One of the replies", one, Reply, give="replies of `ask`")
        asked = [AskedReply(one) for one in replies]
    if not asked:
        raise SettingsError("There is no reply to pack. Ask a question first.")
    return asked
