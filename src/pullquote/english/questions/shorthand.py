"""Writes out text-speak and contractions without an apostrophe: "wot", "pls", "itll"."""

from __future__ import annotations

import re

from pullquote.english.questions.words import is_english, words_of

_CONTRACTIONS = (
    "who's what's where's when's how's that's there's it'll they'll you'll that'll don't doesn't "
    "didn't isn't wasn't aren't weren't won't can't couldn't wouldn't shouldn't hasn't haven't "
    "hadn't i'm i've you're you've they're they've"
)

_ABBREVIATIONS = (
    "u=you ur=your wot=what wots=what's waht=what wich=which whcih=which whitch=which wens=when's "
    "teh=the adn=and pls=please plz=please thx=thanks thnx=thanks tnx=thanks sory=sorry kno=know "
    "cos=because coz=because b4=before 2day=today ppl=people abt=about tho=though thru=through "
    "hav=have w/=with"
)

_WRITTEN_OUT = {
    **{word.replace("'", ""): word for word in _CONTRACTIONS.split()},
    **dict(pair.split("=") for pair in _ABBREVIATIONS.split()),
    **{"gonna": "going to", "wanna": "want to", "gotta": "got to"},
}
"""Words that mean nothing else when they are typed in lower case."""

_SMALL = (
    "is|are|was|were|do|does|did|has|have|had|will|would|can|could|should|the|a|an|i|you|he|she|it|"
    "we|they|that|this|his|her|their|its"
)

_IN_CONTEXT = (
    (re.compile(rf"\bwen(?= (?:{_SMALL})\b)"), "when"),
    (re.compile(r"^wat\b"), "what"),
    (re.compile(r"(?i)\b(what|when|where|which|who|why|how) r\b"), r"\1 are"),
    (re.compile(r"(?<=[a-z] )n(?= [a-z])"), "and"),
    (re.compile(r"\bdyed(?=\W*$|,? (?:aged|at|from|in|last|of|on|recently|this)\b)"), "died"),
)
"""Words that mean something else too, in places where only the shorthand makes sense."""

_WORD = re.compile(r"(?<![\w'’./@])(?:w/|[a-z0-9]+)(?![\w'’@]|\.\w)")


def expand_shorthand(text: str) -> str:
    """The text with text-speak written out, if it is English. Words with a capital stay."""
    expanded = _WORD.sub(lambda found: _WRITTEN_OUT.get(found[0], found[0]), text)
    for pattern, meant in _IN_CONTEXT:
        expanded = pattern.sub(meant, expanded)
    return expanded if expanded == text or is_english(words_of(expanded)) else text
