"""The cache of vectors: equal text is encoded once, and damage costs only time."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import DIMENSION, FakeEncoder, scratch
from pullquote.base.cancellation import Cancellation, Cancelled
from pullquote.index.embedding_cache import open_embedding_cache
from pullquote.index.encoder import Vectors
from pullquote.schema.errors import ModelError
from strategies import hostile_texts

TEXTS = [f"The tide at pier {n} is low." for n in range(40)]


def embed(path: Path, encoder: FakeEncoder, texts: list[str]) -> tuple[int, int]:
    """The numbers of encoded and of cached texts; also check their vectors."""
    with open_embedding_cache(path, encoder) as embeddings:
        vectors = embeddings.vectors(texts)
    expected = FakeEncoder(encoder.identity.name).encode(texts)
    assert np.array_equal(vectors.reshape(expected.shape), expected)
    return embeddings.embedded, embeddings.reused


def test_equal_text_is_never_embedded_twice(tmp_path: Path, encoder: FakeEncoder) -> None:
    """Equal text is embedded once, within one call and across runs."""
    path = tmp_path / "embeddings.db"
    assert embed(path, encoder, ["tide", "pier", "tide"]) == (2, 1)
    assert embed(path, encoder, ["pier", "boat"]) == (1, 1)
    assert encoder.encoded == ["tide", "pier", "boat"]


def test_a_cancelled_call_loses_only_its_last_texts(tmp_path: Path) -> None:
    """What was embedded before is cached, so that the next rebuild goes on from there."""
    cancellation = Cancellation()

    class Impatient(FakeEncoder):
        def encode(self, texts: Sequence[str]) -> Vectors:
            cancellation.cancel()
            return super().encode(texts)

    path, encoder = tmp_path / "embeddings.db", Impatient()
    texts = [f"The tide at pier {n} is low." for n in range(1000)]
    with (
        open_embedding_cache(path, encoder) as embeddings,
        pytest.raises(Cancelled),
        cancellation.applied(),
    ):
        embeddings.vectors(texts)
    done = len(encoder.encoded)
    assert 0 < done < 1000
    assert embed(path, FakeEncoder(), texts) == (1000 - done, done)


def test_another_model_shares_no_vectors(tmp_path: Path) -> None:
    """The key of a vector contains the identity of its model."""
    path = tmp_path / "embeddings.db"
    embed(path, FakeEncoder("old"), ["tide"])
    assert embed(path, FakeEncoder("new"), ["tide"]) == (1, 0)
    assert embed(path, FakeEncoder("old"), ["tide"]) == (0, 1)


def test_no_texts_have_no_vectors(tmp_path: Path, encoder: FakeEncoder) -> None:
    """An article without passages needs no vector."""
    with open_embedding_cache(tmp_path / "embeddings.db", encoder) as embeddings:
        assert embeddings.vectors([]).shape == (0, 0)
        assert embeddings.encoder.dimension == DIMENSION
    assert (embeddings.embedded, embeddings.reused) == (0, 0)


@pytest.mark.parametrize("wrong", [np.nan, np.inf, 0.0, 1.1])
def test_faulty_vectors_are_not_cached(tmp_path: Path, wrong: float) -> None:
    """A vector that is not finite or not of unit length is refused and computed again."""

    class FaultyEncoder(FakeEncoder):
        def encode(self, texts: list[str]) -> np.ndarray:
            rows = super().encode(texts)
            rows[-1] *= wrong
            return rows

    path = tmp_path / "embeddings.db"
    with (
        np.errstate(invalid="ignore"),
        open_embedding_cache(path, FaultyEncoder()) as embeddings,
        pytest.raises(ModelError, match="instead of 1"),
    ):
        embeddings.vectors(["tide", "pier"])
    assert embed(path, FakeEncoder(), ["tide", "pier"]) == (2, 0)


@given(st.lists(hostile_texts(max_parts=3), max_size=8))
def test_any_text_has_a_vector(texts: list[str]) -> None:
    """Each text gets its own row, in order, the first time and the second."""
    with scratch() as folder:
        path = Path(folder) / "embeddings.db"
        distinct = len(set(texts))
        assert embed(path, FakeEncoder(), texts) == (distinct, len(texts) - distinct)
        assert embed(path, FakeEncoder(), texts) == (0, len(texts))


def test_a_vector_that_changed_on_disk_is_computed_again(
    tmp_path: Path, encoder: FakeEncoder
) -> None:
    """Each row has its own checksum; sound rows are still used."""
    path = tmp_path / "embeddings.db"
    embed(path, encoder, TEXTS)
    with sqlite3.connect(path) as connection:
        [(vector,)] = connection.execute("SELECT vector FROM vectors LIMIT 1").fetchall()
        connection.execute(
            "UPDATE vectors SET vector = ? WHERE vector = ?", (vector[:-1] + b"\x7f", vector)
        )
    connection.close()
    assert embed(path, encoder, TEXTS) == (1, 39)
    assert embed(path, encoder, TEXTS) == (0, 40)


@pytest.mark.parametrize("content", [b"garbage" * 100, b"SQLite format 3\0" + b"\xff" * 200])
def test_a_file_that_is_not_a_database_is_replaced(
    tmp_path: Path, encoder: FakeEncoder, content: bytes
) -> None:
    """A rebuild replaces a file that is not a database."""
    path = tmp_path / "embeddings.db"
    path.write_bytes(content)
    assert embed(path, encoder, TEXTS) == (40, 0)
    assert embed(path, encoder, TEXTS) == (0, 40)


def test_a_damaged_header_never_stops_a_rebuild(tmp_path: Path) -> None:
    """SQLite reports a damaged header in many ways, and none stops a rebuild."""
    sound = tmp_path / "sound.db"
    embed(sound, FakeEncoder(), TEXTS[:2])
    content = sound.read_bytes()
    for at in range(100):
        for mask in (0x01, 0x7F, 0xFF):
            with scratch() as folder:
                path = Path(folder) / "embeddings.db"
                path.write_bytes(content[:at] + bytes([content[at] ^ mask]) + content[at + 1 :])
                embed(path, FakeEncoder(), TEXTS[:2])


def test_a_key_that_changed_on_disk_returns_no_vector(tmp_path: Path, encoder: FakeEncoder) -> None:
    """SQLite's search may return the row of another key if one key changed; it is not used."""
    path = tmp_path / "embeddings.db"
    embed(path, encoder, TEXTS)
    content = path.read_bytes()
    with sqlite3.connect(path) as connection:
        keys = [key for (key,) in connection.execute("SELECT key FROM vectors")]
    connection.close()
    for key in keys:
        other = bytes([key[0] ^ 8]) + key[1:]
        path.write_bytes(content.replace(key, other))
        embed(path, encoder, TEXTS)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_a_file_without_write_permission_stays(encoder: FakeEncoder) -> None:
    """A cache without write permission is not replaced by an empty one."""
    with scratch() as folder:
        path = Path(folder) / "embeddings.db"
        embed(path, encoder, TEXTS)
        content, user = path.read_bytes(), os.geteuid()
        path.chmod(0o444)
        Path(folder).chmod(0o777)
        if user == 0:
            os.seteuid(65534)  # as nobody, since root may write everything
        try:
            with pytest.raises(PermissionError):
                embed(path, encoder, ["boat"])
        finally:
            os.seteuid(user)
        assert path.read_bytes() == content


