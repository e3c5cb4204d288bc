"""Finds the reported words before and after a cue."""

from __future__ import annotations

from pullquote.english.attribution.cue_verbs import cue_verbs
from pullquote.english.attribution.sources import Words, phrase_end
from pullquote.english.attribution.tokens import (
    ADVERBS,
    AUXILIARIES,
    DASHES,
    DETERMINERS,
    MODALS,
    OBJECT_PRONOUNS,
    POSSESSIVES,
    PREPOSITIONS,
    STOPS,
    SUBJECT_PRONOUNS,
    TIME_LEADS,
    TIME_WORDS,
    Token,
    is_verb,
)

_OPENERS = frozenset("that whether if how what why who when where".split())
_CONTRAST = frozenset("but though although while whereas yet".split())
_MOST_ADJUNCT = 14
"""Words between a cue and its content: "told reporters in Lusaka on Monday"."""


def sentence_stop(tokens: list[Token], at: int) -> int:
    """The end of the sentence's words: before its last stop, unless that is in quote marks."""
    end = len(tokens)
    while end > at and not tokens[end - 1].quoted and tokens[end - 1].text in STOPS:
        end -= 1
    return end


def clause_end(tokens: list[Token], at: int, *, embedded: bool) -> int:
    """The end of the reported clause that starts at a token.

    An embedded one ("if police say it was arson, …") ends at a comma.
    """
    stop = sentence_stop(tokens, at)
    for here in range(at, stop):
        token = tokens[here]
        if token.quoted:
            continue
        if token.text == ";":
            return here
        if token.text == ":" and at + 2 < here < stop - 1 and tokens[here + 1].quoted:
            return here
        if token.low in ("and", "but") and at < here < stop - 2:
            verb = cue_verbs().get(tokens[here + 1].low)
            speaks = verb is not None and "q" in verb.frames and verb.kind in ("past", "third")
            if speaks and verb is not None and not verb.frames & {"o", "i"}:
                return here
        if token.text in (",", *DASHES) and _ends_clause(tokens, here, stop, embedded):
            return here
    return stop


def _ends_clause(tokens: list[Token], comma: int, stop: int, embedded: bool) -> bool:
    """Whether the reported words end at a comma or dash."""
    after = tokens[comma + 1] if comma + 1 < stop else None
    if after is None:
        return True
    if after.low == "according" or (after.low in _CONTRAST and tokens[comma].text == ","):
        return True
    verb = cue_verbs().get(after.low)
    if after.low in ("and", "but") and comma + 2 < stop:
        finite = cue_verbs().get(tokens[comma + 2].low)
        if finite is not None and finite.kind in ("past", "third") and "q" in finite.frames:
            return True
    if verb is not None and verb.kind == "ing" and verb.frames & {"q", "c", "t"}:
        return True
    if tokens[comma].text == "," and _other_verb(tokens, comma + 1, stop):
        return True
    return embedded and tokens[comma].text == ","


def _other_verb(tokens: list[Token], at: int, stop: int) -> bool:
    """Whether a verb without a subject follows a comma: ", and passed her to"."""
    if at >= stop or tokens[at].low not in ("and", "then"):
        return False
    at += 1
    if at + 1 >= stop or tokens[at].quoted or tokens[at].low in AUXILIARIES:
        return False
    return is_verb(tokens, at) and tokens[at + 1].low not in ("in", "by", "on", "at", "with")


def after_cue(
    tokens: list[Token],
    at: int,
    stop: int,
    *,
    addressee: bool,
    openers: frozenset[str] = frozenset(),
) -> int:
    """Where the content starts after a verb: after an addressee, days and places.

    If no clear start follows them, it is the token after the verb.
    """
    here = at
    if addressee:
        here = _after_addressee(tokens, here, stop)
    start = here
    while here < stop and here - at < _MOST_ADJUNCT:
        if tokens[here].text == "," and here + 1 < stop and tokens[here + 1].quoted:
            return here + 1
        if _opens_content(tokens, here) or tokens[here].low in openers:
            break
        skipped = _after_adjunct(tokens, here, stop)
        if skipped == here:
            break
        here = skipped
    opens = here < stop and (_opens_clause(tokens, here, stop) or tokens[here].low in openers)
    if here < stop and here != start and not opens:
        here = start
    return _after_that(tokens, here, stop)


def _after_that(tokens: list[Token], at: int, stop: int) -> int:
    """The first word of a clause, without "that" and without a comma or colon."""
    if (
        at + 1 < stop
        and not tokens[at].quoted
        and tokens[at].text in (",", ":")
        and (tokens[at].text == ":" or tokens[at + 1].quoted or tokens[at + 1].low == "that")
    ):
        at += 1
    if at < stop and tokens[at].low == "that" and at + 1 < stop:
        at += 1
        while at < stop and not tokens[at].quoted and tokens[at].text == ",":
            at += 1
    return at


def _opens_content(tokens: list[Token], at: int) -> bool:
    """Whether content surely starts at a token."""
    token = tokens[at]
    return token.quoted or token.low in _OPENERS or token.text == ":"


