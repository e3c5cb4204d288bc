"""Compares an answer with the accepted ones, exactly as SQuAD's evaluation does.

Source: SQuAD's evaluate-v1.1.py and evaluate-v2.0.py; Rajpurkar et al., EMNLP 2016 and ACL 2018.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Sequence

RIGHT_F1 = 0.6
"""Token F1 from which an answer is right: a span of two words may miss or add one."""

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_NO_PUNCTUATION = str.maketrans(dict.fromkeys(string.punctuation, ""))


def squad_normalised(words: str) -> str:
    """The words in lower case, without ASCII punctuation, English articles and extra white space.

    This makes figures comparable with published ones. `answers.normalise`, which merges answers,
    differs: there "3-2" is two numbers, here it is 32.
    """
    return " ".join(_ARTICLES.sub(" ", words.lower().translate(_NO_PUNCTUATION)).split())


def exact_match(answer: str, gold: Sequence[str]) -> bool:
    """Whether an answer equals an accepted one after SQuAD's normalisation."""
    found = squad_normalised(answer)
    return any(found == squad_normalised(accepted) for accepted in gold)


def contains(answer: str, gold: Sequence[str]) -> bool:
    """Whether an answer contains the words of an accepted one after SQuAD's normalisation."""
    padded = f" {squad_normalised(answer)} "
    wanted = (squad_normalised(accepted) for accepted in gold)
    return any(f" {words} " in padded for words in wanted if words)


def token_f1(answer: str, gold: Sequence[str]) -> float:
    """The best token F1, 0 to 1, of an answer against the accepted ones; 0 when there are none.

    If normalisation leaves one of the two empty, it is 1 where both are empty, otherwise 0.
    """
    found = squad_normalised(answer).split()
    return max((_f1(found, squad_normalised(accepted).split()) for accepted in gold), default=0.0)


def is_right(answer: str, gold: Sequence[str]) -> bool:
    """Whether an answer contains an accepted one or has a token F1 of `RIGHT_F1` with it."""
    return contains(answer, gold) or token_f1(answer, gold) >= RIGHT_F1


def _f1(found: Sequence[str], wanted: Sequence[str]) -> float:
    if not found or not wanted:
        return float(found == wanted)
    shared = sum((Counter(found) & Counter(wanted)).values())
    return 2 * shared / (len(found) + len(wanted))
