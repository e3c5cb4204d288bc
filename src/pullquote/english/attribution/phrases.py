"""Finds phrases around a cue: the words of a source, and the reported words before and after."""

from __future__ import annotations

from dataclasses import dataclass

from pullquote.english import word_lists as en
from pullquote.english.attribution.cue_verbs import cue_verbs
from pullquote.english.attribution.tokens import DASHES, STOPS, Token, is_adverb, is_clitic, is_verb
from pullquote.schema.attribution import Manner, Range

Words = tuple[int, int]
"""A half-open range of the tokens of a sentence."""

MOST_WORDS = 45
"""In a source."""
_MOST_ASIDES = 3
ASIDE_LEADS = frozenset(
    "who which whose whom where of from at for in with on speaking citing including like aged "
    "identified known one then now himself herself formerly both along as wearing".split()
)
_BREAKS = frozenset([",", ";", ":", '"', "“", "”", "«", "»", "(", *DASHES, *STOPS])


def subject_before(tokens: list[Token], verb: int, low: int = 0) -> Words | None:
    """The subject of the verb group that starts at a token; None if there is none."""
    end = _before_adverbs(tokens, verb, low)
    if end <= low:
        return None
    head = _before_asides(tokens, end, low)
    if head is None or head <= low or tokens[head - 1].quoted:
        return None
    start = _start_of_phrase(tokens, head, low)
    if start is None:
        return None
    if head < end:
        start = _with_title_before(tokens, start, low)
        start = _with_name_before(tokens, start, head, low)
    while end > start and (tokens[end - 1].low in en.LEAVE_OUT or tokens[end - 1].text == ","):
        end -= 1
    if end - start == 1 and tokens[start].low in ("the", "a", "an", "of", "'s", "’s"):
        return None
    compares = _compares(tokens, start, end) or tokens[start].low == "according"
    return None if compares or end <= start else (start, end)


def _compares(tokens: list[Token], start: int, end: int) -> bool:
    """Whether a phrase compares with what somebody says: "far more than the police admitted"."""
    after = next((tokens[at + 1] for at in range(start, end - 1) if tokens[at].low == "than"), None)
    return after is not None and not after.text[0].isdigit() and after.low not in en.QUANTITIES


def _with_title_before(tokens: list[Token], start: int, low: int) -> int:
    """The start with what a name in commas explains: "The recruiter, Prem Lama, 30, said"."""
    for _ in range(_MOST_ASIDES):
        if start - 2 < low or tokens[start - 1].text != "," or tokens[start - 1].quoted:
            return start
        named = tokens[start].is_capital and tokens[start].low not in en.DETERMINERS
        if not named and not tokens[start].text[0].isdigit():
            return start
        earlier = walk_left(tokens, start - 1, low)
        first = tokens[earlier]
        at_edge = earlier == low or not tokens[earlier - 1].is_word
        at_edge = at_edge or tokens[earlier - 1].low in en.SUBORDINATORS
        opens = first.low in en.DETERMINERS or first.low == "one" or first.is_capital
        if not at_edge or not opens or first.low in en.PREPOSITIONS or first.low in en.TIME_WORDS:
            return start
        if any(is_verb(tokens, k) for k in range(earlier, start - 1)) or is_adverb(first):
            return start
        start = earlier
    return start


def _with_name_before(tokens: list[Token], start: int, head: int, low: int) -> int:
    """The start with a name whose office names a firm: "Ida Roe, head of the line, Vik Rail,"."""
    joined = any(token.low in en.PREPOSITIONS for token in tokens[start + 1 : head])
    if tokens[start].is_capital or tokens[start].low in en.PREPOSITIONS or not joined:
        return start
    if start - 2 < low or tokens[start - 1].text != "," or tokens[start - 1].quoted:
        return start
    earlier = walk_left(tokens, start - 1, low)
    at_edge = earlier == low or not tokens[earlier - 1].is_word
    named = all(token.is_capital for token in tokens[earlier : start - 1])
    return earlier if at_edge and named and start - 1 - earlier > 1 else start


