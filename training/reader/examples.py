"""Turns the training files into examples: a question, a passage, and where it answers."""

from __future__ import annotations

import json
import random
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from pullquote.english.sentences import sentence_spans

CHARS_PER_TOKEN = 4.6
"""The mean characters of a token in these texts, with the BERT vocabulary."""

HELD_OUT_ARTICLES = frozenset({"Geology", "Kenya"})
"""Wikipedia articles that fit the abstention threshold. They are not used for training."""

HELD_OUT_DIGITS = frozenset({3, 7})
"""Articles whose line number in their file ends in one of these train no reader."""

HELD_OUT_EVENTS = 5
"""One in this many events trains no reader, with all articles about it."""

FIRST_ANSWER = 0.7
"""The weight of a newsroom question's best answer; its other forms share the rest."""


@dataclass(frozen=True, slots=True)
class Gold:
    """The characters of an answer, and the share of the annotators who marked it."""

    start: int
    end: int
    weight: float


@dataclass(frozen=True, slots=True)
class SourceQuestion:
    """A question about a text; without `golds` no exact words answer it.

    `evidence` are ranges of sentences that settle the question, if the annotators marked them.
    """

    question: str
    golds: tuple[Gold, ...]
    answers: tuple[str, ...] = ()
    evidence: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A text, its heading, and the questions about it."""

    title: str
    text: str
    asked: tuple[SourceQuestion, ...]
    sentences: tuple[tuple[int, int], ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class TrainingExample:
    """One input of the reader; `golds` and `evidence` are ranges of characters in `passage`."""

    question: str
    context: str
    passage: str
    golds: tuple[Gold, ...]
    evidence: tuple[tuple[int, int], ...] = ()


def read_qamr(path: Path) -> list[Source]:
    """Sentences of Wikinews and Wikipedia, with QAMR's questions."""
    sources: dict[str, list[SourceQuestion]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        start, answer = row["start"], row["answer"]
        if row["context"][start : start + len(answer)] != answer:
            continue
        gold = Gold(start, start + len(answer), 1.0)
        asked = SourceQuestion(row["question"], (gold,), (answer,))
        sources.setdefault(row["context"], []).append(asked)
    return [_source("", text, asked) for text, asked in sources.items()]


def read_squad(path: Path, *, held_out: bool) -> list[Source]:
    """Paragraphs of Wikipedia with SQuAD's questions, either for training or held out."""
    return [
        _source(
            article["title"].replace("_", " "),
            paragraph["context"],
            [_squad_question(paragraph["context"], qa) for qa in paragraph["qas"]],
        )
        for article in json.loads(path.read_text(encoding="utf-8"))["data"]
        for paragraph in article["paragraphs"]
        if (article["title"] in HELD_OUT_ARTICLES) == held_out
    ]


def read_newsroom(path: Path, *, held_out: bool) -> list[Source]:
    """Invented news articles with their questions, either for training or held out."""
    sources = []
    for row in article_rows(path, held_out=held_out):
        asked = [_newsroom_question(row["text"], question) for question in row["questions"]]
        asked += [SourceQuestion(question, ()) for question in row["unanswerable"]]
        sources.append(_source(f"{row['title']} ({row['date']})", row["text"], asked))
    return sources


def article_rows(path: Path, *, held_out: bool) -> list[dict[str, Any]]:
    """The articles that train readers or, with `held_out`, those that do not."""
    rows = path.read_text(encoding="utf-8").splitlines()
    return [
        json.loads(line)
        for number, line in enumerate(rows, start=1)
        if (number % 10 in HELD_OUT_DIGITS) == held_out
    ]


def read_hard(newsroom: Path, questions: Path, *, held_out: bool) -> list[Source]:
    """The same newsroom articles with harder questions, for training or held out."""
    return _read_more(newsroom, questions, _hard_question, held_out=held_out)


def _hard_question(text: str, question: dict[str, Any]) -> SourceQuestion:
    if question["answers"]:
        return _newsroom_question(text, question)
    return SourceQuestion(str(question["question"]), ())


def _read_more(
    newsroom: Path,
    questions: Path,
    parse: Callable[[str, dict[str, Any]], SourceQuestion],
    *,
    held_out: bool,
) -> list[Source]:
    """Newsroom articles with the questions of another file, which names them by id."""
    lines = questions.read_text(encoding="utf-8").splitlines()
    more = {row["id"]: row["questions"] for row in map(json.loads, lines)}
    sources = []
    for row in article_rows(newsroom, held_out=held_out):
        if row["id"] in more:
            asked = [parse(row["text"], question) for question in more[row["id"]]]
            sources.append(_source(f"{row['title']} ({row['date']})", row["text"], asked))
    return sources


def read_everyday(newsroom: Path, questions: Path, *, held_out: bool) -> list[Source]:
    """The same newsroom articles with questions as people type them, and their evidence."""
    return _read_more(newsroom, questions, _everyday_question, held_out=held_out)


def _everyday_question(text: str, question: dict[str, Any]) -> SourceQuestion:
    """The answers with their evidence; keywords have evidence alone."""
    sentences: list[str] = list(question["evidence"])
    places = ((text.index(sentence), len(sentence)) for sentence in sentences)
    evidence = tuple((start, start + length) for start, length in places)
    if question["answers"]:
        return replace(_newsroom_question(text, question), evidence=evidence)
    return SourceQuestion(str(question["question"]), (), tuple(sentences), evidence)


def read_events(path: Path, *, held_out: bool) -> list[Source]:
    """Articles of several papers about the same events, either for training or held out."""
    return [
        _source(
            f"{row['title']} ({row['date']})",
            row["text"],
            [_everyday_question(row["text"], question) for question in row["questions"]],
        )
        for row in event_rows(path, held_out=held_out)
    ]


def event_rows(path: Path, *, held_out: bool) -> list[dict[str, Any]]:
    """The articles about the events that train readers or, with `held_out`, about the others."""
    return [
        row
        for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())
        if (zlib.crc32(row["event"].encode()) % HELD_OUT_EVENTS == 0) == held_out
    ]


