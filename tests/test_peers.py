"""The comparison with other libraries in benchmarks/peers, without those libraries."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest
from benchmarks.peers import environments
from benchmarks.peers.exchange import PeerAnswer, PeerQuestion, PeerResult, PeerRun, PeerTask
from benchmarks.peers.material import (
    chosen_articles,
    chosen_questions,
    complete_reader,
    copy_articles,
    read_article_ids,
    read_passages,
    write_lines,
)
from benchmarks.peers.scores import figures_of, right_among_three, row

from conftest import Newsroom
from pullquote.evaluate import GoldQuestion
from pullquote.schema.errors import ModelError, SettingsError

FAKE_PEER = """
from exchange import PeerAnswer, PeerReply, serve

def build(order, passages):
    def ask(question):
        if "nobody" in question:
            raise TypeError("no span")
        raised = ["IndexError: one passage"] if "chair" in question else []
        return PeerReply([PeerAnswer(passages[0].text, 0.5, passages[0].id)] * 99, raised)
    return ask

serve(build, packages=("pytest",))
"""


def gold(id: str, *answers: str, articles: tuple[str, ...] = ("a.txt",)) -> GoldQuestion:
    return GoldQuestion(
        id=id, question=f"Who is {id}?", answers=answers, articles=frozenset(articles)
    )


def asked(
    id: str, milliseconds: float, *answers: PeerAnswer, raised: tuple[str, ...] = ()
) -> PeerResult:
    return PeerResult(id, milliseconds, answers, raised)


def test_figures_are_those_worked_out_by_hand():
    """F1, EM and top-3 are over the answerable questions; AUROC, times and exceptions over all."""
    questions = [gold("mayor", "Ada Brown"), gold("clerk", "Lee"), gold("chair"), gold("nobody")]
    run = PeerRun(
        2.5,
        300.0,
        ["peer 1.0"],
        [
            asked("mayor", 10, PeerAnswer("Ada Brown", 0.9), PeerAnswer("Lee", 0.1)),
            asked("clerk", 20, PeerAnswer("Lee, who spoke", 0.4)),  # 1 of 3 words: F1 2/4
            asked("chair", 30, PeerAnswer("Sam", 0.6)),
            asked("nobody", 40, raised=("TypeError: a", "TypeError: b")),
        ],
    )
    found = figures_of(run, questions)
    assert found.f1 == pytest.approx((1 + 0.5) / 2)
    assert found.exact == 0.5
    assert found.top3 == 1.0
    assert found.auroc == 0.75  # of the pairs 0.9 and 0.4 against 0.6 and none, one is wrong
    assert found.median_ms == 25
    assert found.p95_ms == pytest.approx(38.5)
    assert (found.build_seconds, found.peak_mebibytes) == (2.5, 300.0)
    assert (found.questions, found.questions_raised, found.exceptions) == (4, 1, 2)


def test_a_run_that_asked_other_questions_is_refused():
    """A missing question must not shift the answers of the others."""
    with pytest.raises(ValueError, match="shorter"):
        figures_of(PeerRun(1, 1, [], []), [gold("mayor", "Ada")])


def test_auroc_needs_both_kinds_of_question():
    """With answerable questions alone there is no AUROC, and its cell is empty."""
    found = figures_of(
        PeerRun(1, 1, [], [asked("mayor", 10, PeerAnswer("Ada", 1))]), [gold("mayor", "Ada")]
    )
    assert found.auroc is None
    assert row("peer", found, None) == [
        *("peer", "1.000", "1.000", "1.000", "", "10", "10", "10", "1.0", "1", "0 of 1")
    ]


def test_a_row_tells_the_time_as_a_multiple_of_ours():
    """Three times as slow as pullquote is 3.0x."""
    slow, quick = (
        figures_of(
            PeerRun(1, 1, [], [asked("mayor", ms, PeerAnswer("Ada", 1))]), [gold("mayor", "Ada")]
        )
        for ms in (30, 10)
    )
    assert row("peer", slow, quick)[5:7] == ["30 (3.0x)", "30 (3.0x)"]


@pytest.mark.parametrize(
    ("words", "right"),
    [
        (["x", "y", "the Ada Brown hall"], True),  # contains the accepted span
        (["x", "y", "z", "Ada Brown"], False),  # the fourth
        (["x", "X ", "the x.", "y", "Ada Brown"], True),  # equal words count once
        (["Brown"], True),  # F1 2/3
        (["Brown of the north"], False),  # F1 2/5
    ],
)
def test_right_among_three(words: list[str], right: bool):
    """One of the first three different answers contains an accepted span or has an F1 of 0.6."""
    answers = [PeerAnswer(text, 0.5) for text in words]
    assert right_among_three(answers, gold("mayor", "Ada Brown")) is right


def test_articles_that_support_an_answer_come_first():
    """Limiting the articles never removes those that the questions need."""
    ids = ["a.txt", "b.txt", "c.txt", "d.txt"]
    questions = [gold("mayor", "Ada", articles=("c.txt",))]
    assert chosen_articles(ids, questions, 3) == ["c.txt", "a.txt", "b.txt"]
    assert chosen_articles(ids, questions, None) == ["c.txt", "a.txt", "b.txt", "d.txt"]
    with pytest.raises(SettingsError, match="too few"):
        chosen_articles(ids, questions, 0)
    with pytest.raises(SettingsError, match=r"no article 'a\.txt'"):
        chosen_articles(["b.txt"], [gold("mayor", "Ada")], None)


def test_questions_about_comments_are_left_out():
    """The peers' passages do not contain the comments that they ask about."""
    about_comments = GoldQuestion(
        id="reader", question="?", answers=("x",), articles=frozenset(), comments=True
    )
    assert chosen_questions([about_comments, gold("a"), gold("b")], 1) == [gold("a")]


