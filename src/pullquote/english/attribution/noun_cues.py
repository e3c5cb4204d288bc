"""Claims of cues that are no verbs: "his promise to resign", "according to", "the court heard"."""

from __future__ import annotations

from pullquote.english.attribution.claim import Claim, trimmed
from pullquote.english.attribution.contents import (
    after_cue,
    clause_end,
    clause_start,
    has_verb,
    object_end,
    sentence_stop,
)
from pullquote.english.attribution.sources import (
    Words,
    phrase_end,
    possessor_before,
    subject_after,
    subject_before,
)
from pullquote.english.attribution.tokens import POSSESSIVES, Token
from pullquote.schema.attribution import Manner

_TABLE: tuple[tuple[Manner, str, str], ...] = (
    ("claimed", "that", "claim assertion contention argument suggestion insistence complaint"),
    ("claimed", "of", "claim complaint"),
    ("alleged", "that of", "allegation"),
    ("accused", "that of", "accusation"),
    ("reported", "that of", "report"),
    ("reported", "that", "finding"),
    ("promised", "that to", "promise pledge vow assurance"),
    ("warned", "that of", "warning"),
    ("warned", "that to", "threat"),
    ("asked", "that to for", "demand request call"),
    ("asked", "to", "plea"),
    ("believed", "that of", "fear suspicion"),
    ("believed", "that", "belief hope view opinion conviction concern impression"),
    ("estimated", "that", "estimate prediction forecast"),
    ("announced", "that", "announcement"),
    ("denied", "that", "denial"),
    ("admitted", "that", "admission acknowledgment acknowledgement"),
    ("said", "that", "statement comment remark"),
    ("other", "to that", "proposal plan"),
)

_CUES: dict[str, tuple[Manner, frozenset[str]]] = {}
for _manner, _opens, _nouns in _TABLE:
    for _noun in _nouns.split():
        for _form in (_noun, f"{_noun}s"):
            _earlier = _CUES.get(_form, (_manner, frozenset[str]()))
            _CUES[_form] = (_earlier[0], _earlier[1] | frozenset(_opens.split()))


def noun_claim(tokens: list[Token], at: int) -> Claim | None:
    """The claim of a noun; None if it reports nothing."""
    cue = _CUES.get(tokens[at].low)
    if cue is None:
        return None
    stop = sentence_stop(tokens, at)
    if at + 2 >= stop:
        return None
    source = possessor_before(tokens, at)
    here = at + 1
    if tokens[here].low in ("by", "from") and source is None:
        end = phrase_end(tokens, here + 1, stop)
        source, here = (here + 1, end), end
    if (
        here + 1 >= stop
        or tokens[here].low not in cue[1]
        or (source is None and _holds(tokens, at))
    ):
        return None
    return _opened(tokens, here, source, (at, at + 1), cue[0])


def _holds(tokens: list[Token], at: int) -> bool:
    """Whether a noun says where somebody claims something: "said in a report that"."""
    before = [token.low for token in tokens[max(0, at - 2) : at]]
    return before[:1] in (["in"], ["with"]) and before[1:] in (["a"], ["the"], ["an"])


def _opened(
    tokens: list[Token], here: int, source: Words | None, cue: Words, manner: Manner
) -> Claim | None:
    """The claim whose content a word such as "that" or "of" opens."""
    opener = tokens[here].low
    if opener == "that":
        content = (here + 1, clause_end(tokens, here + 1, embedded=True))
        good = has_verb(tokens, *content)
    elif opener == "to":
        content = (here, clause_end(tokens, here, embedded=True))
        good = source is not None and content[1] - content[0] > 2
    else:
        content = (here + 1, object_end(tokens, here + 1, embedded=True))
        good = source is not None or (opener == "of" and manner in ("alleged", "accused"))
    return Claim((content,), source, (cue,), manner) if good and content[1] > content[0] else None


_COURTS = frozenset(
    "court jury jurors inquest inquiry hearing tribunal magistrate magistrates trial".split()
)

_COUNTS: dict[str, Manner] = {
    **dict.fromkeys(
        ("reckoning", "estimate", "estimates", "calculation", "calculations"), "estimated"
    ),
    **dict.fromkeys(("count", "tally", "account"), "according-to"),
}
"""Nouns that follow "by" and a source: "by a police officer's reckoning"."""
_GIVEN = frozenset("published given released issued provided supplied announced compiled".split())
_FIGURES = frozenset(
    "count figure figures number numbers total totals tally toll estimate estimates sum".split()
)
"""In an apposition, such a participle and noun say whose count it is: "the count given by Roe"."""
_MOST_WORDS = 10
"""Between "by" and such a noun."""


