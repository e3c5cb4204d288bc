"""The HTTP API of a running chat, called over HTTP and with the client."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import httpx
import pytest

from pullquote.client import ApiError, Client
from pullquote.schema import Outcome, QuestionKind, Reply
from pullquote.schema.api_results import ArticleState, FoundPassages
from pullquote.schema.quote_check import QuoteVerdict
from served import Served, serving
from web.test_app import OTHER, SEED

QUESTION = "who agreed to the Interpol centre?"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A chat over two articles, one under embargo and a file that cannot be read."""
    folder = tmp_path_factory.mktemp("v1")
    corpus = folder / "corpus"
    corpus.mkdir()
    (corpus / "interpol.txt").write_text(SEED, encoding="utf-8")
    (corpus / "otters.txt").write_text(OTHER, encoding="utf-8")
    later = "---\ntitle: Later\nembargoed: 2090-01-01T00:00:00Z\n---\nThe mill race is sold."
    (corpus / "later.md").write_text(later, encoding="utf-8")
    (corpus / "broken.md").write_text("---\ntitle: [\n---\nText.", encoding="utf-8")
    with serving(folder) as served:
        yield served


@pytest.fixture(scope="module")
def client(server: Served) -> Iterator[Client]:
    """The client of the server."""
    with Client(server.url) as opened:
        yield opened


def get(server: Served, path: str, etag: str = "", **given: Any) -> httpx.Response:
    """The response to a GET request."""
    headers = {"If-None-Match": etag} if etag else {}
    return httpx.get(f"{server.url}/api/v1/{path}", params=given, headers=headers, timeout=60)


def without_time(response: httpx.Response) -> dict[str, Any]:
    """The reply in a response, without the time that it took."""
    found: dict[str, Any] = response.json()
    found.pop("took_ms")
    return found


def test_a_citation_leads_to_its_words(client: Client) -> None:
    """The article at the citation's offsets has the quote, after an emoji."""
    reply = client.ask(QUESTION)
    assert reply.best is not None
    cited = reply.best.citations[0]
    length = cited.end - cited.start
    part = client.article(cited.article, start=cited.start, length=length)
    assert (part.text, part.version) == (cited.quote, cited.version)


def test_the_reply_is_that_of_the_endpoint(server: Served) -> None:
    """GET, POST and Gradio's endpoint give the same JSON."""
    asked = {"question": QUESTION, "k": 3, "comments": True, "kind": "fact"}
    posted = httpx.post(f"{server.url}/api/v1/ask", json=asked, timeout=60)
    endpoint = server.json("ask", **asked)
    endpoint.pop("took_ms")
    assert without_time(get(server, "ask", **asked)) == without_time(posted) == endpoint


def test_search_finds_passages_with_their_scores(client: Client) -> None:
    """The best passage about otters is in their article."""
    found = client.search("where were the otters seen?", k=1)
    (hit,) = found.hits
    assert (hit.article, found.question) == ("otters.txt", "where were the otters seen?")


def test_filters_narrow(client: Client) -> None:
    """Only the named article answers, and days are days."""
    found = client.search("the centre", articles=["otters.txt"])
    assert {hit.article for hit in found.hits} == {"otters.txt"}
    assert client.ask(QUESTION, until=date(2023, 5, 30)).outcome is Outcome.NOTHING
    assert client.ask("Interpol centre", kind=QuestionKind.FACT).kind is QuestionKind.FACT


def test_an_article_is_read_in_parts(client: Client) -> None:
    """Each part has the start of the next; together they are the text."""
    parts, start = list[str](), 0
    while True:
        part = client.article("interpol.txt", start=start, length=100)
        parts.append(part.text)
        if part.more is None:
            break
        start = part.more
    assert "".join(parts) == client.article("interpol.txt").text


