"""Tells a verb with its auxiliaries from a noun that looks the same: "reports", "claims"."""

from __future__ import annotations

from dataclasses import dataclass

from pullquote.english.attribution.cue_verbs import CueVerb
from pullquote.english.attribution.tokens import (
    ADVERBS,
    AUXILIARIES,
    BE_FORMS,
    DETERMINERS,
    MODALS_OF_POSSIBILITY,
    POSSESSIVES,
    PREPOSITIONS,
    SUBJECT_PRONOUNS,
    Token,
    is_adverb,
)

_PLURAL = frozenset(
    "they we i you who people police men women officials critics some many most others all few "
    "both those these and".split()
)


_NOUNS = frozenset(
    "plan tweet remark comment question challenge attack rule report claim call demand offer "
    "request estimate fear doubt hope vote point answer note post support promise pledge project "
    "forecast figure credit label brand view order show state conclude credit fear value cast "
    "reveal project shout cry laugh blast slam vow aim praise".split()
)
_OBJECT_LEADS = (
    DETERMINERS
    | POSSESSIVES
    | SUBJECT_PRONOUNS
    | frozenset("that to whether him them me us how what why for".split())
)


@dataclass(frozen=True)
class VerbGroup:
    """A verb with its auxiliaries and adverbs; `start` is its first token."""

    start: int
    passive: bool
    progressive: bool
    infinitive: bool
    has_auxiliary: bool
    imagined: bool
    negated: bool


def verb_group(tokens: list[Token], at: int, verb: CueVerb) -> VerbGroup:
    """The verb group that ends with the verb at a token."""
    start = at
    auxiliaries: list[str] = []
    infinitive = False
    here = at
    while here > 0 and not tokens[here - 1].quoted:
        before = tokens[here - 1]
        if before.low in AUXILIARIES and not _possessive(tokens, here - 1):
            auxiliaries.append(before.low)
            start = here = here - 1
        elif before.low == "to":
            infinitive = True
            break
        elif is_adverb(before):
            here -= 1
        else:
            break
    last = auxiliaries[0] if auxiliaries else ""
    if last in ("not", "'t", "’t") and len(auxiliaries) > 1:
        last = auxiliaries[1]
    be = last in BE_FORMS or (last in ("'s", "’s") and verb.kind == "ing")
    by = at + 1 < len(tokens) and tokens[at + 1].low in ("by", "of")
    reduced = not auxiliaries and verb.kind == "past" and by
    accused = not auxiliaries and verb.lemma == "accuse" and by
    return VerbGroup(
        start,
        passive=verb.kind == "past" and (be or accused or (reduced and tokens[at + 1].low == "by")),
        progressive=be and verb.kind == "ing",
        infinitive=infinitive,
        has_auxiliary=bool(auxiliaries),
        imagined=_imagined(auxiliaries, verb),
        negated=any(word in ("not", "'t", "’t") for word in auxiliaries),
    )


def _imagined(auxiliaries: list[str], verb: CueVerb) -> bool:
    """Whether nothing is claimed yet: "would ask", "to be asked"."""
    modal = any(word in MODALS_OF_POSSIBILITY for word in auxiliaries)
    return "be" in auxiliaries or (modal and verb.kind == "base")


def _possessive(tokens: list[Token], at: int) -> bool:
    """Whether "'s" is a possessive here: after a noun, and not before a participle."""
    return tokens[at].low in ("'s", "’s") and (
        at == 0 or tokens[at - 1].low not in SUBJECT_PRONOUNS | {"who", "that", "it"}
    )


def is_noun(tokens: list[Token], at: int, verb: CueVerb, group: VerbGroup) -> bool:
    """Whether the word is a noun, an adjective or part of a name here."""
    if at == 0 or group.has_auxiliary or tokens[at].is_capital:
        return at > 0 and tokens[at].is_capital
    before = tokens[at - 1]
    if before.low in DETERMINERS | POSSESSIVES or before.low in ("'s", "’s", "of"):
        return before.low not in ("all", "both", "some", "many", "most", "few")
    if verb.kind not in ("base", "third"):
        return False
    if before.text[0].isdigit() or before.low in PREPOSITIONS:
        return True
    return verb.lemma in _NOUNS and not _is_verb_here(tokens, at, verb)


def _is_verb_here(tokens: list[Token], at: int, verb: CueVerb) -> bool:
    """Whether a word that is often a noun is a verb here."""
    if not _speaks(tokens, at):
        return False
    if verb.kind == "base":
        return _plural(tokens[at - 1])
    after = tokens[at + 1].low if at + 1 < len(tokens) else ""
    return after not in ("of", "and", "were", "are", "from", "in", "by")


def _speaks(tokens: list[Token], at: int) -> bool:
    """Whether a word such as "plans" is a verb: what stands around it is a subject and an object.

    "Trump plans to sell" and "officials say" are; "his steep plans" is not.
    """
    before = tokens[at - 1]
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if before.low in SUBJECT_PRONOUNS or before.low in ("who", "which"):
        return True
    if after is None or after.quoted:
        return after is not None and before.is_word
    opens = after.low in _OBJECT_LEADS or after.text[0].isdigit() or after.text[0] in "$£€"
    if before.low in ADVERBS:
        return opens
    if before.is_capital or before.text in (",", ")"):
        return opens
    if tokens[at].low.endswith("s"):
        return after.low == "that" or (opens and before.low.endswith(("er", "or", "an", "y", "t")))
    return (opens and before.low in _PLURAL) or (opens and before.low.endswith("s"))


def _plural(before: Token) -> bool:
    """Whether a plural subject can end with this word."""
    return before.low in _PLURAL or before.low.endswith("s") or before.text in (",", ")") or (
        before.is_capital or before.low in ADVERBS or before.low.endswith("ly") or before.quoted
    )  # fmt: skip
