"""An evaluation of planted replies, with figures worked out by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from conftest import Newsroom
from planted import HARBOUR, PlantedAssistant, PlantedReader, harbour_newsroom
from pullquote.evaluate import (
    Evaluation,
    GoldQuestion,
    QuestionOutcome,
    ReplyCounts,
    evaluate,
)
from pullquote.evaluate.figures import (
    AbstentionFigures,
    AnswerFigures,
    CitationFigures,
    LatencyFigures,
    RecallFigures,
)
from pullquote.schema.errors import SettingsError


def gold(id: str, question: str, *answers: str, article: str = "harbour.txt") -> GoldQuestion:
    """A gold question about the harbour."""
    return GoldQuestion(
        id=id, question=question, answers=answers, articles=frozenset({article} if answers else ())
    )


QUESTIONS = [
    gold("right", "Who built the harbour?", "Ida Roe"),
    gold("unsure", "When was it, the harbour?", "1911"),
    gold("misread", "What opened in 1911?", "harbour"),
    gold("unfound", "Which roof?", "the slate one"),
    gold("fooled", "Who closed the harbour?"),
    gold("silent", "Who painted the gulls?"),
]

REPLIES = {
    "Who built the harbour?": {"Ida Roe": 0.9},
    "When was it, the harbour?": {"1911": 0.4, "Ida Roe": 0.3},
    "What opened in 1911?": {"Ida Roe": 0.8, "The harbour opened": 0.7},
    "Which roof?": {},
    "Who closed the harbour?": {"Ida Roe": 0.6},
    "Who painted the gulls?": {"Ida Roe": 0.1},
}


@pytest.fixture
def assistant(newsroom: Newsroom) -> Iterator[PlantedAssistant]:
    """An assistant with the replies above, on two articles."""
    planted = PlantedAssistant(harbour_newsroom(newsroom), REPLIES)
    yield planted
    planted.generation.close()


@pytest.fixture
def measured(assistant: PlantedAssistant) -> Evaluation:
    """All six questions."""
    return evaluate(assistant, QUESTIONS)


def test_every_question_has_its_outcome(measured: Evaluation) -> None:
    """The outcome is the first step that failed, or low confidence if only that failed."""
    assert {one.gold.id: one.outcome for one in measured.asked} == {
        "right": QuestionOutcome.RIGHT,
        "unsure": QuestionOutcome.WRONGLY_ABSTAINED,
        "misread": QuestionOutcome.NOT_READ,
        "unfound": QuestionOutcome.NOT_RETRIEVED,
        "fooled": QuestionOutcome.WRONGLY_ANSWERED,
        "silent": QuestionOutcome.RIGHTLY_SILENT,
    }
    assert [end.count for end in measured.figures.outcomes] == [1] * 6


def test_recall_is_of_the_answerable(measured: Evaluation) -> None:
    """Three of four answers are in the article; no passage has a slate roof."""
    fused = measured.figures.finding.fused
    assert fused == RecallFigures(at_1=fused.at_1, at_5=0.75, at_10=0.75, at_20=0.75)
    ranks = {one.gold.id: one.ranks.fused for one in measured.asked}
    assert ranks["right"] == 1
    assert ranks["unfound"] is None
    assert ranks["fooled"] is None


def test_what_a_reranker_does_shows_in_what_is_retrieved(assistant: PlantedAssistant) -> None:
    """Fused recall is from before the reranker; what it ranks too low is not retrieved."""
    assistant.turned = True
    assistant.settings = assistant.settings.model_copy(update={"hits": 1})
    measured = evaluate(assistant, [QUESTIONS[2]])
    assert measured.figures.finding.fused.at_1 == 1.0
    assert measured.figures.finding.retrieved.at_1 == 0.0
    assert measured.asked[0].outcome is QuestionOutcome.NOT_RETRIEVED


def test_lexical_recall_needs_a_shared_word(assistant: PlantedAssistant) -> None:
    """Postings find nothing for unknown words; vectors always find something."""
    finding = evaluate(assistant, [gold("1", "Whose work?", "Ida Roe")]).figures.finding
    assert finding.lexical.at_20 == 0.0
    assert finding.dense.at_20 == 1.0


def test_best_answers_count_also_where_they_are_withheld(measured: Evaluation) -> None:
    """Two of four are equal, none contains more; the first three also have the harbour's."""
    assert measured.figures.answers == AnswerFigures(
        exact_match=0.5, f1=0.5, contains=0.5, top_1=0.5, top_3=0.75, top_5=0.75
    )


