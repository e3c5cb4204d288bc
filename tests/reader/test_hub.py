"""A question-answering model of the hub, with exact offsets and independent of the batch."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file, save_file
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import (
    BertConfig,
    BertForQuestionAnswering,
    BertModel,
    BertTokenizer,
    PreTrainedTokenizerFast,
    RobertaConfig,
    RobertaForQuestionAnswering,
)

from pullquote.answering.reader import ReaderInput, Window
from pullquote.answering.reader.choice import open_reader
from pullquote.answering.reader.hub import HubNetwork
from pullquote.schema import Question
from pullquote.schema.errors import ModelError
from strategies import body, hit

WORDS = "who built the harbour ida roe opened it in 1911 . ? ##s".split()
QUESTION = "Who built the harbour?"
SHORT = ReaderInput("A context that is not read", "Ida  Roe built the HARBOURS.")
LONG = ReaderInput("", " ".join(f"Ida Roe opened it in 1911, {n}." for n in range(40)))
LONGEST = 64


def shape(vocabulary: int, positions: int) -> dict[str, int]:
    """The settings of a network that is small enough to be made for each test."""
    return {
        "vocab_size": vocabulary,
        "hidden_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "intermediate_size": 64,
        "max_position_embeddings": positions,
    }


def save_tokenizer(folder: Path) -> int:
    """Write a tokenizer of a few words; returns the size of its vocabulary."""
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS]
    BertTokenizer(vocab={word: at for at, word in enumerate(vocabulary)}).save_pretrained(folder)
    return len(vocabulary)


def bert(folder: Path) -> Path:
    """A BERT of random weights with a question-answering head."""
    torch.manual_seed(1)
    config = BertConfig(**shape(save_tokenizer(folder), LONGEST))
    BertForQuestionAnswering(config).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> HubNetwork:
    """The network of that BERT."""
    return HubNetwork(str(bert(tmp_path_factory.mktemp("bert"))))


def words(reading: ReaderInput, window: Window) -> list[str]:
    """The words that the tokens of a window stand for."""
    return [reading.text[start:end] for start, end in window.offsets.tolist()]


def assert_equal(ours: list[Window], theirs: list[Window]) -> None:
    """Check that two windows are equal to the last bit."""
    assert [w.none for w in ours] == [w.none for w in theirs]
    for mine, other in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(mine.starts, other.starts)
        np.testing.assert_array_equal(mine.ends, other.ends)
        np.testing.assert_array_equal(mine.offsets, other.offsets)


def test_the_tokens_stand_where_they_say(network: HubNetwork) -> None:
    """Offsets are characters of the stored passage; question and context have none."""
    ((window,),) = network.windows(QUESTION, [SHORT])
    assert words(SHORT, window) == ["Ida", "Roe", "built", "the", "HARBOUR", "S", "."]
    assert window.starts.dtype == window.ends.dtype == np.float32
    assert window.offsets.dtype == np.int64
    assert len(window.starts) == len(window.ends) == 7


def test_the_logits_are_the_models_own(network: HubNetwork, tmp_path: Path) -> None:
    """They equal a pass over `[CLS] question [SEP] passage [SEP]`; "none" is at [CLS]."""
    folder = bert(tmp_path)
    encoded = BertTokenizer.from_pretrained(folder)(QUESTION, SHORT.text, return_tensors="pt")
    assert encoded["input_ids"].shape == (1, 15)
    with torch.inference_mode():
        output = BertForQuestionAnswering.from_pretrained(folder).eval()(**encoded)
    starts, ends = output.start_logits[0].numpy(), output.end_logits[0].numpy()
    ((window,),) = network.windows(QUESTION, [SHORT])
    np.testing.assert_array_equal(window.starts, starts[7:14])
    np.testing.assert_array_equal(window.ends, ends[7:14])
    assert window.none == float(starts[0] + ends[0])


def test_a_window_does_not_depend_on_what_else_is_read(network: HubNetwork) -> None:
    """A passage has the same logits alone, beside longer ones and in another order."""
    together = network.windows(QUESTION, [LONG, SHORT, LONG])
    ((short,), long) = (network.windows(QUESTION, [one])[0] for one in (SHORT, LONG))
    assert_equal(together[0], long)
    assert_equal(together[1], [short])
    assert_equal(together[2], long)


def test_a_long_passage_has_several_windows(network: HubNetwork) -> None:
    """In order, each token in at least one, neighbours sharing half of what a window holds.

    64 tokens, less 3 marks and the 5 of the question, leave 56; they share 28. The passage has 40
    times 9: after the first 56, eleven more windows of 28 new ones each.
    """
    (windows,) = network.windows(QUESTION, [LONG])
    places = [[start for start, _ in window.offsets.tolist()] for window in windows]
    assert sorted({at for place in places for at in place}) == [
        match for match, _ in _tokens(LONG.text)
    ]
    assert [len(place) for place in places[:-1]] == [56] * (len(places) - 1)
    assert len(places) == 12
    for place, after in pairwise(places):
        assert place[-28:] == after[:28]


def _tokens(text: str) -> list[tuple[int, int]]:
    """The offsets of words and marks; an unknown word is one token."""
    parts = pre_tokenizers.BertPreTokenizer().pre_tokenize_str(text)
    return [place for _, place in parts]


def test_a_question_of_any_length_leaves_room(network: HubNetwork) -> None:
    """A question is cut to a quarter of a small window, without a warning."""
    asked = "who " * 16
    assert_equal(
        network.windows(asked + "built it " * 100, [SHORT])[0],
        network.windows(asked, [SHORT])[0],
    )


def test_nothing_to_read_has_no_windows(network: HubNetwork) -> None:
    """There are no windows without passages, or for a passage without a token."""
    assert network.windows(QUESTION, []) == []
    assert network.windows(QUESTION, [ReaderInput("", ""), ReaderInput("", " \n")]) == [[], []]


def test_a_model_with_another_pair_encoding(tmp_path: Path) -> None:
    """RoBERTa has two separators, no token types, and a space before each word."""
    pieces = ["<s>", "<pad>", "</s>", "<unk>", *"ĠIda ĠRoe Ġbuilt Ġit Who Ġbuilt ?".split()]
    vocabulary = {piece: at for at, piece in enumerate(dict.fromkeys(pieces))}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))  # noqa: S106
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.post_processor = processors.RobertaProcessing(
        ("</s>", 2), ("<s>", 0), trim_offsets=False, add_prefix_space=False
    )
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        cls_token="<s>",  # noqa: S106
        sep_token="</s>",  # noqa: S106
        pad_token="<pad>",  # noqa: S106
        unk_token="<unk>",  # noqa: S106
        model_max_length=LONGEST,
        model_input_names=["input_ids", "attention_mask"],
    ).save_pretrained(tmp_path)
    torch.manual_seed(1)
    config = RobertaConfig(**shape(len(vocabulary), LONGEST + 2), pad_token_id=1)
    model = RobertaForQuestionAnswering(config).eval()
    model.save_pretrained(tmp_path)
    reading = ReaderInput("", "Really: Ida Roe built it")
    ((window,),) = HubNetwork(str(tmp_path)).windows("Who built?", [reading])
    assert words(reading, window) == ["Really", ":", "Ida", "Roe", "built", "it"]
    ids = [0, vocabulary["Who"], vocabulary["Ġbuilt"], vocabulary["?"], 2, 2, 3, 3]
    ids += [vocabulary[piece] for piece in ("ĠIda", "ĠRoe", "Ġbuilt", "Ġit")] + [2]
    with torch.inference_mode():
        starts = model(torch.tensor([ids])).start_logits[0].numpy()
    np.testing.assert_array_equal(window.starts, starts[6:12])


def test_the_identity_follows_from_the_weights(tmp_path: Path) -> None:
    """The identity is name and digest; one changed weight changes it."""
    folder = bert(tmp_path)
    before = HubNetwork(str(folder)).identity
    assert before.startswith(f"{folder}@")
    assert HubNetwork(str(folder)).identity == before
    weights = load_file(folder / "model.safetensors")
    weights["qa_outputs.bias"][0] += 1
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    assert HubNetwork(str(folder)).identity != before


def test_a_model_without_a_head_is_refused(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Its answers would be random; the message names the missing weights."""
    config = BertConfig(**shape(save_tokenizer(tmp_path), LONGEST))
    BertModel(config).save_pretrained(tmp_path)
    capfd.readouterr()
    with pytest.raises(ModelError, match=r"no weights for qa_outputs\.bias, qa_outputs\.weight"):
        HubNetwork(str(tmp_path))
    assert capfd.readouterr() == ("", "")


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    """The message names the folder and what is wrong with it."""
    with pytest.raises(ModelError, match="its tokenizer could not be loaded"):
        HubNetwork(str(tmp_path))
    save_tokenizer(tmp_path)
    with pytest.raises(ModelError, match="could not be loaded as a question-answering model"):
        HubNetwork(str(tmp_path))


