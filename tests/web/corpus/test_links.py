"""Pages that are added by their addresses: what is stored, and what is never fetched."""

from __future__ import annotations

import gzip
import ipaddress
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from itertools import cycle
from pathlib import Path

import anyio
import httpcore
import httpx
import pytest
import trustme
from hypothesis import example, given
from hypothesis import strategies as st

from pullquote.parsing.archives.gzip_members import MOST_SMALL_MEMBERS
from pullquote.schema.errors import SettingsError
from pullquote.schema.settings import Settings, load_settings
from pullquote.web.corpus.additions import Additions
from pullquote.web.corpus.document import CorpusContent, document_html
from pullquote.web.corpus.links import fetch, network
from pullquote.web.corpus.links.address import ELSEWHERE, LinkRefused, file_name, parse_address
from pullquote.web.corpus.links.fetch import (
    MOST_CHUNKS,
    MOST_REDIRECTS,
    FetchedPage,
    PageBody,
    PageFetcher,
    redirected,
    warc_of,
)
from pullquote.web.corpus.links.network import HEAD_BYTES, is_public
from pullquote.web.corpus.uploads import check_name
from reading import articles, memory_below
from served import Served, serving
from web.corpus.sites import HTML, LOCAL, Answer, Site, site

MOST = 1_000_000

FERRY = b"""<!doctype html><html lang="en"><head><title>Ferry fares rise</title>
<meta property="article:published_time" content="2024-05-31T09:00:00Z"></head><body><article>
<h1>Ferry fares rise</h1>
<p>The fares of the Quayside ferry rise by five pence in June, the harbour master said.</p>
<p>Ida Roe, who runs the ferry, said that fuel had become twice as expensive in a year.</p>
</article></body></html>"""

PNG = {"Content-Type": "image/png"}
PACKED = {**HTML, "Content-Encoding": "gzip"}


@pytest.fixture
def post() -> Iterator[Site]:
    """A newspaper's site with one article."""
    with site({"/2024/ferry": Answer(FERRY)}) as running:
        yield running


def fetched(
    address: str, *, networks: tuple[str, ...] = LOCAL, seconds: float = 20.0
) -> FetchedPage:
    """The page at an address."""
    fetcher = PageFetcher(most=MOST, networks=networks, seconds=seconds)
    return anyio.run(fetcher.fetch, parse_address(address))


def refused(address: str, **options: object) -> LinkRefused:
    """The refusal of an address."""
    with pytest.raises(LinkRefused) as caught:
        fetched(address, **options)
    return caught.value


# Which addresses are fetched


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
        *("100.64.0.1", "100.100.100.200", "192.0.0.192", "192.88.99.1", "168.63.129.16"),
        *("198.18.0.1", "203.0.113.9", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255"),
        *("0.0.0.1", "::", "::1", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1"),
        *("::ffff:127.0.0.1", "::ffff:8.8.8.8", "::8.8.8.8", "64:ff9b::7f00:1", "64:ff9b:1::1"),
        *("2002:7f00:1::1", "2001:0:7f00:1::1", "100::1", "3fff::1", "fec0::1"),
    ],
)
def test_special_addresses_are_not_public(address: str) -> None:
    """Private and special addresses are not public, nor IPv6 ones that contain an IPv4 one."""
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "151.101.1.1", "2606:4700::1111", "2a00:1450::1"])
def test_addresses_of_the_internet_are_public(address: str) -> None:
    """Addresses that a public site may have."""
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.1", "0x7f000001", "2130706433", "[::1]", "[::ffff:127.0.0.1]"]
)
def test_this_machine_is_not_fetched_by_default(post: Site, host: str) -> None:
    """No spelling of the loopback address leads to this machine."""
    port = post.url.rpartition(":")[2]
    error = refused(f"http://{host}:{port}/2024/ferry", networks=())
    assert error.status in (422, ELSEWHERE)
    assert post.requests == []


def test_the_refusal_names_the_setting() -> None:
    """Whoever may change the settings learns which one."""
    error = refused("http://127.0.0.1/", networks=())
    assert str(error).startswith("127.0.0.1 is inside this network")
    assert "link_networks" in str(error)


