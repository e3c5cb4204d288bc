"""Tells a value that a sentence gives from one that it names only to reject or replace it."""

from __future__ import annotations

import re

_NEAR = 70
"""In characters: how far before a value the words may begin that reject it."""

_FIGURE = (
    r"(?:offer|bid|estimate|count|total|toll|figure|number(?!\ one)|sum|price|cost|budget|date|day"
    r"|plan|forecast|report|claim|version|result|proposal|sentence|target|deadline|limit|name|reading)s?"
)
_EARLIER = r"(?:first|initial|original|earlier|previous|former|old|opening|preliminary|provisional)"
_PLANNED = (
    r"(?:said|spoken|put|given|set|planned|expected|due|announced|foreseen|reckoned|reported"
    r"|declared|estimated|promised|scheduled|supposed|meant|thought|believed|wrongly|begun|stood"
    r"|fixed|hoped|asked|sought|offered|lowered|budgeted)"
)
_REPLACED = (
    r"(?:instead of|rather than|in place of|down from|up from|and not|but not|no longer|lifted"
    r"|withdrew|as against|not the|against the|compared with|dropped|scrapped|replac(?:es|ed|ing)"
    r"|did away with)"
).replace(" ", r"\ ")
_ON = r"(?:[^.;:,]|,(?!\ (?:but|has|have|is|are|and\ (?:has|is|now))\b))*"
"""The rest of a clause."""
_BEFORE = re.compile(
    rf"""(?ix)
    (?:
      \bnot(?:\ (?:on|at|in|by|about|some))?
      | \b{_REPLACED}(?:\ [\w'’-]+){{0,3}}
      | \b(?:had|was\ to\ have|were\ to\ have)\ (?:[\w'’]+\ ){{0,2}}?{_PLANNED}\b
          (?!\ [\w\ ]*\b(?:earlier|before|previously)\ that\b){_ON}
      | \b(?:was|were)\ (?:[\w'’]+\ )?(?:due|supposed|meant|expected|scheduled)\b{_ON}
      | \b(?:was|were)\ to\ have\b{_ON}
      | \b(?:announced|given|reported|described|listed)\ (?:[\w'’]+\ ){{0,3}}?as(?:\ \w+ing)?
      | \b{_EARLIER}\ (?:[\w'’-]+\ ){{0,2}}{_FIGURE}\b{_ON}
      | \b(?:beg[au]n|started|opened)\ (?:off\ )?(?:with|at|by\ offering)(?:\ [\w'’-]+){{0,2}}
      | \b(?:(?<!at\ )once|(?<!has\ )(?<!have\ )previously|originally|initially|formerly|at\ first
          |on\ the\ first\ day|on\ the\ night\ itself|when\ \w+\ \w+\ (?:started|began))\b{_ON}
    )
    [\s,:]*["“‘'£$€]*$"""
)
_FROM = re.compile(r"(?i)\bfrom\s+(?:about |around |some |nearly )?[£$€]?$")
_TO = re.compile(r"(?i)^(?: [\w'’-]+){0,2}? to\b")
_AFTER = re.compile(
    rf"""(?ix)^(?:[^.;,]|,(?=\ (?:given|presented)\b)){{0,60}}?(?:
      \b(?:given|announced|reported|published|named|quoted|mentioned|declared|presented)
          \ (?:earlier|before|at\ first|on\ the|by\ the|last\ year)
      | \b(?:left\ out|fell\ through)\b
      | \b(?:was|were|is|are)\ (?:wrong|incorrect|too\ (?:low|high)|a\ mistake)\b
      | ^\ (?:it|they|he|she)\ had\ (?:[\w'’]+\ )?{_PLANNED}\b
      | \b(?:was|were)\ (?:suspected|thought|believed|expected)\b[^.;,]*\bat\ first\b
      | ^\ on\ offer\ since\b
    )"""
)
_CORRECTION = re.compile(
    r"(?i)^\W*(?:correction|clarification|amendment|corrections?)\b[\w ]*[:.–-]"
)
_WRONG = re.compile(
    r"(?i)\b(?:in fact|was wrong|were wrong|incorrect|wrongly|erroneous|by mistake|counted twice"
    r"|were transposed|misstated|misheard)\b"
)
_TRULY = r"in fact|in truth|in reality|the (?:right|correct|actual|true|real) \w+|should have"
_IN_TRUTH = re.compile(rf"(?i)\b(?:{_TRULY})\b")
_IN_FACT = re.compile(
    rf"(?i)\b(?:{_TRULY}"
    r"|(?:the|its|their) (?:figure|number|sum|name|date|total) (?:was|is)|it (?:was|is)"
    r"|there (?:were|are))\b"
)

_UPDATED = re.compile(
    r"""(?ix)\b(?:
      (?:up|down)\ from | revised? | revising | updated? | no\ longer | instead | recount
      | (?:now|by\ now)\b(?!\ that)
      | (?:latest|final|newest|new|second|third)\ (?:[\w'’-]+\ ){0,2}
          (?:count|total|toll|figures?|number|estimate|sum|price|cost|budget|date|deadline|tally
            |offer|bid|increase|rise|delay)
      | (?:r[io]sen?|climb(?:ed|s)|grown|grew|gone\ up|went\ up|fell|fallen|dropped|rais(?:ed|es)
          |lift(?:ed|s)|increased|cut|lowered|reduced|moved|mounted|jumped|doubled|br(?:ings|ought))
          (?:\ again | \ [^.;:,]{0,90}?(?<=\ )(?:to|till|until))
      | (?:put\ off|put\ back|postponed|delayed|brought\ forward)
      | (?:more|less|fewer|later|earlier|sooner|higher|lower)\ than\ (?:[\w'’-]+\ ){0,3}
          (?:planned|expected|thought|counted|announced|reported|said|offer|figure|number|before)
    )\b"""
)
"""Words by which a sentence says that a value came in place of an older one."""
_NEAR_UPDATE = 100
"""In characters: how far from a value such words may be."""


def is_mention(sentence: str, start: int, end: int) -> bool:
    """Whether a sentence names the value at `start` to `end` only to reject or replace it.

    >>> told = "It cost £1.7m, not the £1.3m announced."
    >>> is_mention(told, 8, 13), is_mention(told, 23, 28)
    (False, True)
    """
    before, after = sentence[max(0, start - _NEAR) : start], sentence[end:]
    if _IN_FACT.search(before):
        return False
    if _CORRECTION.match(sentence[:start]):
        return True
    if _FROM.search(before) and _TO.match(after):
        return True
    return _BEFORE.search(before) is not None or _AFTER.match(after) is not None


def corrects(sentence: str) -> bool:
    """Whether a sentence says that something reported before was wrong."""
    return _CORRECTION.match(sentence) is not None or _WRONG.search(sentence) is not None


def updates(sentence: str, start: int, end: int) -> bool:
    """Whether a sentence says that the value at `start` to `end` came in place of an older one.

    >>> told = "The toll has risen to 61, the mayor said."
    >>> updates(told, 22, 24), updates("The toll is 61, the mayor said.", 12, 14)
    (True, False)
    """
    if _IN_TRUTH.search(sentence[max(0, start - _NEAR) : start]):
        return True
    around = sentence[max(0, start - _NEAR_UPDATE) : start], sentence[end : end + _NEAR_UPDATE]
    return any(_UPDATED.search(words) is not None for words in around)
