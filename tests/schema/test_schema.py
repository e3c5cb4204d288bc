"""The data types: what they refuse and compute, and that JSON preserves them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from pullquote.answering.answers import cite
from pullquote.schema import (
    Answer,
    Article,
    Block,
    Citation,
    Filters,
    Kind,
    Outcome,
    Question,
    Reply,
    Role,
    Span,
    day_of,
)
from pullquote.schema.errors import SettingsError
from strategies import Piece, article, articles, body, hit

BANGKOK = timezone(timedelta(hours=7))
ZONES = st.sampled_from([None, UTC, BANGKOK, timezone(-timedelta(hours=3, minutes=30))])
MOMENTS = st.dates() | st.datetimes(timezones=ZONES)


def test_a_short_moment_is_a_day_and_a_long_one_an_instant() -> None:
    """A day stays a day and gets no time."""
    day = body("x", published="2023-05-31").published
    instant = body("x", published="2023-05-31T09:49:00+07:00").published
    assert (type(day), day) == (date, date(2023, 5, 31))
    assert instant == datetime(2023, 5, 31, 9, 49, tzinfo=BANGKOK)


def test_a_moment_that_is_none_is_refused() -> None:
    """An impossible date is refused, not changed to another."""
    with pytest.raises(ValidationError, match="published"):
        body("x", published="2023-02-30")


@given(published=MOMENTS, modified=st.none() | MOMENTS)
def test_json_keeps_moments(published: date, modified: date | None) -> None:
    """JSON preserves a day as a day, and an instant with its zone."""
    written = body("x", published=published, modified=modified)
    read = Article.model_validate_json(written.model_dump_json())
    assert (read, type(read.published)) == (written, type(published))


@given(articles())
def test_json_keeps_articles(written: Article) -> None:
    """JSON preserves articles with any characters and comments."""
    assert Article.model_validate_json(written.model_dump_json()) == written


def test_the_day_is_that_of_the_articles_own_zone() -> None:
    """00:30 in Bangkok is that day, although it is the day before in Greenwich."""
    assert day_of(datetime(2023, 6, 1, 0, 30, tzinfo=BANGKOK)) == date(2023, 6, 1)
    assert day_of(date(2023, 6, 1)) == date(2023, 6, 1)
    assert day_of(None) is None


@pytest.mark.parametrize(
    "ranges",
    [[(0, 4), (3, 5)], [(3, 5), (0, 2)], [(0, 12)], [(4, 2)]],
    ids=["overlapping", "out of order", "past the end", "backwards"],
)
def test_blocks_lie_in_order_inside_the_text(ranges: list[tuple[int, int]]) -> None:
    """An article refuses blocks that are out of order or outside its text."""
    blocks = tuple(Block(role=Role.BODY, start=start, end=end) for start, end in ranges)
    with pytest.raises(ValidationError, match="out of order or outside the text of 11 characters"):
        Article(id="a", version="0", text="Hello world", blocks=blocks, title="T")


def test_block_at_is_half_open() -> None:
    """A block contains its first character and not the one after its last."""
    found = article(Piece(Role.HEADLINE, "Tide"), Piece(Role.BODY, "Low."), gap="\n\n")
    roles = [block.role if (block := found.block_at(at)) else None for at in range(11)]
    assert roles == [Role.HEADLINE] * 4 + [None] * 2 + [Role.BODY] * 4 + [None]


def test_authors_make_one_line_or_none() -> None:
    """Two names are one line; without a name there is None, not an empty line."""
    assert body("x", authors=("Ida Brandt", "Odd Vik")).author == "Ida Brandt, Odd Vik"
    assert body("x").author is None


def test_articles_cannot_be_changed_or_extended() -> None:
    """Fields of an article cannot be changed or added."""
    found = body("x")
    with pytest.raises(ValidationError, match="frozen"):
        found.text = "y"  # type: ignore[misc]
    with pytest.raises(ValidationError, match="headline"):
        body("x", headline="H")


def test_a_span_is_words_of_its_passage() -> None:
    """Offsets of a span count from the start of the passage, not of the article."""
    found = hit(body("The tide is low."), 4, 16)
    assert Span(found, 8, 11, 0.0).text == found.article.text[12:15] == "low"


def test_a_hit_as_plain_values() -> None:
    """`retrieve --json` prints each score by its name, and the passage's position."""
    found = body("The tide.", source="Post", section="News", published="2024-06-04")
    assert hit(found).facts() == {
        "article": "a.md",
        "title": "A title",
        "published": "2024-06-04",
        "source": "Post",
        "section": "News",
        "role": "body",
        "start": 0,
        "end": 9,
        "text": "The tide.",
        "cosine": 0.5,
        "bm25": 1.0,
        "fused_score": 1 / 61,
        "rrf": 1 / 61,
        "rerank_logit": None,
    }


