"""The packaged network: its files are verified, and passages do not influence each other."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from pullquote.answering.reader import ReaderInput, Window
from pullquote.answering.reader.packaged import (
    CARD,
    GRAPH,
    LONGEST,
    SHARED,
    TOKENIZER,
    PackagedNetwork,
)
from pullquote.schema.errors import ModelError
from shipped import SHIPPED

QUESTION = "Who built the quay?"
HARBOUR = ReaderInput("The harbour", "The harbour opened in 1911. Ida Roe built the quay.")
GULLS = ReaderInput("", "Gulls nest under the roof of the market hall, " * 12)
LONG = ReaderInput("Town", "The council met on Monday and Ida Roe spoke of the quay. " * 30)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the shipped folder to break."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "reader"))


def same(one: list[Window], other: list[Window]) -> bool:
    """Whether two readings of a passage are equal to the last bit."""
    return len(one) == len(other) and all(
        np.array_equal(a.starts, b.starts)
        and np.array_equal(a.ends, b.ends)
        and np.array_equal(a.offsets, b.offsets)
        and a.none == b.none
        for a, b in zip(one, other, strict=True)
    )


@pytest.mark.parametrize("name", [GRAPH, TOKENIZER])
def test_one_flipped_bit_is_refused(copy, name):
    """A file with another digest is named before it is loaded."""
    content = bytearray((copy / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copy / name).write_bytes(content)
    with pytest.raises(ModelError, match=f"{name} has SHA-256 [0-9a-f]{{64}}, expected"):
        PackagedNetwork(copy)


@pytest.mark.parametrize("name", [GRAPH, TOKENIZER, CARD])
def test_missing_file_is_refused(copy, name):
    """A missing file is named."""
    (copy / name).unlink()
    with pytest.raises(ModelError, match=name):
        PackagedNetwork(copy)


@pytest.mark.parametrize("facts", [{"digests": {}}, {"at_once": 0}, {"certain": "never"}])
def test_card_that_vouches_for_nothing_is_refused(copy, facts):
    """A card without digests or with invalid settings is refused."""
    card = json.loads((copy / CARD).read_text(encoding="utf-8"))
    (copy / CARD).write_text(json.dumps(card | facts), encoding="utf-8")
    with pytest.raises(ModelError):
        PackagedNetwork(copy)


def test_identity_is_name_and_digest(network):
    """The identity contains name and digest."""
    card = json.loads((SHIPPED / CARD).read_text(encoding="utf-8"))
    assert network.identity == f"{card['name']}@{card['digests'][GRAPH][:32]}"


def test_a_passage_has_the_same_logits_in_any_company(network):
    """Logits are equal to the last bit, alone or among other passages."""
    [alone] = network.windows(QUESTION, [HARBOUR])
    first, *_ = network.windows(QUESTION, [HARBOUR, GULLS, LONG])
    *_, last = network.windows(QUESTION, [LONG, GULLS, HARBOUR])
    assert same(alone, first)
    assert same(alone, last)


def test_the_number_of_threads_changes_nothing(network):
    """Logits are equal to the last bit on one thread and on four."""
    inputs = [HARBOUR, GULLS, LONG]
    expected = network.windows(QUESTION, inputs)
    for threads in (1, 4):
        found = PackagedNetwork(SHIPPED, threads=threads).windows(QUESTION, inputs)
        assert all(map(same, found, expected))


def test_threads_that_ask_at_once_get_their_own_answers(network):
    """Concurrent threads get their own results."""
    questions = [QUESTION, "When did it open?", "Where do gulls nest?"] * 3
    expected = {q: network.windows(q, [HARBOUR, GULLS]) for q in set(questions)}
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda q: network.windows(q, [HARBOUR, GULLS]), questions))
    for question, windows in zip(questions, found, strict=True):
        assert all(map(same, windows, expected[question]))


def test_passage_longer_than_the_network_reads_has_windows_that_overlap(network):
    """Every token of a long passage has logits; shared tokens have them in both windows."""
    [windows] = network.windows(QUESTION, [LONG])
    assert len(windows) > 1
    assert all(len(w.starts) == len(w.ends) == len(w.offsets) < LONGEST for w in windows)
    for left, right in pairwise(windows):
        assert left.offsets[-SHARED:].tolist() == right.offsets[:SHARED].tolist()
    assert windows[-1].offsets[-1, 1] == len(LONG.text.rstrip())


@pytest.mark.parametrize("text", ["", " \n"])
def test_empty_passage_has_no_window(network, text):
    """A passage without tokens does not influence the others."""
    [empty, read] = network.windows(QUESTION, [ReaderInput("Title", text), HARBOUR])
    assert empty == []
    assert same(read, network.windows(QUESTION, [HARBOUR])[0])


def test_nothing_to_read_gives_nothing(network):
    """Without passages there are no windows."""
    assert network.windows(QUESTION, []) == []


@pytest.mark.parametrize(
    "question", ["ใครสร้างท่าเรือ", "谁建了码头?", "\u05de\u05d9 \u05d1\u05e0\u05d4?", "🚢", ""]
)
def test_question_in_another_script_is_read_like_any(network, question):
    """Words that the vocabulary lacks are unknown, not an error; the logits are finite."""
    [[window]] = network.windows(question, [HARBOUR])
    assert window.starts.dtype == window.ends.dtype == np.float32
    assert window.offsets.dtype == np.int64
    assert np.isfinite([*window.starts, *window.ends, window.none]).all()


def test_failure_of_onnxruntime_is_a_model_error(monkeypatch):
    """The error names the model and the reason, and hides the library's type."""

    class Broken:
        def run(self, names: list[str], given: dict[str, np.ndarray]) -> list[np.ndarray]:
            raise RuntimeError("bad allocation")

    broken = PackagedNetwork(SHIPPED, threads=1)
    monkeypatch.setattr(broken, "_session", Broken())
    with pytest.raises(ModelError, match="bad allocation"):
        broken.windows(QUESTION, [HARBOUR])


def test_logits_are_those_of_the_passage(network):
    """The best start and end are those of the answer to a plain question."""
    [[window]] = network.windows("When did the harbour open?", [HARBOUR])
    start = int(window.offsets[window.starts.argmax(), 0])
    assert HARBOUR.text[start:].startswith(("in 1911", "1911"))
    assert window.offsets[window.ends.argmax(), 1] == HARBOUR.text.index("1911") + 4
