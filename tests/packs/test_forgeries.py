"""Verification notices a change of any fact of a pack, or the fact is listed as taken on trust."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from copy import deepcopy
from datetime import UTC, datetime
from functools import cache, reduce
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from pydantic import ValidationError
from typer.testing import CliRunner

from conftest import Newsroom, scratch
from packs.conftest import FACTS
from pullquote.answering.answers.citing import cite_at
from pullquote.base.zip_file import read_zip, write_zip
from pullquote.cli.commands import app
from pullquote.index import OpenGeneration
from pullquote.newsroom.packs import AskedReply, build_pack
from pullquote.newsroom.packs.build import derived_members
from pullquote.newsroom.packs.manifest import PackManifest
from pullquote.newsroom.packs.verify import VerifiedPack, verify_pack_bytes
from pullquote.newsroom.verification.verify import verify_bytes
from pullquote.schema import (
    Answer,
    Citation,
    Outcome,
    QuestionKind,
    Reply,
    ReportedValue,
    Role,
    ValueStatus,
)
from pullquote.schema.errors import SettingsError
from pullquote.web.verify.routes import VerifyView, result_of, verify_html

TAKEN_ON_TRUST = (
    "pullquote",
    "generation",
    "index_sha256",
    "index_config",
    "settings",
    "questions.question",
    "questions.searched_for",
    "questions.kind",
    "questions.outcome",
    "questions.as_of",
    "questions.filters",
    "questions.asked",
    "questions.generation",
    "questions.answers.confidence",
    "questions.answers.citations",
    "questions.answers.correction",
    "questions.values.status",
    "questions.values.sources",
    "questions.values.mentions",
    "questions.values.correction",
    "citations.role",
    "citations.author",
    "citations.page",
    "citations.layout",
    "citations.recognised",
    "citations.speaker.canonical",
    "citations.manner",
    "citations.cue",
    "citations.direct",
    "citations.via",
    "articles.language",
    "articles.authors",
    "left_out.article",
    "left_out.quote",
    "left_out.reason",
    "absences.corrections",
    "absences.unknown_words",
    "absences.searched",
    "absences.coverage.first_day",
    "absences.coverage.last_day",
    "absences.coverage.sources.source",
    "absences.coverage.not_searched",
    "absences.passages",
    "absences.closest",
)
"""The fields of `pack.json` that nothing else in a pack of any version confirms.

