"""A newsroom whose articles quote people, and an index of its speakers."""

from __future__ import annotations

from conftest import Newsroom
from pullquote.index import OpenGeneration
from pullquote.newsroom.speakers import SpeakerIndex

BRIDGE = """The bridge is safe, Ida Roe said on Monday. "It will stand for years," she said.

Officials denied that the bridge had been closed. Mr Roe promised to visit, according to Bo Lund.
"""
FERRY = """Sir Ida Roe denied that the ferry was late. "We left at noon," Roe said.

The council warned that fares would rise.
"""


class QuotedRoom:
    """A newsroom with an index of its speakers, which follows its generations."""

    def __init__(self, newsroom: Newsroom) -> None:
        self.newsroom = newsroom
        self._open: OpenGeneration | None = None
        self.speakers = self.again()

    def again(self) -> SpeakerIndex:
        """Another index of the same speakers, as another process has it."""
        return SpeakerIndex(self.newsroom.index, self.current)

    def current(self) -> OpenGeneration:
        """The current generation."""
        name = self.newsroom.index.current().name
        if self._open is None or self._open.name != name:
            self._open = self.newsroom.open()
        return self._open

    def write(self, id: str, body: str, **facts: str) -> None:
        """Write an article in English and bring the index up to date."""
        self.newsroom.write(id, body, **{"title": id, **facts})
        self.newsroom.rebuild()

    def names(self, **how: object) -> list[str]:
        """The speakers in order."""
        return [one.name for one in self.speakers.find(**how)]  # type: ignore[arg-type]
