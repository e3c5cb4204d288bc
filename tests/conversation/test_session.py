"""A conversation in Python narrows and completes questions like the page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

import pullquote
from pullquote import Assistant, Settings, SettingsError
from pullquote.conversation.session import ConversationSession


@pytest.fixture(scope="module")
def assistant(sample_index: Path) -> Iterator[Assistant]:
    """An assistant for the sample corpus."""
    with pullquote.open(sample_index) as opened:
        yield opened


@pytest.fixture
def session(assistant: Assistant) -> ConversationSession:
    """A new conversation."""
    return assistant.conversation()


def test_a_follow_up_is_completed(session: ConversationSession) -> None:
    """The reply has the question as typed, and the text that was searched for."""
    session.ask("who agreed to the Interpol centre?")
    reply = session.ask("and in Songkhla?")
    assert reply.question == "and in Songkhla?"
    assert reply.searched_for == "in Songkhla (who agreed to the Interpol centre)"
    assert session.searched_for == reply.searched_for
    assert [turn.question for turn in session.turns] == [
        "who agreed to the Interpol centre?",
        "and in Songkhla?",
    ]
    assert session.articles[0] == "strait-dispatch/2023-06-01-interpol-hub-thailand.md"


def test_a_phrase_narrows_the_search(session: ConversationSession) -> None:
    """A phrase such as "since March 2024" becomes a filter, and is not searched for."""
    session.ask("what was said about the ferry since March 2024?")
    assert session.turns[0].filters.since == date(2024, 3, 1)
    assert "March" not in str(session.searched_for)


def test_as_typed_changes_nothing(session: ConversationSession) -> None:
    """With `as_typed`, a question is neither narrowed nor completed."""
    session.ask("who agreed to the Interpol centre?")
    reply = session.ask("why since March 2024?", as_typed=True)
    assert reply.searched_for == "why since March 2024?"


def test_conversations_are_separate(assistant: Assistant, session: ConversationSession) -> None:
    """A question in a new conversation refers to no other conversation."""
    session.ask("who agreed to the Interpol centre?")
    assert assistant.conversation().ask("and in Songkhla?").searched_for == "and in Songkhla?"


def test_a_refused_question_is_no_turn(session: ConversationSession) -> None:
    """An error leaves the conversation as it was."""
    with pytest.raises(SettingsError):
        session.ask("")
    assert session.turns == ()
    assert session.searched_for is None


def test_a_follow_up_is_not_completed_beyond_the_longest_question(sample_index: Path) -> None:
    """With a small `question_chars` the question is asked as typed, instead of an error."""
    with Assistant(Settings(index=sample_index, question_chars=40)) as opened:
        session = opened.conversation()
        session.ask("who agreed to the Interpol centre?")
        assert session.ask("and in Songkhla?").searched_for == "and in Songkhla?"
