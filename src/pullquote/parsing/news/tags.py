"""Splits tag lines such as "Tags: crime, police" and the run-together "crimeCannabispolice"."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from itertools import pairwise

SECTIONS = frozenset(
    "news local national world international politics business economy finance money markets"
    " opinion comment editorial analysis sport sports culture arts entertainment lifestyle life"
    " travel technology tech science health environment education features weather crime courts"
    " property motoring food fashion books music film television media religion letters"
    " obituaries home region regional metro community"
    " politik wirtschaft kultur gesellschaft panorama wissen meinung regionales lokales"
    " politique économie monde société sciences culture opinions idées"
    " política economía mundo sociedad deportes cultura ciencia opinión"
    " politica economia mondo cronaca esteri".split()
)
"""Names of newspaper sections, in lower case."""

TAGS = SECTIONS | frozenset(
    "accident accidents agriculture aid airline airlines airport alcohol animals army art arson"
    " assault asylum athletics aviation banking banks baseball basketball beach boats boxing"
    " brexit budget building buses cannabis cars charity children cinema climate coast coronavirus"
    " corruption council court covid cricket cycling death deaths defence development diplomacy"
    " disaster disasters diving drink driving drones drought drowning drugs earthquake education"
    " elections election electricity employment energy europe events farming festival ferry fire"
    " fires fishing fisheries flood flooding floods football forest fraud fuel gambling games gas"
    " gender gold golf government guns harbour heritage history hockey homicide horse horses"
    " hospital hospitals hotel hotels housing human humanity immigration industry inflation"
    " internet investment jobs judiciary justice kidnapping king labour land landslide law legal"
    " library marine marijuana medicine meteorology migrants migration military mining missing"
    " money monarchy motorcycles murder museum narcotics nature navy nightlife nuclear oil olympics"
    " parking parliament parks pandemic patong people phuket planning police pollution port"
    " poverty prices prison protest protests public quake railway railways rain rape religion"
    " rescue retail rights road roads robbery royal royals rowing rugby safety sailing sanctions"
    " scam scams school schools sea security sex shipping shooting shops smuggling snow society"
    " space storm strike strikes suicide swimming taxes taxi taxis tennis terrorism thailand theft"
    " tourism tourists trade traffic trafficking trains transport trial tsunami unions"
    " universities university vaccine violence volcano vote war waste water weapons welfare"
    " wildlife women work youth accommodation bangkok britain china france germany india"
    " indonesia japan malaysia russia singapore ukraine usa".split()
)
"""Common tags in newspapers, in lower case. Words of the article are known words as well."""

_SHAPE = re.compile(r"[^\W\d_][\w&'’-]*(?: [\w&'’-]+){0,5}")
_LONGEST_TAG = 24


def may_be_run(text: str) -> bool:
    """Whether a line looks like a run-together tag line: a few words without a full stop."""
    return len(text) <= 100 and _SHAPE.fullmatch(text) is not None


def split_run(text: str, *, words: AbstractSet[str]) -> tuple[str, ...] | None:
    """The tags of a run-together tag line, or None for other lines.

    `words` are the words of the article in lower case, without the words of this line. A tag begins
    at a capital after a letter that is not a capital, and between two known words that are run
    together. A word that cannot be split stays whole. A line of several words is a tag line only if
    some of them are run together.
    """
    if not may_be_run(text):
        return None
    pieces = [
        [tag for part in _before_capitals(word) for tag in _split_word(part, words)]
        for word in text.split(" ")
    ]
    run = any(len(tags) > 1 for tags in pieces)
    alone = len(pieces) == 1 and (run or text[0].islower() or text.lower() in TAGS)
    if not alone and not (run and _all_known(pieces, words)):
        return None
    tags: list[str] = []
    for parts in pieces:
        # A space is inside a tag, as in "human trafficking". It joins the last tag of a word to the
        # first tag of the next word.
        head = [f"{tags.pop()} {parts[0]}"] if tags else parts[:1]
        tags += head + parts[1:]
    return tuple(tags)


def _before_capitals(word: str) -> list[str]:
    """A word, split before each capital that follows a letter that is not a capital."""
    ends = (at for at in range(1, len(word)) if word[at].isupper())
    places = [at for at in ends if word[at - 1].isalpha() and not word[at - 1].isupper()]
    return [word[start:end] for start, end in pairwise([0, *places, len(word)])]


def _all_known(pieces: list[list[str]], words: AbstractSet[str]) -> bool:
    known = (tag.lower() for parts in pieces for tag in parts)
    return all(tag in TAGS or tag in words for tag in known)


def _split_word(word: str, words: AbstractSet[str]) -> list[str]:
    """Split a word into the fewest known words, or return it whole.

    The algorithm finds the shortest path over the letters. A tag costs 2 and a word of the article
    costs 3, so that tags are preferred.
    """
    lower = word.lower()
    if len(lower) != len(word):
        return [word]
    cost: list[float] = [0, *[float("inf")] * len(word)]
    came = [0] * (len(word) + 1)
    for end in range(3, len(word) + 1):
        for start in range(max(0, end - _LONGEST_TAG), end - 2):
            part = lower[start:end]
            price = 2 if part in TAGS else 3 if part in words else float("inf")
            if cost[start] + price < cost[end]:
                cost[end], came[end] = cost[start] + price, start
    if cost[-1] == float("inf"):
        return [word]
    tags: list[str] = []
    end = len(word)
    while end > 0:
        tags.append(word[came[end] : end])
        end = came[end]
    return tags[::-1]
