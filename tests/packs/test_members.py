"""Packs that were written before can still be verified: their page is made again to the byte."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime

import pytest

from packs.conftest import SENTENCE
from pullquote.newsroom.absences import AbsenceStatement, Coverage, Hole, SourceCoverage
from pullquote.newsroom.packs.build import derived_members
from pullquote.newsroom.packs.manifest import (
    LeftOutCitation,
    PackedAnswer,
    PackedArticle,
    PackedQuestion,
    PackManifest,
)
from pullquote.schema import Citation, Filters, Outcome, QuestionKind, Role, Speaker

DIGESTS = {
    "index.html": "77a522fffe45e7e30d376d893f406c211e5c71bb75302c18d7b7b8562463b90e",
    "annotations.jsonld": "f224f68513ccf1e55b5a4c0ed3dc53889c6d4112491d94df40dfd33600842382",
    "quotations.jsonld": "74fd942018a6b6432022b6d7e07fb9525522aa702a93a589d04c9527d9faa56e",
}
"""If a digest changes, packs that people have can no longer be verified. Keep what made the files
of this version for packs of this version, and give new packs a new `VERSION`."""

NAMES = "FACT KEYWORDS YES_NO LIST COMPARISON REASON MANNER SPEECH DEFINITION CHANGE"
KINDS = [QuestionKind[name] for name in NAMES.split()]
"""The kinds that packs of this version know; a new one changes no page of an older pack."""

PAPER = {"published": date(2024, 5, 1), "source": "Harbour Post", "version": "a" * 64}


def citation(role: Role, **facts: object) -> Citation:
    """A citation of four words in their sentence."""
    return Citation(
        article="wall.md",
        title="Harbour wall",
        url="https://harbourpost.example/wall",
        author="Una Finch",
        role=role,
        start=40,
        end=56,
        quote="4 million pounds",
        sentence=SENTENCE,
        sentence_start=21,
        **PAPER,
        **facts,
    )


def question(kind: QuestionKind, outcome: Outcome, *numbers: int) -> PackedQuestion:
    """A question with an answer for each number of a citation."""
    return PackedQuestion(
        question=f"What <{kind}>?",
        searched_for="what",
        kind=kind,
        outcome=outcome,
        as_of=date(2024, 5, 31),
        filters=Filters(sources=("Harbour Post",), until=date(2024, 5, 30)),
        asked=datetime(2024, 5, 31, 12, 0, tzinfo=UTC),
        generation="20240501T000000-000000",
        answers=tuple(
            PackedAnswer(text="4 million", confidence=0.875, citations=(one,)) for one in numbers
        ),
    )


def absence() -> AbsenceStatement:
    """A statement with a hole, an undated article and files that were not searched."""
    hole = Hole(first="2024-02", last="2024-03")
    post = SourceCoverage(
        source="Harbour Post",
        articles=3,
        undated=1,
        first_month="2024-01",
        last_month="2024-04",
        months={"2024-01": 1, "2024-04": 1},
        holes=(hole,),
    )
    return AbsenceStatement(
        question="Who?",
        searched_for="who",
        corrections=(),
        kind=QuestionKind.FACT,
        as_of=date(2024, 5, 31),
        filters=Filters(comments=True, not_sources=("Vennick Courier",), since=date(2024, 1, 1)),
        unknown_words=("zeppelin",),
        searched="dense and lexical",
        coverage=Coverage(
            articles=3,
            undated=1,
            first_day=date(2024, 1, 9),
            last_day=date(2024, 4, 2),
            sources=(post,),
            holes=(hole,),
            not_searched={"superseded": 2},
        ),
        passages=12,
        closest=(),
        generation="20240501T000000-000000",
        index_sha256="b" * 64,
        index_config={},
        settings={},
        pullquote="0.0",
    )


def manifest() -> PackManifest:
    """Facts with everything that a page can show."""
    speaker = Speaker(name="the engineer", start=58, end=65, canonical="Ida Roe")
    return PackManifest(
        version=1,
        pullquote="0.0",
        generation="20240501T000000-000000",
        index_sha256="b" * 64,
        index_config={},
        settings={"hits": 10, "reader": "packaged"},
        questions=(
            *(question(kind, Outcome.ANSWER, 1, 2, 3) for kind in KINDS),
            question(QuestionKind.FACT, Outcome.POSSIBLE, 1),
            question(QuestionKind.FACT, Outcome.NOTHING),
        ),
        citations=(
            citation(Role.BODY),
            citation(Role.BODY, manner="said", speaker=speaker),
            citation(Role.COMMENT, page=3),
        ),
        articles=(
            PackedArticle(
                id="wall.md",
                title="Harbour wall",
                authors=("Una Finch",),
                url="https://harbourpost.example/wall",
                language="en",
                text_sha256="c" * 64,
                characters=400,
                file=None,
                **PAPER,
            ),
        ),
        left_out=(LeftOutCitation(article="mill.md", quote="a mill", reason="changed: words."),),
        absences=(absence(),),
    )


@pytest.mark.parametrize("name", DIGESTS)
def test_what_follows_from_the_facts_never_changes(name: str) -> None:
    """The page and the linked data of fixed facts have the digests that they always had."""
    made = derived_members(manifest(), {})
    assert hashlib.sha256(made[name]).hexdigest() == DIGESTS[name]