@pytest.mark.parametrize("confidence", [-0.01, 1.01, float("nan")])
def test_a_confidence_is_a_probability(confidence: float) -> None:
    """A confidence outside 0 to 1 is refused."""
    citation = Citation(
        article="a.md",
        title="T",
        published=None,
        source=None,
        role=Role.BODY,
        author=None,
        start=0,
        end=1,
        quote="x",
        sentence="x",
        sentence_start=0,
        version="0",
        url=None,
    )
    assert Answer(text="x", confidence=1, citations=(citation,)).confidence == 1
    with pytest.raises(ValidationError, match="confidence"):
        Answer(text="x", confidence=confidence, citations=(citation,))


def test_an_answer_without_a_citation_is_refused() -> None:
    """Every answer quotes at least one article."""
    with pytest.raises(ValidationError, match="citations"):
        Answer(text="x", confidence=0.5, citations=())


@pytest.mark.parametrize(
    "given",
    [
        {"sources": "Harbour Post"},
        {"sources": ("\udce9",)},
        {"roles": ("poem",)},
        {"kinds": ("poem",)},
        {"kinds": Kind.OPINION},
        {"languages": "en"},
        {"languages": ("Plain English",)},
        {"sources": None},
        {"sources": 5},
        {"sections": b"sport"},
        {"roles": (1,)},
        {"comments": "no"},
        {"since": "2024-01-01"},
        {"since": datetime(2024, 1, 1, tzinfo=UTC)},
        {"since": date(2024, 6, 5), "until": date(2024, 6, 3)},
    ],
)
def test_filters_refuse_what_they_cannot_mean(given: dict[str, Any]) -> None:
    """A wrong type is an error, not a filter that matches nothing."""
    with pytest.raises(SettingsError, match="Filters"):
        Filters(**given)


def test_names_may_be_given_one_by_one() -> None:
    """The names of a filter may come from an iterator."""
    assert Filters(sources=(name for name in ("Reuters", "AFP"))).sources == ("Reuters", "AFP")  # type: ignore[arg-type]


def test_asking_for_the_role_comment_lets_comments_in() -> None:
    """The role comment needs no `comments` as well."""
    assert Filters(roles=(Role.COMMENT,)).comments


def test_share_of_a_questions_terms_by_hand() -> None:
    """A rare term weighs more than a common one; without terms the share is 0."""
    asked = Question("who built the quay?", {"built": 2.0, "quay": 6.0})
    assert asked.share_in({"quay", "gull"}) == 0.75
    assert asked.share_in({"built", "quay"}) == 1.0
    assert Question("?", {}).share_in({"quay"}) == 0.0


def test_the_former_name_of_the_fused_score_warns() -> None:
    """`Hit.rrf` still works and warns with the new name."""
    one = hit(body("The harbour opened."))
    with pytest.warns(DeprecationWarning, match="fused_score"):
        assert one.rrf == one.fused_score


def test_labelled_fields_of_a_citation_are_its_details() -> None:
    """A field with a value and a label becomes text; others do not."""
    made = cite(Span(hit(body("The tide is low.")), 0, 8, 0.0))
    assert made.details == []
    assert made.model_copy(update={"page": 3}).details == ["page 3"]
    assert made.model_copy(update={"layout": "uncertain"}).details == ["layout uncertain"]


def test_each_closest_passage_is_shown_once() -> None:
    """Words of one sentence, and a copy of it in another paper, are one passage."""
    shared = {"title": "", "published": None, "source": None, "role": Role.BODY, "author": None}
    places = [
        ("a", 0, "It rained. We left."),
        ("a", 11, "We left."),
        ("b", 5, "It rained. We left."),
    ]

    def answer(name: str, start: int, sentence: str) -> Answer:
        facts = {"quote": "left", "sentence": sentence, "sentence_start": start}
        at = start + sentence.index("left")
        cited = Citation(
            article=name, start=at, end=at + 4, version="v", url=None, **shared, **facts
        )
        return Answer(text="left", confidence=0.01, citations=(cited,))

    found = [answer(*place) for place in [*places, ("b", 40, "They left later.")]]
    reply = Reply(
        question="Who?",
        searched_for="who",
        outcome=Outcome.NOTHING,
        answers=tuple(found),
        generation="g",
        took_ms=1.0,
    )
    assert reply.shown == (found[0], found[3])
