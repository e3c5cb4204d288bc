"""What follows from the facts of a pack: the page that people read, and linked data.

The linked data are W3C Web Annotations and schema.org Quotations.
Sources: https://www.w3.org/TR/annotation-model/ and https://schema.org/Quotation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pullquote.answering.reply_labels import KIND_LABELS
from pullquote.base.dates.day_text import day_text
from pullquote.base.templating import render
from pullquote.base.wording import NO_ANSWER
from pullquote.conversation.citations import citation_facts, is_web
from pullquote.newsroom.absences import absence_lines
from pullquote.newsroom.packs.manifest import (
    PackedAnswer,
    PackedArticle,
    PackedQuestion,
    PackedValue,
    PackManifest,
)
from pullquote.newsroom.verification.saved import rest_of_sentence
from pullquote.schema import Citation, Outcome, ReportedValue, Role, Speaker, day_of
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
    return str(render("pack.html", "pack", pack, questions, quotes, absences))


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
    before, after = rest_of_sentence(citation)
    return PrintedQuote(
        number=number,
        before=before,
        quote=citation.quote,
        after=after,
        facts=citation_facts(citation),
        place=f"{article.id}, characters {citation.start}–{citation.end}",
        article=article,
        link=article.url if article.url is not None and is_web(article.url) else None,
    )


CONTEXT_CHARS = 64
"""Characters before and after a quote in its selector; the model asks for a few words."""


def annotations_of(pack: PackManifest, texts: Mapping[str, str]) -> dict[str, Any]:
    """A W3C annotation for each quote; `texts` are the stored texts by the articles' ids.

    A position counts characters of the stored text, and a quote is selected with its context. That
    is only the rest of its sentence if the pack does not have the text.
    """
    articles = {one.id: one for one in pack.articles}
    return {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": f"urn:sha256:{pack.index_sha256}:annotations",
        "type": "AnnotationCollection",
        "label": "Quotes of an evidence pack",
        "total": len(pack.citations),
        "first": {
            "id": f"urn:sha256:{pack.index_sha256}:annotations:1",
            "type": "AnnotationPage",
            "startIndex": 0,
            "items": [
                _annotation(number, one, articles[one.article], texts.get(one.article))
                for number, one in enumerate(pack.citations, start=1)
            ],
        },
    }


def _annotation(
    number: int, citation: Citation, article: PackedArticle, text: str | None
) -> dict[str, Any]:
    start, end = citation.start, citation.end
    before, after = _around(citation, text)
    selector = {
        "type": "TextQuoteSelector",
        "exact": citation.quote,
        "prefix": before[-CONTEXT_CHARS:],
        "suffix": after[:CONTEXT_CHARS],
    }
    return {
        "id": f"urn:sha256:{article.text_sha256}:{start}-{end}#{number}",
        "type": "Annotation",
        "motivation": "identifying",
        "target": {
            "source": article.url or _urn(article),
            "selector": [selector, {"type": "TextPositionSelector", "start": start, "end": end}],
        },
    }


def _around(citation: Citation, text: str | None) -> tuple[str, str]:
    """The text before and after a quote, in the article or else in its sentence."""
    if text is not None:
        start, end = citation.start, citation.end
        return text[max(0, start - CONTEXT_CHARS) : start], text[end : end + CONTEXT_CHARS]
    return rest_of_sentence(citation)


def quotations_of(pack: PackManifest) -> dict[str, Any]:
    """A schema.org Quotation for each quote, with who says it and the article it is from."""
    articles = {one.id: one for one in pack.articles}
    return {
        "@context": "https://schema.org",
        "@graph": [_quotation(one, articles[one.article]) for one in pack.citations],
    }


def _quotation(citation: Citation, article: PackedArticle) -> dict[str, Any]:
    """A quote. Its creator is its speaker, or else whoever wrote the article."""
    speaker = citation.speaker
    if citation.role is Role.COMMENT:
        creator = [_person(citation.author)] if citation.author else []
    elif citation.manner is None:
        creator = _people(article)
    elif speaker is not None:
        creator = [_speaker(speaker)]
    else:
        creator = []
    return _known(
        {
            "@type": "Quotation",
            "text": citation.quote,
            "creator": creator,
            "inLanguage": article.language,
            "isPartOf": _article(article),
        }
    )


def _article(article: PackedArticle) -> dict[str, Any]:
    day = day_of(article.published)
    publisher = {"@type": "Organization", "name": article.source} if article.source else None
    return _known(
        {
            "@type": "NewsArticle",
            "@id": article.url or _urn(article),
            "headline": article.title,
            "author": _people(article),
            "publisher": publisher,
            "datePublished": None if day is None else day.isoformat(),
            "identifier": article.id,
            "version": article.version,
        }
    )


def _people(article: PackedArticle) -> list[dict[str, str]]:
    return [_person(name) for name in article.authors]


def _speaker(speaker: Speaker) -> dict[str, str]:
    """A person with the fullest form of the name; a source without a name is only described."""
    if speaker.canonical is None:
        return {"@type": "Person", "description": speaker.name}
    return _person(speaker.canonical)


def _person(name: str) -> dict[str, str]:
    return {"@type": "Person", "name": name}


def _known(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value not in (None, [], "")}


def _urn(article: PackedArticle) -> str:
    return f"urn:sha256:{article.text_sha256}"
