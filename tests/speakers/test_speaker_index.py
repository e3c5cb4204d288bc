"""Speakers, their claims and audits over an index: who is listed, and what never is."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest

from conftest import Newsroom
from hostile import strings
from pullquote.english.attribution import attribute
from pullquote.index.interfaces import ATTRIBUTIONS
from pullquote.schema.errors import SettingsError, SpeakerUnknown
from pullquote.schema.speakers import ClaimFilters
from speakers.quoted import BRIDGE, FERRY, QuotedRoom


@pytest.fixture
def room(newsroom: Newsroom) -> Iterator[QuotedRoom]:
    """Two articles that quote Ida Roe and others."""
    newsroom.write("bridge.md", BRIDGE, title="Bridge", source="Harbour Post", date="2024-03-01")
    newsroom.write("ferry.md", FERRY, title="Ferry", source="Vennick Courier", date="2024-04-01")
    newsroom.rebuild()
    made = QuotedRoom(newsroom)
    yield made
    made.speakers.close()


def test_full_names_of_different_articles_are_one_speaker(room: QuotedRoom) -> None:
    """Titles do not matter: Ida Roe and Sir Ida Roe are listed once, with all their claims."""
    roe = room.speakers.speaker("ida roe")
    assert (roe.name, roe.articles, roe.one_word) == ("Ida Roe", 2, False)
    assert roe.claims == len(room.speakers.claims_by("Sir Ida Roe"))
    assert (roe.first_day, roe.last_day) == (date(2024, 3, 1), date(2024, 4, 1))


def test_a_bare_surname_joins_only_within_its_article(room: QuotedRoom) -> None:
    """An article that only says Roe does not count for Ida Roe; each page names the other."""
    before = room.speakers.speaker("Ida Roe").claims
    room.write("third.md", "The mill will close, Mr Roe said.")
    assert room.speakers.speaker("Ida Roe").claims == before
    [alone] = room.speakers.claims_by("Roe")
    assert alone.article == "third.md"
    assert room.speakers.speaker("Roe").one_word
    assert room.speakers.similar("Ida Roe") == ["Roe"]
    assert room.speakers.similar("Roe") == ["Ida Roe"]


def test_every_claim_has_the_exact_words_of_its_article(room: QuotedRoom) -> None:
    """The words are slices of the stored text, newest first and in the text's order."""
    claims = room.speakers.claims_by("Ida Roe")
    for one in claims:
        text = room.current().article(one.article).text
        assert one.words == tuple(text[start:end] for start, end in one.content)
    assert [one.article for one in claims] == sorted((one.article for one in claims), reverse=True)
    assert ("denied", "the ferry was late") in [(one.manner, one.quote) for one in claims]


def test_filters_narrow_claims_speakers_and_audits(room: QuotedRoom) -> None:
    """Manner, paper, days and quote marks filter; a speaker without such a claim is not listed."""
    find = room.names
    assert find(filters=ClaimFilters(manners=("denied",))) == ["Ida Roe"]
    assert "Bo Lund" not in find(filters=ClaimFilters(sources=("vennick COURIER",)))
    assert find(filters=ClaimFilters(since=date(2025, 1, 1))) == []
    march = ClaimFilters(until=date(2024, 3, 31))
    assert {one.article for one in room.speakers.claims_by("Ida Roe", filters=march)} == {
        "bridge.md"
    }
    direct = room.speakers.claims_by("Ida Roe", filters=ClaimFilters(direct=True))
    assert direct
    assert all(one.direct for one in direct)
    assert [one.source for one in room.speakers.audit(filters=march).papers] == ["Harbour Post"]


def test_the_list_is_searched_sorted_and_split(room: QuotedRoom) -> None:
    """Words must all occur in the name, in any case; parts of the list add up to the whole."""
    assert room.names(words="RO id") == ["Ida Roe"]
    by_name = room.names(sort="name", descending=False)
    assert by_name == sorted(by_name, key=str.casefold)
    assert room.names(count=1) + room.names(start=1) == room.names()
    assert room.speakers.number_of_speakers() == len(room.names())


