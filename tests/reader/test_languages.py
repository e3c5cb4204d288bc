"""The languages of a model, as its model card lists them."""

from __future__ import annotations

from pathlib import Path

import pytest

from pullquote.answering.reader.languages import ENGLISH, ReaderLanguages, declared_languages


def declared(folder: Path, front_matter: str) -> ReaderLanguages:
    """The languages of a model with a card that begins with those lines."""
    (folder / "README.md").write_text(f"---\n{front_matter}\n---\n# A model\n", encoding="utf-8")
    return declared_languages(folder)


@pytest.mark.parametrize(
    ("listed", "codes"),
    [
        ("language: de", {"de"}),
        ("language: en", {"en"}),
        ("language: [en, deu, pt-BR]", {"en", "de", "pt"}),
        ("language:\n- multilingual\n- de\n- fr", {"de", "fr"}),
        ("language: multilingual", None),
        ("language: [mul]", None),
    ],
)
def test_model_card_lists_languages(tmp_path, listed, codes):
    """Languages are listed by code; "multilingual" alone stands for any language."""
    expected = ReaderLanguages(None if codes is None else frozenset(codes))
    assert declared(tmp_path, listed) == expected


@pytest.mark.parametrize(
    "front_matter", ["license: mit", "language: code", "language:", "language: [1]", "- a", "a: ["]
)
def test_model_whose_card_lists_no_language_reads_english(tmp_path, front_matter):
    """A card may also be damaged."""
    assert declared(tmp_path, front_matter) == ENGLISH


def test_model_without_a_card_reads_english(tmp_path):
    """A folder need not have a card, and a card need not have metadata."""
    assert declared_languages(tmp_path) == ENGLISH
    (tmp_path / "README.md").write_bytes(b"\xff\xfe")
    assert declared_languages(tmp_path) == ENGLISH
