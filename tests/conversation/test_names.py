"""The name index finds the same names as a search for each of them."""

from __future__ import annotations

import time
from datetime import date
from itertools import product
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.conversation import Archive, narrow_question, phrases
from pullquote.conversation.phrases import MOST_NAMES, FilterPhrase, NameIndex
from pullquote.schema import Filters

TODAY = date(2024, 11, 5)
PARTS = [
    *("Post", "post", "Harbour", "The", "the ", "Daily", "sports", "Straße", "STRASSE", "Iş", "ış"),
    *("İ", "ı", "\u017f", "@x", "(A)", ".NET", "!!", "'", "-", "\u00a0", "\t", "  ", "2004", "in"),
]
NAMES = st.lists(st.sampled_from(PARTS), min_size=1, max_size=3).map(" ".join) | st.text(max_size=4)
BEFORE = ["according to ", "in ", "from the ", "The ", "in the ", "section ", "reported by the "]
BEHIND = [" reported", " section", "?", " ", ", ", "x", "  ", "by ", " wrote", " pages since "]
SIGNS = st.sampled_from([*BEFORE, *BEHIND, "in section "])


def found(question: str, archive: Archive) -> list[FilterPhrase]:
    return list(phrases.phrases(question, archive, today=TODAY))


@given(names=st.lists(NAMES, max_size=6), data=st.data())
def test_the_same_phrases_are_found_as_by_one_pattern_of_all(
    names: list[str], data: st.DataObject
) -> None:
    """The index changes no result, for any sources and sections in any spelling."""
    known = st.sampled_from(names) if names else NAMES
    written = known | known.map(str.upper) | known.map(str.lower) | known.map(str.casefold)
    question = "".join(data.draw(st.lists(SIGNS | written | SIGNS, max_size=9)))
    archive = Archive(sources=tuple(names), sections=tuple(names), kinds=("report",))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            phrases, "name_index", lambda names: SimpleNamespace(within=lambda question: names)
        )
        expected = found(question, archive)
    assert found(question, archive) == expected


def test_names_are_looked_up_by_their_rarest_word() -> None:
    """A name is found if the question contains it; names of punctuation are found too."""
    names = NameIndex(("Daily Post", "Daily Star", "The Daily", "!!", "Harbour Post"))
    assert names.within("what did the daily\n post say?") == ("Daily Post", "The Daily")
    assert names.within("a post, daily!!") == ("The Daily", "!!")
    assert names.within("") == ()


WORDS = "who won a boat race in our harbour when they met at night".split()
MADE_OF_THE_QUESTION = tuple(" ".join(words) for words in product(WORDS, repeat=4))
SIGNS_ALONE = tuple(" ".join(signs) * 4 for signs in product("!.?*+#%&~-$", repeat=4))


@pytest.mark.parametrize("names", [MADE_OF_THE_QUESTION, SIGNS_ALONE])
def test_no_archive_makes_a_question_slow_by_its_names(names: tuple[str, ...]) -> None:
    """Those of signs alone are in no index of words; those of its own words are all in it."""
    archive = Archive(sources=names, sections=names)
    for n in range(4):
        asked = [*WORDS[:n], *WORDS[n + 1 :]]
        question = f"{' '.join(asked)}, in the {names[n]} section?"
        begun = time.process_time()
        narrowed = narrow_question(question, archive, today=TODAY)
        assert time.process_time() - begun < 2
        assert narrowed.filters.sections == (names[n],)


def test_names_of_a_question_are_the_longest_of_too_many() -> None:
    """No more names are looked for, even if the question contains more."""
    question = "!?" * 300
    names = NameIndex(tuple(question[:length] for length in range(1, 501)))
    found = names.within(question)
    assert len(found) == MOST_NAMES
    assert max(map(len, found)) == 500
    assert min(map(len, found)) == 501 - MOST_NAMES


def test_a_first_question_on_an_archive_of_many_sources_is_not_slow() -> None:
    """A pattern of 60,000 names took ten seconds; the index takes a fraction of one."""
    sources = tuple(f"Daily {number} of Town {number % 250}" for number in range(60_000))
    archive = Archive(sources=sources, sections=("sport",))
    narrow_question("who won in May?", Archive(), today=TODAY)  # loads what is loaded at first use
    begun = time.process_time()
    narrowed = narrow_question(
        "who won, according to the Daily 777 of Town 27?", archive, today=TODAY
    )
    assert time.process_time() - begun < 2
    assert narrowed.filters == Filters(sources=("Daily 777 of Town 27",))
    assert narrowed.text == "who won?"
