"""The page that verifies files, over HTTP: results, refusals and bounds."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator

import pytest
from lxml import html
from starlette.applications import Starlette
from starlette.testclient import TestClient

from conftest import Newsroom
from packs.conftest import BODY, FACTS, QUOTE, newsroom, pack_of, reply_of
from pullquote.base.zip_file import read_zip, write_zip
from pullquote.conversation import Conversation, Turn, to_markdown
from pullquote.index import OpenGeneration
from pullquote.newsroom.verification.verify import verify_bytes
from pullquote.schema import CitationState, Verification, VerifiedCitation
from pullquote.schema.errors import CitationsUnreadable, IndexMissing
from pullquote.web.request_limits import MAX_VERIFIED
from pullquote.web.scheduler import Scheduler
from pullquote.web.verify.routes import (
    MOST_BYTES,
    MOST_SHOWN,
    VerifyPage,
    VerifyView,
    result_of,
    verify_html,
)

__all__ = ["newsroom"]

HOSTILE = "<script>alert(1)</script>\u202e\u0000.zip"


@pytest.fixture
def client(newsroom: Newsroom) -> Iterator[TestClient]:
    """A client of the page over the newsroom's index."""
    page = VerifyPage(newsroom.open, Scheduler(waiting=5))
    with TestClient(Starlette(routes=page.routes)) as opened:
        yield opened


def shown(client: TestClient, data: bytes, name: str = "pack.zip", **fields: str) -> str:
    """The words of the page for a file."""
    answer = client.post("/verify", files={"file": (name, data)}, data=fields)
    assert answer.status_code == 200, answer.text
    return " ".join(html.fromstring(answer.text).find(".//main").text_content().split())


def saved(newsroom: Newsroom) -> Conversation:
    """A conversation with the citations of the newsroom's article."""
    asked = reply_of(newsroom.open().article("wall.md"))
    assert asked.asked is not None
    turn = Turn(question="What?", searched="what", reply=asked.reply, asked=asked.asked)
    return Conversation(turns=(turn,))


def test_a_sound_pack_stands(newsroom: Newsroom, client: TestClient) -> None:
    """The page has its SHA-256, and says what that proves and what not."""
    pack = pack_of(newsroom)
    for fields, compared in (({}, "what the pack has"), ({"compare": "on"}, "the articles here")):
        words = shown(client, pack.data, **fields)
        assert "All stands: pack.zip" in words
        assert pack.sha256 in words
        assert f"2 citations, compared with {compared}" in words
        assert "That does not say who wrote it" in words


def test_the_changed_file_is_named(newsroom: Newsroom, client: TestClient) -> None:
    """One byte of the article's text was changed."""
    data = pack_of(newsroom).data.replace(b"The council agreed", b"The council argued")
    words = shown(client, data, compare="on")
    assert "This pack was changed" in words
    assert "articles/0001.txt was changed." in words


def test_a_page_that_lies_is_named(newsroom: Newsroom, client: TestClient) -> None:
    """The page in the pack was changed together with its digests."""
    members = dict(read_zip(pack_of(newsroom).data).members)
    members["index.html"] = members["index.html"].replace(b"4 million", b"9 million")
    assert "index.html is not what follows" in shown(client, write_zip(members))


def test_a_pack_is_compared_with_corrected_articles(newsroom: Newsroom, client: TestClient) -> None:
    """The article was corrected since: the words that differ are shown, if that is asked for."""
    data = pack_of(newsroom).data
    newsroom.write("wall.md", BODY.replace("4 million", "5 million"), **FACTS)
    newsroom.rebuild()
    assert "All stands" in shown(client, data)
    words = shown(client, data, compare="on")
    assert "Not all stands" in words
    assert "removed: 4 added: 5 million pounds" in words


@pytest.mark.parametrize("form", ["json", "md"])
def test_an_export_is_compared_with_the_articles(
    newsroom: Newsroom, client: TestClient, form: str
) -> None:
    """Both exports of the chat: one quote moved, and one changed."""
    conversation = saved(newsroom)
    newsroom.write("wall.md", "News. " + BODY.replace("4 million", "5 million"), **FACTS)
    newsroom.rebuild()
    text = conversation.to_json() if form == "json" else to_markdown(conversation)
    words = shown(client, text.encode(), f"chat.{form}")
    assert "1 changed" in words
    assert "1 moved" in words
    assert f"removed: {QUOTE.split()[0]} added: 5" in words


def test_a_withdrawn_article_is_not_shown(newsroom: Newsroom, client: TestClient) -> None:
    """The result says so, without a link to the article."""
    conversation = saved(newsroom)
    newsroom.write("wall.md", BODY, **FACTS, status="canceled")
    newsroom.rebuild()
    answer = client.post("/verify", files={"file": ("chat.json", conversation.to_json())})
    assert "2 withdrawn" in html.fromstring(answer.text).text_content()
    assert "article=wall.md" not in answer.text


