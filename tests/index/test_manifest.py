"""Manifests and figures have the same JSON keys in every version that reads this format."""

import json
from contextlib import closing

from conftest import Newsroom
from pullquote.index import read_stats
from pullquote.index.manifest import Manifest
from pullquote.index.rebuild.build import READ_ALL_AGAIN


def test_the_index_config_has_its_stored_key(newsroom: Newsroom) -> None:
    """Older versions wrote this key, so a newer one reads and writes it too."""
    newsroom.write("tide.md", "The tide was low.")
    newsroom.rebuild()
    with closing(newsroom.open()) as generation:
        written = json.loads((generation.folder / "manifest.json").read_bytes())
    assert written["recipe"]["passage_tokens"] == 16
    assert Manifest.model_validate(written).index_config == newsroom.index_config()
    assert read_stats(newsroom.index).model_dump(mode="json")["recipe"] == written["recipe"]


def test_an_index_from_before_a_setting_existed_is_still_read(newsroom: Newsroom) -> None:
    """A config without the source's folder equals the default, so nothing is parsed again."""
    newsroom.write("post/tide.md", "The tide was low.")
    newsroom.rebuild()
    with closing(newsroom.open()) as generation:
        written = json.loads((generation.folder / "manifest.json").read_bytes())
    del written["recipe"]["source_from_folder"]
    assert Manifest.model_validate(written).index_config == newsroom.index_config()


def test_another_folder_for_the_source_reads_the_files_again(newsroom: Newsroom) -> None:
    """The setting is part of the config, and the new index has the new sources."""
    newsroom.write("post/tide.md", "The tide was low.")
    newsroom.rebuild()
    config = newsroom.index_config().model_copy(update={"source_from_folder": "top"})
    assert newsroom.rebuild(index_config=config).note == READ_ALL_AGAIN
    with closing(newsroom.open()) as generation:
        assert generation.article("post/tide.md").source == "post"
    assert newsroom.rebuild(index_config=config).note is None
