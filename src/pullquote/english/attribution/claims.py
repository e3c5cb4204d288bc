"""Finds the claims in a sentence by their cues: who says what in it, and with which words."""

from __future__ import annotations

from dataclasses import replace

from pullquote.english.attribution.beside import beside, inverted
from pullquote.english.attribution.claim import Claim, trimmed
from pullquote.english.attribution.cue_clause import CueClause
from pullquote.english.attribution.cue_verbs import cue_verbs
from pullquote.english.attribution.fixed_cues import according, counted, heard
from pullquote.english.attribution.following import forward, participle
from pullquote.english.attribution.noun_cues import noun_claim
from pullquote.english.attribution.passive import passive
from pullquote.english.attribution.sources import Words
from pullquote.english.attribution.tokens import DASHES, Token
from pullquote.english.attribution.verb_groups import is_noun


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
    start = stop = end + 1
    while stop < len(tokens) and tokens[stop].quoted:
        stop += 1
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
    """The claim with all its tokens moved."""

    def move(part: Words) -> Words:
        return part[0] + by, part[1] + by

    return Claim(
        tuple(map(move, claim.content)),
        None if claim.source is None else move(claim.source),
        tuple(map(move, claim.cue)),
        claim.manner,
    )
