"""The logits of a passage -> whole, balanced, tidy words without overlaps."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.answering.reader import ReaderInput, Window
from pullquote.answering.reader.packaged import PackagedNetwork, load_tokenizer
from pullquote.answering.reader.spans import LONGEST_ANSWER, ScoredSpan, tidy, valid_spans
from shipped import SHIPPED
from strategies import hostile_texts

TOKENIZER = load_tokenizer(SHIPPED)
LOW = -20.0


def offsets(text: str) -> np.ndarray:
    """The characters of each token as the packaged network cuts the text."""
    encoding = TOKENIZER.encode(text, add_special_tokens=False)
    return np.array(encoding.offsets, dtype=np.int64).reshape(-1, 2)


def window(
    text: str,
    starts: dict[str, float],
    ends: dict[str, float],
    *,
    none: float = 0.0,
    tokens: slice = slice(None),
) -> Window:
    """Planted logits: starts at the first characters of words, ends after their last."""
    places = offsets(text)[tokens]
    at = {text.index(words): logit for words, logit in starts.items()}
    until = {text.index(words) + len(words): logit for words, logit in ends.items()}
    return Window(
        np.array([at.get(start, LOW) for start in places[:, 0]], dtype=np.float32),
        np.array([until.get(end, LOW) for end in places[:, 1]], dtype=np.float32),
        places,
        none,
    )


def words_of(text: str, windows: Sequence[Window], keep: int = 3) -> list[str]:
    return [text[found.start : found.end] for found in valid_spans(text, windows, keep=keep)]


def tidied(text: str, words: str) -> str | None:
    start = text.index(words)
    place = tidy(text, start, start + len(words))
    return None if place is None else text[slice(*place)]


class TestTidy:
    @pytest.mark.parametrize(
        ("words", "left"),
        [
            ("the deputy chief.", "the deputy chief"),
            (" , 12 April; ", "12 April"),
            ("– late on Friday –", "late on Friday"),
            ("…so they say…", "so they say"),
            ("Who won?!", "Who won"),
            ("\u2003the quay\u2028", "the quay"),
            ("built in", "built"),
            ("agreed that the", "agreed"),
            ("a chief of the", "a chief"),
            ("the players’", "the players"),
        ],
    )
    def test_marks_and_dangling_words_at_the_edges_go(self, words, left):
        """Punctuation and words of the sentence around the answer are trimmed."""
        assert tidied(words, words) == left

    @pytest.mark.parametrize("words", ["Group A", "vitamin A", "Gary, IN", "Portland, OR"])
    def test_capitals_at_the_end_are_a_name_and_no_dangling_word(self, words):
        """A final A, IN or OR is part of a name, unless all is in capitals."""
        assert tidied(words, words) == words
        assert tidied("THE COST OF A", "THE COST OF A") == "THE COST"

    @pytest.mark.parametrize(
        "words", ["the U.S.", "J. K.", "5 p.m.", "Acme Inc.", "Hay Bros.", "plaice, cod, etc."]
    )
    def test_full_stop_that_belongs_to_the_word_stays(self, words):
        """An abbreviation keeps its full stop, also before the question mark of a sentence."""
        assert tidied(words, words) == words
        assert tidied(f"{words}?", f"{words}?") == words

    @pytest.mark.parametrize("words", ["-5°C", "−3", ".5 per cent", "-$4m", "+44"])
    def test_sign_of_a_number_stays(self, words):
        """A number keeps its sign and point."""
        assert tidied(f"It was {words} then", words) == words
        assert tidied(words, words) == words

    def test_dash_after_a_word_is_no_sign(self):
        """A dash between two numbers is no sign."""
        assert tidied("They won 3-2", "-2") == "2"
        assert tidied("from 1990–95", "–95") == "95"

    @pytest.mark.parametrize(
        ("words", "left"),
        [
            ('"We won"', "We won"),
            ("“We won,”", "We won"),
            ("(the quay)", "the quay"),
            ('("the quay")', "the quay"),
            ("‘the quay’", "the quay"),
            ('"yes" and "no"', '"yes" and "no"'),
            ("(b) the quay (c)", "(b) the quay (c)"),
            ("Rail (the union)", "Rail (the union)"),
        ],
    )
    def test_pair_around_all_of_it_goes_and_others_stay(self, words, left):
        """Quotes and brackets around the whole answer are trimmed; inner ones stay."""
        assert tidied(words, words) == left

    @pytest.mark.parametrize(
        ("text", "words", "left"),
        [
            ("“We won,” she said", "“We won", "We won"),
            ('"We won," she said', '"We won', "We won"),
            ("said (the quay)", "quay)", "quay"),
            ("said (the quay)", "said (", "said"),
            ("the [old] quay", "old] quay", None),
            ('"I won," said Ida, "twice"', 'won," said', None),
            ('"I won" and "I lost"', 'won" and "I', None),
            ("(one) or (two)", "one) or (two", None),
            ("“one” and “two”", "one” and “two", None),
            ("(the [old) quay]", "(the [old) quay]", None),
        ],
    )
    def test_mark_without_its_partner_goes_or_makes_it_no_answer(self, text, words, left):
        """An unpaired mark is trimmed at an edge; inside, the span is no answer."""
        assert tidied(text, words) == left

    @pytest.mark.parametrize("words", ["", " ", "...", "“”", "()", "–", "&", "'", "$"])
    def test_nothing_but_marks_is_no_answer(self, words):
        """An answer has a letter or a digit."""
        assert tidied(words, words) is None

    @given(text=hostile_texts(), data=st.data())
    def test_tidying_narrows_and_twice_changes_nothing(self, text, data):
        """A trimmed range is inside the original, and trimming it again changes nothing."""
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, len(text)))
        place = tidy(text, start, end)
        if place is not None:
            assert start <= place[0] < place[1] <= end
            assert tidy(text, *place) == place


WHOLE = [
    ("It cost $42m.", "42m", "$42m"),
    ("It cost US$42m.", "$42m", "US$42m"),
    ("It rose 6.3% in May.", "6", "6.3%"),
    ("It was -5°C.", "5", "-5°C"),
    ("At 10:30 they left.", "30", "10:30"),
    ("Ids of 1,200 people.", "200", "1,200"),
    ("They don't know.", "don", "don't"),
    ("The hope-monger left.", "monger", "hope-monger"),
    ("He had Covid-19.", "19", "Covid-19"),
    ("Before 9/11 all was calm.", "9", "9/11"),
    ("In the U.S. now.", "S", "U.S."),
    ("O'Brien spoke.", "Brien", "O'Brien"),
    ("It cost ₹42 crore.", "42", "₹42"),
    ("The Al\u2011Qaeda men.", "Qaeda", "Al\u2011Qaeda"),
    ("An AT&T van.", "T", "AT&T"),
]


class TestWholeWords:
    @pytest.mark.parametrize(("text", "part", "whole"), WHOLE)
    def test_part_of_a_word_is_no_answer(self, text, part, whole):
        """No span starts or ends within a word."""
        start, end = text.index(part), text.index(part) + len(part)
        before, after = text.index(whole), text.index(whole) + len(whole)
        places = offsets(text)
        likely = Window(
            np.where(places[:, 0] == start, 9, np.where(places[:, 0] == before, 5, LOW)).astype(
                "f"
            ),
            np.where(places[:, 1] == end, 9, np.where(places[:, 1] == after, 5, LOW)).astype("f"),
            places,
            0.0,
        )
        best = valid_spans(text, [likely], keep=1)[0]
        found = (best.start, best.end)
        edges = {start, end} - {before, after}
        assert not edges & set(found)
        assert text[slice(*found)] == whole

    def test_word_keeps_the_accent_after_its_last_letter(self):
        """A word keeps a combining accent, even if the tokenizer drops it."""
        text = "Jose\u0301 and Rene\u0301e left."
        planted = window(text, {"Jose": 5, "Rene": 3}, {"Jose": 5, "Rene\u0301e": 3})
        assert words_of(text, [planted], keep=2) == ["Jose\u0301", "Rene\u0301e"]

    @pytest.mark.parametrize("mark", ["'", "’"])
    def test_name_may_end_before_its_possessive_and_nothing_starts_with_it(self, mark):
        """Both "Charlotte's" and "Charlotte" may answer; "s dog" may not."""
        text = f"Charlotte{mark}s dog ran."
        name = window(text, {"Charlotte": 5}, {"Charlotte": 5, f"Charlotte{mark}s": 4})
        assert words_of(text, [name], keep=1) == ["Charlotte"]
        owner = window(text, {"Charlotte": 5}, {"Charlotte": 3, f"Charlotte{mark}s": 5})
        assert words_of(text, [owner], keep=1) == [f"Charlotte{mark}s"]
        dog = window(text, {mark: 9, "s dog": 9, "dog": 5}, {"dog": 5})
        assert words_of(text, [dog], keep=1) == ["dog"]

    def test_age_may_end_after_its_number(self):
        """Both "13" and "a 13-year-old" may answer."""
        text = "A 13-year-old won."
        age = window(text, {"13": 5}, {"13": 5, "13-year-old": 4})
        assert words_of(text, [age], keep=1) == ["13"]
        who = window(text, {"A": 5}, {"13": 3, "13-year-old": 5})
        assert words_of(text, [who], keep=1) == ["A 13-year-old"]


class TestValidSpans:
    def test_log_odds_by_hand(self):
        """Log-odds are start plus end minus the window's `none`."""
        text = "Ida Roe built the quay."
        planted = window(text, {"Ida": 3, "the": 1}, {"Roe": 2, "quay": 1.5}, none=4)
        assert valid_spans(text, [planted], keep=2) == [
            ScoredSpan(0, 7, 1.0),
            ScoredSpan(14, 22, -1.5),
        ]

    def test_best_first_and_none_overlaps(self):
        """A span that overlaps a better one is dropped for the next best."""
        text = "Ida Roe built the quay."
        planted = window(
            text, {"Ida": 9, "Roe": 8, "quay": 1, "built": 3}, {"Roe": 9, "quay": 2, "built": 3}
        )
        assert words_of(text, [planted]) == ["Ida Roe", "built", "quay"]
        assert words_of(text, [planted], keep=1) == ["Ida Roe"]

    def test_of_equal_ones_the_earlier_comes_first_then_the_shorter(self):
        """Ties are broken by position."""
        text = "red gull blue gull"
        even = window(text, {"red": 1, "blue": 1}, {"red": 1, "red gull": 1, "blue": 1})
        assert words_of(text, [even], keep=9)[:2] == ["red", "blue"]

    def test_longest_answer(self):
        """`LONGEST_ANSWER` tokens may answer; one more may not."""
        text = " ".join(["red"] * (LONGEST_ANSWER + 1))
        places = offsets(text)
        starts = np.full(len(places), LOW, dtype=np.float32)
        ends = starts.copy()
        starts[0] = starts[1] = ends[-1] = 5
        [best] = valid_spans(text, [Window(starts, ends, places, 0.0)], keep=1)
        assert (best.start, best.end) == (4, len(text))
        assert len(places) == LONGEST_ANSWER + 1

    def test_end_before_its_start_is_no_answer(self):
        """A start after its end is no span."""
        text = "Ida built it"
        planted = window(text, {"it": 9, "Ida": 5}, {"Ida": 9, "it": 5})
        assert words_of(text, [planted], keep=2) == ["Ida", "it"]

    def test_span_of_two_windows_has_the_better_log_odds_once(self):
        """A span in two overlapping windows counts once, with its better log-odds."""
        text = "one two three four five"
        left = window(text, {"three": 2}, {"three": 2}, none=3, tokens=slice(0, 3))
        right = window(text, {"three": 2}, {"three": 2}, none=1, tokens=slice(2, 5))
        expected = ScoredSpan(8, 13, 3.0)
        assert valid_spans(text, [left, right], keep=1) == [expected]
        assert valid_spans(text, [right, left], keep=1) == [expected]

    def test_nothing_to_read_gives_nothing(self):
        """Without windows or tokens there are no spans."""
        empty = np.zeros(0, dtype=np.float32)
        assert valid_spans("\u200b", [], keep=3) == []
        bare = Window(empty, empty, np.zeros((0, 2), dtype=np.int64), 0.0)
        assert valid_spans("\u200b", [bare], keep=3) == []

    def test_letters_that_change_length_in_lower_case_keep_their_place(self):
        """Offsets count characters of the text, not of the copy that the tokenizer reads."""
        text = "\u0130\u0130\u0130 \ufb01ne e\u0301\u0323cole \u1e9e \U0001f6a2 Ida Roe."
        planted = window(text, {"Ida": 5}, {"Roe": 5})
        assert words_of(text, [planted], keep=1) == ["Ida Roe"]


