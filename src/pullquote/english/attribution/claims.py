"""Finds the claims in a sentence by their cues: who says what in it, and with which words."""

from __future__ import annotations

from dataclasses import replace

from pullquote.english import word_lists as en
from pullquote.english.attribution.cue_clause import CueClause, is_noun, verb_group
from pullquote.english.attribution.cue_verbs import cue_verbs
from pullquote.english.attribution.phrases import (
    Claim,
    Words,
    after_cue,
    clause_end,
    clause_start,
    has_verb,
    object_end,
    phrase_end,
    possessor_before,
    quoted_end,
    sentence_stop,
    subject_after,
    subject_before,
    trimmed,
)
from pullquote.english.attribution.tokens import DASHES, Token, is_verb
from pullquote.english.attribution.verb_claims import beside, forward, inverted, participle
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
    before = [token.low for token in tokens[max(0, at - 2) : at]]
    is_place = before[:1] in (["in"], ["with"]) and before[1:] in (["a"], ["the"], ["an"])
    if source is None and is_place:
        return None  # "said in a report that"
    if here + 1 >= stop or tokens[here].low not in cue[1]:
        return None
    return _noun_content(tokens, here, source, (at, at + 1), cue[0])


def _noun_content(
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
    end = phrase_end(tokens, at + 2, stop)
    if leads and at + 2 < end < stop and tokens[end].text == ",":
        source: Words | None = (at + 2, end)
    else:
        source = subject_after(tokens, at + 2, stop)
    if source is None:
        return None
    return _claim_around(tokens, source, ((at, at + 2),), "according-to", before, leads)


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
    if tokens[own - 1].low in en.POSSESSIVE_ENDINGS:
        source, cue = (at + 1, own), ((at, at + 1), (own, noun + 1))
    elif (
        noun == at + 2
        and tokens[at + 1].low not in en.POSSESSIVES
        and noun + 2 < stop
        and tokens[noun + 1].low == "of"
    ):
        end = phrase_end(tokens, noun + 2, sentence_stop(tokens, at))
        source, cue = (noun + 2, end), ((at, noun + 2),)
    else:
        return None
    before = trimmed(tokens, clause_start(tokens, at), at)
    leads = before[1] <= before[0]
    return _claim_around(tokens, source, cue, _COUNTS[tokens[noun].low], before, leads)


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


def _claim_around(
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


def passive(clause: CueClause) -> Claim | None:
    """The claim of "is expected to", "was told that" or "was proposed by"."""
    tokens, here = clause.tokens, clause.at + 1
    if here >= clause.stop:
        return None
    subject = clause.subject()
    if tokens[here].low != "by":
        return _passive_content(clause, subject, None, here)
    source = (here + 1, phrase_end(tokens, here + 1, clause.stop))
    if source[1] == source[0]:
        return None
    found = _passive_content(clause, subject, source, source[1])
    if found is None and subject is not None and clause.verb.frames & set("oh"):
        return clause.claim(source, here + 1, subject)
    return found


def _passive_content(
    clause: CueClause, subject: Words | None, source: Words | None, end: int
) -> Claim | None:
    """The claim of the words after the verb, or after "by" and the source."""
    tokens, here, frames = clause.tokens, clause.at + 1, clause.verb.frames
    following = tokens[end].low if end < clause.stop else ""
    rest = (end, clause_end(tokens, end, embedded=False))
    about = (subject,) if subject is not None else ()
    if following == "that":
        return clause.claim(source, here, (end + 1, rest[1]))
    if "p" in frames and following == "to" and subject is not None:
        return clause.claim(source, here, subject, rest)
    if following == "of" and clause.verb.lemma in ("accuse", "suspect"):
        rest = (end + 1, object_end(tokens, end + 1, embedded=True))
        return clause.claim(source, here + 1, *about, rest)
    addressed = "a" in frames and following and clause.group.has_auxiliary
    if addressed and (following == "to" or clause.opens_clause(end)):
        return clause.claim(source, here, rest)
    plain = (
        following in en.DETERMINERS or following[:1].isdigit() or following[:1] in ("$", "£", "€")
    )
    if clause.verb.lemma in ("promise", "offer") and source is None and plain:
        return clause.object_claim(None, here, here, False)
    return None


def claims_in(tokens: list[Token]) -> list[Claim]:
    """The claims that cues outside quote marks report, in the order of their cues."""
    skipped = _dateline(tokens)
    if skipped:
        return [_shifted(claim, skipped) for claim in claims_in(tokens[skipped:])]
    found: list[Claim] = []
    verbs = cue_verbs()
    for at, token in enumerate(tokens):
        if token.quoted or not token.is_word:
            continue
        claim: Claim | None = None
        if token.low == "according" and at + 1 < len(tokens) and tokens[at + 1].low == "to":
            claim = according(tokens, at)
        elif token.low == "by":
            claim = counted(tokens, at)
        elif token.low in ("heard", "hears", "hear"):
            claim = heard(tokens, at)
        elif (claim := noun_claim(tokens, at)) is not None:
            pass
        elif token.low in verbs:
            claim = _verb_claim(CueClause(tokens, at, verbs[token.low], found))
        if claim is not None and claim.content:
            found.append(claim)
            found += _quoted_after(tokens, claim)
    return [_without_later(tokens, claim, found) for claim in found]


def _quoted_after(tokens: list[Token], claim: Claim) -> list[Claim]:
    """The quotation after a colon that illustrates a claim: he was tired: "I cannot go on."."""
    end = claim.content[-1][1]
    if claim.beside or end + 1 >= len(tokens) or tokens[end].text != ":":
        return []
    start, stop = end + 1, quoted_end(tokens, end + 1, len(tokens))
    return [replace(claim, content=((start, stop),), beside=True)] if stop > start else []


def _without_later(tokens: list[Token], claim: Claim, found: list[Claim]) -> Claim:
    """A claim whose content ends before the cue of another that stands beside its words.

    In "tests show it is safe, she said", what tests show ends at the comma.
    """
    if claim.beside or len(claim.content) != 1:
        return claim
    start, end = claim.content[0]
    for other in found:
        cue = other.cue[0][0] if other.source is None else min(other.source[0], other.cue[0][0])
        if other.beside and start < cue < end and claim.cue[0][1] <= start:
            content = trimmed(tokens, start, cue)
            return replace(claim, content=(content,)) if content[1] > content[0] else claim
    return claim


def _verb_claim(clause: CueClause) -> Claim | None:
    """The claim; None if the word is a noun here, or nothing is reported."""
    if _claims_nothing(clause):
        return None
    if clause.group.passive:
        return passive(clause)
    if clause.verb.kind == "ing" and not clause.group.progressive:
        return participle(clause)
    if "q" in clause.verb.frames:
        found = inverted(clause) or beside(clause)
        if found is not None:
            return found
    return forward(clause, clause.subject())


def _claims_nothing(clause: CueClause) -> bool:
    """Whether the word is no verb here, or its claim is only imagined or denied."""
    group, verb = clause.group, clause.verb
    return (
        is_noun(clause.tokens, clause.at, verb, group)
        or group.infinitive
        or group.imagined
        or (group.negated and not verb.frames & {"q", "i"})
        or (verb.participle_only and not group.has_auxiliary)
    )


def _dateline(tokens: list[Token]) -> int:
    """How many tokens a sentence has before its words: "GENEVA, May 3 (Reuters) — "."""
    for at, token in enumerate(tokens[:12]):
        if token.text in DASHES or token.text == "-":
            lead = tokens[:at]
            return at + 1 if lead and lead[0].text.isupper() and len(lead[0].text) > 2 else 0
        if token.is_word and not token.is_capital and not token.text[0].isdigit():
            return 0
    return 0


def _shifted(claim: Claim, by: int) -> Claim:

    def move(*parts: Words) -> tuple[Words, ...]:
        return tuple((low + by, high + by) for low, high in parts)

    source = None if claim.source is None else move(claim.source)[0]
    return Claim(move(*claim.content), source, move(*claim.cue), claim.manner)


_MOST_AFTER = 12
"""Words between the cue and its colon: "said in a statement on Monday:"."""
_MOST_NAME = 8
_FEWEST_QUOTED = 5
"""Tokens of a quotation that no cue reports; shorter ones are titles and nicknames."""


def introduction(tokens: list[Token]) -> Claim | None:
    """A claim without content yet, of a sentence that introduces a quotation with a colon."""
    if tokens[-1].text != ":" or len(tokens) < 2:
        return None
    for at in range(len(tokens) - 2, max(0, len(tokens) - 2 - _MOST_AFTER), -1):
        verb = cue_verbs().get(tokens[at].low)
        if verb is None or "q" not in verb.frames or tokens[at].quoted:
            continue
        group = verb_group(tokens, at, verb)
        source = subject_before(tokens, group.start)
        if source is not None and not group.passive:
            return Claim((), source, ((group.start, at + 1),), verb.manner)
    return None


def illustrated(tokens: list[Token]) -> Claim | None:
    """The claim of a quotation after a colon, if no cue reports it: Her plea was short: "Vote."."""
    start = next((at for at, token in enumerate(tokens) if token.quoted), len(tokens))
    if start < 3 or tokens[start - 1].text != ":" or len(tokens) - start < _FEWEST_QUOTED:
        return None
    if not all(token.quoted or token.text == "." for token in tokens[start:]):
        return None
    for at in range(1, start - 1):
        if is_verb(tokens, at) or tokens[at].low in cue_verbs():
            source = subject_before(tokens, at)
            if source is not None:
                return Claim(((start, len(tokens)),), source, ((at, at + 1),), "said")
    return None


def signed(tokens: list[Token]) -> Claim | None:
    """The claim of a quotation with a dash and a name after it, or a name and a colon before."""
    quoted = [at for at, token in enumerate(tokens) if token.quoted]
    if not quoted or quoted[-1] - quoted[0] != len(quoted) - 1:
        return None
    low, high = quoted[0], quoted[-1] + 1
    if low == 0 and high < len(tokens) and tokens[high].text in DASHES:
        start, end, cue = high + 1, len(tokens), high
    elif high >= len(tokens) - 1 and low > 1 and tokens[low - 1].text == ":":
        start, end, cue = 0, low - 1, low - 1
    else:
        return None
    while end > start and tokens[end - 1].text == ".":
        end -= 1
    if not 0 < end - start <= _MOST_NAME or not tokens[start].is_capital:
        return None
    if any(is_verb(tokens, at) for at in range(start, end)):
        return None
    return Claim(((low, high),), (start, end), ((cue, cue + 1),), "said")