They are what was asked, what pullquote made of it, and facts that an article's text does not have.
docs/how-to/evidence-packs.md says so to readers."""

ALSO_IN_VERSION_1 = (
    "questions.answers.text",
    "citations.title",
    "citations.published",
    "citations.source",
    "citations.url",
    "citations.section",
    "citations.speaker.name",
    "articles.title",
    "articles.published",
    "articles.source",
    "articles.url",
)
"""The fields that are taken on trust only in some packs of version 1; see `not_checked`."""

OLD = Path(__file__).parents[1] / "data" / "pack-0.2.zip"
"""A pack that pullquote 0.2.0 made of three questions to the sample."""

ASKED = datetime(2026, 11, 30, 9, 15, 20, 123_456, tzinfo=UTC)
TEXT = "Wall to be rebuilt\n\nThe harbour wall will cost {} pounds, Ida Roe said. It is old."
WORDS = [*Outcome, *QuestionKind, *ValueStatus, *Role, "said", "denied", "dense only"]
OTHERS: dict[type, list[Any]] = {
    str: [
        *map(str, WORDS),
        "",
        " ",
        "Nobody agreed",
        "6 million",
        "2024-05-02",
        "2020-01-01T00:00:00Z",
    ],
    int: [-1, 0, 1, 2, 3, 99_999],
    float: [-1.0, 0.5, 2.0],
    bool: [True, False],
    list: [["x"], [1], [-1], [{"typed": "cots", "used": "cost"}]],
    dict: [{"x": 1}],
    type(None): ["Nobody agreed", 1, "2020-01-01", "a" * 64, [1, 2], "uncertain"],
}
"""What a leaf of each type is replaced by."""

_CLAIM = ("manner", "cue", "direct", "via")


@pytest.fixture(scope="module")
def pack_and_index() -> Iterator[tuple[bytes, OpenGeneration]]:
    """A pack with answers, values, a correction, lost quotes, and nothing found; and its index."""
    with scratch() as folder:
        room = Newsroom(Path(folder))
        papers = {"first": ("4 million", 1), "again": ("4 million", 2), "later": ("5 million", 3)}
        for name, (cost, day) in papers.items():
            facts = {**FACTS, "source": f"The {name}", "date": f"2024-05-0{day}"}
            room.write(f"{name}.md", TEXT.format(cost), **facts)
        room.write("lost.md", TEXT.format("6 million"), **FACTS)
        room.rebuild()
        lost = [_cited(room.open(), "lost.md", words) for words in ("6 million", "cost 6 million")]
        room.write("lost.md", TEXT.format("7 million"), **FACTS)
        room.rebuild()
        opened = room.open()
        yield build_pack(_asked(opened, lost), opened, settings={"hits": 10}).data, opened


@pytest.fixture
def packed(pack_and_index: tuple[bytes, OpenGeneration]) -> bytes:
    """The pack alone."""
    return pack_and_index[0]


def _cited(generation: OpenGeneration, name: str, words: str) -> Citation:
    article = generation.article(name)
    start = article.text.index(words)
    return cite_at(article, range(start, start + len(words)))


def _asked(generation: OpenGeneration, lost: Sequence[Citation]) -> list[AskedReply]:
    """A reply whose answers are corrected and lost, with two values; and one that found nothing."""
    first, again = (_cited(generation, f"{one}.md", "4 million") for one in ("first", "again"))
    later = _cited(generation, "later.md", "5 million")
    old = _cited(generation, "later.md", "It is old.")
    days = {"first_reported": first.published, "last_reported": again.published}
    shared = {"searched_for": "cost", "generation": generation.name, "took_ms": 1.0}
    found = Reply(
        question="What does the wall cost?",
        outcome=Outcome.POSSIBLE,
        answers=(
            Answer(text="4 million", confidence=0.75, citations=(first, again), correction=old),
            Answer(text="6 million", confidence=0.25, citations=(lost[0],)),
        ),
        values=(
            ReportedValue(
                text="4 million",
                status=ValueStatus.CORRECTED,
                sources=2,
                citations=(first, again),
                mentions=(old,),
                correction=old,
                **days,
            ),
            ReportedValue(
                text="5 million",
                status=ValueStatus.CURRENT,
                sources=1,
                citations=(later,),
                mentions=(lost[1],),
                first_reported=later.published,
                last_reported=later.published,
            ),
        ),
        **shared,
    )
    closest = (Answer(text="4 million", confidence=0.01, citations=(first,)),)
    nothing = Reply(
        question="Who is the zeppelin?", outcome=Outcome.NOTHING, answers=closest, **shared
    )
    return [AskedReply(one, asked=ASKED) for one in (found, nothing)]


def of_version_1(data: bytes, *, generation: str | None = None) -> bytes:
    """The pack as 0.2 would have written it; with `generation`, of replies of another state."""
    facts = facts_of(data)
    facts["version"] = 1
    for article in facts["articles"]:
        del article["section"]
    for question in facts["questions"]:
        question["asked"] = "2026-11-30T09:15:20.123456Z"
        question["generation"] = generation or question["generation"]
        del question["values"]
        for answer in question["answers"]:
            del answer["correction"]
    if generation is not None:
        facts["absences"] = []
    return remade(data, facts)


@pytest.fixture(scope="module")
def packs(pack_and_index: tuple[bytes, OpenGeneration]) -> dict[str, bytes]:
    """Packs of each version, whose replies are from one state of an index, or from two."""
    data = pack_and_index[0]
    return {
        "2": data,
        "1": of_version_1(data),
        "1, another state": of_version_1(data, generation="20200101T000000-000000"),
        "1, of 0.2 itself": OLD.read_bytes(),
    }


@cache
def members_of(data: bytes) -> dict[str, bytes]:
    """The members of a pack."""
    return dict(read_zip(data).members)


def remade(data: bytes, facts: dict[str, Any]) -> bytes:
    """The pack with other facts, and with all that follows from them."""
    members = dict(members_of(data))
    members["pack.json"] = json.dumps(facts, ensure_ascii=False).encode()
    texts = {
        one["id"]: members[one["file"]].decode()
        for one in facts["articles"]
        if one["file"] in members
    }
    with suppress(ValidationError, SettingsError, LookupError):  # else no page follows from them
        members |= derived_members(PackManifest.model_validate(facts), texts)
    return write_zip(members)


def forged(data: bytes, facts: dict[str, Any]) -> VerifiedPack:
    """What verification says of the pack with other facts."""
    return verify_pack_bytes(remade(data, facts))


def facts_of(data: bytes) -> dict[str, Any]:
    """The content of `pack.json`."""
    return dict(json.loads(read_zip(data).members["pack.json"]))


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The paths of all values without parts. Of a long list, the first parts are enough."""
    if isinstance(value, dict) and value:
        for key, one in value.items():
            yield from leaves(one, (*path, key))
    elif isinstance(value, list) and value:
        for at, one in enumerate(value[:2]):
            yield from leaves(one, (*path, at))
    else:
        yield path


