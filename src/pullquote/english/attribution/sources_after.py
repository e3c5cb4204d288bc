"""Finds the words that name a source after a cue, or the owner of a noun."""

from __future__ import annotations

from pullquote.english.attribution.sources import (
    ASIDE_LEADS,
    MOST_WORDS,
    Words,
    abbreviates,
    walk_left,
)
from pullquote.english.attribution.tokens import DASHES, Token, is_clitic, is_verb
from pullquote.english.attribution.words import (
    ADVERBS,
    DETERMINERS,
    LEAVE_OUT,
    OBJECT_PRONOUNS,
    PARTICLES,
    POSSESSIVES,
    PREPOSITIONS,
    RELATIVES,
    SUBJECT_PRONOUNS,
    SUBORDINATORS,
    TIME_WORDS,
)

_NO_SOURCE = PREPOSITIONS | SUBORDINATORS | ADVERBS | TIME_WORDS | OBJECT_PRONOUNS | PARTICLES


def possessor_before(tokens: list[Token], at: int) -> Words | None:
    """Who a noun belongs to: "his", "the minister's"; None if it belongs to nobody."""
    here = at - 1
    while here > 0 and here > at - 4 and tokens[here].is_word and not tokens[here].is_capital:
        if tokens[here].low in POSSESSIVES or tokens[here].low in DETERMINERS:
            break
        here -= 1
    if here < 0:
        return None
    if tokens[here].low in POSSESSIVES:
        return here, here + 1
    if tokens[here].low in ("'s", "’s", "'", "’") and here > 0:
        return walk_left(tokens, here, 0), here + 1
    return None


def subject_after(tokens: list[Token], at: int, high: int) -> Words | None:
    """The source that follows its verb, with its appositions: said Mr Roe, the mayor."""
    if at >= high or tokens[at].quoted or not tokens[at].is_word:
        return None
    if tokens[at].low in SUBJECT_PRONOUNS:
        return at, at + 1
    if tokens[at].low in _NO_SOURCE or is_verb(tokens, at):
        return None
    end = phrase_end(tokens, at, high)
    if end <= at or tokens[end - 1].low in ("later", "earlier", "ago"):
        return None
    while end < high and tokens[end].text == "," and end + 1 < high:
        close = _aside_end(tokens, end + 1, high)
        if close is None:
            break
        end = close
    return at, end


def phrase_end(tokens: list[Token], at: int, high: int) -> int:
    """The end of the noun phrase that starts at a token."""
    end = at
    while end < high and end - at < MOST_WORDS:
        token = tokens[end]
        if (token.quoted and end > at) or token.low in ("that", "whether", "if", "because", "when"):
            break
        if token.text == "(":
            close = next((k for k in range(end, min(high, end + 8)) if tokens[k].text == ")"), None)
            if close is None:
                break
            end = close + 1
            continue
        if token.text == "." and abbreviates(tokens[end - 1]) and end + 1 < high:
            end += 1
            continue
        if not token.is_word and not is_clitic(token) and token.text not in ("&", "'", "’"):
            break
        end += 1
    while end > at and tokens[end - 1].low in LEAVE_OUT:
        end -= 1
    return end


def _aside_end(tokens: list[Token], at: int, high: int) -> int | None:
    """The end of an apposition or relative clause that starts after a comma; None if none does."""
    first = tokens[at]
    leads = first.low in ASIDE_LEADS or first.low in DETERMINERS or first.low[:1].isdigit()
    end = next((k for k in range(at, min(high, at + MOST_WORDS)) if _ends(tokens, k)), high)
    plain = not any(is_verb(tokens, k) for k in range(at, end)) and not first.quoted
    if first.low in RELATIVES or first.low == "whose":
        return end
    if not plain or first.low in ("and", "but", "adding", "saying", "while", "as"):
        return None
    return end if leads or end >= high or (first.is_word and end < high) else None


def _ends(tokens: list[Token], at: int) -> bool:
    """Whether an aside ends before a token."""
    return tokens[at].text in (",", ";", ":") or tokens[at].text in DASHES or tokens[at].quoted
