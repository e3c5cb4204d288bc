"""The whole assistant on the sample corpus, with the real models."""

import json
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

import pullquote
from conftest import opened as files_opened
from pullquote.evaluate import contains, read_questions
from pullquote.newsroom.absences import coverage_of
from pullquote.newsroom.assistant import Assistant
from pullquote.schema import Filters

ROOT = Path(__file__).parents[1]
GOLD = read_questions(Path(__file__).parent / "data/questions.jsonl")


@pytest.fixture(scope="module")
def assistant(sample_index):
    with pullquote.open(sample_index) as opened:
        yield opened


@pytest.fixture(scope="module")
def replies(assistant):
    """The reply to every third question about the sample corpus, once for all quick tests."""
    return [ask_gold(assistant, gold)[1] for gold in GOLD[::3]]


def ask_gold(assistant, gold):
    """What was found for the question, and the reply."""
    found = assistant.find(gold.question, filters=pullquote.Filters(comments=gold.comments))
    return found, assistant.read(found)


@pytest.mark.slow
def test_gold_answers_of_the_sample_corpus_are_found_and_read(assistant):
    """Nine in ten have their passage among the hits; two in three get a right sentence."""
    answerable = hit = read = 0
    for gold in GOLD:
        if gold.answerable:
            found, reply = ask_gold(assistant, gold)
            answerable += 1
            hit += any(gold.found_in(h.passage.article, h.passage.text) for h in found.hits)
            read += any(contains(answer.text, gold.answers) for answer in reply.answers)
    assert hit / answerable >= 0.9
    assert read / answerable >= 0.65


def test_finding_and_then_reading_is_asking(assistant):
    """`find` and `read` give the hits of `retrieve` and the reply of `ask`, except for times."""
    question = "who bought the cannery?"
    found = assistant.find(question, k=5)
    assert found.hits == assistant.retrieve(question, k=5)
    asked = assistant.ask(question, k=5)
    assert assistant.read(found).model_copy(update={"took_ms": asked.took_ms}) == asked


def test_every_citation_stands_verbatim_in_its_article(assistant, replies):
    """`quote == article.text[start:end]`, inside its sentence, for every answer of every reply."""
    for reply in replies:
        for answer in reply.answers:
            for citation in answer.citations:
                article = assistant.article(citation.article)
                assert article.text[citation.start : citation.end] == citation.quote
                assert citation.quote in citation.sentence
                assert citation.version == article.version


def test_no_comment_answers_unless_asked_for(assistant):
    """Without the filter no citation is a comment, whatever is asked."""
    comment_questions = [gold.question for gold in GOLD if gold.comments]
    roles = {
        citation.role
        for question in comment_questions
        for answer in assistant.ask(question).answers
        for citation in answer.citations
    }
    assert comment_questions
    assert pullquote.Role.COMMENT not in roles


def test_wire_story_printed_by_two_papers_is_one_answer_with_two_citations(assistant):
    """Equal sentences of two articles are merged, and both are cited."""
    reply = assistant.ask("How many seeds did divers sow in Marl Bay?")
    papers = [{c.article.split("/")[0] for c in answer.citations} for answer in reply.answers]
    assert {"harbour-post", "corrow-courier"} in papers


def test_day_filter_is_inclusive_and_drops_the_rest(assistant):
    """A range of days includes both ends."""
    day = date(2024, 3, 14)
    hits = assistant.retrieve("ferry", filters=pullquote.Filters(since=day, until=day))
    assert {hit.article.published.date() for hit in hits} == {day}


