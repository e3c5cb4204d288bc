"""Whether a sentence gives a value, or names it only to reject or replace it."""

from __future__ import annotations

import pytest

from pullquote.answering.weighing.mentions import corrects, is_mention

MENTIONED = [
    ("The hall cost £1.7m, not the [£1.3m] that was announced.", True),
    ("Announced as costing [£1.3m], the hall in fact cost £1.7m.", True),
    ("The theatre, announced this week as costing [£1.3m], in fact cost £1.7m.", True),
    ("The stake rose to 9 per cent, up from [4 per cent] in May.", True),
    ("The bank lowered the forecast from [eight] to seven.", True),
    ("The vote had been set for [12 May].", True),
    ("The ferry was to have sailed on [Monday], but the harbour froze.", True),
    ("Correction: our report said that [nine] pupils were ill.", True),
    ("An earlier total of [1,068] left out one hospital.", True),
    ("The talks will open on 4 March instead of [19 February].", True),
    ("The count of [14] given by the police was too low.", True),
    ("The hall cost [£1.7m], the council said.", False),
    ("The hall, announced as costing £1.3m, in fact cost [£1.7m].", False),
    ("The vote, which had been set for 12 May, has been moved to [19 May].", False),
    ("The company said that [290] jobs would go, not the 240 it had spoken of.", False),
    ("Correction: there were in fact [seven] pupils.", False),
    ("The minister had been told that [43] people were dead.", False),
    ("Mr Venn has previously given the party [£50,000].", False),
    ("The former world number one was [22] when she retired.", False),
    ("At once [8,460] bottles were recalled.", False),
]


@pytest.mark.parametrize(("marked", "expected"), MENTIONED)
def test_a_rejected_value_is_a_mention(marked: str, expected: bool) -> None:
    """The value in brackets is one that the sentence gives, or one that it only names."""
    start, end = marked.index("["), marked.index("]") - 1
    assert is_mention(marked.replace("[", "").replace("]", ""), start, end) is expected


def test_a_correction_says_that_something_was_wrong() -> None:
    """A sentence that only replaces a value does not call it wrong."""
    assert corrects("Correction: our report said that nine pupils were ill.")
    assert corrects("In fact there were seven; two had been counted twice.")
    assert not corrects("The toll rose from eight to nine.")
