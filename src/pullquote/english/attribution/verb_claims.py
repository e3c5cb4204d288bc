"""Claims of a verb: its words stand beside it ("…", said Ida Roe) or follow it (she denied it)."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from pullquote.english import word_lists as en
from pullquote.english.attribution.cue_clause import CueClause
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
    quoted_end,
    subject_after,
    subject_before,
    trimmed,
)
from pullquote.english.attribution.tokens import DASHES, is_verb

_FOUND = frozenset("find report show recall".split())
"""Verbs whose past form is often a participle: "a drug found in some teas"."""

_QUESTIONED = frozenset("asked pressed questioned".split())
"""They open what is no claim: "Asked whether he would go, he laughed"."""


def inverted(clause: CueClause) -> Claim | None:
    """The claim of a verb before its source: "…", said Ms Roe, the mayor."""
    start, here = clause.group.start, clause.at + 1
    if not _can_be_inverted(clause) or here >= clause.stop:
        return None
    source = subject_after(clause.tokens, here, clause.stop)
    if source is None or not _fits_inverted(clause, source):
        return None
    return _around(clause, source, start, source[1], here)


def _can_be_inverted(clause: CueClause) -> bool:
    plain = not clause.group.has_auxiliary and clause.verb.kind != "ing"
    addressed = "a" in clause.verb.frames and clause.verb.lemma not in ("ask", "warn", "promise")
    return plain and not addressed


def _fits_inverted(clause: CueClause, source: Words) -> bool:
    """Whether what stands before the verb and after the source is reported words."""
    start = clause.group.start
    if start == 0:
        return source[1] < clause.stop and clause.tokens[source[1]].text == ":"
    before = clause.tokens[start - 1]
    if before.quoted:
        return True
    first_end = phrase_end(clause.tokens, source[0], clause.stop)
    return (
        before.text in (",", *DASHES)
        and "o" not in clause.verb.frames
        and not has_verb(clause.tokens, source[0], first_end)
        and (subject_before(clause.tokens, start) is None or _ends_sentence(clause, source))
    )


def _ends_sentence(clause: CueClause, source: Words) -> bool:
    """Whether the sentence ends after a source, and is a clause before the verb."""
    before = clause_start(clause.tokens, clause.group.start)
    if clause.tokens[source[0]].low in en.TIME_LEADS:
        return False
    return source[1] >= clause.stop and has_verb(clause.tokens, before, clause.group.start - 1)


def beside(clause: CueClause) -> Claim | None:
    """The claim of a source and verb beside the words: "…", he said, "…"."""
    source = subject_before(clause.tokens, clause.group.start)
    if source is None or source[0] == 0:
        return None
    end = _beside_end(clause)
    after_quote = clause.tokens[source[0] - 1].quoted
    if not after_quote and not _fits_beside(clause, source, end):
        return None
    return _around(clause, source, source[0], end, clause.at + 1)


def _fits_beside(clause: CueClause, source: Words, end: int) -> bool:
    """Whether the words before a comma are reported, and not those after the verb."""
    tokens, stop = clause.tokens, clause.stop
    if tokens[source[0] - 1].text not in (",", *DASHES) or tokens[source[0]].low in en.RELATIVES:
        return False
    if "o" in clause.verb.frames and not _adjunct_follows(clause):
        return False
    if _modifies(clause, source):
        return False
    if end >= stop:
        return _says_something(clause, source[0] - 1)
    if tokens[end].quoted or tokens[end].text not in (",", *DASHES, ";"):
        return False
    return end + 1 >= stop or not tokens[end + 1].quoted or not _opens_quote(clause, end + 1)


def _modifies(clause: CueClause, source: Words) -> bool:
    """Whether the verb is a participle after a noun: "ferolan, a drug found in some teas"."""
    if (
        clause.verb.lemma not in _FOUND
        or clause.group.has_auxiliary
        or clause.at + 2 >= clause.stop
    ):
        return False
    single = clause.tokens[source[0]].low in ("a", "an")
    after, last = clause.tokens[clause.at + 1 : clause.at + 3]
    return single and after.low in en.PREPOSITIONS and last.low not in en.TIME_WORDS | en.TIME_LEADS


def _says_something(clause: CueClause, end: int) -> bool:
    """Whether the words before a comma are a quotation, or a clause that is no question's."""
    if clause.tokens[0].low in _QUESTIONED and not clause.tokens[0].quoted:
        return any(token.quoted for token in clause.tokens[:end])
    return has_verb(clause.tokens, 0, end) or any(token.quoted for token in clause.tokens[:end])


def _opens_quote(clause: CueClause, at: int) -> bool:
    """Whether a quotation starts with a whole sentence: it does not go on with words before it."""
    first = next((token for token in clause.tokens[at : at + 3] if token.is_word), None)
    return first is not None and first.is_capital and first.text not in ("I", "I'm", "I’m")


def _adjunct_follows(clause: CueClause) -> bool:
    """Whether no object follows the verb."""
    if clause.at + 1 >= clause.stop:
        return True
    after = clause.tokens[clause.at + 1]
    return not after.is_word or after.low in en.PREPOSITIONS or after.low in en.TIME_WORDS


