"""Makes an evidence pack from replies or a conversation."""

from __future__ import annotations

from collections.abc import Sequence

from pullquote.assistant import Assistant
from pullquote.conversation import Conversation
from pullquote.errors import SettingsError
from pullquote.packs import AskedReply, BuiltPack, build_pack
from pullquote.schema import Reply, check_kind

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
