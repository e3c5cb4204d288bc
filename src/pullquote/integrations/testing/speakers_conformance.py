"""Tests that speakers can be listed from every index."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from pullquote.index import IndexFolder
from pullquote.integrations.testing.index_pair import IndexPair
from pullquote.newsroom.speakers import SpeakerIndex


class SpeakersConformance:
    """Tests of the speakers of an index."""

    def test_speakers_are_those_of_an_index_in_a_folder(
        self, pair: IndexPair, tmp_path: Path
    ) -> None:
        """Names, counts, claims and audits are the same, wherever the index is stored."""
        with (
            closing(SpeakerIndex(pair.newsroom.index, lambda: pair.tested)) as tested,
            closing(SpeakerIndex(IndexFolder(tmp_path), lambda: pair.local)) as local,
        ):
            speakers = tested.find()
            assert speakers
            assert speakers == local.find()
            for one in speakers:
                assert tested.claims_by(one.name) == local.claims_by(one.name)
            assert tested.audit() == local.audit()
