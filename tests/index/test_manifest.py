"""Manifests and figures have the same JSON keys in every version that reads this format."""

import json
from contextlib import closing

from conftest import Newsroom
from pullquote.index import read_stats
from pullquote.index.manifest import Manifest


def test_the_index_config_has_its_stored_key(newsroom: Newsroom) -> None:
    """Older versions wrote this key, so a newer one reads and writes it too."""
    newsroom.write("tide.md", "The tide was low.")
    newsroom.rebuild()
    with closing(newsroom.open()) as generation:
        written = json.loads((generation.folder / "manifest.json").read_bytes())
    assert written["recipe"]["passage_tokens"] == 16
    assert Manifest.model_validate(written).index_config == newsroom.index_config()
    assert read_stats(newsroom.index).model_dump(mode="json")["recipe"] == written["recipe"]
