"""All work on evidence stops at its next step when its time is over or nobody waits for it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

import pullquote
from pullquote.base.cancellation import Cancellation, Cancelled, check_cancelled
from pullquote.conversation import Conversation
from pullquote.newsroom.assistant import Assistant
from pullquote.newsroom.packs.packing import absence, pack
from pullquote.newsroom.verification.verify import verify_bytes
from web.evidence.test_routes import ANSWERED, SILENT, turn

MARCH = "harbour-post/2024-02-10-cannery-march.md"


@pytest.fixture(scope="module")
def assistant(sample_index: Path) -> Iterator[Assistant]:
    """An assistant over the sample corpus."""
    with pullquote.open(sample_index) as opened:
        yield opened


def citations(count: int) -> bytes:
    """A file with citations of unknown articles."""
    cited = [
        {"article": f"gone/{number}.md", "start": 0, "end": 9, "quote": "the words"}
        for number in range(count)
    ]
    return json.dumps(cited).encode()


def works(assistant: Assistant) -> dict[str, Callable[[], object]]:
    """Each kind of work that the scheduler collects."""
    both = Conversation(turns=(turn(assistant, ANSWERED), turn(assistant, SILENT)))
    built = pack(both, assistant).data
    silent = both.turns[-1].reply
    assert silent is not None
    return {
        "verify an export": lambda: verify_bytes(
            citations(3), "a.json", lambda: assistant.generation
        ),
        "verify a pack": lambda: verify_bytes(built, "a.zip", lambda: assistant.generation),
        "verify a pack alone": lambda: verify_bytes(built, "a.zip", None),
        "pack": lambda: pack(both, assistant),
        "state an absence": lambda: absence(silent, assistant),
        "begin a grid": lambda: pullquote.grid(["who?"], assistant),
        "begin a grid of sources": lambda: pullquote.grid(["who?"], assistant, by="source"),
    }


def test_all_work_on_evidence_can_be_cancelled(assistant: Assistant) -> None:
    """Each kind has a step at which it ends."""
    for name, work in works(assistant).items():
        cancellation = Cancellation()
        ended = False
        with suppress(Cancelled), cancellation.applied():
            cancellation.cancel()
            work()
            ended = True
        assert not ended, name
    check_cancelled()


def test_verifying_stops_after_the_citation_at_which_it_was_cancelled(
    assistant: Assistant,
) -> None:
    """The rest of a large file is not verified."""
    cancellation, looked = Cancellation(), []

    class Watched:
        """A generation that cancels when an article is looked for the third time."""

        def __getattr__(self, name: str) -> object:
            return getattr(assistant.generation, name)

        def stored_article(self, article: str) -> object:
            looked.append(article)
            if len(set(looked)) == 3:
                cancellation.cancel()
            return assistant.generation.stored_article(article)

    with pytest.raises(Cancelled), cancellation.applied():
        verify_bytes(citations(1000), "a.json", Watched)  # type: ignore[arg-type]
    assert len(set(looked)) == 3
