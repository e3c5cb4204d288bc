"""What `make docs` adds: parts that follow from the code, notebooks, and files outside docs/.

A page may link to any file of the project. On the site, a link to a file of `MIRRORED` leads to
that file's page. Other files outside docs/ are not on the site, so their paths are shown instead.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import TYPE_CHECKING

from docs.notebook_pages import NOTEBOOKS, notebook_page
from docs.reference_pages import with_generated
from mkdocs.structure.files import File

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[1]

MIRRORED = {
    "src/pullquote/base/models/README.md": "reference/model-card.md",
    "deploy/README.md": "reference/deployment.md",
    "tests/data/stories/README.md": "reference/stories.md",
    "README.md": "index.md",
}
"""Files outside docs/ with the page that stands for each; index.md is a page of its own."""

NOTEBOOK_PAGES = {
    f"docs/notebooks/{path.name}": f"notebooks/{path.stem}.md"
    for path in sorted(NOTEBOOKS.glob("*.ipynb"))
}
"""The notebooks with the page that shows each."""

_FENCE = re.compile(r"^(```|~~~).*?^\1\s*$", re.M | re.S)
_LINK = re.compile(
    r"(?<!!)\[((?:[^\[\]]|\[[^\]]*\])*)\]\((?!https?:|mailto:|#)([^)#\s]+)(#[^)\s]*)?\)"
)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages of notebooks, and of files outside docs/."""
    for source, page in NOTEBOOK_PAGES.items():
        files.append(File.generated(config, page, content=notebook_page(ROOT / source)))
    for source, page in MIRRORED.items():
        if files.get_file_from_path(page) is None:
            text = (ROOT / source).read_text(encoding="utf-8")
            files.append(File.generated(config, page, content=text))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Fill in what is generated, and mend links that lead out of docs/."""
    return with_links(with_generated(markdown), page.file.src_uri)


def with_links(markdown: str, page: str) -> str:
    """A page of the site, named by its path in docs/, with links that work on the site."""
    parts, end = [], 0
    for fence in _FENCE.finditer(markdown):
        parts += [_relinked(markdown[end : fence.start()], page), fence[0]]
        end = fence.end()
    return "".join([*parts, _relinked(markdown[end:], page)])


def _relinked(text: str, page: str) -> str:
    return _LINK.sub(lambda link: _link(link[1], link[2], link[3] or "", page), text)


def _link(label: str, target: str, fragment: str, page: str) -> str:
    """A link as the site needs it."""
    path = posixpath.normpath(posixpath.join(posixpath.dirname(source_of(page)), target))
    found = MIRRORED.get(path) or NOTEBOOK_PAGES.get(path)
    if found is None and path.startswith("docs/"):
        found = path.removeprefix("docs/")
    if found is None:
        return label if path in label else f"{label} (`{path}`)"
    if target.endswith("/"):
        found = f"{found}/README.md"
    return f"[{label}]({posixpath.relpath(found, posixpath.dirname(page) or '.')}{fragment})"


def source_of(page: str) -> str:
    """The path in the project of the file that a page of the site is made of."""
    own = {mirror: source for source, mirror in MIRRORED.items() if mirror != "index.md"}
    return own.get(page, f"docs/{page}")
