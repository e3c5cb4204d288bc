"""The citations in JSON: conversations, replies of `ask --json`, or lists of citations."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from pullquote.newsroom.verification.saved_citation import SavedCitation, rest_of_sentence
from pullquote.schema.errors import CitationsUnreadable


def citations_in_json(text: str, path: Path) -> list[SavedCitation]:
    """All objects with an article, a start, an end and a quote, in order.

    They may be in any other objects, so that files of newer versions are read too.

    Raises:
        CitationsUnreadable: the text is neither JSON nor JSON Lines.
    """
    found = [_citation(one) for one in _objects(_parsed(text, path))]
    sound = (one for one in found if one is not None and one.is_sound)
    return [_numbered(one, number) for number, one in enumerate(sound, start=1)]


def _parsed(text: str, path: Path) -> Any:  # noqa: ANN401 - any JSON
    try:
        return json.loads(text)
    except RecursionError as error:
        raise CitationsUnreadable(path, "its JSON is nested too deeply") from error
    except ValueError:
        pass
    try:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError) as error:
        raise CitationsUnreadable(path, f"it is not JSON: {error}") from error


def _objects(value: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - any JSON
    """All objects in a value, those that stand first before the others."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield one
            waiting += reversed(one.values())
        elif isinstance(one, list):
            waiting += reversed(one)


def _citation(given: dict[str, Any]) -> SavedCitation | None:
    article, quote = given.get("article"), given.get("quote")
    start, end = given.get("start"), given.get("end")
    if not (isinstance(article, str) and isinstance(quote, str)):
        return None
    if type(start) is not int or type(end) is not int:
        return None
    before, after = _sentence_around(given, start, quote)
    return SavedCitation(
        article=article,
        start=start,
        end=end,
        quote=quote,
        version=_text(given, "version") or None,
        title=_text(given, "title"),
        before=before,
        after=after,
    )


def _sentence_around(given: dict[str, Any], start: int, quote: str) -> tuple[str, str]:
    """The text before and after the quote in its sentence."""
    begins = given.get("sentence_start")
    if type(begins) is not int:
        return "", ""
    return rest_of_sentence(_text(given, "sentence"), begins, start, quote)


def _text(given: dict[str, Any], name: str) -> str:
    value = given.get(name)
    return value if isinstance(value, str) else ""


def _numbered(one: SavedCitation, number: int) -> SavedCitation:
    return replace(one, where=f"citation {number}")
