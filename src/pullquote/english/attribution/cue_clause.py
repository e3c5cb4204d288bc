"""The clause of a cue verb: its auxiliaries, its subject, its objects and where they end."""

from __future__ import annotations

from dataclasses import dataclass

from pullquote.english import word_lists as en
from pullquote.english.attribution.cue_verbs import CueVerb, cue_verbs
from pullquote.english.attribution.phrases import (
    Claim,
    Words,
    clause_end,
    object_end,
    quoted_end,
    sentence_stop,
    subject_before,
    trimmed,
)
from pullquote.english.attribution.tokens import DASHES, Token, is_adverb, is_verb

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
    en.DETERMINERS
    | en.SUBJECT_PRONOUNS
    | frozenset("that to whether him them me us how what why for".split())
)


@dataclass(frozen=True)
class VerbGroup:
    """A verb with its auxiliaries and adverbs; `start` is its first token.

    `imagined` means that nothing is claimed yet: "would ask", "to be asked".
    """

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
        if before.low in en.AUXILIARIES and not _possessive(tokens, here - 1):
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
    be = last in en.BE_FORMS or (last in ("'s", "’s") and verb.kind == "ing")
    by = at + 1 < len(tokens) and tokens[at + 1].low in ("by", "of")
    reduced = not auxiliaries and verb.kind == "past" and by
    accused = not auxiliaries and verb.lemma == "accuse" and by
    possible = not en.MODALS_OF_POSSIBILITY.isdisjoint(auxiliaries)
    return VerbGroup(
        start,
        passive=verb.kind == "past" and (be or accused or (reduced and tokens[at + 1].low == "by")),
        progressive=be and verb.kind == "ing",
        infinitive=infinitive,
        has_auxiliary=bool(auxiliaries),
        imagined="be" in auxiliaries or (possible and verb.kind == "base"),
        negated=any(word in ("not", "'t", "’t") for word in auxiliaries),
    )


def _possessive(tokens: list[Token], at: int) -> bool:
    """Whether "'s" is a possessive here: after a noun, and not before a participle."""
    return tokens[at].low in ("'s", "’s") and (
        at == 0 or tokens[at - 1].low not in en.SUBJECT_PRONOUNS | {"who", "that", "it"}
    )


def is_noun(tokens: list[Token], at: int, verb: CueVerb, group: VerbGroup) -> bool:
    """Whether the word is a noun, an adjective or part of a name here."""
    if at == 0 or group.has_auxiliary or tokens[at].is_capital:
        return at > 0 and tokens[at].is_capital
    before = tokens[at - 1]
    if before.low in en.DETERMINERS or before.low in ("'s", "’s", "of"):
        return before.low not in ("all", "both", "some", "many", "most", "few")
    if verb.kind not in ("base", "third"):
        return False
    if before.text[0].isdigit() or before.low in en.PREPOSITIONS:
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
    if before.low in en.SUBJECT_PRONOUNS or before.low in ("who", "which"):
        return True
    if after is None or after.quoted:
        return after is not None and before.is_word
    opens = after.low in _OBJECT_LEADS or after.text[0].isdigit() or after.text[0] in "$£€"
    if before.low in en.ADVERBS:
        return opens
    if before.is_capital or before.text in (",", ")"):
        return opens
    if tokens[at].low.endswith("s"):
        return after.low == "that" or (opens and before.low.endswith(("er", "or", "an", "y", "t")))
    return (opens and before.low in _PLURAL) or (opens and before.low.endswith("s"))


def _plural(before: Token) -> bool:
    """Whether a plural subject can end with this word."""
    return before.low in _PLURAL or before.low.endswith("s") or before.text in (",", ")") or (
        before.is_capital or before.low in en.ADVERBS or before.low.endswith("ly") or before.quoted
    )  # fmt: skip


_NO_OBJECT = frozenset(
    "of in on at from with by about against under over during between among through across to "
    "into since until than as and or but after before when while if because so".split()
)
_OFTEN_OTHERWISE = frozenset({"add", "find", "recall"})
"""Verbs that often have an object and report nothing: "added 8,900 jobs", "found no hoses"."""
_MARKS = (",", ";", ":")
_MOST_BACK = 60
"""Tokens; a subject is not looked for further back."""


