"""The source of an article that names none: a folder, or the site of its address."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from pullquote.parsing import ParseOptions, read_articles
from pullquote.parsing.parse import site_of
from pullquote.parsing.trace import tracing
from pullquote.parsing.workers.parse_files import FileParser
from pullquote.schema import Article
from pullquote.schema.setting_types import SourceFolder

ADDRESS = "https://www.harbourpost.example/quay"


def source_of(corpus: Path, id: str, content: str, folder: SourceFolder = "off") -> str | None:
    """The source of the article in a new file of the corpus."""
    path = corpus / id
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    [article] = read_articles(path, id=id, options=ParseOptions(source_from_folder=folder))
    return article.source


def page(**facts: str) -> str:
    """A Markdown file with front matter."""
    front = "".join(f"{name}: {value}\n" for name, value in facts.items())
    return f"---\n{front}---\nThe tide was low.\n"


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://www.bbc.co.uk/news/1", "bbc.co.uk"),
        ("http://News.Example.ORG:8080/a?b#c", "news.example.org"),
        ("https://user:word@post.example/a", "post.example"),
        ("https://web.archive.org/web/20150721045344/http://www.post.example/a", "post.example"),
        ("https://web.archive.org/web/20150721id_/https://post.example/a", "post.example"),
        ("https://bücher.example/", "bücher.example"),
        ("https://localhost/a", None),
        ("http://127.0.0.1/a", None),
        ("http://[::1]/a", None),
        ("https://[broken/a", None),
        ("https://<b>.example/a", None),
        ("file:///home/jo/a.html", None),
        ("javascript:alert(1)", None),
        ("post.example/a", None),
    ],
)
def test_the_site_of_an_address(url: str, site: str | None) -> None:
    """The site is the host without "www."; other addresses have none."""
    assert site_of(url) == site


@pytest.mark.parametrize(
    ("folder", "source"), [("off", "harbourpost.example"), ("top", "post"), ("parent", "may 5")]
)
def test_a_folder_names_the_source_if_the_setting_says_so(
    tmp_path: Path, folder: SourceFolder, source: str
) -> None:
    """The first folder, or that of the file, comes before the site, which is the last resort."""
    assert source_of(tmp_path, "post/2024/may 5/a.md", page(url=ADDRESS), folder) == source


def test_a_named_source_comes_first(tmp_path: Path) -> None:
    """Neither a folder nor a site replaces the source that a file names."""
    content = page(url=ADDRESS, source="Harbour Post")
    assert source_of(tmp_path, "post/a.md", content, "top") == "Harbour Post"


@pytest.mark.parametrize("id", ["a.md", "uploads/a.md"])
@pytest.mark.parametrize("folder", ["top", "parent"])
def test_the_corpus_and_the_uploads_are_no_source(
    tmp_path: Path, id: str, folder: SourceFolder
) -> None:
    """A file directly in the corpus, or uploaded, has the source that it would have without."""
    assert source_of(tmp_path, id, page(title="Tide"), folder) is None
    assert source_of(tmp_path, id, page(url=ADDRESS), folder) == "harbourpost.example"


def test_folders_in_an_archive_do_not_count(tmp_path: Path) -> None:
    """The folder is that of the archive."""
    (tmp_path / "post").mkdir()
    with zipfile.ZipFile(tmp_path / "post/all.zip", "w") as archive:
        archive.writestr("courier/a.md", page(title="Tide"))
    options = ParseOptions(source_from_folder="parent")
    [article] = read_articles(tmp_path / "post/all.zip", id="post/all.zip", options=options)
    assert (article.id, article.source) == ("post/all.zip#courier/a.md", "post")


def test_each_record_of_an_export_has_its_own_source(tmp_path: Path) -> None:
    """Records without a source get one, and the others keep theirs."""
    records = ({"body": "One.", "source": "Courier"}, {"body": "Two.", "url": ADDRESS})
    path = tmp_path / "a.jsonl"
    path.write_text("".join(f"{json.dumps(record)}\n" for record in records))
    found = read_articles(path, id="a.jsonl")
    assert [article.source for article in found] == ["Courier", "harbourpost.example"]


def test_worker_processes_know_the_setting(tmp_path: Path) -> None:
    """A process gives the same source as parsing here."""
    source_of(tmp_path, "post/a.md", page(title="Tide"))
    options = ParseOptions(source_from_folder="top")
    for processes in (0, 1):
        with FileParser(processes=processes).parse(
            tmp_path, {"post/a.md": None}, options=options
        ) as outputs:
            articles = [one.found for one in outputs if isinstance(one.found, Article)]
        assert [article.source for article in articles] == ["post"]


@pytest.mark.parametrize(
    ("folder", "origin"),
    [("off", "the site of its address"), ("top", "the name of its folder")],
)
def test_the_trace_says_where_the_source_is_from(
    tmp_path: Path, folder: SourceFolder, origin: str
) -> None:
    """`pullquote inspect` shows it."""
    with tracing() as trace:
        source = source_of(tmp_path, "post/a.md", page(url=ADDRESS), folder)
    assert trace.origin("source", source) == origin


def test_a_name_that_the_site_did_not_fill_in_is_no_source(tmp_path: Path) -> None:
    """The publisher is used instead of a template's variable."""
    names = ("{$plugin.tx_news.site_name}", "{{ site }}", "%%SITE%%")
    for name in names:
        html = (
            f'<html><head><meta property="og:site_name" content="{name}">'
            '<meta name="publisher" content="Harbour Post"></head><body><h1>Tide</h1>'
            f"<p>{'The tide was low on Monday, and nobody could say why. ' * 5}</p></body></html>"
        )
        assert source_of(tmp_path, "a.html", html) == "Harbour Post"
