"""Claims outside a clause: "She said:" before a quotation, and "…" — Ida Roe after one."""

from __future__ import annotations

from pullquote.english.attribution.cue_verbs import cue_verbs
from pullquote.english.attribution.sources import subject_before
from pullquote.english.attribution.statement import Statement
from pullquote.english.attribution.tokens import DASHES, Sentence, is_verb
from pullquote.english.attribution.verb_groups import verb_group

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