def _before_adverbs(tokens: list[Token], verb: int, low: int) -> int:
    """The end of the subject: before adverbs, days and asides such as ", however,"."""
    at = verb
    while at > low:
        word = tokens[at - 1]
        before = tokens[at - 2] if at - 2 >= low else None
        phrase = tuple(token.low for token in tokens[max(low, at - 3) : at])
        if phrase[-2:] in (("at", "first"), ("at", "once"), ("in", "turn")):
            at -= 2
        elif phrase[:1] == ("for",) and phrase[-1:] == ("part",):
            at -= 3
            at -= at > low and tokens[at - 1].text == ","
        elif is_adverb(word):
            at -= 1
        elif (
            word.low in en.TIME_WORDS and before is not None and before.low in ("on", "in", "last")
        ):
            at -= 2
        elif (
            word.low in en.TIME_WORDS
            and word.is_capital
            and before is not None
            and (before.low in en.SUBJECT_PRONOUNS or before.is_capital)
        ):
            at -= 1
        elif (
            word.text == ","
            and before is not None
            and at - 3 >= low
            and tokens[at - 3].text == ","
            and (before.low in en.ADVERBS or before.low in en.TIME_WORDS)
        ):
            at -= 3
        else:
            break
    return at


def _before_asides(tokens: list[Token], end: int, low: int) -> int | None:
    """The end of the name or noun, before appositions and relative clauses in commas."""
    at = end
    for _ in range(_MOST_ASIDES + 1):
        if at <= low:
            return None
        mark = tokens[at - 1].text
        if mark not in (")", ",", *DASHES):
            return at
        opened = _back_to(tokens, at - 2, low, "(" if mark == ")" else mark)
        if opened is None:
            return None
        at = opened
    return None


def _back_to(tokens: list[Token], at: int, low: int, mark: str) -> int | None:
    """Where the mark is that opens an aside; commas inside a longer aside are passed over."""
    first = None
    end = at + 1
    stop = max(low, at - MOST_WORDS)
    while at >= stop:
        token = tokens[at]
        if token.text == mark and not token.quoted:
            first = at if first is None else first
            if mark != "," or tokens[at + 1].low in ASIDE_LEADS | en.DETERMINERS | en.RELATIVES:
                return at
            if not any(is_verb(tokens, k) for k in range(at + 1, end)):
                return at
        elif token.text in (";", ":") or (mark != "(" and token.text in STOPS and not token.quoted):
            break
        at -= 1
    return first


def _start_of_phrase(tokens: list[Token], head: int, low: int) -> int | None:
    """The first token of the noun phrase that ends before `head`."""
    last = tokens[head - 1]
    if last.low in en.SUBJECT_PRONOUNS or last.low in en.RELATIVES:
        return head - 1 if last.low not in ("that", "whom") else None
    if not last.is_word or last.low in en.PREPOSITIONS or last.low in en.SUBORDINATORS:
        return None
    after_preposition = head - 2 > low and tokens[head - 2].low in en.PREPOSITIONS
    if last.low in en.OBJECT_PRONOUNS and not after_preposition:
        return None
    if last.low in en.AUXILIARIES or last.low in ("and", "or"):
        return None
    return _without_lead(tokens, walk_left(tokens, head, low), head)


def walk_left(tokens: list[Token], head: int, low: int) -> int:
    """Walk back from the end of a noun phrase to the first token that may belong to it."""
    at = head - 1
    joined: int | None = None
    while at > low and head - at < MOST_WORDS:
        earlier = _step_left(tokens, at, low)
        if earlier is None:
            break
        if tokens[at - 1].low in ("and", "or"):
            joined = at
        at = earlier
    if joined is None:
        return at
    verb = at > low and is_verb(tokens, at - 1)
    return joined if verb or tokens[joined].low in en.SUBJECT_PRONOUNS else at


def _step_left(tokens: list[Token], at: int, low: int) -> int | None:
    """Where a noun phrase goes on before a token; None if it starts there."""
    token, before = tokens[at], tokens[at - 1]
    if before.text == ")":
        return _back_to(tokens, at - 2, low, "(")
    if _separates(tokens, at - 1, low):
        return None
    if before.low in ("and", "or"):
        return at - 1
    if is_verb(tokens, at - 1) and not _is_clitic_possessive(tokens, at - 1):
        relative = _relative(tokens, at - 1, low)
        modifier = before.low.endswith("ed") and token.low in en.PREPOSITIONS and token.low != "to"
        return at - 1 if relative is None and modifier else relative
    return None if _opens_phrase(tokens, at, low) else at - 1