@given(text=hostile_texts(), seed=st.integers(0, 2**32 - 1), parts=st.integers(1, 3))
def test_whatever_the_text_and_the_logits_spans_are_valid(text, seed, parts):
    """Spans are in the text, tidy, balanced, without overlaps, and best first."""
    places, chance = offsets(text), np.random.default_rng(seed)
    windows = [
        Window(
            chance.normal(0, 4, len(part)).astype(np.float32),
            chance.normal(0, 4, len(part)).astype(np.float32),
            part,
            float(chance.normal()),
        )
        for part in np.array_split(places, parts)
    ]
    spans = valid_spans(text, windows, keep=4)
    assert spans == valid_spans(text, windows, keep=4)
    assert [s.span_logit for s in spans] == sorted((s.span_logit for s in spans), reverse=True)
    for number, span in enumerate(spans):
        words = text[span.start : span.end]
        assert 0 <= span.start < span.end <= len(text)
        assert words == words.strip()
        assert words.count('"') % 2 == 0
        for opening, closing in ("()", "[]", "{}", "“”", "«»"):
            assert words.count(opening) == words.count(closing)
        assert all(s.end <= span.start or span.end <= s.start for s in spans[:number])


@pytest.mark.parametrize("question", ["Who built the quay?", "¿Quién?", "?"])
def test_real_logits_give_tidy_words(question, network: PackagedNetwork):
    """The packaged network's spans are tidy, and each is in its passage."""
    text = "“We built it in 1911,” said Ida Roe (62), whose $4.2m quay opened at 5 p.m. on Friday."
    [windows] = network.windows(question, [ReaderInput("", text)])
    spans = valid_spans(text, windows, keep=3)
    assert [tidy(text, s.start, s.end) for s in spans] == [(s.start, s.end) for s in spans]
    assert spans
