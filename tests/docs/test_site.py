"""The docs site builds strictly, and works offline."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from doc_pages import DOCS, ROOT

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built as `make docs` builds it; a warning fails the build."""
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", folder],
        cwd=ROOT,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder


def test_every_page_is_built(site: Path) -> None:
    """Each page of docs/ has a page on the site, and so has the model card."""
    for page in DOCS.rglob("*.md"):
        name = page.relative_to(DOCS).with_suffix(".html").as_posix()
        assert (site / name.replace("README.html", "index.html")).exists()
    assert (site / "reference" / "model-card.html").exists()


def test_nothing_is_loaded_from_another_host(site: Path) -> None:
    """No page loads a script, style, font or picture from elsewhere."""
    loads = re.compile(r"<(?:script|img|iframe|source)[^>]*\ssrc=\"(?:https?:)?//[^\"]*")
    styles = re.compile(
        r"<link[^>]*rel=\"?(?:stylesheet|preconnect|icon)[^>]*href=\"(?:https?:)?//"
    )
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert loads.findall(text) == []
        assert styles.findall(text) == []
    for style in site.rglob("*.css"):
        assert not re.search(r"url\((?:https?:)?//", style.read_text(encoding="utf-8"))


def test_generated_parts_are_on_the_site(site: Path) -> None:
    """The reference has the commands, settings, endpoints and docstrings."""
    for page, text in {
        "command-line": "pullquote watchlist",
        "settings": "milvus_cache_seconds",
        "http": "closest passages",
        "json": "sentence_start",
        "python": "Answers questions from the current generation",
    }.items():
        assert text in (site / "reference" / f"{page}.html").read_text(encoding="utf-8")


def test_no_script_of_the_docs_is_on_the_site(site: Path) -> None:
    """The scripts in docs/ are not published."""
    assert list(site.rglob("*.py")) == []
