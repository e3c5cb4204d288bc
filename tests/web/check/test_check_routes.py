"""The Check page over HTTP, without the rest of the server."""

from __future__ import annotations

import asyncio
import io
import json
import re
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from checking.reports.test_docx_damage import zipped
from checking.reports.test_docx_report import NOTED, commented, parts_of, word_file
from pullquote.newsroom.assistant import Assistant
from pullquote.schema.settings import Settings
from pullquote.web.check.intake import MAX_RECEIVED
from pullquote.web.check.reports import MAX_XML
from pullquote.web.check.routes import CHECK, REPORT, CheckPages
from pullquote.web.liveness import CallerWatch
from pullquote.web.request_limits import MAX_DRAFT_BYTES, MAX_DRAFT_CHARS, MAX_QUOTATIONS
from pullquote.web.scheduler import Scheduler
from pullquote.web.views.unready import RebuildStatus, UnreadyView
from web.speakers.test_speaker_pages import shown

DRAFT = "“It was gravel, for two metres,” said Rosalind Achterberg. “It was sand, for two metres.”"
BODY = '<w:body><w:p><w:r><w:t xml:space="preserve">{}</w:t></w:r></w:p></w:body>'
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def docx(text: str) -> bytes:
    """A Word file with one paragraph."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        document = f'<w:document xmlns:w="{WORD}">{BODY.format(text)}</w:document>'
        archive.writestr("word/document.xml", document)
    return packed.getvalue()


class Site:
    """The page over an index."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def post(self, path: str = CHECK, **given: object) -> httpx.Response:
        """The answer to a form."""
        return self.send("POST", path, **given)

    def send(self, method: str, path: str, **given: object) -> httpx.Response:
        """The answer to a request."""

        async def ask() -> httpx.Response:
            with Assistant(self._settings) as assistant:
                pages = CheckPages(
                    assistant,
                    Scheduler(waiting=self._settings.waiting),
                    UnreadyView(assistant, RebuildStatus),
                )
                transport = httpx.ASGITransport(Starlette(routes=pages.routes))
                async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
                    return await client.request(method, path, timeout=120, **given)  # type: ignore[arg-type]

        return asyncio.run(ask())


@pytest.fixture(scope="module")
def site(sample_index: Path) -> Site:
    """The page over the sample corpus."""
    return Site(Settings(index=sample_index, corpus=Path(__file__).parents[3] / "corpus"))


def text_form(text: str) -> dict[str, object]:
    """The form with a pasted text and no file, as browsers send it."""
    return {"data": {"text": text}, "files": {"file": ("", b"")}}


def file_form(name: str, content: bytes) -> dict[str, object]:
    """The form with a file."""
    return {"data": {"text": ""}, "files": {"file": (name, content)}}


def test_a_pasted_draft_is_checked(site: Site) -> None:
    """Counts, verdicts and a link to the place; nothing of it may be cached."""
    answer = site.post(**text_form(DRAFT))
    text = shown(answer.text)
    assert answer.status_code == 200
    assert "2 quotations: 1 exact, 1 altered" in text
    assert "sand in the draft, gravel in the article" in text
    assert "./?article=harbour-post%2F2024-03-14-ferry-terminal-delay.md" in answer.text
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("draft.txt", DRAFT.encode()),
        ("draft.md", f"# A draft\n\n{DRAFT}\n".encode()),
        ("draft.html", f"<html><body><article><p>{DRAFT}</p></article></body></html>".encode()),
        ("draft.docx", docx(DRAFT)),
        ("DRAFT.DOCX", docx(DRAFT)),
    ],
)
def test_the_file_of_a_draft_is_checked(site: Site, name: str, content: bytes) -> None:
    """Text, Markdown, HTML and Word give the same verdicts, with the name of the file."""
    text = shown(site.post(**file_form(name, content)).text)
    assert "2 quotations: 1 exact, 1 altered" in text
    assert f"{name} , compared with" in text


