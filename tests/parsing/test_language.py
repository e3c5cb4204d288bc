"""The language of an article: the declared and the detected one."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given

from pullquote.english.sentences import sentence_spans
from pullquote.parsing.language import DEFAULT, language_of, tag_of
from reading import articles
from strategies import hostile_texts

TEXTS: dict[str, list[str]] = {}
for line in Path("tests/data/languages.jsonl").read_text(encoding="utf-8").splitlines():
    sample = json.loads(line)
    TEXTS.setdefault(sample["language"], []).append(sample["text"])


@pytest.mark.parametrize("language", TEXTS)
def test_the_language_is_detected(language: str) -> None:
    """Three sentences are enough in each of 28 languages."""
    assert language_of(TEXTS[language], declared=None) == language


@pytest.mark.parametrize(
    ("language", "declared", "expected"),
    [
        ("de", "de-CH", "de-CH"),
        ("de", "en", "de"),
        ("en", "de", "en"),
        ("ru", "en-US", "ru"),
        ("zh", "en", "zh"),
        ("pt", "pt_br", "pt-BR"),
        ("da", "nb", "nb"),
        ("id", "ms", "ms"),
        ("de", "German", "de"),
        ("de", " ", "de"),
        ("fr", "fra", "fr"),
    ],
)
def test_the_declared_language_wins_unless_it_is_plainly_wrong(
    language: str, declared: str, expected: str
) -> None:
    """A template's "en" over German is wrong; Norwegian that looks Danish is not."""
    assert language_of(TEXTS[language], declared=declared) == expected


@pytest.mark.parametrize(
    ("words", "declared", "expected"),
    [
        ("1:0, 2:1", None, DEFAULT),
        ("", "sv", "sv"),
        ("The tide is low.", "de", "de"),
        ("Hafen", None, DEFAULT),
        ("Marlow 14, Oakham 12; Ridley", "fr", "fr"),
    ],
)
def test_few_words_are_not_enough(words: str, declared: str | None, expected: str) -> None:
    """The declared language, or the default, holds for a single line."""
    assert language_of([words], declared=declared) == expected


@pytest.mark.parametrize(
    ("declared", "tag"),
    [
        ("EN", "en"),
        ("en_gb", "en-GB"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("ger", "de"),
        ("iw", "he"),
        ("English", None),
        ("", None),
        ("en; q=1", None),
    ],
)
def test_tags_in_their_usual_case(declared: str, tag: str | None) -> None:
    """As in BCP 47; the name of a language is not a tag."""
    assert tag_of(declared) == tag


@given(hostile_texts())
def test_hostile_text_has_a_language(text: str) -> None:
    """Detection never fails, whatever the characters."""
    assert tag_of(language_of([text], declared=None)) is not None


@pytest.mark.parametrize(
    ("id", "content", "language"),
    [
        ("a.txt", "El viejo muelle\n\n{text}\n", "es"),
        ("a.html", "<html lang=en><body><h1>Muelle</h1><p>{text}</p></body></html>", "es"),
        ("a.md", "---\nlanguage: es-MX\n---\n{text}\n", "es-MX"),
        ("a.jsonl", '{{"title": "Muelle", "text": "{text}", "language": "spa"}}', "es"),
    ],
)
def test_every_format_has_a_language(id: str, content: str, language: str) -> None:
    """It is detected where the file declares none, or a wrong one."""
    [article] = articles(id, content.format(text=" ".join(TEXTS["es"])).encode())
    assert article.language == language


@pytest.mark.parametrize(
    ("language", "byline", "day"),
    [
        ("de", "Von Anna Müller", "14. März 2024"),
        ("fr", "Par Anna Müller", "14 mars 2024"),
        ("es", "Por Anna Müller", "14 de marzo de 2024"),
        ("ru", "Автор: Анна Мюллер", "14 марта 2024 г."),
        ("ar", "بقلم: آنا مولر", "١٤ مارس ٢٠٢٤"),
        ("zh", "记者 王小明", "2024年3月14日"),
        ("ja", "記者：山田太郎", "2024年3月14日（木）"),
    ],
)
def test_a_saved_page_reads_as_in_english(language: str, byline: str, day: str) -> None:
    """Author, date, language and sentences are recognised in other languages, too."""
    headline, *report = TEXTS[language][2], TEXTS[language][0], TEXTS[language][1]
    page = "\n\n".join([headline.rstrip(".。"), byline, day, " ".join(report), headline])
    [article] = articles("a.txt", page.encode())
    assert (article.language, article.published) == (language, date(2024, 3, 14))
    assert article.authors == (byline.split(maxsplit=1)[-1].rsplit("：", maxsplit=1)[-1],)
    text = " ".join(report)
    spans = sentence_spans(text, article.language)
    assert [text[start:end] for start, end in spans] == report
