"""Answers with their citations, and the reply that contains them."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, FailFast, Field, computed_field, model_validator

from pullquote.base.plurals import counted
from pullquote.schema.article import Model
from pullquote.schema.citation import Citation
from pullquote.schema.index_progress import IndexProgress
from pullquote.schema.moments import Moment
from pullquote.schema.notebook import notebook_html
from pullquote.schema.question_kind import QuestionKind
from pullquote.schema.reported_value import ReportedValue, ValueStatus
from pullquote.schema.short_text import short_text
from pullquote.schema.value_words import answer_words, scope_notes, value_words, values_heading

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
