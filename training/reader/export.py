r"""Writes the trained reader as the int8 ONNX that ships, with its digests.

    python -m training.reader.export build/reader/final src/pullquote/base/models/span-reader \\
        --data ../shared/data
    python -m training.reader.export build/large/final src/pullquote/base/models/large-reader \\
        --data ../shared/data

Prints how EM and F1 change from torch's float32 to int8. Fits the log-odds under which the reader
abstains, on held-out Wikipedia articles.
"""

from __future__ import annotations

import argparse
import random
import shutil
import tempfile
import warnings
from pathlib import Path

import onnx
import torch
from onnx.external_data_helper import set_external_data
from tokenizers import Tokenizer
from torch import nn

from pullquote.answering.reader import Reader, ReaderInput, SpanReader
from pullquote.answering.reader.packaged import (
    CARD,
    GRAPH,
    SMALL,
    TOKENIZER,
    ModelCard,
    PackagedNetwork,
    TokenWindow,
    load_tokenizer,
    pack,
)
from pullquote.answering.reader.second_look import SecondLook, ThoroughReader
from pullquote.answering.reader.span_reader import EarlyStopping
from pullquote.base.atomic_io import file_digest
from pullquote.evaluate import read_questions
from pullquote.evaluate.reading import ReadingFigures, read_paragraph, reading_figures
from training.reader import SEED
from training.reader.examples import HELD_OUT_ARTICLES, read_newsroom, read_squad
from training.reader.model import LargeReaderModel, ReaderModel, load_model
from training.smoothing import quantise

OPSET = 17
SHIPPED = {
    ReaderModel: (
        "pullquote-reader-l12",
        "QAMR, SQuAD, SQuADshifts, QADiscourse, FairytaleQA, newsroom",
    ),
    LargeReaderModel: (
        "pullquote-large-reader-l12",
        "QAMR, SQuAD, SQuADshifts, QADiscourse, FairytaleQA, roles, newsroom, encyclopaedia, "
        "events",
    ),
}
"""The names of the networks, and the data that they were trained on."""

AT_ONCE = 4
SHOWN = 48
"""Texts used to smooth activations."""

SMALLEST_MOVED = 1024
"""In bytes. Smaller weights stay in the graph."""

MOST_BYTES = 90_000_000
"""Larger graphs keep their weights in files of at most this size, since GitHub takes no file of
more than 100 MB."""

NEVER = 99.0
"""Log-odds that nothing reaches; training.ranking replaces them with fitted ones."""


class _Logits(nn.Module):
    """The logits as outputs of the graph."""

    def __init__(self, model: ReaderModel | LargeReaderModel) -> None:
        super().__init__()
        self.model = model

    def forward(
        self, ids: torch.Tensor, mask: torch.Tensor, types: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """The logits for start, end and sentence, each of shape (n, length)."""
        out = self.model(ids, mask, types)
        return out.starts, out.ends, out.settles


def write_graph(checkpoint: Path, path: Path) -> None:
    """Export the checkpoint to float32 ONNX."""
    model = load_model(checkpoint)
    example = torch.ones((1, 8), dtype=torch.long)
    names = ["input_ids", "attention_mask", "token_type_ids"]
    outputs = ["start_logits", "end_logits", "sentence_logits"]
    axes = {name: {0: "n", 1: "length"} for name in [*names, *outputs]}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            _Logits(model.eval()),
            (example, example, example),
            str(path),
            input_names=names,
            output_names=outputs,
            dynamic_axes=axes,
            opset_version=OPSET,
            dynamo=False,
        )


def examples(tokenizer: Tokenizer, wiki: Path, newsroom: Path) -> list[TokenWindow]:
    """Some passages with their questions, from the reader's training articles."""
    sources = [*read_squad(wiki, held_out=False), *read_newsroom(newsroom, held_out=False)]
    packed = []
    for source in random.Random(SEED).sample(sources, SHOWN):
        reading = ReaderInput(source.title, source.text)
        packed += pack(tokenizer, source.asked[0].question, [reading])[0]
    return packed


