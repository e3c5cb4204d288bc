"""Says which words that a quotation leaves out or adds may change its sense."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Final

from pullquote.english.values import Relation, compare, values_in
from pullquote.newsroom.checking.normalise import normalise
from pullquote.newsroom.checking.words import Mark, fold_case

_KINDS: Final[Mapping[str, frozenset[str]]] = {
    "negation": frozenset(
        "not no never none nobody nothing nowhere neither nor without cannot hardly scarcely "
        "barely rarely seldom unlikely deny denies denied denying fail fails failed failing "
        "failure refuse refuses refused refusing reject rejects rejected lack lacks lacked false "
        "untrue".split()
    ),
    "hedge": frozenset(
        "may might could would should perhaps maybe possibly possible probably probable likely "
        "apparently allegedly alleged reportedly reported supposedly seemingly seems seem seemed "
        "appears appear appeared suggest suggests suggested suspected almost nearly roughly "
        "approximately partly largely mostly sometimes some believe believes believed claims "
        "claimed estimated expected".split()
    ),
    "condition": frozenset(
        "if unless until provided providing assuming except only whether otherwise depending "
        "subject".split()
    ),
}
"""Words in lower case, by what they are. "n't" at the end of a word is a negation too."""

_WEAK: Final = frozenset(
    "lack lacks lacked failure false untrue some sometimes reported estimated expected suggest "
    "suggests suggested claims claimed almost nearly roughly approximately partly largely mostly "
    "probable possible".split()
)
"""Those that often have their sense for themselves, as in "slower than expected"."""

_NEGATING = ("un", "in", "im", "il", "ir", "dis", "non", "mis", "anti")
"""How a word may begin that means the opposite of the rest of it."""
_SAME_LETTERS = 3


def reverses(one: str, other: str) -> bool:
    """Whether one of two forms of a word, in lower case, denies what the other says.

    >>> reverses("didn't", "did"), reverses("unlikely", "likely"), reverses("played", "plays")
    (True, True, False)
    """
    if (sense_of(one) == "negation") != (sense_of(other) == "negation"):
        return True
    if one.endswith("less") != other.endswith("less"):
        return True
    return _denies(one, other) or _denies(other, one)


def _denies(longer: str, word: str) -> bool:
    """Whether a word is another with a negating beginning."""
    rest = (longer[len(start) :].lstrip("-") for start in _NEGATING if longer.startswith(start))
    return any(one[:_SAME_LETTERS] == word[:_SAME_LETTERS] for one in rest if one)


def sense_of(word: str) -> str | None:
    """What a word does to the sense of others: "negation", "hedge" or "condition"; or None.

    >>> sense_of("Didn't"), sense_of("would"), sense_of("bridge")
    ('negation', 'hedge', None)
    """
    low = fold_case(word)
    if low.endswith("n't"):
        return "negation"
    return next((kind for kind, words in _KINDS.items() if low in words), None)


def alters(word: str) -> bool:
    """Whether a sentence without this word of it says another thing: a negation, or a hedge.

    >>> alters("never"), alters("allegedly"), alters("expected"), alters("if")
    (True, True, False, False)
    """
    return sense_of(word) in ("negation", "hedge") and fold_case(word) not in _WEAK


def sense_places(words: Sequence[str]) -> list[int]:
    """Which of some words in a row change the sense of others; not "May 2023" or "No. 10".

    >>> sense_places("It may open in May .".split())
    [1]
    """
    return [
        at
        for at, word in enumerate(words)
        if sense_of(word) is not None and not _is_name(word, words[at + 1 : at + 3])
    ]


def _is_name(word: str, after: Sequence[str]) -> bool:
    """Whether it is the month of May, or stands for "number"."""
    number = next((one for one in after if one != "."), "")
    return word == "May" or (word in ("No", "Nos") and number[:1].isdigit())


def sense_words(words: Sequence[str]) -> dict[str, str]:
    """The distinct words in lower case that change the sense of others, each with its kind."""
    low = dict.fromkeys(fold_case(words[at]) for at in sense_places(words))
    return {word: kind for word in low if (kind := sense_of(word)) is not None}


_LONGEST_CHANGE = 6
"""In letters. A bracket inside a word changes at most so many letters of the article's word."""
_SHORT = 5
"""In letters. Of a longer word, the bracket leaves more than half."""
_NAME_ENDINGS = frozenset(["", "s", "es", "'s", "s'", "'", "d", "ed", "ing", "n", "an"])


def is_form_of(mark: Mark, stored: str) -> bool:
    """Whether a bracket inside a word makes another form of a word of the article.

    "play[ed]" is a form of "plays". "did[n't]" is none of "did", "[b]illion" none of "million", and
    "Ro[berts]" none of "Roe".
    """
    before, word, after = (
        fold_case(normalise(one).text) for one in (mark.before, mark.word, mark.after)
    )
    low = fold_case(stored)
    left = len(low) - len(before) - len(after)
    if not before or not (low.startswith(before) and low.endswith(after)):
        return False
    if not 0 <= left <= _LONGEST_CHANGE or reverses(word, low) or _other_value(word, low):
        return False
    if stored[0].isupper():
        rest = low[len(before) : len(low) - len(after)]
        shown = word[len(before) : len(word) - len(after)]
        return {rest, shown} <= _NAME_ENDINGS
    return len(low) <= _SHORT or 2 * (len(before) + len(after)) > len(low)


def _other_value(one: str, other: str) -> bool:
    """Whether two words are figures or times, and different ones: "s[even]" and "six"."""
    pairs = product(values_in(one), values_in(other))
    return any(compare(a.value, b.value) is Relation.DIFFERENT for a, b in pairs)
