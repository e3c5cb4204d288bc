"""Asks a gold question, judges the reply, and finds the step that failed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from pullquote.conversation.session import ConversationSession
from pullquote.evaluate.compare import contains, exact_match, token_f1
from pullquote.evaluate.gold import GoldQuestion
from pullquote.evaluate.reading import ParagraphRead, read_paragraph
from pullquote.evaluate.retrieval_ranks import RetrievalRanks, first_right_ranks
from pullquote.evaluate.scoring import answer_is_right, score, shows_evidence
from pullquote.index import OpenGeneration
from pullquote.newsroom.assistant import Assistant
from pullquote.schema import Citation, Reply
from pullquote.schema.errors import (
    ArticleUnknown,
    FiltersLeaveNothing,
    FilterUnknown,
    SettingsError,
)


class QuestionOutcome(StrEnum):
    """The outcome of a question: a right reply, or the first step that failed."""

    RIGHT = "right"
    NOT_RETRIEVED = "not retrieved"
    NOT_READ = "not read"
    WRONGLY_ABSTAINED = "wrongly abstained"
    WRONGLY_ANSWERED = "wrongly answered"
    RIGHTLY_SILENT = "rightly silent"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedQuestion:
    """A gold question with its reply and the ranks of its first right passage.

    The reader read `hits` passages. All the answers have `cited` citations in total, of which
    `exact` quote the stored article character by character. `paragraph` is the result of reading
    the question's own paragraph, or None if it has no paragraph.
    """

    gold: GoldQuestion
    reply: Reply
    ranks: RetrievalRanks
    hits: int
    cited: int
    exact: int
    paragraph: ParagraphRead | None
    as_typed: bool | None = None

    @property
    def answer(self) -> str:
        """The text of the best answer, withheld or not; empty if there are no answers."""
        return self.reply.answers[0].text if self.reply.answers else ""

    @property
    def confidence(self) -> float:
        """The confidence of the best answer; 0 if there are no answers."""
        return self.reply.answers[0].confidence if self.reply.answers else 0.0

    @property
    def citation(self) -> Citation | None:
        """The first citation of the best answer."""
        return self.reply.answers[0].citations[0] if self.reply.answers else None

    @property
    def answered(self) -> bool:
        """Whether an answer was given rather than withheld."""
        return not self.reply.abstained

    @property
    def exact_match(self) -> float:
        """1 if the best answer equals an accepted answer, otherwise 0."""
        return float(exact_match(self.answer, self.gold.answers))

    @property
    def f1(self) -> float:
        """Token F1 of the best answer."""
        return token_f1(self.answer, self.gold.answers)

    @property
    def right(self) -> bool:
        """Whether the best answer is right; always False for unanswerable questions."""
        return self.right_among(1)

    @property
    def score(self) -> float:
        """The score of the reply by the question's kind, 0 to 1; see `scoring`."""
        return score(self.reply, self.gold, first_article=self.ranks.first_article)

    @property
    def shows_evidence(self) -> bool:
        """Whether the best answer is given, and stands in a sentence that settles the question."""
        best = () if self.reply.best is None else (self.reply.best,)
        return any(shows_evidence(best, sentence) for sentence in self.gold.evidence)

    @property
    def contains(self) -> bool:
        """Whether the best answer contains an accepted answer."""
        return contains(self.answer, self.gold.answers)

    @property
    def outcome(self) -> QuestionOutcome:
        """The outcome of the question."""
        if not self.gold.answerable:
            wrongly, rightly = QuestionOutcome.WRONGLY_ANSWERED, QuestionOutcome.RIGHTLY_SILENT
            return wrongly if self.answered else rightly
        if self.right:
            return QuestionOutcome.RIGHT if self.answered else QuestionOutcome.WRONGLY_ABSTAINED
        rank = self.ranks.retrieved
        read = rank is not None and rank <= self.hits
        return QuestionOutcome.NOT_READ if read else QuestionOutcome.NOT_RETRIEVED

    def right_among(self, k: int) -> bool:
        """Whether one of the first `k` answers is right by the rule of the question's kind."""
        return any(answer_is_right(answer, self.gold) for answer in self.reply.answers[:k])


def ask_gold(
    assistant: Assistant,
    generation: OpenGeneration,
    gold: GoldQuestion,
    *,
    session: ConversationSession | None = None,
) -> AskedQuestion:
    """Ask the question, and find the rank of its first right passage in each search.

    A turn of a conversation is asked in its `session`; the ranks are those for the text that was
    searched for.

    Raises:
        SettingsError: the question cannot be asked; the message has its id.
    """
    try:
        reply = (assistant if session is None else session).ask(gold.question, filters=gold.filters)
    except (SettingsError, FilterUnknown, FiltersLeaveNothing) as error:
        raise SettingsError(f"The gold question {gold.id!r} cannot be asked. {error}") from error
    citations = [citation for answer in reply.answers for citation in answer.citations]
    turn = None if session is None else session.turns[-1]
    return AskedQuestion(
        gold=gold,
        reply=reply,
        as_typed=None if turn is None else turn.searched == gold.question,
        ranks=(
            first_right_ranks(assistant, generation, gold)
            if turn is None
            else first_right_ranks(
                assistant, generation, replace(gold, question=turn.searched), turn.filters
            )
        ),
        hits=assistant.settings.hits,
        cited=len(citations),
        exact=sum(_is_exact(generation, citation) for citation in citations),
        paragraph=(
            None
            if gold.paragraph is None
            else read_paragraph(assistant.reader, gold, gold.paragraph)
        ),
    )


def _is_exact(generation: OpenGeneration, citation: Citation) -> bool:
    """Whether the stored article has exactly the quoted words at the cited position."""
    try:
        article = generation.article(citation.article)
    except ArticleUnknown:
        return False
    start, end = citation.start, citation.end
    return 0 <= start < end and article.text[start:end] == citation.quote
