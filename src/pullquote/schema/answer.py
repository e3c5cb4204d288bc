"""Answers with their citations, and the reply that contains them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import ConfigDict, FailFast, Field, computed_field, model_validator

from pullquote.base.dates.day_text import MONTHS, day_text
from pullquote.base.plurals import counted, listed
from pullquote.schema.article import Model
from pullquote.schema.citation import Citation
from pullquote.schema.index_progress import IndexProgress
from pullquote.schema.moments import Moment, day_of
from pullquote.schema.notebook import notebook_html
from pullquote.schema.question_kind import QuestionKind
from pullquote.schema.reported_value import ReportedValue, ValueStatus
from pullquote.schema.short_text import short_text

PAPERS_NAMED = 3
"""Papers of one value that are named; others are counted."""


Reported: TypeAlias = "Answer | ReportedValue"
"""What articles report, with what became of it."""


@dataclass(frozen=True, slots=True)
class AnswerWords:
    """An answer in words: its support, its status, and that it was corrected; "" if unknown."""

    support: str
    status: str
    corrected: str


@dataclass(frozen=True, slots=True)
class ValueWords:
    """A reported value in words: its papers, its days, its support and its status."""

    papers: str
    days: str
    support: str
    status: str


def scope_notes(progress: IndexProgress | None, as_of: date | None) -> tuple[str, ...]:
    """What people need to know about the articles that a reply is from, in sentences.

    The articles of an index that was still being built may be few, and those later than the day
    `as_of` are left out.
    """
    building = [] if progress is None else [progress.reply_note]
    day = [] if as_of is None else [f"As of {day_text(as_of)}: later articles are left out."]
    return (*building, *day)


def values_heading(values: Sequence[ReportedValue]) -> str:
    """The heading above several values; "" if there are fewer than two."""
    if len(values) < 2:
        return ""
    found = {one.status for one in values}
    if ValueStatus.DISPUTED in found:
        return "Sources differ"
    in_turn = found & {ValueStatus.OUTDATED, ValueStatus.CORRECTED}
    return "Reported over time" if in_turn else "Reported values"


def status_words(one: Reported, values: Sequence[ReportedValue]) -> str:
    """What became of an answer, as a sentence that needs no list of values; "" if unknown."""
    match one.status:
        case ValueStatus.CURRENT:
            return "Latest value." if _has_outdated(values) else ""
        case ValueStatus.OUTDATED:
            return _later(one, values) or "Outdated. A later article gives another value."
        case ValueStatus.CORRECTED:
            newer = _latest_value(one, values)
            now = "" if newer is None else f"; later reported as {_text(newer)}"
            return f"{correction_words(one)}{now}."
        case ValueStatus.DISPUTED:
            return _others(one, values) or "Sources differ."
        case ValueStatus.REPORTED | None:
            return "" if one.correction is None else f"{correction_words(one)}."


def value_status_words(one: ReportedValue, values: Sequence[ReportedValue]) -> str:
    """What became of a value, in a few words for a list of all values; "" if unknown."""
    match one.status:
        case ValueStatus.CURRENT:
            return "Latest value" if _has_outdated(values) else ""
        case ValueStatus.OUTDATED:
            newer = _newer(one, values)
            since = newer[0].first_reported if newer else None
            return "Outdated" if since is None else f"Outdated since {day_text(since)}"
        case ValueStatus.CORRECTED:
            repeats = [cited for cited in one.citations if repeats_corrected(cited, one)]
            days = [day for cited in repeats if (day := day_of(cited.published)) is not None]
            repeated = f"; still repeated on {day_text(max(days))}" if days else ""
            return f"{correction_words(one)}{repeated}"
        case ValueStatus.DISPUTED:
            return "Disputed"
        case ValueStatus.REPORTED:
            return ""


def _has_outdated(values: Sequence[ReportedValue]) -> bool:
    """Whether a newer value came in place of one of these; only then is another the latest."""
    return any(value.status is ValueStatus.OUTDATED for value in values)


def value_facts(one: ReportedValue, values: Sequence[ReportedValue]) -> list[str]:
    """The known facts about a value: papers, days, support and status."""
    words = value_words(one, values)
    return [fact for fact in (words.papers, words.days, words.support, words.status) if fact]


def value_words(one: ReportedValue, values: Sequence[ReportedValue]) -> ValueWords:
    """A reported value in words, each "" if it is unknown."""
    return ValueWords(
        papers=papers_words(one.citations),
        days=reported_words(one),
        support=support_words(one),
        status=value_status_words(one, values),
    )


def answer_words(one: Reported, values: Sequence[ReportedValue]) -> AnswerWords:
    """An answer in words."""
    corrected = "" if one.correction is None else correction_words(one)
    return AnswerWords(support_words(one), status_words(one, values), corrected)


def correction_words(one: Reported) -> str:
    """That a value was corrected, and when."""
    published = None if one.correction is None else one.correction.published
    return "Corrected" if published is None else f"Corrected on {day_text(published)}"


def reported_words(one: ReportedValue) -> str:
    """The days on which a value was first and last reported; "" if they are unknown.

    What two days have in common is written once: "9 to 12 May 2024".
    """
    first, last = day_of(one.first_reported), day_of(one.last_reported)
    if first is None or last is None or first == last:
        known = last if first is None else first
        return "" if known is None else day_text(known)
    if first.year != last.year:
        return f"{day_text(first)} to {day_text(last)}"
    month = "" if first.month == last.month else f" {MONTHS[first.month - 1]}"
    return f"{first.day}{month} to {day_text(last)}"


def papers_words(citations: Sequence[Citation]) -> str:
    """The papers that some citations are from, the first few by name; "" if none is known."""
    papers = list(dict.fromkeys(cited.source for cited in citations if cited.source))
    named, others = papers[:PAPERS_NAMED], len(papers) - PAPERS_NAMED
    return listed([*named, *([counted(others, "other paper")] if others > 0 else [])])


def repeats_corrected(cited: Citation, value: ReportedValue) -> bool:
    """Whether an article gives a value after it was corrected; `cited` is one of its citations."""
    corrected = None if value.correction is None else day_of(value.correction.published)
    day = day_of(cited.published)
    return corrected is not None and day is not None and day > corrected


def support_words(one: Reported) -> str:
    """How many articles give a value, or how many independent sources if there are fewer.

    Articles that copy each other, or quote the same speaker, are one source.
    """
    articles = len({cited.article for cited in one.citations})
    if one.sources < articles:
        return f"from {counted(one.sources, 'independent source')}"
    return f"in {counted(articles, 'article')}"


def _newer(one: Reported, values: Sequence[ReportedValue]) -> list[ReportedValue]:
    """The values first reported on later days and not corrected, in their order."""
    first = day_of(one.first_reported)
    dated = ((value, day_of(value.first_reported)) for value in values)
    return [
        value
        for value, day in dated
        if first is not None
        and day is not None
        and day > first
        and value.status is not ValueStatus.CORRECTED
        and value.text != one.text
    ]


def _latest_value(one: Reported, values: Sequence[ReportedValue]) -> ReportedValue | None:
    """The current value if it is another one, or else the newest of the newer values."""
    current = [value for value in values if value.status is ValueStatus.CURRENT]
    others = [value for value in current if value.text != one.text]
    return next(iter([*others[-1:], *_newer(one, values)[-1:]]), None)


def _later(one: Reported, values: Sequence[ReportedValue]) -> str:
    """What was reported later; if sources differ then, all that they say, without a day."""
    newer = _latest_value(one, values)
    if newer is None:
        return ""
    disputed = [_text(value) for value in _newer(one, values) if _is_disputed(value)]
    if _is_disputed(newer) and disputed[1:]:
        more = [counted(len(disputed) - 2, "other value")] if disputed[2:] else []
        return f"Later reported as {' or '.join([*disputed[:2], *more])}."
    on = "" if newer.first_reported is None else f" on {day_text(newer.first_reported)}"
    return f"Later reported as {_text(newer)}{on}."


def _is_disputed(value: ReportedValue) -> bool:
    return value.status is ValueStatus.DISPUTED


def _others(one: Reported, values: Sequence[ReportedValue]) -> str:
    """The first of the other disputed values, and how many more there are."""
    others = [_text(value) for value in values if _is_disputed(value) and value.text != one.text]
    if not others:
        return ""
    more = f" and {counted(len(others) - 1, 'other value')}" if others[1:] else ""
    return f"Also reported as {others[0]}{more}."


def _text(value: ReportedValue) -> str:
    """The words of a value, to stand in a sentence."""
    return " ".join(value.text.split()).rstrip(".")


CLOSEST_SHOWN = 3
"""How many of the closest words are shown for a question without an answer."""

WORTH_SHOWING = 0.15
"""The least confidence of an answer that is shown beside a better one. For 275 held-out questions,
12 of 587 lesser answers below it were right, and 36 of the 173 others
(`benchmarks/lesser_answers.py`). Of the items of 38 lists, 7 of 22 below it were right, and 22 of
the 40 others; those below were all in possible answers."""


class Answer(Model):
    """The words of an answer, the confidence in it (0 to 1), and a citation for each occurrence.

    `sources` is the number of independent sources among the cited articles. Near duplicates, such
    as an agency's story that several papers print, count once; so do articles that quote the same
    speaker.

    If the answer is one of several values that articles give, `first_reported` and `last_reported`
    are the days of the first and the last article that gives it, and `status` says what became of
    it. `correction` is the sentence that corrects it. They are None where nothing is known.
    """

    text: str
    confidence: float = Field(ge=0, le=1)
    citations: Annotated[tuple[Citation, ...], FailFast()] = Field(min_length=1)
    sources: int = Field(default=1, ge=1)
    first_reported: Moment | None = None
    last_reported: Moment | None = None
    status: ValueStatus | None = None
    correction: Citation | None = None

    def __repr__(self) -> str:
        cited = counted(len(self.citations), "citation")
        first = short_text(self.citations[0].article)
        return f"Answer({short_text(self.text)!r} {self.confidence:.2f}, {cited}, {first})"

    __str__ = __repr__

    def _repr_html_(self) -> str:
        """The answer marked in its sentence, with its citations, for notebooks."""
        return notebook_html("answer", self, answer_words(self, ()))


SearchMode = Literal["dense and lexical", "dense only"]
"""Which searches ran: by vectors and by words, or only by vectors."""


class Outcome(StrEnum):
    """What a reply amounts to.

    - `ANSWER`: the first answer is likely to be right.
    - `POSSIBLE`: the first answer may be right; check it before using it.
    - `NOTHING`: the corpus does not seem to have the answer; `answers` are only the closest words.
    """

    ANSWER = "answer"
    POSSIBLE = "possible"
    NOTHING = "nothing"


class Correction(Model):
    """A word that was searched for, `used`, instead of the misspelt word `typed`."""

    typed: str
    used: str


class Reply(Model):
    """The result of `ask`: the answers, best first, and whether to trust the first one.

    `kind` is the kind that the question was read as; it decides what `answers` are.
    `searched_for` is the text that was searched for: the question without small talk, and with
    `corrections`. `generation` names the state of the index that was searched. `searched` says
    which searches ran: some index servers have no lexical search. `took_ms` is the wall time in
    milliseconds.

    With the outcome `NOTHING`, `answers` are only the closest words that were found. So use `best`,
    or check `outcome`; do not take `answers[0]` for the answer. `answers` also has unlikely ones,
    for programs; `shown` has those that are worth showing.

    `values` are all the values that articles give in answer to the question, in the order of their
    first reports; empty if articles do not differ. `as_of` is the last day of the articles that
    were considered, if the question or the caller named one. `index_progress` says how much of the
    corpus was searched if the index was still being built; None for a complete index.

    Replies saved by earlier versions have no `outcome`; it is then derived from `abstained`.
    """

    # The JSON schema that agents get describes what is written, with computed fields.
    model_config = ConfigDict(json_schema_mode_override="serialization")

    id: str | int | None = None
    question: str
    kind: QuestionKind = QuestionKind.FACT
    searched_for: str
    corrections: Annotated[tuple[Correction, ...], FailFast()] = ()
    outcome: Outcome
    answers: Annotated[tuple[Answer, ...], FailFast()]
    values: Annotated[tuple[ReportedValue, ...], FailFast()] = ()
    as_of: date | None = None
    index_progress: IndexProgress | None = None
    generation: str
    searched: SearchMode = "dense and lexical"
    took_ms: float

    @computed_field  # type: ignore[prop-decorator]
    @property
    def abstained(self) -> bool:
        """Whether the outcome is `NOTHING`."""
        return self.outcome is Outcome.NOTHING

    @property
    def scope_notes(self) -> tuple[str, ...]:
        """What people need to know about the articles that were searched, in sentences."""
        return scope_notes(self.index_progress, self.as_of)

    @property
    def best(self) -> Answer | None:
        """The first answer; None with the outcome `NOTHING`, or if there are no answers."""
        return None if self.abstained or not self.answers else self.answers[0]

    @property
    def shown(self) -> tuple[Answer, ...]:
        """The answers that are worth showing to people; `answers` has all of them.

        These are the first answer, and the others whose confidence is at least `WORTH_SHOWING`.
        With the outcome `NOTHING`, they are the closest few, whatever their confidence, each from
        another sentence.
        """
        if self.abstained:
            return _of_different_sentences(self.answers)[:CLOSEST_SHOWN]
        others = (one for one in self.answers[1:] if one.confidence >= WORTH_SHOWING)
        return (*self.answers[:1], *others)

    def __repr__(self) -> str:
        found, count = str(self.outcome), counted(len(self.answers), "answer")
        if (best := self.best) is not None:
            found = f"{found}: {short_text(best.text)!r} {best.confidence:.2f}"
        else:
            count = f"{len(self.answers):,} closest"
        return f"Reply({found}, {count}, {short_text(self.question)!r})"

    __str__ = __repr__

    def _repr_html_(self) -> str:
        """The outcome and the answers in their sentences, with citations, for notebooks."""
        shown = [(answer, answer_words(answer, self.values)) for answer in self.shown]
        values = [] if self.abstained else self.values
        return notebook_html(
            "reply",
            self,
            self.scope_notes,
            shown,
            values_heading(values),
            [(value, value_words(value, self.values)) for value in values],
        )

    @model_validator(mode="before")
    @classmethod
    def _of_earlier_version(cls, given: Any) -> Any:  # noqa: ANN401 - pydantic's own signature
        """Fill in what earlier versions did not write, and drop what is computed."""
        if not isinstance(given, dict):
            return given
        written = {"searched_for": given.get("question"), **given}
        abstained = written.pop("abstained", None)
        if "outcome" not in written and abstained is not None:
            written["outcome"] = Outcome.NOTHING if abstained else Outcome.ANSWER
        return written


def _of_different_sentences(answers: tuple[Answer, ...]) -> tuple[Answer, ...]:
    """The answers without those whose sentence, or a part of it, an earlier one has already."""
    chosen: list[Answer] = []
    for answer in answers:
        if not any(_share_words(answer.citations[0], one.citations[0]) for one in chosen):
            chosen.append(answer)
    return tuple(chosen)


def _share_words(one: Citation, other: Citation) -> bool:
    """Whether two sentences overlap in one article, or are the same in two articles."""
    if one.sentence.split() == other.sentence.split():
        return True
    start, end = one.sentence_start, one.sentence_start + len(one.sentence)
    overlap = start < other.sentence_start + len(other.sentence) and other.sentence_start < end
    return one.article == other.article and overlap