def test_a_draft_is_checked(client: Client) -> None:
    """A true quotation has its article; an invented one has none."""
    draft = "He “has agreed to the Interpol centre”, and “nobody fed the elephants today”."
    exact, absent = client.check(draft).quotes
    assert (exact.verdict, exact.article) == (QuoteVerdict.EXACT, "interpol.txt")
    assert (absent.verdict, absent.article) == (QuoteVerdict.ABSENT, None)


def test_the_articles_are_listed_with_their_states(client: Client) -> None:
    """What may not be shown has no title; what cannot be read has a reason."""
    listed = client.articles(order="title")
    found = {one.id: (one.state, one.title) for one in listed.articles}
    assert listed.count == 4
    assert found["later.md"] == (ArticleState.EMBARGOED, None)
    assert found["broken.md"] == (ArticleState.FAILED, None)
    assert found["otters.txt"] == (ArticleState.INDEXED, "Otters return to the mill race")


def test_the_list_is_filtered_and_has_pages(client: Client) -> None:
    """Words and states select, and a page has as many as asked for."""
    assert [one.id for one in client.articles(words="OTTERS mill").articles] == ["otters.txt"]
    assert client.articles(state=ArticleState.FAILED).count == 1
    pages = [client.articles(per_page=1, page=page, order="title") for page in (1, 2, 3, 4)]
    assert len({page.articles[0].id for page in pages}) == 4
    assert {page.pages for page in pages} == {4}


def test_the_index_tells_nothing_about_the_machine(server: Served, client: Client) -> None:
    """It has counts and the generation, but no path."""
    info = client.index()
    assert (info.articles, info.failed, info.damaged) == (3, 1, False)
    assert info.generation == httpx.get(f"{server.url}/healthz").json()["generation"]
    assert str(server.folder) not in get(server, "index").text


def test_passages_are_streamed_before_the_reply(client: Client) -> None:
    """The first event has what `search` finds, and the second the reply of `ask`."""
    found, reply = client.ask_stream(QUESTION)
    assert isinstance(found, FoundPassages)
    assert isinstance(reply, Reply)
    assert found.hits == client.search(QUESTION).hits
    assert reply.answers == client.ask(QUESTION).answers


def test_the_stream_has_one_line_of_json_for_each_event(server: Served) -> None:
    """A browser's EventSource can read it."""
    streamed = get(server, "ask/stream", question=QUESTION)
    assert streamed.headers["content-type"].startswith("text/event-stream")
    hits, reply = streamed.text.strip().split("\n\n")
    for event, name in ((hits, "hits"), (reply, "reply")):
        first, second = event.split("\n")
        assert first == f"event: {name}"
        assert json.loads(second.removeprefix("data: "))["generation"]


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("ask", {"question": QUESTION}),
        ("search", {"question": QUESTION, "comments": "true"}),
        ("article", {"article": "otters.txt"}),
        ("articles", {"words": "otters"}),
        ("index", {}),
    ],
)
def test_what_a_client_has_is_not_sent_again(
    server: Served, path: str, given: dict[str, str]
) -> None:
    """With the ETag of an earlier response, the answer is 304; another request has another."""
    first = get(server, path, **given)
    etag = first.headers["etag"]
    again = get(server, path, f'"x", {etag}', **given)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == etag
    assert get(server, path, '"x"', **given).status_code == 200
    if path not in ("index", "articles"):
        assert get(server, path, **given, **_other(path)).headers["etag"] != etag


def _other(path: str) -> dict[str, str]:
    return {"length": "7"} if path == "article" else {"k": "2"}


def test_a_new_generation_has_new_etags(server: Served, client: Client) -> None:
    """After a rebuild, the response is made and sent again."""
    given = {"question": "where were the otters seen?"}
    etag = get(server, "ask", **given).headers["etag"]
    before = client.index().generation
    (server.folder / "corpus" / "weir.txt").write_text("The weir\n\nOtters left it in May.\n")
    from pullquote.index.services import rebuild_index  # noqa: PLC0415 - only this test rebuilds

    rebuild_index(server.folder / "corpus", server.folder / "index")
    changed = get(server, "ask", etag, **given)
    assert changed.status_code == 200
    assert changed.headers["etag"] != etag
    assert changed.json()["generation"] != before