def test_same_question_gives_the_same_reply(assistant):
    """A reply does not depend on earlier questions or on the thread."""
    question = "who stole the tide engine?"
    expected = assistant.ask(question).answers
    seen = []

    def again() -> None:
        assistant.ask("how much is the parking charge?")
        seen.append(assistant.ask(question).answers)

    threads = [threading.Thread(target=again) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [expected] * 4


def test_long_lived_assistant_answers_from_the_new_generation(tmp_path):
    """After a rebuild the next question sees the new article, without opening the index again."""
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    shutil.copytree(ROOT / "corpus/harbour-post", corpus)
    pullquote.rebuild_index(corpus, index)
    with pullquote.open(index) as assistant:
        before = assistant.ask("who repaired the lighthouse lens?")
        (corpus / "lens.txt").write_text(
            "Lighthouse shines again\n\nThe lens was repaired by Odile Marr, a glazier.\n"
        )
        report = pullquote.rebuild_index(corpus, index)
        after = assistant.ask("who repaired the lighthouse lens?")
    assert report.added == 1
    assert after.generation == report.generation != before.generation
    assert after.answers[0].citations[0].article == "lens.txt"


def test_an_assistant_that_was_there_before_the_index_opens_it_once(tmp_path):
    """The first question opens it; concurrent ones wait and use the same generation."""
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()
    (corpus / "a.txt").write_text("The harbour was closed on Monday.\n")
    with Assistant(pullquote.Settings(index=index)) as early:
        with pytest.raises(pullquote.IndexMissing):
            early.ask("When was the harbour closed?")
        pullquote.rebuild_index(corpus, index)
        with ThreadPoolExecutor(8) as pool:
            seen = list(pool.map(lambda _: early.generation, range(8)))
        assert len({id(generation) for generation in seen}) == 1
        assert "Monday" in early.ask("When was the harbour closed?").answers[0].text


def test_a_closed_assistant_says_so(sample_index):
    """A question after `close` raises an error that names the index, whatever is asked."""
    asked = "who repaired the lighthouse lens?"
    with pullquote.open(sample_index) as assistant:
        found, generation = assistant.find(asked), assistant.generation
    for use in (
        lambda: assistant.ask(asked),
        lambda: assistant.find(asked, generation=generation),
        lambda: assistant.read(found),
        lambda: assistant.select(found),
        assistant.open_newest,
        assistant.speakers.find,
    ):
        with (
            files_opened() as files,
            pytest.raises(pullquote.AssistantClosed, match=str(sample_index)),
        ):
            use()
        assert files == []


def test_index_of_another_encoder_is_refused_with_both_names(sample_index, tmp_path):
    """An index is searched only with the model that made it."""
    copy = tmp_path / "index"
    shutil.copytree(sample_index, copy)
    other = tmp_path / "model"
    other.mkdir()
    (other / "config.json").write_text(json.dumps({"model_type": "bert"}))
    with pytest.raises(pullquote.IndexMismatch) as caught:
        pullquote.open(copy, settings=pullquote.Settings(encoder=str(other)))
    assert "all-MiniLM-L6-v2" in caught.value.found
    assert str(other) in caught.value.expected


def test_rebuild_without_a_corpus_reads_the_one_of_the_index(tmp_path, monkeypatch):
    """An index that was built from another folder is never rebuilt from the default folder."""
    monkeypatch.chdir(tmp_path)
    for folder in ("articles", "corpus"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / f"{folder}.txt").write_text("Bridge\n\nThe bridge opened.\n")
    pullquote.rebuild_index("articles", "index")
    report = pullquote.rebuild_index(index="index")
    assert (report.unchanged, report.added, report.removed) == (1, 0, 0)


@pytest.mark.parametrize("k", [0, -1, 1001, 2**40])
def test_impossible_number_of_hits_is_refused(assistant, k):
    """A `k` beyond the limit is refused before the search."""
    with pytest.raises(pullquote.SettingsError, match="1 to 1000"):
        assistant.retrieve("who?", k=k)


@pytest.mark.parametrize(
    ("setting", "value"),
    [("passage_tokens", 64), ("overlap_sentences", 3), ("source_from_folder", "top")],
)
def test_index_cut_otherwise_is_refused(sample_index, setting, value):
    """Settings that shape articles or passages must equal those that made the index."""
    with pytest.raises(pullquote.IndexMismatch, match=setting):
        pullquote.open(sample_index, settings=pullquote.Settings(**{setting: value}))


@pytest.mark.parametrize("question", ["", "  \n", "x" * 1001, "caf\udce9"])
def test_empty_or_endless_question_is_refused(assistant, question):
    """The limits apply in the API, not only in the chat."""
    with pytest.raises(pullquote.SettingsError):
        assistant.ask(question)


@pytest.mark.parametrize("question", ['fox"', "col:x", "AND OR NOT", "*", "🚢🌊", "\0", "ﷺ" * 50])
def test_no_question_is_a_query_language(assistant, question):
    """Every question is plain words; it is answered or not, and never raises."""
    assert assistant.ask(question).question == question


def test_an_empty_index_is_an_error_with_its_corpus(tmp_path):
    """Every question raises it; an invalid question still raises its own error."""
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "bad.md").write_text("---\ntitle: [\n---\ntext\n")
    pullquote.rebuild_index(tmp_path / "corpus", tmp_path / "index")
    assert pullquote.stats(tmp_path / "index").articles == 0
    with pullquote.open(tmp_path / "index") as empty:
        for ask in (empty.ask, empty.retrieve, empty.find, empty.rank):
            with pytest.raises(pullquote.IndexEmpty, match="1 file in that folder could not") as e:
                ask("who won?")
            assert (e.value.corpus, e.value.failed) == (tmp_path / "corpus", 1)
        with pytest.raises(pullquote.SettingsError):
            empty.ask(" ")
        (tmp_path / "corpus" / "good.md").write_text("Ida Roe won the race.")
        pullquote.rebuild_index(tmp_path / "corpus", tmp_path / "index")
        assert empty.retrieve("who won?")


