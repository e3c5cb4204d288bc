"""pullquote, measured like its peers.

    PYTHON pullquote_peer.py ORDER.json

It parses and splits the articles itself. At the default settings it uses the packaged reader. At
"best" it uses the same weights as the peers, on torch.
"""

from __future__ import annotations

from pathlib import Path

from exchange import Ask, PeerAnswer, PeerPassage, PeerReply, PeerTask, serve

import pullquote
from pullquote.schema.settings import load_settings


def build(order: PeerTask, passages: list[PeerPassage]) -> Ask:
    """Build an index from nothing, and return the function that answers from it."""
    index = Path(order.out).with_suffix(".index")
    reader = order.reader if order.settings == "best" else None
    settings = load_settings(
        corpus=Path(order.corpus), index=index, encoder=order.encoder_name, reader=reader
    )
    pullquote.rebuild_index(settings=settings)
    assistant = pullquote.open(settings=settings)

    def ask(question: str) -> PeerReply:
        answers = assistant.ask(question).answers
        return PeerReply([PeerAnswer(a.text, a.confidence, place(a)) for a in answers])

    return ask


def place(answer: pullquote.Answer) -> str:
    """The position of an answer's first citation."""
    first = answer.citations[0]
    return f"{first.article}, {first.start}-{first.end}"


if __name__ == "__main__":
    serve(build, packages=("pullquote", "onnxruntime", "faiss-cpu", "tantivy"))
