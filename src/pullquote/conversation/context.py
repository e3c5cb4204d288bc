"""What earlier turns add to a question: their topic, the last question and its answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pullquote.conversation.completed import QuestionDraft
from pullquote.conversation.models import Turn
from pullquote.conversation.parsed_question import ParsedQuestion
from pullquote.conversation.signs import asks
from pullquote.english.questions.words import AUXILIARIES, Word, content_words, words_of
from pullquote.english.word_lists import ASKING

_NO = r"(?:no|nope|oh|oops|sorry|actually|wait|well|ok|okay|hang on)"
_LEAD = rf"(?:{_NO}\b[,.!:;–-]*\s+)"
_MEANT = r"(?:(?:i|we)\s+(?:actually\s+|really\s+)?(?:meant|mean|was asking|am asking)\s+)"
_CORRECTION = re.compile(
    rf"(?is)^(?:{_LEAD}{{0,3}}{_MEANT}(?:about\s+)?|(?:(?:no|nope|sorry|oops)\b[,.!:;–-]*\s+(?!\d)){{1,3}}"
    r"|actually[,.!]?\s+)(?P<new>.+)$"
)
_NOT_BUT = re.compile(
    r"(?is)^not\s+(?P<old>[^,;]{2,60}?)\s*(?:[,;]\s*(?:but\s+)?|\s+but\s+)(?P<new>.+)$"
)
_NOT_AFTER = re.compile(r"(?is)^(?P<new>.+?)[,;]?\s+(?:and\s+)?not\s+(?P<old>[^,;?]{2,60})[?.! ]*$")
_LONGEST = 10
"""In words. A longer text after "no" is a question of its own."""


@dataclass(frozen=True, slots=True)
class StatedCorrection:
    """What a correction asks for instead, and the words that it rejects, if it says them.

    `explicit` if it says "I meant", or which words are wrong; "sorry" may begin any question.
    """

    new: str
    old: str = ""
    explicit: bool = False

    @property
    def asks(self) -> bool:
        """Whether the new words are a question of their own: "no, when she joined"."""
        return any(word.low in ASKING | AUXILIARIES for word in words_of(self.new)[:1])


def correction_of(question: str) -> StatedCorrection | None:
    """The correction that a question makes; None if it makes none."""
    text = question.strip()
    match = _CORRECTION.match(text)
    rest = text if match is None else match["new"]
    if len(words_of(rest)) > _LONGEST:
        return None
    if (denied := _NOT_BUT.match(rest)) is not None:
        return StatedCorrection(denied["new"], denied["old"], explicit=True)
    if match is None or any(word.low in ASKING for word in words_of(rest)[1:]):
        return None
    if (denied := _NOT_AFTER.match(rest)) is not None:
        return StatedCorrection(denied["new"], denied["old"], explicit=True)
    return StatedCorrection(rest, explicit=bool(re.search(rf"(?i)\b{_MEANT}", text)))


LONGEST_ANSWER = 8
"""In words. A longer answer is a statement, and is not added."""


def cited(turn: Turn) -> tuple[str, ...]:
    """The ids of the articles that a turn's answers cite, best first."""
    if turn.reply is None or turn.reply.abstained:
        return ()
    found = (citation.article for answer in turn.reply.answers for citation in answer.citations)
    return tuple(dict.fromkeys(found))


def short_answer(turn: Turn) -> str | None:
    """The best answer on one line, if it is short enough to be a name."""
    if turn.reply is None or turn.reply.abstained or not turn.reply.answers:
        return None
    words = " ".join(turn.reply.answers[0].text.split()).rstrip(".,;:!?")
    quoted = words[:1] in "\"“‘«'"
    return words if 0 < len(words.split()) <= LONGEST_ANSWER and not quoted else None


MOST_TOPIC = 14
"""At most this many words are taken from the topic of an earlier turn."""

FARTHEST_TOPIC = 30
"""How many turns are searched for a topic that the person comes back to."""


def topic_turn(asked: ParsedQuestion, turns: Sequence[Turn]) -> int:
    """The position of the turn that began the topic of a follow-up.

    That is the last turn that stands alone. It is an earlier one if the follow-up refers to
    something that was named there but not since: "the council", or a name.
    """
    own = _referred_to(asked)
    begun: list[int] = []
    named: set[str] = set()
    for at in _recent(turns):
        named |= _named_in(turns[at])
        if turns[at].filled:
            continue
        if own & named:
            return at
        begun.append(at)
        named = set()
    return begun[0] if begun else 0


