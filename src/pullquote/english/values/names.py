"""Parses names of people, organisations and places."""

from __future__ import annotations

import re
import string
import unicodedata
from functools import lru_cache

from pullquote.english.values.models import Name
from pullquote.english.word_lists import SURE_TITLES

CACHED = 1000
"""Texts whose normal form is remembered. Each of a question's spans is compared many times."""

_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_PUNCTUATION = str.maketrans(
    dict.fromkeys((set(string.punctuation) - set("$%")) | set("“”‘’«»\u2010\u2011–—…−"), " ")
)
_MINUS = re.compile(r"(?<![^\W_])[-−–](?=[.$£€]?\d)")


@lru_cache(maxsize=CACHED)
def normalise(words: str) -> str:
    """The words in lower case, without punctuation, articles and extra spaces, for comparison.

    Based on the SQuAD evaluation (Rajpurkar et al., EMNLP 2016), with two differences. Punctuation
    becomes a space instead of being deleted, so "3-2" remains two numbers. Signs are kept, so "-5",
    "$5" and "5%" differ from "5".
    """
    signed = _MINUS.sub("minus ", words.casefold())
    return " ".join(_ARTICLES.sub(" ", signed.translate(_PUNCTUATION)).split())


def without_accents(words: str) -> str:
    """The words without accents: "Zoltan" for "Zoltán"."""
    if words.isascii():
        return words
    apart = unicodedata.normalize("NFKD", words)
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


LONGEST_NAME = 8
"""In words, without small ones."""

_WORD = re.compile(r"\w[\w'’.-]*")
_SMALL = frozenset("of the and de la le du des van von der den el al bin for in to on at".split())

CHANGES_WHO = frozenset(
    "deputy vice assistant acting shadow new north northern south southern east eastern west "
    "western".split()
)
"""Words that change whom a name means: "Deputy Prime Minister", "Northern Ireland"."""


def is_name(words: str) -> bool:
    """Whether at least half of the words begin with a capital letter, as in names.

    "the Isle of Man" and "Malibu rum" are names; small words do not count.
    """
    counted = _words(words)
    capitals = [word for word in counted if word[0].isupper()]
    return bool(capitals) and len(counted) <= LONGEST_NAME and 2 * len(capitals) >= len(counted)


def is_part_of_name(one: str, other: str) -> bool:
    """Whether one of two names ends the other, as "DiCaprio" ends "actor Leonardo DiCaprio"."""
    if not (is_name(one) and is_name(other)):
        return False
    shorter, longer = sorted((_capitals(one), _capitals(other)), key=len)
    before = longer[: -len(shorter)]
    return longer[-len(shorter) :] == shorter and not CHANGES_WHO.intersection(before)


def _capitals(name: str) -> list[str]:
    """The words with a capital letter, in lower case."""
    return [word.casefold() for word in _words(name) if word[0].isupper()]


def _words(name: str) -> list[str]:
    return [word for word in _WORD.findall(name) if word.lower() not in _SMALL]


_TITLES = SURE_TITLES | frozenset(
    "baron fr prime pol executive saint chair vice acting former".split()
)
_SUFFIXES = frozenset(
    "jr sr ii iii mp obe cbe mbe phd ltd limited plc inc corp corporation co llc gmbh ag sa nv "
    "bv".split()
)
_BEFORE = frozenset("in at near from by to on of off outside into the a an".split())
_JOINING = frozenset("of for in at the and".split())
_TOKEN = re.compile(r"[^\W_]+(?:\.[^\W_]+)+\.?|[^\W_]+")
_POSSESSIVE = re.compile(r"(?i)(?<=\w)[’']s?(?!\w)")
_BRACKETS = re.compile(r"\s*\([^()]*\)")
_ACRONYM = re.compile(r"[A-Z]{2,6}s?")


def name_of(words: str) -> Name | None:
    """The name that words give; None where fewer than half of them have a capital letter."""
    plain = _BRACKETS.sub("", _POSSESSIVE.sub("", words)).strip() or words
    if not is_name(plain):
        return None
    head, *rest = plain.split(",")
    tokens = _tokens(head)
    while len(tokens) > 1 and tokens[0].casefold() in _BEFORE:
        tokens.pop(0)
    while len(tokens) > 1 and tokens[-1].casefold() in _SUFFIXES:
        tokens.pop()
    titles = _titles(tokens) if tokens else []
    name = tokens[len(titles) :]
    if all(token.casefold() == "the" for token in name):
        return None
    return Name(
        words=tuple(token.casefold() for token in name if token.casefold() != "the"),
        titles=tuple(title.casefold() for title in titles),
        within=tuple(word.casefold() for word in _tokens(" ".join(rest)) if word[0].isupper()),
        acronym=len(name) == 1 and _ACRONYM.fullmatch(name[0]) is not None,
    )


def _tokens(words: str) -> list[str]:
    """The words without accents; acronyms without their full stops."""
    return [token.replace(".", "") for token in _TOKEN.findall(without_accents(words))]


def _titles(tokens: list[str]) -> list[str]:
    """The titles and roles before a name: "Governor", "police chief"."""
    count = 0
    while count < len(tokens) - 1 and (
        tokens[count].casefold() in _TITLES or tokens[count][0].islower()
    ):
        count += 1
    if tokens[count].casefold() in _JOINING | _TITLES or (count and tokens[count - 1] in _JOINING):
        return []
    return tokens[:count]


def spells(acronym: str, words: tuple[str, ...]) -> bool:
    """Whether an acronym has the first letters of words, with or without the small ones."""
    large = [word for word in words if word not in _JOINING]
    if len(large) < 2:
        return False
    return acronym in ("".join(w[0] for w in large), "".join(w[0] for w in words))
