"""The page of a pack that people read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from pullquote.absences import absence_lines
from pullquote.conversation.citation_format import citation_facts, is_web
from pullquote.packs.manifest import PackedArticle, PackedQuestion, PackManifest
from pullquote.reply_labels import KIND_LABELS, NO_ANSWER
from pullquote.schema import Citation, Outcome
from pullquote.templating import TemplateFolder


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
class PrintedQuestion:
    """A question with its answers as words, each with the numbers of its quotes."""

    asked: PackedQuestion
    kind: str
    heading: str


def pack_html(pack: PackManifest) -> str:
    """The page with all questions, quotes and articles of a pack."""
    articles = {one.id: one for one in pack.articles}
    quotes = [
        _quote(number, one, articles[one.article])
        for number, one in enumerate(pack.citations, start=1)
    ]
    questions = [
        PrintedQuestion(one, KIND_LABELS[one.kind], _heading(one)) for one in pack.questions
    ]
    absences = [(one.question, absence_lines(one)) for one in pack.absences]
    return str(_templates().render("pack.html", "pack", pack, questions, quotes, absences))


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
    return TemplateFolder("pullquote", {"percent": lambda share: f"{share:.0%}"})
