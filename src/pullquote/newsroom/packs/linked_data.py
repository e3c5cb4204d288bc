"""The quotes of a pack as linked data: W3C Web Annotations, and schema.org Quotations.

Sources: https://www.w3.org/TR/annotation-model/ and https://schema.org/Quotation.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pullquote.newsroom.packs.manifest import PackedArticle, PackManifest
from pullquote.newsroom.verification.saved import rest_of_sentence
from pullquote.schema import Citation, Role, Speaker, day_of

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
    return rest_of_sentence(
        citation.sentence, citation.sentence_start, citation.start, citation.quote
    )


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
