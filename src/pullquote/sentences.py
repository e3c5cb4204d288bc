"""Finds the sentences of a text with sentencex, and corrects its errors after abbreviations."""

from __future__ import annotations

import re

import sentencex

# Titles and abbreviations in news, after which sentencex (1.0.32) wrongly ends a sentence.
_ABBREVIATION = re.compile(
    r"(?:^|[\W_])"
    r"(?:Mr|Mrs|Ms|Mx|Dr|Prof|Rev|Fr|Sr|Sra|Srta|Jr|St|Gen|Maj|Brig|Col|Lt|Capt|Cmdr|Adm|Sgt|Cpl|"
    r"Pol|Det|Con|Insp|Supt|Supts|Asst|Dep|Gov|Sen|Rep|Hon|Pres|Min|Amb|Atty|No|Nos|vs|approx|"
    r"ca|cf|e\.g|i\.e|et al|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|M|Mme|Mlle|Mt|Ft)\.\s*$"
)


def sentence_spans(text: str, language: str = "en") -> list[tuple[int, int]]:
    """The half-open range of each sentence of a text, in order, without surrounding white space.

    `language` is a BCP 47 tag. Together the ranges contain every character that is not white space.
    """
    primary = re.split("[-_]", language.lower())[0]  # sentencex knows "de" but not "de-CH"
    spans: list[tuple[int, int]] = []
    joins_next = False
    for boundary in sentencex.get_sentence_boundaries(primary, text):
        start, end = trim(text, boundary["start_index"], boundary["end_index"])
        if start == end:
            continue
        if joins_next:
            start = spans.pop()[0]
        spans.append((start, end))
        joins_next = _ABBREVIATION.search(text, max(0, start - 1, end - 12), end) is not None
    return spans


def sentence_around(text: str, start: int, end: int, language: str = "en") -> tuple[int, int]:
    """The range that covers every sentence overlapping `start` to `end`."""
    touched = [s for s in sentence_spans(text, language) if s[0] < end and start < s[1]]
    return (min(start, touched[0][0]), max(end, touched[-1][1])) if touched else (start, end)


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """The range without white space at its ends; empty, at `start`, if it is all white space."""
    inner = text[start:end]
    left = len(inner) - len(inner.lstrip())
    stripped = inner.strip()
    return start + left if stripped else start, start + left + len(stripped) if stripped else start
