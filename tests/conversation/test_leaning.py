"""The passages help to decide whether a question leans on earlier turns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from math import log
from types import SimpleNamespace

import pytest

from pullquote.conversation import complete_question
from pullquote.conversation.leaning import LeaningFeatures, packaged_trees
from pullquote.english.terms import content_terms, terms
from pullquote.schema import Question
from talk import turn

ARTICLES = {
    "oscars": "Lask Television is showing the film awards this year. Una Braithe is hosting it.",
    "quiz": "Who is hosting the quiz? Jude Pascoe is hosting on Friday.",
    "fair": "The fair is hosting ten bands. The police want it to end early.",
    "games": "Tenmile is hosting the games. The town is hosting 300 athletes.",
    "summit": "Ostrey is hosting the summit of fishing towns.",
    "seagrass": "A storm damaged the seagrass in Marl Bay. Divers counted the damaged seagrass.",
    "cinema": "The restoration of the Orpheum cinema cost £1.7m. Dogs are allowed at the Orpheum.",
}
WORDS = {id: frozenset(terms(text)) for id, text in ARTICLES.items()}


def rarity(term: str) -> float:
    """The inverse document frequency of a term."""
    count = sum(term in words for words in WORDS.values())
    return log(1 + (len(WORDS) - count + 0.5) / (count + 0.5))


@pytest.fixture
def searched() -> list[str]:
    """The texts that were searched for."""
    return []


@pytest.fixture
def find(searched: list[str]) -> Callable[[str], SimpleNamespace]:
    """A search of `ARTICLES` by shared words."""

    def search(text: str) -> SimpleNamespace:
        searched.append(text)
        question = Question(text, {term: rarity(term) for term in content_terms(text)})
        ranked = sorted(ARTICLES, key=lambda name: -question.share_in(WORDS[name]))
        hits = [
            SimpleNamespace(
                article=SimpleNamespace(id=id, title="", text=ARTICLES[id]),
                passage=SimpleNamespace(text=ARTICLES[id]),
            )
            for id in ranked
            if question.share_in(WORDS[id]) > 0
        ]
        return SimpleNamespace(question=question, hits=hits)

    return search


AWARDS = turn("Which channel is showing the film awards?", "Lask Television", article="oscars")
ORPHEUM = turn("What did the restoration of the Orpheum cost?", "£1.7m", article="cinema")


def test_a_question_with_common_words_leans(find) -> None:
    """The topic says what is meant by "Who's hosting?", which fits many articles."""
    done = complete_question("who's hosting?", [AWARDS], find=find)
    assert done.text == "who is hosting (channel showing the film awards, Lask Television)"


def test_without_passages_only_signs_count() -> None:
    """Without a search, a question that has no sign of a follow-up is unchanged."""
    assert complete_question("who's hosting?", [AWARDS]).text == "who's hosting?"


@pytest.mark.parametrize(
    "question",
    ["Why is the seagrass damaged?", "Who damaged seagrass in Marl Bay?", "is Jude Pascoe on?"],
)
def test_rare_words_of_its_own_make_a_question_stand_alone(find, question: str) -> None:
    """A question is not completed if its words are rare."""
    assert complete_question(question, [ORPHEUM], find=find).text == question


def test_few_texts_are_searched(find, searched: list[str]) -> None:
    """The question is searched as typed and in context, and the last turn again."""
    for question in ("why?", "who's hosting?", "what about Ostrey?", "Who counts the seagrass?"):
        searched.clear()
        complete_question(question, [ORPHEUM, AWARDS], find=find)
        assert len(set(searched)) <= 3


def test_a_name_with_all_its_words_stands_alone(find) -> None:
    """A question with a name in lower case, all of whose words are in one article."""
    question = "who counted the damage in marl bay?"
    assert complete_question(question, [AWARDS], find=find).text == question


def test_each_feature_has_a_weight() -> None:
    """The packaged trees know no other features than those of this version."""
    names = {field.name for field in fields(LeaningFeatures)}
    assert set(packaged_trees().names) <= names


@pytest.mark.parametrize("question", ["when?", "and why?", "how many?"])
def test_question_words_alone_need_no_passages(find, searched: list[str], question: str) -> None:
    """They are a follow-up in any case."""
    assert complete_question(question, [turn("are dogs allowed?")], find=find).filled
    assert searched == []


def test_a_plain_correction_needs_no_passages(find) -> None:
    """After "I meant" they are not asked; words after "sorry" may be a question of their own."""
    asked = turn("are dogs allowed in the cinema?")
    assert complete_question("no, I meant the zoo", [asked], find=find).filled
    question = "sorry, who damaged the seagrass in Marl Bay?"
    assert complete_question(question, [asked], find=find).text == question


def test_the_first_question_is_not_searched(find, searched: list[str]) -> None:
    """Without earlier turns there is nothing to decide."""
    complete_question("who's hosting?", [], find=find)
    assert searched == []


def test_a_turn_without_words_is_not_searched(find, searched: list[str]) -> None:
    """A search for nothing is an error, and there is nothing to lean on."""
    assert complete_question("and when?", [turn(" ", "£1.7m")], find=find).text == "and when?"
    assert " " not in searched
