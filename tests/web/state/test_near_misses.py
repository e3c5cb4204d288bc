"""Which words of a question are named as missing."""

from __future__ import annotations

from pullquote.web.state.near_misses import MissingWords, missing_words


def test_typed_words_that_were_searched_for_are_named() -> None:
    """A word in no article and a word in no close passage are named, as they were typed."""
    missing = missing_words(
        "Did the Zebras chase otters?",
        "Did the Zebras chase otters?",
        unknown={"zebra"},
        near=["The otters came."],
    )
    assert missing == MissingWords(nowhere=("Zebras",), not_near=("chase",))


def test_words_from_earlier_questions_are_not_named() -> None:
    """A word that the completed question has, and the typed one has not, was not typed."""
    missing = missing_words(
        "and the otters?", "did zebras chase the otters? (Emu)", unknown={"zebra", "emu"}, near=[]
    )
    assert missing == MissingWords(not_near=("otters",))


def test_words_of_filters_and_chat_and_misspelt_words_are_not_named() -> None:
    """What was typed but not searched for is not named."""
    missing = missing_words(
        "hiya, who saw the zebbra according to Reuters?",
        "who saw the zebra?",
        unknown={"hiya", "zebbra", "reuter"},
        near=["He saw it."],
    )
    assert missing == MissingWords(not_near=())


def test_function_words_of_any_language_are_not_named() -> None:
    """Small German and English words are left out; "Leuchtturm" is named."""
    question = "Wer hat den Leuchtturm, and who said what with whom about it?"
    missing = missing_words(question, question, unknown={"wer", "leuchtturm"}, near=[])
    assert missing.nowhere == ("Leuchtturm",)


def test_thin_words_are_not_named_in_any_form() -> None:
    """Light verbs, measures and words that only ask are left out."""
    question = "Please list how many otters he is saying it takes, compared with 2004"
    missing = missing_words(question, question, unknown=set(), near=[])
    assert missing.not_near == ("otters", "2004")


def test_a_word_that_is_thin_in_one_language_alone_is_named_in_the_other() -> None:
    """The German "die" is an article and the English one is a verb."""
    for question, words in (
        ("did the otter die?", ("otter", "die")),
        ("wann wird die Fähre repariert?", ("Fähre", "repariert")),
    ):
        assert missing_words(question, question, unknown=set(), near=[]).not_near == words
