"""Claims whose words follow the cue: "she said the bridge was safe", "he denied it"."""

from __future__ import annotations

from itertools import pairwise

from pullquote.english.attribution.claim import Claim
from pullquote.english.attribution.contents import after_cue, clause_end, has_verb, object_end
from pullquote.english.attribution.cue_clause import CueClause
from pullquote.english.attribution.cue_verbs import cue_verbs
from pullquote.english.attribution.sources import Words, subject_before
from pullquote.english.attribution.tokens import (
    DASHES,
    OBJECT_PRONOUNS,
    PREPOSITIONS,
    RELATIVES,
    SUBORDINATORS,
    TIME_WORDS,
    is_verb,
)

_SPECIAL = frozenset({"put", "value", "plead", "accuse"})
_QUESTION_WORDS = frozenset("whether if how what why who where when which".split())
_MOST_ACCUSED = 12
"""Words before "of", after "accused"."""
_MOST_VALUED = 20
"""Words before "at", after "put"."""
_ENDS = frozenset([",", ";", ":", *DASHES])
_PARTICIPLE_LEADS = frozenset("and by before after while when without".split())
_LONE = frozenset("someone somebody anyone anybody people those others everyone".split())


def forward(clause: CueClause, source: Words | None) -> Claim | None:
    """The claim of a verb whose words follow it."""
    if source is None or _is_infinitive(clause, source):
        return None
    return _following(clause, source, embedded=_embedded(clause, source))


def _is_infinitive(clause: CueClause, source: Words) -> bool:
    """Whether the verb is no finite one after its subject: "to help a customer explain it"."""
    single = clause.tokens[source[0]].low in ("a", "an")
    return single and clause.verb.kind == "base" and not clause.group.has_auxiliary


def _embedded(clause: CueClause, source: Words) -> bool:
    """Whether the clause lies inside another: "if police say …," or ", who said …,"."""
    first = clause.tokens[source[0]].low
    before = clause.tokens[source[0] - 1].low if source[0] else ""
    return (
        first in RELATIVES
        or before in RELATIVES
        or (before in SUBORDINATORS and before not in ("but", "so", "nor", "yet"))
    )


def _following(clause: CueClause, source: Words | None, *, embedded: bool) -> Claim | None:
    """The claim of the words after a verb."""
    here = clause.at + 1
    if here >= clause.stop:
        return None
    word = clause.tokens[here].low
    judges = "h" in clause.verb.frames
    if word in clause.verb.prepositions and not judges and not _dates(clause, here):
        return _prepositional(clause, source, here + 1, embedded)
    if clause.verb.lemma in _SPECIAL:
        return _special(clause, source, here, embedded)
    if judges:
        return _judged(clause, source, here, embedded)
    start = _start(clause, here)
    if start >= clause.stop or (
        clause.tokens[start].text == "," and not clause.tokens[start].quoted
    ):
        return None
    return _opened(clause, source, start, embedded)


def _start(clause: CueClause, here: int) -> int:
    """Where the words start: after an addressee, days and places."""
    frames = clause.verb.frames
    if not frames & set("qcta"):
        return here
    openers = clause.verb.prepositions if "a" in frames else frozenset[str]()
    if frames & set("ia"):
        openers |= {"to"}
    return after_cue(clause.tokens, here, clause.stop, addressee="a" in frames, openers=openers)


def _opened(clause: CueClause, source: Words | None, start: int, embedded: bool) -> Claim | None:
    """The claim of words that a token opens, if the verb can have such words."""
    tokens, frames, here = clause.tokens, clause.verb.frames, clause.at + 1
    opener = tokens[start - 1].low if start > here else ""
    first = tokens[start]
    words = (start, clause_end(tokens, start, embedded=embedded))
    if first.quoted or opener == ":":
        return clause.claim(source, here, (start, clause.quotation_end(*words)))
    if first.low in clause.verb.prepositions and opener != "that":
        return clause.object_claim(source, here, start + 1, embedded)
    for opens, wanted in (
        (opener == "that", "qct"),
        (first.low in _QUESTION_WORDS, "wqc"),
        (first.low == "to", "ia"),
    ):
        if opens and (frames & set(wanted) or first.low in _QUESTION_WORDS or first.low == "to"):
            return clause.claim(source, here, words) if frames & set(wanted) else None
    if "c" in frames and clause.opens_clause(start):
        return clause.claim(source, here, words)
    if frames & set("og"):
        return clause.object_claim(source, here, start, embedded)
    says = "c" in frames and clause.verb.lemma == "say" and has_verb(tokens, *words)
    return clause.claim(source, here, words) if says else None


def _dates(clause: CueClause, at: int) -> bool:
    """Whether a preposition opens a date: "agreed on Monday"."""
    after = clause.tokens[at + 1] if at + 1 < clause.stop else None
    return (
        after is not None
        and clause.tokens[at].low in ("on", "in")
        and (after.low in TIME_WORDS or after.text[0].isdigit() or after.low == "last")
    )


