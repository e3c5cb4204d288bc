"""Evaluates an assistant with gold questions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from pullquote.base.plurals import counted
from pullquote.conversation.session import ConversationSession
from pullquote.evaluate.asked_question import AskedQuestion, QuestionOutcome, ask_gold
from pullquote.evaluate.by_kind import kind_figures, reply_counts
from pullquote.evaluate.datasets import ids_by_title, title_key
from pullquote.evaluate.figures import (
    CitationFigures,
    Figures,
    abstention_figures,
    answer_figures,
    confidence_figures,
    latency_figures,
    outcome_counts,
    retrieval_figures,
)
from pullquote.evaluate.gold import GoldQuestion
from pullquote.evaluate.labels import label_figures
from pullquote.evaluate.reading import ReadingFigures, reading_figures
from pullquote.evaluate.story_figures import conflict_figures, story_figures
from pullquote.index import OpenGeneration, Progress
from pullquote.newsroom.assistant import Assistant
from pullquote.schema import Outcome
from pullquote.schema.errors import SettingsError
from pullquote.schema.notebook import notebook_html

MOST_FAILED = 20
"""Failed questions that are shown; `Evaluation.asked` has all of them."""

_RIGHT = (QuestionOutcome.RIGHT, QuestionOutcome.RIGHTLY_SILENT)


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure with its label."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class FailedQuestion:
    """A question whose reply is not right, and the first step that failed."""

    question: str
    expected: str
    answer: str
    outcome: QuestionOutcome


def summary_facts(figures: Figures) -> Iterator[Fact]:
    """The figures to look at first. Shares are in percent; what was not measured is left out."""
    answerable = figures.answerable
    yield Fact("Questions", f"{figures.questions}, {answerable} of them answerable")
    if answerable:
        yield Fact("Right passage among the first 5", f"{figures.finding.retrieved.at_5:.0%}")
        yield Fact("Right answer first", f"{figures.answers.top_1:.0%}")
        yield Fact("Right answer among the first 3", f"{figures.answers.top_3:.0%}")
    replies, silence = figures.replies, figures.silence
    yield Fact("Answers", f"{replies.answer}, {replies.answer_right} of them right")
    yield Fact("Possible answers", f"{replies.possible}, {replies.possible_right} of them right")
    unanswerable = figures.questions - answerable
    yield Fact("Nothing found", f"{replies.nothing}, {silence.rightly_silent} of them rightly")
    if unanswerable:
        yield Fact(
            "Silent on unanswerable questions", f"{silence.rightly_silent} of {unanswerable}"
        )
    yield Fact("Calibration error", f"{figures.confidence.calibration_error:.2f}")
    cited = figures.citations
    yield Fact("Citations that quote exactly", f"{cited.exact} of {cited.cited}")
    yield Fact("Time to answer, median", f"{figures.latency.median_ms:.0f} ms")


def failed_questions(asked: Sequence[AskedQuestion]) -> list[FailedQuestion]:
    """The questions whose replies are not right, in their order."""
    return [
        FailedQuestion(
            one.gold.question,
            " or ".join(one.gold.answers[:2]) or "nothing",
            _reply_words(one),
            one.outcome,
        )
        for one in asked
        if one.outcome not in _RIGHT
    ]


def _reply_words(one: AskedQuestion) -> str:
    """The answer, and whether it was only possible or withheld."""
    if one.reply.outcome is Outcome.POSSIBLE:
        return f"possibly: {one.answer}"
    if one.answered:
        return one.answer
    return f"nothing (closest: {one.answer})" if one.answer else "nothing"


def more_words(failed: int) -> str:
    """How many failed questions are not shown; "" if all are."""
    return f"and {counted(failed - MOST_FAILED, 'other question')}" if failed > MOST_FAILED else ""


def outcome_words(figures: Figures) -> str:
    """The outcomes that occur, in short: "12 right, 2 not read"."""
    return ", ".join(f"{one.count} {one.outcome}" for one in figures.outcomes if one.count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """The figures, and every question with its reply, in the given order."""

    figures: Figures
    asked: tuple[AskedQuestion, ...]

    def __repr__(self) -> str:
        questions = counted(self.figures.questions, "question")
        return f"Evaluation({questions}: {outcome_words(self.figures)})"

    def _repr_html_(self) -> str:
        """The figures to look at first, and the questions that failed, for notebooks."""
        failed = failed_questions(self.asked)
        return notebook_html(
            "evaluation",
            list(summary_facts(self.figures)),
            ("Question", "Expected", "Reply", "Outcome"),
            failed[:MOST_FAILED],
            more_words(len(failed)),
        )


def evaluate(
    assistant: Assistant,
    questions: Iterable[GoldQuestion],
    *,
    fast: bool = False,
    progress: Progress | None = None,
) -> Evaluation:
    """Measure an assistant's retrieval, answers and abstentions with gold questions.

    With `fast`, the questions are asked as `Assistant.ask` does with `fast`.
    `progress(done, total)` is called after each question. One question is first asked without being
    measured, so that the times are those of a warm assistant.

    Raises:
        SettingsError: there are no questions, a question cannot be asked, or the index has none of
            the articles that the questions name.
    """
    generation = assistant.generation
    given = list(questions)
    gold = with_article_ids(given, generation.articles())
    _check(given, gold, generation)
    assistant.ask(gold[0].question, filters=gold[0].filters, fast=fast)
    asked: list[AskedQuestion] = []
    sessions: dict[str | None, ConversationSession | None] = {None: None}
    for number, question in enumerate(gold, start=1):
        if question.conversation not in sessions:
            sessions[question.conversation] = assistant.conversation()
        session = sessions[question.conversation]
        asked.append(ask_gold(assistant, generation, question, session=session, fast=fast))
        if progress is not None:
            progress(number, len(gold))
    reads = [one.paragraph for one in asked if one.paragraph is not None]
    reading = reading_figures(reads, silent_below=assistant.reader.silent_below) if reads else None
    return Evaluation(figures=_figures(asked, generation, reading), asked=tuple(asked))


def with_article_ids(
    questions: Iterable[GoldQuestion], articles: Iterable[str]
) -> list[GoldQuestion]:
    """The questions, with article ids of the corpus instead of titles.

    A title matches an article if it equals the stem of the article's file. Case, spaces and
    underscores do not matter.
    """
    ids = ids_by_title(articles)
    return [
        gold
        if gold.paragraph is None and not gold.titled
        else replace(
            gold,
            articles=frozenset[str]().union(
                *(ids.get(title_key(title), frozenset()) for title in gold.articles)
            ),
        )
        for gold in questions
    ]


def _check(
    given: Sequence[GoldQuestion], gold: Sequence[GoldQuestion], generation: OpenGeneration
) -> None:
    if not gold:
        raise SettingsError("There are no questions to evaluate with.")
    answerable = sum(one.answerable for one in gold)
    if answerable and _count_misplaced(gold, generation) == answerable:
        named = sorted(article for one in given for article in one.articles)
        if not named:
            raise SettingsError(
                "No question names the article that answers it. Add an `article` to each: "
                "the path of the file, relative to the corpus."
            )
        raise SettingsError(
            f"The index has {counted(generation.manifest.articles, 'article')}, but none of those "
            f"that the questions name, such as {named[0]}. Use --corpus to name their corpus, "
            "or --index to name the index built from it."
        )


def _count_misplaced(gold: Iterable[GoldQuestion], generation: OpenGeneration) -> int:
    """The number of answerable questions with no supporting article in the index."""
    known = set(generation.articles())
    return sum(one.answerable and known.isdisjoint(one.articles) for one in gold)


def _figures(
    asked: Sequence[AskedQuestion], generation: OpenGeneration, reading: ReadingFigures | None
) -> Figures:
    return Figures(
        questions=len(asked),
        answerable=sum(one.gold.answerable for one in asked),
        misplaced=_count_misplaced([one.gold for one in asked], generation),
        generation=generation.name,
        articles=generation.manifest.articles,
        passages=generation.manifest.passages,
        finding=retrieval_figures(asked),
        answers=answer_figures(asked),
        silence=abstention_figures(asked),
        confidence=confidence_figures(asked),
        citations=CitationFigures(
            cited=sum(one.cited for one in asked), exact=sum(one.exact for one in asked)
        ),
        latency=latency_figures([one.reply.took_ms for one in asked]),
        outcomes=outcome_counts(asked),
        replies=reply_counts(asked),
        kinds=kind_figures(asked),
        reading=reading,
        conflicts=conflict_figures(asked),
        stories=story_figures(asked),
        labels=label_figures(asked),
    )
