"""New words replace the words of an earlier question that are most like them."""

from __future__ import annotations

import pytest

from pullquote.conversation.parsed_question import ParsedQuestion
from pullquote.conversation.substitution import find_substitutions

FINAL = "who won the men's final at the Lask Open in 2005"


@pytest.mark.parametrize(
    ("before", "new", "expected"),
    [
        (FINAL, "the women's", "who won the women's final at the Lask Open in 2005"),
        (FINAL, "Tenmile", "who won the men's final at Tenmile in 2005"),
        (FINAL, "at Tenmile", "who won the men's final at Tenmile in 2005"),
        (FINAL, "in 2003", "who won the men's final at the Lask Open in 2003"),
        (FINAL, "the semi-final", "who won the men's semi-final at the Lask Open in 2005"),
        ("what did Pascoe say about aid", "about debt", "what did Pascoe say about debt"),
        ("what did Jude Pascoe say about aid", "Una Braithe", "what did Una Braithe say about aid"),
        ("who won best actor at the fair", "best actress", "who won best actress at the fair"),
        ("who won the first leg for Lask", "the second", "who won the second leg for Lask"),
        ("who won the first leg for Lask", "the last one", "who won the last leg for Lask"),
        ("what job did Pascoe's father have", "the mother", "what job did Pascoe's mother have"),
    ],
)
def test_words_of_the_same_form_are_replaced(before: str, new: str, expected: str) -> None:
    """Times, owners, prepositions, names and equal nouns tell what is replaced."""
    asked = ParsedQuestion(before)
    found = find_substitutions(new, asked)
    assert asked.body[: found[0].start] + found[0].new + asked.body[found[0].end :] == expected
