"""The phrases of greetings, thanks and politeness around a question. Each pattern is one rule."""

from __future__ import annotations

import re

SUBJECT_CHANGE = (
    r"(?:moving(?: swiftly)? on|(?:going|coming|turning|switching) (?:now|back)) to(?= \w)"
    r"|let's (?:now )?(?:move(?: on)?|turn|go(?: back)?|switch|talk) (?:to|about)"
    r"|(?:changing (?:the )?|on (?:another|a different) )(?:subject|topic)"
    r"(?: now| completely| entirely)?(?=\s*[,.!:;–—-])"
)
"""A pattern for "moving on to Yukos", "let's talk about the ferry", "on a different subject"."""

_ME = r"(?:me|us)"
_YOU = r"(?:you|anyone|anybody|someone|somebody)"
_SOFTLY = r"(?:(?:please|possibly|perhaps|maybe|kindly|just|really|quite|also|actually|still) )*"

FRAME = (
    # "can you tell me", "could you possibly help me find out"
    rf"(?:can|could|would|will) {_YOU} {_SOFTLY}(?:help {_ME} )?"
    rf"(?:tell|remind|inform|explain to|let|find out|look up|check)(?: {_ME})?(?: know)?",
    rf"would it be possible (?:for {_YOU} )?to {_SOFTLY}tell {_ME}",
    # "do you know", "would you happen to know", "does anyone remember"
    rf"(?:do|does|would) {_YOU} {_SOFTLY}(?:happen to )?(?:know|remember|recall)",
    rf"(?:have {_YOU} (?:got )?|{_YOU} got |got )?any (?:idea|clue)s?",
    # "please tell me", "tell me", "let me know"
    rf"{_SOFTLY}(?:tell|remind) {_ME}|let {_ME} know",
    # "I'd quite like to know", "I want to find out", "I need to know"
    rf"(?:i|we)(?:'d| would)? {_SOFTLY}(?:like|love|want|need|wanted) to {_SOFTLY}"
    r"(?:know|find out|ask(?: you)?|hear)",
    # "I was just wondering", "we wondered", "I'm trying to find out"
    rf"(?:i|we)(?:'m|'re| am| are| was| were|'ve been)? {_SOFTLY}"
    r"(?:wonder(?:ing|ed)?|curious|trying to (?:find out|remember|work out|figure out))",
    rf"(?:i|we) (?:can't|cannot|couldn't|don't|do not) {_SOFTLY}(?:remember|recall|know|find out)",
    # "if you know", "if you could possibly tell us"
    rf"if {_YOU} (?:(?:can|could|would|might) {_SOFTLY})?"
    rf"(?:happen to )?(?:know|remember|(?:tell|help|remind) {_ME})",
)
"""Phrases that introduce the question after them."""

_PAUSE = r"(?=\s*[,.!:;–—-])"

_ASKED = r"(?=\s+(?:who|what|when|where|why|how|which|can|could|do|does|did|is|are|was|i|i'm)\b)"

OPENING = (
    r"(?:hi|hiya|hello|hey|heya|hullo|howdy|yo|greetings|dear all)(?:"
    rf" (?:there|all|everyone|again|mate|folks|guys|pullquote)|{_PAUSE}|{_ASKED}|\Z)",
    r"good (?:morning|afternoon|evening|day)(?: (?:all|everyone|to you))?",
    rf"(?:ok|okay|right|well|anyway|now|um+|er+|oh|ah)(?: then)?{_PAUSE}",
    r"(?:ok|okay|right|well|oh|and|but) so|so(?= (?:who|what|when|where|why|how|is|are|was|did)\b)",
    r"please(?= (?:tell|can|could|who|what|when|where|why|how)\b)",
    r"(?:i'm |very |so )*sorry(?: (?:to (?:bother|trouble|bug)|for (?:bothering|troubling)) you)?"
    r"(?: again)?(?:,? but)?",
    r"excuse me(?:,? but)?",
    SUBJECT_CHANGE,
    r"(?:i )?hope (?:you(?:'re| are|r)?|all is|this finds you)(?: all)?(?: ok| okay| well| good)+",
    r"how are you(?: (?:today|doing))?",
    rf"(?:many )?(?:thanks|thank you|cheers)(?: (?:so|very) much| a lot)?"
    rf"(?: for [\w ]{{3,40}}?)?(?:{_PAUSE}|\Z)",
    r"(?:just )?(?:a |one |another )*(?:quick|short|silly|random|daft|last|final|simple|more) "
    rf"?(?:one|question|query|thing)?(?: for you| though)?{_PAUSE}",
    r"i(?:'ve| have)(?: got)? (?:a |one |another )(?:quick |silly )?question(?: for you| about)?",
    r"(?:my|a|the) (?:mate|friend|wife|husband|mum|mom|dad|boss|brother|sister|son|daughter|gran) "
    r"(?:reckons|says|thinks|told me|claims|swears|insists)(?: that)?",
    r"(?:i'm |i am )?just (?:curious|wondering|checking)",
    r"you know(?= (?:that|the|this|how)\b)",
    r"i (?:heard|read|saw)(?: somewhere| in the paper| on the news)* that",
)
"""Phrases that come before a question."""

_THANKS = "(?:many )?(?:thanks|thank you|cheers|ta)(?: (?:so|very) much| a lot| in advance| again)*"
_UNASKED = r"(?!\w)(?!\W*\?)"
"""Not the end of the question itself, as in "Who said thank you?"."""

CLOSING = (
    rf"(?:{_THANKS}){_UNASKED}",
    rf"(?<=[,;:.!?…–—-] )(?:{_THANKS})",
    rf"(?:lol|haha|mate){_UNASKED}",
    r"please(?: help)?|help please",
    rf"(?:do|would) {_YOU} (?:happen to )?know|any (?:idea|clue)s?",
    rf"if {_YOU} (?:know|can|could|don't mind)|if (?:that|it)'s (?:ok|okay|possible|all right)",
    rf"(?:can|could) {_YOU} {_SOFTLY}(?:help|assist)"
    r"(?: (?:me|us|at all|please|with (?:this|that|something|a question)))*",
)
"""Phrases that come after a question."""


def _any_of(rules: tuple[str, ...]) -> str:
    return "|".join(f"(?:{rule})" for rule in rules)


_GAP = r"[\s,;:.!?…–—-]"

OPENS = re.compile(
    rf"(?i)\A{_GAP}*(?:(?:and|but|so) )?(?:{_any_of((*OPENING, *FRAME))})(?![\w'’]){_GAP}*"
)
CLOSES = re.compile(rf"(?i)(?:(?<={_GAP})|\A)(?:{_any_of(CLOSING)}){_GAP}*\Z")
ASKS_INSIDE = re.compile(
    rf"(?i)(?<![\w'’])(?:(?:and|but|so) )?(?:{_any_of(FRAME)}),?"
    r"(?= (?:if|whether|who|whom|whose|what|which|when|where|why|how)\b)"
)
FACES = re.compile(
    r"(?:(?<=\s)|\A)(?:[:;=]'?-?[()DPp]|<3)(?=\s|\Z|[,.!?])|[\U0001F300-\U0001FAFF]+"
)
