"""The texts to embed: pullquote's passages, and gold questions about them."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.common import write_wiki_corpus
from pullquote.evaluate import GoldQuestion, read_questions
from pullquote.index.encoder import Encoder
from pullquote.index.passages import embedding_text, split_passages
from pullquote.parsing import find_files, read_articles
from pullquote.schema import Passage, Role
from pullquote.schema.settings import Settings

RECALL_PASSAGES = 600
"""News passages; those of articles that answer a question come first. All of wiki's are used."""

CALIBRATION_PASSAGES = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """Passages and gold questions. Calibration and recall use different passages.

    Comments are left out, as they are by default.
    """

    speed: list[str]
    calibration: list[str]
    recall: list[Passage]
    wiki: list[GoldQuestion]
    news: list[GoldQuestion]


def read_data(
    wiki: Path, news: Path, questions: Path, *, speed_passages: int, encoder: Encoder
) -> Data:
    """Draw the same passages in every run; `encoder` counts their tokens."""
    with tempfile.TemporaryDirectory() as scratch:
        contexts = Path(scratch) / "wiki"
        wiki_questions = answerable(write_wiki_corpus(wiki, contexts))
        wiki_passages = read_passages(contexts, encoder)
    news_questions = answerable(read_questions(questions))
    news_passages = read_passages(news, encoder)
    order = np.random.default_rng(1).permutation(len(news_passages))
    supporting = {article for gold in news_questions for article in gold.articles}
    drawn = [news_passages[at] for at in order]
    drawn.sort(key=lambda passage: passage.article not in supporting)
    texts = [embedding_text(passage) for passage in drawn]
    return Data(
        speed=texts[-speed_passages:],
        calibration=texts[RECALL_PASSAGES:][:CALIBRATION_PASSAGES],
        recall=wiki_passages + drawn[:RECALL_PASSAGES],
        wiki=wiki_questions,
        news=news_questions,
    )


def answerable(questions: Sequence[GoldQuestion]) -> list[GoldQuestion]:
    """The questions that the corpus answers outside its comments."""
    return [gold for gold in questions if gold.answerable and not gold.comments]


def read_passages(corpus: Path, encoder: Encoder) -> list[Passage]:
    """The passages of a folder of articles."""
    budget, overlap = Settings().passage_tokens, Settings().overlap_sentences
    return [
        passage
        for id in find_files(corpus).articles
        for article in read_articles(corpus / id, id=id)
        for passage in split_passages(
            article, count_tokens=encoder.count_tokens, budget=budget, overlap=overlap
        )
        if passage.role is not Role.COMMENT
    ]
