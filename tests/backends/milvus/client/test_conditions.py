"""Filters become conditions, and values cannot act as expressions."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.schema import Filters, Kind, Role
from pullquote_milvus.client.conditions import (
    Condition,
    alive_at,
    among,
    answering,
    equal,
    literal,
)
from pullquote_milvus.client.schemas import parse_version

ALIVE = "born <= {step} and died > {step} and released <= {now} and superseded > {now}"


def answered(filters: Filters) -> Condition | None:
    """The condition in step 3 at second 50, with English and two kinds of Portuguese."""
    return answering(filters, step=3, now=50, languages=["en", "pt", "pt-br"])


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_text_stays_in_its_quotes(text: str) -> None:
    """milvus-lite's own parser reads a literal as that one text, whatever is in it."""
    tokens = pytest.importorskip("milvus_lite.search.filter.tokens")
    kinds = [(token.kind.name, token.value) for token in tokens.tokenize(literal(text))]
    assert kinds == [("STRING", text), ("EOF", None)]


def test_values_are_written_by_their_kind() -> None:
    """Numbers are bare, texts in quotes, lists in brackets; a bool is a number."""
    assert literal(-7) == "-7"
    assert literal(True) == "1"
    assert literal(["a", 'b"']) == '["a", "b\\""]'
    assert literal([1, 2]) == "[1, 2]"


def test_a_condition_separates_its_values() -> None:
    """For a server without templates it writes them into the expression."""
    condition = among("id", ["a", "b"]) & equal("name", '" or 1 == 1') & alive_at(2)
    assert condition.expression == (
        "id in {id_in} and name == {name_is} and born <= {step} and died > {step}"
    )
    assert condition.values == {"id_in": ["a", "b"], "name_is": '" or 1 == 1', "step": 2}
    assert condition.written() == (
        'id in ["a", "b"] and name == "\\" or 1 == 1" and born <= 2 and died > 2'
    )


def test_conditions_with_the_same_value_name_are_refused() -> None:
    """Otherwise the second value would silently replace the first."""
    with pytest.raises(ValueError, match="id_in"):
        _ = among("id", ["a"]) & among("id", ["b"])


def test_every_filter_is_part_of_the_condition() -> None:
    """Names are normalised, days are numbers, and comments are excluded by default."""
    found = answered(
        Filters(
            since=date(2024, 1, 1),
            until=date(2024, 1, 31),
            sources=("The  Bay Post",),
            sections=("Sport",),
            languages=("PT",),
            kinds=(Kind.REPORT,),
            roles=(Role.BODY,),
            not_sources=("The  Gazette", ""),
            articles=("b.md", "a.md"),
        )
    )
    assert found is not None
    assert found.expression == (
        f"{ALIVE} and role != {{comment}} and day > {{undated}} and day >= {{since}} and "
        "day <= {until} and role in {role_in} and source in {source_in} and "
        "section in {section_in} and kind in {kind_in} and language in {language_in} and "
        "article in {article_in} and source not in {source_not_in}"
    )
    assert dict(found.values) == {
        "step": 3,
        "now": 50,
        "comment": "comment",
        "undated": 0,
        "since": 738886,
        "until": 738916,
        "role_in": ["body"],
        "source_in": ["the bay post"],
        "section_in": ["sport"],
        "kind_in": ["report"],
        "language_in": ["pt", "pt-br"],
        "article_in": ["a.md", "b.md"],
        "source_not_in": ["the gazette"],
    }


def test_without_filters_only_what_may_be_shown_is_asked_for() -> None:
    """The condition allows only released, current passages of the generation, without comments."""
    found = answered(Filters(comments=True))
    assert found is not None
    assert found.expression == ALIVE


@pytest.mark.parametrize("filters", [Filters(sources=("",)), Filters(languages=("fr",))])
def test_a_value_that_no_article_has_finds_nothing(filters: Filters) -> None:
    """Unknown sources or languages match nothing: not the source "", nor all languages."""
    assert answered(filters) is None


@pytest.mark.parametrize(
    ("reported", "full_text", "templates", "index"),
    [
        ("v2.6.1", True, True, "INVERTED"),
        ("2.5.0-rc1", True, True, "INVERTED"),
        ("v2.4.17", False, False, "INVERTED"),
        ("v2.3.5-lite", False, False, None),
        ("milvus_lite-3.2.2", True, False, "INVERTED"),
        ("unknown", False, False, None),
    ],
)
def test_a_version_implies_features(
    reported: str, full_text: bool, templates: bool, index: str | None
) -> None:
    """milvus-lite has other version numbers; it searches by words but has no templates."""
    version = parse_version(reported)
    assert (version.full_text, version.templates) == (full_text, templates)
    assert version.scalar_index == index