def read_conversations(newsroom: Path, conversations: Path, *, held_out: bool) -> list[Source]:
    """The same newsroom articles with the turns of conversations about them.

    A turn that leans on an earlier one is asked twice: in full, and as it was completed by rules. A
    turn without an answer belongs to the article of the conversation.
    """
    asked: dict[str, list[dict[str, Any]]] = {}
    for row in map(json.loads, conversations.read_text(encoding="utf-8").splitlines()):
        for turn in row["turns"]:
            asked.setdefault(turn["article"] or row["id"], []).append(turn)
    return [
        _source(
            f"{row['title']} ({row['date']})",
            row["text"],
            [
                _everyday_question(row["text"], {**turn, "question": text})
                for turn in asked[row["id"]]
                for text in dict.fromkeys((turn["standalone"], turn["searched"]))
            ],
        )
        for row in article_rows(newsroom, held_out=held_out)
        if row["id"] in asked
    ]


def read_encyclopaedia(path: Path, *, held_out: bool) -> list[Source]:
    """Paragraphs of encyclopaedic articles with questions, either for training or held out."""
    sources = []
    for row in article_rows(path, held_out=held_out):
        for paragraph in row["paragraphs"]:
            text: str = paragraph["text"]
            asked = [_newsroom_question(text, question) for question in paragraph["questions"]]
            asked += [SourceQuestion(question, ()) for question in paragraph["unanswerable"]]
            sources.append(_source(row["title"], text, asked))
    return sources


def read_others(path: Path, *, source: str, split: str) -> list[Source]:
    """The texts and questions of a source in `questions.jsonl`, from its part "train" or "dev"."""
    texts: dict[str, list[SourceQuestion]] = {}
    for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        if row["source"] == source and row["split"] == split:
            texts.setdefault(row["context"], []).append(_marked_question(row))
    return [_source("", text, asked) for text, asked in texts.items()]


def read_roles(path: Path) -> list[Source]:
    """Sentences with questions on who did what to whom, without those on "someone"."""
    texts: dict[str, list[SourceQuestion]] = {}
    for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        if row["split"] == "train" and not row["generic"]:
            texts.setdefault(row["context"], []).append(_marked_question(row))
    return [_source("", text, asked) for text, asked in texts.items()]


def _marked_question(row: dict[str, Any]) -> SourceQuestion:
    """The answers at their marked places; several annotators may have marked the same."""
    text = str(row["context"])
    marked: list[dict[str, Any]] = list(row["answers"])
    golds: Counter[tuple[int, int]] = Counter()
    for answer in marked:
        words, start = str(answer["text"]), int(answer["start"])
        if text[start : start + len(words)] == words:
            golds[start, start + len(words)] += 1
    total = sum(golds.values())
    return SourceQuestion(
        str(row["question"]),
        tuple(Gold(*place, count / total) for place, count in golds.items()),
        tuple(str(answer["text"]) for answer in marked),
    )


def _source(title: str, text: str, asked: Sequence[SourceQuestion]) -> Source:
    return Source(title, text, tuple(asked), tuple(sentence_spans(text)))


def _squad_question(text: str, qa: dict[str, Any]) -> SourceQuestion:
    """The annotators' answers, each at the occurrence that overlaps most with the others'.

    The file's offsets were found by matching, so "1973" may point to the wrong 1973.
    """
    answers = [(str(a["text"]), int(a["answer_start"])) for a in qa["answers"]]
    given = [(start, start + len(words)) for words, start in answers]
    golds: Counter[tuple[int, int]] = Counter()
    for words, start in answers:
        places = [(m.start(), m.end()) for m in re.finditer(re.escape(words), text)]
        if places:
            best = max(places, key=lambda p: (sum(_overlap(p, g) for g in given), p[0] == start))
            golds[best] += 1
    total = sum(golds.values())
    return SourceQuestion(
        str(qa["question"]),
        tuple(Gold(*place, count / total) for place, count in golds.items()),
        tuple(words for words, _ in answers),
    )