def test_an_index_of_withheld_articles_is_not_empty(tmp_path):
    """It abstains, since its articles are withheld."""
    (tmp_path / "corpus").mkdir()
    story = "---\nembargo: 2090-01-01T00:00:00Z\n---\nIda Roe won the race."
    (tmp_path / "corpus" / "secret.md").write_text(story)
    pullquote.rebuild_index(tmp_path / "corpus", tmp_path / "index")
    with pullquote.open(tmp_path / "index") as assistant:
        assert assistant.ask("who won the race?").abstained


def test_the_api_asks_for_consent_too(tmp_path):
    """Consent is given by keyword, for a rebuild and its preview."""
    (tmp_path / "corpus").mkdir()
    for n in range(12):
        (tmp_path / "corpus" / f"{n}.md").write_text(f"Boat number {n} left.")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "gull.md").write_text("The gull came.")
    index = tmp_path / "index"
    pullquote.rebuild_index(tmp_path / "corpus", index)
    with pytest.raises(pullquote.CorpusChanged) as changed:
        pullquote.rebuild_index(tmp_path / "other", index)
    assert isinstance(changed.value, pullquote.RebuildRefused)
    assert pullquote.preview_rebuild(tmp_path / "other", index).refused.error == "CorpusChanged"
    assert pullquote.preview_rebuild(tmp_path / "other", index, new_corpus=True).refused is None
    assert pullquote.rebuild_index(tmp_path / "other", index, new_corpus=True).removed == 12
    pullquote.rebuild_index(tmp_path / "corpus", index, new_corpus=True)
    for path in (tmp_path / "corpus").iterdir():
        path.unlink()
    with pytest.raises(pullquote.RemovalsRefused):
        pullquote.rebuild_index(index=index)
    assert pullquote.rebuild_index(index=index, allow_removals=True).removed == 12


def test_every_article_of_the_sample_can_be_filtered_by_its_paper(sample_index: Path) -> None:
    """Each article names a source, also those that are raw text."""
    with pullquote.open(sample_index) as assistant:
        coverage = coverage_of(assistant.generation, Filters(), at=2**40)
    found = {one.source: one.articles for one in coverage.sources}
    assert "" not in found
    assert found["Corrow Courier"] == 6
