"""Turns phrases of a question into filters; the other words are searched for.

A phrase becomes a filter automatically only if no answer is lost. "In 2004" may date an event that
was reported years later, so the filter for such a phrase is only offered
(docs/explanation/benchmarks).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from itertools import chain, islice
from types import NoneType

from pullquote.base.dates.day_text import moment_text
from pullquote.conversation.archive import Archive
from pullquote.conversation.phrases import FilterPhrase, phrases
from pullquote.english.questions.words import words_of
from pullquote.schema import Filters, check_kind
from pullquote.schema.arguments import naming_arguments
from pullquote.schema.errors import SettingsError

LONGEST = 2_000
"""In characters. Phrases are not looked for in a longer question."""

MOST_PHRASES = 20
"""At most this many phrases of one question are considered; the rest are ignored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """A filter that the words `question[start:end]` stand for.

    `on` says whether the filter applies. `note` says why it cannot apply, or which articles it
    leaves out. To switch a chip on or off, narrow the question again with its `id` in `switched`.
    While a chip is off, its words are searched for.
    """

    label: str
    start: int
    end: int
    filters: Filters
    on: bool
    note: str | None = None

    @property
    def id(self) -> str:
        """Identifies the chip within its question."""
        return f"{self.start}-{self.end}"


@dataclass(frozen=True, slots=True)
class Narrowed:
    """The text to search for, the filters, and the chips that show and undo them."""

    text: str
    filters: Filters
    chips: tuple[Chip, ...]


@naming_arguments
def narrow_question(
    question: str,
    archive: Archive,
    *,
    today: date,
    filters: Filters | None = None,
    switched: Collection[str] = (),
) -> Narrowed:
    """Remove filter phrases from a question, and replace given filters of the same field by theirs.

    "Last week" is relative to `today`. `switched` are ids of chips that the person turned on or
    off. A filter that is named twice has one chip. If a filter contradicts an earlier one, its chip
    is off. If no article is as new as "this
    year", the words are only searched for. A question of more than `LONGEST` characters is not
    changed.

    Raises:
        SettingsError: an argument has the wrong type.
    """
    check_kind("The question", question, str, give="a text, such as 'who won last week?'")
    check_kind("archive", archive, Archive, give="pullquote.Archive(…)")
    check_kind("today", today, date, give="a datetime.date")
    check_kind("filters", filters, (Filters, NoneType), give="pullquote.Filters(…), or None")
    given = total = Filters() if filters is None else filters
    phrased = Filters()
    chips: list[Chip] = []
    removed: list[range] = []
    found = phrases(question, archive, today=today) if len(question) <= LONGEST else iter(())
    for phrase in islice(_without_overlaps(found), MOST_PHRASES):
        chip = _chip(phrase, archive, switched)
        if not phrase.sure and _is_after_all(phrase.filters, archive):
            continue
        named_before = next((one for one in chips if one.filters == chip.filters), None)
        if named_before is not None:
            if named_before.on and phrase.removed:
                removed.append(range(chip.start, chip.end))
            continue
        if chip.on:
            try:
                both = combine((phrased, chip.filters))
                phrased, total = both, replace_filters(given, both)
            except SettingsError as error:
                chip = replace(chip, on=False, note=str(error))
        if chip.on and phrase.removed:
            removed.append(range(chip.start, chip.end))
        chips.append(_with_undated(chip, archive))
    return Narrowed(_without(question, removed), total, tuple(chips))


def _chip(phrase: FilterPhrase, archive: Archive, switched: Collection[str]) -> Chip:
    """The chip for a phrase; if the person switched the chip, that overrides its default."""
    note = _reason_for_none(phrase.filters, archive)
    chip = Chip(
        label=phrase.label,
        start=phrase.start,
        end=phrase.end,
        filters=phrase.filters,
        on=phrase.sure and note is None,
        note=note,
    )
    return replace(chip, on=not chip.on) if chip.id in switched else chip