def test_a_file_with_a_damaged_schema_is_replaced(tmp_path: Path, encoder: FakeEncoder) -> None:
    """Python cannot decode SQLite's error about a damaged schema; the file is replaced."""
    path = tmp_path / "embeddings.db"
    embed(path, encoder, TEXTS)
    path.write_bytes(path.read_bytes().replace(b"key BLOB", b"key \xcb\xff\xcb("))
    assert embed(path, encoder, TEXTS) == (40, 0)


def test_a_file_with_a_damaged_page_is_replaced(tmp_path: Path, encoder: FakeEncoder) -> None:
    """Damage that SQLite notices only while reading does not fail later rebuilds."""
    path = tmp_path / "embeddings.db"
    embed(path, encoder, TEXTS)
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
    assert embed(path, encoder, TEXTS) == (40, 0)
    assert embed(path, encoder, TEXTS) == (0, 40)


@settings(max_examples=50)
@given(data=st.data())
def test_damage_costs_time_and_nothing_else(data: st.DataObject) -> None:
    """If any bytes change or are cut off, nothing is raised and the vectors are right."""
    with scratch() as folder:
        path = Path(folder) / "embeddings.db"
        embed(path, FakeEncoder(), TEXTS)
        content = bytearray(path.read_bytes())
        for at in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=3)):
            content[at] ^= data.draw(st.integers(1, 255))
        cut = data.draw(st.integers(0, len(content)) | st.just(len(content)))
        path.write_bytes(content[:cut])
        embedded, reused = embed(path, FakeEncoder(), TEXTS)
        assert embedded + reused == len(TEXTS)
        embed(path, FakeEncoder(), TEXTS)


def test_vectors_from_before_a_failure_are_cached(tmp_path: Path) -> None:
    """An interrupted rebuild continues from the last finished batch."""

    class InterruptedEncoder(FakeEncoder):
        def encode(self, texts):
            if "boat" in texts:
                raise RuntimeError("out of memory")
            return super().encode(texts)

    path = tmp_path / "embeddings.db"
    with open_embedding_cache(path, InterruptedEncoder()) as embeddings:
        embeddings.vectors(["tide", "pier"])
        with pytest.raises(RuntimeError, match="out of memory"):
            embeddings.vectors(["boat"])
    assert embed(path, FakeEncoder(), ["tide", "pier", "boat"]) == (1, 2)
