"""A small archive to check quotations against."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from conftest import Newsroom, scratch
from pullquote.newsroom.checking.checker import QuoteChecker

FERRY = (
    "“We surveyed the bed in 2019 and again in 2022, and both times we were told it was gravel,” "
    "said Rosalind Achterberg, the trust's chief executive. “It would not open before 5% of the "
    "well-known office's £3.5m debt was repaid.”\n\n"
    "The new ferry terminal won’t open until October, if the vote allows it, and the project has "
    "confirmed US help. Ewan Sproat said: “Nobody told the islanders about the slipway.” He plays "
    "the fiddle. The board meets in March."
)
LEVY = (
    "The council agreed a parking levy on the seafront. Traders fear that visitors may stay away "
    "from the old harbour all summer.\n\nThe DOE will check the figures of May 2005 again. Wait... "
    "what happens then?"
)
CRANE = (
    "“The bed was cleaned,” said Ida Roe, the harbour master. “Then we left the harbour for good,” "
    "she added, “and nobody came back.”\n\n"
    "“The jetty is made of stone,” said the minister. “The jetty is made of oak,” said the mayor."
    "\n\n“Nobody warned the anglers,” said Tom Hall on Monday. “We were all surprised,” said Vera "
    "Quill.\n\n“The crane fell twice in June,” Tom Hall told the council.\n\n“No one was hurt "
    "on either day.”\n\n“The ship left early,” he said. The sun rose. “It was never seen again,” "
    "he added.\n\nThe mayor said the pier was “slow and cold to build” and that the work was “near"
    "ly over by now”."
)


@pytest.fixture(scope="package")
def archive() -> Iterator[Newsroom]:
    """An index of three articles."""
    with scratch() as folder:
        newsroom = Newsroom(Path(folder))
        newsroom.write("ferry.md", FERRY, title="Ferry terminal delayed", source="Harbour Post")
        newsroom.write("levy.md", LEVY, title="Parking levy agreed", source="Harbour Post")
        newsroom.write("crane.md", CRANE, title="Crane fell twice", source="Harbour Post")
        newsroom.rebuild()
        yield newsroom


@pytest.fixture(scope="package")
def checker(archive: Newsroom) -> Iterator[QuoteChecker]:
    """A checker of quotations against the archive."""
    with closing(archive.open()) as generation:
        yield QuoteChecker(generation)