def test_a_mapped_address_is_not_in_an_ipv4_network(post: Site) -> None:
    """A network in the settings does not allow IPv6 addresses that contain its addresses."""
    error = refused(post.url.replace("127.0.0.1", "[::ffff:127.0.0.1]"))
    assert "inside this network" in str(error)


def test_a_public_name_of_a_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The address of a name decides, not the name."""
    looked_up = resolved(monkeypatch, [["10.0.0.7", "fd00::1"]])
    assert "post.example is inside this network" in str(refused("http://post.example/"))
    assert looked_up == ["post.example"]


def test_only_allowed_addresses_of_a_name_are_used(
    monkeypatch: pytest.MonkeyPatch, post: Site
) -> None:
    """If a name has addresses of both kinds, the connection goes to an allowed one."""
    resolved(monkeypatch, [["10.0.0.7", "127.0.0.1"]])
    page = fetched(post.url.replace("127.0.0.1", "post.example") + "/2024/ferry")
    assert page.content == FERRY


def test_a_public_address_of_this_machine_is_refused(
    monkeypatch: pytest.MonkeyPatch, post: Site
) -> None:
    """A service that a firewall hides is not reached by the public address of the machine."""
    monkeypatch.setattr(network, "is_public", lambda _: True)
    assert "inside this network" in str(refused(f"{post.url}/2024/ferry", networks=()))
    assert post.requests == []


def test_a_name_is_looked_up_once(monkeypatch: pytest.MonkeyPatch, post: Site) -> None:
    """A name that changes its address after the check gains nothing."""
    looked_up = resolved(monkeypatch, [["127.0.0.1"], ["10.0.0.7"]])
    fetched(post.url.replace("127.0.0.1", "post.example") + "/2024/ferry")
    assert looked_up == ["post.example"]


def resolved(monkeypatch: pytest.MonkeyPatch, answers: list[list[str]]) -> list[str]:
    """The names that are looked up, which have these addresses one time after the other."""
    looked_up: list[str] = []

    async def resolve(host: str, _: int) -> list[str]:
        looked_up.append(host)
        return answers[len(looked_up) - 1]

    monkeypatch.setattr(network, "resolve", resolve)
    return looked_up


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("http://10.0.0.7/", "inside this network"),
        ("http://[::1]/", "inside this network"),
        ("file:///etc/passwd", "must begin with http"),
        ("gopher://post.example/", "must begin with http"),
        ("http://user:word@127.0.0.1/", "a user name or a password"),
        ("http://post.example:x/", "redirects to something that is not a web address"),
    ],
)
def test_each_redirect_is_checked(post: Site, target: str, reason: str) -> None:
    """A site cannot lead into the network, or to another kind of address."""
    post.answers["/go"] = Answer(status=302, headers={"Location": target})
    assert reason in str(refused(f"{post.url}/go"))


def test_redirects_are_followed_a_few_times(post: Site) -> None:
    """Five redirects lead to the page; six are too many. The page has its own address."""
    for number in range(MOST_REDIRECTS + 1):
        target = "2024/ferry" if number == 0 else f"/go{number - 1}"
        post.answers[f"/go{number}"] = Answer(status=301, headers={"Location": target})
    assert str(fetched(f"{post.url}/go4#top").url) == f"{post.url}/2024/ferry"
    assert "leads through more than 5 others" in str(refused(f"{post.url}/go5"))


# What is refused


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "1 to 2,000 characters"),
        ("https://post.example/" + "x" * 2000, "1 to 2,000 characters"),
        ("ftp://post.example/a.txt", "must begin with http:// or https://"),
        ("file:///etc/passwd", "must begin with http:// or https://"),
        ("https://", "name a site"),
        ("https://ida:secret@post.example/", "Remove the part before the “@”"),
        ("javascript:alert(1)", "not a web address"),
        ("https://post.example:99999/", "not a web address"),
        ("https://post\x00.example/", "not a web address"),
    ],
)
def test_other_addresses_are_refused(text: str, reason: str) -> None:
    """The reason says what a web address is like."""
    with pytest.raises(LinkRefused, match=r".") as caught:
        parse_address(text)
    assert reason in str(caught.value)
    assert caught.value.status == 422


def test_a_scheme_is_not_needed() -> None:
    """An address without a scheme is https, and a fragment is dropped."""
    assert str(parse_address(" post.example/pier#map ")) == "https://post.example/pier"


@pytest.mark.parametrize(
    ("answer", "status", "reason"),
    [
        (Answer(status=404), ELSEWHERE, "has no page at this address"),
        (Answer(status=402), ELSEWHERE, "save it there, and add the saved file"),
        (Answer(status=403), ELSEWHERE, "save it there, and add the saved file"),
        (Answer(status=429), ELSEWHERE, "Try again later"),
        (Answer(status=500), ELSEWHERE, "Try again later"),
        (Answer(status=204), ELSEWHERE, "answered without a page"),
        (Answer(status=302, headers={}), ELSEWHERE, "answered without a page"),
        (Answer(b""), ELSEWHERE, "sent an empty page"),
        (Answer(b"\x89PNG", headers=PNG), 415, "is of the type 'image/png'"),
        (Answer(b"x", headers={}), 415, "does not state its type"),
        (Answer(b"x", headers={**HTML, "Content-Encoding": "br"}), ELSEWHERE, "packed as 'br'"),
        (Answer(b"x", headers=PACKED), ELSEWHERE, "did not deliver the whole page"),
        (Answer(gzip.compress(FERRY)[:-9], headers=PACKED), ELSEWHERE, "the whole page"),
        (Answer(b"x", headers={**HTML, "Content-Length": "9"}), ELSEWHERE, "the whole page"),
        (Answer(b"x", headers={**HTML, "X": "x" * 200_000}), ELSEWHERE, "the whole page"),
        (Answer(b"x" * (MOST + 1)), 413, "larger than 1,000,000 bytes"),
        (Answer(b"x", headers={**HTML, "Content-Length": str(MOST + 1)}), 413, "upload_bytes"),
    ],
)
def test_a_bad_answer_has_a_reason(post: Site, answer: Answer, status: int, reason: str) -> None:
    """Each fault of a site has a reason and a next step."""
    post.answers["/bad"] = answer
    error = refused(f"{post.url}/bad")
    assert reason in str(error)
    assert error.status == status


def test_a_bomb_is_unpacked_only_to_the_limit(post: Site) -> None:
    """A small response that unpacks to 30 MB is refused before it takes memory."""
    post.answers["/bomb"] = Answer(gzip.compress(bytes(30 * MOST)), headers=PACKED)
    with memory_below(8 * MOST):
        error = refused(f"{post.url}/bomb")
    assert error.status == 413


def flood(post: Site, path: str, head: bytes, part: bytes) -> int:
    """Answer a path with a head and then a part without end; how many parts are sent."""
    sent = 0

    def pour(handler: BaseHTTPRequestHandler) -> None:
        nonlocal sent
        handler.wfile.write(head)
        while True:
            handler.wfile.write(part * 100)
            sent += 100

    post.answers[path] = Answer(pour=pour)
    error = refused(f"{post.url}{path}")
    assert error.status == ELSEWHERE
    assert "within" not in str(error), "it was ended by its time only"
    return sent


@pytest.mark.parametrize(
    ("head", "part", "most"),
    [
        (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n", 2 * HEAD_BYTES // 28),
        (b"", b"HTTP/1.1 100 \r\n\r\n", 2 * HEAD_BYTES // 17),
        (b"HTTP/1.1 200 OK\r\n", b"X: y\r\n", 2 * HEAD_BYTES // 6),
        (
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n",
            b"1\r\nx\r\n",
            MOST_CHUNKS + HEAD_BYTES // 6,
        ),
    ],
)
def test_what_a_site_sends_without_end_is_ended(
    post: Site, head: bytes, part: bytes, most: int
) -> None:
    """Little is read of it: not for the whole time, while everybody else waits."""
    in_buffers = 16 << 20
    assert flood(post, "/flood", head, part) <= most + in_buffers // len(part)


@pytest.mark.parametrize("sizes", [(1,), (2, 3), (1000,)])
def test_all_members_of_a_packed_page_are_unpacked(sizes: tuple[int, ...]) -> None:
    """They may end anywhere in a chunk; what follows the last one is ignored."""
    half = len(FERRY) // 2
    packed = b"".join(map(gzip.compress, (FERRY[:half], b"", FERRY[half:])))
    for after in (b"", b"\0" * 40, b"\x1f", b"\x1fx", b"surplus"):
        body = PageBody("post.example", "gzip", most=len(FERRY))
        rest, size = packed + after, cycle(sizes)
        while rest:
            chunk = rest[: next(size)]
            body.add(chunk)
            rest = rest[len(chunk) :]
        assert body.content() == FERRY


def test_members_count_together() -> None:
    """Neither their content nor their number goes over the limit."""
    body = PageBody("post.example", "gzip", most=3_000)
    with pytest.raises(LinkRefused) as too_large:
        body.add(gzip.compress(b"x" * 1_000) * 4)
    assert too_large.value.status == 413
    body = PageBody("post.example", "gzip", most=MOST)
    with pytest.raises(LinkRefused, match="did not deliver the whole page"):
        body.add(gzip.compress(b"") * (MOST_SMALL_MEMBERS + 2))
    body = PageBody("post.example", "gzip", most=MOST)
    body.add(gzip.compress(b"x") * 2 + gzip.compress(b"y")[:-1])
    with pytest.raises(LinkRefused, match="did not deliver the whole page"):
        body.content()


HOSTS = st.one_of(
    st.text(max_size=20),
    st.from_regex(r"\A(xn--)?[a-z0-9.:%\[\]\u00ad\u3002\u0130-]{0,20}\Z"),
    st.builds("xn--{}".format, st.text(st.characters(min_codepoint=33, max_codepoint=126))),
)


@example("xn--a-.example")
@example("xn--")
@example("xn--a-ecp.ru")
@given(HOSTS)
def test_any_host_is_an_address_or_refused(host: str) -> None:
    """Each text is an address with a host and a file name, or gets a reason, also in a redirect."""
    for text in (f"http://{host}/", host, f"https://{host}:8080/a?b"):
        with suppress(LinkRefused):
            url = parse_address(text)
            assert url.host
            assert file_name(url).endswith(".warc")
            check_name(file_name(url))
    with suppress(LinkRefused):
        redirected(parse_address("http://post.example/"), f"//{host}/")


@pytest.mark.parametrize("host", ["xn--a-.example", "xn--", "a..example", "%00.example", "a" * 64])
def test_a_host_that_cannot_exist_is_refused(host: str) -> None:
    """It is refused with a reason when it is read, or when it is looked up."""
    with pytest.raises(LinkRefused):
        fetched(f"http://{host}/")


def test_a_slow_site_is_given_up(post: Site) -> None:
    """A site that does not go on is given up after the time for the whole page."""
    post.answers["/slow"] = Answer(FERRY, until=(ended := threading.Event()))
    error = refused(f"{post.url}/slow", seconds=0.3)
    ended.set()
    assert "did not deliver the page within 0.3 seconds" in str(error)


def test_an_unknown_certificate_is_refused() -> None:
    """The reason says what is wrong with the certificate."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(tls)
    with site({"/": Answer(FERRY)}, tls=tls) as secure:
        assert "The certificate of 127.0.0.1 is not valid" in str(refused(f"{secure.url}/"))