def combine(parts: Iterable[Filters]) -> Filters:
    """Combine filters: a day must pass all of them, while names in a field are alternatives.

    Raises:
        SettingsError: no day passes all filters.
    """
    all_parts = list(parts)
    combined: dict[str, object] = {}
    for field in fields(Filters):
        values = [getattr(part, field.name) for part in all_parts]
        if isinstance(field.default, tuple):
            combined[field.name] = tuple(dict.fromkeys(chain.from_iterable(values)))
        elif isinstance(field.default, bool):
            combined[field.name] = any(values)
        else:
            days = [day for day in values if day is not None]
            choose = max if field.name == "since" else min
            combined[field.name] = choose(days, default=None)
    return Filters(**combined)  # type: ignore[arg-type]


def replace_filters(earlier: Filters, later: Filters) -> Filters:
    """The earlier filters, in which each field that the later ones set has the later value.

    Sources that are left out add up. A source that the later filters ask for is no longer left
    out, and one that they leave out is no longer asked for.

    Raises:
        SettingsError: the first day is then after the last.
    """
    values = {name: getattr(later, name) for name in fields_set(later)}
    wanted, left_out = (
        set(map(str.casefold, names)) for names in (later.sources, later.not_sources)
    )
    values["not_sources"] = (
        *(name for name in earlier.not_sources if name.casefold() not in wanted | left_out),
        *later.not_sources,
    )
    values.setdefault(
        "sources", tuple(name for name in earlier.sources if name.casefold() not in left_out)
    )
    return replace(earlier, **values)


def fields_set(filters: Filters) -> frozenset[str]:
    """The names of the fields that filter something, or that ask for comments."""
    return frozenset(
        field.name for field in fields(Filters) if getattr(filters, field.name) != field.default
    )


def _without_overlaps(found: Iterator[FilterPhrase]) -> Iterator[FilterPhrase]:
    """The phrases in order, without overlaps; of two with the same start, the longer is kept."""
    at = 0
    for phrase in sorted(found, key=lambda phrase: (phrase.start, -phrase.end, not phrase.sure)):
        if phrase.start >= at:
            yield phrase
            at = phrase.end


def _reason_for_none(filters: Filters, archive: Archive) -> str | None:
    """Why a filter by day would match no article; None if it matches some."""
    if filters.since is None and filters.until is None:
        return None
    if archive.oldest is None or archive.newest is None:
        return "no article has a date"
    if filters.since is not None and filters.since > archive.newest:
        return f"the newest article is from {moment_text(archive.newest)}"
    if filters.until is not None and filters.until < archive.oldest:
        return f"the oldest article is from {moment_text(archive.oldest)}"
    return None


def _is_after_all(filters: Filters, archive: Archive) -> bool:
    """Whether a filter begins after the newest article, or by day where no article has one."""
    if filters.since is None:
        return False
    return archive.newest is None or filters.since > archive.newest


def _with_undated(chip: Chip, archive: Archive) -> Chip:
    """Add a note to a chip on how many undated articles its filter leaves out."""
    by_day = chip.filters.since is not None or chip.filters.until is not None
    if not (chip.on and by_day and archive.undated):
        return chip
    noun = "article" if archive.undated == 1 else "articles"
    return replace(chip, note=f"leaves out {archive.undated:,} {noun} without a date")


def _without(question: str, removed: Sequence[range]) -> str:
    """The question without the removed ranges; unchanged if no word would remain."""
    parts = []
    at = 0
    for gap in removed:
        parts.append(question[at : gap.start])
        at = gap.stop
    if not removed:
        return question
    text = " ".join(" ".join([*parts, question[at:]]).split())
    text = re.sub(r"\s+(?=[?!.,;:])", "", text)
    text = re.sub(r"[,;:](?=[?!.,;:]|$)", "", text).lstrip(",;:. ")
    return text if words_of(text) else question
