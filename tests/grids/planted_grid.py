"""A small grid with planted cells, to test what is made of grids."""

from __future__ import annotations

from datetime import date
from typing import Any

from pullquote import Answer, Citation, Filters, GridBy, GridCell, GridColumn, GridSpec, Outcome
from pullquote.schema import Role

HOSTILE = "=cmd|' /C calc'!A0"
MARKUP = "<script>alert(1)</script>"

SPEC = GridSpec(
    questions=("who?", f"{MARKUP} why?"),
    by=GridBy.ARTICLE,
    columns=(
        GridColumn(key="a.md", title=HOSTILE, source="Harbour Post", published=date(2024, 3, 1)),
        GridColumn(key="b.md", title=MARKUP),
        GridColumn(key="c.md", title="C"),
    ),
    filters=Filters(articles=("a.md", "b.md", "c.md")),
    generation="20240301T000000_000000",
    index_sha256="ab" * 32,
    settings={"hits": 20, "reranker": None},
    pullquote="0.1.0",
)


def cell(question: int, column: int, outcome: Outcome, quote: str = "", **others: Any) -> GridCell:
    """The cell of a question and a column; with a quote, it has an answer."""
    key = SPEC.columns[column].key
    answer = None
    if quote:
        citation = Citation(
            article=key,
            title=SPEC.columns[column].title,
            published=SPEC.columns[column].published,
            source=SPEC.columns[column].source,
            role=Role.BODY,
            author=None,
            start=14,
            end=14 + len(quote),
            quote=quote,
            sentence=f"It is {quote}, they say.",
            sentence_start=8,
            version="cd" * 32,
            url="https://harbour.example/a",
        )
        answer = Answer(text=quote, confidence=0.834, citations=(citation,))
    return GridCell(
        question=SPEC.questions[question],
        column=key,
        outcome=outcome,
        answer=answer,
        place=f"?article={key}&start=14" if quote else None,
        link="https://harbour.example/a#:~:text=x" if quote else None,
        took_ms=1.5,
        **others,
    )


CELLS = (
    cell(0, 0, Outcome.ANSWER, "the pier"),
    cell(0, 1, Outcome.POSSIBLE, HOSTILE),
    cell(0, 2, Outcome.NOTHING),
    cell(1, 0, Outcome.NOTHING, searched=False),
    cell(1, 1, Outcome.ANSWER, MARKUP),
)
"""All cells but the last one."""
