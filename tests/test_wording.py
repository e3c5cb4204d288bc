"""Sentences that stand in several places are written once, in `base.wording`."""

from __future__ import annotations

from pathlib import Path

import pytest

import pullquote
from pullquote.base import wording

SOURCE = Path(pullquote.__file__).parent
HOME = Path(wording.__file__)
SENTENCES = {
    name: value
    for name, value in vars(wording).items()
    if name.isupper() and value[:1].isupper() and value.endswith((".", ":"))
}
FILES = [
    path
    for path in sorted(SOURCE.rglob("*"))
    if path.suffix in (".py", ".html", ".js") and path != HOME
]


@pytest.mark.parametrize("name", SENTENCES)
def test_a_sentence_is_written_once(name: str) -> None:
    """No module, template or script has the words of one of these sentences."""
    words = " ".join(SENTENCES[name].split())
    written = [
        path.relative_to(SOURCE)
        for path in FILES
        if words in " ".join(path.read_text(encoding="utf-8").split())
    ]
    assert written == []
