"""Finds which of the names in a source is its head, and its nouns."""

from __future__ import annotations

from pullquote.english.attribution.names import Mention
from pullquote.english.attribution.tokens import Token
from pullquote.english.attribution.words import DETERMINERS, PREPOSITIONS, RELATIVES

_FIRM_WORDS = 4
"""In "at the builders, " before a name."""


def after_and(mention: Mention, tokens: list[Token]) -> bool:
    """Whether "and" stands right before a name and its title."""
    before = [t for t in tokens if t.end <= mention.start and t.text != "."]
    while before and before[-1].is_capital:
        before.pop()
    return bool(before) and before[-1].low == "and"


def opens(mention: Mention, tokens: list[Token]) -> bool:
    """Whether a source is a full name and what follows it: "Ida Roe, head of the firm Vik"."""
    start = tokens[0].start if mention.title == "" else mention.start
    after = next((token for token in tokens if token.start >= mention.end), None)
    follows = after is not None and (not after.is_word or after.low in PREPOSITIONS)
    return mention.start == start and len(mention.words) > 1 and follows


def explains_noun(mention: Mention, tokens: list[Token]) -> bool:
    """Whether a name in commas says which firm is meant: "director at the builders, Vik Rail,"."""
    before = [token for token in tokens if token.end <= mention.start]
    if len(before) < _FIRM_WORDS or before[-1].text != ",":
        return False
    phrase = before[-_FIRM_WORDS:-1]
    return phrase[0].low in PREPOSITIONS and phrase[1].low in DETERMINERS and phrase[2].is_word


def phrases(tokens: list[Token]) -> list[Token]:
    """The tokens before each preposition or "who": "Ida Roe, chair (of the union), "."""
    found: list[Token] = []
    inside = True
    for token in tokens:
        ends = token.low in PREPOSITIONS or token.low in RELATIVES or token.low == "whose"
        inside = not ends and (inside or not token.is_word)
        if inside:
            found.append(token)
    return found


def head(tokens: list[Token]) -> str:
    """The noun of a phrase: "judge" in "the judge in the case"."""
    words = []
    for token in tokens:
        if token.low in PREPOSITIONS or not token.is_word:
            break
        words.append(token.low)
    return words[-1] if words else ""


def pairs(one: Mention, joined: list[Mention]) -> bool:
    """Whether a name and the next are two people, and not "Work and Pensions Secretary Roe"."""
    alike = (len(one.words) > 1) == (len(joined[0].words) > 1) or not joined[0].person
    return one not in joined and (alike or bool(one.title or joined[0].title))
