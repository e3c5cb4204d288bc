"""Names that are typed in lower case are written as in print."""

from __future__ import annotations

from pullquote.conversation.followup import PrintedNames, is_lower

PRINTED = [
    "The judge praised Una Braithe. Braithe runs a hotel in Port Selby.",
    "The harbour master saw the port of Lask.",
]


def test_a_name_gets_its_capital_letters() -> None:
    """A word that print writes with a capital letter is a name."""
    names = PrintedNames(["how old is una braithe's hotel"], PRINTED)
    assert names.restored("how old is una braithe's hotel") == "how old is Una Braithe's hotel"


def test_a_common_word_is_a_name_only_next_to_the_same_word() -> None:
    """The port of Lask is no name, but Port Selby is."""
    texts = ["is the port open", "who runs port selby"]
    names = PrintedNames(texts, PRINTED)
    assert names.restored(texts[0]) == "is the port open"
    assert names.restored(texts[1]) == "who runs Port Selby"


def test_a_word_that_only_begins_sentences_is_no_name() -> None:
    """At the beginning of a sentence, every word has a capital letter."""
    names = PrintedNames(["otters in lask"], ["Otters came back. Lask saw it. We went to Lask."])
    assert names.restored("otters in lask") == "otters in Lask"


def test_capital_letters_are_recognised() -> None:
    """The first letter does not count."""
    assert is_lower("Who won at wimbledon?")
    assert not is_lower("who won at Wimbledon?")
