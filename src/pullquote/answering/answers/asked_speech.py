"""Understands questions about what is said: who said it, or what somebody said."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from pullquote.english.attribution.cue_verbs import cue_verbs
from pullquote.schema.attribution import Manner

MOST_CHARACTERS = 200
"""Only the beginning of a longer question is read, so that hostile text takes no time."""

_LEADS = frozenset("and so but".split())
_WORDS_OF_WHO = 5
"""The verb is among so many words after "who": "who has since denied"; "which rival firm said"."""
_NO_CLAIM: frozenset[Manner] = frozenset({"other", "reported"})
_HEARD = frozenset("hear heard learn learned learnt".split())
"""They ask who said something: "from whom did she hear it?", "who did she learn it from?"."""
_OTHER_MEANINGS = frozenset(
    "called wrote sang sung read began posted put noticed answered seeks sought felt".split()
)
"""Words after "who" that mostly ask for no claim: "who called off the march?"."""
_FORMS = {
    **dict.fromkeys(("do", "does", "did"), "base"),
    **dict.fromkeys(("has", "have", "had"), "past"),
    **dict.fromkeys(("is", "are", "was", "were"), "ing"),
}
"""The form of a verb after each auxiliary: "did say", "has said", "is saying"."""
_NO_NAME = frozenset(
    "he she they it we i you this that there his her their my our your the a an of mr mrs ms dr "
    "and in at for to also then first ever actually have been say said".split()
)
_AFTER_NAME = frozenset("of from at for in who".split())
_ACCORDING = re.compile(
    r"(?i)\baccording to (?P<who>(?:(?!(?:what|how|when|where|why|which|in|at|on|of|from|for)\b)"
    r"[\w'’.-]+ ?){1,5})"
)


@dataclass(frozen=True, slots=True)
class AskedSpeech:
    """What a question asks about a claim.

    `who_manner` is how the claim was made, if the question asks who made it. `speaker` is the last
    word of who is asked about, in lower case: "roe" or "chief"; "" if nobody is.
    """

    who_manner: Manner | None = None
    speaker: str = ""

    @property
    def who(self) -> bool:
        """Whether the question asks who made a claim."""
        return self.who_manner is not None


@lru_cache(maxsize=64)
def asked_speech(question: str) -> AskedSpeech:
    """What a question asks about a claim; all is unknown if it asks about something else."""
    text = question[:MOST_CHARACTERS].strip()
    words = [word.lower() for word in re.findall(r"[\w'’-]+", text)]
    while words and words[0] in _LEADS:
        words = words[1:]
    if _HEARD & set(words) and (words[:2] == ["from", "whom"] or words[-1:] == ["from"]):
        return AskedSpeech("said")
    if words[:1] in (["who"], ["which"], ["whose"]):
        return _who(words[1:])
    found = _ACCORDING.search(text)
    if found is not None:
        who = _names(re.findall(r"[\w'’-]+", found["who"].lower()))
        return AskedSpeech("said") if who[-1:] == ["whom"] else AskedSpeech(None, *who[-1:])
    if words[:1] in (["what"], ["how"]):
        return _what(words[1:])
    return AskedSpeech()


def _who(words: list[str]) -> AskedSpeech:
    """The manner of "who denied it?"; nothing if the verb is none of saying."""
    for word in words[:_WORDS_OF_WHO]:
        verb = None if word in _OTHER_MEANINGS else cue_verbs().get(word)
        if verb is not None and verb.kind != "base" and verb.manner not in _NO_CLAIM:
            return AskedSpeech(verb.manner)
    return AskedSpeech()


def _what(words: list[str]) -> AskedSpeech:
    """The speaker of "what did Ida Roe promise?"; nothing if the verb is none of saying."""
    start = next((at for at, word in enumerate(words[:4]) if word in _FORMS), len(words))
    for at in range(start + 2, min(len(words), start + 8)):
        verb = cue_verbs().get(words[at])
        if verb is None or verb.kind != _FORMS[words[start]] or verb.manner in _NO_CLAIM:
            continue
        who = _names(words[start + 1 : at])
        return AskedSpeech(None, *who[-1:])
    return AskedSpeech()


def _names(words: list[str]) -> list[str]:
    """The words that may be a name or a role: "the boss of the chain" has only "boss"."""
    end = next((at for at, word in enumerate(words) if at and word in _AFTER_NAME), len(words))
    plain = (re.sub(r"['’]s?$", "", word) for word in words[:end])
    return [word for word in plain if word and word not in _NO_NAME]
