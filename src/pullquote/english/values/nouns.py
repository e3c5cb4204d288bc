"""The noun after a number, and what happened to the people whom it counts."""

from __future__ import annotations

import re
from dataclasses import dataclass

PEOPLE = frozenset(
    "people persons person men man women woman children child pupils pupil students student boys "
    "girls boy girl passengers workers employees staff demonstrators protesters marchers fans "
    "spectators visitors voters members patients victims soldiers troops officers inhabitants "
    "residents migrants refugees adults teenagers players customers users households guests "
    "families supporters civilians survivors suspects defendants prisoners detainees nurses "
    "doctors teachers firefighters police miners crew shareholders delegates candidates souls "
    "shoppers commuters travellers tourists concertgoers festivalgoers attendees subscribers "
    "accounts nationals citizens villagers".split()
) - {"accounts", "households", "families"}
_PERSON = re.compile(r"(?:ers|ors|[iy]sts|ees|ians|ants)$")
_THINGS = frozenset(
    "sees trees knees computers containers helicopters letters numbers papers newspapers orders "
    "meters metres litres centers chapters posters quarters factors tractors motors doors floors "
    "degrees fees committees restaurants plants grants waters towers powers trailers boosters "
    "tankers bunkers covers tenders offers lasers servers sensors reactors errors mirrors colours "
    "colors sectors transfers corners shutters printers routers drawers layers rivers dinners "
    "hours tours pictures answers borders shoulders fingers counters filters generators "
    "escalators monitors variants elephants kilometers centimeters skyscrapers freighters "
    "trawlers fighters bombers launchers chambers barriers matters timbers ladders cylinders bees "
    "coffees guarantees".split()
)
_SAME = {
    "home": "house",
    "property": "house",
    "post": "job",
    "position": "job",
    "role": "job",
    "item": "piece",
    "object": "piece",
}
_STATES = {
    "dead": "dead died death deaths killed dies fatalities fatality casualties killing lives body "
    "bodies",
    "injured": "injured wounded hurt injuries injury injuring wounding",
    "missing": "missing unaccounted",
    "arrested": "arrested arrests arrest detained arresting detaining custody",
    "ill": "ill sick sickened infected infections",
    "homeless": "homeless displaced evacuated",
    "hospitalised": "hospitalised hospitalized hospital",
    "rescued": "rescued",
}
_STATE_OF = {word: state for state, words in _STATES.items() for word in words.split()}
_STOPS = frozenset(
    "a an the of in on at to from by for with without were was are is be been had has have did do "
    "will would could should may might can and or but as that which who whom than per after before "
    "since until during over under into out up off so if when while where whose this these those "
    "his her its their our your my said says it he she they we you not only also more less fewer "
    "was year's minutes' hours' between through against across its".split()
)
_NOT_PLURAL = frozenset("s as is was has this thus plus minus less yes his hers its us".split())
_FURTHER = re.compile(r"(?i) (?:more|other|additional|further|extra)(?= (?!than\b))")
_WORD = re.compile(r"[ -]+([^\W\d_][\w’']*)")
_STATE_AFTER = re.compile(
    r"(?i)\s+(?:(?:were|was|are|is|have|has|had|been|being|also|feared|confirmed|reported|now|still|"
    r"fell|fallen|got|in|taken|to|left|made)\s+){0,3}([a-z]+)\b"
)
_STATE_BEFORE = re.compile(
    r"(?i)\b(killing|killed|injuring|injured|wounding|wounded|detained|arrested|arresting|deaths?|dead)"
    r"(?:\s+(?:toll|count|had|has|have|of|to|rose|rises|risen|is|was|stood|stands|now|at|reached|"
    r"climbed|climbs|were|from)){0,5}\s*$"
)


@dataclass(frozen=True, slots=True)
class Counted:
    """What a number counts, and where its noun ends."""

    unit: str
    state: str
    end: int


def singular(noun: str) -> str:
    """The singular of a regular plural, in lower case."""
    noun = noun.casefold().removesuffix("’s").removesuffix("'s")
    if noun.endswith("ies") and len(noun) > 4:
        return f"{noun[:-3]}y"
    if noun.endswith(("sses", "shes", "ches", "xes")):
        return noun[:-2]
    return noun[:-1] if noun.endswith("s") and not noun.endswith(("ss", "us")) else noun


def counted_by(text: str, at: int, *, one: bool = False) -> Counted | None:
    """What the words at `at` say that a number before them counts.

    The noun is the first of three words that is a plural, or, after "one", the first word.
    """
    end = at
    if (further := _FURTHER.match(text, at)) is not None:
        end = further.end()
    for _ in range(3):
        match = _WORD.match(text, end)
        if match is None or (word := match[1].casefold()) in _STOPS:
            return None
        end = match.end()
        if word in _STATE_OF:
            people = _WORD.match(text, end)
            whom = people is not None and people[1].casefold() in PEOPLE
            return Counted("people", _STATE_OF[word], people.end() if whom and people else end)
        if word in PEOPLE or (_PERSON.search(word) and word not in _THINGS):
            return Counted("people", _state_after(text, end), end)
        if match[1][0].isupper() and not text.isupper():
            return None
        if one != _is_plural(word):
            noun = singular(word)
            return Counted(_SAME.get(noun, noun), "", end)
    return None


def _is_plural(word: str) -> bool:
    return len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "'s", "’s"))


def _state_after(text: str, at: int) -> str:
    match = _STATE_AFTER.match(text, at)
    return "" if match is None else _STATE_OF.get(match[1].casefold(), "")


def state_around(text: str, start: int, end: int) -> str:
    """What happened to the people of a number, by the words directly after or before it."""
    after = _state_after(text, end)
    if after:
        return after
    before = _STATE_BEFORE.search(text, max(0, start - 60), start)
    return "" if before is None else _STATE_OF[before[1].casefold()]
