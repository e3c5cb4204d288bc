"""Finds which words of the previous question to replace, such as "in Singapore"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pullquote.conversation.parsed_question import ParsedQuestion, ProperName
from pullquote.conversation.words import DETERMINERS, PREPOSITIONS, TIME, TIME_NOUNS, words_of

_PLACE = re.compile(
    r"(?i)\b(?:in|on|at|inside|aboard|near|outside)\s+(?:the|an?|his|her|its|their)\s+"
    r"(?:[\w'’-]+\s+){0,2}[\w'’-]+$"
)
"""A place at the end of a question, such as "in the cinema"."""
_RELATIVE = re.compile(r"(?i)(?:last|next|this|that)\b")


@dataclass(frozen=True, slots=True)
class Substitution:
    """`new` replaces `body[start:end]` of the previous question."""

    new: str
    start: int
    end: int


def find_substitution(new: str, before: ParsedQuestion) -> Substitution | None:
    """Find the words that the new words replace; None if that is not clear.

    A time replaces a time, and a name replaces a name if there is only one. New words with a
    preposition replace the words after the same preposition. A phrase that begins
    with "the" or "a" replaces a phrase that ends in the same noun.
    """
    words = words_of(new)
    preposition = words[0].low if words[0].low in PREPOSITIONS and len(words) > 1 else ""
    bare = new[words[1].start :] if preposition else new
    times = [ProperName(m[0], m.start(), m.end()) for m in TIME.finditer(before.body)]
    is_time = TIME.fullmatch(bare) is not None
    olds = times if is_time else [name for name in before.names if not _overlaps(name, times)]
    if preposition:
        same = [old for old in olds if _preposition(old, before) == preposition]
        return _from_preposition(new, same[-1], before) if same else _same_place(new, before)
    if is_time and len(olds) == 1:
        relative = _RELATIVE.match(bare) is not None and _preposition(olds[0], before)
        return _from_preposition(new, olds[0], before) if relative else _in_place(new, olds[0])
    if is_time:
        return None
    if any(word.is_name for word in words_of(bare)):
        plain = len(olds) == 1 and not _is_modifier(olds[0], before)
        if not plain:
            return None
        known = before.body[: olds[0].start].lower().endswith("the ")
        name = re.sub(r"(?i)^the\s+", "", new) if known else new
        return _in_place(re.sub(r"['’]s$", "", name), olds[0])
    return _same_head(new, before)


def _in_place(new: str, old: ProperName) -> Substitution:
    return Substitution(new, old.start, old.end)


def _overlaps(name: ProperName, others: list[ProperName]) -> bool:
    return any(other.start < name.end and name.start < other.end for other in others)


def _preposition(name: ProperName, before: ParsedQuestion) -> str:
    """The preposition before a name, ignoring "the", or an empty string."""
    words = [word.low for word in words_of(before.body[: name.start]) if word.low != "the"]
    return words[-1] if words and words[-1] in PREPOSITIONS else ""


def _from_preposition(new: str, name: ProperName, before: ParsedQuestion) -> Substitution:
    """The substitution for a name, its preposition, and any "the" between them."""
    words = words_of(before.body[: name.start])
    first = words[-2] if words[-1].low == "the" else words[-1]
    return Substitution(new, first.start, name.end)


def _is_modifier(name: ProperName, before: ParsedQuestion) -> bool:
    """Whether a name only modifies a noun: "the Interpol centre"."""
    ahead = words_of(before.body[: name.start])
    behind = words_of(before.body[name.end :])
    return bool(ahead) and ahead[-1].low in DETERMINERS and bool(behind)


def _same_place(new: str, before: ParsedQuestion) -> Substitution | None:
    """Replace a place at the end of the question: "on the ferry" for "in the cinema"."""
    old = _PLACE.search(before.body)
    names = any(word.is_name for word in words_of(new))
    if old is None or names or not _PLACE.fullmatch(new) or _is_time_phrase(old[0]):
        return None
    return Substitution(new, old.start(), old.end())


def _is_time_phrase(words: str) -> bool:
    return any(word.low in TIME_NOUNS or TIME.fullmatch(word.text) for word in words_of(words))


def _same_head(new: str, before: ParsedQuestion) -> Substitution | None:
    """Replace the phrase with the same noun: "the second boat" for "the first boat"."""
    head = words_of(new)[-1].low
    phrase = rf"(?i)\b(?:the|an?|his|her|its|their)\s+(?:[\w'’-]+\s+){{0,2}}?{re.escape(head)}\b"
    found = re.search(phrase, before.body)
    return None if found is None else Substitution(new, found.start(), found.end())
