"""The sentence reader: finds whole sentences by their meaning and by shared rare words."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

from pullquote.answering.reader.protocol import best_first
from pullquote.base.cancellation import check_cancelled
from pullquote.english.questions.answer_type import AnswerType, expected_type, type_match
from pullquote.english.sentences import sentence_spans
from pullquote.english.terms import terms
from pullquote.index.encoder import Encoder
from pullquote.index.passages import embedding_text
from pullquote.schema import Hit, Question, Span

SENTENCES_COMPARED = 16
"""How many sentences are embedded for a question: those with the most promising words."""


@dataclass(frozen=True, slots=True)
class SentenceFeatures:
    """The features by which a sentence is scored, each roughly from -1 to 1.

    - `cosine`: the cosine of the question and the sentence in its context.
    - `overlap`, `overlap_nearby`: the shares of the question's terms, weighted by rarity, that are
      in the sentence with its author's name, and in the passage with its context.
    - `expected_kind`: 1 if the sentence contains the type of answer asked for, -1 if not, 0 if the
      question asks for no particular type. All sentences of a comment count as speech.
    - `passage_cosine`, `reciprocal_rank`: those of the passage.
    - `is_short`: 1 for a sentence under 40 characters, else 0.
    """

    cosine: float
    overlap: float
    overlap_nearby: float
    expected_kind: float
    passage_cosine: float
    reciprocal_rank: float
    is_short: float


class SentenceModel(BaseModel):
    """A conditional logit model, fitted by training/sentence_reader.py.

    The model chooses one of the compared sentences, or none. The score of a sentence is the
    weighted sum of its features. `none` is the score of "no answer". Shares are the softmax of all
    scores.
    Source: McFadden, Conditional logit analysis of qualitative choice behavior, 1974.
    """

    model_config = ConfigDict(frozen=True)

    weights: dict[str, float]
    none: float
    fitted_on: str

    @classmethod
    def packaged(cls) -> SentenceModel:
        """The model that ships with pullquote."""
        stored = files("pullquote") / "base" / "models" / "sentence-reader.json"
        return cls.model_validate(json.loads(stored.read_text(encoding="utf-8")))

    @property
    def identity(self) -> str:
        """The model's name and the first half of the digest of its weights."""
        return f"sentences@{hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:32]}"

    def span_logits(
        self, compared: Sequence[SentenceFeatures], blocks: Sequence[Hashable]
    ) -> list[float]:
        """The log-odds of each sentence's share, in the order given.

        `blocks` identifies the block of each sentence. Sentences of one block are parts of one
        statement and do not compete.
        """
        scores = [self._score(features) for features in compared]
        placed = list(zip(scores, blocks, strict=True))
        return [
            score - _log_sum_exp([self.none, *(s for s, other in placed if other != block)])
            for score, block in placed
        ]

    def _score(self, features: SentenceFeatures) -> float:
        values: dict[str, float] = asdict(features)
        return sum(weight * values[name] for name, weight in self.weights.items())


@dataclass(frozen=True, slots=True)
class CandidateSentence:
    """A sentence of a hit, `hit.passage.text[start:end]`. `rank` is the rank of the hit, from 1."""

    hit: Hit
    rank: int
    start: int
    end: int

    @property
    def text(self) -> str:
        """The text of the sentence."""
        return self.hit.passage.text[self.start : self.end]

    @property
    def in_context(self) -> str:
        """The text to embed: the passage's context, then the sentence."""
        return f"{self.hit.passage.context}\n{self.text}"

    @property
    def block(self) -> tuple[str, int]:
        """The article's id and the start of the block that contains the sentence."""
        article, at = self.position
        block = self.hit.article.block_at(at)
        return article, block.start if block is not None else at

    @property
    def author(self) -> str:
        """The author of a comment or quotation, or nothing."""
        block = self.hit.article.block_at(self.position[1])
        return block.author or "" if block is not None else ""

    @property
    def position(self) -> tuple[str, int]:
        """The article's id and the start of the sentence in its text."""
        return self.hit.passage.article, self.hit.passage.start + self.start