def test_a_certificate_of_an_own_authority_is_accepted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """SSL_CERT_FILE names the authority; the certificate must be for the name in the address."""
    authority, tls = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("post.example").configure_cert(tls)
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    monkeypatch.setattr(fetch, "_trusted", httpcore.default_ssl_context)
    resolved(monkeypatch, [["127.0.0.1"], ["127.0.0.1"]])
    with site({"/": Answer(FERRY)}, tls=tls) as secure:
        assert fetched(secure.url.replace("127.0.0.1", "post.example")).content == FERRY
        other = refused(secure.url.replace("127.0.0.1", "other.example"))
    assert "The certificate of other.example is not valid: Hostname mismatch" in str(other)


def test_a_site_without_tls_is_refused(post: Site) -> None:
    """An https address of a site that has only http says what to try."""
    error = refused(post.url.replace("http:", "https:"))
    assert "Try the address with http:// instead" in str(error)


def test_a_closed_port_is_refused(post: Site) -> None:
    """A site that is not there says so."""
    port = post.url.rpartition(":")[2]
    error = refused(f"http://127.0.0.2:{port}/")
    assert "127.0.0.2 does not accept connections" in str(error)


def test_nothing_private_is_sent(post: Site) -> None:
    """A request names pullquote, and has no cookie and no referrer, even after a redirect."""
    post.answers["/go"] = Answer(
        status=302, headers={"Location": "/2024/ferry", "Set-Cookie": "id=1"}
    )
    fetched(f"{post.url}/go")
    assert [path for path, _ in post.requests] == ["/go", "/2024/ferry"]
    for _, headers in post.requests:
        assert headers["User-Agent"].startswith("pullquote/")
        assert set(headers) == {"Host", "User-Agent", "Accept", "Accept-Encoding", "Connection"}


