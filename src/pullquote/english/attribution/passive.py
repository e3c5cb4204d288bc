"""Claims in the passive voice: "is expected to", "was told that", "was proposed by"."""

from __future__ import annotations

from pullquote.english.attribution.claim import Claim
from pullquote.english.attribution.contents import clause_end, object_end
from pullquote.english.attribution.cue_clause import CueClause
from pullquote.english.attribution.sources import Words
from pullquote.english.attribution.words import DETERMINERS


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