def _bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("pack.json", b" " * 50_000_000)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("bomb.zip", _bomb()),
        ("short.zip", b"PK\x03\x04"),
        ("nested.zip", write_zip({"pack.json": b"[" * 100_000})),
        (HOSTILE, b"no zip"),
    ],
)
def test_a_hostile_pack_is_a_changed_pack(client: TestClient, name: str, data: bytes) -> None:
    """Nothing is unpacked, and no name becomes markup."""
    answer = client.post("/verify", files={"file": (name, data)})
    assert answer.status_code == 200
    assert "This pack was changed" in html.fromstring(answer.text).text_content()
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.json", b"{}", "it has no citations"),
        ("a.json", b"[" * 200_000, "nested too deeply"),
        ("a.md", b"x" + b"[" * 100_000, "thousands of marks"),
        ("a.txt", b"\xff\xfe", "not text in UTF-8"),
        ("a.md", b"", "Choose a file"),
        (HOSTILE[:-4], b"words", "it has no citations"),
    ],
)
def test_a_file_without_citations_is_refused(
    client: TestClient, name: str, data: bytes, reason: str
) -> None:
    """The page says why, and has the form for another file."""
    answer = client.post("/verify", files={"file": (name, data)})
    assert answer.status_code == 422
    page = html.fromstring(answer.text)
    assert reason in page.find_class("pq-warning")[0].text_content() or data == b""
    assert page.find_class("pq-verifying")
    assert "<script>alert" not in answer.text


def test_a_file_with_too_many_citations_is_refused(client: TestClient, newsroom: Newsroom) -> None:
    """The page has both numbers; a pack counts, too."""
    cited = [
        {"article": f"{number}.md", "start": 0, "end": 9, "quote": "the words"}
        for number in range(MAX_VERIFIED + 1)
    ]
    answer = client.post("/verify", files={"file": ("a.json", json.dumps(cited))})
    assert answer.status_code == 422
    reason = f"it has {MAX_VERIFIED + 1:,} citations, more than the {MAX_VERIFIED:,}"
    assert reason in html.fromstring(answer.text).text_content()
    with pytest.raises(CitationsUnreadable, match="2 citations, more than the 1 "):
        verify_bytes(pack_of(newsroom).data, "a.zip", None, most=1)


def test_a_large_file_is_refused_before_it_is_read(client: TestClient) -> None:
    """Also one whose size is not announced; and the form may have one file only."""
    answer = client.post("/verify", files={"file": ("a.zip", bytes(MOST_BYTES + 1))})
    assert answer.status_code == 413
    boundary = {"Content-Type": "multipart/form-data; boundary=b"}
    endless = (bytes(1 << 20) for _ in range(40))
    assert client.post("/verify", content=endless, headers=boundary).status_code in (400, 413)
    two = [("file", ("a.md", b"x")), ("file", ("b.md", b"y"))]
    assert client.post("/verify", files=two).status_code == 400


@pytest.mark.parametrize("body", [b"", b"file=x", b"--b\r\n", b"--b\r\nx: y\r\n\r\n", b"\0" * 999])
def test_what_is_no_form_is_refused(client: TestClient, body: bytes) -> None:
    """Whatever is sent, the page answers."""
    for kind in ("text/plain", "multipart/form-data", "multipart/form-data; boundary=b"):
        answer = client.post("/verify", content=body, headers={"Content-Type": kind})
        assert answer.status_code in (400, 422)


def test_a_pack_needs_no_index(newsroom: Newsroom) -> None:
    """Without an index a pack is verified alone, with a note; an export cannot be."""

    def missing() -> OpenGeneration:
        raise IndexMissing(newsroom.index.path)

    routes = VerifyPage(missing, Scheduler(waiting=5)).routes
    client = TestClient(Starlette(routes=routes))
    words = shown(client, pack_of(newsroom).data, compare="on")
    assert "All stands" in words
    assert "not compared with the articles here" in words
    answer = client.post("/verify", files={"file": ("chat.json", saved(newsroom).to_json())})
    assert answer.status_code == 503


def test_a_long_list_begins_with_what_does_not_stand() -> None:
    """Only some citations are listed, but all are counted; long quotes are clipped."""
    stands = VerifiedCitation(
        where="line 1", article="a", title="t", quote="x" * 10**6, state=CitationState.STANDS
    )
    gone = stands.model_copy(update={"state": CitationState.GONE})
    result = result_of(Verification(citations=(stands,) * 1000 + (gone,)), "a.md")
    assert result.citations[0]["state"] is CitationState.GONE
    assert len(result.citations) == MOST_SHOWN
    page = str(verify_html(VerifyView(result), style="verify.css"))
    assert "1,001 citations" in page
    assert len(page) < MOST_SHOWN * 2000