def trusted(path: tuple[str | int, ...], *, version: int = 2) -> str | None:
    """The entry of the lists of facts that are taken on trust; None if there is none."""
    name = ".".join(part for part in path if isinstance(part, str))
    lists = TAKEN_ON_TRUST if version > 1 else (*TAKEN_ON_TRUST, *ALSO_IN_VERSION_1)
    return next((one for one in lists if f"{name}.".startswith(f"{one}.")), None)


@cache
def unnoticed(data: bytes) -> list[tuple[tuple[str | int, ...], Any]]:
    """Each change of a leaf after which the pack verifies."""
    return list(_unnoticed(data))


def _unnoticed(data: bytes) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    facts = facts_of(data)
    for path in leaves(facts):
        *outer, last = path
        part = reduce(lambda part, key: part[key], outer, facts)  # type: ignore[arg-type]
        before = part[last]  # type: ignore[call-overload]
        more = [f"{before}x"] if isinstance(before, str) else []
        for value in [*OTHERS[type(before)], *more]:
            if value == before:
                continue
            part[last] = value  # type: ignore[index]  # a copy of the facts for each would be slow
            found = forged(data, facts)
            part[last] = before  # type: ignore[index]
            noticed = any(one.startswith("pack.json") for one in found.faults)
            if not noticed and all(one.state.is_good for one in found.citations):
                assert not found.faults, (path, value)
                yield path, value


OF_0_2 = pytest.param("1, of 0.2 itself", marks=pytest.mark.slow)
"""The largest pack; the quick suite changes the facts of those that are like it."""


@pytest.mark.parametrize("name", ["2", "1", "1, another state", OF_0_2])
def test_a_change_of_any_fact_is_noticed_or_listed(packs: dict[str, bytes], name: str) -> None:
    """Each leaf of `pack.json` is changed in turn, and all that follows from it is made again."""
    data, version = packs[name], int(name[0])
    assert verify_pack_bytes(data).faults == ()
    assert [one for one in unnoticed(data) if trusted(one[0], version=version) is None] == []


@pytest.mark.parametrize("name", ["1", OF_0_2])
def test_what_a_quote_repeats_is_checked_in_version_1(packs: dict[str, bytes], name: str) -> None:
    """Its title, days and speaker are those of its article, if the replies are of its state."""
    fields = {path[2:] for path, _ in unnoticed(packs[name]) if path[0] == "citations"}
    checked = ("title", "published", "source", "url", "version", "sentence")
    assert not fields & {*((one,) for one in checked), ("speaker", "name")}


def test_the_list_of_trusted_facts_is_no_longer_than_it_must_be(
    packed: bytes, packs: dict[str, bytes]
) -> None:
    """Each entry names a fact that can be changed; those about the index, in a pack of answers."""
    answers = facts_of(packed)
    answers["questions"], answers["absences"] = answers["questions"][:1], []
    both = (packed, remade(packed, answers))
    missed = {trusted(path) for one in both for path, _ in unnoticed(one)}
    assert set(TAKEN_ON_TRUST) - missed == set()
    made = [data for name, data in packs.items() if name != "1, of 0.2 itself"]
    older = {trusted(path, version=1) for one in made for path, _ in unnoticed(one)}
    assert set(ALSO_IN_VERSION_1) - older == set()


def test_the_how_to_lists_what_is_taken_on_trust() -> None:
    """Readers see the same list."""
    page = Path(__file__).parents[2] / "docs" / "how-to" / "evidence-packs.md"
    listed = page.read_text(encoding="utf-8").partition("taken on trust")[2].partition("\n## ")[0]
    now, _, older = listed.partition("version 1")
    for text, fields in ((now, TAKEN_ON_TRUST), (older, ALSO_IN_VERSION_1)):
        assert sorted(re.findall(r"`([a-z_0-9.]+)`", text)) == sorted(fields)


def test_the_field_of_an_answer_with_other_words_is_named(packed: bytes) -> None:
    """An answer in a pack has the words of a quote of its own."""
    facts = facts_of(packed)
    facts["questions"][0]["answers"][0]["text"] = "Nobody agreed"
    (fault,) = forged(packed, facts).faults
    assert fault == (
        "pack.json: questions[0].answers[0].text is not the words of one of its quotes."
    )


def test_a_pack_of_an_earlier_version_is_verified() -> None:
    """It has the rules of its version, which an answer with other words breaks, too."""
    data = OLD.read_bytes()
    found = verify_pack_bytes(data)
    assert found.faults == ()
    assert {one.state for one in found.citations} == {"stands"}
    facts = facts_of(data)
    facts["questions"][0]["answers"][0]["text"] = "Nobody agreed"
    assert forged(data, facts).faults


