"""The networks that ship with pullquote: int8 ONNX, run by onnxruntime."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from threading import Lock
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from tokenizers import Encoding, Tokenizer

from pullquote.answering.reader.protocol import ReaderInput, Window
from pullquote.base.atomic_io import file_digest
from pullquote.base.thread_pool import ThreadPool
from pullquote.index.encoder.backend import cores, in_short, open_session
from pullquote.schema.errors import ModelError

TOKENIZER = "tokenizer.json"
CLS, SEP = "[CLS]", "[SEP]"
LONGEST = 384
"""In tokens, for question, context and passage together; the same as in training."""

QUESTION_TOKENS = 64
CONTEXT_TOKENS = 48

SHARED = 64
"""How many tokens neighbouring windows of a long passage share: more than any answer has."""


@dataclass(frozen=True, slots=True)
class TokenWindow:
    """Token ids, int64 (n,), of `[CLS] question [SEP] context [SEP] passage [SEP]`.

    If there is no context, `context [SEP]` is left out. `second` is the position after the
    question's [SEP], where token type 1 begins. `passage` is the position of the passage's first
    token. `offsets`, int64 (m, 2), is the range of each passage token in the passage's characters.
    """

    ids: NDArray[np.int64]
    second: int
    passage: int
    offsets: NDArray[np.int64]

    @property
    def types(self) -> NDArray[np.int64]:
        """The token types, int64 (n,): 0 for the question, 1 for context and passage."""
        return (np.arange(len(self.ids)) >= self.second).astype(np.int64)

    @property
    def feed(self) -> dict[str, NDArray[np.int64]]:
        """The inputs of a graph, each int64 (1, n). A network may have no token types."""
        ids = self.ids[None]
        return {
            "input_ids": ids,
            "attention_mask": np.ones_like(ids),
            "token_type_ids": self.types[None],
        }


def load_tokenizer(folder: Path) -> Tokenizer:
    """The tokenizer in a folder, set neither to truncate nor to pad.

    "[SEP]" in an article is treated as ordinary text.

    Raises:
        OSError: the file is missing or cannot be read.
    """
    tokenizer = Tokenizer.from_str((folder / TOKENIZER).read_text(encoding="utf-8"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    tokenizer.encode_special_tokens = True
    return tokenizer


def pack(
    tokenizer: Tokenizer, question: str, inputs: Sequence[ReaderInput]
) -> list[list[TokenWindow]]:
    """The windows of each passage; a passage without tokens has none.

    Only the first `QUESTION_TOKENS` tokens of the question are used, and the first
    `CONTEXT_TOKENS` of a context.
    """
    (asked,) = _encoded(tokenizer, [question])
    contexts = _encoded(tokenizer, [reading.context for reading in inputs])
    passages = _encoded(tokenizer, [reading.text for reading in inputs])
    cls, sep = (_id(tokenizer, token) for token in (CLS, SEP))
    first = [cls, *asked.ids[:QUESTION_TOKENS], sep]
    packed = []
    for context, passage in zip(contexts, passages, strict=True):
        above = [*context.ids[:CONTEXT_TOKENS], sep] if context.ids else []
        packed.append(_windows(first, above, sep, passage))
    return packed


def _windows(first: list[int], above: list[int], sep: int, passage: Encoding) -> list[TokenWindow]:
    head = [*first, *above]
    room = LONGEST - len(head) - 1
    offsets = np.array(passage.offsets, dtype=np.int64).reshape(-1, 2)
    lefts = range(0, max(1, len(passage.ids) - SHARED), room - SHARED) if passage.ids else ()
    return [
        TokenWindow(
            ids=np.array([*head, *passage.ids[left : left + room], sep], dtype=np.int64),
            second=len(first),
            passage=len(head),
            offsets=offsets[left : left + room],
        )
        for left in lefts
    ]


def _id(tokenizer: Tokenizer, token: str) -> int:
    found = tokenizer.token_to_id(token)
    if found is None:
        raise ModelError("span reader", f"its tokenizer has no {token}")
    return found


def _encoded(tokenizer: Tokenizer, texts: list[str]) -> list[Encoding]:
    return tokenizer.encode_batch(texts, add_special_tokens=False)


GRAPH, CARD = "model.onnx", "model.json"
SMALL, LARGE = "span-reader", "large-reader"
"""The folders of the networks that ship with pullquote."""


class ModelCard(BaseModel):
    """The metadata that training wrote beside the weights.

    `digests` maps file names to SHA-256. The reader reads `at_once` passages at a time, and stops
    once a span has log-odds of at least `certain`. A span with log-odds below `silent_below` does
    not answer.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    digests: dict[str, str]
    silent_below: float
    at_once: int = Field(ge=1)
    certain: float
    trained_on: str