def _separates(tokens: list[Token], at: int, low: int) -> bool:
    """Whether a quote mark, a comma or a full stop ends what stands before a phrase."""
    token = tokens[at]
    if token.text == ".":
        return at - 1 < low or not abbreviates(tokens[at - 1])
    marks = not token.is_word and not is_clitic(token) and token.text not in ("&", "'", "’", "/")
    return token.quoted or marks


def _opens_phrase(tokens: list[Token], at: int, low: int) -> bool:
    """Whether a token opens a phrase, judging by the word before it."""
    token, before = tokens[at], tokens[at - 1]
    if before.low in ("which", "whom") and at > 1 and tokens[at - 2].low in en.PREPOSITIONS:
        return True
    if before.low == "that":
        return at < 2 or tokens[at - 2].low not in ("those", "people", "groups")
    if before.low in en.SUBORDINATORS:
        return before.low != "than"
    if before.low in en.SUBJECT_PRONOUNS or (before.low in en.OBJECT_PRONOUNS and at - 1 > low):
        return token.low not in en.PREPOSITIONS and before.low not in en.POSSESSIVES
    return token.low in en.DETERMINERS and _starts_phrase(before)


def _is_clitic_possessive(tokens: list[Token], at: int) -> bool:
    """Whether "'s" marks a possessive, which it does after a noun or a name."""
    return tokens[at].low in ("'s", "’s") and (
        at == 0 or tokens[at - 1].low not in en.SUBJECT_PRONOUNS | en.RELATIVES
    )


def abbreviates(token: Token) -> bool:
    """Whether a full stop after this word belongs to it: "Mr.", "J.", "U.S."."""
    return (
        token.low in en.TITLES or "." in token.text or (token.is_capital and len(token.text) <= 4)
    )


def _starts_phrase(before: Token) -> bool:
    """Whether a determiner after this word opens a new noun phrase."""
    return before.low not in en.PREPOSITIONS and before.low not in (
        "and", "or", "all", "both", "half", "than", "not", "only", "even"
    )  # fmt: skip


def _relative(tokens: list[Token], verb: int, low: int) -> int | None:
    """Where the relative pronoun is whose clause a verb before the head belongs to."""
    for at in range(verb - 1, max(low, verb - 9) - 1, -1):
        if tokens[at].low in ("who", "which", "whose"):
            return at if at - 1 >= low and tokens[at - 1].is_word else None
        if tokens[at].text in _BREAKS:
            return None
    return None


def _without_lead(tokens: list[Token], start: int, head: int) -> int | None:
    """The start without conjunctions, adverbs and a prepositional phrase: "In London the mayor"."""
    while start < head and (
        tokens[start].low in ("and", "or", "but", "yet", "nor", "so", "then")
        or (tokens[start].low in en.ADVERBS and tokens[start].low not in ("both", "all", "each"))
        or not tokens[start].is_word
    ):
        start += 1
    if start >= head:
        return None
    first = tokens[start].low
    leads = first in en.PREPOSITIONS or first in ("last", "earlier", "outside", "after", "before")
    first_name = first in en.NAMELIKE_MONTHS and head - start == 2
    if not leads and (first not in en.TIME_WORDS or first_name):
        return start
    for at in range(start + 1, head):
        word, before = tokens[at], tokens[at - 1]
        opens = (
            word.low in en.DETERMINERS or word.low in en.TITLES or word.low in en.SUBJECT_PRONOUNS
        )
        if opens and _starts_phrase(before) and before.low not in en.DETERMINERS and at - 1 > start:
            return at
        if (
            before.low in en.TIME_WORDS
            and word.low not in en.PREPOSITIONS
            and not word.low[0].isdigit()
        ):
            return at
        named = word.is_capital and not before.is_capital and at - 1 > start
        if named and before.is_word and before.low not in en.PREPOSITIONS | en.DETERMINERS:
            return at
    return None if leads else start


_NO_SOURCE = (
    en.PREPOSITIONS
    | en.SUBORDINATORS
    | en.ADVERBS
    | en.TIME_WORDS
    | en.OBJECT_PRONOUNS
    | en.PARTICLES
)


def possessor_before(tokens: list[Token], at: int) -> Words | None:
    """Who a noun belongs to: "his", "the minister's"; None if it belongs to nobody."""
    here = at - 1
    while here > 0 and here > at - 4 and tokens[here].is_word and not tokens[here].is_capital:
        if tokens[here].low in en.DETERMINERS:
            break
        here -= 1
    if here < 0:
        return None
    if tokens[here].low in en.POSSESSIVES:
        return here, here + 1
    if tokens[here].low in en.POSSESSIVE_ENDINGS and here > 0:
        return walk_left(tokens, here, 0), here + 1
    return None


