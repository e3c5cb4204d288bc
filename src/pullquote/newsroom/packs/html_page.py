"""The page of a pack that people read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from pullquote.answering.reply_labels import KIND_LABELS, NO_ANSWER
from pullquote.base.dates.day_text import day_text
from pullquote.base.templating import TemplateFolder
from pullquote.conversation.citations import citation_facts, is_web
from pullquote.newsroom.absences import absence_lines
from pullquote.newsroom.packs.manifest import (
    PackedAnswer,
    PackedArticle,
    PackedQuestion,
    PackedValue,
    PackManifest,
)
from pullquote.schema import Citation, Outcome, ReportedValue
from pullquote.schema.answer import status_words, value_facts, values_heading


@dataclass(frozen=True, slots=True)
class PrintedQuote:
    """A quote in its sentence, with its place and the article that has it."""

    number: int
    before: str
    quote: str
    after: str
    facts: Sequence[str]
    place: str
    article: PackedArticle
    link: str | None


@dataclass(frozen=True, slots=True)
class PrintedValue:
    """A value with its papers, days and status in words, and the numbers of its quotes."""

    text: str
    facts: Sequence[str]
    numbers: Sequence[int]
    correction: int | None


@dataclass(frozen=True, slots=True)
class PrintedQuestion:
    """A question with its answers and values as words; `became` has a sentence for each answer."""

    asked: PackedQuestion
    kind: str
    heading: str
    at: str
    became: Sequence[str]
    differing: str
    values: Sequence[PrintedValue]


def pack_html(pack: PackManifest) -> str:
    """The page with all questions, quotes and articles of a pack."""
    articles = {one.id: one for one in pack.articles}
    quotes = [
        _quote(number, one, articles[one.article])
        for number, one in enumerate(pack.citations, start=1)
    ]
    questions = [_question(one, pack) for one in pack.questions]
    absences = [(one.question, absence_lines(one)) for one in pack.absences]
    return str(_templates().render("pack.html", "pack", pack, questions, quotes, absences))


def _question(question: PackedQuestion, pack: PackManifest) -> PrintedQuestion:
    values = [_reported(one, pack) for one in question.values]
    rows = zip(question.values, values, strict=True)
    asked = question.asked
    return PrintedQuestion(
        asked=question,
        kind=KIND_LABELS[question.kind],
        heading=_heading(question),
        at="" if asked is None else f"{day_text(asked)}, {asked.timetz()}",
        became=[_became(one, question, values, pack) for one in question.answers],
        differing=values_heading(values),
        values=[
            PrintedValue(one.text, value_facts(value, values), one.citations, one.correction)
            for one, value in rows
        ],
    )


def _reported(value: PackedValue, pack: PackManifest) -> ReportedValue:
    """The value with its citations instead of their numbers."""
    return ReportedValue(
        text=value.text,
        status=value.status,
        first_reported=value.first_reported,
        last_reported=value.last_reported,
        sources=value.sources,
        citations=tuple(pack.citations[number - 1] for number in value.citations),
        correction=None if value.correction is None else pack.citations[value.correction - 1],
    )


def _became(
    answer: PackedAnswer,
    question: PackedQuestion,
    values: Sequence[ReportedValue],
    pack: PackManifest,
) -> str:
    """What became of the value that an answer gives, which shares a citation with it."""
    given = [
        value
        for one, value in zip(question.values, values, strict=True)
        if not set(one.citations).isdisjoint(answer.citations)
    ]
    if given:
        return status_words(given[0], values)
    if answer.correction is None:
        return ""
    published = pack.citations[answer.correction - 1].published
    return "Corrected." if published is None else f"Corrected on {day_text(published)}."


def _heading(question: PackedQuestion) -> str:
    if question.outcome is Outcome.NOTHING:
        return NO_ANSWER
    return "Possible answers, to be checked" if question.outcome is Outcome.POSSIBLE else "Answers"


def _quote(number: int, citation: Citation, article: PackedArticle) -> PrintedQuote:
    at = citation.start - citation.sentence_start
    sentence, quote = citation.sentence, citation.quote
    fits = at >= 0 and sentence[at : at + len(quote)] == quote
    return PrintedQuote(
        number=number,
        before=sentence[:at] if fits else "",
        quote=quote,
        after=sentence[at + len(quote) :] if fits else "",
        facts=citation_facts(citation),
        place=f"{article.id}, characters {citation.start}–{citation.end}",
        article=article,
        link=article.url if article.url is not None and is_web(article.url) else None,
    )


@cache
def _templates() -> TemplateFolder:
    return TemplateFolder("pullquote.base", {"percent": lambda share: f"{share:.0%}"})
