"""The kinds of questions, which decide what an answer looks like."""

from __future__ import annotations

from enum import StrEnum


class QuestionKind(StrEnum):
    """What a question asks for. `pullquote.answering.query` recognises it from the words.

    - `FACT`: exact words, such as a name, a day or a number.
    - `KEYWORDS`: words to search for, not a question; the answers are the sentences to read first.
    - `YES_NO`: the sentence that settles whether something is so.
    - `LIST`: several items; each is an answer. The articles may have more.
    - `COMPARISON`: a sentence for each side.
    - `REASON`, `MANNER`: why or how; a clause or a sentence.
    - `SPEECH`: what somebody said or thought.
    - `DEFINITION`: what something is, or what happened to it.
    - `CHANGE`: how something has changed; the answers are its values, in order of time.
    """

    FACT = "fact"
    KEYWORDS = "keywords"
    YES_NO = "yes-no"
    LIST = "list"
    COMPARISON = "comparison"
    REASON = "reason"
    MANNER = "manner"
    SPEECH = "speech"
    DEFINITION = "definition"
    CHANGE = "change"
