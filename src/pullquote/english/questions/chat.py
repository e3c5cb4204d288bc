"""Finds the question in a chatty message, without the greetings, politeness and story around it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pullquote.english.questions.words import (
    AUXILIARIES,
    content_words,
    is_english,
    words_of,
)
from pullquote.english.sentences import sentence_spans
from pullquote.english.word_lists import ASKING, THIRD_PERSON

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


_TELLER = frozenset("i me my mine we us our i'm i've i'd i'll we're we've we'd".split())
"""Words of people who tell their own story."""

_CONTEXT = 8
"""Maximum number of words that are kept from the story around a question."""

_SELF_SUFFICIENT = 3
"""A question with this many content words, whose pronouns follow a name, needs no story."""

_CLAUSE = re.compile(r"\s+[–—-]+\s+|:\s+|;\s+|…\s*|\.\.\.\s*")
_WHETHER = re.compile(r"(?i)\A(?:if|whether|about) ")
_QUOTED = re.compile(r"[\"“”]")


def strip_chat(text: str) -> str:
    """The question in a message, without the small talk around it; a plain question is unchanged.

    Statements are kept. Sentences in which people tell their own story are dropped, but names in
    them are kept, in brackets after the question. If there are no names, other words are kept if
    the question needs them.
    """
    message = FACES.sub("", text).strip()
    if _QUOTED.search(message) or not is_english(words_of(message)):
        return text
    parts = [_bare(message[start:end]) for start, end in sentence_spans(message)]
    parts = [part for part in parts if words_of(part)]
    found = _without_story(parts) if parts else text
    return text if found.split() == text.split() else found


def _without_story(parts: Sequence[str]) -> str:
    """The sentences, without those that only lead up to the last question."""
    asking = max((at for at, part in enumerate(parts) if _asks(part)), default=len(parts) - 1)
    *before, question = _split(parts[asking])
    story = [part for part in (*parts[:asking], *before, *parts[asking + 1 :]) if _is_story(part)]
    if not question or not (before or _asks(question)):
        story = []
    plain = [part for part in (*parts[:asking], *before) if part not in story]
    plain += [question, *(part for part in parts[asking + 1 :] if part not in story)]
    context = _context(story, question)
    return " ".join(plain) + (f" ({context})" if context else "")


def _bare(sentence: str) -> str:
    """The sentence without small talk at its beginning and end; empty if nothing else is left."""
    bare = sentence
    while opened := OPENS.match(bare):
        bare = bare[opened.end() :]
    while closed := CLOSES.search(bare):
        bare = bare[: closed.start()].rstrip(" ,;:-–—")
    if bare == sentence:
        return sentence
    return _as_question(bare) if sentence.rstrip().endswith("?") else _WHETHER.sub("", bare)


def _as_question(words: str) -> str:
    """Words with a question mark at the end; none if there are no words."""
    found = _WHETHER.sub("", words).rstrip(" .!?,;:")
    return f"{found}?" if found else ""


def _asks(sentence: str) -> bool:
    words = words_of(sentence)
    return sentence.endswith("?") or (bool(words) and words[0].low in ASKING | AUXILIARIES)


def _split(sentence: str) -> list[str]:
    """A sentence cut into what leads to its question, and the question, if they can be story apart.

    "I have the rest, but I'd like to know what it cost" is cut before "what". "One thing is
    missing: what did it cost?" is cut before "what", too.
    """
    if inside := ASKS_INSIDE.search(sentence):
        return [
            sentence[: inside.start()].rstrip(" ,"),
            _as_question(sentence[inside.end() :].strip()),
        ]
    for found in reversed(list(_CLAUSE.finditer(sentence))):
        before, after = sentence[: found.start()], sentence[found.end() :]
        words = words_of(after)
        if words and words[0].low in ASKING | AUXILIARIES and _is_story(before):
            return [before, _as_question(after)]
    return [sentence]


def _is_story(sentence: str) -> bool:
    """Whether people talk about themselves."""
    return any(word.low in _TELLER for word in words_of(sentence))


def _context(story: Sequence[str], question: str) -> str:
    """What the question needs of the story: names, or else other words if it is incomplete."""
    known = {word.low for word in words_of(question)}
    # The capital of a sentence's first word says nothing.
    words = [word for part in story for word in words_of(part)[1:] if word.low not in known]
    found = [word for word in words if word.is_name and word.low not in _TELLER]
    if not found and _is_incomplete(question):
        found = content_words([word for word in words if word.low not in _TELLER])
    texts = (re.sub("['’]s$", "", word.text) for word in found[:_CONTEXT])
    return " ".join(dict.fromkeys(texts))


def _is_incomplete(question: str) -> bool:
    """Whether a question has few words of its own, or a pronoun with no name before it."""
    words = words_of(question)
    pronouns = [at for at, word in enumerate(words) if word.low.split("'")[0] in THIRD_PERSON]
    named = any(word.is_name for word in words[1 : pronouns[0]]) if pronouns else True
    return not named or len(content_words(words)) < _SELF_SUFFICIENT