def subject_after(tokens: list[Token], at: int, high: int) -> Words | None:
    """The source that follows its verb, with its appositions: said Mr Roe, the mayor."""
    if at >= high or tokens[at].quoted or not tokens[at].is_word:
        return None
    if tokens[at].low in en.SUBJECT_PRONOUNS:
        return at, at + 1
    if tokens[at].low in _NO_SOURCE or is_verb(tokens, at):
        return None
    end = phrase_end(tokens, at, high)
    if end <= at or tokens[end - 1].low in ("later", "earlier", "ago"):
        return None
    while end < high and tokens[end].text == "," and end + 1 < high:
        close = _aside_end(tokens, end + 1, high)
        if close is None:
            break
        end = close
    return at, end


def phrase_end(tokens: list[Token], at: int, high: int) -> int:
    """The end of the noun phrase that starts at a token."""
    end = at
    while end < high and end - at < MOST_WORDS:
        token = tokens[end]
        if (token.quoted and end > at) or token.low in ("that", "whether", "if", "because", "when"):
            break
        if token.text == "(":
            close = next((k for k in range(end, min(high, end + 8)) if tokens[k].text == ")"), None)
            if close is None:
                break
            end = close + 1
            continue
        if token.text == "." and abbreviates(tokens[end - 1]) and end + 1 < high:
            end += 1
            continue
        if not token.is_word and not is_clitic(token) and token.text not in ("&", "'", "’"):
            break
        end += 1
    while end > at and tokens[end - 1].low in en.LEAVE_OUT:
        end -= 1
    return end


def _aside_end(tokens: list[Token], at: int, high: int) -> int | None:
    """The end of an apposition or relative clause that starts after a comma; None if none does."""
    first = tokens[at]
    leads = first.low in ASIDE_LEADS or first.low in en.DETERMINERS or first.low[:1].isdigit()
    ends = (
        k
        for k in range(at, min(high, at + MOST_WORDS))
        if tokens[k].quoted or tokens[k].text in (",", ";", ":", *DASHES)
    )
    end = next(ends, high)
    plain = not any(is_verb(tokens, k) for k in range(at, end)) and not first.quoted
    if first.low in en.RELATIVES or first.low == "whose":
        return end
    if not plain or first.low in ("and", "but", "adding", "saying", "while", "as"):
        return None
    return end if leads or end >= high or (first.is_word and end < high) else None


_TOPIC_OPENERS = en.CONTENT_OPENERS | {"to", "for", "about"}
_CONTRAST = frozenset("but though although while whereas yet".split())
_MOST_ADJUNCT = 14
"""Words between a cue and its content: "told reporters in Lusaka on Monday"."""


def sentence_stop(tokens: list[Token], at: int) -> int:
    """The end of the sentence's words: before its last stop, unless that is in quote marks."""
    end = len(tokens)
    while end > at and not tokens[end - 1].quoted and tokens[end - 1].text in STOPS:
        end -= 1
    return end


def quoted_end(tokens: list[Token], at: int, stop: int) -> int:
    """The end of the quoted tokens from a token."""
    return next((k for k in range(at, stop) if not tokens[k].quoted), max(at, stop))


def clause_end(tokens: list[Token], at: int, *, embedded: bool) -> int:
    """The end of the reported clause that starts at a token.

    An embedded one ("if police say it was arson, …") ends at a comma.
    """
    stop = sentence_stop(tokens, at)
    for here in range(at, stop):
        token = tokens[here]
        if token.quoted:
            continue
        if token.text == ";":
            return here
        if token.text == ":" and at + 2 < here < stop - 1 and tokens[here + 1].quoted:
            return here
        if token.low in ("and", "but") and at < here < stop - 2:
            verb = cue_verbs().get(tokens[here + 1].low)
            speaks = verb is not None and "q" in verb.frames and verb.kind in ("past", "third")
            if speaks and verb is not None and not verb.frames & {"o", "i"}:
                return here
        if token.text in (",", *DASHES) and _ends_clause(tokens, here, stop, embedded):
            return here
    return stop


