"""Verbs that report what somebody says or thinks: their manner and what can follow them.

Each line of the table is: the manner; the constructions; the verbs. The constructions are

- q: stands beside a quotation or inside the reported words ("…", she joked)
- c: a clause, with or without "that" (said he was late)
- t: a clause, only with "that" (pledged that)
- w: a clause with a question word (asked whether)
- i: an infinitive (promised to pay)
- o: an object (denied the charge)
- a: an addressee comes first (told reporters that, urged them to)
- h: what holds of the object follows it (called it absurd, described him as)
- p: passive voice with an infinitive (is expected to rise)

A preposition after a verb opens its words: `call/for`, `warn/of/about`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from pullquote.schema.attribution import Manner

_DOUBLED = frozenset("refer commit admit rebut compel quip brag prefer blog control refut".split())
_SIBILANT = re.compile(r"(?:s|x|z|ch|sh|o)$")


def inflections(verb: str) -> tuple[str, str, str]:
    """The third person, the past and the -ing form of a regular verb: says, asked, asking."""
    if re.search(r"[^aeiou]y$", verb):
        return f"{verb[:-1]}ies", f"{verb[:-1]}ied", f"{verb}ing"
    if verb.endswith("e"):
        return f"{verb}s", f"{verb}d", f"{verb[:-1]}ing"
    if _SIBILANT.search(verb):
        return f"{verb}es", f"{verb}ed", f"{verb}ing"
    stem = verb + verb[-1] if verb in _DOUBLED else verb
    return f"{verb}s", f"{stem}ed", f"{stem}ing"


_TABLE: tuple[tuple[Manner, str, str], ...] = (
    ("said", "qcwp", "say"),
    ("said", "qcwa", "tell inform remind assure"),
    ("said", "qct", "add write note explain reply remark comment observe state joke stress"),
    ("said", "qct", "declare mention recall emphasise emphasize quip reiterate retort recount"),
    ("said", "qct", "confirm testify reveal disclose muse lament affirm attest conclude counter"),
    ("said", "qct", "clarify hint imply relate boast brag opine underscore respond tweet"),
    (
        "said",
        "q",
        "answer continue reflect whisper shout yell cry exclaim sing chant blog email interject",
    ),
    ("said", "q", "elaborate summarise summarize sigh snap shrug laugh gush begin intone post"),
    ("said", "qt", "swear repeat answer read point/out"),
    ("said", "h", "call describe/as characterise/as characterize/as label brand dub portray/as"),
    ("said", "h", "depict/as cast/as"),
    ("said", "", "speak/of talk/of/about"),
    ("claimed", "qctio", "claim contend"),
    ("claimed", "qct", "argue/for/against insist/on maintain assert complain/of/about protest"),
    ("claimed", "qct", "suggest posit allude/to"),
    ("denied", "qctog", "deny dispute"),
    ("denied", "to", "reject refute rebut dismiss"),
    ("denied", "qt", "disagree/with"),
    ("admitted", "qctog", "admit acknowledge concede confess"),
    ("admitted", "", "plead"),
    ("alleged", "qctop", "allege"),
    ("accused", "", "accuse/of"),
    ("accused", "o", "blame"),
    ("promised", "qctioa", "promise pledge vow"),
    ("promised", "to", "guarantee"),
    ("promised", "i", "commit/to volunteer"),
    ("warned", "qctawi", "warn/of/about/against"),
    ("warned", "qct", "caution"),
    ("warned", "ti", "threaten"),
    ("agreed", "qcti", "agree/with/to/on"),
    ("agreed", "to", "accept"),
    ("agreed", "t", "concur/with"),
    ("asked", "qwia", "ask/for/about"),
    ("asked", "qw", "wonder/about inquire enquire/about"),
    ("asked", "oai", "urge beg request implore"),
    ("asked", "toi", "demand"),
    ("asked", "oi", "seek"),
    ("asked", "", "call/for/on appeal/for apply/for press/for push/for plead/for lobby/for"),
    ("asked", "", "campaign/for petition/for"),
    ("asked", "o", "advocate/for"),
    ("believed", "qctp", "believe/in think/of feel"),
    ("believed", "ctop", "suspect"),
    ("believed", "cto", "fear doubt"),
    ("believed", "ctiop", "expect"),
    ("believed", "t", "worry/about"),
    ("believed", "cti", "hope/for"),
    ("believed", "ctp", "assume presume figure suppose"),
    ("believed", "tw", "know realise realize"),
    ("believed", "tp", "understand"),
    ("believed", "p", "know consider rumour rumor"),
    ("believed", "qt", "notice"),
    ("believed", "o", "favour favor"),
    ("estimated", "qctiop", "estimate"),
    ("estimated", "ctiop", "predict forecast anticipate project"),
    ("estimated", "ctp", "reckon/with"),
    ("estimated", "", "put value"),
    ("reported", "qctop", "report"),
    ("reported", "ctwo", "show indicate"),
    ("reported", "qct", "find"),
    ("reported", "ct", "determine discover learn demonstrate document"),
    ("announced", "qctiop", "announce"),
    ("announced", "qtwi", "rule/out decide"),
    ("other", "oi", "want"),
    ("other", "ti", "intend"),
    ("other", "tio", "propose plan"),
    ("other", "to", "recommend"),
    ("other", "i", "offer refuse decline aim opt vote"),
    ("other", "o", "offer"),
    ("other", "", "object/to rail/against campaign/against"),
    ("other", "oai", "advise instruct order encourage"),
    ("other", "o", "oppose support praise criticise criticize condemn attack mock defend endorse"),
    ("other", "o", "question challenge applaud welcome tout credit hail lambast blast slam"),
    ("other", "o", "denounce decry deride cite laud ridicule"),
    ("other", "h", "see/as view/as regard/as consider"),
)

_IRREGULAR = {
    "say": "says said saying",
    "tell": "tells told telling",
    "write": "writes wrote writing written",
    "swear": "swears swore swearing sworn",
    "speak": "speaks spoke speaking spoken",
    "think": "thinks thought thinking",
    "feel": "feels felt feeling",
    "know": "knows knew knowing known",
    "understand": "understands understood understanding",
    "show": "shows showed showing shown",
    "find": "finds found finding",
    "learn": "learns learned learnt learning",
    "seek": "seeks sought seeking",
    "forecast": "forecasts forecast forecasting forecasted",
    "see": "sees saw seeing seen",
    "cast": "casts cast casting",
    "begin": "begins began beginning begun",
    "put": "puts put putting",
    "read": "reads read reading",
    "plead": "pleads pleaded pleading pled",
    "hear": "hears heard hearing",
}

_PARTICIPLES = frozenset("written sworn spoken known shown seen begun".split())


@dataclass(frozen=True)
class CueVerb:
    """A form of a verb that can report words.

    `kind` is base ("say"), third ("says"), past ("said") or ing ("saying").
    """

    lemma: str
    kind: str
    manner: Manner
    frames: frozenset[str]
    prepositions: frozenset[str]
    participle_only: bool = False


@cache
def cue_verbs() -> dict[str, CueVerb]:
    """Every form of every verb of the table, in lower case."""
    verbs: dict[str, CueVerb] = {}
    for manner, frames, words in _TABLE:
        for word in words.split():
            lemma, *prepositions = word.split("/")
            new = CueVerb(lemma, "base", manner, frozenset(frames), frozenset(prepositions))
            old = verbs.get(lemma)
            if old is not None:
                new = replace(
                    old,
                    frames=old.frames | new.frames,
                    prepositions=old.prepositions | new.prepositions,
                )
            verbs[lemma] = new
    return {form: verb for lemma in verbs.values() for form, verb in _forms(lemma)}


def _forms(verb: CueVerb) -> list[tuple[str, CueVerb]]:
    listed = _IRREGULAR.get(verb.lemma)
    found = [(verb.lemma, verb)]
    for form in listed.split() if listed else inflections(verb.lemma):
        if form != verb.lemma:
            kind = "ing" if form.endswith("ing") else "third" if form.endswith("s") else "past"
            only = form in _PARTICIPLES
            found.append((form, replace(verb, kind=kind, participle_only=only)))
    return found