def _prepositional(
    clause: CueClause, source: Words | None, start: int, embedded: bool
) -> Claim | None:
    """The claim of a verb with its preposition: "called for calm", "pointed out that"."""
    if (start < clause.stop and clause.tokens[start].low == "that") or (
        clause.verb.lemma == "point" and start < clause.stop
    ):
        start += clause.tokens[start].low == "that"
        end = clause_end(clause.tokens, start, embedded=embedded)
        return clause.claim(source, clause.at + 2, (start, end))
    return clause.object_claim(source, start, start, embedded)


def _put_it(clause: CueClause, source: Words | None, here: int) -> Claim | None:
    """The claim of "as she put it, "…"", or of "put it at two million"."""
    after = here + 1
    if after + 1 < clause.stop and clause.tokens[after + 1].quoted:
        return clause.claim(
            source, after, (after + 1, clause.quotation_end(after + 1, clause.stop))
        )
    if after < clause.stop and clause.tokens[after].low == "at":
        return clause.object_claim(source, after + 1, after + 1, embedded=True)
    return None


def _accused(clause: CueClause, source: Words | None, here: int, embedded: bool) -> Claim | None:
    """The claim of "accused him of lying", also of "accused Roe, Vik and Ash of lying"."""
    reach = range(here, min(clause.stop, here + _MOST_ACCUSED))
    of = next((at for at in reach if clause.tokens[at].low == "of"), None)
    if of is None or clause.tokens[here].low == "of":
        return clause.object_claim(source, here, here, embedded)
    end = object_end(clause.tokens, of + 1, embedded=embedded)
    return clause.claim(source, here, (here, end))


def _special(clause: CueClause, source: Words | None, here: int, embedded: bool) -> Claim | None:
    """The claims of "put the loss at", "accused him of" and "pleaded guilty"."""
    if clause.verb.lemma == "accuse":
        return _accused(clause, source, here, embedded)
    if clause.verb.lemma == "put" and clause.tokens[here].low == "it":
        return _put_it(clause, source, here)
    if clause.verb.lemma != "plead":
        return _valued(clause, source, here, embedded)
    end = object_end(clause.tokens, here, embedded=embedded)
    guilty = any(token.low == "guilty" for token in clause.tokens[here : min(end, here + 2)])
    return clause.claim(source, here, (here, end)) if guilty else None


def _valued(clause: CueClause, source: Words | None, here: int, embedded: bool) -> Claim | None:
    """The claim of "puts the cost of the fight and the repairs at £18m"."""
    tokens = clause.tokens
    reach = range(here, min(clause.stop, here + _MOST_VALUED))
    stop = next((at for at in reach if tokens[at].text in _ENDS), clause.stop)
    at = next((at for at in reach if at < stop and tokens[at].low == "at"), None)
    if at is None:
        return None
    end = object_end(tokens, at + 1, embedded=embedded) if at + 1 < clause.stop else at
    for token in tokens[at:end]:
        if token.text[0].isdigit() or token.text[0] in "$£€" or token.low in ("twice", "half"):
            return clause.claim(source, here, (here, end))
    return None


def _judged(clause: CueClause, source: Words | None, here: int, embedded: bool) -> Claim | None:
    """The claim of a verb that says what its object is: "called it a mess"."""
    end = object_end(clause.tokens, here, embedded=embedded)
    if "as" in clause.verb.prepositions:
        holds = any(token.low == "as" for token in clause.tokens[here:end])
    else:
        holds = _has_complement(clause, here, end)
    return clause.claim(source, here, (here, end)) if holds else None


def _has_complement(clause: CueClause, here: int, end: int) -> bool:
    """Whether more than an object follows: "called it a mess", not "called her son"."""
    tokens = clause.tokens[here:end]
    if any(token.quoted for token in tokens):
        return True
    pronoun = bool(tokens) and tokens[0].low in OBJECT_PRONOUNS | {"that", "this"}
    if pronoun and len(tokens) > 1:
        return tokens[1].low not in PREPOSITIONS and tokens[1].low not in ("to", "back")
    return any(
        token.low in ("a", "an", "the")
        and before.is_word
        and before.low not in PREPOSITIONS
        and before.low not in ("and", "or")
        for before, token in pairwise(tokens)
    )


def participle(clause: CueClause) -> Claim | None:
    """The claim of "saying", whose source is the subject before it."""
    start = clause.group.start
    before = clause.tokens[start - 1] if start else None
    if before is None:
        return None
    if before.text in (",", *DASHES) or before.low in _PARTICIPLE_LEADS:
        return _following(clause, clause.earlier_subject(start), embedded=False)
    if not before.is_word or before.low in ("of", "for", "in") or before.low in cue_verbs():
        return None
    if is_verb(clause.tokens, start - 1):
        return None
    return forward(clause, _noun_before(clause, start))


def _noun_before(clause: CueClause, end: int) -> Words | None:
    """The noun that a participle belongs to: "Trump" in "footage of Trump saying"."""
    start = end - 1
    if clause.tokens[start].low in _LONE:
        return start, end
    if clause.tokens[start].is_capital:
        while start > 0 and clause.tokens[start - 1].is_capital:
            start -= 1
        return start, end
    return subject_before(clause.tokens, end)
