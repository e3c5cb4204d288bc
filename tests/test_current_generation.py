"""Which generation answers while a newer one is opened."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from pullquote.index import IndexFolder, OpenGeneration
from pullquote.index.current_generation import CurrentGeneration
from pullquote.index.services import rebuild_index
from pullquote.schema.settings import Settings

SECONDS = 60


class SlowFolder(IndexFolder):
    """An index that is opened only while `may_open` is set; `asked` is set as soon as one tries."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.asked, self.may_open = threading.Event(), threading.Event()
        self.may_open.set()

    def open(self, *, before: OpenGeneration | None = None) -> OpenGeneration:
        self.asked.set()
        assert self.may_open.wait(SECONDS)
        return super().open(before=before)


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


def test_a_question_has_the_generation_before_and_a_run_after_a_rebuild_the_newest(
    tmp_path: Path, threads: ThreadPoolExecutor
) -> None:
    """While a thread opens a generation, no question waits, but `newest` does."""
    settings = Settings(corpus=tmp_path / "corpus", index=tmp_path / "index")
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus/tide.md").write_text("The tide is high.", "utf-8")
    rebuild_index(settings=settings)
    index = SlowFolder(tmp_path / "index")
    with closing(CurrentGeneration(index, settings)) as current:
        first = current.generation.name
        (tmp_path / "corpus/ebb.md").write_text("The tide is low.", "utf-8")
        rebuild_index(settings=settings)
        index.asked.clear()
        index.may_open.clear()
        try:
            opening = threads.submit(lambda: current.generation)
            assert index.asked.wait(SECONDS)
            waiting = threads.submit(current.newest)
            assert current.generation.name == first
            assert not waiting.done()
        finally:
            index.may_open.set()
        assert waiting.result(SECONDS).name == opening.result(SECONDS).name != first