def _ends_clause(tokens: list[Token], comma: int, stop: int, embedded: bool) -> bool:
    """Whether the reported words end at a comma or dash."""
    after = tokens[comma + 1] if comma + 1 < stop else None
    if after is None:
        return True
    if after.low == "according" or (after.low in _CONTRAST and tokens[comma].text == ","):
        return True
    verb = cue_verbs().get(after.low)
    if after.low in ("and", "but") and comma + 2 < stop:
        finite = cue_verbs().get(tokens[comma + 2].low)
        if finite is not None and finite.kind in ("past", "third") and "q" in finite.frames:
            return True
    if verb is not None and verb.kind == "ing" and verb.frames & {"q", "c", "t"}:
        return True
    if tokens[comma].text == "," and _other_verb(tokens, comma + 1, stop):
        return True
    return embedded and tokens[comma].text == ","


def _other_verb(tokens: list[Token], at: int, stop: int) -> bool:
    """Whether a verb without a subject follows a comma: ", and passed her to"."""
    if at >= stop or tokens[at].low not in ("and", "then"):
        return False
    at += 1
    if at + 1 >= stop or tokens[at].quoted or tokens[at].low in en.AUXILIARIES:
        return False
    return is_verb(tokens, at) and tokens[at + 1].low not in ("in", "by", "on", "at", "with")


def after_cue(
    tokens: list[Token],
    at: int,
    stop: int,
    *,
    addressee: bool,
    openers: frozenset[str] = frozenset(),
) -> int:
    """Where the content starts after a verb: after an addressee, days and places.

    If no clear start follows them, it is the token after the verb.
    """
    here = at
    if addressee:
        here = _after_addressee(tokens, here, stop)
    start = here
    while here < stop and here - at < _MOST_ADJUNCT:
        if tokens[here].text == "," and here + 1 < stop and tokens[here + 1].quoted:
            return here + 1
        if _opens_content(tokens, here) or tokens[here].low in openers:
            break
        skipped = _after_adjunct(tokens, here, stop)
        if skipped == here:
            break
        here = skipped
    opens = here < stop and (_opens_clause(tokens, here, stop) or tokens[here].low in openers)
    if here < stop and here != start and not opens:
        here = start
    return _after_that(tokens, here, stop)


def _after_that(tokens: list[Token], at: int, stop: int) -> int:
    """The first word of a clause, without "that" and without a comma or colon."""
    if (
        at + 1 < stop
        and not tokens[at].quoted
        and tokens[at].text in (",", ":")
        and (tokens[at].text == ":" or tokens[at + 1].quoted or tokens[at + 1].low == "that")
    ):
        at += 1
    if at < stop and tokens[at].low == "that" and at + 1 < stop:
        at += 1
        while at < stop and not tokens[at].quoted and tokens[at].text == ",":
            at += 1
    return at


def _opens_content(tokens: list[Token], at: int) -> bool:
    """Whether content surely starts at a token."""
    token = tokens[at]
    return token.quoted or token.low in en.CONTENT_OPENERS or token.text == ":"


def _opens_clause(tokens: list[Token], at: int, stop: int) -> bool:
    """Whether a clause can start at a token, after an adjunct."""
    token = tokens[at]
    plain = token.is_word and token.low not in en.PREPOSITIONS
    return _opens_content(tokens, at) or (plain and has_verb(tokens, at, stop))


def has_verb(tokens: list[Token], at: int, stop: int) -> bool:
    """Whether the words up to `stop` have a finite verb, as a clause does."""
    return any(
        (not token.quoted and is_verb(tokens, here))
        or (token.low.endswith("s") and here > at and token.low in cue_verbs())
        for here, token in enumerate(tokens[at:stop], at)
    )  # fmt: skip


def _after_addressee(tokens: list[Token], at: int, stop: int) -> int:
    """The end of whom the words are for: "told Radio Alazani that"."""
    if at >= stop or tokens[at].quoted:
        return at
    if tokens[at].low in en.OBJECT_PRONOUNS:
        return at + 1
    end = at
    while end < stop and end - at < _MOST_ADJUNCT:
        token, before = tokens[end], tokens[end - 1]
        if token.quoted or token.low in _TOPIC_OPENERS:
            break
        if end > at and (token.low in en.SUBJECT_PRONOUNS or token.low in en.TIME_WORDS):
            break
        if end > at and token.low in en.DETERMINERS and before.low not in en.PREPOSITIONS:
            break
        if token.low in ("on", "in", "at", "during", "after") and end > at:
            break
        new_name = end > at and token.is_capital and not before.is_capital and before.is_word
        if new_name and before.low not in en.DETERMINERS and before.low not in en.PREPOSITIONS:
            break
        if token.text == ",":
            return _after_apposition(tokens, end, stop)
        if not token.is_word and token.text not in ("'s", "’s"):
            break
        end += 1
    return end


