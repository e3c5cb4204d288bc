"""The clause of a cue verb: its subject, its objects and where they end."""

from __future__ import annotations

from pullquote.english.attribution.claim import Claim, trimmed
from pullquote.english.attribution.contents import clause_end, object_end, sentence_stop
from pullquote.english.attribution.cue_verbs import CueVerb, cue_verbs
from pullquote.english.attribution.sources import Words, phrase_end, subject_before
from pullquote.english.attribution.tokens import DASHES, SUBJECT_PRONOUNS, Token, is_verb
from pullquote.english.attribution.verb_groups import VerbGroup, verb_group

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
        if self.tokens[0].low in SUBJECT_PRONOUNS and not self.earlier:
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
        at = start
        while at < end and self.tokens[at].quoted:
            at += 1
        last = self.tokens[max(start, at - 2)].text if at - start > 1 else ""
        more = any(token.quoted for token in self.tokens[at:end])
        return at if last in (",", ".", "?", "!") and not more else end

    def by_source(self, at: int) -> Words | None:
        """The source after "by"."""
        end = phrase_end(self.tokens, at, self.stop)
        return (at, end) if end > at else None
