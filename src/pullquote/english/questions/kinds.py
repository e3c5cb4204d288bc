"""Recognises the kind of a question by its words, with a few rules of English."""

from __future__ import annotations

import re

from pullquote.english.word_lists import NUMBERS
from pullquote.schema import QuestionKind

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


MORE = (
    "(?:more|less|fewer|better|worse|(?:bigg|small|larg|high|low|fast|slow|old|young|new|rich|poor"
    "|strong|weak|tall|short|long|light|cheap|dear|hard|saf|lat|soon|clos|near|hott|cold|wid|deep"
    "|great|quick|warm|loud|tough)er|[a-z]{3,}ier)"
)
"""A pattern for comparatives in lower case. It has no words such as "minister" and "over"."""


MOST_KEYWORDS = 6
"""In words. A longer text without a question word is taken for a question."""

MOST_CHARACTERS = 200
"""Only the beginning of a longer question is read, so that no rule takes long on hostile text."""

_BE = r"(?:is|are|was|were|'s|’s|s)"
_QUESTION_VERB = (
    r"(?:is|are|was|were|am|do|does|did|has|have|had|can|could|will|would|should|shall|may|might"
    r"|must)(?:n['’]?t)?"
)
_ASKS_YES_NO = rf"{_QUESTION_VERB}\b(?:.*\?|(?: \S+){{3}})"
_ASKING = re.compile(
    r"(?i)\b(?:who|whom|whose|what|when|where|which|why|how|wh\w+['’]?s)\b|\?"
    rf"|^{_ASKS_YES_NO}"
)
_IMPERATIVE = re.compile(r"(?i)^(?:name|list|tell|give|show|explain|describe|find|compare)\b")

_BETWEEN = (
    r"(?:(?!(?:is|are|was|were|does|do|did|has|have|had|of|in|on|at|to|for|by|the)\b)[\w'’-]+[ ])"
)
_PLURAL = r"(?!\w*(?:ss|us|is)\b|(?:does|has|was|news)\b)(?:[\w'’-]+s|people|men|women|children)\b"
_COUNT = rf"(?:{'|'.join(NUMBERS[2:11])}|[0-9]{{1,2}})"
_LIST = re.compile(
    rf"""(?ix)^(?:
      (?:name|list)\b
      | (?:give|tell|show)\ (?:me\ )?(?:a\ list|all|the\ names)\b
      | (?:which|what)\ {_BETWEEN}{{0,3}}{_PLURAL}\ {_QUESTION_VERB}\b
      | which\ {_BETWEEN}{{0,3}}{_PLURAL}\ (?!of\b)\w+
      | who\ (?:all\ )?(?:are|were)\b
      | (?:who|what|where)\ (?:else|all)\b
      | (?:who|which\ \w+|what)\ (?:(?:is|was|has\ been|got)\ )?(?:nominated|shortlisted|up\ for)\b
      | who(?:['’]?s|\ is|\ was)\ (?:in|on)\ the\ (?:squad|team|line-?up|list|shortlist|top)\b
      | (?:which|what)\ (?:other|{_COUNT}|kinds?\ of|sorts?\ of|types?\ of)\b
      | (?!wh|{_QUESTION_VERB}\b)(?:the\ )?{_BETWEEN}{{0,2}}{_PLURAL}\ (?:that|who|which)\b
      | (?:all|top)\ (?:the\ |{_COUNT}\ ){_BETWEEN}{{0,2}}{_PLURAL}
      | what\ (?:are|were)\ the\ (?:\w+\ ){{0,3}}?{_PLURAL}
    )"""
)
_EVERYTHING = re.compile(r"(?i)\b(?:list (?:all|every\w*)|(?:all|everything)(?: please)?)[.?! ]*$")

