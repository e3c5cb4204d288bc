"""An index records the precision of its vectors, and keeps it until it is asked to change."""

from __future__ import annotations

from pathlib import Path

import pytest

import pullquote
from pullquote import IndexMismatch, Settings
from pullquote.index import services
from pullquote.index.services import encoder_of, preview_rebuild, rebuild_index, with_precision

QUESTION = "When did the bridge open?"


def precision(index: Path) -> str:
    """The precision that an index records."""
    recorded = services.index_of(Settings(index=index)).recorded_encoder()
    assert recorded is not None
    return recorded.precision


def write(folder: Path, name: str, text: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"{name}\n\n{text}\n", encoding="utf-8")


@pytest.fixture
def corpus(tmp_path):
    """A corpus of one article."""
    write(tmp_path / "corpus", "bridge.txt", "The bridge opened on 3 March 2021.")
    return tmp_path / "corpus"


@pytest.fixture
def exact(corpus, tmp_path):
    """An index in float32, as all were before int8."""
    rebuild_index(corpus, tmp_path / "index", settings=Settings(encoder_precision="float32"))
    return tmp_path / "index"


def answer(index: Path, **settings: object) -> str:
    """The first answer."""
    with pullquote.open(index, settings=Settings(**settings)) as assistant:
        return assistant.ask(QUESTION).answers[0].text


def test_a_new_index_is_in_int8(corpus, tmp_path):
    """Without a setting, the packaged encoder embeds in int8."""
    rebuild_index(corpus, tmp_path / "index")
    assert precision(tmp_path / "index") == "int8"
    assert "2021" in answer(tmp_path / "index")
    assert "2021" in answer(tmp_path / "index", encoder_precision="int8")


def test_an_index_in_float32_keeps_its_precision(exact, corpus):
    """It answers, and a rebuild embeds only what is new, in float32."""
    assert "2021" in answer(exact)
    write(corpus, "quay.txt", "The quay was closed.")
    report = rebuild_index(corpus, exact)
    assert (report.unchanged, report.added, report.embedded, report.note) == (1, 1, 1, None)
    assert precision(exact) == "float32"


@pytest.mark.parametrize("chosen", ["int8", "float32"])
def test_another_precision_than_the_settings_is_refused(chosen, corpus, tmp_path):
    """The error names both, and a rebuild converts the index."""
    other = {"int8": "float32", "float32": "int8"}[chosen]
    index = tmp_path / "index"
    rebuild_index(corpus, index, settings=Settings(encoder_precision=other))
    with pytest.raises(IndexMismatch, match="rebuild-index") as caught:
        answer(index, encoder_precision=chosen)
    assert f"({chosen}, " in caught.value.expected
    assert f"({other}, " in caught.value.found
    rebuild_index(corpus, index, settings=Settings(encoder_precision=chosen))
    assert precision(index) == chosen
    assert "2021" in answer(index, encoder_precision=chosen)


def test_force_converts_an_index_to_int8(exact, corpus):
    """An assistant that is open answers before and after it, each time in the right precision."""
    with pullquote.open(exact) as assistant:
        before = assistant.retrieve(QUESTION)[0].cosine
        assert preview_rebuild(corpus, exact).note is None
        assert preview_rebuild(corpus, exact, force=True).note is not None
        rebuild_index(corpus, exact, force=True)
        assert precision(exact) == "int8"
        after = assistant.retrieve(QUESTION)[0].cosine
    assert before != after == pytest.approx(before, abs=0.01)
    with pullquote.open(exact) as assistant:
        assert assistant.retrieve(QUESTION)[0].cosine == after


def test_confidence_is_calibrated_in_both(exact):
    """The ranking was fitted to the model, in any precision."""
    with pullquote.open(exact) as assistant:
        assert assistant.is_calibrated
        in_float32 = assistant.scored_by
    rebuild_index(index=exact, force=True)
    with pullquote.open(exact) as assistant:
        assert assistant.is_calibrated
        assert assistant.scored_by == in_float32


def test_another_model_is_in_float32(tmp_path):
    """Only the packaged model ships in int8, also if it made the index before."""
    other = Settings(encoder="another", index=tmp_path / "index")
    assert with_precision(other).encoder_precision == "float32"
    assert encoder_of(other).precision == "float32"


def test_an_index_of_another_model_does_not_decide(exact):
    """The precision that an index records counts only for its own model."""
    assert with_precision(Settings(index=exact)).encoder_precision == "float32"
    chosen = Settings(index=exact, encoder_precision="int8")
    assert with_precision(chosen) is chosen