# What is stored


def test_the_stored_page_is_an_article_with_its_address(post: Site) -> None:
    """The WARC file of a page is parsed into an article with address, title and date."""
    page = fetched(f"{post.url}/2024/ferry")
    [article] = articles("a.warc", warc_of(page))
    assert article.id == f"a.warc#{post.url}/2024/ferry"
    assert article.url == f"{post.url}/2024/ferry"
    assert article.title == "Ferry fares rise"
    assert str(article.published) == "2024-05-31 09:00:00+00:00"


def test_the_stored_page_keeps_its_charset(post: Site) -> None:
    """A packed page whose encoding only the HTTP headers name is decoded."""
    headers = {"Content-Type": "text/plain; charset=koi8-r", "Content-Encoding": "gzip"}
    post.answers["/ru"] = Answer(gzip.compress("Порт закрыт.".encode("koi8-r")), headers=headers)
    [article] = articles("a.warc", warc_of(fetched(f"{post.url}/ru")))
    assert article.text == "Порт закрыт."


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://post.example/2024/pier-shut", "post.example_2024_pier-shut.warc"),
        ("http://post.example/2024/pier-shut/", "post.example_2024_pier-shut.warc"),
        ("https://post.example", "post.example.warc"),
    ],
)
def test_a_file_is_named_after_its_address(address: str, name: str) -> None:
    """Host and path are the name."""
    assert file_name(parse_address(address)) == name


