"""Recognises whether a question asks for the first or the latest of several values."""

from __future__ import annotations

import re

from pullquote.english.questions.words import is_english, words_of
from pullquote.schema import TimeAsked

MOST_CHARACTERS = 400
"""Only the beginning of a longer question is read, so that no rule takes long on hostile text."""

_CLAIM = (
    r"(?:estimates?|toll|figures?|counts?|tally|offers?|bids?|forecasts?|projections?|predictions?"
    r"|guess|valuations?|assessments?|diagnosis|proposal|budget|price(?: tag)?|costs?|bill"
    r"|deadline|total|number|amount|value|plans?|date|target|schedule|reports)"
)
"""Things of which articles give different values over time."""

_BETWEEN = r"(?: (?!of\b|to\b|in\b|on\b)[\w'’-]+){0,2}"
_REPORTED = (
    r"(?:reported|estimated|announced|put at|said|thought|believed|offered|proposed|quoted|counted"
    r"|expected|promised|made|given|mentioned|planned|scheduled|supposed|meant|due)"
)
_MEANT = r"(?:expected|planned|scheduled|supposed|meant|due|set|going)"


def _any_of(*rules: str) -> re.Pattern[str]:
    return re.compile("(?i)" + "|".join(f"(?:{rule})" for rule in rules))


_FIRST = _any_of(
    r"\bat first\b(?! (?:sight|glance|hand|light|instance|base|slip|attempt|try))",
    r"\b(?:originally|initially|at the outset|to begin with|to start with)\b",
    rf"\b(?:first(?! (?:dates?|number)\b)|initial|original){_BETWEEN} {_CLAIM}\b",
    rf"^(?!\W*when\b).*\b(?:was|were|is|are|been)\b.*\bfirst {_REPORTED}\b",
    rf"^\W*when\b.*\b(?:was|were)\b.*\bfirst {_MEANT} (?:to|for)\b",
)
_NOT_FIRST = _any_of(
    r"\b(?:who|where)\b.*\bfirst (?:reported|announced|proposed|said|made|mentioned)\b",
    r"\binitial public offering",
)
_LATEST = _any_of(
    r"\bso far\b(?! (?:apart|away|from|as|behind|ahead|out|removed|north|south|east|west|that))",
    r"\b(?:now|currently|at present|at the moment|nowadays|these days)\b(?! that\b|-)",
    r"\b(?:up (?:to|till|until)|until|till|as of|as at) (?:now|today)\b",
    r"\bto date\b(?=\W*$|,)",
    r"\bin the end\b(?! (?:of|zone|credits|times?|game|user|product)\b)",
    r"\b(?:finally|eventually|ultimately)\b",
    r"(?<!at the )\b(?:latest|newest|most recent|most up[- ]to[- ]date|up[- ]to[- ]date)\b",
    rf"\b(?:current|final){_BETWEEN} (?:{_CLAIM}|result|outcome|decision|verdict|score|version)\b",
    r"\b(?:is|are|was|were|has|have|had|does|do|did|can|will|who|which|there)(?:n['’]t)?\b.*"
    r"\bstill\b(?! (?:life|lifes|image|photo|water))",
    r"\bstill (?:is|are|was|were|has|have|had|missing|in|on|at)\b",
)
_NOT_LATEST = _any_of(r"\b(?:who|what) now\b", r"\b(?:stand|stood|sit|sat|lie|lay) still\b")


def time_asked(question: str) -> TimeAsked:
    """Which value the question asks for; `UNSAID` if it does not say, or names both."""
    text = question[:MOST_CHARACTERS]
    first = _FIRST.search(text) is not None and not _NOT_FIRST.search(text)
    latest = _LATEST.search(text) is not None and not _NOT_LATEST.search(text)
    if first == latest:
        return TimeAsked.UNSAID
    return TimeAsked.FIRST if first else TimeAsked.LATEST


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