def turns_on_topic(asked: ParsedQuestion, turns: Sequence[Turn]) -> range:
    """The positions of the turn that began the topic of a follow-up, and of its follow-ups."""
    begun = topic_turn(asked, turns)
    after = range(begun + 1, len(turns))
    return range(begun, next((at for at in after if not turns[at].filled), len(turns)))


def clause_words(turn: Turn, text: str) -> str:
    """The words of a turn's question after its question word, for "when was that?"."""
    before = ParsedQuestion(turn.searched)
    nouns = " ".join(word.text for word in before.noun_phrase)
    rest = before.words_between(before.rest_at)
    for name in before.names:
        if rest.startswith(f"{name.text} ") and name.text in text:
            rest = rest.removeprefix(name.text).strip()
    known = {word.low for word in words_of(text)}
    clause = " ".join(filter(None, (nouns, rest)))
    if all(word.low in known for word in content_words(words_of(clause))):
        return ""
    return " ".join(clause.split(" ")[:MOST_TOPIC])


def _recent(turns: Sequence[Turn]) -> range:
    return range(len(turns) - 1, max(-1, len(turns) - 1 - FARTHEST_TOPIC), -1)


def _referred_to(asked: ParsedQuestion) -> set[str]:
    """The names in a question, and the nouns after "the", in lower case."""
    own = content_words(asked.words)
    after = re.compile(r"(?i)\b(?:the|that|those)(?: [\w'’-]+)?$")
    return {
        word.low
        for word in own
        if (word.is_name and word is not asked.words[0])
        or after.search(asked.body[: word.start].rstrip())
    }


def _named_in(turn: Turn) -> set[str]:
    """The words of a turn's own question and of its short answer, in lower case."""
    answer = short_answer(turn) or ""
    text = f"{turn.question if turn.filled else turn.searched} {answer}"
    return {word.low for word in content_words(words_of(text))}


def add_topic(draft: QuestionDraft, asked: ParsedQuestion, turns: Sequence[Turn]) -> QuestionDraft:
    """Add in brackets what the question that began the topic asked."""
    begun = turns_on_topic(asked, turns).start
    return _add_clause(draft, turns, begun)


def add_question(
    draft: QuestionDraft, asked: ParsedQuestion, turns: Sequence[Turn]
) -> QuestionDraft:
    """Add in brackets the last question on the topic that is more than words such as "in Lask?"."""
    on_topic = turns_on_topic(asked, turns)
    searched = {at: ParsedQuestion(turns[at].searched) for at in on_topic}
    full = next((at for at in reversed(on_topic) if asks(searched[at])), on_topic.start)
    draft.add_in_brackets(searched[full].body, full)
    return draft if full == on_topic.start else _add_clause(draft, turns, on_topic.start)


def add_last_turn(
    draft: QuestionDraft, asked: ParsedQuestion, turns: Sequence[Turn]
) -> QuestionDraft:
    """Add in brackets what the last turn asked, if it was a follow-up, and its short answer.

    Either may be what the question leans on. Neither is added if most of its words are there
    already, and if the topic is an earlier one than that of the last turn.
    """
    last = len(turns) - 1
    if last not in turns_on_topic(asked, turns):
        return draft
    if turns[last].filled:
        _add_clause(draft, turns, last)
    answer = short_answer(turns[last]) or ""
    return draft.add_in_brackets(answer, last, "answer") if _is_new(answer, draft) else draft


def _add_clause(draft: QuestionDraft, turns: Sequence[Turn], at: int) -> QuestionDraft:
    clause = clause_words(turns[at], draft.text)
    return draft.add_in_brackets(clause, at) if _is_new(clause, draft) else draft


def _is_new(words: str, draft: QuestionDraft) -> bool:
    """Whether at least half of the words with a meaning of their own are not in the draft."""
    own = [_plain(word) for word in content_words(words_of(words))]
    known = {_plain(word) for word in words_of(draft.text)}
    return bool(own) and 2 * sum(word not in known for word in own) >= len(own)


def _plain(word: Word) -> str:
    return re.sub(r"['’]s$", "", word.low)
