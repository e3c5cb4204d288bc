"""What frameworks get with each passage and each answer: plain values under the same names.

Of a passage and of an answer:

- `article`, `title`, `source`, `section`, `author`, `published` (ISO 8601), `url`, `role`,
  `version`: the article, and the role of the words in it
- `start`, `end`: the place of the words in the article's text, in characters, end exclusive

Only of a passage: `fused_score`, by which passages are in order, `cosine`, `bm25`.

Only of an answer: `quote`, `sentence`, `page`, `confidence` (0 to 1), `outcome` ("answer",
"possible" or "nothing"), `status` (what became of the value), `said_by` (whose claim it is).

What is not known is left out, since some stores of documents accept no None.
"""

from __future__ import annotations

from pullquote.schema import Answer, Article, Citation, Hit, Reply

Metadata = dict[str, str | int | float]


def passage_metadata(hit: Hit) -> Metadata:
    """The metadata of a passage."""
    passage = hit.passage
    return _known(
        **_of_article(hit.article),
        article=passage.article,
        role=str(passage.role),
        start=passage.start,
        end=passage.end,
        fused_score=hit.fused_score,
        cosine=hit.cosine,
        bm25=hit.bm25,
    )


def answer_metadata(reply: Reply, answer: Answer, citation: Citation) -> Metadata:
    """The metadata of an answer at one of its citations."""
    return _known(
        **_of_article(citation),
        article=citation.article,
        role=str(citation.role),
        start=citation.start,
        end=citation.end,
        quote=citation.quote,
        sentence=citation.sentence,
        page=citation.page,
        confidence=answer.confidence,
        outcome=str(reply.outcome),
        status=None if answer.status is None else str(answer.status),
        said_by=citation.said_by or None,
    )


def _of_article(found: Article | Citation) -> dict[str, str | None]:
    published = found.published
    return {
        "title": found.title,
        "source": found.source,
        "section": found.section,
        "author": found.author,
        "published": None if published is None else published.isoformat(),
        "url": found.url,
        "version": found.version,
    }


def _known(**values: str | float | None) -> Metadata:
    return {name: value for name, value in values.items() if value is not None}
