"""Bylines in languages other than English; the tests of whole pages cover English."""

from __future__ import annotations

import pytest

from pullquote.parsing.news.bylines import parse_byline, parse_foreign_byline


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("Von Anna Müller", ("Anna Müller",)),
        ("Von Anna Müller und Nils Aaby", ("Anna Müller", "Nils Aaby")),
        ("Par Jean Dupont et Marie Curie", ("Jean Dupont", "Marie Curie")),
        ("Por Ana García y Luis Pérez", ("Ana García", "Luis Pérez")),
        ("Por José Ortega y Gasset", ("José Ortega y Gasset",)),
        ("Di Mario Rossi", ("Mario Rossi",)),
        ("Door Jan de Vries", ("Jan de Vries",)),
    ],
)
def test_bylines_in_other_languages(line: str, authors: tuple[str, ...]) -> None:
    """The word for "by" introduces the names."""
    found = parse_foreign_byline(line)
    assert found is not None
    assert found.authors == authors


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("Автор: Иван Петров", ("Иван Петров",)),
        ("بقلم: أحمد علي", ("أحمد علي",)),
        ("记者 王小明", ("王小明",)),
        ("文／王小明、李华", ("王小明", "李华")),
        ("記者：山田太郎", ("山田太郎",)),
        ("홍길동 기자", ("홍길동",)),
    ],
)
def test_labels_of_bylines_in_other_languages(line: str, authors: tuple[str, ...]) -> None:
    """Labels such as "author" or "reporter" count anywhere on a page."""
    found = parse_byline(line)
    assert found is not None
    assert found.authors == authors


@pytest.mark.parametrize(
    "line",
    [
        "Von der Leyen stellt Pläne vor",
        "Von Berlin nach Hamburg",
        "Von Hamburg",
        "Par ailleurs, il pleut",
        "Por primera vez",
        "Da Vinci",
        "记者 发现了问题，并且报道了这个故事。",
        "文章讲述了一个故事",
    ],
)
def test_lines_that_only_begin_like_bylines_are_not_bylines(line: str) -> None:
    """Words for "by" also begin sentences and names."""
    assert parse_byline(line) is None
    assert parse_foreign_byline(line) is None