def _opens_clause(tokens: list[Token], at: int, stop: int) -> bool:
    """Whether a clause can start at a token, after an adjunct."""
    token = tokens[at]
    if _opens_content(tokens, at):
        return True
    if token.low in SUBJECT_PRONOUNS or token.low in DETERMINERS or token.low in POSSESSIVES:
        return has_verb(tokens, at, stop)
    return (token.is_word and token.low not in PREPOSITIONS) and has_verb(tokens, at, stop)


def has_verb(tokens: list[Token], at: int, stop: int) -> bool:
    """Whether the words up to `stop` have a finite verb, as a clause does."""
    return any(
        (not token.quoted and (token.low in MODALS or is_verb(tokens, here)))
        or (token.low.endswith("s") and here > at and token.low in cue_verbs())
        for here, token in enumerate(tokens[at:stop], at)
    )  # fmt: skip


def _after_addressee(tokens: list[Token], at: int, stop: int) -> int:
    """The end of whom the words are for: "told Radio Alazani that"."""
    if at >= stop or tokens[at].quoted:
        return at
    if tokens[at].low in OBJECT_PRONOUNS:
        return at + 1
    end = at
    while end < stop and end - at < _MOST_ADJUNCT:
        token, before = tokens[end], tokens[end - 1]
        if token.quoted or token.low in _OPENERS or token.low in ("to", "about", "for"):
            break
        if end > at and (token.low in SUBJECT_PRONOUNS or token.low in TIME_WORDS):
            break
        if end > at and token.low in DETERMINERS and before.low not in PREPOSITIONS:
            break
        if token.low in ("on", "in", "at", "during", "after") and end > at:
            break
        new_name = end > at and token.is_capital and not before.is_capital and before.is_word
        if new_name and before.low not in DETERMINERS and before.low not in PREPOSITIONS:
            break
        if token.text == ",":
            return _after_apposition(tokens, end, stop)
        if not token.is_word and token.text not in ("'s", "’s"):
            break
        end += 1
    return end


def _after_apposition(tokens: list[Token], comma: int, stop: int) -> int:
    """The end of an addressee with an apposition: "told the clerk, Ida Roe, that"; or the comma."""
    for at in range(comma + 1, min(stop, comma + 9)):
        if tokens[at].text == "," and at + 1 < stop:
            after = tokens[at + 1]
            opens = after.quoted or after.low in _OPENERS or after.low in ("to", "for", "about")
            return at + 1 if opens or after.low in SUBJECT_PRONOUNS else comma
    return comma


def _after_adjunct(tokens: list[Token], at: int, stop: int) -> int:
    """The end of a day, a place or an occasion that starts at a token; `at` if none does."""
    token = tokens[at]
    if token.low in ADVERBS or token.low in TIME_WORDS:
        return at + 1
    if token.low in TIME_LEADS and at + 1 < stop and tokens[at + 1].low in TIME_WORDS:
        return at + 2
    if token.low in PREPOSITIONS or token.low in ("after", "before", "since"):
        end = at + 1
        while end < stop and end - at < _MOST_ADJUNCT:
            here, before = tokens[end], tokens[end - 1]
            if not here.is_word or here.quoted or here.low in _OPENERS:
                break
            if end > at + 1 and here.low in PREPOSITIONS | TIME_WORDS | TIME_LEADS:
                break
            if end > at + 1 and here.low in SUBJECT_PRONOUNS:
                break
            if end > at + 1 and here.low in DETERMINERS and before.low not in DETERMINERS:
                break
            end += 1
        return end
    return at


def object_end(tokens: list[Token], at: int, *, embedded: bool) -> int:
    """The end of an object: it may go on over commas only like a clause does."""
    end = clause_end(tokens, at, embedded=embedded)
    for here in range(at + 1, end):
        token = tokens[here]
        if token.quoted:
            continue
        if token.text == "," and not _lists(tokens, here, end):
            end = here
            break
        if token.low in ("and", "but") and has_verb(tokens, here + 1, end):
            end = here
            break
    return _before_time(tokens, at, end)


def _before_time(tokens: list[Token], at: int, end: int) -> int:
    """The end of an object without a day or a year after it."""
    if end - at > 3 and tokens[end - 2].low in ("on", "in", "since", "last", "this", "by"):
        last = tokens[end - 1]
        year = last.text.isdigit() and len(last.text) == 4
        if (year or last.low in TIME_WORDS) and not last.quoted:
            return end - 2
    return end


def _lists(tokens: list[Token], comma: int, end: int) -> bool:
    """Whether a comma stands in a list or before a relative clause rather than after the object."""
    after = tokens[comma + 1] if comma + 1 < end else None
    return after is not None and after.low in ("which", "who", "including", "not", "as", "and")


def clause_start(tokens: list[Token], end: int) -> int:
    """Where the words start that end before a cue: after a semicolon, or with the sentence."""
    start = 0
    for here in range(end):
        token = tokens[here]
        if token.quoted:
            continue
        if token.text in (";", ":") and here + 1 < end:
            start = here + 1
    while start < end and tokens[start].low in ("and", "but") and start > 0:
        start += 1
    return start


def object_words(tokens: list[Token], at: int, stop: int) -> Words:
    """A plain noun phrase."""
    return at, phrase_end(tokens, at, stop)
