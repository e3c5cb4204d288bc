"""The reader's network in torch: BERT with a head for spans and one for sentences."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import nn
from transformers import BertConfig, BertModel, BertPreTrainedModel


@dataclass(frozen=True, slots=True)
class ReaderLogits:
    """The logits of each token, each of shape (n, length).

    `settles` says how much a token is part of a sentence that answers the question. The log-odds of
    a sentence are the mean over its tokens.
    """

    starts: torch.Tensor
    ends: torch.Tensor
    settles: torch.Tensor


class ReaderModel(BertPreTrainedModel):
    """Scores each token as the start and the end of the answer, and as part of its sentence."""

    def __init__(self, config: BertConfig) -> None:
        super().__init__(config)
        self.bert = BertModel(config, add_pooling_layer=False)
        self.qa_outputs = nn.Linear(config.hidden_size, 2)
        self.sentence_outputs = nn.Linear(config.hidden_size, 1)
        self.post_init()

    def forward(self, ids: torch.Tensor, mask: torch.Tensor, types: torch.Tensor) -> ReaderLogits:
        """The logits of a batch; ids, mask and types are int64 of shape (n, length)."""
        hidden = self.bert(
            input_ids=ids, attention_mask=mask, token_type_ids=types
        ).last_hidden_state
        spans = self.qa_outputs(hidden)
        return ReaderLogits(spans[..., 0], spans[..., 1], self.sentence_outputs(hidden).squeeze(-1))
