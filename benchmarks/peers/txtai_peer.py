"""txtai's extractive question answering; runs in its own environment.

    PYTHON txtai_peer.py ORDER.json

Source: the documentation of Embeddings, RAG and Questions, https://neuml.github.io/txtai, and
example 05, "Extractive QA with txtai".
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from exchange import READ, Ask, PeerAnswer, PeerPassage, PeerReply, PeerTask, named, serve
from txtai import Embeddings
from txtai.pipeline import RAG, HFOnnx, Questions


def default(order: PeerTask, passages: list[PeerPassage]) -> Ask:
    """RAG over dense search, as documented: it joins three passages and reads them as one.

    It returns one answer or none, without a score.
    """
    embeddings = Embeddings(path=order.encoder, content=True)
    embeddings.index((passage.id, passage.text) for passage in passages)
    rag = RAG(embeddings, order.reader)

    def ask(question: str) -> PeerReply:
        answer = rag(question)["answer"]
        return PeerReply([PeerAnswer(answer, 1.0)] if answer else [])

    return ask


def best(order: PeerTask, passages: list[PeerPassage]) -> Ask:
    """Hybrid search, and each of the ten best passages read by itself, ordered by score.

    Joined, they would exceed the 512 tokens that a BERT reads. Each passage is a separate call: if
    the best span is "none", Questions raises, and the answers of the whole call are lost.
    """
    return _best(order, passages, order.reader)


def int8(order: PeerTask, passages: list[PeerPassage]) -> Ask:
    """As `best`, with the reader that txtai itself exports to ONNX and quantises to int8."""
    exported = str(Path(order.out).with_suffix(".onnx"))
    HFOnnx()(order.reader, "question-answering", exported, quantize=True)
    return _best(order, passages, (exported, order.reader))


def _best(order: PeerTask, passages: list[PeerPassage], reader: str | tuple[str, str]) -> Ask:
    embeddings = Embeddings(path=order.encoder, hybrid=True)
    embeddings.index((passage.id, f"{passage.context}\n{passage.text}") for passage in passages)
    texts = {passage.id: passage.text for passage in passages}
    questions = Questions(reader)
    questions.model = scored = ScoringModel(questions.model)

    def ask(question: str) -> PeerReply:
        found, raised = [], []
        for number, _ in embeddings.search(question, READ):
            try:
                (answer,) = questions([question], [texts[number]])
            except Exception as error:  # noqa: BLE001 - counted; the next passage is read
                raised.append(named(error))
            else:
                if answer:
                    found.append(PeerAnswer(answer, scored.score, number))
        return PeerReply(sorted(found, key=lambda one: -one.score), raised)

    return ask


class ScoringModel:
    """The model of a Questions pipeline, with the score of its last answer.

    Questions computes this score, compares it with a floor of 0.05 and does not return it.
    """

    def __init__(self, model: Callable[..., Any]) -> None:
        self._model = model
        self.score = 0.0

    def __call__(self, **tokens: object) -> object:
        """Run the model, and store the score."""
        output: Any = self._model(**tokens)
        both = (
            (output.start_logits, output.end_logits) if hasattr(output, "start_logits") else output
        )
        start, end = (logits.softmax(-1).max() for logits in both)
        self.score = float(start * end)
        return output


def build(order: PeerTask, passages: list[PeerPassage]) -> Ask:
    """Build the function that answers, at the settings of the task."""
    return {"default": default, "best": best, "int8": int8}[order.settings](order, passages)


if __name__ == "__main__":
    serve(build, packages=("txtai", "transformers", "torch", "faiss-cpu"))
