"""Turns a question and passages into token ids for the packaged network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from pullquote.answering.reader.network import ReaderInput
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