def _beside_end(clause: CueClause) -> int:
    """Where what belongs to the cue ends: told him on Monday."""
    here, stop = clause.at + 1, clause.stop
    end = after_cue(clause.tokens, here, stop, addressee="a" in clause.verb.frames)
    marks = (",", ";", ":", *DASHES)
    limit = next(
        (k for k in range(here, stop) if clause.tokens[k].quoted or clause.tokens[k].text in marks),
        stop,
    )
    return min(end, limit) if has_verb(clause.tokens, here, limit) else limit


def _around(clause: CueClause, source: Words, low: int, high: int, cue_end: int) -> Claim | None:
    """The words before `low`, and after `high` if they go on there."""
    start = clause_start(clause.tokens, low)
    before = trimmed(clause.tokens, start, low)
    quoted = low > 0 and clause.tokens[low - 1].quoted
    if quoted:
        before = _without_prefix(clause, before)
    here = high
    while here < clause.stop and not clause.tokens[here].quoted:
        if clause.tokens[here].text in (",", ":", *DASHES) or (
            quoted and clause.tokens[here].low in ("and", "but", "then", "that")
        ):
            here += 1
        else:
            break
    rest = (here, here)
    if high < clause.stop and here < clause.stop and clause.tokens[high].text != ";":
        if clause.tokens[here].quoted:
            rest = (here, quoted_end(clause.tokens, here, clause.stop))
        elif not quoted and here > high and not _breaks(clause, here):
            rest = (here, clause_end(clause.tokens, here, embedded=False))
    found = clause.claim(source, cue_end, before, rest)
    return None if found is None else replace(found, beside=True)


def _without_prefix(clause: CueClause, before: Words) -> Words:
    """The quoted words without other words and a comma before them: Asked why, "…", he said."""
    start, end = before
    at = end
    while at > start and clause.tokens[at - 1].quoted:
        at -= 1
    if at - start == 1 and at < end and clause.tokens[start].low in ("but", "and", "still", "yet"):
        return at, end
    if at > start and clause.tokens[at - 1].text in (",", ":", *DASHES):
        return at, end
    claimed = any(start <= claim.cue[0][0] < at for claim in clause.earlier)
    return (at, end) if claimed and at < end else before


def _breaks(clause: CueClause, at: int) -> bool:
    """Whether the words after a parenthesis belong to something else: ", he said, adding"."""
    verb = cue_verbs().get(clause.tokens[at].low)
    ing = verb is not None and verb.kind == "ing"
    return ing or clause.tokens[at].low in ("who", "while", "although", "according")


_SPECIAL = frozenset({"put", "value", "plead", "accuse"})
_QUESTION_WORDS = en.CONTENT_OPENERS - {"that"} | {"which"}
_MOST_ACCUSED = 12
"""Words before "of", after "accused"."""
_MOST_VALUED = 20
"""Words before "at", after "put"."""
_ENDS = frozenset([",", ";", ":", *DASHES])
_PARTICIPLE_LEADS = frozenset("and by before after while when without".split())
_LONE = frozenset("someone somebody anyone anybody people those others everyone".split())


def forward(clause: CueClause, source: Words | None) -> Claim | None:
    """The claim of a verb whose words follow it."""
    if source is None:
        return None
    single = clause.tokens[source[0]].low in ("a", "an")
    if single and clause.verb.kind == "base" and not clause.group.has_auxiliary:
        return None  # "to help a customer explain it"
    return _following(clause, source, embedded=_embedded(clause, source))


def _embedded(clause: CueClause, source: Words) -> bool:
    """Whether the clause lies inside another: "if police say …," or ", who said …,"."""
    first = clause.tokens[source[0]].low
    before = clause.tokens[source[0] - 1].low if source[0] else ""
    return (
        first in en.RELATIVES
        or before in en.RELATIVES
        or (before in en.SUBORDINATORS and before not in ("but", "so", "nor", "yet"))
    )


def _following(clause: CueClause, source: Words | None, *, embedded: bool) -> Claim | None:
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
    return _claim_after(clause, source, start, embedded)


def _start(clause: CueClause, here: int) -> int:
    """Where the words start: after an addressee, days and places."""
    frames = clause.verb.frames
    if not frames & set("qcta"):
        return here
    openers = clause.verb.prepositions if "a" in frames else frozenset[str]()
    if frames & set("ia"):
        openers |= {"to"}
    return after_cue(clause.tokens, here, clause.stop, addressee="a" in frames, openers=openers)


def _claim_after(
    clause: CueClause, source: Words | None, start: int, embedded: bool
) -> Claim | None:
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
        and (after.low in en.TIME_WORDS or after.text[0].isdigit() or after.low == "last")
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
    pronoun = bool(tokens) and tokens[0].low in en.OBJECT_PRONOUNS | {"that", "this"}
    if pronoun and len(tokens) > 1:
        return tokens[1].low not in en.PREPOSITIONS and tokens[1].low not in ("to", "back")
    return any(
        token.low in ("a", "an", "the")
        and before.is_word
        and before.low not in en.PREPOSITIONS
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
    return forward(clause, _lone_noun_before(clause, start))


def _lone_noun_before(clause: CueClause, end: int) -> Words | None:
    """The noun that a participle belongs to: "Trump" in "footage of Trump saying"."""
    start = end - 1
    if clause.tokens[start].low in _LONE:
        return start, end
    if clause.tokens[start].is_capital:
        while start > 0 and clause.tokens[start - 1].is_capital:
            start -= 1
        return start, end
    return subject_before(clause.tokens, end)