def test_an_unknown_name_is_an_error_that_names_similar_ones(room: QuotedRoom) -> None:
    """A misspelt name leads to the right one; afterwards everything is listed as before."""
    with pytest.raises(SpeakerUnknown, match="Did you mean 'Ida Roe'"):
        room.speakers.claims_by("Ida Rowe")
    assert "Ida Roe" in room.names()


@pytest.mark.parametrize("name", ["", "  ", "%", "'; DROP TABLE claims; --", *strings("x:")[::8]])
def test_no_name_is_more_than_a_name(room: QuotedRoom, name: str) -> None:
    """Whatever is asked for, nobody has that name, and nothing breaks."""
    with pytest.raises(SpeakerUnknown):
        room.speakers.speaker(name)
    assert isinstance(room.speakers.find(name), list)
    assert room.speakers.similar(name) == []


def test_arguments_of_the_wrong_type_are_refused(room: QuotedRoom) -> None:
    """A name that is no text, or that cannot be stored, is an error of the caller."""
    for name in (None, "\ud800"):
        with pytest.raises(SettingsError):
            room.speakers.claims_by(name)  # type: ignore[arg-type]
    with pytest.raises(SettingsError):
        ClaimFilters(manners=("sang",))  # type: ignore[arg-type]


def test_withheld_embargoed_and_superseded_articles_never_appear(newsroom: Newsroom) -> None:
    """They are in no list, count or audit; an embargo ends without a rebuild."""
    soon = datetime.now(UTC) + timedelta(seconds=2)
    newsroom.write("now.md", "The mill will open, Ann Dow said.", title="Now")
    newsroom.write(
        "embargo.md", "The dam will break, Eva Embargo said.", title="Dam", embargo=soon.isoformat()
    )
    newsroom.write("gone.md", "The bank will fall, Wim Held said.", status="withheld", title="x")
    for at, name in (("1", "Old Former"), ("2", "New Latter")):
        newsroom.write(
            f"story{at}.md",
            f"The tower fell, {name} said.",
            title="Tower",
            url="https://post.example/news/tower-falls",
            date=f"2024-05-0{at}",
        )
    newsroom.rebuild()
    room = QuotedRoom(newsroom)
    assert set(room.names()) == {"Ann Dow", "New Latter"}
    assert room.speakers.audit().articles == 2
    with pytest.raises(SpeakerUnknown) as unknown:
        room.speakers.claims_by("Eva Embarge")
    assert "Eva Embargo" not in unknown.value.near
    while datetime.now(UTC) < soon + timedelta(seconds=1):
        time.sleep(0.1)
    assert "Eva Embargo" in room.names()


def test_comments_are_no_sources(newsroom: Newsroom) -> None:
    """What a reader says in a comment is nobody's claim."""
    comment = "Capricornball | 31 May 2023 - 14:45:40\n\nThe mill stinks, Zed Reader said."
    newsroom.write("mill.txt", f"Mill opens\n\nThe mill opened, Ann Dow said.\n\n{comment}\n")
    newsroom.rebuild()
    assert QuotedRoom(newsroom).names() == ["Ann Dow"]


def test_an_audit_counts_what_the_articles_report(room: QuotedRoom) -> None:
    """The counts are those of the attributions of every article, in all and by paper."""
    audit = room.speakers.audit()
    articles = [room.current().article(id) for id in ("bridge.md", "ferry.md")]
    claims = [one for article in articles for one in attribute(article)]
    assert audit.counts.claims == len(claims)
    assert audit.counts.direct == sum(one.direct for one in claims)
    assert audit.counts.named == sum(one.speaker is not None for one in claims)
    assert audit.counts.unnamed > 0
    assert audit.speakers == len(room.names())
    assert [(one.source, one.articles) for one in audit.papers] == [
        ("Harbour Post", 1),
        ("Vennick Courier", 1),
    ]