def _after_apposition(tokens: list[Token], comma: int, stop: int) -> int:
    """The end of an addressee with an apposition: "told the clerk, Ida Roe, that"; or the comma."""
    for at in range(comma + 1, min(stop, comma + 9)):
        if tokens[at].text == "," and at + 1 < stop:
            after = tokens[at + 1]
            opens = after.quoted or after.low in _TOPIC_OPENERS
            return at + 1 if opens or after.low in en.SUBJECT_PRONOUNS else comma
    return comma


def _after_adjunct(tokens: list[Token], at: int, stop: int) -> int:
    """The end of a day, a place or an occasion that starts at a token; `at` if none does."""
    token = tokens[at]
    if token.low in en.ADVERBS or token.low in en.TIME_WORDS:
        return at + 1
    if token.low in en.TIME_LEADS and at + 1 < stop and tokens[at + 1].low in en.TIME_WORDS:
        return at + 2
    if token.low in en.PREPOSITIONS or token.low in ("after", "before", "since"):
        end = at + 1
        while end < stop and end - at < _MOST_ADJUNCT:
            here, before = tokens[end], tokens[end - 1]
            if not here.is_word or here.quoted or here.low in en.CONTENT_OPENERS:
                break
            if end > at + 1 and here.low in en.PREPOSITIONS | en.TIME_WORDS | en.TIME_LEADS:
                break
            if end > at + 1 and here.low in en.SUBJECT_PRONOUNS:
                break
            if end > at + 1 and here.low in en.DETERMINERS and before.low not in en.DETERMINERS:
                break
            end += 1
        return end
    return at


def object_end(tokens: list[Token], at: int, *, embedded: bool) -> int:
    """The end of an object: it may go on over commas only like a clause does."""
    end = clause_end(tokens, at, embedded=embedded)
    for here in range(at + 1, end):
        token = tokens[here]
        if token.quoted:
            continue
        if token.text == "," and not _lists(tokens, here, end):
            end = here
            break
        if token.low in ("and", "but") and has_verb(tokens, here + 1, end):
            end = here
            break
    return _before_time(tokens, at, end)


def _before_time(tokens: list[Token], at: int, end: int) -> int:
    """The end of an object without a day or a year after it."""
    if end - at > 3 and tokens[end - 2].low in ("on", "in", "since", "last", "this", "by"):
        last = tokens[end - 1]
        year = last.text.isdigit() and len(last.text) == 4
        if (year or last.low in en.TIME_WORDS) and not last.quoted:
            return end - 2
    return end


def _lists(tokens: list[Token], comma: int, end: int) -> bool:
    """Whether a comma stands in a list or before a relative clause rather than after the object."""
    after = tokens[comma + 1] if comma + 1 < end else None
    return after is not None and after.low in ("which", "who", "including", "not", "as", "and")


def clause_start(tokens: list[Token], end: int) -> int:
    """Where the words start that end before a cue: after a semicolon, or with the sentence."""
    start = 0
    for here in range(end):
        token = tokens[here]
        if token.quoted:
            continue
        if token.text in (";", ":") and here + 1 < end:
            start = here + 1
    while start < end and tokens[start].low in ("and", "but") and start > 0:
        start += 1
    return start


@dataclass(frozen=True)
class Claim:
    """A claim in a sentence, as ranges of its tokens.

    `beside` says whether the cue stands beside or inside the content rather than before it.
    """

    content: tuple[Words, ...]
    source: Words | None
    cue: tuple[Words, ...]
    manner: Manner
    beside: bool = False


def trimmed(tokens: list[Token], start: int, end: int) -> Words:
    """A range of tokens without commas and dashes at its ends."""
    marks = (",", ":", *DASHES)
    while end > start and not tokens[end - 1].quoted and tokens[end - 1].text in marks:
        end -= 1
    while start < end and not tokens[start].quoted and tokens[start].text in marks:
        start += 1
    return start, end


@dataclass(frozen=True)
class Statement:
    """A claim as ranges of characters, with the number of its sentence."""

    sentence: int
    content: list[Range]
    source: list[Range]
    cue: list[Range]
    manner: Manner
