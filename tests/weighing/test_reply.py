"""What a reply says when articles give different values, asked of a real index."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pullquote import Filters, Reply
from pullquote.answering.weighing import Elsewhere, WeighingModel, add_counterparts, add_support
from pullquote.index.services import rebuild_index
from pullquote.newsroom.assistant import Assistant
from pullquote.schema import Outcome, QuestionKind, ValueStatus
from pullquote.schema.settings import Settings

STORY = {
    "a1": (
        "2024-03-02",
        "Dam at Pilcarumi breaks",
        "The dam at Pilcarumi in Tocllavera broke on Friday. The death toll at Pilcarumi stood at "
        "19 people, the governor Ida Roe said.",
    ),
    "a2": (
        "2024-03-04",
        "Pilcarumi death toll climbs",
        "Rescuers in Tocllavera raised the death toll of the Pilcarumi dam to 43 people.",
    ),
    "a3": (
        "2024-03-20",
        "Pilcarumi counts its dead",
        "The final death toll of the dam at Pilcarumi in Tocllavera is 61 people.",
    ),
    "a4": (
        "2024-03-25",
        "Pilcarumi school opens again",
        "The school of Tocllavera, three kilometres below the dam, took its pupils back on Monday, "
        "with new desks and a new bell.\n\nThe shop beside it opened too, and the baker lit his "
        "oven for the first time since the flood.\n\nThe dam at Pilcarumi had a death toll of 61 "
        "people.",
    ),
}


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant over a toll that rises."""
    corpus = tmp_path_factory.mktemp("story")
    for name, (day, title, text) in STORY.items():
        (corpus / f"{name}.md").write_text(
            f"---\ntitle: {title}\nsource: Paper {name}\ndate: {day}\n---\n\n{text}\n", "utf-8"
        )
    index = tmp_path_factory.mktemp("index")
    rebuild_index(corpus, index)
    with Assistant(Settings(index=index)) as assistant:
        yield assistant


@pytest.fixture(scope="module")
def altered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant over an article and a later one that takes a sentence from it and changes it."""
    written = {
        "first": (
            "2024-03-02",
            "Old bridge at Quorrin to close",
            "£3m",
            "The ferry sails instead.",
        ),
        "later": ("2024-03-04", "Quorrin waits for its bridge", "£4.5m", "Isaura Venn sells tea."),
    }
    corpus = tmp_path_factory.mktemp("altered")
    for name, (day, title, cost, rest) in written.items():
        (corpus / f"{name}.md").write_text(
            f"---\ntitle: {title}\nsource: Paper {name}\ndate: {day}\n---\n\n{rest}\n\n"
            f"The repair of the old bridge at Quorrin will cost {cost}, the mayor said.\n",
            "utf-8",
        )
    index = tmp_path_factory.mktemp("index")
    rebuild_index(corpus, index)
    with Assistant(Settings(index=index)) as assistant:
        yield assistant


@pytest.fixture(scope="module")
def orpheum(sample_index: Path) -> Reply:
    """What the Orpheum cost, asked of the sample corpus."""
    with Assistant(Settings(index=sample_index)) as assistant:
        return assistant.ask("What did the Orpheum cost?")


def test_a_corrected_cost_is_not_the_answer(orpheum: Reply) -> None:
    """The article that gives the real bill comes first."""
    assert [(one.text, one.status) for one in orpheum.answers[:2]] == [
        ("£1.7m", ValueStatus.CURRENT),
        ("£1.3m", ValueStatus.CORRECTED),
    ]


def test_an_article_that_corrects_a_cost_does_not_support_it(orpheum: Reply) -> None:
    """It is cited for the corrected cost only as a mention."""
    wrong = orpheum.answers[1]
    assert [one.article for one in wrong.citations] == [
        "fellside-gazette/2024-10-02-orpheum-reopens.md"
    ]
    assert wrong.sources == 1


def test_a_value_that_is_not_asked_for_has_less_confidence(orpheum: Reply) -> None:
    """However well its own sentence fits."""
    right, wrong = orpheum.answers[:2]
    assert wrong.confidence < right.confidence


def test_a_sentence_that_was_changed_is_shown_as_differing(altered: Assistant) -> None:
    """It supports nothing, and stands beside the one that it contradicts."""
    reply = altered.ask("How much will the repair of the bridge at Quorrin cost?")
    assert {(one.text, one.sources) for one in reply.values} == {("£3m", 1), ("£4.5m", 1)}
    assert {one.status for one in reply.values} != {ValueStatus.CURRENT}


def test_a_sentence_that_nobody_read_is_compared_too(altered: Assistant) -> None:
    """The whole index is searched for sentences that are nearly equal."""
    found = altered.find("How much will the repair of the bridge at Quorrin cost?")
    [read] = [hit for hit in found.hits if hit.article.id == "first.md"]
    groups = WeighingModel.packaged().groups(
        found.question, altered.reader.read(found.question, [read])
    )
    [known] = groups
    add_counterparts(groups, known, Elsewhere(found.generation, Filters()))
    assert [one.best.span.text for one in groups] == ["£3m", "£4.5m"]


def test_keywords_that_ask_for_a_value_get_the_current_one(story: Assistant) -> None:
    """As a question for it would."""
    reply = story.ask("Pilcarumi death toll")
    assert reply.kind is QuestionKind.KEYWORDS
    assert "61" in reply.answers[0].text
    assert reply.answers[0].status in (None, ValueStatus.CURRENT, ValueStatus.REPORTED)
    sure = reply.answers[0].confidence > 1 - story.settings.wrong_at_most
    assert (reply.outcome is Outcome.ANSWER) == sure


def test_keywords_that_only_name_something_get_articles(story: Assistant) -> None:
    """A name asks for no value."""
    reply = story.ask("Ida Roe")
    assert reply.kind is QuestionKind.KEYWORDS
    assert reply.values == ()


def test_an_unread_article_supports_a_value_that_it_gives(story: Assistant) -> None:
    """The whole index is searched for a known value."""
    found = story.find("How high is the death toll of the dam at Pilcarumi?")
    [read] = [hit for hit in found.hits if hit.article.id == "a3.md"]
    groups = WeighingModel.packaged().groups(
        found.question, story.reader.read(found.question, [read])
    )
    [group] = [one for one in groups if "61" in one.best.span.text]
    assert group.articles == {"a3.md"}
    add_support(found.question, groups, Elsewhere(found.generation, Filters()))
    assert group.articles == {"a3.md", "a4.md"}
