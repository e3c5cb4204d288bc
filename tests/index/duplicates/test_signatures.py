"""Signatures are the same everywhere, cover only copied text, and estimate similarity."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from pullquote.index.duplicates.signatures import FEWEST, NO_FACT, SIGNATURE, signature_of
from pullquote.integrations.testing.sample_corpus import STORY
from pullquote.schema import Role
from strategies import Piece, article, body


def stored_facts(words: str) -> int:
    """The number of names and figures of a text that are stored."""
    return int((signature_of(body(words))["facts"] != NO_FACT).sum())


def test_a_signature_is_the_same_on_every_machine() -> None:
    """The first numbers are fixed, since indexes compare stored signatures with later ones."""
    found = signature_of(body(STORY))
    assert found.dtype == SIGNATURE
    assert found["triples"].tolist() == [49]
    assert found["minhashes"][0, :4].tolist() == [62477, 10932, 40706, 28318]
    assert found["facts"][0, :4].tolist() == [2509, 10006, 12494, 21757]


def test_a_signature_does_not_depend_on_the_hash_seed() -> None:
    """A process with another hash seed computes the same signature."""
    program = (
        "from strategies import body;"
        "from pullquote.index.duplicates.signatures import signature_of;"
        f"print(signature_of(body({STORY!r})).tobytes().hex())"
    )
    made = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert made == {signature_of(body(STORY)).tobytes().hex()}


def test_only_text_that_papers_reprint_counts() -> None:
    """Headline, byline, captions, comments and menus do not change the signature."""
    others = [role for role in Role if role not in (Role.BODY, Role.QUOTATION)]
    around = article(*(Piece(role, f"Something else by {role}.") for role in others))
    other = article(
        *(Piece(role, f"Something else by {role}.") for role in others), Piece(Role.BODY, STORY)
    )
    assert signature_of(other).tobytes() == signature_of(body(STORY)).tobytes()
    assert signature_of(around)["triples"].tolist() == [0]


def test_case_punctuation_and_white_space_do_not_count() -> None:
    """The signature ignores case, punctuation marks and white space."""
    other = STORY.replace(",", " –").replace(" ", "\n", 5)
    assert (signature_of(body(other))["minhashes"] == signature_of(body(STORY))["minhashes"]).all()


def test_equal_numbers_estimate_the_shared_trigrams() -> None:
    """Half of a text shares half of its trigrams, within three standard deviations (0.13)."""
    words = [f"w{n}" for n in range(402)]
    whole, half = (signature_of(body(" ".join(words[:n]))) for n in (402, 202))
    assert np.mean(whole["minhashes"] == half["minhashes"]) == pytest.approx(0.5, abs=0.13)


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("one two three " * 30, 3),
        (" ".join(f"w{n}" for n in range(FEWEST + 1)), 0),
        (" ".join(f"w{n}" for n in range(FEWEST + 2)), FEWEST),
        ("", 0),
        ("潮は低い、岸は静かだ。" * 2 + "港の委員会は古い桟橋を十四日間閉鎖した。", 28),
    ],
)
def test_short_articles_have_no_signature(words: str, count: int) -> None:
    """A text with few trigrams has no signature; in Japanese, a character counts as a word."""
    count = 0 if count < FEWEST else count
    assert signature_of(body(words))["triples"].tolist() == [count]


def test_names_and_figures_are_facts() -> None:
    """Capitalised words and figures are facts, except at the start of a line or sentence."""
    filler = " ".join(f"and so on {chr(n)}" for n in range(97, 123))
    text = f"The board met. It said that Anna Thornby, 43, paid 1,200.50 {filler}"
    assert stored_facts(text) == 4
    assert stored_facts(f"сегодня в городе Москва и в городе Казань {filler}") == 2
