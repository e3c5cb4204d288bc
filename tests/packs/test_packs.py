"""Evidence packs hold what verifies them, and any changed byte is noticed."""

from __future__ import annotations

import io
import json
import random
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from typer.testing import CliRunner

import pullquote
from conftest import Newsroom
from packs.conftest import BODY, FACTS, QUOTE, pack_of, reply_of
from pullquote.base.zip_file import read_zip, write_zip
from pullquote.cli.commands import app
from pullquote.newsroom.packs import build_pack, verify_pack
from pullquote.newsroom.packs.verify import MOST_BYTES
from pullquote.schema.errors import CitationsUnreadable, SettingsError


def verified(folder: Path, data: bytes) -> pullquote.Verification:
    """What `verify` says of a file with these bytes."""
    path = folder / "pack.zip"
    path.write_bytes(data)
    return pullquote.verify(path)


def test_a_pack_is_verified_without_an_index(newsroom: Newsroom, tmp_path: Path) -> None:
    """Every quote stands in the text that the pack has of its article."""
    data = pack_of(newsroom).data
    (newsroom.corpus / "wall.md").unlink()
    found = verified(tmp_path, data)
    assert found.is_good
    assert [(one.state, one.words == one.quote) for one in found.citations] == [
        ("stands", True),
        ("stands", True),
    ]


def test_the_same_evidence_gives_the_same_bytes(newsroom: Newsroom) -> None:
    """A pack has no time of its own, and its ZIP has no choices."""
    assert pack_of(newsroom).data == pack_of(newsroom).data


def test_any_tool_can_unpack_it(newsroom: Newsroom) -> None:
    """Python's own reader finds all members sound; the digests are those of sha256sum."""
    with zipfile.ZipFile(io.BytesIO(pack_of(newsroom).data)) as packed:
        assert packed.testzip() is None
        assert packed.namelist() == [
            "index.html",
            "pack.json",
            "annotations.jsonld",
            "quotations.jsonld",
            "articles/0001.txt",
            "SHA256SUMS",
        ]
        article = packed.read("articles/0001.txt").decode()
    assert QUOTE in article


def test_digests_replace_texts(newsroom: Newsroom, tmp_path: Path) -> None:
    """Without texts, no sentence of the article is in the pack but those that are quoted."""
    built = pack_of(newsroom, texts=False)
    assert b"The council agreed on Monday" not in built.data
    found = verified(tmp_path, built.data)
    assert found.is_good
    assert {one.reason for one in found.citations} == {
        "The pack has only the digest of the article."
    }


def test_five_hundred_flipped_bits_are_noticed(newsroom: Newsroom, tmp_path: Path) -> None:
    """Wherever a bit is flipped, the verification fails and names a part of the pack."""
    data = pack_of(newsroom).data
    chance = random.Random(1)
    for _ in range(500):
        at = chance.randrange(len(data))
        changed = bytearray(data)
        changed[at] ^= 1 << chance.randrange(8)
        found = verified(tmp_path, bytes(changed))
        assert found.faults, at


def test_every_byte_outside_the_contents_counts(newsroom: Newsroom) -> None:
    """Each byte of headers, directory and end is noticed if it is replaced."""
    data = pack_of(newsroom).data
    start = data.index(b"PK\x01\x02")
    for at in [*range(40), *range(start - 600, len(data))]:
        changed = data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]
        assert read_zip(changed).faults, at


def test_the_changed_member_is_named(newsroom: Newsroom, tmp_path: Path) -> None:
    """A figure was changed in the text of the article."""
    data = pack_of(newsroom).data
    changed = data.replace(b"The council agreed on Monday", b"The council agreed on Friday")
    assert changed != data
    assert verified(tmp_path, changed).faults == ("articles/0001.txt was changed.",)


