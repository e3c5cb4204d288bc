"""Compares an answer with the accepted answers, exactly as SQuAD's evaluation does.

Source: SQuAD's evaluate-v1.1.py and evaluate-v2.0.py; Rajpurkar et al., EMNLP 2016 and ACL 2018.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Sequence

RIGHT_F1 = 0.6
"""The lowest token F1 of a right answer. A span of two words may lack one word or have one more."""

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_NO_PUNCTUATION = str.maketrans(dict.fromkeys(string.punctuation, ""))


def squad_normalised(words: str) -> str:
    """The words in lower case, without ASCII punctuation, English articles or extra white space.

    This makes figures comparable with published ones. `answers.normalise`, which is used to merge
    answers, is different: it turns "3-2" into two numbers, whereas this function turns it into 32.
    """
    return " ".join(_ARTICLES.sub(" ", words.lower().translate(_NO_PUNCTUATION)).split())


def exact_match(answer: str, gold: Sequence[str]) -> bool:
    """Whether an answer equals an accepted answer after SQuAD's normalisation."""
    found = squad_normalised(answer)
    return any(found == squad_normalised(accepted) for accepted in gold)


def contains(answer: str, gold: Sequence[str]) -> bool:
    """Whether an answer contains the words of an accepted answer, after SQuAD's normalisation."""
    padded = f" {squad_normalised(answer)} "
    wanted = (squad_normalised(accepted) for accepted in gold)
    return any(f" {words} " in padded for words in wanted if words)


def token_f1(answer: str, gold: Sequence[str]) -> float:
    """The best token F1, 0 to 1, of an answer and an accepted answer; 0 if none are accepted.

    If normalisation leaves nothing of an answer, its F1 is 1 if both are empty, otherwise 0.
    """
    found = squad_normalised(answer).split()
    return max((_f1(found, squad_normalised(accepted).split()) for accepted in gold), default=0.0)


def is_right(answer: str, gold: Sequence[str]) -> bool:
    """Whether an answer contains an accepted one, or has a token F1 of `RIGHT_F1` or more."""
    return contains(answer, gold) or token_f1(answer, gold) >= RIGHT_F1


def _f1(found: Sequence[str], wanted: Sequence[str]) -> float:
    if not found or not wanted:
        return float(found == wanted)
    shared = sum((Counter(found) & Counter(wanted)).values())
    return 2 * shared / (len(found) + len(wanted))