def test_other_addresses_have_other_names() -> None:
    """Addresses that differ in a query, a port, capitals or a separator are different files."""
    addresses = [
        *("post.example/a", "post.example/a?id=1", "post.example/a?id=2", "post.example/A"),
        *("post.example:8080/a", "post.example/a/b", "post.example/a_b", "post.example/a-b"),
        *("post.example/a%2Fb", "post.example/a//b", "post.example/a/?id=1"),
        *("post.example/" + "x" * 300, "post.example/" + "x" * 301),
    ]
    names = {file_name(parse_address(address)) for address in addresses}
    assert len(names) == len(addresses)


@example(host="-", path="")
@given(st.text(max_size=80), st.text(max_size=300))
@example("post.example", "/../../etc/passwd")
@example("post.example", "/.hidden/con.txt\u202e:*?")
@example("[::1]", "/ท่าเรือ" * 40)
@example(".", "")
def test_every_name_is_one_that_a_file_may_have(host: str, path: str) -> None:
    """A hostile address is refused, or its file has an ordinary name."""
    try:
        url = parse_address(f"https://{host}/{path}")
    except LinkRefused:
        return
    assert check_name(file_name(url)).endswith(".warc")


# Over HTTP


@pytest.mark.parametrize(
    ("given", "paths"),
    [
        ({}, []),
        ({"fetch_links": True}, []),
        ({"uploads": True}, ["/corpus/upload", "/corpus/link"]),
        ({"uploads": True, "fetch_links": False}, ["/corpus/upload"]),
    ],
)
def test_links_are_accepted_where_uploads_are(given: dict[str, bool], paths: list[str]) -> None:
    """Links need the permission for uploads, and can be switched off."""
    additions = Additions(Settings(**given), prefix="/corpus")
    assert [route.path for route in additions.routes] == paths