def test_silence_scores_as_in_squad_2(measured: Evaluation) -> None:
    """Of six, one right answer and one right silence count; one of three answers is right."""
    assert measured.figures.silence == AbstentionFigures(
        exact_match=2 / 6,
        f1=2 / 6,
        answered=3,
        answered_right=1,
        abstained=3,
        precision=1 / 3,
        rightly_silent=1,
    )


def test_confidence_is_that_of_the_best_answer(measured: Evaluation) -> None:
    """Of 8 pairs, 5 are won: 0.9 and 0.8 beat 0.6 and 0.1, 0.4 beats one, no answer beats none."""
    confidence = measured.figures.confidence
    assert confidence.auroc_answerable == pytest.approx(5 / 8)
    wrong_sure, right_sure = 0.8 + 0.6 + 0.1 + 0.0, (1 - 0.9) + (1 - 0.4)
    assert confidence.calibration_error == pytest.approx((wrong_sure + right_sure) / 6)
    assert [point.risk for point in confidence.risk_coverage] == pytest.approx(
        [0, 1 / 2, 2 / 3, 2 / 4, 3 / 5, 4 / 6]
    )


def test_citations_are_compared_with_the_stored_articles(measured: Evaluation) -> None:
    """All seven answers are cited exactly."""
    assert measured.figures.citations == CitationFigures(cited=7, exact=7)


def test_citation_that_stands_elsewhere_is_not_exact(newsroom: Newsroom) -> None:
    """The article has other words than the reply quotes at that position."""
    newsroom.write("harbour.txt", "A word more. " + HARBOUR)
    newsroom.write("gulls.txt", "Ida Roe.")
    newsroom.rebuild()
    planted = PlantedAssistant(newsroom, REPLIES)
    measured = evaluate(planted, QUESTIONS[:1])
    assert measured.figures.citations == CitationFigures(cited=1, exact=0)
    planted.generation.close()


def test_times_are_of_a_warm_assistant(assistant: PlantedAssistant, measured: Evaluation) -> None:
    """The first question is asked twice and its first second is not counted: 1 to 6 ms."""
    assert assistant.asked == [QUESTIONS[0].question, *(one.question for one in QUESTIONS)]
    assert measured.figures.latency == LatencyFigures(median_ms=3.5, p95_ms=5.8)


def test_progress_is_called_after_each_question(assistant: PlantedAssistant) -> None:
    """Progress has the number done and the total, as in a rebuild."""
    calls: list[tuple[int, int]] = []
    evaluate(assistant, QUESTIONS[:2], progress=lambda done, total: calls.append((done, total)))
    assert calls == [(1, 2), (2, 2)]


def test_unanswerable_questions_alone_can_be_measured(assistant: PlantedAssistant) -> None:
    """Figures that need answerable questions are None or 0."""
    figures = evaluate(assistant, QUESTIONS[4:]).figures
    assert figures.confidence.auroc_answerable is None
    assert figures.answers.f1 == 0.0
    assert figures.silence.f1 == 0.5


def test_no_questions_are_refused(assistant: PlantedAssistant) -> None:
    """An empty list of questions raises."""
    with pytest.raises(SettingsError, match="no questions"):
        evaluate(assistant, [])


def test_wrong_corpus_is_refused(assistant: PlantedAssistant) -> None:
    """If no question's article is in the index, the corpus is wrong."""
    with pytest.raises(SettingsError, match=r"but none of those .* such as tech/1\.txt"):
        evaluate(assistant, [gold("1", "Who?", "Ida", article="tech/1.txt")])


def test_questions_that_name_no_article_are_refused(assistant: PlantedAssistant) -> None:
    """The error names the missing key instead of the corpus."""
    nowhere = GoldQuestion(id="1", question="Who?", answers=("Ida",), articles=frozenset())
    with pytest.raises(SettingsError, match="Add an `article` to each"):
        evaluate(assistant, [nowhere])


def test_missing_articles_are_counted(assistant: PlantedAssistant) -> None:
    """Some articles may be missing; their number is a figure."""
    questions = [*QUESTIONS, gold("1", "Who?", "Ida", article="tech/1.txt")]
    assert evaluate(assistant, questions).figures.misplaced == 1


