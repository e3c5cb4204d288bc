"""Recognises questions about how something has changed over time."""

from __future__ import annotations

import re

_AUXILIARY = r"(?:is|are|was|were|has|have|had|did|do|does|can|could|will|would|should)"
_MEASURE = (
    r"(?:prices?|costs?|tolls?|tall(?:y|ies)|numbers?|figures?|estimates?|counts?|support|shares?"
    r"|dates?|day|deadline|values?|forecasts?|rates?|offers?|bids?|bills?|budgets?|profits?|sales"
    r"|unemployment|inflation|polls?|odds|wages?|salar(?:y|ies)|rents?|fees?|fares?|ratings?"
    r"|population|demands?|plans?|targets?|turnout|attendances?|start|opening|restart|launch"
    r"|schedule|timetable|total|amount|size|lead|majority|stake|holding|temperatures?|levels?|debt"
    r"|account|story|version|position|stance|line|theory|explanation)"
)
_MOVES = (
    r"(?:changed?|moved?|shift(?:ed)?|rise|risen|rose|grow|grown|grew|f[ae]ll|fallen|dropp?(?:ed)?"
    r"|increased?|decreased?|declined?|climb(?:ed)?|develop(?:ed)?|evolved?|progress(?:ed)?|var(?:y|ied)"
    r"|fluctuated?|go(?:ne)? (?:up|down)|slip(?:ped)?|narrow(?:ed)?|widen(?:ed)?)"
)
_ALTERS = r"(?:changed?|evolved?|shift(?:ed)?|develop(?:ed)?)"
_WAS_MOVED = (
    r"(?:pushed back|put back|brought forward|moved|revised|delayed|postponed|raised|increased|cut"
    r"|lowered|reduced|altered|changed|corrected|adjusted|updated|amended|rescheduled)"
)
_SPAN = (
    r"(?:over (?:time|the (?:\w+ )?(?:days?|weeks?|months?|years?|course))|from .+ (?:to|until)\b"
    r"|between .+ and\b|since\b|through(?:out)?\b|during\b|in (?:recent|the (?:last|past))\b"
    r"|(?:day by day|week by week|month by month|year by year))"
)
_END = rf"(?:[?.! ]*$|,? {_SPAN})"
_TAIL = rf"(?:{_END}|,? (?:in|at|on|among|up|down|after)\b)"
_HOW = r"^(?:(?:and|so|but|show|tell|me|us)[, ]+)*how(?: exactly)?"
_NOT_FAME = r"(?! to (?:fame|power|prominence|stardom|the top)\b)"

_RULES = (
    # "how did the price move?", "how has the toll risen since March?"
    rf"{_HOW} (?:has|have|had|did) .*\b{_MEASURE}\b.* {_MOVES}{_NOT_FAME}{_TAIL}",
    # "how has the plan changed?", but not "how did he change his mind?"
    rf"{_HOW} (?:has|have|had) .* {_ALTERS}{_END}",
    rf"{_HOW} did .* {_ALTERS},? {_SPAN}",
    # "how has the opening been pushed back?"
    rf"{_HOW} (?:has|have|had) .*\b{_MEASURE}\b.* been {_WAS_MOVED}{_TAIL}",
    rf"{_HOW} (?:was|were) .*\b{_MEASURE}\b.* {_WAS_MOVED},? {_SPAN}",
    # "show me how the estimate rose over time"
    rf"{_HOW} (?!(?:{_AUXILIARY}|many|much|far)\b)(?:\S+ ){{1,6}}{_MOVES} {_SPAN}",
    # "what has happened to the price over time?"
    rf"^what(?:['’]s| has| have)? happened (?:to|with) .*\b{_MEASURE}\b.* {_SPAN}",
    # "timeline of the strike"
    r"^(?:(?:a|the|give|show|me|us) )*timeline (?:of|for)\b|\btimeline[?.! ]*$",
)
"""One rule each."""

_CHANGE = re.compile("(?i)" + "|".join(f"(?:{rule})" for rule in _RULES))


def asks_for_change(question: str) -> bool:
    """Whether a question asks how something has changed, rather than how it was done."""
    return _CHANGE.search(question) is not None


_STATE = re.compile(
    rf"(?i){_HOW} (?:has|have|had|did|was|were) (?P<subject>.+?) (?:been )?"
    rf"(?:{_MOVES}|{_WAS_MOVED})\b(?P<rest>.*)$"
)
_ITS_SPAN = re.compile(rf"(?i),? (?:{_SPAN}|from\b|to\b|up\b|down\b|back\b).*$")
_DAY = re.compile(
    r"(?i)\b(?:dates?|day|deadline|start|opening|reopening|restart|launch|schedule|timetable|return)\b"
)


def state_question(question: str) -> str:
    """A question about the state of what a question about a change is about.

    Readers find the values of "what is the price?" in each article, but few of "how has the price
    changed?". A question with another form is returned unchanged.

    >>> state_question("How has the price of oil risen over time?")
    'what is the price of oil?'
    """
    found = _STATE.match(question)
    if found is None:
        return question
    subject = found["subject"]
    rest = _ITS_SPAN.sub("", found["rest"]).rstrip(" ?.!")
    word = "when" if _DAY.search(subject) else "what"
    return f"{word} is {subject}{rest}?"
