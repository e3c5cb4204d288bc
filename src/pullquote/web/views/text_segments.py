"""Cuts text into marked and unmarked segments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from re import IGNORECASE, escape, search

from pullquote.answering.reply_labels import KIND_LABELS
from pullquote.conversation import Completed
from pullquote.schema import Correction, QueryOptions, QuestionKind


@dataclass(frozen=True, slots=True)
class TextSegment:
    """A part of a text, marked, struck or neither; `id` names a mark that can be scrolled to."""

    text: str
    marked: bool = False
    id: str = ""
    struck: bool = False


def segments(
    text: str, ranges: Sequence[range], *, first: str = "", struck: Sequence[range] = ()
) -> list[TextSegment]:
    """Cut a text at the ends of the ranges, which are marked; `first` is the id of the first mark.

    Words in `struck` are struck, unless they are marked.

    The ranges count characters of `text`. They may overlap and may be in any order. Cutting
    happens here because a browser would count UTF-16 units instead.
    """
    cut: list[TextSegment] = []
    wrong = list(_merged(struck, len(text)))
    at = 0
    for marked in _merged(ranges, len(text)):
        cut += _unmarked(text, range(at, marked.start), wrong)
        cut.append(TextSegment(text[marked.start : marked.stop], marked=True, id=first))
        at, first = marked.stop, ""
    cut += _unmarked(text, range(at, len(text)), wrong)
    return [segment for segment in cut if segment.text]


def _unmarked(text: str, part: range, struck: Sequence[range]) -> Iterator[TextSegment]:
    """A part of a text without marks, cut at the ends of the struck ranges."""
    at = part.start
    for one in struck:
        start, stop = max(one.start, part.start), min(one.stop, part.stop)
        if start < stop:
            yield TextSegment(text[at:start])
            yield TextSegment(text[start:stop], struck=True)
            at = stop
    yield TextSegment(text[at : part.stop])


def _merged(ranges: Sequence[range], length: int) -> Iterator[range]:
    """The non-empty parts of the ranges inside a text of that length, sorted and merged."""
    last: range | None = None
    for given in sorted(ranges, key=lambda given: given.start):
        start, stop = max(given.start, 0), min(given.stop, length)
        if start >= stop:
            continue
        if last is not None and start <= last.stop:
            last = range(last.start, max(last.stop, stop))
            continue
        if last is not None:
            yield last
        last = range(start, stop)
    if last is not None:
        yield last


MAX_CORRECTIONS = 20
"""Corrections of one question that are shown; a saved conversation may claim more."""


@dataclass(frozen=True, slots=True)
class SearchText:
    """The text that was searched for.

    `changed` are the ranges of its words that come from earlier turns or from corrections.
    `corrected` names the corrected words as typed; it is "" if there are none. If `as_typed` is
    true, the person chose to search for the text unchanged. `understood` means that it was changed.
    """

    text: str
    changed: Sequence[range] = ()
    corrected: str = ""
    as_typed: bool = False
    understood: bool = False

    @classmethod
    def of(
        cls,
        completed: Completed,
        searched_for: str,
        corrections: Sequence[Correction],
        options: QueryOptions,
    ) -> SearchText:
        """The text `searched_for` in place of a completed question."""
        if searched_for == completed.text and not corrections:
            filled = [range(one.start, one.end) for one in completed.filled]
            return cls(searched_for, filled, as_typed=options.as_typed)
        corrections = corrections[:MAX_CORRECTIONS]
        return cls(
            searched_for,
            list(_used(searched_for, corrections)),
            corrected=", ".join(f"“{one.typed}”" for one in corrections),
            understood=True,
        )

    @property
    def segments(self) -> Sequence[TextSegment]:
        """The text, with the changed words marked."""
        return segments(self.text, self.changed)

    @property
    def reason(self) -> str:
        """Where the marked words come from."""
        if self.corrected:
            return f"instead of {self.corrected}"
        return "from earlier in the conversation"


@dataclass(frozen=True, slots=True)
class ShownKind:
    """The kind that a question was read as, whether a person chose it, and whether it was fast."""

    kind: QuestionKind
    chosen: bool
    fast: bool = False

    @property
    def label(self) -> str:
        """The kind in plain words."""
        return f"{KIND_LABELS[self.kind]}{', fast' if self.fast else ''}"

    @property
    def others(self) -> Sequence[tuple[str, str]]:
        """The other kinds as they are sent to the server, each with its label."""
        return [(one.value, label) for one, label in KIND_LABELS.items() if one is not self.kind]


def _used(text: str, corrections: Sequence[Correction]) -> Iterator[range]:
    """The first occurrence of each corrected word in a text."""
    for one in corrections:
        found = search(rf"\b{escape(one.used)}\b", text, flags=IGNORECASE)
        if found is not None:
            yield range(*found.span())
