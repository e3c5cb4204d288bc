"""Schedules questions: a few are searched for or read at a time, and the others wait."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Protocol, TypeVar

from pullquote.answering.retrieval.searcher import SearchResult
from pullquote.newsroom.assistant import Assistant
from pullquote.newsroom.checking.check import DraftLimits, joined, parts_within
from pullquote.newsroom.checking.cited_words import with_cited_text
from pullquote.newsroom.checking.quotations import draft_of
from pullquote.schema import Article, Reply
from pullquote.schema.errors import (
    Busy,
    DraftGivenUp,
    PullquoteError,
    QuestionGivenUp,
    RequestGivenUp,
)
from pullquote.schema.quote_check import CheckedDraft
from pullquote.web.monitoring.monitoring import current_id
from pullquote.web.monitoring.observed import Observers, StageLoad
from pullquote.web.request_limits import (
    MAX_DRAFT_CHARS,
    MAX_QUOTATIONS,
    MAX_QUOTED_CHARS,
    check_passages_read,
)
from pullquote.web.requests import SearchRequest
from pullquote.web.slots import Slots, turns_before

MAX_CONCURRENT_READS = 2
"""Questions read at a time. Each uses a whole core, so more at a time would all take longer."""

MAX_CONCURRENT_SEARCHES = 4
"""Searches at a time. A search takes a tenth of the time that reading takes, so people see hits
while they wait for the reader."""

MIN_SEARCH_QUEUE = 50
"""Searches that may always wait, even if fewer questions may wait for the reader."""

MAX_CONCURRENT_PARSES = 1
"""Files of drafts that are parsed at a time, each in a process of its own."""

MAX_CONCURRENT_DRAFTS = 1
"""Drafts checked at a time, beside questions: a large draft takes many times as long as one."""

TURN_SECONDS = 0.5
"""How long a draft is checked before the next draft gets its turn."""

_DRAFT_LIMITS = DraftLimits(MAX_DRAFT_CHARS, MAX_QUOTATIONS, MAX_QUOTED_CHARS)

MAX_CONCURRENT_COLLECTIONS = 1
"""Evidence that is collected or verified at a time, so that questions are hardly slowed."""

MAX_WAITING_COLLECTIONS = 10

MAX_CONCURRENT_PICTURES = 1
"""Pages of PDF files drawn at a time. OCR takes a core for seconds to find the cited words."""

MAX_WAITING_PICTURES = 10

MAX_CONCURRENT_PAGES = 2
"""Pages beside the chat that are made at a time. With more, a question would wait for each of them
whenever both read the index."""

MAX_WAITING_PAGES = 200

T = TypeVar("T")

HasLeft = Callable[[], bool]

GivenUp = Callable[[float], PullquoteError]


class _RunStage(Protocol):
    """Does work of one stage when its turn comes."""

    async def __call__(self, work: Callable[[], T]) -> T:
        """The result of the work."""


@dataclass(frozen=True, slots=True)
class PlaceInLine:
    """A place in the line of questions. Whoever has it finds passages and has them read."""

    find: _RunStage
    read: _RunStage


class Scheduler:
    """Does all work in threads, in fair turns of the clients; `waiting` questions may wait.

    There is one queue for each stage, whichever way the work came in. Work is cancelled when its
    caller has left, and after `seconds` of waiting or of work. The task that asks calls
    `watch_caller`. That returns a function, which says whether the task's caller has left.
    `client` returns the task's client. `coming` counts for each client the questions that were let
    in before they reach the scheduler, and `arrives` says of a task that its question was one of
    them. `observers` are told of all work, with the id that `request_id` returns.

    Every method that works raises Busy if as much work as allowed is already waiting, and
    CallerLeft if nobody waits for it any more. If the work took too long, it raises QuestionGivenUp
    for a question, DraftGivenUp for a draft, and RequestGivenUp for all else.
    """

    def __init__(self, *, waiting: int, seconds: float = 60.0) -> None:
        self.watch_caller: Callable[[], HasLeft] = lambda: lambda: False
        self.client: Callable[[], str] = lambda: ""
        self.request_id: Callable[[], str | None] = current_id
        self.coming: Callable[[], Counter[str]] = Counter
        self.arrives: Callable[[], bool] = lambda: False
        self.observers = Observers()
        self._waiting = waiting
        self._most_searches = max(MIN_SEARCH_QUEUE, waiting)
        self._most_drafts = max(1, waiting)
        self._search_slots = Slots(MAX_CONCURRENT_SEARCHES, seconds=seconds, name="find")
        self._read_slots = Slots(MAX_CONCURRENT_READS, seconds=seconds, name="read")
        self._collections = Slots(MAX_CONCURRENT_COLLECTIONS, seconds=seconds, name="collect")
        self._pictures = Slots(MAX_CONCURRENT_PICTURES, seconds=seconds, name="draw")
        self._parse_slots = Slots(MAX_CONCURRENT_PARSES, seconds=seconds, name="parse")
        self._draft_slots = Slots(MAX_CONCURRENT_DRAFTS, seconds=seconds, name="check")
        self._pages = Slots(MAX_CONCURRENT_PAGES, seconds=seconds, name="page")
        self._slots = (
            *(self._search_slots, self._read_slots, self._collections, self._pages),
            *(self._pictures, self._parse_slots, self._draft_slots),
        )
        self._places = Counter[str]()

    @property
    def is_stuck(self) -> bool:
        """Whether all slots for searching, or all for reading, have work that does not end."""
        return self._search_slots.are_stuck() or self._read_slots.are_stuck()

    @property
    def stuck_stages(self) -> list[str]:
        """The stages whose slots all have work that does not end."""
        return [one.name for one in self._slots if one.are_stuck()]

    def load(self) -> dict[str, StageLoad]:
        """How much work of each stage waits and runs now."""
        return {one.name: StageLoad(one.waiting, one.running) for one in self._slots}

    def check(self, client: str) -> None:
        """Check that another question of a client may wait for the reader.

        Raises:
            Busy: as many questions as allowed are already waiting, or this one would wait for
                longer than it may.
        """
        questions = self._places + self.coming()
        if questions.total() >= MAX_CONCURRENT_READS + self._waiting:
            raise Busy(self._waiting)
        self._search_slots.check_wait(self._search_slots.before(client))
        self._read_slots.check_wait(turns_before(questions, client))

    @contextmanager
    def place(self) -> Iterator[PlaceInLine]:
        """The place of a question, from its search to its answer; raises as `check`."""
        client = self.client()
        if not self.arrives():
            self.check(client)
        self._places[client] += 1
        run = partial(self._run, given_up=QuestionGivenUp, has_left=self.watch_caller())
        try:
            yield PlaceInLine(partial(run, self._search_slots), partial(run, self._read_slots))
        finally:
            self._places -= Counter((client,))  # which forgets a client without questions

    async def find(self, work: Callable[[], T]) -> T:
        """The result of a search or of other quick work for a question."""
        return await self._run(self._search_slots, work, QuestionGivenUp, most=self._most_searches)

    async def look_up(self, work: Callable[[], T]) -> T:
        """The result of quick work that is for no question, such as looking up an article."""
        return await self._run(self._search_slots, work, RequestGivenUp, most=self._most_searches)

    async def read(self, work: Callable[[], T]) -> T:
        """The result of work with the reader, which starts when its turn comes."""
        with self.place() as place:
            return await place.read(work)

    async def collect(self, work: Callable[[], T]) -> T:
        """The result of work that looks up many citations or articles."""
        most = MAX_WAITING_COLLECTIONS
        return await self._run(self._collections, work, RequestGivenUp, most=most)

    async def show(self, work: Callable[[], T]) -> T:
        """The result of work that makes a page beside the chat, or a file of such a page."""
        return await self._run(self._pages, work, RequestGivenUp, most=MAX_WAITING_PAGES)

    async def draw(self, work: Callable[[], T]) -> T:
        """The result of work that draws a page of a PDF file."""
        return await self._run(self._pictures, work, RequestGivenUp, most=MAX_WAITING_PICTURES)

    async def parse(self, work: Callable[[], T]) -> T:
        """The result of parsing the file of a draft, which keeps no question waiting."""
        return await self._run(self._parse_slots, work, DraftGivenUp, most=self._most_drafts)

    async def ask(
        self,
        assistant: Assistant,
        search: SearchRequest,
        *,
        found: Callable[[SearchResult], None] = lambda _: None,
    ) -> Reply:
        """The reply to a search; `found` is called with the passages before they are read.

        Raises:
            PullquoteError: the search is invalid or asks for too much, or too many questions wait.
        """
        check_passages_read(search.k, hits=assistant.settings.hits)
        with self.place() as place:
            result = await place.find(lambda: passages(assistant, search))
            found(result)
            return await place.read(lambda: assistant.read(result))

    async def found(self, assistant: Assistant, search: SearchRequest) -> SearchResult:
        """The hits for a search, with the generation that was searched.

        Raises:
            PullquoteError: the search is invalid, or too many questions wait.
        """
        return await self.find(lambda: passages(assistant, search))

    async def check_text(self, assistant: Assistant, text: str) -> CheckedDraft:
        """The report on a draft in plain text or Markdown; see `check_draft`."""
        return await self._checked(assistant, lambda: with_cited_text(draft_of(text), text))

    async def check_draft(self, assistant: Assistant, draft: Article) -> CheckedDraft:
        """The quotations of a draft, each with its verdict, and the questions about the rest.

        Raises:
            PullquoteError: the draft is over a limit, too many drafts wait, or it takes too long.
        """
        return await self._checked(assistant, lambda: draft)

    async def _checked(self, assistant: Assistant, draft: Callable[[], Article]) -> CheckedDraft:
        parts = await self.in_turns(
            lambda: parts_within(
                draft(), assistant.generation, settings=assistant.settings, limits=_DRAFT_LIMITS
            )
        )
        return joined(parts)

    async def in_turns(self, begin: Callable[[], Iterator[T]]) -> list[T]:
        """All items of work on a draft, which takes turns with other drafts.

        `begin` returns the items, each of which is made when it is asked for.

        Raises:
            Busy: as many drafts as allowed are already waiting.
            DraftGivenUp: an item took too long, or waited too long for its turn.
            CallerLeft: nobody waits for the result any more.
        """
        self._draft_slots.check_room(self.client(), most=self._most_drafts)
        in_turn = partial(
            self._run, self._draft_slots, given_up=DraftGivenUp, has_left=self.watch_caller()
        )
        items = list[T]()
        rest = await in_turn(begin)
        while some := await in_turn(partial(_taken_in_a_turn, rest)):
            items += some
        return items

    async def _run(
        self,
        slots: Slots,
        work: Callable[[], T],
        given_up: GivenUp,
        *,
        most: int | None = None,
        has_left: HasLeft | None = None,
    ) -> T:
        """The result of work in one of those slots, which the observers are told of.

        If it took too long, `given_up` makes the error, whose words fit what was asked for. With
        `most`, so much work may wait; otherwise it is work of which a part was let in before.
        """
        if most is not None:
            slots.check_room(self.client(), most=most)
        left = self.watch_caller() if has_left is None else has_left
        run = partial(slots.run, has_left=left, client=self.client())
        try:
            return await self.observers.observe(slots.name, work, run, self.request_id)
        except QuestionGivenUp as error:
            raise given_up(error.seconds) from None


def _taken_in_a_turn(rest: Iterator[T]) -> list[T]:
    """The next items, as many as one turn has time for, but one at least; none after the last."""
    late = time.monotonic() + TURN_SECONDS
    taken = list(islice(rest, 1))
    while taken and time.monotonic() < late and (more := list(islice(rest, 1))):
        taken += more
    return taken


def passages(assistant: Assistant, search: SearchRequest) -> SearchResult:
    """The passages for a search; raises as `Assistant.find`."""
    return assistant.find(
        search.question,
        k=search.k,
        filters=search.filters,
        kind=search.options.kind,
        as_typed=search.options.as_typed,
        as_of=search.options.as_of,
        fast=search.options.fast,
    )