def test_passages_are_those_of_the_index(newsroom: Newsroom):
    """They are in order, with their context, and equal the article's text between their offsets."""
    newsroom.write("b.md", "The mayor is Ada Brown. She spoke on Monday.", title="The mayor")
    newsroom.write("a.md", "Lee is the clerk.", title="The clerk")
    newsroom.rebuild()
    assert read_article_ids(newsroom.index.path) == ["a.md", "b.md"]
    found = read_passages(newsroom.index.path)
    assert [passage.article for passage in found] == ["a.md", "b.md"]
    assert found[0].text == "Lee is the clerk."
    assert "The clerk" in found[0].context
    text = newsroom.open().article("b.md").text
    assert text[found[1].start : found[1].end] == found[1].text
    assert read_passages(newsroom.index.path, ["b.md"]) == found[1:]


def test_articles_are_copied_with_their_folders(newsroom: Newsroom, tmp_path: Path):
    """Articles are copied to the same paths below the corpus."""
    newsroom.write("sport/a.txt", "Ada won.")
    copy = copy_articles(newsroom.corpus, ["sport/a.txt"], tmp_path / "copy")
    assert (copy / "sport/a.txt").read_text() == "Ada won."


def test_a_reader_gets_the_description_of_its_tokenizer(tmp_path: Path):
    """The folder of a trained reader has only weights, configuration and tokenizer.json."""
    trained = tmp_path / "pass-0"
    trained.mkdir()
    for part in ("tokenizer.json", "model.safetensors"):
        (trained / part).write_text("{}")
    config = trained / "config.json"
    config.write_text('{"architectures": ["BertForQuestionAnswering"]}')
    complete = complete_reader(trained, tmp_path / "complete")
    assert json.loads((complete / "tokenizer_config.json").read_text())["do_lower_case"] is True
    config.write_text('{"architectures": ["BertModel"]}')
    with pytest.raises(ModelError, match="not a BertForQuestionAnswering"):
        complete_reader(trained, tmp_path / "other")
    (trained / "model.safetensors").unlink()
    with pytest.raises(ModelError, match=r"no model\.safetensors"):
        complete_reader(trained, tmp_path / "third")


def test_a_peer_does_its_order_in_a_process_of_its_own(
    newsroom: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Twenty answers are returned, exceptions are counted, and the next question is asked."""
    newsroom.write("a.md", "Ada Brown is the mayor.")
    newsroom.rebuild()
    shutil.copy(environments.HERE / "exchange.py", tmp_path)
    (tmp_path / "fake_peer.py").write_text(FAKE_PEER)
    monkeypatch.setattr(environments, "HERE", tmp_path)
    questions = [PeerQuestion(id, f"Who is {id}?") for id in ("mayor", "nobody", "chair")]
    passages = read_passages(newsroom.index.path)
    order = PeerTask(
        peer="fake",
        settings="default",
        passages=str(write_lines(tmp_path / "passages.jsonl", passages)),
        questions=str(write_lines(tmp_path / "questions.jsonl", questions)),
        corpus="",
        encoder="",
        encoder_name="",
        reader="",
        out=str(tmp_path / "fake.json"),
    )
    run = environments.do(order, Path(sys.executable))
    mayor, nobody, chair = run.asked
    assert mayor.answers == [PeerAnswer("Ada Brown is the mayor.", 0.5, passages[0].id)] * 20
    assert (mayor.id, mayor.raised) == ("mayor", [])
    assert (nobody.answers, nobody.raised) == ([], ["TypeError: no span"])
    assert (len(chair.answers), chair.raised) == (20, ["IndexError: one passage"])
    assert run.peak_mebibytes > 1
    assert run.versions[0].startswith("pytest ")


def test_an_environment_that_has_its_requirements_is_left_alone(tmp_path: Path):
    """A second run installs nothing; pullquote runs in this environment."""
    assert environments.python_of("pullquote", tmp_path) == Path(sys.executable)
    (tmp_path / "txtai").mkdir()
    shutil.copy(environments.HERE / "txtai.txt", tmp_path / "txtai" / "installed.txt")
    assert environments.python_of("txtai", tmp_path) == tmp_path / "txtai" / "bin" / "python"
    assert not (tmp_path / "txtai" / "bin").exists()