class PackagedNetwork:
    """Reads passages in parallel, each in its own run on one thread. Thread-safe.

    The scale of int8 activations depends on everything in a run. In a batch, other passages and
    padding would change a passage's logits. In a run of its own, a passage always gets the same
    logits, whatever the number of threads.
    """

    def __init__(self, folder: Path, *, threads: int | None = None) -> None:
        self.card = _checked_card(folder)
        self._tokenizer = load_tokenizer(folder)
        try:
            self._session = open_session(folder / GRAPH, threads=1)
        except Exception as error:  # onnxruntime's errors share no base class
            raise ModelError(self.card.name, in_short(error)) from error
        self._inputs = {given.name for given in self._session.get_inputs()}
        self._outputs = [output.name for output in self._session.get_outputs()]
        workers = cores() if threads is None else threads
        self._pool = ThreadPool(workers, name="reader")

    @classmethod
    def shipped(cls, name: str) -> PackagedNetwork:
        """One of the networks that ship with pullquote: `SMALL` or `LARGE`.

        It is opened once for all who use it at the same time.

        Raises:
            ModelError: the files are missing or have a different digest.
        """
        with _opening:
            network = _shipped.get(name)
            if network is None:
                with as_file(files("pullquote") / "base" / "models" / name) as folder:
                    network = _shipped[name] = cls(folder)
            return network

    @property
    def identity(self) -> str:
        """The model's name and the first half of the digest of its weights."""
        return f"{self.card.name}@{self.card.digests[GRAPH][:32]}"

    def windows(self, question: str, inputs: Sequence[ReaderInput]) -> list[list[Window]]:
        """The windows of each passage, in order. The windows of a long passage overlap.

        Raises:
            ModelError: onnxruntime failed on a passage, for example for lack of memory.
        """
        packed = pack(self._tokenizer, question, inputs)
        running = [[self._pool.submit(self._run, window) for window in one] for one in packed]
        return [[future.result() for future in one] for one in running]

    def _run(self, packed: TokenWindow) -> Window:
        given = {name: ids for name, ids in packed.feed.items() if name in self._inputs}
        try:
            starts, ends, *settles = self._session.run(self._outputs, given)
        except Exception as error:  # onnxruntime's errors share no base class
            raise ModelError(self.card.name, in_short(error)) from error
        inside = slice(packed.passage, packed.passage + len(packed.offsets))
        return Window(
            starts[0, inside],
            ends[0, inside],
            packed.offsets,
            float(starts[0, 0] + ends[0, 0]),
            settles[0][0, inside] if settles else None,
        )


_shipped: WeakValueDictionary[str, PackagedNetwork] = WeakValueDictionary()
_opening = Lock()


def _checked_card(folder: Path) -> ModelCard:
    """The card of the model in a folder, after checking the digests of the files."""
    try:
        card = ModelCard.model_validate_json((folder / CARD).read_bytes())
        found = {name: file_digest(folder / name) for name in {GRAPH, TOKENIZER, *card.digests}}
    except (OSError, ValidationError) as error:
        raise ModelError(str(folder), in_short(error)) from error
    for name, digest in found.items():
        if digest != (shipped := card.digests.get(name)):
            raise ModelError(str(folder), f"{name} has SHA-256 {digest}, expected {shipped}")
    return card
