"""The fallback reader, tested with planted readers."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pullquote.answering.reader import FallbackReader
from pullquote.answering.reader.languages import ENGLISH as ENGLISH_ONLY
from pullquote.answering.reader.languages import ReaderLanguages
from pullquote.schema import Hit, Question, Span
from strategies import body, hit

WHY = Question("why?", {})
ENGLISH = (
    "The council said that the slipway was found in the spring, and that it is not to be moved "
    "by the crew before the autumn."
)
SPANISH = (
    "El ayuntamiento dijo que la rampa fue hallada en primavera y que la cuadrilla no debe moverla "
    "antes del otoño porque todavía nadie paga las obras."
)


class PlantedReader:
    """Finds the first word of each passage with the planted log-odds. `read_ids` lists articles."""

    silent_below = 1.0

    def __init__(self, name: str, logit: float | None, *, whole: bool = False) -> None:
        self.identity = name
        self._logit, self._whole = logit, whole
        self.read_ids: list[str] = []

    def read(self, question: Question, hits: Sequence[Hit]) -> list[Span]:
        """Read with one span in each passage, or none."""
        self.read_ids += [hit.passage.article for hit in hits]
        if self._logit is None:
            return []
        return [Span(hit, 0, 3, self._logit, whole_sentence=self._whole) for hit in hits]


def readers(
    logit: float | None, languages: ReaderLanguages = ENGLISH_ONLY
) -> tuple[PlantedReader, PlantedReader, FallbackReader]:
    words = PlantedReader("words", logit)
    sentences = PlantedReader("sentences", -2.0, whole=True)
    return words, sentences, FallbackReader(words, sentences, languages=languages)


def hits() -> list[Hit]:
    return [
        hit(body(ENGLISH, id="en.md")),
        hit(body(SPANISH, id="es.md", language="es")),
        hit(body(ENGLISH, id="gb.md", language="en-GB")),
    ]


def test_other_languages_are_read_for_sentences_only():
    """If exact words are likely, English passages are not read for sentences."""
    words, sentences, both = readers(1.0)
    spans = both.read(WHY, hits())
    assert words.read_ids == ["en.md", "gb.md"]
    assert sentences.read_ids == ["es.md"]
    assert [(s.hit.passage.article, s.whole_sentence) for s in spans] == [
        ("en.md", False),
        ("gb.md", False),
        ("es.md", True),
    ]


@pytest.mark.parametrize(
    ("codes", "read"),
    [
        ({"en", "es"}, ["en.md", "es.md", "gb.md"]),
        ({"es", "de"}, ["es.md"]),
        (None, ["en.md", "es.md", "gb.md"]),
    ],
)
def test_network_reads_every_language_that_it_was_trained_on(codes, read):
    """The sentence reader reads the passages in the other languages."""
    languages = ReaderLanguages(None if codes is None else frozenset(codes))
    words, sentences, both = readers(1.0, languages)
    both.read(WHY, hits())
    assert words.read_ids == read
    assert sentences.read_ids == [one for one in ("en.md", "es.md", "gb.md") if one not in read]


@pytest.mark.parametrize(("codes", "read"), [({"en", "es"}, False), (None, True)])
def test_passage_of_unknown_language_is_read_only_by_a_reader_of_any_language(codes, read):
    """Spanish that is marked as English may be in any language."""
    languages = ReaderLanguages(None if codes is None else frozenset(codes))
    words, _, both = readers(5.0, languages)
    both.read(WHY, [hit(body(SPANISH, id="es.md"))])
    assert words.read_ids == (["es.md"] if read else [])


@pytest.mark.parametrize("logit", [0.9, None])
def test_sentences_of_every_passage_follow_where_no_words_are_likely(logit):
    """The unlikely words come first; the ranking weighs both."""
    words, sentences, both = readers(logit)
    spans = both.read(WHY, hits())
    assert sentences.read_ids == ["en.md", "es.md", "gb.md"]
    assert [s.whole_sentence for s in spans] == [False] * (2 if logit else 0) + [True] * 3
    assert words.read_ids == ["en.md", "gb.md"]


def test_passage_that_looks_otherwise_is_not_taken_for_english():
    """An article without a marked language counts as English."""
    words, sentences, both = readers(5.0)
    both.read(WHY, [hit(body(SPANISH, id="es.md"))])
    assert (words.read_ids, sentences.read_ids) == ([], ["es.md"])


@pytest.mark.parametrize("text", ["Ida Roe", "Kilwinning 2 Arbroath 1", ENGLISH])
def test_few_words_are_no_sign_of_another_language(text):
    """A caption or a line of results without function words may be English."""
    words, sentences, both = readers(5.0)
    both.read(WHY, [hit(body(text))])
    assert (words.read_ids, sentences.read_ids) == (["a.md"], [])


@pytest.mark.parametrize("text", ["码头由工程师建造。" * 9, "Причал построила Ида Роу.", "ท่าเรือ"])
def test_other_letters_are_another_language(text):
    """Chinese, Russian and Thai are not taken for English, even in short texts."""
    words, sentences, both = readers(5.0)
    both.read(WHY, [hit(body(text))])
    assert (words.read_ids, sentences.read_ids) == ([], ["a.md"])


@pytest.mark.parametrize("language", ["en", "EN", "en-AU", "en_US", "eng", "English"])
def test_english_by_any_name(language):
    """English is recognised by any of its names."""
    words, _, both = readers(5.0)
    both.read(WHY, [hit(body(ENGLISH, language=language))])
    assert words.read_ids == ["a.md"]


def test_both_may_be_silent():
    """If both readers find nothing, or have nothing to read, there are no spans."""
    silent = FallbackReader(PlantedReader("words", None), PlantedReader("sentences", None))
    assert silent.read(WHY, hits()) == []
    words, sentences, both = readers(5.0)
    assert both.read(WHY, []) == []
    assert words.read_ids == sentences.read_ids == []


def test_identity_names_both_and_silence_is_the_words():
    """The identity names both readers; the threshold is that of the word reader."""
    *_, both = readers(5.0)
    assert (both.identity, both.silent_below) == ("words, else sentences", 1.0)


def test_identity_names_other_languages_than_english():
    """A calibration that was fitted to other languages is not used."""
    german = ReaderLanguages(frozenset({"en", "de"}))
    assert readers(5.0, german)[2].identity == "words for de, en, else sentences"
    every = ReaderLanguages(None)
    assert readers(5.0, every)[2].identity == "words for any language, else sentences"