class SentenceReader:
    """Picks whole sentences by meaning, shared rare words, and the type of answer they contain."""

    def __init__(self, encoder: Encoder, model: SentenceModel) -> None:
        self._encoder = encoder
        self._model = model

    @property
    def identity(self) -> str:
        """The identities of the model and the encoder, in any precision."""
        return f"{self._model.identity} with {self._encoder.identity.model}"

    @property
    def silent_below(self) -> float:
        """Even odds: with log-odds below this, "no answer" is more likely than the sentence."""
        return 0.0

    def read(self, question: Question, hits: Sequence[Hit]) -> list[Span]:
        """The sentences that answer, best first; ties are ordered by article and position."""
        compared = self.candidates(question, hits)
        logits = self._model.span_logits([f for _, f in compared], [s.block for s, _ in compared])
        return best_first(
            Span(sentence.hit, sentence.start, sentence.end, logit, whole_sentence=True)
            for (sentence, _), logit in zip(compared, logits, strict=True)
        )

    def candidates(
        self, question: Question, hits: Sequence[Hit]
    ) -> list[tuple[CandidateSentence, SentenceFeatures]]:
        """The sentences that were compared with the question, with their features."""
        seen = [(s, _features(question, s)) for s in _sentences(hits)]
        seen.sort(key=lambda pair: (-_prescore(pair[1]), pair[0].position))
        compared = seen[:SENTENCES_COMPARED]
        if not compared:
            return []
        vectors = self._encoder.encode([s.in_context for s, _ in compared])
        cosines = vectors @ self._encoder.encode_question(question.text)
        return [
            (
                sentence,
                replace(features, cosine=_cosine_or_overlap(question, sentence, features, cosine)),
            )
            for (sentence, features), cosine in zip(compared, cosines.tolist(), strict=True)
        ]


def _sentences(hits: Sequence[Hit]) -> Iterator[CandidateSentence]:
    """Every sentence of the hits, only once even if two passages share it."""
    seen: set[tuple[str, int]] = set()
    for rank, hit in enumerate(hits, start=1):
        check_cancelled()
        for start, end in sentence_spans(hit.passage.text, hit.article.language):
            sentence = CandidateSentence(hit, rank, start, end)
            if sentence.position not in seen:
                seen.add(sentence.position)
                yield sentence


def _features(question: Question, sentence: CandidateSentence) -> SentenceFeatures:
    """The features of a sentence except its cosine."""
    hit = sentence.hit
    here = frozenset(terms(f"{sentence.author} {sentence.text}"))
    nearby = frozenset(terms(embedding_text(hit.passage)))
    kind = expected_type(question.text)
    spoken = kind is AnswerType.SPEECH and bool(sentence.author)
    new_words = _without_words_of(question.text, sentence.text)
    return SentenceFeatures(
        cosine=0.0,
        overlap=question.share_in(here),
        overlap_nearby=question.share_in(nearby),
        expected_kind=1.0 if spoken else type_match(kind, new_words),
        passage_cosine=hit.cosine,
        reciprocal_rank=1 / sentence.rank,
        is_short=float(len(sentence.text) < 40),
    )


def _cosine_or_overlap(
    question: Question, sentence: CandidateSentence, features: SentenceFeatures, cosine: float
) -> float:
    """The cosine or, if the question names the comment's author, the overlap if that is larger.

    "What did Gull say?" is not close in meaning to Gull's comments, so the name has to decide.
    """
    names = frozenset(terms(sentence.author))
    return max(cosine, features.overlap) if names and names <= question.rarity.keys() else cosine


def _prescore(features: SentenceFeatures) -> float:
    """A score that is cheap to compute, to select the sentences to embed."""
    return features.overlap + 0.5 * features.overlap_nearby + 0.3 * features.expected_kind


def _without_words_of(question: str, text: str) -> str:
    """The text, with the question's words replaced by spaces."""
    asked = {word.casefold() for word in re.findall(r"\w+", question)}
    return re.sub(r"\w+", lambda m: " " if m[0].casefold() in asked else m[0], text)


def _log_sum_exp(values: Sequence[float]) -> float:
    most = max(values)
    return most + math.log(sum(math.exp(value - most) for value in values))