def problem(response: httpx.Response) -> dict[str, Any]:
    """The problem in a response."""
    assert response.headers["content-type"] == "application/problem+json"
    found: dict[str, Any] = response.json()
    assert found["status"] == response.status_code
    return found


@pytest.mark.parametrize(
    ("path", "given", "status", "kind", "words"),
    [
        ("ask", {"question": "  "}, 422, "settings-error", "Ask something"),
        ("ask", {"question": "x" * 1001}, 422, "settings-error", "Ask a shorter one"),
        ("ask", {"question": "who?", "k": 51}, 422, "settings-error", "call retrieve or search"),
        ("ask", {"question": "who?", "k": 0}, 422, "invalid-parameters", "greater than or equal"),
        ("ask", {"question": "who?", "source": "x"}, 422, "invalid-parameters", "source: Extra"),
        (
            "search",
            {"question": "who?", "sources": "Nil"},
            422,
            "filter-unknown",
            "no source 'Nil'",
        ),
        ("search", {}, 422, "invalid-parameters", "question: Field required"),
        ("article", {"article": "otter.txt"}, 404, "article-unknown", "Did you mean otters.txt"),
        ("article", {"article": "later.md"}, 403, "article-withheld", "embargoed until 2090"),
        ("articles", {"page": "-1"}, 422, "invalid-parameters", "page"),
        ("articles", {"since": "yesterday"}, 422, "invalid-parameters", "since"),
        ("check", {}, 405, "method-not-allowed", "does not take GET, only POST"),
        ("asks", {}, 404, "not-found", "Not found"),
    ],
)
def test_an_error_is_a_problem_with_the_next_step(
    server: Served, path: str, given: dict[str, Any], status: int, kind: str, words: str
) -> None:
    """The type names the error, and `detail` says what to do."""
    response = get(server, path, **given)
    found = problem(response)
    assert (response.status_code, found["type"]) == (status, f"urn:pullquote:problem:{kind}")
    assert words in found["detail"]


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"\xf9", b"[" * 100_000, b'{"question": "\\ud800"}', b'{"draft": 1}']
)
@pytest.mark.parametrize("path", ["ask", "search", "check", "ask/stream"])
def test_a_body_that_is_no_json_is_refused(server: Served, path: str, body: bytes) -> None:
    """Nothing of it is repeated, and nothing is logged."""
    response = httpx.post(
        f"{server.url}/api/v1/{path}", content=body, headers={"Content-Type": "application/json"}
    )
    assert problem(response)["status"] in (400, 422)
    assert "Traceback" not in server.errors.read_text()


def test_refusals_before_the_api_are_problems_too(server: Served) -> None:
    """A body that is too large, another site and another host name."""
    url = f"{server.url}/api/v1/ask"
    large = httpx.post(url, content=b"x" * (1 << 21))
    assert "larger than the limit" in problem(large)["detail"]
    for headers, status in (({"Origin": "https://evil.example"}, 403), ({"Host": "evil"}, 421)):
        response = httpx.post(url, json={"question": "who?"}, headers=headers)
        assert problem(response)["status"] == status


def test_the_client_raises_the_problem(client: Client) -> None:
    """The message is the server's own."""
    with pytest.raises(ApiError, match=r"Did you mean otters\.txt") as raised:
        client.article("otter.txt")
    assert raised.value.problem.status == 404
    with pytest.raises(ApiError, match="The question is empty"):
        list(client.ask_stream(" "))


def test_the_document_is_served(server: Served) -> None:
    """It names the server and is found at its address."""
    document = httpx.get(f"{server.url}/api/v1/openapi.json").json()
    assert document["servers"] == [{"url": "/api/v1"}]
    assert "/ask/stream" in document["paths"]
