"""A correction says what the question before should have asked."""

from __future__ import annotations

import pytest

from pullquote.conversation.context import StatedCorrection, correction_of


@pytest.mark.parametrize(
    ("question", "corrected"),
    [
        ("no, I meant Tony Blair", StatedCorrection("Tony Blair", explicit=True)),
        ("no i mean the sea wall", StatedCorrection("the sea wall", explicit=True)),
        ("sorry, the women's", StatedCorrection("the women's")),
        (
            "i meant the spokesman, not the chairman",
            StatedCorrection("the spokesman", "the chairman", explicit=True),
        ),
        ("not aid but debt", StatedCorrection("debt", "aid", explicit=True)),
        ("sorry no, when she joined", StatedCorrection("when she joined")),
    ],
)
def test_corrections(question: str, corrected: StatedCorrection) -> None:
    """The new words are found, and the rejected ones if they are said."""
    assert correction_of(question) == corrected


@pytest.mark.parametrize(
    "question",
    [
        "No 10 spokesman",
        "who did not vote?",
        "sorry to bother you, who won the cup?",
        "and the women's?",
    ],
)
def test_other_questions_correct_nothing(question: str) -> None:
    """The words "no" and "not" in other questions are not corrections."""
    assert correction_of(question) is None
