"""The paragraphs of a page before its article is found, and a table of their features."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pullquote.parsing.html.article.boxes import Floats
from pullquote.parsing.html.outline import Outline
from pullquote.parsing.html.page_metadata import Metadata
from pullquote.parsing.news.paragraph import ParagraphMark


@dataclass(frozen=True, slots=True)
class PageParts:
    """The paragraphs of a page with what is known about them before the article is.

    `found` says for each paragraph whether an extractor takes it for the article, and `stated`
    whether it is in the article's text in JSON-LD. No extractor reads a page that `is_large`.
    `letters` are the letters and digits of each paragraph, as `squeeze` gives them.
    """

    outline: Outline
    metadata: Metadata
    headline: int | None
    comments: Mapping[int, ParagraphMark]
    found: Sequence[bool]
    stated: Sequence[bool]
    letters: Sequence[str]
    is_large: bool = False


class Features:
    """A table with a row for each paragraph and a column for each feature."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self._columns: list[Floats] = []

    def add(self, name: str, values: npt.ArrayLike) -> None:
        """Add a column."""
        self.names.append(name)
        self._columns.append(np.asarray(values, np.float32))

    def columns(self, names: Sequence[str]) -> Floats:
        """The table of the features with these names, shape (paragraphs, features)."""
        place = {name: k for k, name in enumerate(self.names)}
        return np.stack([self._columns[place[name]] for name in names], axis=1)
