"""Completes a follow-up question from earlier turns, with a few rules of English.

A question that is complete, or in another language, is not changed. The rules know only closed
classes of words, such as pronouns and question words, and phrases such as "what about". If the
caller provides a search, the passages found help to decide whether a question is a follow-up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pullquote.conversation import antecedent
from pullquote.conversation.completed import Completed, QuestionDraft
from pullquote.conversation.context import (
    QuestionInContext,
    add_last_turn,
    add_question,
    add_topic,
    correction_of,
)
from pullquote.conversation.leaning import (
    Find,
    Searches,
    best_supported,
    leans,
    printed,
    shortest_enough,
)
from pullquote.conversation.models import Turn
from pullquote.conversation.parsed_question import ParsedQuestion, verb_of
from pullquote.conversation.pronouns import pronouns_of, resolved
from pullquote.conversation.signs import (
    asks,
    asks_for_more,
    changes_subject,
    is_bare,
    is_fragment,
    is_thin,
    lacks_noun,
    new_words,
)
from pullquote.conversation.substitution import corrected
from pullquote.english.questions.words import (
    ASKING,
    AUXILIARIES,
    EVENTS,
    FUNCTION,
    Word,
    content_words,
    is_english,
    words_of,
)
from pullquote.schema import check_kind
from pullquote.schema.arguments import naming_arguments

_NAMING = frozenset("who whom what which".split())
"""Question words whose answer can take their place in the statement."""


def add_statement(
    draft: QuestionDraft, turns: Sequence[Turn], *, answered: bool = True
) -> QuestionDraft:
    """Add what the last question asked about, in the order of a question.

    What the question word asked for becomes its answer, if `answered` and the answer is short:
    "where did they throw" "slurry" "over Kilroy-Silk". Else it becomes the noun of the question
    word, in brackets if its place is not known.
    """
    last = len(turns) - 1
    before = ParsedQuestion(turns[last].searched)
    answer = antecedent.short_answer(turns[last]) if answered else None
    subject = before.asks_for_subject or before.auxiliary_at is None
    nouns = before.asked_noun
    if before.auxiliary_at is not None:
        auxiliary = before.words_between(before.auxiliary_at, before.rest_at).lower()
        draft.own(" ").fill(auxiliary, last, "question")
    gap = answer if answer is not None and before.question_word in _NAMING else None
    if subject:
        if gap is not None or nouns:
            _fill(draft, gap, nouns, last)
        return _add_rest(draft, before, before.statement_at, "", last)
    verb = verb_of(before)
    if (
        verb is None
        or (gap is None and not nouns)
        or before.question_word not in ("what", "which", "how", "who", "whom")
    ):
        return _add_rest(draft, before, before.rest_at, nouns, last)
    place = before.words.index(verb)
    if place == before.rest_at:  # "how many officials are accused"
        _fill(draft, gap, nouns, last)
        return _add_rest(draft, before, before.rest_at, "", last)
    draft.own(" ").fill(before.words_between(before.rest_at, place + 1), last, "question")
    _fill(draft, gap, nouns, last)
    return _add_rest(draft, before, place + 1, "", last)


def _fill(draft: QuestionDraft, answer: str | None, nouns: str, turn: int) -> None:
    if answer is not None:
        draft.own(" ").fill(answer, turn, "answer")
    elif nouns:
        draft.own(" ").fill(nouns, turn, "question")


def _add_rest(
    draft: QuestionDraft, before: ParsedQuestion, at: int, nouns: str, turn: int
) -> QuestionDraft:
    if at < len(before.words):
        draft.own(" ").fill(before.words_between(at), turn, "question")
    return draft.add_in_brackets(nouns, turn)


MOST_CHARACTERS = 60_000
"""At most this many characters are compared; more would take too long."""

_BEGINS_SENTENCE = re.compile(r"(?:^|[.!?:\n\"“”'‘])\s*$")
_OFTEN_FIRST = ASKING | AUXILIARIES | frozenset("the a an and but in on at".split())
_SHORTEST = 3
"""In letters. Shorter words are often written in capitals for other reasons."""


def is_lower(text: str) -> bool:
    """Whether a text has no capital letters, except perhaps the first letter and "I"."""
    return not any(word.text[0].isupper() for word in words_of(text)[1:] if word.low != "i")


class PrintedNames:
    """How the words of lower-case texts are written in print.

    A word is a name if it always begins with a capital letter inside sentences. If it only
    sometimes does, it is a name next to the same word as in print: "Carry On" films.
    """

    def __init__(self, texts: Iterable[str], printed: Iterable[str]) -> None:
        self._spellings: dict[str, str] = {}
        self._common: set[str] = set()
        self._printed = ""
        wanted = {_plain(word) for text in texts for word in words_of(text)} - FUNCTION
        longest = sorted((one for one in wanted if len(one) >= _SHORTEST), key=len, reverse=True)
        if longest:
            self._scan("|".join(map(re.escape, longest)), "\n".join(printed)[:MOST_CHARACTERS])

    def _scan(self, words: str, printed: str) -> None:
        self._printed = printed
        pattern = rf"(?i)(?<![\w-])(?P<word>{words})(?![\w-])(?=(?:[ ](?P<next>\w+))?)"
        for match in re.finditer(pattern, printed):
            spelling, following = match["word"], match["next"] or ""
            if spelling[0].islower():
                self._common.add(spelling)
                continue
            before = printed[max(0, match.start() - 3) : match.start()]
            if following[:1].isupper() or not _BEGINS_SENTENCE.search(before):
                self._spellings.setdefault(spelling.lower(), spelling)

    def restored(self, text: str) -> str:
        """The text, of the same length, with its names written as in print."""
        words = words_of(text)
        parts = []
        at = 0
        for place, word in enumerate(words):
            plain = _plain(word)
            name = self._spellings.get(plain)
            if name is None or not word.text[0].islower() or not self._is_name(words, place):
                continue
            parts += [text[at : word.start], name]
            at = word.start + len(plain)
        return "".join((*parts, text[at:]))

    def _is_name(self, words: Sequence[Word], place: int) -> bool:
        here = _plain(words[place])
        if here not in self._common:
            return True
        pairs = [words[place : place + 2], words[place - 1 : place + 1]]
        return any(
            " ".join(_plain(word).capitalize() for word in pair) in self._printed
            for pair in pairs
            if len(pair) == 2 and pair[0].low not in _OFTEN_FIRST
        )


def _plain(word: Word) -> str:
    return word.low.removesuffix("'s")


LONGEST = 600
"""The longest question that is completed, in characters, both before and after completion."""

MOST_WORDS = 40
"""In words. A longer question is taken to be complete."""

MOST_CASED = 6
"""In the last so many turns, names typed in lower case are recognised."""

Rule = Callable[[QuestionInContext], Sequence[QuestionDraft]]


@naming_arguments
def complete_question(
    question: str, turns: Sequence[Turn], *, find: Find | None = None, most: int = LONGEST
) -> Completed:
    """The text to search for: the question as it is, or completed from earlier turns.

    `turns` are the earlier turns, oldest first. Words are taken from their searched texts, which
    the person may have corrected, and from their best answers.

    With `find`, such as `assistant.find`, the passages help to decide: the question is searched for
    as typed and in a few completed forms. These are at most five texts. A question is not completed
    if it is or would become longer than `most` characters, or than 600.

    Raises:
        SettingsError: the question is not a string.
    """
    check_kind("The question", question, str, give="a text, such as 'and when?'")
    made = completed_form(question, turns, find=find, most=most)
    if made is None:
        return Completed(question)
    draft, context = made.draft, made.context
    if find is not None and not made.certain:
        searches = Searches.of(question, draft.text, context.turns, find)
        if not leans(context.asked, context.turns, searches):
            return Completed(question)
    return Completed(draft.text, tuple(draft.filled), antecedent.cited(turns[-1]))


@dataclass(frozen=True, slots=True)
class CompletedForm:
    """How a question would be completed; `certain` if passages need not confirm that it leans."""

    draft: QuestionDraft
    context: QuestionInContext
    certain: bool


def completed_form(
    question: str, turns: Sequence[Turn], *, find: Find | None = None, most: int = LONGEST
) -> CompletedForm | None:
    """The completed form of a question, in case it leans on an earlier turn.

    None if there is nothing to complete it with, if it announces another subject, or if it is in
    another language or too long. The first rule that applies makes the form.
    """
    if not turns or not turns[-1].searched.strip() or changes_subject(question):
        return None
    longest = min(most, LONGEST)
    if max(len(question), len(turns[-1].searched)) > longest:
        return None
    correction = correction_of(question)
    text = question if correction is None else correction.new
    asked = ParsedQuestion(text)
    if not 0 < len(asked.words) <= MOST_WORDS or not _is_understood(asked, turns):
        return None
    text, turns = _cased(question, text, turns, find)
    context = QuestionInContext(ParsedQuestion(text), turns, correction)
    says_little = is_thin(context.asked) or lacks_noun(context.asked)
    for rule in _RULES if find is not None or says_little else _RULES[:-1]:
        drafts = [one for one in rule(context) if one.filled]
        if drafts:
            choose = shortest_enough if rule is _pronouns else best_supported
            drafts = [one for one in drafts if len(one.text) <= longest]
            if not drafts:
                return None
            draft = drafts[0] if find is None else choose(drafts, find)
            if rule not in _REPEATING:
                add_last_turn(draft, context)
            certain = rule is _more or (correction is not None and correction.explicit)
            return CompletedForm(draft, context, certain) if len(draft.text) <= longest else None
    return None


def _is_understood(asked: ParsedQuestion, turns: Sequence[Turn]) -> bool:
    """Whether the question is in English, or is a fragment after a question in English."""
    before = is_english(ParsedQuestion(turns[-1].searched).words)
    return is_english(asked.words) or (before and (is_fragment(asked) or len(asked.words) <= 4))


def _cased(
    question: str, text: str, turns: Sequence[Turn], find: Find | None
) -> tuple[str, Sequence[Turn]]:
    """The text and the turns with capital letters in the names that are typed in lower case."""
    recent = turns[-MOST_CASED:]
    lower = [turn.searched for turn in recent if is_lower(turn.searched)]
    if not lower:
        return text, turns
    texts = [citation for turn in recent for citation in antecedent.citation_texts(turn)]
    if find is not None:
        texts += [*printed(find(recent[-1].searched)), *printed(find(question))]
    names = PrintedNames([text, *lower], texts)
    cased = [
        turn.model_copy(update={"searched": names.restored(turn.searched)})
        if is_lower(turn.searched)
        else turn
        for turn in recent
    ]
    return names.restored(text) if is_lower(text) else text, (*turns[:-MOST_CASED], *cased)


def _more(context: QuestionInContext) -> Sequence[QuestionDraft]:
    """Repeat the previous question, for "anything else?"."""
    asked, turns = context.asked, context.turns
    if not asks_for_more(asked):
        return ()
    last = len(turns) - 1
    before = ParsedQuestion(turns[last].searched)
    draft = QuestionDraft().fill(before.body, last, "question", instead_of=asked.body)
    return (draft.add_in_brackets(before.brackets, last),)


def _bare(context: QuestionInContext) -> Sequence[QuestionDraft]:
    """Repeat the previous question with a different question word: "why?", "by how much?"."""
    asked, turns = context.asked, context.turns
    if asked.question_word_at is None or not is_bare(asked):
        return ()
    draft = QuestionDraft().own(asked.words_between(asked.opener_count))
    if content_words(asked.words):  # "which bakery?" asks something different from the turn before
        return (add_topic(draft, context),)
    statement = add_statement(draft, turns, answered=asked.words[-1].low != "else")
    return (add_topic(statement, context),)


def _pronouns(context: QuestionInContext) -> Sequence[QuestionDraft]:
    """Replace the pronouns by names and add the topic, as in "when did he say that?"."""
    asked = context.asked
    found = pronouns_of(asked)
    if not found:
        return ()
    draft = QuestionDraft().own("" if asks(asked) or len(asked.words) > 5 else "what is ")
    draft.add(resolved(asked, context.turns))
    known = {one.instead_of for one in draft.filled}
    unknown = any(one.kind == "thing" and one.word.text not in known for one in found)
    full = add_topic(QuestionDraft().add(draft), context)
    if unknown or not draft.filled or any(one.word.low in EVENTS for one in found):
        return (full,)
    return (full, draft)


def _instead(context: QuestionInContext) -> Sequence[QuestionDraft]:
    """Add the question that new words are for: "and in Songkhla?", "what about Tesco?"."""
    new = new_words(context.asked)
    if new is None:
        return ()
    return (add_question(resolved(ParsedQuestion(new), context.turns), context),)


def _full(context: QuestionInContext) -> Sequence[QuestionDraft]:
    """Add the topic to any other question: "who is the boss?", "who's hosting?"."""
    asked = context.asked
    own = asked.words_between(asked.opener_count)
    if not own:
        return ()
    draft = QuestionDraft().own(own)
    return (add_topic(draft, context) if asks(asked) else add_question(draft, context),)


_RULES: tuple[Rule, ...] = (_more, corrected, _instead, _bare, _pronouns, _full)
"""The rules, in the order in which they are tried."""

_REPEATING: tuple[Rule, ...] = (_more, corrected)
"""Rules that repeat the last question. Its answer is not added: it was wrong or not enough."""