def split_weights(folder: Path) -> None:
    """Move the weights of a large graph into files of at most `MOST_BYTES` beside it."""
    graph = folder / GRAPH
    if graph.stat().st_size <= MOST_BYTES:
        return
    model = onnx.load(graph)
    part = folder / "weights-0.bin"
    part.write_bytes(b"")
    for tensor in model.graph.initializer:
        if (size := len(tensor.raw_data)) < SMALLEST_MOVED:
            continue
        if (offset := part.stat().st_size) + size > MOST_BYTES:
            offset, part = 0, folder / f"weights-{int(part.stem.partition('-')[2]) + 1}.bin"
            part.write_bytes(b"")
        with part.open("ab") as file:
            file.write(tensor.raw_data)
        set_external_data(tensor, location=part.name, offset=offset, length=size)
        tensor.ClearField("raw_data")
    graph.write_bytes(model.SerializeToString())


def write_card(folder: Path, *, name: str, trained_on: str, silent_below: float) -> None:
    """Write the digests of the files that ship, and the meaning of the log-odds."""
    weights = sorted(path.name for path in folder.glob("weights-*.bin"))
    card = ModelCard(
        name=name,
        digests={name: file_digest(folder / name) for name in (GRAPH, TOKENIZER, *weights)},
        silent_below=round(silent_below, 2),
        at_once=AT_ONCE,
        certain=NEVER,
        trained_on=trained_on,
    )
    (folder / CARD).write_text(card.model_dump_json(indent=2) + "\n", encoding="utf-8")


def reader_of(folder: Path) -> Reader:
    """The reader with the network in a folder; a large one reads again what the small one found."""
    network = PackagedNetwork(folder)
    below = network.card.silent_below
    small = (
        network if network.card.name == SHIPPED[ReaderModel][0] else PackagedNetwork.shipped(SMALL)
    )
    stopping = EarlyStopping(AT_ONCE, NEVER)
    reader = SpanReader(small, silent_below=small.card.silent_below, stopping=stopping)
    if network is small:
        return reader
    return ThoroughReader(reader, SecondLook(small, network), silent_below=below)


def figures(folder: Path, questions: Path, *, only: frozenset[str] | None = None) -> ReadingFigures:
    """EM and F1 of the model in a folder, on the paragraphs of a SQuAD file or of some articles."""
    reader = reader_of(folder)
    reads = [
        read_paragraph(reader, gold, gold.paragraph)
        for gold in read_questions(questions)
        if gold.paragraph is not None and (only is None or gold.articles & only)
    ]
    return reading_figures(reads, silent_below=reader.silent_below)


def main() -> None:
    """Export and quantise, fit the threshold, and print the loss from int8."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("checkpoint", type=Path, help="a folder that training.reader.train wrote")
    parser.add_argument("out", type=Path)
    parser.add_argument("--data", type=Path, required=True, help="holds wiki/")
    newsroom = Path(__file__).parents[1] / "newsroom.jsonl"
    parser.add_argument("--newsroom", type=Path, default=newsroom)
    arguments = parser.parse_args()
    out: Path = arguments.out
    out.mkdir(parents=True, exist_ok=True)
    name, trained_on = SHIPPED[type(load_model(arguments.checkpoint))]
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder)
        write_graph(arguments.checkpoint, whole / GRAPH)
        tokenizer = load_tokenizer(arguments.checkpoint)
        wiki = arguments.data / "wiki/wiki-train.json"
        shown = examples(tokenizer, wiki, arguments.newsroom)
        quantise(whole / GRAPH, out / GRAPH, [packed.feed for packed in shown])
        split_weights(out)
        for place in (whole, out):
            shutil.copyfile(arguments.checkpoint / TOKENIZER, place / TOKENIZER)
            write_card(place, name=name, trained_on=trained_on, silent_below=0.0)
        held_out = figures(out, wiki, only=HELD_OUT_ARTICLES)
        below = held_out.best_silent_below
        for place in (whole, out):
            silent_below = NEVER if below is None else below
            write_card(place, name=name, trained_on=trained_on, silent_below=silent_below)
        print("held out, int8:", held_out)
        for name, place in (("float32", whole), ("int8", out)):
            print(f"wiki-dev, {name}:", figures(place, arguments.data / "wiki/wiki-dev.json"))


if __name__ == "__main__":
    main()