@pytest.mark.parametrize(
    "change", [lambda one: one[:-1], lambda one: one + b" ", lambda one: one[1:]]
)
def test_added_and_missing_bytes_are_noticed(newsroom: Newsroom, tmp_path: Path, change) -> None:  # type: ignore[no-untyped-def]
    """A pack that was cut, or that something follows, is not the pack."""
    assert verified(tmp_path, change(pack_of(newsroom).data)).faults


def test_a_quote_that_its_text_lacks_is_noticed(newsroom: Newsroom, tmp_path: Path) -> None:
    """Someone wrote a sound ZIP with another quote: the text of the article contradicts it."""
    read = read_zip(pack_of(newsroom).data)
    forged = dict(read.members)
    forged["pack.json"] = forged["pack.json"].replace(b'"quote": "4 m', b'"quote": "9 m')
    found = verified(tmp_path, write_zip(forged))
    assert [one.state for one in found.citations] == ["changed", "stands"]
    assert not found.is_good


def test_a_replaced_text_is_noticed(newsroom: Newsroom, tmp_path: Path) -> None:
    """Someone wrote a sound ZIP with another text of the article."""
    forged = dict(read_zip(pack_of(newsroom).data).members)
    forged["articles/0001.txt"] = forged["articles/0001.txt"].replace(b"4", b"9")
    (fault,) = verified(tmp_path, write_zip(forged)).faults
    assert fault == "articles/0001.txt is not the text of wall.md that pack.json names."


def test_a_sentence_that_its_text_lacks_is_noticed(newsroom: Newsroom, tmp_path: Path) -> None:
    """The page of a pack shows each quote in its sentence, so that must be the article's."""
    members = dict(read_zip(pack_of(newsroom).data).members)
    facts = json.loads(members["pack.json"])
    facts["citations"][0]["sentence"] = "It was no gravel."
    members["pack.json"] = json.dumps(facts).encode()
    first = verified(tmp_path, write_zip(members)).citations[0]
    assert first.state == "changed"
    assert "another sentence" in first.reason


def test_quotes_of_a_replaced_text_do_not_stand(newsroom: Newsroom, tmp_path: Path) -> None:
    """Without the text of its article nobody can say that a quote stands."""
    members = {**read_zip(pack_of(newsroom).data).members, "articles/0001.txt": b"Other words."}
    first = verified(tmp_path, write_zip(members)).citations[0]
    assert first.state == "unclear"


def test_an_article_that_is_listed_twice_is_a_fault(newsroom: Newsroom, tmp_path: Path) -> None:
    """A second entry cannot take the place of an article's text."""
    members = dict(read_zip(pack_of(newsroom).data).members)
    facts = json.loads(members["pack.json"])
    facts["articles"].append({**facts["articles"][0], "file": None})
    members["pack.json"] = json.dumps(facts).encode()
    (fault,) = verified(tmp_path, write_zip(members)).faults
    assert "twice" in fault


@pytest.mark.parametrize("name", ["index.html", "annotations.jsonld", "quotations.jsonld"])
@pytest.mark.parametrize("texts", [True, False])
def test_a_page_that_shows_something_else_is_noticed(
    newsroom: Newsroom, tmp_path: Path, name: str, texts: bool
) -> None:
    """Someone wrote a sound ZIP in which only what people and programs read is changed."""
    members = dict(read_zip(pack_of(newsroom, texts=texts).data).members)
    members[name] = members[name].replace(b"4 million", b"9 million")
    (fault,) = verified(tmp_path, write_zip(members)).faults
    assert fault == f"{name} is not what follows from pack.json."


@pytest.mark.parametrize("name", ["index.html", "quotations.jsonld"])
def test_a_missing_page_is_noticed(newsroom: Newsroom, tmp_path: Path, name: str) -> None:
    """A sound ZIP without a file that every pack has is no pack."""
    members = dict(read_zip(pack_of(newsroom).data).members)
    del members[name]
    (fault,) = verified(tmp_path, write_zip(members)).faults
    assert fault == f"{name} is not what follows from pack.json."


