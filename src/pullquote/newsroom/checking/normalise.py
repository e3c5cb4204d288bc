"""Reads a text in one typography, with the position of each character in the text as stored.

Two texts that differ only in typography are equal once normalised. Typography is white space, the
shape of quote marks, apostrophes, dashes and ellipses, ligatures, and hyphens at line ends. It is
also soft hyphens and other marks that take no room, and whether an accent is stored with its letter
or after it. Nothing else is changed: capitals stay, and letters or digits that look alike stay
different.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

LINE_HYPHEN = "\u00ad"
"""In a normalised text: a hyphen at a line end, which may belong to the word or not."""

_SHAPES = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»″〝〞「」『』《》", '"'),
        **dict.fromkeys("‘’‚‛‹›′`´\u02bc", "'"),
        **dict.fromkeys("‐‑‒–—―−⸺⸻﹘", "-"),
    }
)
"""Marks of one character that have another shape elsewhere."""

_UNSEEN = "\u00ad\u200b-\u200f\u2060\ufeff"
_ACCENTS = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_BREAK = r"[ \t]*(?:\r\n?|[\n\x0b\x0c\x85\u2028\u2029])[ \t]*"
_DASHES = "-‐‑‒–—―−⸺⸻﹘"
_SPECIAL = re.compile(
    rf"(?P<hyphen>(?<=[^\W\d_])[-‐]{_BREAK}(?=[^\W\d_]))"
    rf"|(?P<unseen>\u00ad{_BREAK}|[{_UNSEEN}]+)"
    r"|(?P<space>\s{2,}|[^\S ])"
    r"|(?P<dots>…|\.(?:[ \u00a0]\.){2,})"
    r"|(?P<ligature>[\ufb00-\ufb06])"
    rf"|(?P<accent>[^\s{_ACCENTS}][{_ACCENTS}]{{1,30}}"
    r"|[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?)"
    rf"|(?P<dashes>[{_DASHES}]{{2,}})"
    r"|(?P<doubled>''|``|’’|‘‘)"
)
_MAY_BEGIN = re.compile(rf"[{_DASHES}{_UNSEEN}\ufb00-\ufb06….'`’‘]|[^\S ]| (?=\s)")
"""Where a match of `_SPECIAL` may begin in a text without accents of their own and Hangul."""
_ACCENTED = re.compile(rf"[{_ACCENTS}\u1100-\u1112]")
_ONE_SHAPE = {"unseen": "", "space": " ", "dots": "...", "dashes": "-", "doubled": '"'}


@dataclass(frozen=True, slots=True)
class NormalisedText:
    """A text in one typography; character `i` stands for `starts[i]` to `ends[i]` as stored.

    `starts` never decreases. Characters that come from one ligature share its range.
    """

    text: str
    starts: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]

    def stored_starts(self, at: Iterable[int]) -> list[int]:
        """The position as stored of each of some characters."""
        return list(map(self.starts.item, at))

    def stored_ends(self, at: Iterable[int]) -> list[int]:
        """The end as stored of each of some ranges of this text that end at `at`."""
        return [self.ends.item(end - 1) for end in at]


def normalise(text: str, *, line_hyphens: bool = False) -> NormalisedText:
    """The text in one typography.

    A hyphen between letters at a line end is dropped, as in "proce-⏎dure". With `line_hyphens` it
    becomes a `LINE_HYPHEN`, because it may be that of "well-⏎known".

    >>> normalise("The “ofﬁce”  — closed…").text
    'The "office" - closed...'
    """
    import numpy as np  # noqa: PLC0415 - the help of the command line loads this module

    parts = list[str]()
    starts: list[npt.NDArray[np.int64]] = []
    ends: list[npt.NDArray[np.int64]] = []
    places = np.arange(len(text) + 1)
    at = 0
    for found in _specials(text):
        low, high = found.span()
        shown = _shown(found, line_hyphens=line_hyphens)
        parts += (text[at:low].translate(_SHAPES), shown)
        starts += (places[at:low], np.full(len(shown), low))
        ends += (places[at + 1 : low + 1], np.full(len(shown), high))
        at = high
    parts.append(text[at:].translate(_SHAPES))
    starts.append(places[at:-1])
    ends.append(places[at + 1 :])
    return NormalisedText("".join(parts), np.concatenate(starts), np.concatenate(ends))


def _specials(text: str) -> Iterator[re.Match[str]]:
    """The matches of `_SPECIAL`, found in a fifth of the time in most texts."""
    if _ACCENTED.search(text):
        yield from _SPECIAL.finditer(text)
        return
    end = 0
    for place in _MAY_BEGIN.finditer(text):
        found = _SPECIAL.match(text, place.start()) if place.start() >= end else None
        if found is not None:
            end = found.end()
            yield found


def _shown(found: re.Match[str], *, line_hyphens: bool) -> str:
    """What the characters of a match become."""
    if found.lastgroup == "hyphen":
        return LINE_HYPHEN if line_hyphens else ""
    if found.lastgroup == "ligature":
        return unicodedata.normalize("NFKC", found[0])
    if found.lastgroup == "accent":
        return unicodedata.normalize("NFC", found[0]).translate(_SHAPES)
    return _ONE_SHAPE[str(found.lastgroup)]
