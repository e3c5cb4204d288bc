"""Asks the standing questions of an index again, and says what changed in their answers."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from pullquote.answering.reader import Reader, with_memory
from pullquote.base.cancellation import check_cancelled
from pullquote.index import OpenGeneration
from pullquote.index.services import check_complete, settings_with
from pullquote.newsroom.assistant import Assistant, open_assistant
from pullquote.newsroom.packs.packing import settings_shown
from pullquote.newsroom.verification import SavedCitation, verify_citations
from pullquote.newsroom.watchlist.comparison import basis, differences, first_asked
from pullquote.newsroom.watchlist.files import StateFiles, WatchlistState, questions_file_of
from pullquote.newsroom.watchlist.models import (
    Difference,
    LastReply,
    StandingQuestion,
    WatchChange,
    WatchedAnswer,
    WatchedQuestion,
    WatchReport,
    reported,
)
from pullquote.schema import Citation, FilterChoice, Outcome, Reply, VerifiedCitation, filters_of
from pullquote.schema.errors import (
    ArticleUnknown,
    ArticleWithheld,
    FiltersLeaveNothing,
    FilterUnknown,
    IndexEmpty,
)
from pullquote.schema.settings import Settings

WITHHELD = "Words of an article that may not be shown are left out."


class WithheldWords:
    """Removes what an index may not show now. An article that is gone may be quoted."""

    def __init__(self, generation: OpenGeneration) -> None:
        self._generation = generation
        self._known: dict[str, bool] = {}

    def without(self, change: WatchChange) -> WatchChange:
        """The change without words of withheld articles."""
        shown = {
            "old": self._answer(change.old),
            "new": self._answer(change.new),
            "correction": self._citation(change.correction),
        }
        if all(getattr(change, name) == value for name, value in shown.items()):
            return change
        return change.model_copy(update={**shown, "reason": WITHHELD})

    def _answer(self, answer: WatchedAnswer | None) -> WatchedAnswer | None:
        return None if answer is None or self._is_withheld(answer.citation.article) else answer

    def _citation(self, cited: Citation | None) -> Citation | None:
        return None if cited is None or self._is_withheld(cited.article) else cited

    def _is_withheld(self, article: str) -> bool:
        if article not in self._known:
            try:
                self._generation.article(article)
                self._known[article] = False
            except ArticleUnknown:
                self._known[article] = False
            except ArticleWithheld:
                self._known[article] = True
        return self._known[article]


CITATIONS_STORED = 5
"""Citations of each answer that are stored; the first one is reported."""

Progress = Callable[[int, int], None]


class Watchlist:
    """The standing questions of an index. Cheap to make: nothing is read before it is used.

    The questions are in a text file that may be edited, `watchlist.txt` in the folder of the index
    or in the folder that the setting `watchlist` names.
    """

    def __init__(
        self, index: str | Path | None = None, *, settings: Settings | None = None
    ) -> None:
        self._settings = settings_with(settings, index=index)
        self._file = questions_file_of(self._settings)
        self.folder = self._file.path.parent
        self._state = StateFiles(self.folder)

    @property
    def questions(self) -> tuple[WatchedQuestion, ...]:
        """The questions in their order.

        Raises:
            WatchlistUnusable: the file of the questions cannot be read.
        """
        return self._file.questions()

    @property
    def changes(self) -> tuple[WatchChange, ...]:
        """The changes that were reported, newest first.

        Raises:
            WatchlistUnusable: the file cannot be read.
        """
        return self._state.load().changes

    def standing(self) -> tuple[StandingQuestion, ...]:
        """The questions, each with what was reported last.

        Raises:
            WatchlistUnusable: a file cannot be read.
        """
        state = self._state.load()
        return tuple(
            StandingQuestion(
                question=one,
                asked=state.asked.get(one.id),
                changes=tuple(change for change in state.changes if change.id == one.id),
            )
            for one in self.questions
        )

    def add(self, question: str, filters: FilterChoice = None) -> WatchedQuestion:
        """Add a question, unless it is there already. The next run asks it for the first time.

        Raises:
            SettingsError: the question is empty or too long, or a filter is invalid.
            WatchlistUnusable, WatchlistBusy: the file cannot be changed.
        """
        return self._file.add(question, filters_of(filters))

    def remove(self, id: str) -> WatchedQuestion:
        """Remove the question with this id.

        Raises:
            SettingsError: there is no such question.
            WatchlistUnusable, WatchlistBusy: the file cannot be changed.
        """
        return self._file.remove(id)

    def run(
        self,
        assistant: Assistant | None = None,
        *,
        everything: bool = False,
        progress: Progress | None = None,
    ) -> WatchReport:
        """Ask the questions whose replies may have changed, and report what did.

        If neither the index nor the settings have changed since a question was asked, it is not
        asked, unless `everything` is set. Otherwise it is searched for again, and the reader reads
        only passages that it has not read for this question before. The replies are the same as if
        everything were read. `assistant` is one for this index, if there is one already.

        Raises:
            WatchlistBusy: another run has not ended.
            WatchlistUnusable: a file cannot be read or written.
            IndexIncomplete: the index is still being built.
            IndexMissing, IndexDamaged, IndexMismatch, ModelError: see `Assistant.ask`.
        """
        with self._state.running(), ExitStack() as opened:
            if assistant is None:
                assistant = opened.enter_context(open_assistant(settings=self._settings))
            check_complete(assistant.settings, assistant.generation)
            return _Run(assistant, self._state, everything).report(self.questions, progress)


class _Run:
    """One run over the questions."""

    def __init__(self, assistant: Assistant, files: StateFiles, everything: bool) -> None:
        self._assistant, self._files, self._everything = assistant, files, everything
        self._before = files.load()
        self._memory = files.memory(assistant.reader)
        self._reader: Reader = with_memory(assistant.reader, self._memory)
        self._setup = setup_digest(assistant)
        self._at = datetime.now(UTC)

    def report(
        self, questions: Sequence[WatchedQuestion], progress: Progress | None
    ) -> WatchReport:
        """Ask the questions, and store and report the changes."""
        started = time.perf_counter()
        asked: dict[str, LastReply] = {}
        found: list[WatchChange] = []
        unchanged = 0
        for number, one in enumerate(questions):
            check_cancelled()
            last = self._before.asked.get(one.id)
            if last is not None and not self._everything and last.depends_on == self._depends_on():
                asked[one.id] = last
                unchanged += 1
            else:
                asked[one.id], changes = self._ask(one, last)
                found += changes
            if progress is not None:
                progress(number + 1, len(questions))
        words = WithheldWords(self._assistant.generation)
        found = [words.without(one) for one in found]
        earlier = [words.without(one) for one in self._before.changes]
        self._save(asked, [*reported(found), *earlier], all_asked=not unchanged)
        return WatchReport(
            changes=reported(found),
            quiet=tuple(one for one in found if one.kind.is_quiet),
            asked=len(questions) - unchanged,
            unchanged=unchanged,
            passages_read=self._memory.read,
            passages_reused=self._memory.reused,
            generation=self._assistant.generation.name,
            seconds=round(time.perf_counter() - started, 3),
        )

    def _save(
        self, asked: dict[str, LastReply], changes: Sequence[WatchChange], *, all_asked: bool
    ) -> None:
        state = WatchlistState(asked=asked, changes=tuple(changes))
        if state != self._before:
            self._files.save(state)
            self._files.save_memory(self._assistant.reader, self._memory, all_asked=all_asked)

    def _depends_on(self) -> str:
        """What a reply depends on now: the generation, and all that this run does not change."""
        return f"{self._assistant.generation.published.digest} {self._setup}"

    def _ask(
        self, one: WatchedQuestion, last: LastReply | None
    ) -> tuple[LastReply, list[WatchChange]]:
        """The question's state after asking it, and what changed."""
        given = self._depends_on()
        reply, note = self._reply(one)
        found = (
            [first_asked(reply)] if last is None else differences(last.reply, reply, self._verify)
        )
        shown = _stored(reply) if last is None else basis(last.reply, _stored(reply), found)
        asked = LastReply(depends_on=given, at=self._at, reply=shown, note=note)
        return asked, [self._change(one, change, reply) for change in found]

    def _reply(self, one: WatchedQuestion) -> tuple[Reply, str]:
        """The reply to a question, and why it could not be asked; then the reply is empty."""
        try:
            found = self._assistant.find(one.question, filters=one.filters)
            return self._assistant.read(found, reader=self._reader), ""
        except (FilterUnknown, FiltersLeaveNothing, IndexEmpty) as error:
            return _nothing(one, self._assistant.generation.name), str(error)

    def _verify(self, citations: Sequence[Citation]) -> list[VerifiedCitation]:
        saved = [SavedCitation.of(one) for one in citations]
        return verify_citations(saved, self._assistant.generation)

    def _change(self, one: WatchedQuestion, found: Difference, reply: Reply) -> WatchChange:
        return WatchChange(
            **{name: getattr(found, name) for name in Difference.model_fields},
            id=one.id,
            question=one.question,
            at=self._at,
            generation=reply.generation,
        )


def setup_digest(assistant: Assistant) -> str:
    """A digest of what replies depend on besides the index: settings, models and the version."""
    reranker = assistant.reranker
    given = [
        settings_shown(assistant),
        assistant.scored_by,
        assistant.calibration.model_dump(mode="json"),
        None if reranker is None else reranker.identity,
        version("pullquote"),
    ]
    return hashlib.sha256(json.dumps(given, sort_keys=True).encode()).hexdigest()


def _stored(reply: Reply) -> Reply:
    """The reply as it is compared later: with the first citations of each answer."""
    shortened = tuple(
        one.model_copy(update={"citations": one.citations[:CITATIONS_STORED]})
        for one in reply.answers
    )
    return reply.model_copy(update={"answers": () if reply.abstained else shortened})


def _nothing(one: WatchedQuestion, generation: str) -> Reply:
    return Reply(
        question=one.question,
        searched_for=one.question,
        outcome=Outcome.NOTHING,
        answers=(),
        generation=generation,
        took_ms=0.0,
    )