def test_a_file_that_no_pack_has_is_noticed(newsroom: Newsroom, tmp_path: Path) -> None:
    """Someone added a page beside the one that is verified."""
    members = {**read_zip(pack_of(newsroom).data).members, "read-me-first.html": b"<p>9 million"}
    (fault,) = verified(tmp_path, write_zip(members)).faults
    assert fault == "read-me-first.html does not belong to a pack."


def test_a_quote_of_an_unlisted_article_is_a_fault(newsroom: Newsroom, tmp_path: Path) -> None:
    """Its page cannot be made again, and no text has the quote."""
    members = dict(read_zip(pack_of(newsroom).data).members)
    facts = json.loads(members["pack.json"])
    facts["citations"][1]["article"] = "other.md"
    members["pack.json"] = json.dumps(facts).encode()
    found = verified(tmp_path, write_zip(members))
    assert found.faults == ("pack.json does not list the article of quote 2.",)
    assert found.citations[1].state == "article gone"


def test_a_pack_of_a_newer_version_is_not_read(newsroom: Newsroom, tmp_path: Path) -> None:
    """What it means is not known, so it is not called sound."""
    members = dict(read_zip(pack_of(newsroom).data).members)
    members["pack.json"] = members["pack.json"].replace(b'"version": 2,', b'"version": 3,', 1)
    (fault,) = verified(tmp_path, write_zip(members)).faults
    assert fault.startswith("pack.json is not that of a pack of version 2: version")


def _bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("pack.json", b" " * 50_000_000)
    return stream.getvalue()


def _traversal() -> bytes:
    data = write_zip({"pack.json": b"{}", "xx/xx/evil.txt": b""})
    return data.replace(b"xx/xx/evil.txt", b"../../evil.txt")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04",
        b"PK\x05\x06" + bytes(18),
        _bomb(),
        _traversal(),
        write_zip({"pack.json": b"[" * 100_000}),
        write_zip({"pack.json": b'{"version": 1e999}'}),
        write_zip({f"m{number}": b"" for number in range(30_000)}),
        write_zip({}),
    ],
    ids=["empty", "start", "end", "bomb", "traversal", "nesting", "number", "many", "nothing"],
)
def test_a_hostile_file_is_a_fault(tmp_path: Path, data: bytes) -> None:
    """Nothing is unpacked, and one sentence says what is wrong."""
    found = verified(tmp_path, data)
    assert not found.is_good
    assert len(found.faults) == 1
    assert not (tmp_path.parent / "evil.txt").exists()


def test_a_huge_file_is_refused(tmp_path: Path) -> None:
    """A file larger than any pack is an error, before it is read."""
    path = tmp_path / "huge.zip"
    with path.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(CitationsUnreadable, match="larger than 64 MB"):
        verify_pack(path)


@given(st.binary(max_size=2000))
def test_any_bytes_are_read_without_an_exception(data: bytes) -> None:
    """Whatever a file has, reading it gives members or faults."""
    read = read_zip(data)
    assert bool(read.members) != bool(read.faults)


def test_a_citation_that_changed_is_left_out(newsroom: Newsroom) -> None:
    """The article was corrected after the answer; the pack says which quote it lacks."""
    asked = reply_of(newsroom.open().article("wall.md"))
    newsroom.write("wall.md", f"News. {BODY.replace('4 million', '5 million')}", **FACTS)
    newsroom.rebuild()
    built = build_pack([asked], newsroom.open(), settings={})
    assert [one.quote for one in built.manifest.left_out] == [QUOTE]
    assert built.manifest.left_out[0].reason.startswith("changed")
    assert [one.citations for one in built.manifest.questions[0].answers] == [(), (1,)]
    (moved,) = built.manifest.citations
    text = newsroom.open().article("wall.md").text
    assert text[moved.start : moved.end] == moved.quote == moved.sentence


