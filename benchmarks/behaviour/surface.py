"""Parts that use the program from outside: its commands, and the pages and events of the chat."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from collections.abc import Iterator, Sequence
from contextlib import chdir
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin

import httpx
from typer.main import get_command
from typer.testing import CliRunner

from benchmarks.behaviour.engine import TESTS, Sources, Unit
from benchmarks.behaviour.recording import ROOT
from benchmarks.load import serving
from pullquote.cli.commands import app

ENDLESS = ("calibrate", "demo", "evaluate", "serve")
"""Commands that go on until they are stopped, or take minutes."""

QUESTIONS = (
    "who agreed to the Interpol centre?",
    "when will the ferry terminal open?",
    "how many people marched?",
    "which towns have ferries?",
    "cannery",
    "what did the mayor say?",
    "did the mayor resign?",
    "who is the king of France?",
    "hello",
    "what happened in February 2024?",
    "teh feryr terminl",
)
"""Answered, values that differ, possible, a list, keywords, said, nothing found, chatty."""

DRAFT = """The cannery “was bought by its own workers”, and “nobody will yet say who pays”.

“It was gravel, for two metres,” said Rosalind Achterberg. “This was never said by anyone here.”
"""
PAGES = (
    "/", "/corpus", "/corpus?q=ferry", "/corpus?sort=title&page=2", "/corpus/archive", "/check",
    "/verify", "/grid", "/watchlist", "/watchlist.xml", "/speakers", "/speakers?q=council",
    "/speakers.csv", "/speaker?name=Gwen+Halloran", "/speaker?name=Nobody", "/audit",
    "/audit?source=Harbour+Post", "/audit.csv", "/no-such-page", "/metrics", "/healthz", "/readyz",
    "/api/v1/openapi.json", "/api/v1/index", "/api/v1/articles",
    "/api/v1/search?question=ferry&k=3", "/api/v1/search", "/api/v1/article?article=none",
    "/api/v1/article?article=harbour-post/2024-03-14-ferry-terminal-delay.md",
)  # fmt: skip
MOST_LINKED = 150
"""Linked pages that are stored too."""
_LINK = re.compile(r"""(?:href|src|action)=["']([^"'#]+)""")
_OWN = re.compile(
    r"/(?!/|assets|static|gradio_api|theme|svelte|manifest|favicon)(?!\?article=)[^\s]*"
)
"""Addresses of our own, which are not below those of Gradio's files."""
_PLACE = re.compile(r"[?;&]article=([^&\"]+?)&(?:amp;)?start=(\d+)&(?:amp;)?end=(\d+)")
_PATIENCE = httpx.Timeout(120)


def _helped(command: Any, name: str = "") -> Iterator[tuple[str, str]]:  # noqa: ANN401 - click's
    yield name, command.help or ""
    for inner, one in sorted(getattr(command, "commands", {}).items()):
        yield from _helped(one, f"{name} {inner}".strip())


def _run(arguments: Sequence[str], folder: Path, given: str = "") -> dict[str, object]:
    """What a command prints, its exit status and error, and the text files that it writes."""
    before = set(folder.rglob("*"))
    with chdir(folder):
        done = CliRunner().invoke(app, list(arguments), input=given)
    failed = None if isinstance(done.exception, SystemExit) else done.exception
    made = sorted(p for p in set(folder.rglob("*")) - before if p.is_file())
    texts = {".md", ".html", ".csv", ".json", ".jsonl"}
    return {
        "status": done.exit_code,
        "out": done.stdout,
        "err": done.stderr,
        "error": None if failed is None else f"{type(failed).__name__}: {failed}",
        "files": {
            p.relative_to(folder).as_posix(): p.read_text(encoding="utf-8")
            if p.suffix in texts
            else ""
            for p in made
            if "index" not in p.relative_to(folder).parts[0]
        },
    }


def _prepared(folder: Path, sources: Sources) -> None:
    """Write what the examples name."""
    for name in ("corpus", "articles"):
        shutil.copytree(ROOT / "corpus", folder / name)
    for part in ("harbour-post", "tideline-herald"):
        shutil.copytree(ROOT / "corpus" / part, folder / part)
    shutil.copytree(sources.sample, folder / "index")
    gold = (TESTS / "questions.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    record = {"title": "Ferry late", "text": "The ferry to Inchbray was an hour late. " * 9}
    texts = {
        "story.md": DRAFT,
        "questions.txt": "who bought the cannery?\nhow many people marched?\n",
        "gold.jsonl": "".join(gold[:12]),
        "dump.jsonl": f"{json.dumps(record)}\n" * 20,
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    shutil.copy(TESTS / "articles" / "saved-page.txt", folder / "page.html")
    reply = _run(["ask", "who bought the cannery?", "--json"], folder)
    (folder / "pullquote-2024-05-31.json").write_text(str(reply["out"]), encoding="utf-8")
    _run(["check", "story.md", "--docx", "story.docx"], folder)


def commands(sources: Sources) -> Iterator[Unit]:
    """The help of every command, and what the examples in it do, in one folder."""
    folder = sources.work / "commands"
    folder.mkdir()
    _prepared(folder, sources)
    found = dict(_helped(get_command(app)))
    for name in found:
        yield f"{name} --help", _run([*name.split(), "--help"], folder)
    examples: dict[str, None] = {}
    for name, text in found.items():
        _, _, shown = text.partition("Example:")
        if name.partition(" ")[0] not in ENDLESS:
            shown = " ".join(shown.split())
            examples |= dict.fromkeys(re.findall(r"`[^`]*?(pullquote [^`|]*)`", shown))
    for example in sources.first(examples):
        command, _, given = example.partition(" < ")
        words = shlex.split(command)[1:]
        text = (folder / (given or "story.md")).read_text(encoding="utf-8")
        yield example, _run(words, folder, text)
        if words[0] in ("ask", "retrieve", "show", "attribute", "check", "audit", "stats"):
            plain = [word for word in words if word != "--csv"]
            yield f"{example} --json", _run([*plain, "--json"], folder, text)


def http(sources: Sources) -> Iterator[Unit]:
    """The pages, and those that they link to; posted forms; the API; the events of the chat."""
    folder = sources.work / "http"
    folder.mkdir()
    with (
        serving(sources.sample, folder, corpus=ROOT / "corpus") as (url, _),
        httpx.Client(base_url=url, timeout=_PATIENCE) as client,
    ):
        _wait_for_speakers(client)
        yield from _pages(client, sources)
        for name, sent in _posted(client):
            yield f"POST {name}", sent
        for question in sources.first(QUESTIONS):
            asked = {"question": question}
            for path in ("ask", "ask/stream"):
                yield f"{path} {question}", client.get(f"/api/v1/{path}", params=asked).text
        yield from _chat(client, sources)


def _wait_for_speakers(client: httpx.Client) -> None:
    """Ask for the speakers until they have been read."""
    while client.get("/speakers.csv").status_code == 503:
        pass


def _pages(client: httpx.Client, sources: Sources) -> Iterator[Unit]:
    """The pages in `PAGES`, and those that they link to."""
    most = MOST_LINKED if sources.limit is None else sources.limit
    linked: dict[str, None] = {}
    for path in PAGES:
        page = client.get(path)
        yield f"GET {path}", _shown(page)
        if "html" in page.headers.get("content-type", ""):
            addresses = (
                urljoin(path, found.replace("&amp;", "&")) for found in _LINK.findall(page.text)
            )
            linked |= dict.fromkeys(one for one in addresses if _OWN.match(one))
    for path in list(linked)[:most]:
        if path not in PAGES:
            yield f"GET {path}", _shown(client.get(path))


def _shown(response: httpx.Response) -> dict[str, object]:
    """The response without its dates, lengths and tags."""
    varying = ("date", "content-length", "etag", "x-request-id", "last-modified")
    head = {name: one for name, one in response.headers.items() if name not in varying}
    kind = head.get("content-type", "")
    is_text = kind.startswith("text/") or "json" in kind or "xml" in kind or "script" in kind
    body = response.text if is_text else f"{len(response.content)} bytes"
    return {"status": response.status_code, "headers": head, "body": body}


def _posted(client: httpx.Client) -> Iterator[Unit]:
    """What the forms of the pages answer."""
    yield "/check", _shown(client.post("/check", files={"text": (None, DRAFT)}))
    yield "/check empty", _shown(client.post("/check", files={"text": (None, " ")}))
    yield "/api/v1/check", _shown(client.post("/api/v1/check", json={"draft": DRAFT}))
    reply = client.get("/api/v1/ask", params={"question": QUESTIONS[0]}).content
    yield "/verify", _shown(client.post("/verify", files={"file": ("saved.json", reply)}))
    yield "/verify wrong", _shown(client.post("/verify", files={"file": ("saved.json", b"{}")}))
    form = {"by": "source", "questions": "\n".join(QUESTIONS[:2])}
    started = client.post("/grid/start", json=form)
    yield "/grid/start", _shown(started)
    watched = {"action": "add", "question": QUESTIONS[1]}
    yield "/watchlist", _shown(client.post("/watchlist", data=watched))
    yield "/watchlist then", _shown(client.get("/watchlist"))


def _chat(client: httpx.Client, sources: Sources) -> Iterator[Unit]:
    """The texts of the chat's page, and its HTML after events, for one conversation a question."""
    chat = _Chat(client)
    yield "chat page", chat.texts
    yield "chat opened", chat.event("load", None, [""])
    for question in sources.first(QUESTIONS):
        asked = chat.event("click", "pq-send", ["", question, ""])
        yield f"chat {question}", asked
        for place in list(dict.fromkeys(_PLACE.findall(json.dumps(asked))))[:2]:
            article, start, end = place
            cited = {"article": unquote(article), "start": int(start), "end": int(end)}
            opened = chat.event("cite", "pq-conversation", [], {"place": cited})
            yield f"chat {question}, opens {unquote(article)} {start}", opened


class _Chat:
    """The chat, driven through Gradio's queue by the ids of elements and the names of events."""

    def __init__(self, client: httpx.Client) -> None:
        self._client, self._calls = client, 0
        config = client.get("/config").json()
        named = {one["id"]: one["props"].get("elem_id") for one in config["components"]}
        self._functions = {
            (event, named.get(element)): call["id"]
            for call in config["dependencies"]
            for element, event in call["targets"]
        }
        wanted = ("elem_id", "value", "label", "placeholder", "html_template", "js_on_load")
        self.texts = [
            {key: one["props"][key] for key in wanted if one["props"].get(key) is not None}
            for one in config["components"]
        ]

    def event(
        self, name: str, element: str | None, data: Sequence[object], given: object = None
    ) -> object:
        """The last outputs of an event on an element."""
        self._calls += 1
        session = f"session{self._calls}"
        number = self._functions[name, element]
        body = {"fn_index": number, "data": data, "session_hash": session, "event_data": given}
        self._client.post("/gradio_api/queue/join", json=body).raise_for_status()
        stream = self._client.get("/gradio_api/queue/data", params={"session_hash": session}).text
        sent = [json.loads(line[6:]) for line in stream.splitlines() if line.startswith("data: ")]
        outputs = [one["output"] for one in sent if one.get("output")]
        return outputs[-1].get("data", outputs[-1].get("error")) if outputs else sent