@pytest.mark.parametrize("links", [True, False])
def test_the_page_has_a_field_only_if_links_are_accepted(links: bool) -> None:
    """The field for a web address is left out if the server would refuse it."""
    html = document_html(CorpusContent(upload_bytes=MOST, links=links))
    assert ("Web address of an article" in html) == links


def test_a_network_in_the_settings_must_be_one() -> None:
    """A host name is no network."""
    with pytest.raises(SettingsError, match="link_networks"):
        load_settings(link_networks=("archive.example",))


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A chat that accepts links to this machine."""
    folder = tmp_path_factory.mktemp("links")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "pier.md").write_text("The pier of Quayside was shut in May.")
    with serving(folder, uploads="true", link_networks="127.0.0.0/8") as served:
        yield served


def add(chat: Served, address: str, *, query: str = "", **headers: str) -> httpx.Response:
    """The answer after adding an address."""
    url = f"{chat.url}/corpus/link{query}"
    return httpx.post(url, content=address, headers=headers, timeout=60)


def stored(chat: Served) -> list[Path]:
    """The files in the folder of uploads."""
    return sorted((chat.folder / "corpus" / "uploads").glob("*"))


def test_an_added_page_is_indexed_and_cited(chat: Served, post: Site) -> None:
    """The page is stored, indexed and cited with its address; it is replaced only on request."""
    added = add(chat, f"{post.url}/2024/ferry")
    assert added.status_code == 201, added.text
    file = added.json()["file"]
    httpx.post(f"{chat.url}/corpus/rebuild")
    assert "1 article" in outcome(chat, file)
    reply = chat.json("ask", question="by how much do the ferry fares rise?")
    [cited, *_] = reply["answers"][0]["citations"]
    assert cited["article"] == f"{file}#{post.url}/2024/ferry"
    article = chat.json("article", article=cited["article"])
    assert article["url"] == f"{post.url}/2024/ferry"
    before = [path.read_bytes() for path in stored(chat)]
    assert add(chat, f"{post.url}/2024/ferry").status_code == 409
    assert [path.read_bytes() for path in stored(chat)] == before
    again = add(chat, f"{post.url}/2024/ferry", query="?replace=1")
    assert (again.status_code, again.json()["file"]) == (201, file)


def outcome(chat: Served, file: str) -> str:
    """The outcome of a file, once the index has it."""
    for _ in range(600):
        answer = httpx.get(f"{chat.url}/corpus/outcome", params={"file": file})
        if answer.status_code == 200 and 'data-state="pending"' not in answer.text:
            return answer.text
        time.sleep(0.1)
    raise AssertionError(answer.text)


def test_a_refused_link_stores_nothing(chat: Served, post: Site) -> None:
    """The reason is in the answer, and no file is left."""
    before = stored(chat)
    missing = add(chat, f"{post.url}/missing")
    assert missing.status_code == ELSEWHERE
    assert "has no page at this address" in missing.json()["detail"]
    assert add(chat, "http://10.0.0.7/").status_code == 422
    assert stored(chat) == before


def test_pages_of_other_sites_add_no_links(chat: Served, post: Site) -> None:
    """Another site cannot make a browser add a link."""
    answer = add(chat, f"{post.url}/2024/ferry", Origin="https://evil.example")
    assert answer.status_code == 403
    assert post.requests == []


def test_links_share_the_slots_of_uploads(chat: Served, post: Site) -> None:
    """An address that fetches two slow pages gets no third slot, neither for a link nor a file."""
    post.answers["/slow"] = Answer(FERRY, until=(ended := threading.Event()))
    threads = [threading.Thread(target=add, args=(chat, f"{post.url}/slow")) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(600):
            if len(post.requests) == 2:
                break
            time.sleep(0.05)
        assert add(chat, f"{post.url}/2024/ferry").status_code == 503
        upload = httpx.post(f"{chat.url}/corpus/upload?name=a.md", content=b"Words.")
        assert upload.status_code == 503
    finally:
        ended.set()
        for thread in threads:
            thread.join()
