"""Text-speak and contractions are written out."""

from __future__ import annotations

import pytest

from pullquote.english.questions.time_asked import expand_shorthand


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("wot did he say", "what did he say"),
        ("whos the boss, and wich bank is it", "who's the boss, and which bank is it"),
        ("pls tell me what itll cost, u know", "please tell me what it'll cost, you know"),
        ("how old was she wen she won", "how old was she when she won"),
        ("the man who dyed", "the man who died"),
        ("when r they going", "when are they going"),
    ],
)
def test_text_speak_is_written_out(typed: str, written: str) -> None:
    """Each abbreviation becomes the words it stands for."""
    assert expand_shorthand(typed) == written


@pytest.mark.parametrize(
    "question",
    [
        "what did wen jiabao say",
        "Who dyed the river green?",
        "what did toys r us sell",
        "Is U a letter?",
        "what is wot.com",
        "wie geht es u und der frau",
    ],
)
def test_words_with_another_meaning_stay(question: str) -> None:
    """Names, capitals, addresses and other languages are left alone."""
    assert expand_shorthand(question) == question