def test_question_that_cannot_be_asked_is_named(assistant: PlantedAssistant) -> None:
    """The message has its id."""
    with pytest.raises(SettingsError, match="gold question 'long' cannot be asked"):
        evaluate(assistant, [*QUESTIONS, gold("long", "why " * 30)])


def test_figures_by_kind_are_worked_out_by_hand(assistant: PlantedAssistant) -> None:
    """Each kind has its own figures, and questions without a kind have a row together."""
    who = [replace(QUESTIONS[at], kind="who") for at in (0, 1, 4, 5)]
    figures = evaluate(assistant, [*who, QUESTIONS[2]]).figures
    assert figures.replies == ReplyCounts(
        answer=3, answer_right=1, possible=0, possible_right=0, nothing=2
    )
    [first, rest] = figures.kinds
    assert (first.kind, first.questions, first.answerable) == ("who", 4, 2)
    assert (first.first_right, first.right_in_three) == (1.0, 1.0)
    assert (first.score, first.complete) == (0.5, 0.5)  # one right answer is withheld
    assert first.answerable_replies.nothing == first.unanswerable_replies.nothing == 1
    assert (rest.kind, rest.first_right, rest.right_in_three) == ("(no kind)", 0.0, 1.0)


def test_without_kinds_there_are_no_figures_by_kind(measured: Evaluation) -> None:
    """A table with a single row would repeat the others."""
    assert measured.figures.kinds == ()


def test_keywords_have_no_exact_match(assistant: PlantedAssistant) -> None:
    """Keywords have no accepted answers, so they are left out of exact match and F1."""
    keywords = replace(
        gold("k", "Who built the harbour?"),
        kind="keywords",
        evidence=(HARBOUR,),
        articles=frozenset({"harbour.txt"}),
    )
    figures = evaluate(assistant, [QUESTIONS[0], keywords]).figures
    assert figures.answerable == 2
    assert figures.answers.exact_match == figures.silence.exact_match == 1.0
    assert [one.score for one in figures.kinds] == [1.0, 1.0]


class TestParagraphs:
    """SQuAD's questions name an article by its title and have a paragraph."""

    PIER = "The pier burned in 1920."

    def squad(self, id: str, *answers: str, paragraph: str = PIER) -> GoldQuestion:
        """A question of SQuAD about the article called Harbour."""
        return GoldQuestion(
            id=id,
            question="Who built the harbour?",
            answers=answers,
            articles=frozenset({"Harbour"}),
            paragraph=paragraph,
        )

    def test_title_is_the_article_of_that_stem(self, assistant: PlantedAssistant) -> None:
        """The title is replaced by the article's id, so that its passages count as right."""
        [one] = evaluate(assistant, [self.squad("1", "Ida Roe")]).asked
        assert one.gold.articles == {"harbour.txt"}
        assert one.ranks.fused == 1

    def test_questions_without_a_paragraph_have_no_reading(self, measured: Evaluation) -> None:
        """Only questions with a paragraph measure reading."""
        assert measured.figures.reading is None

    def test_the_paragraph_is_read_alone(self, assistant: PlantedAssistant) -> None:
        """Answerable questions are always answered; the `_all` figures are silent below 0.

        By log-odds: 2 is right, 1 wrong, -1 right but silent, -3 rightly silent, so 2 of 4 are
        right. Answering from 2 up is right for all but the third, and no threshold is better.
        """
        assistant.reader = PlantedReader({"sure": 2.0, "fooled": 1.0, "shy": -1.0, "dim": -3.0})
        texts = {"sure": ("sure",), "fooled": (), "shy": ("shy",), "dim": ()}
        questions = [self.squad(word, *gold, paragraph=word) for word, gold in texts.items()]
        reading = evaluate(assistant, questions).figures.reading
        assert reading is not None
        assert (reading.questions, reading.answerable) == (4, 2)
        assert (reading.exact_match, reading.f1) == (1.0, 1.0)
        assert (reading.exact_match_all, reading.f1_all) == (2 / 4, 2 / 4)
        assert (reading.best_f1_all, reading.best_silent_below) == (3 / 4, 2.0)

    def test_paragraph_without_any_span_is_silence(self, assistant: PlantedAssistant) -> None:
        """Silence is right for an unanswerable question, and is then the best threshold."""
        reading = evaluate(assistant, [self.squad("1")]).figures.reading
        assert reading is not None
        assert (reading.f1_all, reading.best_f1_all, reading.best_silent_below) == (1.0, 1.0, None)