def test_an_article_is_audited_by_its_sources(room: QuotedRoom) -> None:
    """Named sources come first, unnamed ones with the words of the article; the counts add up."""
    audit = room.speakers.audit_article("bridge.md")
    assert audit.sources[0].source == "Ida Roe"
    assert ("Officials", "unnamed") in [(one.source, one.naming) for one in audit.sources]
    assert audit.counts.claims == sum(one.claims for one in audit.sources)


def test_an_article_in_another_language_says_that_it_was_not_read(room: QuotedRoom) -> None:
    """Its audit and that of the corpus do not pass it off as an article without claims."""
    room.write("de.md", "„Die Mühle schließt“, sagte Ida Roe am Montag der Zeitung.", language="de")
    assert room.speakers.audit().unread == 1
    assert not room.speakers.audit_article("de.md").read


# The store


def test_only_new_and_changed_articles_are_read(room: QuotedRoom) -> None:
    """An update after a rebuild reads what has changed; removed articles leave no speaker."""
    read: list[tuple[int, int]] = []
    room.speakers.update(lambda done, total: read.append((done, total)))
    room.write("third.md", "The mill will close, Cy Dow said.")
    (room.newsroom.corpus / "bridge.md").unlink()
    room.newsroom.rebuild()
    assert not room.speakers.is_ready
    room.speakers.update(lambda done, total: read.append((done, total)))
    assert read == [(2, 2), (1, 1)]
    assert room.speakers.is_ready
    assert "Cy Dow" in room.names()
    assert "Bo Lund" not in room.names()


def test_another_process_finds_everything_stored(room: QuotedRoom) -> None:
    """What one process has read, another need not read again."""
    room.speakers.update()
    other = room.again()
    assert other.is_ready
    assert other.find() == room.speakers.find()


def test_a_damaged_file_is_made_again(room: QuotedRoom) -> None:
    """Whatever is in the file, the answers are those of a sound one."""
    sound = room.speakers.claims_by("Ida Roe")
    room.speakers.close()
    path = room.newsroom.index.local_folder / ATTRIBUTIONS
    content = path.read_bytes()
    for damaged in (b"", b"not a database" * 500, content[: len(content) // 2]):
        path.write_bytes(damaged)
        assert room.speakers.claims_by("Ida Roe") == sound
        room.speakers.close()


def test_a_flipped_name_is_noticed_before_it_is_shown(room: QuotedRoom) -> None:
    """Words are never shown as somebody else's because a row of the file was changed."""
    sound = room.speakers.claims_by("Ida Roe")
    path = room.newsroom.index.local_folder / ATTRIBUTIONS
    connection = sqlite3.connect(path)
    connection.execute("UPDATE claims SET key = 'bo lund' WHERE key = 'ida roe'")
    connection.commit()
    connection.close()
    assert len(room.again().claims_by("Bo Lund")) < len(sound)
    assert room.again().claims_by("Ida Roe") == sound


def test_without_permission_to_write_a_temporary_file_is_used(room: QuotedRoom) -> None:
    """A folder where the file cannot be made is no reason to fail."""
    path = room.newsroom.index.local_folder / f"{ATTRIBUTIONS}.lock"
    path.mkdir()
    assert "Ida Roe" in room.names()


def test_threads_share_it_during_rebuilds(room: QuotedRoom) -> None:
    """Every list is of one generation, while articles come and go."""

    def names(_: int) -> set[str]:
        return set(room.names())

    with ThreadPoolExecutor(4) as pool:
        found = pool.map(names, range(24))
        for number in range(3):
            room.write(f"more{number}.md", f"The mill will close, Cy Dow{number} said.")
        seen = list(found)
    assert all({"Ida Roe", "Bo Lund"} <= one for one in seen)
