"""The closest passages, while they are read and if no answer is found in them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from pullquote.schema import CLOSEST_SHOWN, Citation
from pullquote.web.templating import render
from pullquote.web.views.replies.numbering import NumberedCitation

MAX_PASSAGE_CHARS = 320
"""Characters of a passage that are shown."""


@dataclass(frozen=True, slots=True)
class ClosestPassage:
    """The beginning of a passage, with its citation."""

    text: str
    shown: Sequence[NumberedCitation]
    folded: Sequence[NumberedCitation] = ()


def closest_html(closest: Sequence[Citation]) -> Markup:
    """The passages found, while they are being read."""
    return render("views/answer.html", "reading", closest_passages(closest))


def closest_passages(closest: Sequence[Citation]) -> list[ClosestPassage]:
    """The beginnings of the first few passages, with their citations."""
    return [
        ClosestPassage(_clipped(cited.quote), [NumberedCitation(number, cited)])
        for number, cited in enumerate(_each_once(closest)[:CLOSEST_SHOWN], 1)
    ]


def _each_once(closest: Sequence[Citation]) -> list[Citation]:
    """The passages without copies in other articles."""
    return list({" ".join(one.quote.split()): one for one in reversed(closest)}.values())[::-1]


def _clipped(text: str) -> str:
    """The beginning of a long text, up to the end of a word."""
    if len(text) <= MAX_PASSAGE_CHARS:
        return text
    beginning = text[:MAX_PASSAGE_CHARS]
    return f"{beginning.rpartition(' ')[0] or beginning}…"
