"""docs/reference/page-texts.md lists what the web chat shows."""

from __future__ import annotations

from docs.page_texts import LIST, listing


def test_the_list_of_texts_is_up_to_date() -> None:
    """After a text has changed, `python -m docs.page_texts` writes the list again."""
    assert LIST.read_text(encoding="utf-8") == listing()


def test_texts_of_all_three_languages_are_found() -> None:
    """The list has texts of templates, scripts and Python modules, and none of comments."""
    found = listing().splitlines()
    assert "- No answer found." in found
    assert "- Undo" in found
    assert "- There is no index yet." in found
    assert "- Citation copied." in found


def test_texts_of_scripts_may_begin_with_a_small_letter() -> None:
    """Words with a mark or a value are texts; selectors, paths and names of files are none."""
    found = listing().splitlines()
    assert "- stored, being indexed" in found
    assert "- {…} added as a copy" in found
    for code in ("form input", "input, textarea", "corpus/upload?{…}", "pullquote conversations"):
        assert f"- {code}" not in found