def test_new_facts_in_a_pack_of_an_earlier_version_are_noticed(packed: bytes) -> None:
    """Whoever names the version of another pack cannot make use of its fewer rules."""
    facts = {**facts_of(packed), "version": 1}
    assert forged(packed, facts).faults


def test_values_beside_an_answer_are_packed(packed: bytes) -> None:
    """The page of a pack has every value that the screen shows, with its quotes."""
    page = read_zip(packed).members["index.html"].decode()
    values = facts_of(packed)["questions"][0]["values"]
    assert [(one["text"], one["status"]) for one in values] == [
        ("4 million", "corrected"),
        ("5 million", "current"),
    ]
    items = [" ".join(one.text_content().split()) for one in html.fromstring(page).xpath("//li")]
    assert [one for one in items if " million" in one][:4] == [
        "4 million (75% confidence) [1] [2]Corrected on 3 May 2024; later reported as 5 million. "
        "Correction: [3]",
        "6 million (25% confidence)",
        "4 million [1] [2]The first and The again · 1 to 2 May 2024 · in 2 articles · "
        "Corrected on 3 May 2024 · correction [3]",
        "5 million [4]The later · 3 May 2024 · in 1 article",
    ]


def test_times_have_seconds(packed: bytes) -> None:
    """Neither the facts nor the page have parts of a second."""
    for member in ("pack.json", "index.html"):
        assert b"123456" not in read_zip(packed).members[member]
        assert b"09:15:20" in read_zip(packed).members[member]


@pytest.mark.parametrize("name", ["2", "1", "1, another state"])
def test_an_index_confirms_more(
    packs: dict[str, bytes], pack_and_index: tuple[bytes, OpenGeneration], name: str
) -> None:
    """With the index, what an article says of itself and of its blocks is compared, too."""
    data, index = packs[name], lambda: pack_and_index[1]
    facts = facts_of(data)
    assert verify_bytes(data, "pack.zip", index).is_good
    changes = [path for path, _ in unnoticed(data) if path[0] in ("citations", "articles")]
    compared = {path for path in changes if path[2:] == ("speaker", "name")}
    compared |= {path for path in changes if path[2] not in ("speaker", *_CLAIM)}
    fields = {path[2] for path in compared}
    assert fields >= {"role", "author", "page", "language", "authors"}
    if name == "1, another state":
        assert fields >= {"title", "published", "source", "url", "section", "speaker"}
    for path, value in unnoticed(data):
        if path in compared:
            changed = deepcopy(facts)
            reduce(lambda part, key: part[key], path[:-1], changed)[path[-1]] = value  # type: ignore[arg-type]
            found = verify_bytes(remade(data, changed), "pack.zip", index)
            place = ".".join(part for part in path[2:] if isinstance(part, str))
            named = f"pack.json: {path[0]}[{path[1]}].{place} is not what the index has."
            assert found.faults == (named,), (path, value)


def test_every_result_says_what_an_old_pack_is_not_checked_for(
    packs: dict[str, bytes], pack_and_index: tuple[bytes, OpenGeneration], tmp_path: Path
) -> None:
    """Whoever writes version 1 into a pack gets a result that says what that leaves out."""
    stated = {}
    for name, data in packs.items():
        found = verify_bytes(data, "pack.zip", None)
        stated[name] = [one.removeprefix("Not checked: ") for one in found.not_checked]
        path = tmp_path / "pack.zip"
        path.write_bytes(data)
        printed = CliRunner().invoke(app, ["verify", str(path)]).output
        given = json.loads(CliRunner().invoke(app, ["verify", str(path), "--json"]).output)
        assert given["not_checked"] == list(found.not_checked)
        page = html.fromstring(verify_html(VerifyView(result_of(found, "pack.zip")), style=""))
        shown = (printed, page.text_content(), html.fromstring(found._repr_html_()).text_content())
        for text in shown:
            words = " ".join(text.split())
            assert all(one in words for one in found.not_checked), words
    old = "The pack has version 1, which pullquote 0.2 wrote. Less is checked than in a newer pack."
    lost = "whether each answer is from its own quotes. Some quotes were left out."
    unused = "whether each quote belongs to an answer. Some may be corrections."
    facts = "the title, paper, day, address, section and speaker of 4 quotes. Some answers are"
    assert stated == {
        "2": [],
        "1": [old, "the section of 4 quotes.", lost, unused],
        "1, another state": [
            *(old, f"{facts} from another state of the index.", lost, unused),
        ],
        "1, of 0.2 itself": [old, "the section of 4 quotes."],
    }
    compared = verify_bytes(packs["1, another state"], "pack.zip", lambda: pack_and_index[1])
    assert [one.removeprefix("Not checked: ") for one in compared.not_checked] == [
        *(old, lost, unused)
    ]