class CueClause:
    """The clause of one cue verb in a sentence."""

    def __init__(self, tokens: list[Token], at: int, verb: CueVerb, earlier: list[Claim]) -> None:
        self.tokens, self.at, self.verb, self.earlier = tokens, at, verb, earlier
        self.stop = sentence_stop(tokens, at)
        self.group: VerbGroup = verb_group(tokens, at, verb)

    def subject(self) -> Words | None:
        """The subject: before the verb, or that of the verb before "and"."""
        at = self.group.start
        before = self.tokens[at - 1].low if at else ""
        if before in ("and", "but", "or", "then"):
            return self.earlier_subject(at - 1)
        found = subject_before(self.tokens, at)
        if found is None and at and self.tokens[at - 1].text == ",":
            return self.earlier_subject(at - 1)
        return found

    def earlier_subject(self, before: int) -> Words | None:
        """The subject of the claim before, or of the verb before."""
        if self.tokens[0].low in en.SUBJECT_PRONOUNS and not self.earlier:
            return 0, 1
        for claim in reversed(self.earlier):
            if claim.source is not None and claim.source[1] <= before:
                return claim.source
        for at in range(before - 1, max(0, before - _MOST_BACK), -1):
            verb = is_verb(self.tokens, at) or self.tokens[at].low in cue_verbs()
            if verb and not self.tokens[at].quoted:
                found = subject_before(self.tokens, at)
                if found is not None:
                    return found
        return None

    def claim(self, source: Words | None, end: int, *content: Words) -> Claim | None:
        """The claim with this content; None if it is empty. The cue ends at `end`."""
        cue = (self.group.start, max(end, self.at + 1))
        parts = tuple(trimmed(self.tokens, *part) for part in content)
        parts = tuple(part for part in parts if part[1] > part[0])
        return Claim(parts, source, (cue,), self.verb.manner) if parts else None

    def opens_clause(self, start: int) -> bool:
        """Whether a subject and a finite verb follow."""
        end = clause_end(self.tokens, start, embedded=False)
        if self.tokens[start].low in ("of", "by", "with", "from"):
            return False
        if "o" not in self.verb.frames and self.verb.lemma not in _OFTEN_OTHERWISE:
            words = self.tokens[start:end]
            return len(words) > 2 or any(token.quoted for token in words)
        if self.tokens[start].low in ("he", "she", "they", "we", "i", "there"):
            return True
        marks = ("when", "who", "which", "that", ",", "after", "before", "and", "but", "as")
        end = next((k for k in range(start, end) if self.tokens[k].low in marks), end)
        return any(is_verb(self.tokens, k) and not self._modifies(k) for k in range(start + 1, end))

    def _modifies(self, at: int) -> bool:
        """Whether a participle belongs to the noun before it: "the plan proposed by"."""
        after = self.tokens[at + 1].low if at + 1 < self.stop else ""
        return self.tokens[at].low.endswith("ed") and after in ("by", "in", "at", "on", "for")

    def object_claim(
        self, source: Words | None, cue_end: int, start: int, embedded: bool
    ) -> Claim | None:
        """The claim whose content is an object that starts at a token."""
        if start >= self.stop:
            return None
        first = self.tokens[start]
        if not first.quoted and (first.low in _NO_OBJECT or first.text in (*_MARKS, *DASHES)):
            return None
        end = object_end(self.tokens, start, embedded=embedded)
        return self.claim(source, cue_end, (start, end))

    def quotation_end(self, start: int, end: int) -> int:
        """The end of content that starts with a quotation: where a whole sentence of it ends."""
        at = quoted_end(self.tokens, start, end)
        last = self.tokens[max(start, at - 2)].text if at - start > 1 else ""
        more = any(token.quoted for token in self.tokens[at:end])
        return at if last in (",", ".", "?", "!") and not more else end