def _newsroom_question(text: str, question: dict[str, Any]) -> SourceQuestion:
    """The best answer at its marked place; other forms where they overlap it, or nearest to it."""
    answers: list[str] = list(question["answers"])
    start = int(question["start"])
    first = (start, start + len(answers[0]))
    if text[slice(*first)] != answers[0]:
        raise SystemExit(f"{answers[0]!r} does not stand at {start} in {text[:60]!r}…")
    share = (1 - FIRST_ANSWER) / max(1, len(answers) - 1)
    golds = [Gold(*first, FIRST_ANSWER if len(answers) > 1 else 1.0)]
    for words in answers[1:]:
        places = [(m.start(), m.end()) for m in re.finditer(re.escape(words), text)]
        golds.append(
            Gold(*max(places, key=lambda p: (_overlap(p, first), -abs(p[0] - start))), share)
        )
    return SourceQuestion(str(question["question"]), tuple(golds), tuple(answers))


def _overlap(a: tuple[int, int], b: tuple[int, int]) -> int:
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))


def cut(
    source: Source, asked: SourceQuestion, *, tokens: int, chance: random.Random
) -> TrainingExample:
    """An example with a passage of whole sentences, about `tokens` long, around the answers.

    If the text does not answer, the passage is anywhere in it.
    """
    spans = source.sentences
    marked = [(gold.start, gold.end) for gold in asked.golds] or asked.evidence[:1]
    if marked:
        start, end = min(start for start, _ in marked), max(end for _, end in marked)
        touched = [i for i, s in enumerate(spans) if s[0] < end and start < s[1]]
        first, last = touched[0], touched[-1]
        if asked.golds and end - start > tokens * CHARS_PER_TOKEN:
            best = max(asked.golds, key=lambda g: g.weight)
            return cut(
                source,
                replace(asked, golds=(replace(best, weight=1.0),)),
                tokens=max(tokens, round((best.end - best.start) / CHARS_PER_TOKEN) + 1),
                chance=chance,
            )
    else:
        first = last = chance.randrange(len(spans))
    while (spans[last][1] - spans[first][0]) < tokens * CHARS_PER_TOKEN:
        sides = [side for side, open_ in ((-1, first > 0), (1, last < len(spans) - 1)) if open_]
        if not sides:
            break
        if chance.choice(sides) < 0:
            first -= 1
        else:
            last += 1
    left, right = spans[first][0], spans[last][1]
    golds = tuple(replace(g, start=g.start - left, end=g.end - left) for g in asked.golds)
    evidence = tuple((start - left, end - left) for start, end in asked.evidence)
    return TrainingExample(asked.question, source.title, source.text[left:right], golds, evidence)


class Distractors:
    """Finds passages of other texts that look as if they answered a question."""

    def __init__(self, sources: Sequence[Source], *, tokens: int) -> None:
        self._passages = [p for source in sources for p in _pieces(source, tokens)]
        self._terms = TfidfVectorizer(sublinear_tf=True, stop_words="english", dtype=np.float32)
        self._rows = self._terms.fit_transform(f"{title}\n{text}" for title, text in self._passages)

    def near(
        self, asked: Sequence[SourceQuestion], *, chance: random.Random, among: int
    ) -> list[TrainingExample]:
        """For each question, one of the `among` best-matching passages without its answers."""
        if not asked:
            return []
        scores = self._terms.transform(a.question for a in asked) @ self._rows.T
        return [
            self._pick(a, scores[i].indices, scores[i].data, chance, among)
            for i, a in enumerate(asked)
        ]

    def _pick(
        self,
        asked: SourceQuestion,
        rows: np.ndarray,
        scores: np.ndarray,
        chance: random.Random,
        among: int,
    ) -> TrainingExample:
        best = rows[np.argsort(-scores, kind="stable")[: 3 * among]]
        wrong = [
            int(row)
            for row in best
            if not any(a.casefold() in self._passages[row][1].casefold() for a in asked.answers)
        ][:among]
        title, text = self._passages[
            chance.choice(wrong) if wrong else chance.randrange(len(self._passages))
        ]
        return TrainingExample(asked.question, title, text, ())


def _pieces(source: Source, tokens: int) -> Iterator[tuple[str, str]]:
    left = 0
    for i, (_, end) in enumerate(source.sentences):
        start = source.sentences[left][0]
        if end - start >= tokens * CHARS_PER_TOKEN or i == len(source.sentences) - 1:
            yield source.title, source.text[start:end]
            left = i + 1


_LITTLE = frozenset(
    "a an the of in on at to for from by with is was are were be been did does do has have had "
    "that this it its his her their as and or".split()
)


def as_typed(question: str, chance: random.Random) -> str:
    """The question as someone in a hurry might type it; often unchanged."""
    if chance.random() < 0.35:
        question = question.rstrip("?! ")
    if chance.random() < 0.10:
        words = [word for word in question.split() if word.lower() not in _LITTLE]
        question = " ".join(words) if len(words) > 2 else question
    if chance.random() < 0.06 and len(question) > 12:
        at = chance.randrange(1, len(question) - 2)
        swapped = question[at + 1] + question[at]
        question = question[:at] + chance.choice((swapped, question[at], "")) + question[at + 2 :]
    return question
