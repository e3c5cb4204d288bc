"""Claims of nouns that report: "his promise to resign", "allegations of fraud"."""

from __future__ import annotations

from pullquote.english.attribution.claim import Claim
from pullquote.english.attribution.contents import clause_end, has_verb, object_end, sentence_stop
from pullquote.english.attribution.sources import Words
from pullquote.english.attribution.sources_after import phrase_end, possessor_before
from pullquote.english.attribution.tokens import Token
from pullquote.schema.attribution import Manner

_TABLE: tuple[tuple[Manner, str, str], ...] = (
    ("claimed", "that", "claim assertion contention argument suggestion insistence complaint"),
    ("claimed", "of", "claim complaint"),
    ("alleged", "that of", "allegation"),
    ("accused", "that of", "accusation"),
    ("reported", "that of", "report"),
    ("reported", "that", "finding"),
    ("promised", "that to", "promise pledge vow assurance"),
    ("warned", "that of", "warning"),
    ("warned", "that to", "threat"),
    ("asked", "that to for", "demand request call"),
    ("asked", "to", "plea"),
    ("believed", "that of", "fear suspicion"),
    ("believed", "that", "belief hope view opinion conviction concern impression"),
    ("estimated", "that", "estimate prediction forecast"),
    ("announced", "that", "announcement"),
    ("denied", "that", "denial"),
    ("admitted", "that", "admission acknowledgment acknowledgement"),
    ("said", "that", "statement comment remark"),
    ("other", "to that", "proposal plan"),
)

_CUES: dict[str, tuple[Manner, frozenset[str]]] = {}
for _manner, _opens, _nouns in _TABLE:
    for _noun in _nouns.split():
        for _form in (_noun, f"{_noun}s"):
            _earlier = _CUES.get(_form, (_manner, frozenset[str]()))
            _CUES[_form] = (_earlier[0], _earlier[1] | frozenset(_opens.split()))


def noun_claim(tokens: list[Token], at: int) -> Claim | None:
    """The claim of a noun; None if it reports nothing."""
    cue = _CUES.get(tokens[at].low)
    if cue is None:
        return None
    stop = sentence_stop(tokens, at)
    if at + 2 >= stop:
        return None
    source = possessor_before(tokens, at)
    here = at + 1
    if tokens[here].low in ("by", "from") and source is None:
        end = phrase_end(tokens, here + 1, stop)
        source, here = (here + 1, end), end
    if (
        here + 1 >= stop
        or tokens[here].low not in cue[1]
        or (source is None and _holds(tokens, at))
    ):
        return None
    return _opened(tokens, here, source, (at, at + 1), cue[0])


def _holds(tokens: list[Token], at: int) -> bool:
    """Whether a noun says where somebody claims something: "said in a report that"."""
    before = [token.low for token in tokens[max(0, at - 2) : at]]
    return before[:1] in (["in"], ["with"]) and before[1:] in (["a"], ["the"], ["an"])


def _opened(
    tokens: list[Token], here: int, source: Words | None, cue: Words, manner: Manner
) -> Claim | None:
    """The claim whose content a word such as "that" or "of" opens."""
    opener = tokens[here].low
    if opener == "that":
        content = (here + 1, clause_end(tokens, here + 1, embedded=True))
        good = has_verb(tokens, *content)
    elif opener == "to":
        content = (here, clause_end(tokens, here, embedded=True))
        good = source is not None and content[1] - content[0] > 2
    else:
        content = (here + 1, object_end(tokens, here + 1, embedded=True))
        good = source is not None or (opener == "of" and manner in ("alleged", "accused"))
    return Claim((content,), source, (cue,), manner) if good and content[1] > content[0] else None
