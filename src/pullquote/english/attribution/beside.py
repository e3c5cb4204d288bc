"""Claims whose cue stands beside or inside the reported words: "…", said Ida Roe."""

from __future__ import annotations

from dataclasses import replace

from pullquote.english.attribution.claim import Claim, trimmed
from pullquote.english.attribution.contents import after_cue, clause_end, clause_start, has_verb
from pullquote.english.attribution.cue_clause import CueClause
from pullquote.english.attribution.cue_verbs import cue_verbs
from pullquote.english.attribution.sources import Words, phrase_end, subject_after, subject_before
from pullquote.english.attribution.tokens import (
    DASHES,
    PREPOSITIONS,
    RELATIVES,
    TIME_LEADS,
    TIME_WORDS,
)

_FOUND = frozenset("find report show recall".split())
"""Verbs whose past form is often a participle: "a drug found in some teas"."""

_QUESTIONED = frozenset("asked pressed questioned".split())
"""They open what is no claim: "Asked whether he would go, he laughed"."""


def inverted(clause: CueClause) -> Claim | None:
    """The claim of a verb before its source: "…", said Ms Roe, the mayor."""
    start, here = clause.group.start, clause.at + 1
    if not _can_be_inverted(clause) or here >= clause.stop:
        return None
    source = subject_after(clause.tokens, here, clause.stop)
    if source is None or not _fits_inverted(clause, source):
        return None
    return _around(clause, source, start, source[1], here)


def _can_be_inverted(clause: CueClause) -> bool:
    """Whether the verb can stand before its source."""
    plain = not clause.group.has_auxiliary and clause.verb.kind != "ing"
    addressed = "a" in clause.verb.frames and clause.verb.lemma not in ("ask", "warn", "promise")
    return plain and not addressed


def _fits_inverted(clause: CueClause, source: Words) -> bool:
    """Whether what stands before the verb and after the source is reported words."""
    start = clause.group.start
    if start == 0:
        return source[1] < clause.stop and clause.tokens[source[1]].text == ":"
    before = clause.tokens[start - 1]
    if before.quoted:
        return True
    first_end = phrase_end(clause.tokens, source[0], clause.stop)
    return (
        before.text in (",", *DASHES)
        and "o" not in clause.verb.frames
        and not has_verb(clause.tokens, source[0], first_end)
        and (subject_before(clause.tokens, start) is None or _ends_sentence(clause, source))
    )


def _ends_sentence(clause: CueClause, source: Words) -> bool:
    """Whether the sentence ends after a source, and is a clause before the verb."""
    before = clause_start(clause.tokens, clause.group.start)
    if clause.tokens[source[0]].low in TIME_LEADS:
        return False
    return source[1] >= clause.stop and has_verb(clause.tokens, before, clause.group.start - 1)


def beside(clause: CueClause) -> Claim | None:
    """The claim of a source and verb beside the words: "…", he said, "…"."""
    source = subject_before(clause.tokens, clause.group.start)
    if source is None or source[0] == 0:
        return None
    end = _beside_end(clause)
    after_quote = clause.tokens[source[0] - 1].quoted
    if not after_quote and not _fits_beside(clause, source, end):
        return None
    return _around(clause, source, source[0], end, clause.at + 1)


def _fits_beside(clause: CueClause, source: Words, end: int) -> bool:
    """Whether the words before a comma are reported, and not those after the verb."""
    tokens, stop = clause.tokens, clause.stop
    if tokens[source[0] - 1].text not in (",", *DASHES) or tokens[source[0]].low in RELATIVES:
        return False
    if "o" in clause.verb.frames and not _adjunct_follows(clause):
        return False
    if _modifies(clause, source):
        return False
    if end >= stop:
        return _says_something(clause, source[0] - 1)
    if tokens[end].quoted or tokens[end].text not in (",", *DASHES, ";"):
        return False
    return end + 1 >= stop or not tokens[end + 1].quoted or not _opens_quote(clause, end + 1)


