"""The kind of a question is recognised by its words."""

from __future__ import annotations

import time

import pytest

from pullquote.english.questions.kinds import recognise
from pullquote.schema import QuestionKind

EXAMPLES = {
    QuestionKind.FACT: [
        "Who agreed to the Interpol centre?",
        "How many people were on the ferry?",
        "which league does arbroath play in",
        "What is the name of the ferry that ran aground off Inchbray?",
        "according to the mayor, who pays for the quay",
    ],
    QuestionKind.KEYWORDS: [
        "Thackray",
        "gadget sales christmas",
        "waverley line",
        "Interpol",
        "Will Smith",
        "Do Kwon arrest",
    ],
    QuestionKind.YES_NO: [
        "is the hunting ban in force?",
        "Did Roe win her appeal",
        "the bridge has reopened, hasn't it?",
        "and are the turtles going home?",
        "the pier is open?",
        "are there more than 300 seals?",
        "was the loss bigger than expected?",
        "has the minister or the mayor resigned?",
        "is less wine drunk than they used to?",
        "can passengers who paid too much get it back?",
    ],
    QuestionKind.CHANGE: [
        "How has the death toll changed?",
        "how did the opening date move over time",
        "timeline of the ferry strike",
    ],
    QuestionKind.LIST: [
        "who were nominated?",
        "Which villages get the new buses?",
        "name the six factories that have shut",
        "what songs did they play in Sheffield?",
        "Who else was charged?",
        "which former ministers resigned?",
        "who all got convicted?",
        "who was nominated for best actor?",
        "who's in the top three after the penalty",
        "what other tournaments has Mokoena been invited to",
        "what sort of stuff were they selling?",
        "countries that fishmeal gets sold to?",
        "Top three cities in the table, please.",
    ],
    QuestionKind.COMPARISON: [
        "Who paid more for the ground, Kilwinning or Arbroath?",
        "how do the two bids differ?",
        "electric vs diesel ferries",
        "what's the difference between the bids",
        "firefox or internet explorer: which is more popular",
        "Google or Yahoo, which one is bigger?",
        "Ford and GM: who lost more",
        "is Blu-ray bigger than HD-DVD or DVD?",
        "is india growing faster than china",
        "did Chelsea or Arsenal score more goals?",
        "do the Tories or Labour want lower taxes?",
        "Tony Blair compared to Gordon Brown",
        "in what way are ID cards different from passports?",
        "how do sales of the two games compare in Britain?",
        "what do Samoa and Wales each need?",
        "ps2 or xbox better",
        "Mac mini or a PC?",
    ],
    QuestionKind.REASON: [
        "why is the seagrass damaged",
        "What caused the delay?",
        "how come the vote was lost",
        "what was the reason for the strike?",
    ],
    QuestionKind.MANNER: ["How did the seals get in?", "how are the songs chosen"],
    QuestionKind.SPEECH: [
        "What did the mayor say about the quay?",
        "what does Bobby think he needs to learn?",
        "How did she feel about the prize?",
        "what's her view on the ban?",
    ],
    QuestionKind.DEFINITION: [
        "what is a podcast?",
        "What happened to Arjen Robben?",
        "what's a final salary scheme",
        "What does IETF stand for?",
    ],
}


@pytest.mark.parametrize(
    ("question", "kind"), [(q, kind) for kind, examples in EXAMPLES.items() for q in examples]
)
def test_question_has_the_kind_that_its_words_ask_for(question, kind):
    """Case and a missing question mark make no difference."""
    assert recognise(question) is kind


def test_every_kind_has_examples():
    """No kind is left untested."""
    assert EXAMPLES.keys() == set(QuestionKind)


@pytest.mark.parametrize("question", ["", "?", "…", "wer hat zugestimmt?", "码头在哪里?"])
def test_any_text_has_a_kind(question):
    """Nothing is refused."""
    assert recognise(question) in QuestionKind


@pytest.mark.parametrize(
    "question",
    [
        "which " + "a-" * 500,
        "who " + "more, " * 330,
        "how " + "compare " * 120,
        "b or " + "a" * 190,
        "is it more than " + "a" * 180 + " ,",
    ],
)
def test_a_hostile_question_is_recognised_quickly(question):
    """No rule takes exponential time; without the limits, these took seconds to minutes."""
    started = time.process_time()
    recognise(question)
    assert time.process_time() - started < 2
