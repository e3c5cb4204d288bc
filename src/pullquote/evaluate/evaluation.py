"""Evaluates an assistant with gold questions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pullquote.base.plurals import counted
from pullquote.conversation.session import ConversationSession
from pullquote.evaluate.asked_question import AskedQuestion, ask_gold
from pullquote.evaluate.by_kind import kind_figures, reply_counts
from pullquote.evaluate.conflicts import conflict_figures
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
from pullquote.evaluate.reading import ReadingFigures, reading_figures
from pullquote.evaluate.squad import ids_by_title, title_key
from pullquote.evaluate.story_figures import story_figures
from pullquote.evaluate.summary import (
    MOST_FAILED,
    failed_questions,
    more_words,
    outcome_words,
    summary_facts,
)
from pullquote.index import OpenGeneration, Progress
from pullquote.newsroom.assistant import Assistant
from pullquote.schema.errors import SettingsError
from pullquote.schema.notebook import notebook_html


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
    progress: Progress | None = None,
) -> Evaluation:
    """Measure an assistant's retrieval, answers and abstentions with gold questions.

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
    assistant.ask(gold[0].question, filters=gold[0].filters)
    asked: list[AskedQuestion] = []
    sessions: dict[str, ConversationSession] = {}
    for number, question in enumerate(gold, start=1):
        session = _session(assistant, sessions, question)
        asked.append(ask_gold(assistant, generation, question, session=session))
        if progress is not None:
            progress(number, len(gold))
    reads = [one.paragraph for one in asked if one.paragraph is not None]
    reading = reading_figures(reads, silent_below=assistant.reader.silent_below) if reads else None
    return Evaluation(figures=_figures(asked, generation, reading), asked=tuple(asked))


def _session(
    assistant: Assistant, sessions: dict[str, ConversationSession], gold: GoldQuestion
) -> ConversationSession | None:
    """The session of a question's conversation; None if the question is asked by itself."""
    if gold.conversation is None:
        return None
    if gold.conversation not in sessions:
        sessions[gold.conversation] = assistant.conversation()
    return sessions[gold.conversation]


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
    )