def according(tokens: list[Token], at: int) -> Claim | None:
    """The claim of "according to", which stands before, in or after the words."""
    stop = sentence_stop(tokens, at)
    before = trimmed(tokens, clause_start(tokens, at), at)
    length = before[1] - before[0]
    leads = length < 1 or (length < 2 and tokens[before[0]].low in ("but", "and"))
    source = _source_before_comma(tokens, at + 2, stop) if leads else None
    source = source or subject_after(tokens, at + 2, stop)
    if source is None:
        return None
    return _around(tokens, source, ((at, at + 2),), "according-to", before, leads)


def counted(tokens: list[Token], at: int) -> Claim | None:
    """The claim of "by the reckoning of", or of "by a steward's count"."""
    if (given := _given(tokens, at)) is not None:
        return given
    stop = min(sentence_stop(tokens, at), at + _MOST_WORDS)
    noun = next((k for k in range(at + 2, stop) if tokens[k].low in _COUNTS), None)
    if noun is None:
        return None
    cue: tuple[Words, ...]
    own = noun - (tokens[noun - 1].low == "own")
    if tokens[own - 1].low in ("'s", "’s", "'", "’"):
        source, cue = (at + 1, own), ((at, at + 1), (own, noun + 1))
    elif (
        noun == at + 2
        and tokens[at + 1].low not in POSSESSIVES
        and noun + 2 < stop
        and tokens[noun + 1].low == "of"
    ):
        end = phrase_end(tokens, noun + 2, sentence_stop(tokens, at))
        source, cue = (noun + 2, end), ((at, noun + 2),)
    else:
        return None
    before = trimmed(tokens, clause_start(tokens, at), at)
    leads = before[1] <= before[0]
    return _around(tokens, source, cue, _COUNTS[tokens[noun].low], before, leads)


def _given(tokens: list[Token], at: int) -> Claim | None:
    """The claim of ", the last count published by the ministry", which ends a sentence."""
    comma = next((k for k in range(at - 2, max(0, at - 8), -1) if tokens[k].text == ","), None)
    if comma is None or tokens[at - 1].low not in _GIVEN:
        return None
    if not any(token.low in _FIGURES for token in tokens[comma + 1 : at - 1]):
        return None
    stop = sentence_stop(tokens, at)
    source = (at + 1, phrase_end(tokens, at + 1, stop))
    before = trimmed(tokens, clause_start(tokens, comma), comma)
    if not source[0] < source[1] == stop or not has_verb(tokens, *before):
        return None
    return Claim((before,), source, ((comma + 1, at + 1),), "according-to")


def _around(
    tokens: list[Token],
    source: Words,
    cue: tuple[Words, ...],
    manner: Manner,
    before: Words,
    leads: bool,
) -> Claim:
    """The claim of the words before a cue and its source, and of those after it if it leads."""
    stop = sentence_stop(tokens, source[0])
    rest = max(source[1], cue[-1][1])
    if rest < stop and tokens[rest].text == ",":
        rest += 1
    after = (rest, clause_end(tokens, rest, embedded=False)) if rest < stop else (rest, rest)
    content = [before]
    if leads:
        content = [after]
    elif not has_verb(tokens, *before):
        content.append(after)
    parts = tuple(part for part in content if part[1] > part[0])
    return Claim(parts, source, cue, manner)


def _source_before_comma(tokens: list[Token], at: int, stop: int) -> Words | None:
    """The source of "according to" at the start of a sentence: up to the comma."""
    end = phrase_end(tokens, at, stop)
    return (at, end) if at < end < stop and tokens[end].text == "," else None


def heard(tokens: list[Token], at: int) -> Claim | None:
    """The claim of "the court heard", which names nobody."""
    court = subject_before(tokens, at)
    if court is None or not any(token.low in _COURTS for token in tokens[slice(*court)]):
        return None
    stop = sentence_stop(tokens, at)
    cue = ((court[0], at + 1),)
    before = trimmed(tokens, clause_start(tokens, court[0]), court[0])
    inside = at + 1 < stop and tokens[at + 1].text == ","
    beside = before[1] > before[0] and tokens[court[0] - 1].text == ","
    if beside and (inside or has_verb(tokens, *before)):
        rest = (at + 2, clause_end(tokens, at + 2, embedded=False)) if inside else (at, at)
        parts = tuple(part for part in (before, rest) if part[1] > part[0])
        return Claim(parts, None, cue, "said")
    start = after_cue(tokens, at + 1, stop, addressee=False)
    content = (start, clause_end(tokens, start, embedded=False))
    if content[1] <= start or not has_verb(tokens, *content):
        return None
    return Claim((content,), None, cue, "said")
