"""What a mark cuts out of the sentences of the sample corpus decides the verdict."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

import pytest

from pullquote.english.sentences import sentence_spans
from pullquote.index import OpenGeneration
from pullquote.index.services import index_of
from pullquote.newsroom.checking.checker import QuoteChecker
from pullquote.newsroom.checking.sense import alters, sense_places
from pullquote.schema import Role
from pullquote.schema.quote_check import QuoteVerdict
from pullquote.schema.settings import Settings

TRIED = 40
PLAIN = re.compile(r"[A-Z][^“”\"‘…\[\]()\n]+\.")


@pytest.fixture(scope="module")
def generation(sample_index: Path) -> Iterator[OpenGeneration]:
    """The index of the sample corpus."""
    with closing(index_of(Settings(index=sample_index))) as index, closing(index.open()) as opened:
        yield opened


def sentences(generation: OpenGeneration) -> Iterator[list[str]]:
    """The words of the plain sentences of the articles, each once."""
    known = set[str]()
    for article in map(generation.article, generation.articles()):
        for block in (one for one in article.blocks if one.role is Role.BODY):
            text = article.text[block.start : block.end]
            for start, end in sentence_spans(text, article.language):
                sentence = text[start:end]
                if PLAIN.fullmatch(sentence) and sentence not in known:
                    known.add(sentence)
                    yield sentence.split()


def cuts(generation: OpenGeneration, *, altering: bool) -> Iterator[tuple[list[str], int]]:
    """Sentences with the place of a word that may be cut out: four words stand on both sides."""
    for words in sentences(generation):
        bare = [word.strip(",.") for word in words]
        places = [
            at
            for at in range(4, len(words) - 5)
            if (alters(bare[at]) if altering else not sense_places(bare[at : at + 2]))
            and bare[at] != "May"
        ]
        for place in places if altering else places[:1]:
            yield words, place


def quotes(words: list[str], at: int) -> list[str]:
    """The sentence without the word at a place, with each mark that can stand for it."""
    before, after = " ".join(words[:at]), " ".join(words[at + 1 :])
    later = " ".join(words[at + 2 :])
    return [
        f"{before} … {after}",
        f"{before} [...] {later}",
        f"{before} [they] {after}",
        f"{before} [the harbour] {later}",
    ]


def test_a_negation_or_hedge_that_is_cut_out_alters_the_words(generation: OpenGeneration) -> None:
    """However it is cut out; the word is shown as a difference and in what was left out."""
    tried = list(islice(cuts(generation, altering=True), TRIED))
    checker = QuoteChecker(generation)
    assert len(tried) >= TRIED // 2
    for words, at in tried:
        for quote in quotes(words, at):
            found = checker.check(quote)
            assert found.verdict is QuoteVerdict.ALTERED, quote
            assert words[at].strip(",.") in [one.stored for one in found.changes], quote
            assert any(words[at].strip(",.") in one.text for one in found.omitted), quote


def test_other_words_may_be_cut_out(generation: OpenGeneration) -> None:
    """A mark for words that are no negation and no hedge leaves the quotation exact."""
    tried = list(islice(cuts(generation, altering=False), TRIED))
    checker = QuoteChecker(generation)
    assert len(tried) >= TRIED // 2
    for words, at in tried:
        for quote in quotes(words, at):
            found = checker.check(quote)
            assert (found.verdict, found.changes) == (QuoteVerdict.EXACT, ()), quote