def _modifies(clause: CueClause, source: Words) -> bool:
    """Whether the verb is a participle after a noun: "ferolan, a drug found in some teas"."""
    if (
        clause.verb.lemma not in _FOUND
        or clause.group.has_auxiliary
        or clause.at + 2 >= clause.stop
    ):
        return False
    single = clause.tokens[source[0]].low in ("a", "an")
    after, last = clause.tokens[clause.at + 1 : clause.at + 3]
    return single and after.low in PREPOSITIONS and last.low not in TIME_WORDS | TIME_LEADS


def _says_something(clause: CueClause, end: int) -> bool:
    """Whether the words before a comma are a quotation, or a clause that is no question's."""
    if clause.tokens[0].low in _QUESTIONED and not clause.tokens[0].quoted:
        return any(token.quoted for token in clause.tokens[:end])
    return has_verb(clause.tokens, 0, end) or any(token.quoted for token in clause.tokens[:end])


def _opens_quote(clause: CueClause, at: int) -> bool:
    """Whether a quotation starts with a whole sentence: it does not go on with words before it."""
    first = next((token for token in clause.tokens[at : at + 3] if token.is_word), None)
    return first is not None and first.is_capital and first.text not in ("I", "I'm", "I’m")


def _adjunct_follows(clause: CueClause) -> bool:
    """Whether no object follows the verb."""
    if clause.at + 1 >= clause.stop:
        return True
    after = clause.tokens[clause.at + 1]
    return not after.is_word or after.low in PREPOSITIONS or after.low in TIME_WORDS


def _beside_end(clause: CueClause) -> int:
    """Where what belongs to the cue ends: told him on Monday."""
    here, stop = clause.at + 1, clause.stop
    end = after_cue(clause.tokens, here, stop, addressee="a" in clause.verb.frames)
    marks = (",", ";", ":", *DASHES)
    limit = next(
        (k for k in range(here, stop) if clause.tokens[k].quoted or clause.tokens[k].text in marks),
        stop,
    )
    return min(end, limit) if has_verb(clause.tokens, here, limit) else limit


def _around(clause: CueClause, source: Words, low: int, high: int, cue_end: int) -> Claim | None:
    """The words before `low`, and after `high` if they go on there."""
    start = clause_start(clause.tokens, low)
    before = trimmed(clause.tokens, start, low)
    quoted = low > 0 and clause.tokens[low - 1].quoted
    if quoted:
        before = _without_prefix(clause, before)
    here = high
    while here < clause.stop and not clause.tokens[here].quoted:
        if clause.tokens[here].text in (",", ":", *DASHES) or (
            quoted and clause.tokens[here].low in ("and", "but", "then", "that")
        ):
            here += 1
        else:
            break
    rest = (here, here)
    if high < clause.stop and here < clause.stop and clause.tokens[high].text != ";":
        if clause.tokens[here].quoted:
            rest = (here, _quoted_end(clause, here))
        elif not quoted and here > high and not _breaks(clause, here):
            rest = (here, clause_end(clause.tokens, here, embedded=False))
    found = clause.claim(source, cue_end, before, rest)
    return None if found is None else replace(found, beside=True)


def _without_prefix(clause: CueClause, before: Words) -> Words:
    """The quoted words without other words and a comma before them: Asked why, "…", he said."""
    start, end = before
    at = end
    while at > start and clause.tokens[at - 1].quoted:
        at -= 1
    if at - start == 1 and at < end and clause.tokens[start].low in ("but", "and", "still", "yet"):
        return at, end
    if at > start and clause.tokens[at - 1].text in (",", ":", *DASHES):
        return at, end
    claimed = any(start <= claim.cue[0][0] < at for claim in clause.earlier)
    return (at, end) if claimed and at < end else before


def _quoted_end(clause: CueClause, at: int) -> int:
    """The end of the quoted tokens from a token."""
    while at < clause.stop and clause.tokens[at].quoted:
        at += 1
    return at


def _breaks(clause: CueClause, at: int) -> bool:
    """Whether the words after a parenthesis belong to something else: ", he said, adding"."""
    verb = cue_verbs().get(clause.tokens[at].low)
    ing = verb is not None and verb.kind == "ing"
    return ing or clause.tokens[at].low in ("who", "while", "although", "according")