def test_no_draft_stays_on_the_disk(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder for temporary files is empty after a file was read, and after one that fails."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for content in (docx(DRAFT), b"PK\x03\x04 damaged"):
        site.post(**file_form("draft.docx", content))
        assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("form", "status", "message"),
    [
        (text_form("  "), 422, "Paste the text of a draft, or choose its file."),
        (file_form("draft.xyz", b"x"), 415, "A file ending in .xyz is no draft"),
        (file_form("draft.zip", b"x"), 415, "A file ending in .zip is no draft"),
        (file_form("draft.docx", b"PK\x03\x04"), 422, "The file cannot be read:"),
        (file_form("draft.txt", b"\x89PNG\r\n\x1a\n" + bytes(99)), 422, "a PNG image"),
        (file_form("draft.docx", b""), 422, "The file cannot be read:"),
        (
            text_form("x" * (MAX_DRAFT_CHARS + 1)),
            422,
            "The draft has 100,001 characters; at most 100,000 are checked.",
        ),
        (
            text_form("“a b” " * (MAX_QUOTATIONS + 1)),
            422,
            "The draft has 201 quotations; at most 200 are checked.",
        ),
        (
            file_form("draft.docx", bytes(MAX_DRAFT_BYTES + 100_000)),
            413,
            "The draft is larger than 10 MB, the limit for the file of a draft. Remove its",
        ),
        (file_form("draft.txt", b"x" * 900_000), 422, "at most 100,000 are checked"),
        ({"content": b"x"}, 422, "Paste the text of a draft, or choose its file."),
        (
            {"content": b"x", "headers": {"Content-Type": "multipart/form-data; boundary=a"}},
            400,
            "The request has no form that can be read.",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_checked_is_explained(
    site: Site, form: dict[str, object], status: int, message: str
) -> None:
    """The page says why, with the limit and what to do, and has the form again."""
    answer = site.post(**form)
    assert answer.status_code == status
    assert message in shown(answer.text)
    assert "<textarea" in answer.text


def test_a_refused_text_stays_in_the_form(site: Site) -> None:
    """Nobody needs to paste it again."""
    text = "“a b” " * (MAX_QUOTATIONS + 1) + "</textarea>"
    assert f"{'“a b” ' * 3}" in site.post(**text_form(text)).text
    assert "&lt;/textarea&gt;</textarea>" in site.post(**text_form(text)).text


def test_the_report_is_made_from_the_draft_that_is_sent_again(site: Site) -> None:
    """The files are those of `pullquote check --json`, `--html` and `--docx`."""
    page = site.post(**text_form(DRAFT)).text
    draft = posted(page)
    answer = site.post(REPORT, files={"draft": (None, draft), "format": (None, "json")})
    verdicts = [one["verdict"] for one in json.loads(answer.text)["quotes"]]
    assert verdicts == ["exact", "altered"]
    assert answer.headers["content-disposition"] == 'attachment; filename="checked-quotations.json"'
    answer = site.post(REPORT, files={"draft": (None, draft), "format": (None, "html")})
    assert answer.text.startswith("<!doctype html>")
    assert "2 quotations: 1 exact, 1 altered" in shown(answer.text)
    answer = site.post(REPORT, files={"draft": (None, draft), "format": (None, "docx")})
    with zipfile.ZipFile(io.BytesIO(answer.content)) as package:
        assert package.read("word/pullquote_comments.xml").count(b"<w:comment ") == 2


def posted(page: str) -> str:
    """The draft as the page has it, to be sent again."""
    [value] = re.findall(r'name="draft" value="([^"]*)"', page)
    return value.replace("&#34;", '"').replace("&#39;", "'")


BOLD = (
    f"<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>{DRAFT[:60]}</w:t></w:r>"
    f'<w:r><w:t xml:space="preserve">{DRAFT[60:]}</w:t></w:r></w:p>'
)


def report_of_file(site: Site, content: bytes, *, sent: bytes) -> httpx.Response:
    """The report in Word on a file that was checked, with the file that is sent again."""
    page = site.post(**file_form("draft.docx", content)).text
    assert "Your Word file" in shown(page)
    return site.post(
        REPORT,
        files={
            "draft": (None, posted(page)),
            "name": (None, "draft.docx"),
            "format": (None, "docx"),
            "file": ("draft.docx" if sent else "", sent),
        },
    )


def test_the_report_of_a_word_file_is_a_copy_of_it(site: Site) -> None:
    """It keeps its formatting, its pictures and its styles, and gets comments."""
    styles = '<w:styles xmlns:w="x"/>'
    own = word_file(BOLD, **{"word/styles.xml": styles, "word/header1.xml": "<h/>"})
    answer = report_of_file(site, own, sent=own)
    assert answer.status_code == 200
    before, after = parts_of(own), parts_of(answer.content)
    for name in ("word/media/image1.png", "word/styles.xml", "word/header1.xml"):
        assert after[name] == before[name]
    assert b"<w:b/>" in after["word/document.xml"]
    assert [lines[0].partition(":")[0] for lines in commented(answer.content).values()] == [
        "exact, as said by Rosalind Achterberg",
        "altered, as said by Rosalind Achterberg",
    ]


@pytest.mark.parametrize(
    "parts",
    [
        {"word/_rels/document.xml.rels": "<Relationships>"},
        {"word/comments.xml": "<!-- a --><comments/>"},
        {"word/comments.xml": ""},
        {"word/media/image1.png": "a picture", "word/document.xml": f"<x>{BOLD}</x>"},
    ],
)
def test_no_report_of_a_damaged_word_file(site: Site, parts: dict[str, str]) -> None:
    """Its text may be checked, but comments cannot be added to it; the reason is no fault of ours.

    503 would make a browser or a proxy send it again.
    """
    whole = dict(parts_of(word_file(BOLD, comments=NOTED)))
    prefix = f'xmlns:w="{WORD}"'
    given = {name: part.replace("<x>", f"<x {prefix}>") for name, part in parts.items()}
    damaged = zipped({**whole, **given})
    answer = report_of_file(site, damaged, sent=damaged)
    assert answer.status_code == 422
    assert "The file cannot be read: it is " in answer.text
    assert "Save it again, or paste its text." in answer.text


def test_without_the_file_the_report_has_the_paragraphs(site: Site) -> None:
    """Such as in a browser without JavaScript, if it is not chosen again."""
    answer = report_of_file(site, word_file(BOLD), sent=b"")
    assert "word/media/image1.png" not in parts_of(answer.content)
    assert len(commented(answer.content)) == 2


ROWS = "".join(map(str, range(MAX_XML // 6)))


def packed_again(docx: bytes) -> bytes:
    """A Word file, compressed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts_of(docx).items():
            archive.writestr(name, content)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        (word_file("<w:p><w:r><w:t>“Another draft.”</w:t></w:r></w:p>"), "not the Word file that"),
        (b"PK\x03\x04", "The file cannot be read:"),
        (packed_again(word_file(BOLD, **{"word/big.xml": ROWS})), "expands to too much"),
        (word_file(BOLD) + bytes(MAX_DRAFT_BYTES), "larger than 10 MB"),
    ],
    ids=["another", "damaged", "expands", "large"],
)
def test_a_report_is_no_copy_of_another_file(site: Site, sent: bytes, message: str) -> None:
    """Nor of one that cannot be read, or takes too much memory."""
    answer = report_of_file(site, word_file(BOLD), sent=sent)
    assert answer.status_code in (413, 422)
    assert message in answer.text


@pytest.mark.parametrize(
    "fields",
    [
        {"format": (None, "json")},
        {"draft": (None, "{}"), "format": (None, "json")},
        {"draft": (None, '{"text": "\\ud800"}'), "format": (None, "json")},
        {"draft": (None, "[" * 9000), "format": (None, "json")},
        {"draft": (None, "{}"), "format": (None, "exe")},
    ],
)
def test_a_report_of_no_draft_is_refused_in_a_line(
    site: Site, fields: dict[str, tuple[None, str]]
) -> None:
    """What the page never sends has the status 422."""
    answer = site.post(REPORT, files=fields)
    assert answer.status_code == 422
    assert answer.text == "The draft cannot be read. Check it again on the page."


def test_without_an_index_the_page_says_what_is_missing(tmp_path: Path) -> None:
    """Also to those who send a draft, whose text is kept."""
    site = Site(Settings(index=tmp_path / "index", corpus=tmp_path))
    assert "There is no index yet." in site.send("GET", CHECK).text
    answer = site.post(**text_form(DRAFT))
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "There is no index yet." in answer.text
    assert "It was gravel" in answer.text


def test_a_body_that_goes_on_for_ever_is_cut_off(site: Site) -> None:
    """What is over the limit is thrown away, and at last not even received."""
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 1 << 20
            yield bytes(1 << 20)

    kind = {"Content-Type": "multipart/form-data; boundary=a"}
    answer = site.post(content=endless(), headers=kind)
    assert answer.status_code == 413
    assert sent <= MAX_RECEIVED + (2 << 20)


def test_work_ends_when_the_browser_leaves() -> None:
    """A request that asks for work is watched until its connection ends."""
    left = asyncio.Event()
    messages: list[Message] = [{"type": "http.request", "body": b"", "more_body": False}]
    seen: list[bool] = []

    async def receive() -> Message:
        if messages:
            return messages.pop()
        await left.wait()
        return {"type": "http.disconnect"}

    async def work(scope: Scope, receive: Receive, send: Send) -> None:
        await Request(scope, receive).body()
        has_left = watch.watch()
        seen.append(has_left())
        left.set()
        while not has_left():
            await asyncio.sleep(0.01)
        seen.append(has_left())

    async def send(_: Message) -> None:
        """Nobody receives anything."""

    chat: Any = SimpleNamespace(_queue=SimpleNamespace(event_ids_to_events={}))
    watch = CallerWatch(work, chat, calls=["/mcp"], waiting=9, posts={CHECK: PlainTextResponse})
    scope = {"type": "http", "method": "POST", "path": CHECK, "headers": [], "client": None}
    asyncio.run(asyncio.wait_for(watch(scope, receive, send), 60))
    assert seen == [False, True]
