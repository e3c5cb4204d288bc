"""Readers: find the words in a question's hits that answer it, with their log-odds."""

from pullquote.answering.reader.choice import open_reader
from pullquote.answering.reader.languages import FallbackReader
from pullquote.answering.reader.memory import ReadingMemory
from pullquote.answering.reader.protocol import (
    Network,
    Reader,
    ReaderInput,
    ReadsAgain,
    Window,
    with_memory,
)
from pullquote.answering.reader.sentence_reader import (
    SentenceFeatures,
    SentenceModel,
    SentenceReader,
)
from pullquote.answering.reader.span_reader import SpanReader

__all__ = [
    "FallbackReader",
    "Network",
    "Reader",
    "ReaderInput",
    "ReadingMemory",
    "ReadsAgain",
    "SentenceFeatures",
    "SentenceModel",
    "SentenceReader",
    "SpanReader",
    "Window",
    "open_reader",
    "with_memory",
]
