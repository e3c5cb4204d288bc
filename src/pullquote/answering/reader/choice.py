"""Opens the reader that the setting `reader` names."""

from __future__ import annotations

import math

from pullquote.answering.reader.languages import FallbackReader
from pullquote.answering.reader.packaged import LARGE, SMALL, PackagedNetwork
from pullquote.answering.reader.protocol import Reader
from pullquote.answering.reader.second_look import SecondLook, ThoroughReader
from pullquote.answering.reader.sentence_reader import SentenceModel, SentenceReader
from pullquote.answering.reader.span_reader import EarlyStopping, SpanReader
from pullquote.index.encoder import Encoder

THOROUGH, FAST, SENTENCES = "thorough", "fast", "sentences"


def open_reader(name: str, encoder: Encoder) -> Reader:
    """Open the thorough, the fast or the sentence reader, or a model by name or path.

    All but the sentence reader itself fall back on the sentence reader. A model by name or path
    reads the languages that its model card lists.

    Raises:
        ModelError: the model cannot be opened.
    """
    sentences = SentenceReader(encoder, SentenceModel.packaged())
    if name == SENTENCES:
        return sentences
    if name in (THOROUGH, FAST):
        small = PackagedNetwork.shipped(SMALL)
        card = small.card
        stopping = EarlyStopping(card.at_once, card.certain)
        words = SpanReader(small, silent_below=card.silent_below, stopping=stopping)
        fast = FallbackReader(words, sentences)
        if name == FAST:
            return fast
        large = PackagedNetwork.shipped(LARGE)
        return ThoroughReader(fast, SecondLook(small, large), silent_below=large.card.silent_below)
    from pullquote.answering.reader.hub import HubNetwork  # noqa: PLC0415 - torch takes seconds to import

    everything = EarlyStopping(at_once=8, certain=math.inf)
    network = HubNetwork(name)
    return FallbackReader(
        SpanReader(network, silent_below=0.0, stopping=everything),
        sentences,
        languages=network.languages,
    )
