"""txtai's extractive question answering; runs in an environment of its own.

    PYTHON txtai_peer.py ORDER.json

Source: the documentation of Embeddings, RAG and Questions, https://neuml.github.io/txtai, and
example 05, "Extractive QA with txtai".
"""

from __future__ import annotations

from exchange import READ, Ask, Found, Order, PeerPassage, Told, named, serve
from txtai import EmbeddingCache
from txtai.pipeline import RAG, Questions


def default(order: Order, passages: list[PeerPassage]) -> Ask:
    """RAG over dense search, as documented: three passages are joined and read as one.

    It gives one answer or none, and no score.
    """
    embeddings = EmbeddingCache(path=order.encoder, content=True)
    embeddings.index((passage.id, passage.text) for passage in passages)
    rag = RAG(embeddings, order.reader)

    def ask(question: str) -> Told:
        answer = rag(question)["answer"]
        return Told([Found(answer, 1.0)] if answer else [])

    return ask


def best(order: Order, passages: list[PeerPassage]) -> Ask:
    """Hybrid search, and each of the ten best passages read by itself, ordered by score.

    Joined they would not fit the 512 tokens that a BERT reads. One call a passage, since Questions
    raises where the best span is "none", and then gives no answer for the others either.
    """
    embeddings = EmbeddingCache(path=order.encoder, hybrid=True)
    embeddings.index((passage.id, f"{passage.context}\n{passage.text}") for passage in passages)
    texts = {passage.id: passage.text for passage in passages}
    questions = Questions(order.reader)
    questions.model = scored = Scored(questions.model)

    def ask(question: str) -> Told:
        found, raised = [], []
        for number, _ in embeddings.search(question, READ):
            try:
                (answer,) = questions([question], [texts[number]])
            except Exception as error:  # noqa: BLE001 - counted, and the next passage read
                raised.append(named(error))
            else:
                if answer:
                    found.append(Found(answer, scored.score, number))
        return Told(sorted(found, key=lambda one: -one.score), raised)

    return ask


class Scored:
    """The model of a Questions pipeline, and the score of what it said last.

    Questions computes this score, compares it with a floor of 0.05 and does not return it.
    """

    def __init__(self, model: object) -> None:
        self._model = model
        self.score = 0.0

    def __call__(self, **tokens: object) -> object:
        """What the model says."""
        said = self._model(**tokens)
        start, end = (logits.softmax(-1).max() for logits in (said.start_logits, said.end_logits))
        self.score = float(start * end)
        return said


def build(order: Order, passages: list[PeerPassage]) -> Ask:
    """The function that answers, at the settings that were ordered."""
    return {"default": default, "best": best}[order.settings](order, passages)


if __name__ == "__main__":
    serve(build, packages=("txtai", "transformers", "torch", "faiss-cpu"))
