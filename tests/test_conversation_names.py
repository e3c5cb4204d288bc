"""Names of a large archive are found in a question as if each had been looked for."""

from __future__ import annotations

import time
from datetime import date
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.conversation import Archive, narrow_question, phrases
from pullquote.conversation.names import Names
from pullquote.conversation.phrase import Phrase
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


def found(question: str, archive: Archive) -> list[Phrase]:
    return list(phrases.phrases(question, archive, today=TODAY))


@given(names=st.lists(NAMES, max_size=6), data=st.data())
def test_the_same_phrases_are_found_as_by_one_pattern_of_all(
    names: list[str], data: st.DataObject
) -> None:
    """Whatever the names are and however they are written, for sources and for sections."""
    known = st.sampled_from(names) if names else NAMES
    written = known | known.map(str.upper) | known.map(str.lower) | known.map(str.casefold)
    question = "".join(data.draw(st.lists(SIGNS | written | SIGNS, max_size=9)))
    archive = Archive(sources=tuple(names), sections=tuple(names), kinds=("report",))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            phrases, "names_of", lambda names: SimpleNamespace(within=lambda question: names)
        )
        expected = found(question, archive)
    assert found(question, archive) == expected


def test_names_are_looked_up_by_their_rarest_word() -> None:
    """All of its words are in the question, in any order; names of signs alone always may be."""
    names = Names(("Daily Post", "Daily Star", "The Daily", "!!", "Harbour Post"))
    assert names.within("what did the daily post say?") == ("Daily Post", "The Daily", "!!")
    assert names.within("a post, daily") == ("Daily Post", "The Daily", "!!")
    assert names.within("") == ("!!",)


def test_a_first_question_on_an_archive_of_many_sources_is_not_slow() -> None:
    """To compile 60,000 names took ten seconds; to look up their words takes a fraction of one."""
    sources = tuple(f"Daily {number} of Town {number % 250}" for number in range(60_000))
    archive = Archive(sources=sources, sections=("sport",))
    begun = time.process_time()
    narrowed = narrow_question(
        "who won, according to the Daily 777 of Town 27?", archive, today=TODAY
    )
    assert time.process_time() - begun < 2
    assert narrowed.filters == Filters(sources=("Daily 777 of Town 27",))
    assert narrowed.text == "who won?"
