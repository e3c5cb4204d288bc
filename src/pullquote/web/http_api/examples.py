"""Examples of responses for the OpenAPI document, from the sample articles.

They are objects of the models, so that they change with them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Final

from pydantic import BaseModel

from pullquote.schema import Answer, Block, Citation, Kind, Outcome, Reply, Role
from pullquote.schema.api_results import (
    ArticleList,
    ArticleState,
    ArticleWithCopies,
    CatalogArticle,
    FoundPassage,
    FoundPassages,
)
from pullquote.schema.index_info import IndexInfo
from pullquote.schema.problem import InvalidParameter, Problem
from pullquote.schema.quote_check import CheckedDraft, CheckedQuote, QuoteVerdict

QUESTION: Final = "who bought the cannery?"
ARTICLE: Final = "fellside-gazette/2024-06-14-cooperative-buys-cannery.txt"
DRAFT: Final = "The cannery “was bought by its own workers”."

_TITLE = "Sold, for one sardine badge and £2.75m: the staff get their cannery"
_DAY = date(2024, 6, 14)
_VERSION = "da66c6cd447c256e64ea7ef58719087864ebb84e284edce0283865b85e37fa56"
_GENERATION = "20241129T131232-0ac43d"
_WORDS = "its own workers"
_START = 112
_SENTENCE = (
    "VENNICK — The Pellow cannery was bought by its own workers on Thursday, seventeen days before "
    "it was to have shut for good."
)
_SENTENCE_START = 69
_SENTENCE_END = _SENTENCE_START + len(_SENTENCE)
_QUOTE = "was bought by its own workers"
_QUOTE_PLACE = {"start": 98, "end": 98 + len(_QUOTE)}

_CITATION = Citation(
    article=ARTICLE,
    title=_TITLE,
    published=_DAY,
    source=None,
    role=Role.STANDFIRST,
    author="Marian Scholes",
    start=_START,
    end=_START + len(_WORDS),
    quote=_WORDS,
    sentence=_SENTENCE,
    sentence_start=_SENTENCE_START,
    version=_VERSION,
    url=None,
)

REPLY: Final = Reply(
    question=QUESTION,
    searched_for=QUESTION,
    outcome=Outcome.ANSWER,
    answers=(Answer(text=_WORDS, confidence=0.7308, citations=(_CITATION,)),),
    generation=_GENERATION,
    took_ms=412.5,
)

HITS: Final = FoundPassages(
    question=QUESTION,
    generation=_GENERATION,
    hits=[
        FoundPassage(
            article=ARTICLE,
            version=_VERSION,
            title=_TITLE,
            published=_DAY,
            source=None,
            section=None,
            role=Role.STANDFIRST,
            author="Marian Scholes",
            start=_SENTENCE_START,
            end=_SENTENCE_END,
            text=_SENTENCE,
            cosine=0.62,
            bm25=9.41,
            fused_score=0.33,
        )
    ],
)

EXAMPLES: Final[Mapping[type[BaseModel], BaseModel]] = {
    Reply: REPLY,
    FoundPassages: HITS,
    ArticleWithCopies: ArticleWithCopies(
        article=ARTICLE,
        version=_VERSION,
        title=_TITLE,
        authors=("Marian Scholes",),
        source=None,
        section=None,
        published=_DAY,
        modified=None,
        url=None,
        language="en",
        kind=Kind.REPORT,
        characters=2140,
        start=_SENTENCE_START,
        end=_SENTENCE_END,
        text=_SENTENCE,
        blocks=(Block(role=Role.STANDFIRST, start=_SENTENCE_START, end=_SENTENCE_END),),
        more=_SENTENCE_END,
        copies=(),
    ),
    ArticleList: ArticleList(
        generation=_GENERATION,
        count=30,
        page=1,
        pages=30,
        articles=(
            CatalogArticle(
                id=ARTICLE,
                state=ArticleState.INDEXED,
                note=None,
                title=_TITLE,
                source=None,
                section=None,
                language="en",
                published=_DAY,
                file=ARTICLE,
                length=2140,
                passages=4,
                added=datetime(2024, 6, 14, 18, 30, tzinfo=UTC),
            ),
        ),
    ),
    IndexInfo: IndexInfo(
        generation=_GENERATION,
        created=datetime(2024, 11, 29, 13, 12, 32, tzinfo=UTC),
        pullquote="0.2.0",
        encoder="all-MiniLM-L6-v2",
        articles=30,
        passages=160,
        searched="dense and lexical",
        roles={"body": 96, "standfirst": 30, "headline": 30, "comment": 4},
        sources={"Harbour Post": 12, "Tideline Herald": 10, "": 8},
        sections={"": 20, "business": 10},
        languages={"en": 28, "es": 2},
        kinds={"report": 28, "opinion": 2},
        first_day=date(2023, 11, 2),
        last_day=_DAY,
        undated=1,
        copies=2,
        copy_groups=1,
        failed=0,
        damaged=False,
    ),
    CheckedDraft: CheckedDraft(
        quotes=(
            CheckedQuote(
                quote=_QUOTE,
                verdict=QuoteVerdict.EXACT,
                article=ARTICLE,
                **_QUOTE_PLACE,
                similarity=1.0,
                citation=_CITATION.model_copy(update={"quote": _QUOTE, **_QUOTE_PLACE}),
                draft_start=13,
                draft_end=13 + len(_QUOTE),
            ),
        )
    ),
    Problem: Problem(
        type="urn:pullquote:problem:invalid-parameters",
        title="Unprocessable Entity",
        status=422,
        detail="The request cannot be used: k: Input should be greater than or equal to 1. The "
        "document /api/v1/openapi.json describes all parameters.",
        invalid=(
            InvalidParameter(parameter="k", reason="Input should be greater than or equal to 1"),
        ),
    ),
}
"""An example of each model that an endpoint returns."""
