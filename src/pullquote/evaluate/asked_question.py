"""Asks a gold question, judges the reply, and finds the step that failed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from pullquote.answering.retrieval.retriever import collapse
from pullquote.conversation.session import ConversationSession
from pullquote.evaluate.gold import GoldQuestion
from pullquote.evaluate.measures import contains, exact_match, token_f1
from pullquote.evaluate.reading import ParagraphRead, read_paragraph
from pullquote.evaluate.scoring import answer_is_right, score, shows_evidence
from pullquote.index import OpenGeneration
from pullquote.newsroom.assistant import Assistant
from pullquote.schema import Citation, Filters, Passage, Reply
from pullquote.schema.errors import (
    ArticleUnknown,
    FiltersLeaveNothing,
    FilterUnknown,
    SettingsError,
)

DEEPEST = 20
"""The deepest rank for which recall is measured; searches return at least this many passages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrievalRanks:
    """The rank, from 1, of the first right passage in each search; None if there is none.

    `retrieved` is the rank in the result of `retrieve`. It equals `fused` unless a reranker is set.
    `article` is the rank of the first right article among the distinct articles of the hits, and
    `first_article` the id of the article of the first hit, right or not.
    """

    dense: int | None
    lexical: int | None
    fused: int | None
    retrieved: int | None
    article: int | None
    first_article: str | None


NOT_FOUND = RetrievalRanks(
    dense=None, lexical=None, fused=None, retrieved=None, article=None, first_article=None
)


def first_right_ranks(
    assistant: Assistant,
    generation: OpenGeneration,
    gold: GoldQuestion,
    filters: Filters | None = None,
) -> RetrievalRanks:
    """The ranks for a gold question. Passages that nearly repeat a better passage are left out.

    `filters` replace those of the question. A passage is right if it contains an accepted answer
    and is from a supporting article.
    """
    if not gold.answerable:
        return NOT_FOUND
    deep = max(assistant.settings.candidates, DEEPEST)
    filters = gold.filters if filters is None else filters
    question = assistant.retriever.question(gold.question, generation)
    found = assistant.retriever.search(question, generation, depth=deep, filters=filters)
    most = max(assistant.settings.hits, DEEPEST)
    try:
        hits = assistant.retrieve(gold.question, k=most, filters=filters)
    except FiltersLeaveNothing:
        return NOT_FOUND
    articles = dict.fromkeys(hit.passage.article for hit in hits)

    def rank_in(ranking: Iterable[int]) -> int | None:
        return first_right(gold, collapse(generation.passages(list(ranking))))

    return RetrievalRanks(
        dense=rank_in(found.dense),
        lexical=rank_in(found.lexical),
        fused=rank_in(found.fused),
        retrieved=first_right(gold, (hit.passage for hit in hits)),
        article=_first_rank(article in gold.articles for article in articles),
        first_article=hits[0].passage.article if hits else None,
    )


def first_right(gold: GoldQuestion, passages: Iterable[Passage]) -> int | None:
    """The rank, from 1, of the first right passage; None if there is none."""
    return _first_rank(gold.found_in(passage.article, passage.text) for passage in passages)


def _first_rank(right: Iterable[bool]) -> int | None:
    return next((rank for rank, is_right in enumerate(right, start=1) if is_right), None)


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
    fast: bool = False,
) -> AskedQuestion:
    """Ask the question, and find the rank of its first right passage in each search.

    A turn of a conversation is asked in its `session`; the ranks are those for the text that was
    searched for.

    Raises:
        SettingsError: the question cannot be asked; the message has its id.
    """
    try:
        asks = assistant if session is None else session
        reply = asks.ask(gold.question, filters=gold.filters, fast=fast)
    except (SettingsError, FilterUnknown, FiltersLeaveNothing) as error:
        raise SettingsError(f"The gold question {gold.id!r} cannot be asked. {error}") from error
    citations = [citation for answer in reply.answers for citation in answer.citations]
    searched, filters = gold, gold.filters
    if session is not None:
        turn = session.turns[-1]
        searched, filters = replace(gold, question=turn.searched), turn.filters
    return AskedQuestion(
        gold=gold,
        reply=reply,
        as_typed=None if session is None else searched.question == gold.question,
        ranks=first_right_ranks(assistant, generation, searched, filters),
        hits=assistant.settings.hits,
        cited=len(citations),
        exact=sum(_is_exact(generation, citation) for citation in citations),
        paragraph=(
            None
            if gold.paragraph is None
            else read_paragraph(assistant.reader, gold, gold.paragraph, fast=fast)
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
