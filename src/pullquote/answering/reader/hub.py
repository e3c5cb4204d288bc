"""Runs any question-answering model of the Hugging Face hub, with torch in float32."""

from __future__ import annotations

import inspect
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import AutoModelForQuestionAnswering, AutoTokenizer

from pullquote.answering.reader.languages import declared_languages
from pullquote.answering.reader.packaged import LONGEST, QUESTION_TOKENS, SHARED
from pullquote.answering.reader.protocol import ReaderInput, Window
from pullquote.index.encoder.backend import in_short
from pullquote.index.encoder.model_cache import ModelFiles, find_files
from pullquote.index.encoder.torch_model import quiet
from pullquote.schema.errors import ModelError

if TYPE_CHECKING:
    from transformers import BatchEncoding, PreTrainedModel, PreTrainedTokenizerFast

_PASSAGE = 1
"""The sequence id of the second text of a pair."""


class HubNetwork:
    """Reads passages with a model given by name or folder. Safe to share between threads.

    The model's own tokenizer packs question and passage as a pair. The context is left out, because
    models trained on SQuAD never saw one. A forward pass takes one window without padding, so a
    passage always gets the same logits. The model runs on the GPU if there is one. `languages` are
    those that its model card lists.

    Raises:
        ModelError: there is no such model, or it is not a question-answering model.
    """

    def __init__(self, name_or_path: str) -> None:
        self._name = name_or_path
        files = find_files(name_or_path, owner=None, instead="use the reader 'thorough'")
        self._digest = files.digest
        self.languages = declared_languages(files.folder)
        self._tokenizer = _load_tokenizer(name_or_path, files)
        self._model = _load_model(name_or_path, files)
        self._inputs = frozenset(inspect.signature(self._model.forward).parameters)
        self._longest = _longest(self._tokenizer, self._model)
        self._lock = threading.Lock()  # a transformers tokenizer keeps state while it works

    @property
    def identity(self) -> str:
        """The model's name and the first half of the digest of its files."""
        return f"{self._name}@{self._digest[:32]}"

    def windows(self, question: str, inputs: Sequence[ReaderInput]) -> list[list[Window]]:
        """The windows of each passage, in order. The windows of a long passage overlap.

        A passage without tokens has no windows.

        Raises:
            ModelError: the model failed on a text.
        """
        try:
            with self._lock:
                packed = [self._pack(question, reading.text) for reading in inputs]
            return [
                self._read(encoded, reading.text)
                for encoded, reading in zip(packed, inputs, strict=True)
            ]
        except (RuntimeError, IndexError, ValueError, TypeError) as error:
            raise ModelError(self._name, f"it failed on a text: {in_short(error)}") from error

    def _pack(self, question: str, text: str) -> BatchEncoding:
        """Pack a passage into windows, which overlap by `SHARED` tokens or half a small window."""
        tokenizer = self._tokenizer
        asked, tokens = self._cut_question(question)
        room = self._longest - tokenizer.num_special_tokens_to_add(pair=True) - tokens
        packed: BatchEncoding = tokenizer(
            asked,
            text,
            truncation="only_second",
            max_length=self._longest,
            stride=min(SHARED, room // 2),
            return_overflowing_tokens=True,
            return_offsets_mapping=True,
        )
        return packed

    def _cut_question(self, question: str) -> tuple[str, int]:
        """Cut the question to `QUESTION_TOKENS` or a quarter of a small window; also its length."""
        most = min(QUESTION_TOKENS, self._longest // 4)
        encoded = self._tokenizer(
            question, add_special_tokens=False, return_offsets_mapping=True, verbose=False
        )
        offsets = encoded["offset_mapping"]
        if len(offsets) <= most:
            return question, len(offsets)
        return question[: offsets[most - 1][1]], most

    def _read(self, encoded: BatchEncoding, text: str) -> list[Window]:
        read = (self._window(encoded, row, text) for row in range(len(encoded["input_ids"])))
        return [window for window in read if len(window.offsets)]

    def _window(self, encoded: BatchEncoding, row: int, text: str) -> Window:
        given = {
            name: torch.tensor([encoded[name][row]], device=self._model.device)
            for name in self._tokenizer.model_input_names
            if name in encoded and name in self._inputs
        }
        with torch.inference_mode():
            output = self._model(**given)
        starts = output.start_logits[0].float().cpu().numpy()
        ends = output.end_logits[0].float().cpu().numpy()
        if not (np.isfinite(starts).all() and np.isfinite(ends).all()):
            raise ModelError(self._name, "it returned numbers that are not finite")
        places = [at for at, of in enumerate(encoded.sequence_ids(row)) if of == _PASSAGE]
        no_answer = self._no_answer_at(encoded["input_ids"][row])
        return Window(
            starts[places],
            ends[places],
            _offsets([encoded["offset_mapping"][row][at] for at in places], text),
            float(starts[no_answer] + ends[no_answer]),
        )

    def _no_answer_at(self, ids: list[int]) -> int:
        """The position that SQuAD 2.0 models predict for "no answer": CLS, usually the first token.

        Source: transformers, examples/pytorch/question-answering/run_qa.py.
        """
        cls = self._tokenizer.cls_token_id
        return ids.index(cls) if cls in ids else 0


def _offsets(pairs: list[tuple[int, int]], text: str) -> NDArray[np.int64]:
    """The offsets of tokens, int64 (n, 2), without the leading space of some tokenizers."""
    trimmed = [
        (end - len(text[start:end].lstrip()) if text[start:end].strip() else start, end)
        for start, end in pairs
    ]
    return np.array(trimmed, dtype=np.int64).reshape(-1, 2)


def _longest(tokenizer: PreTrainedTokenizerFast, model: PreTrainedModel) -> int:
    """How many tokens of question and passage fit in a forward pass; at most `LONGEST`."""
    positions = getattr(model.config, "max_position_embeddings", None)
    known = [n for n in (tokenizer.model_max_length, positions) if n is not None and n > 0]
    return int(min(LONGEST, *known))


def _load_tokenizer(name: str, files: ModelFiles) -> PreTrainedTokenizerFast:
    try:
        with quiet():
            tokenizer = AutoTokenizer.from_pretrained(files.folder, local_files_only=True)
    except Exception as error:  # tokenizers raise errors of many types
        raise ModelError(name, f"its tokenizer could not be loaded: {in_short(error)}") from error
    if not tokenizer.is_fast:
        raise ModelError(
            name,
            f"its tokenizer, {type(tokenizer).__name__}, does not say which characters a token "
            "stands for. Use a model with a fast tokenizer (a tokenizer.json).",
        )
    return cast("PreTrainedTokenizerFast", tokenizer)


def _load_model(name: str, files: ModelFiles) -> PreTrainedModel:
    try:
        with quiet():
            model, loaded = AutoModelForQuestionAnswering.from_pretrained(
                files.folder, local_files_only=True, dtype=torch.float32, output_loading_info=True
            )
    except Exception as error:  # models raise errors of many types
        raise ModelError(
            name, f"it could not be loaded as a question-answering model: {in_short(error)}"
        ) from error
    if missing := sorted(loaded["missing_keys"]):
        raise ModelError(
            name,
            f"its files have no weights for {', '.join(missing)}, so it was not trained to answer "
            "questions. Name a model that was, such as deepset/roberta-base-squad2.",
        )
    network: PreTrainedModel = model.float().eval()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.nn.Module.to(network, device)
    return network
