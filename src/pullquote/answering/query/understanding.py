"""Turns a question as typed into the text to search for, its kind, and the time it asks for."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pullquote.answering.query.spelling import correct
from pullquote.english.questions.as_of import AsOf, as_of, without
from pullquote.english.questions.chat import strip_chat
from pullquote.english.questions.kinds import recognise
from pullquote.english.questions.time_asked import expand_shorthand, time_asked
from pullquote.index import OpenGeneration
from pullquote.schema import Correction, QuestionKind, TimeAsked, check_choice


@dataclass(frozen=True, slots=True)
class Query:
    """A question as typed, the text to search for and read with, and its kind.

    `time` says whether the first or the latest of several values is asked for. `as_of` is the
    phrase that asks for the state of things on a day, such as "as of 3 March", if there is one.
    """

    typed: str
    text: str
    kind: QuestionKind
    corrections: tuple[Correction, ...] = ()
    time: TimeAsked = TimeAsked.UNSAID
    as_of: AsOf | None = None

    def without_day(self) -> Query:
        """The same query without the phrase for a day in its text."""
        if self.as_of is None:
            return self
        return replace(self, text=without(self.text, self.as_of), as_of=None)


def as_typed(question: str, kind: QuestionKind | None = None) -> Query:
    """The question unchanged, with the given kind or else the recognised one."""
    known = _chosen(kind) or recognise(question)
    return Query(question, question, known, time=_time(question, known))


def understand(
    question: str, generation: OpenGeneration, kind: QuestionKind | None = None
) -> Query:
    """The question without small talk, with misspelt words corrected to words in the articles."""
    chosen = _chosen(kind)
    corrected = correct(strip_chat(expand_shorthand(question)), generation)
    text = corrected.text
    known = chosen or recognise(text)
    return Query(
        typed=question,
        text=text,
        kind=known,
        corrections=corrected.corrections,
        time=_time(text, known),
        as_of=as_of(text),
    )


def _chosen(kind: QuestionKind | None) -> QuestionKind | None:
    """The kind that was asked for; it may be given by its name.

    Raises:
        SettingsError: there is no such kind.
    """
    check_choice("kind", kind, QuestionKind)
    return None if kind is None else QuestionKind(kind)


def _time(text: str, kind: QuestionKind) -> TimeAsked:
    """The time asked for; a question about a change asks for all values."""
    return TimeAsked.UNSAID if kind is QuestionKind.CHANGE else time_asked(text)
