"""Scores a reply from 0 to 1, by the kind of its gold question.

- `keywords`: an answer is right if its sentence shows evidence. The score is 1 if an answer is
  right and the first hit is from a right article.
- `yes-no`: an answer is right if its sentence shows evidence. The score is 1 if the first answer is
  right.
- `list`: an answer is right if it is one of the items. The score is the share of items among the
  answers.
- `comparison`: an answer is right if its sentence shows evidence. The score is the share of sides
  with evidence shown.
- `change`: an answer is right if it is one of the values of the story. The score is the share of
  values among those shown.
- Any other kind: an answer is right if it is an accepted answer. The score is 1 if the first answer
  is right and cites a right article.

A sentence shows evidence if it contains a sentence that settles the question. A question that lacks
the evidence or items that its rule needs is scored like any other kind. Only answers that are shown
count: with the outcome "nothing", the score is 0.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from pullquote.english.values import Period, Quantity, Relation, Score, compare, value_of
from pullquote.evaluate.gold import GoldQuestion, GoldValue
from pullquote.evaluate.measures import is_right, mean, squad_normalised
from pullquote.schema import Answer, QuestionKind, Reply


def shown_values(reply: Reply) -> tuple[str, ...]:
    """The words of the values of a reply, or of its answers if it has no values.

    Empty with the outcome `NOTHING`.
    """
    if reply.best is None:
        return ()
    return tuple(one.text for one in reply.values or reply.shown)


def is_shown(wordings: Sequence[str], reply: Reply) -> bool:
    """Whether a reply shows a value, in any of its wordings."""
    return any(is_value(text, wordings) for text in shown_values(reply))


def is_value(text: str, wordings: Sequence[str]) -> bool:
    """Whether words give a value, in any of its wordings.

    They do if they are right by `is_right`, and do not differ as numbers or times: "4 million
    crowns" shares two of three words with "6 million crowns".
    """
    return any(is_right(text, [one]) and not _differ(text, one) for one in wordings)


def _differ(text: str, wording: str) -> bool:
    """Whether both are numbers or times, and not the same."""
    given, known = value_of(text), value_of(wording)
    measured = (Quantity, Score, Period)
    if not isinstance(given, measured) or not isinstance(known, measured):
        return False
    return compare(given, known) is Relation.DIFFERENT


_SIDES = 2
"""The sides of a comparison; gold questions give the evidence for each in order."""

_KINDS = {
    "keyword": QuestionKind.KEYWORDS,
    "keywords": QuestionKind.KEYWORDS,
    "yes-no": QuestionKind.YES_NO,
    "list": QuestionKind.LIST,
    "compare": QuestionKind.COMPARISON,
    "comparison": QuestionKind.COMPARISON,
    "change": QuestionKind.CHANGE,
}
"""The kinds with a rule of their own, by their names in files of gold questions."""


def rule_of(gold: GoldQuestion) -> QuestionKind:
    """The kind whose rule scores a gold question; `FACT` stands for every kind without a rule."""
    kind = _KINDS.get(gold.kind or "", QuestionKind.FACT)
    needed: Mapping[QuestionKind, Collection[object]] = {
        QuestionKind.LIST: gold.items,
        QuestionKind.CHANGE: story_values(gold),
    }
    return kind if needed.get(kind, gold.evidence) else QuestionKind.FACT


def story_values(gold: GoldQuestion) -> tuple[GoldValue, ...]:
    """The values that articles of a story give in answer to a question."""
    return () if gold.story is None else gold.story.values


def answer_is_right(answer: Answer, gold: GoldQuestion) -> bool:
    """Whether an answer is right by the rule of its question; always False if unanswerable."""
    match rule_of(gold):
        case QuestionKind.LIST:
            return any(is_right(answer.text, item) for item in gold.items)
        case QuestionKind.CHANGE:
            return any(is_value(answer.text, one.wordings) for one in story_values(gold))
        case QuestionKind.KEYWORDS | QuestionKind.YES_NO:
            return any(shows_evidence([answer], each) for each in gold.evidence)
        case QuestionKind.COMPARISON:
            return any(shows_evidence([answer], each) for each in gold.evidence[:_SIDES])
        case _:
            return is_right(answer.text, gold.answers)


def score(reply: Reply, gold: GoldQuestion, *, first_article: str | None) -> float:
    """The score of a reply to an answerable question, 0 to 1.

    `first_article` is the id of the article of the first hit, or None if nothing was found.
    """
    shown = () if reply.abstained else reply.shown
    match rule_of(gold):
        case QuestionKind.KEYWORDS:
            right = any(answer_is_right(answer, gold) for answer in shown)
            return float(right and first_article in gold.articles)
        case QuestionKind.YES_NO:
            return float(any(answer_is_right(answer, gold) for answer in shown[:1]))
        case QuestionKind.LIST:
            texts = [answer.text for answer in shown]
            return mean(any(is_right(text, item) for text in texts) for item in gold.items)
        case QuestionKind.CHANGE:
            return mean(is_shown(one.wordings, reply) for one in story_values(gold))
        case QuestionKind.COMPARISON:
            return mean(shows_evidence(shown, each) for each in gold.evidence[:_SIDES])
        case _:
            return float(any(_is_cited_right(answer, gold) for answer in shown[:1]))


def shows_evidence(answers: Iterable[Answer], evidence: str) -> bool:
    """Whether the sentence of a citation contains the evidence, after SQuAD's normalisation."""
    wanted = squad_normalised(evidence)
    return any(
        wanted in squad_normalised(citation.sentence)
        for answer in answers
        for citation in answer.citations
    )


def _is_cited_right(answer: Answer, gold: GoldQuestion) -> bool:
    """Whether an answer is right, and one of its citations is from a right article."""
    cited = {citation.article for citation in answer.citations}
    return answer_is_right(answer, gold) and not cited.isdisjoint(gold.articles)
