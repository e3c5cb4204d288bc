"""Evaluates an assistant with gold questions: retrieval, answers and abstentions.

>>> import pullquote                                                      # doctest: +SKIP
>>> from pullquote.evaluate import evaluate, read_questions               # doctest: +SKIP
>>> with pullquote.open("index") as assistant:                            # doctest: +SKIP
...     measured = evaluate(assistant, read_questions(Path("questions.jsonl")))
>>> measured.figures.answers.f1                                           # doctest: +SKIP
0.71
"""

from pullquote.evaluate.asked_question import AskedQuestion, QuestionOutcome
from pullquote.evaluate.compare import contains, exact_match, is_right, token_f1
from pullquote.evaluate.evaluation import Evaluation, evaluate
from pullquote.evaluate.figures import Figures
from pullquote.evaluate.gold import GoldQuestion, read_questions
from pullquote.evaluate.measures import recall

__all__ = [
    "AskedQuestion",
    "Evaluation",
    "Figures",
    "GoldQuestion",
    "QuestionOutcome",
    "contains",
    "evaluate",
    "exact_match",
    "is_right",
    "read_questions",
    "recall",
    "token_f1",
]
