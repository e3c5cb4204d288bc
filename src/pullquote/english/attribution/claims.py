"""Finds the claims in a sentence by their cues: who says what in it, and with which words."""

from __future__ import annotations

from dataclasses import replace

from pullquote.english.attribution.beside import beside, inverted
from pullquote.english.attribution.claim import Claim, Statement, trimmed
from pullquote.english.attribution.contents import clause_end, object_end
from pullquote.english.attribution.cue_clause import CueClause
from pullquote.english.attribution.cue_verbs import cue_verbs
from pullquote.english.attribution.following import forward, participle
from pullquote.english.attribution.noun_cues import according, counted, heard, noun_claim
from pullquote.english.attribution.sources import Words, subject_before
from pullquote.english.attribution.tokens import DASHES, DETERMINERS, Sentence, Token, is_verb
from pullquote.english.attribution.verb_groups import is_noun, verb_group


def passive(clause: CueClause) -> Claim | None:
    """The claim of "is expected to", "was told that" or "was proposed by"."""
    tokens, here = clause.tokens, clause.at + 1
    if here >= clause.stop:
        return None
    subject = clause.subject()
    if tokens[here].low != "by":
        return _opened(clause, subject, None, here)
    source = clause.by_source(here + 1)
    if source is None:
        return None
    found = _opened(clause, subject, source, source[1])
    if found is None and subject is not None and clause.verb.frames & set("oh"):
        return clause.claim(source, here + 1, subject)
    return found


def _opened(
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
    plain = following in DETERMINERS or following[:1].isdigit() or following[:1] in ("$", "£", "€")
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


_MOST_AFTER = 12
"""Words between the cue and its colon: "said in a statement on Monday:"."""
_MOST_NAME = 8
_FEWEST_QUOTED = 5
"""Tokens of a quotation that no cue reports; shorter ones are titles and nicknames."""


def introduction(sentence: Sentence) -> Statement | None:
    """A claim without content yet, of a sentence that introduces a quotation with a colon."""
    tokens = sentence.tokens
    if tokens[-1].text != ":" or len(tokens) < 2:
        return None
    for at in range(len(tokens) - 2, max(0, len(tokens) - 2 - _MOST_AFTER), -1):
        verb = cue_verbs().get(tokens[at].low)
        if verb is None or "q" not in verb.frames or tokens[at].quoted:
            continue
        group = verb_group(tokens, at, verb)
        source = subject_before(tokens, group.start)
        if source is not None and not group.passive:
            cue = (tokens[group.start].start, tokens[at].end)
            named = (tokens[source[0]].start, tokens[source[1] - 1].end)
            return Statement(0, [], [named], [cue], verb.manner)
    return None


def illustrated(sentence: Sentence) -> Statement | None:
    """The claim of a quotation after a colon, if no cue reports it: Her plea was short: "Vote."."""
    tokens = sentence.tokens
    start = next((at for at, token in enumerate(tokens) if token.quoted), len(tokens))
    if start < 3 or tokens[start - 1].text != ":" or len(tokens) - start < _FEWEST_QUOTED:
        return None
    if not all(token.quoted or token.text == "." for token in tokens[start:]):
        return None
    for at in range(1, start - 1):
        if is_verb(tokens, at) or tokens[at].low in cue_verbs():
            source = subject_before(tokens, at)
            if source is not None:
                content = (tokens[start].start, tokens[-1].end)
                named = (tokens[source[0]].start, tokens[source[1] - 1].end)
                cue = (tokens[at].start, tokens[at].end)
                return Statement(0, [content], [named], [cue], "said")
    return None


def signed(sentence: Sentence) -> Statement | None:
    """The claim of a quotation with a dash and a name after it, or a name and a colon before."""
    tokens = sentence.tokens
    quoted = [at for at, token in enumerate(tokens) if token.quoted]
    if not quoted or quoted[-1] - quoted[0] != len(quoted) - 1:
        return None
    low, high = quoted[0], quoted[-1] + 1
    content = (tokens[low].start, tokens[high - 1].end)
    if low == 0 and high < len(tokens) and tokens[high].text in DASHES:
        name, cue = (high + 1, len(tokens)), high
    elif high >= len(tokens) - 1 and low > 1 and tokens[low - 1].text == ":":
        name, cue = (0, low - 1), low - 1
    else:
        return None
    end = name[1]
    while end > name[0] and tokens[end - 1].text == ".":
        end -= 1
    words = tokens[name[0] : end]
    if not words or len(words) > _MOST_NAME or not words[0].is_capital:
        return None
    if any(is_verb(tokens, at) for at in range(name[0], end)):
        return None
    source = (words[0].start, words[-1].end)
    return Statement(0, [content], [source], [(tokens[cue].start, tokens[cue].end)], "said")
