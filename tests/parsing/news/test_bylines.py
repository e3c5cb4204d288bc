"""Bylines in other languages than English; those in English are read with their pages."""

from __future__ import annotations

import pytest

from pullquote.parsing.news.bylines import read_byline, read_foreign_byline


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
    """With the word for "by", as each writes it."""
    found = read_foreign_byline(line)
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
    """They say so anywhere: "author", or the reporter's office."""
    found = read_byline(line)
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
def test_lines_that_only_begin_alike_are_no_bylines(line: str) -> None:
    """These words begin sentences and names as well."""
    assert read_byline(line) is None
    assert read_foreign_byline(line) is None
