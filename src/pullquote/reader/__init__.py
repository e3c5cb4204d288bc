"""Readers: find the words in a question's hits that answer it, with their log-odds."""

from pullquote.reader.choice import open_reader
from pullquote.reader.fallback import FallbackReader, with_memory
from pullquote.reader.memory import ReadingMemory
from pullquote.reader.network import Network, ReaderInput, Window
from pullquote.reader.protocol import Reader
from pullquote.reader.sentence_reader import SentenceFeatures, SentenceModel, SentenceReader
from pullquote.reader.span_reader import SpanReader

__all__ = [
    "FallbackReader",
    "Network",
    "Reader",
    "ReaderInput",
    "ReadingMemory",
    "SentenceFeatures",
    "SentenceModel",
    "SentenceReader",
    "SpanReader",
    "Window",
    "open_reader",
    "with_memory",
]