_ASKED = rf"(?:who|whom|whose|what|when|where|which|why|how|{_QUESTION_VERB})"
_COMPARATIVE = r"(?:more|less|fewer|better|worse|\w{2,}er|first|most|\w{2,}est)"
_NO_SIDE = (
    rf"(?:[0-9]|(?:{_COUNT}|ever|expected|usual|before|last|previously|planned|that|it|normal|half"
    r"|now|they|he|she|we|you|analysts|experts)\b)"
)
_CLAUSE_FOLLOWS = r"the\ \w+\ before|.*\b(?:what|would|to|used)\b"
_THAN = rf"{_COMPARATIVE}\b[^,]*\ than\ (?!{_NO_SIDE}|{_CLAUSE_FOLLOWS})\S+(?:\ \S+){{0,4}}$"
_WORD = r"[^\s,:?]+"
_COMPARISON = re.compile(
    rf"""(?ix)
      ^how\ (?:do|does|did|would|will)\b.*\b(?:compare|differ)
        (?:\ (?:in|on|for|with|to|from|as|that|this|by|over)\b.*)?[?.! ]*$
      | ^compare\b | \bcompared\ (?:to|with|against)\b | \bversus\b | \bvs\b
      | \bdifferences?\ between\b | ^(?!how).*\bdifferent\ (?:from|to|than)\b
      | ^(?:who|which|what|whose|where)\b.*\b{_COMPARATIVE}\b.*[,:–-]?\ .*\bor\b
      | ^(?:{_WORD}\ ){{1,7}}(?:or|and)\ {_WORD}(?:\ {_WORD}){{0,7}}\ ?[,:–-]\ (?:which|who|what)\b
      | ^{_QUESTION_VERB}\ [^,]*\b{_THAN}
      | ^{_QUESTION_VERB}\ [^,]*\b(?:or\b[^,]*\b{MORE}|{MORE}\b[^,]*\bor)\b
      | ^(?!{_ASKED}\b)[\w'’ .-]+\ or\ [\w'’ .-]+(?:\?|\ {MORE}[?.! ]*)$
      | ^what\ (?:do|does|did)\ [^,]*\ and\ [^,]*\ each\b
    """
)
_REASON = re.compile(
    r"""(?ix)
      \bwhy\b | ^how\ come\b
      | \bwhat(?:['’]s|\ is|\ was|\ were)?\ (?:the\ )?(?:reasons?|cause)\b
      | ^what\ (?:caused|made|led|prompted|drove|persuaded|forced)\b | \bfor\ what\ reason
    """
)
_SPEECH_VERBS = (
    "say says said saying think thinks thought tell told call called claim claimed feel felt "
    "believe believed want warn warned predict predicted suggest suggested argue argued "
    "describe described reply replied respond react reacted advise advised blame promise"
).split()
_SPEECH_VERB = f"(?:{'|'.join(_SPEECH_VERBS)})"
_SPEECH = re.compile(
    rf"""(?ix)
      ^(?:and\ )?what\ (?:do|does|did|has|have|had|is|was|were|are)\ .*\b{_SPEECH_VERB}\b
      | ^how\ (?:do|does|did|has|have)\ .*\b(?:feel|felt|react|respond|describe|see|view|justify)\b
      | ^what(?:['’]s|s|\ is|\ was|\ were|\ are)?\ .*\b(?:opinions?|views?|advice|reaction|response
        |verdict|comments?|message|take|thoughts|warning|answer)\ (?:on|about|of|to|for|from)\b
      | ^what(?:\ \w+)?\ (?:did|does|do|has)\ .*\bhave\ to\ say\b
      | ^(?:what|which)\ (?:advice|reaction|comment|warning|opinion|view|explanation)\b
    """
)
_MANNER = re.compile(rf"(?i)^(?:and |so |but )?how(?: exactly)? (?:{_QUESTION_VERB}|to|else)\b")
_DEFINITION = re.compile(
    rf"""(?ix)
      ^what(?:['’]?s|\ {_BE}|\ {_BE}\ meant\ by|\ exactly\ {_BE})\ (?:an?\ )?
        (?!(?:the|his|her|their|its|this|that|your|my|it|there)\b)
        (?:[\w.&'’-]+\ ){{0,3}}[\w.&'’-]+[?.! ]*$
      | ^what\ (?:has\ |have\ )?(?:happens?|happened|became|become)\ (?:to|of|with|at|in)\b
      | ^what(?:['’]?s|\ has|\ is|\ have)\ (?:happened|happening|become)\b
      | ^what\ (?:do|does|did)\ .*\b(?:mean|stand\ for|do)[?.! ]*$
      | ^what['’]?s\ the\ [A-Z][A-Z]+\b
    """
)
_YES_NO = re.compile(rf"(?i)^(?:and |so |but |or )?{_ASKS_YES_NO}")
_TAG = re.compile(
    rf"(?i), (?:{_QUESTION_VERB}) (?:he|she|it|they|we|there)[?. ]*$|, (?:right|yes|no)\?$"
)

_STATED = re.compile(
    rf"(?i)^(?!.*\b(?:who|whom|whose|what|when|where|which|why|how)\b).*\b{_QUESTION_VERB}\b.*\?$"
)
"""A statement with a question mark, such as what is left of "do you know if the pier is open?"."""

_KIND_RULES = (
    (QuestionKind.REASON, _REASON),
    (QuestionKind.SPEECH, _SPEECH),
    (QuestionKind.COMPARISON, _COMPARISON),
    (QuestionKind.LIST, _LIST),
    (QuestionKind.LIST, _EVERYTHING),
    (QuestionKind.DEFINITION, _DEFINITION),
    (QuestionKind.MANNER, _MANNER),
    (QuestionKind.YES_NO, _YES_NO),
    (QuestionKind.YES_NO, _TAG),
    (QuestionKind.YES_NO, _STATED),
)
"""In order: the first rule that matches decides."""


def recognise(question: str) -> QuestionKind:
    """The kind of a question; `FACT` if no other kind fits."""
    words = " ".join(question.split())[:MOST_CHARACTERS]
    if asks_for_change(words):
        return QuestionKind.CHANGE
    if _is_keywords(words):
        return QuestionKind.KEYWORDS
    return next((kind for kind, rule in _KIND_RULES if rule.search(words)), QuestionKind.FACT)


def _is_keywords(words: str) -> bool:
    asks = _ASKING.search(words) or _IMPERATIVE.search(words) or _COMPARISON.search(words)
    return not asks and len(words.split()) <= MOST_KEYWORDS
