"""Evaluates an assistant with gold questions: retrieval, answers and abstentions.

>>> import pullquote                                                      # doctest: +SKIP
>>> from pullquote.evaluate import evaluate, read_questions               # doctest: +SKIP
>>> with pullquote.open("index") as assistant:                            # doctest: +SKIP
...     measured = evaluate(assistant, read_questions(Path("questions.jsonl")))
>>> measured.figures.answers.f1                                           # doctest: +SKIP
0.71
"""

from pullquote.evaluate.asked_question import AskedQuestion, QuestionOutcome
from pullquote.evaluate.by_kind import KindFigures, ReplyCounts
from pullquote.evaluate.evaluation import Evaluation, evaluate
from pullquote.evaluate.figures import Figures
from pullquote.evaluate.gold import GoldQuestion, gold_question
from pullquote.evaluate.gold_file import GoldFile, read_gold, read_questions
from pullquote.evaluate.measures import contains, exact_match, is_right, recall, token_f1
from pullquote.evaluate.scoring import answer_is_right, score

__all__ = [
    "AskedQuestion",
    "Evaluation",
    "Figures",
    "GoldFile",
    "GoldQuestion",
    "KindFigures",
    "QuestionOutcome",
    "ReplyCounts",
    "answer_is_right",
    "contains",
    "evaluate",
    "exact_match",
    "gold_question",
    "is_right",
    "read_gold",
    "read_questions",
    "recall",
    "score",
    "token_f1",
]