def test_a_model_of_another_kind_is_refused(tmp_path: Path) -> None:
    """A vision model is refused."""
    save_tokenizer(tmp_path)
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "vit"}))
    with pytest.raises(ModelError, match="could not be loaded as a question-answering model"):
        HubNetwork(str(tmp_path))


def test_a_tokenizer_without_offsets_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tokenizer written in Python gives no offsets."""
    folder = bert(tmp_path)
    monkeypatch.setattr(BertTokenizer, "is_fast", property(lambda _: False))
    with pytest.raises(ModelError, match="BertTokenizer, does not say which characters"):
        HubNetwork(str(folder))


def test_an_unknown_model_is_an_error_that_helps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Offline, the message for an unknown name says which models can be used."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(ModelError, match=r"'nobody/nothing'.*neither a folder nor") as caught:
        HubNetwork("nobody/nothing")
    assert "use the reader 'thorough'" in str(caught.value)


def test_numbers_that_are_not_finite_are_an_error(tmp_path: Path) -> None:
    """A damaged model raises an error instead of answering."""
    folder = bert(tmp_path)
    weights = load_file(folder / "model.safetensors")
    weights["qa_outputs.bias"][:] = np.inf
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ModelError, match="not finite"):
        HubNetwork(str(folder)).windows(QUESTION, [SHORT])


def test_the_setting_opens_it(tmp_path: Path, encoder) -> None:
    """A folder as the setting opens its model, which falls back on sentences."""
    folder = bert(tmp_path)
    reader = open_reader(str(folder), encoder)
    assert reader.identity.startswith(f"{HubNetwork(str(folder)).identity}, else ")


@pytest.mark.parametrize(("card", "exact"), [("multilingual", True), ("es", True), ("fr", False)])
def test_a_reader_by_name_reads_the_languages_of_its_card(
    tmp_path: Path, encoder, card: str, exact: bool
) -> None:
    """Exact words are found in Spanish if the model card lists Spanish."""
    folder = bert(tmp_path)
    (folder / "README.md").write_text(f"---\nlanguage: {card}\n---\n", encoding="utf-8")
    spanish = hit(body("Ida Roe abrió el puerto en 1911.", language="es"))
    spans = open_reader(str(folder), encoder).read(Question(QUESTION, {}), [spanish])
    assert any(not span.whole_sentence for span in spans) == exact