def test_withheld_words_are_not_packed(newsroom: Newsroom) -> None:
    """The article was withdrawn after the answer; the pack says so without its words."""
    asked = reply_of(newsroom.open().article("wall.md"))
    newsroom.write("wall.md", BODY, **FACTS, status="canceled")
    newsroom.rebuild()
    built = build_pack([asked], newsroom.open(), settings={})
    assert [one.article for one in built.manifest.left_out] == ["wall.md", "wall.md"]
    assert all(one.reason.startswith("withdrawn") for one in built.manifest.left_out)
    assert QUOTE.encode() not in built.data


def test_annotations_select_the_quotes(newsroom: Newsroom) -> None:
    """Each W3C annotation selects its words by text and by position."""
    members = read_zip(pack_of(newsroom).data).members
    page = json.loads(members["annotations.jsonld"])
    text = members["articles/0001.txt"].decode()
    assert page["@context"] == "http://www.w3.org/ns/anno.jsonld"
    for one in page["first"]["items"]:
        quote, position = one["target"]["selector"]
        assert text[position["start"] : position["end"]] == quote["exact"]
        assert quote["prefix"] + quote["exact"] + quote["suffix"] in text


def test_quotations_name_their_creators(newsroom: Newsroom) -> None:
    """A claim is its speaker's; words of the paper are its author's."""
    graph = json.loads(read_zip(pack_of(newsroom).data).members["quotations.jsonld"])["@graph"]
    assert [one["creator"][0]["name"] for one in graph] == ["Ida Roe", "Una Finch"]
    assert {one["isPartOf"]["publisher"]["name"] for one in graph} == {"Harbour Post"}


def test_the_page_shows_the_words_and_no_markup_of_theirs(newsroom: Newsroom) -> None:
    """The page is whole HTML; tags in a question or a quote are text."""
    page = html.fromstring(read_zip(pack_of(newsroom).data).members["index.html"])
    assert page.xpath("//mark/text()") == [QUOTE, "Naïve <b>& costly</b>"]
    assert page.xpath("//h2")[0].text_content() == "What does the <wall> cost?"
    assert not page.xpath("//b | //script | //img | //link")


def test_a_pack_without_a_reply_is_an_error(sample_index: Path) -> None:
    """An empty conversation has nothing to pack."""
    with pullquote.open(sample_index) as assistant, pytest.raises(SettingsError, match="no reply"):
        pullquote.pack(pullquote.Conversation(), assistant)


def test_the_commands_write_and_verify(sample_index: Path, tmp_path: Path) -> None:
    """`pack` writes a file that `verify` finds sound, also compared with the index."""
    path = tmp_path / "interpol.zip"
    command = ["pack", "who agreed to the Interpol centre?", "-o", str(path)]
    done = CliRunner().invoke(app, [*command, "--index", str(sample_index)])
    assert done.exit_code == 0, done.output
    assert "quotes from 1 article" in done.output
    assert CliRunner().invoke(app, ["verify", str(path)]).exit_code == 0
    compared = CliRunner().invoke(
        app, ["verify", str(path), "--index", str(sample_index), "--json"]
    )
    assert json.loads(compared.output)["generation"]
    data = path.read_bytes()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    done = CliRunner().invoke(app, ["verify", str(path)])
    assert done.exit_code == 3
    assert "was changed" in done.output


def test_a_pack_without_an_answer_states_what_was_searched(
    sample_index: Path, tmp_path: Path
) -> None:
    """For a question without an answer, the pack has the statement of absence, and no quote."""
    path = tmp_path / "nothing.zip"
    command = ["pack", "how many submarines did Norway buy in 1987?", "-o", str(path)]
    done = CliRunner().invoke(app, [*command, "--index", str(sample_index)])
    assert done.exit_code == 0, done.output
    members = read_zip(path.read_bytes()).members
    facts = json.loads(members["pack.json"])
    assert facts["absences"][0]["unknown_words"] == ["many", "submarines", "buy"]
    assert "In no article: many, submarines, buy." in members["index.html"].decode()
    assert pullquote.verify(path).is_good
