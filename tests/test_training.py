"""Making the span reader's training data, offline and without a model."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from training.corpus import write_company, write_newsroom
from training.everyday import read_follow_ups
from training.reader import batches, epochs
from training.reader.examples import (
    CHARS_PER_TOKEN,
    FIRST_ANSWER,
    HELD_OUT_ARTICLES,
    HELD_OUT_DIGITS,
    Distractors,
    Gold,
    Source,
    SourceQuestion,
    TrainingExample,
    as_typed,
    cut,
    event_rows,
    read_conversations,
    read_encyclopaedia,
    read_events,
    read_newsroom,
    read_others,
    read_qamr,
    read_squad,
)
from training.reader.model import LargeReaderModel, ReaderModel
from training.reader.start import build, take_vocabulary
from training.smoothing import smooth
from transformers import MPNetConfig

from pullquote.answering.reader import ReaderInput
from pullquote.answering.reader.packaged import (
    LONGEST,
    PackagedNetwork,
    TokenWindow,
    load_tokenizer,
    pack,
)
from pullquote.english.sentences import sentence_spans
from shipped import SHIPPED
from strategies import words_only

TOKENIZER = load_tokenizer(SHIPPED)


def source(text: str, *asked: SourceQuestion, title: str = "The harbour") -> Source:
    return Source(title, text, asked, tuple(sentence_spans(text)))


def squad(*articles: tuple[str, str, list[dict[str, object]]]) -> str:
    data = [
        {"title": title, "paragraphs": [{"context": text, "qas": qas}]}
        for title, text, qas in articles
    ]
    return json.dumps({"data": data})


class TestCut:
    @given(text=words_only(), data=st.data(), tokens=st.integers(1, 60), seed=st.integers(0, 99))
    def test_golds_stay_at_their_words(self, text, data, tokens, seed):
        """After a cut, each remaining gold marks the same words as before."""
        sentences = sentence_spans(text)
        place = st.sampled_from(sentences).flatmap(
            lambda s: st.tuples(st.integers(s[0], s[1] - 1), st.integers(s[0] + 1, s[1]))
        )
        drawn = data.draw(st.lists(place, min_size=1, max_size=3))
        places = [(a, b) for a, b in drawn if a < b]
        golds = [Gold(a, b, 1 / len(places)) for a, b in places]
        asked = SourceQuestion("who?", tuple(golds))
        example = cut(source(text, asked), asked, tokens=tokens, chance=random.Random(seed))
        assert example.passage in text
        left = [example.passage[g.start : g.end] for g in example.golds]
        words = [text[g.start : g.end] for g in golds]
        assert left == words or (len(left) == 1 and left[0] in words)
        assert sum(g.weight for g in example.golds) == pytest.approx(sum(g.weight for g in golds))
        assert bool(example.golds) == bool(golds)

    def test_stretch_is_of_whole_sentences_and_about_as_long_as_asked(self):
        """The passage grows around the answer up to the given length."""
        text = " ".join(f"Gull number {n} sat on the quay." for n in range(40))
        start = text.index("number 20")
        asked = SourceQuestion("which?", (Gold(start, start + 9, 1.0),))
        for seed in range(10):
            example = cut(source(text, asked), asked, tokens=60, chance=random.Random(seed))
            assert example.passage.startswith("Gull")
            assert example.passage.endswith("quay.")
            assert 0 <= len(example.passage) - 60 * CHARS_PER_TOKEN < 35

    def test_answers_too_far_apart_are_cut_to_the_likeliest(self):
        """The likeliest answer is the only gold, with the full weight."""
        text = " ".join(f"Gull number {n} sat on the quay." for n in range(40))
        golds = (Gold(0, 4, 0.3), Gold(text.index("number 39"), text.index("number 39") + 9, 0.7))
        asked = SourceQuestion("which?", golds)
        example = cut(source(text, asked), asked, tokens=30, chance=random.Random(1))
        [gold] = example.golds
        assert (example.passage[gold.start : gold.end], gold.weight) == ("number 39", 1.0)


class TestSquad:
    def test_answer_stands_where_the_annotators_agree(self, tmp_path):
        """The file's offset of "1911" points at another occurrence, which is corrected."""
        text = "In 1911 it rained. The quay opened in May 1911 at last."
        second = text.index("May 1911")
        answers = [
            {"text": "May 1911", "answer_start": second},
            {"text": "1911", "answer_start": text.index("1911")},
            {"text": "in May 1911", "answer_start": second - 3},
        ]
        file = tmp_path / "squad.json"
        file.write_text(squad(("A", text, [{"question": "when?", "answers": answers}])))
        [one] = read_squad(file, held_out=False)
        golds = {text[g.start : g.end]: g for g in one.asked[0].golds}
        assert {words: gold.weight for words, gold in golds.items()} == {
            "May 1911": 1 / 3,
            "1911": 1 / 3,
            "in May 1911": 1 / 3,
        }
        assert golds["1911"].start == text.rindex("1911")

    def test_unanswerable_question_has_no_gold(self, tmp_path):
        """An unanswerable question has no golds, as in SQuAD 2.0."""
        file = tmp_path / "squad.json"
        file.write_text(squad(("A_b", "It rained.", [{"question": "why?", "answers": []}])))
        [one] = read_squad(file, held_out=False)
        assert one.title == "A b"
        assert one.asked == (SourceQuestion("why?", ()),)


class TestQamr:
    def test_answer_not_at_its_stated_position_is_left_out(self, tmp_path):
        """The question is left out, and questions of one sentence stay together."""
        rows = [
            {"context": "Ida won.", "question": "who?", "start": 0, "answer": "Ida"},
            {"context": "Ida won.", "question": "what?", "start": 1, "answer": "Ida"},
            {"context": "Ida won.", "question": "did what?", "start": 4, "answer": "won"},
        ]
        file = tmp_path / "qamr.jsonl"
        file.write_text("\n".join(map(json.dumps, rows)))
        [one] = read_qamr(file)
        assert [(a.question, a.answers) for a in one.asked] == [
            ("who?", ("Ida",)),
            ("did what?", ("won",)),
        ]


def newsroom_file(folder: Path, articles: int = 20) -> Path:
    """Articles 1 to `articles`, each with an answered question and one that it does not answer."""
    rows = [
        {
            "id": f"n{number}",
            "title": f"Title {number}",
            "date": "2024-06-04",
            "text": f"It rained. Harbour {number} opened in 1911, in May 1911.",
            "questions": [
                {
                    "question": f"Which harbour {number}?",
                    "answers": [f"Harbour {number}", "1911"],
                    "start": 11,
                }
            ],
            "unanswerable": [f"Who closed {number}?"],
        }
        for number in range(1, articles + 1)
    ]
    file = folder / "newsroom.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return file


class TestNewsroom:
    def test_best_answer_stands_where_it_was_marked_and_the_others_near_it(self, tmp_path):
        """The first has most of the weight; another form is located where it is nearest."""
        first, *_ = read_newsroom(newsroom_file(tmp_path), held_out=False)
        answered, unanswered = first.asked
        [best, other] = answered.golds
        assert (first.text[best.start : best.end], best.weight) == ("Harbour 1", FIRST_ANSWER)
        assert other.weight == pytest.approx(1 - FIRST_ANSWER)
        assert other.start == first.text.index("1911")
        assert first.title == "Title 1 (2024-06-04)"
        assert unanswered.golds == ()

    def test_held_out_lines_and_training_lines_share_nothing(self, tmp_path):
        """The line number decides, both for the reader and for the ranking's corpus."""
        file = newsroom_file(tmp_path)
        trained = {s.title for s in read_newsroom(file, held_out=False)}
        held_out_titles = {s.title for s in read_newsroom(file, held_out=True)}
        assert held_out_titles == {f"Title {n} (2024-06-04)" for n in (3, 7, 13, 17)}
        assert len(trained) == 16
        assert not trained & held_out_titles
        corpus = tmp_path / "corpus"
        corpus.mkdir()
        questions = write_newsroom(file, corpus, held_out=True)
        assert {next(iter(q.articles)) for q in questions} == {f"n{n}.md" for n in (3, 7, 13, 17)}
        assert [q.answers for q in questions[:2]] == [("Harbour 3", "1911"), ()]
        assert len(list(corpus.iterdir())) == 20
        others = write_newsroom(file, corpus, held_out=False)
        assert len(others) == 32
        assert {next(iter(q.articles)) for q in others} == {
            f"n{n}.md" for n in range(1, 21) if n not in (3, 7, 13, 17)
        }

    def test_answer_that_is_not_there_stops_the_training(self, tmp_path):
        """It raises, instead of teaching a wrong position."""
        file = newsroom_file(tmp_path)
        file.write_text(file.read_text().replace('"start": 11', '"start": 12'))
        with pytest.raises(SystemExit, match="does not stand at 12"):
            read_newsroom(file, held_out=False)


def test_company_is_an_article_for_each_page(tmp_path):
    """A page is one file with its title and paragraphs, named by its title."""
    file = tmp_path / "wiki.json"
    asked = {"id": "1", "question": "Who?", "answers": [{"text": "It", "answer_start": 0}]}
    file.write_text(squad(("AC/DC_live", "It rained.", [asked])))
    assert write_company(file, tmp_path) == []
    assert (tmp_path / "wiki-AC-DC_live.txt").read_text() == "AC/DC live\n\nIt rained.\n"


def test_company_asks_only_what_trains_no_reader(tmp_path):
    """The confidence is not fitted to questions that train the reader."""
    file = tmp_path / "wiki.json"
    asked = {"question": "Who?", "answers": [{"text": "Ida", "answer_start": 0}]}
    titles = ["Quay", *sorted(HELD_OUT_ARTICLES)]
    file.write_text(squad(*((t, "Ida came.", [asked | {"id": t}]) for t in titles)))
    found = write_company(file, tmp_path)
    assert [gold.articles for gold in found] == [
        frozenset({f"wiki-{title}.txt"}) for title in sorted(HELD_OUT_ARTICLES)
    ]
    assert all((tmp_path / name).exists() for gold in found for name in gold.articles)


def _hard_questions(newsroom: Path) -> list[dict[str, object]]:
    """A question without an answer about each article."""
    ids = [json.loads(line)["id"] for line in newsroom.read_text().splitlines()]
    asked = {"question": "Why?", "answers": [], "start": None, "kind": "why"}
    return [{"id": id, "questions": [asked]} for id in ids]


def _everyday_questions(newsroom: Path) -> list[dict[str, object]]:
    """Keywords about each article, with its text as the evidence."""
    rows = map(json.loads, newsroom.read_text().splitlines())
    asked = {"question": "quay", "answers": [], "start": None, "kind": "keyword"}
    return [{"id": r["id"], "questions": [asked | {"evidence": [r["text"]]}]} for r in rows]


def _conversation(article: str, text: str) -> dict[str, object]:
    """A conversation of a question that the text answers and a follow-up that it does not."""
    first = {"question": "quay?", "standalone": "quay?", "searched": "quay?", "from": None}
    first |= {"article": article, "answers": [text], "start": 0, "evidence": [text]}
    second = {"question": "why?", "standalone": "Why the quay?", "searched": "why (quay)"}
    second |= {"from": 0, "article": None, "answers": [], "start": None, "evidence": []}
    return {"id": article, "turns": [first, second]}


def _conversations(newsroom: Path) -> list[dict[str, object]]:
    """A conversation about each article."""
    rows = map(json.loads, newsroom.read_text().splitlines())
    return [_conversation(row["id"], row["text"]) for row in rows]


def test_a_follow_up_is_asked_in_full_and_as_it_is_searched_for(tmp_path):
    """A question that stands alone is asked once."""
    newsroom = newsroom_file(tmp_path)
    file = tmp_path / "conversations.jsonl"
    file.write_text("\n".join(map(json.dumps, _conversations(newsroom))))
    found = read_conversations(newsroom, file, held_out=True)
    assert [asked.question for asked in found[0].asked] == ["quay?", "Why the quay?", "why (quay)"]
    assert [bool(asked.golds) for asked in found[0].asked] == [True, False, False]
    turns = read_follow_ups(newsroom, file, held_out=True)
    assert {turn.gold.question for turn in turns} == {"why (quay)"}
    assert len(turns) == len(found)


def _marked(source: str) -> dict[str, object]:
    """A question of a source, whose answer two annotators marked in different places."""
    answers = [{"text": "Ida", "start": 0}, {"text": "it", "start": 8}, {"text": "no", "start": 1}]
    row = {"source": source, "split": "train", "question": "Who?", "answers": answers}
    return row | {"context": f"Ida won it in {source}."}


def test_answer_marked_at_a_wrong_place_is_left_out(tmp_path):
    """The shares are those of the answers that stand where they were marked."""
    file = tmp_path / "others.jsonl"
    file.write_text(json.dumps(_marked("reddit")))
    [found] = read_others(file, source="reddit", split="train")
    assert found.asked[0].golds == (Gold(0, 3, 0.5), Gold(8, 10, 0.5))
    assert read_others(file, source="reddit", split="dev") == []


def _encyclopaedia_row(number: int) -> dict[str, object]:
    """An article of one paragraph, with a question that it answers and one that it does not."""
    text = f"Reef {number} was charted by Ida."
    asked = [{"question": "Who charted it?", "answers": ["Ida"], "start": text.index("Ida")}]
    paragraph = {"text": text, "questions": asked, "unanswerable": ["Who owns it?"]}
    return {"title": f"Reef {number}", "paragraphs": [paragraph]}


def test_an_encyclopaedia_paragraph_is_a_text_of_its_own(tmp_path):
    """Its unanswerable questions have no gold."""
    file = tmp_path / "encyclopaedia.jsonl"
    file.write_text("\n".join(map(json.dumps, map(_encyclopaedia_row, range(1, 11)))))
    train = read_encyclopaedia(file, held_out=False)
    apart = read_encyclopaedia(file, held_out=True)
    assert [source.title for source in apart] == ["Reef 3", "Reef 7"]
    assert len(train) == 8
    assert [bool(asked.golds) for asked in train[0].asked] == [True, False]


def test_articles_about_one_event_are_all_held_out_or_none(tmp_path):
    """A reader that learned from one paper's article would know the other's."""
    file = tmp_path / "events.jsonl"
    file.write_text("\n".join(json.dumps(_event_row(n // 2, n)) for n in range(40)))
    parts = [event_rows(file, held_out=held_out) for held_out in (False, True)]
    events = [{row["event"] for row in part} for part in parts]
    assert [len(part) for part in parts] == [2 * len(part) for part in events]
    assert events[0].isdisjoint(events[1])
    assert all(events)
    (source, *_) = read_events(file, held_out=True)
    assert [bool(asked.golds) for asked in source.asked] == [True, False]


def _event_row(event: int, paper: int) -> dict[str, object]:
    """An article with a question that it answers, and one that it does not."""
    text = f"Ida beat Bo by {paper} votes."
    asked = {"question": "Who lost?", "answers": ["Bo"], "start": 9, "evidence": [text]}
    missing = {"question": "Who was third?", "answers": [], "evidence": [], "note": "no third"}
    return {
        "id": f"vote-{paper}",
        "event": f"vote/{event}",
        "title": "A vote",
        "date": "2001-05-03",
        "text": text,
        "questions": [asked, missing],
    }


def test_labels_of_sentences_are_numbers_with_a_fraction():
    """Their loss needs floats, also if a batch has no sentence that is only partly right."""
    (target,) = batches.targets(TOKENIZER, [TrainingExample("Who?", "", "Ida won.", (), ())])
    assert batches.tensors([target]).answers.dtype == torch.float32


def _role(split: str) -> dict[str, object]:
    """A question of `roles.jsonl` about a sentence, which names its split."""
    sentence = f"Ida moored the {split} boat."
    return {
        "context": sentence,
        "question": f"Who moored the {split} boat?",
        "answers": [{"text": "Ida", "start": 0}],
        "split": split,
        "generic": False,
    }


class TestPasses:
    @pytest.fixture
    def corpus(self, tmp_path) -> epochs.Corpus:
        """All three files, with pages and lines that are held out."""
        wiki, qamr = tmp_path / "wiki.json", tmp_path / "qamr.jsonl"
        pages = [
            (title, f"{title} is old. Its {title} was built by Ida.", [
                {"question": f"Who built {title}?", "answers": [{"text": "Ida", "answer_start": 0}]}
            ])
            for title in ["Quay", "Pier", *sorted(HELD_OUT_ARTICLES)]
        ]  # fmt: skip
        wiki.write_text(squad(*pages))
        rows = [
            {
                "context": f"Ida won race {n}.",
                "question": f"Who won {n}?",
                "start": 0,
                "answer": "Ida",
            }
            for n in range(10)
        ]
        qamr.write_text("\n".join(map(json.dumps, rows)))
        newsroom = newsroom_file(tmp_path)
        hard, others = tmp_path / "hard.jsonl", tmp_path / "others.jsonl"
        hard.write_text("\n".join(map(json.dumps, _hard_questions(newsroom))))
        everyday = tmp_path / "everyday.jsonl"
        everyday.write_text("\n".join(map(json.dumps, _everyday_questions(newsroom))))
        sources = ("new-wiki", "discourse", "fairytale", "reddit", "amazon_reviews")
        others.write_text("\n".join(map(json.dumps, map(_marked, sources))))
        conversations = tmp_path / "conversations.jsonl"
        conversations.write_text("\n".join(map(json.dumps, _conversations(newsroom))))
        files = {"hard": hard, "everyday": everyday, "others": others}
        files["conversations"] = conversations
        encyclopaedia = files["encyclopaedia"] = tmp_path / "encyclopaedia.jsonl"
        encyclopaedia.write_text("\n".join(map(json.dumps, map(_encyclopaedia_row, range(1, 11)))))
        events = files["events"] = tmp_path / "events.jsonl"
        events.write_text("\n".join(json.dumps(_event_row(n // 2, n)) for n in range(40)))
        files["roles"] = tmp_path / "roles.jsonl"
        files["roles"].write_text("\n".join(map(json.dumps, map(_role, ("train", "dev")))))
        return epochs.Corpus(qamr=qamr, wiki=wiki, newsroom=newsroom, **files)

    def test_no_pass_holds_what_is_held_out(self, corpus, monkeypatch):
        """Held-out text is neither a question's passage nor a distractor."""
        monkeypatch.setattr(epochs, "as_typed", lambda question, chance: question)
        for epoch, mixture in enumerate((*epochs.EPOCHS, *epochs.LARGE_EPOCHS)):
            examples = corpus.examples(mixture, epoch)
            texts = " ".join(f"{e.question} {e.context} {e.passage}" for e in examples)
            assert examples
            assert not [title for title in HELD_OUT_ARTICLES if title in texts]
            held_out_titles = [n for n in range(1, 21) if n % 10 in HELD_OUT_DIGITS]
            assert not [
                n for n in held_out_titles if f"Harbour {n} " in texts or f"harbour {n}?" in texts
            ]

    def test_a_pass_follows_from_its_number_alone(self, corpus):
        """A resumed training continues with the same examples."""
        one, other = epochs.EPOCHS[:2]
        first = corpus.examples(one, 0)
        assert corpus.examples(other, 1) == corpus.examples(other, 1) != first
        assert corpus.examples(one, 0) == first

    def test_the_large_reader_learns_roles_but_not_those_of_dev(self, corpus):
        """A question about "someone" stands not alone, and trains no reader either."""
        mixture = replace(epochs.LARGE_EPOCHS[0], roles=1.0)
        asked = {example.question for example in corpus.examples(mixture, 0)}
        assert any("train" in question for question in asked)
        assert not any("dev" in question or "someone" in question for question in asked)

    def test_first_pass_holds_every_question_of_its_files(self, corpus):
        """A tenth of the questions are asked of a passage of another article."""
        mixture = epochs.EPOCHS[0]
        examples = corpus.examples(mixture, 0)
        assert len(examples) == 10 + 2 + round(10 * mixture.distractors) + round(
            2 * mixture.distractors
        )
        assert sum(not e.golds for e in examples) == 1


def test_distractor_holds_none_of_the_answers():
    """It shares the question's words, but contains no answer."""
    sources = [
        source("Ida built the quay in 1911.", title="One"),
        source("The quay was built in stone.", title="Two"),
        source("Gulls nest.", title="Three"),
    ]
    asked = SourceQuestion("Who built the quay?", (Gold(0, 3, 1.0),), ("Ida",))
    near = Distractors(sources, tokens=50).near([asked], chance=random.Random(0), among=8)
    assert near == [
        TrainingExample("Who built the quay?", "Two", "The quay was built in stone.", ())
    ]


class TestAsTyped:
    def test_it_follows_from_the_seed(self):
        """The same seed gives the same text, and most questions are unchanged."""
        question = "Who built the old quay in the harbour?"
        typed = [as_typed(question, random.Random(seed)) for seed in range(400)]
        assert typed == [as_typed(question, random.Random(seed)) for seed in range(400)]
        assert 0.5 < typed.count(question) / 400 < 0.6
        assert "Who built the old quay in the harbour" in typed
        assert "Who built old quay harbour?" in typed

    @given(st.text(max_size=30), st.integers(0, 200))
    def test_any_question_can_be_typed(self, question, seed):
        """Any question works, however short, and none gets longer."""
        assert len(as_typed(question, random.Random(seed))) <= len(question)


def example(words: int, gold: tuple[str, ...] = ()) -> TrainingExample:
    passage = " ".join(["red"] * words)
    return TrainingExample("who", "", passage, tuple(Gold(0, 3, 1 / len(gold)) for _ in gold))


class TestBatches:
    @given(
        lengths=st.lists(st.integers(1, 120), max_size=60),
        tokens=st.integers(150, 900),
        seed=st.integers(0, 9),
    )
    def test_every_example_once_in_batches_that_fit(self, lengths, tokens, seed):
        """No batch, padded to its longest example, exceeds the limit."""
        found = batches.targets(TOKENIZER, [example(length) for length in lengths])
        made = batches.batched(found, tokens=tokens, seed=seed)
        assert sorted(map(id, found)) == sorted(id(item) for batch in made for item in batch)
        assert all(batch for batch in made)
        assert all(len(b) * max(item.length for item in b) <= tokens for b in made)
        again = batches.batched(found, tokens=tokens, seed=seed)
        assert [[id(i) for i in b] for b in again] == [[id(i) for i in b] for b in made]

    def test_truth_by_hand(self):
        """The shares are at the tokens of the golds, or at position 0 without any."""
        text = "It rained. Ida Roe won."
        asked = TrainingExample("who", "", text, (Gold(11, 18, 0.75), Gold(15, 18, 0.25)))
        one, none = batches.targets(TOKENIZER, [asked, example(2)])
        ida = one.packed.passage + 3
        assert (one.starts, one.ends) == ({ida: 0.75, ida + 1: 0.25}, {ida + 1: 1.0})
        assert (none.starts, none.ends) == ({0: 1.0}, {0: 1.0})

    def test_gold_that_was_cut_off_is_no_answer(self):
        """An answer outside the window is not taught."""
        text = "red " * LONGEST + "Ida"
        long = TrainingExample("who", "", text, (Gold(len(text) - 3, len(text), 1.0),))
        [target] = batches.targets(TOKENIZER, [long])
        assert (target.starts, target.ends) == ({0: 1.0}, {0: 1.0})

    def test_sentence_targets_by_hand(self):
        """A sentence with an answer is one; a repetition of its words elsewhere is left out."""
        text = "It rained. Ida Roe won. So Ida Roe left."
        asked = TrainingExample("who", "", text, (Gold(11, 18, 1.0),))
        [target] = batches.targets(TOKENIZER, [asked])
        start = target.packed.passage
        assert [(s.tokens, s.answers) for s in target.sentences] == [
            (range(start, start + 3), 0),
            (range(start + 3, start + 7), 1.0),
        ]

    def test_evidence_settles_without_exact_words(self):
        """Keywords have no words as an answer, but sentences to read."""
        asked = TrainingExample("quay", "", "It rained. The quay fell.", (), ((11, 25),))
        [target] = batches.targets(TOKENIZER, [asked])
        assert (target.starts, [s.answers for s in target.sentences]) == ({0: 1.0}, [0, 1.0])

    def test_log_odds_of_a_sentence_are_the_mean_over_its_tokens(self):
        """Tokens of no sentence, such as the question and the padding, do not count."""
        text = "It rained. Ida Roe won."
        asked = TrainingExample("who", "", text, (Gold(11, 18, 1.0),))
        made = batches.tensors(batches.targets(TOKENIZER, [asked, example(2)]))
        settles = torch.arange(made.ids.numel(), dtype=torch.float32).reshape(made.ids.shape)
        assert made.answers.tolist() == [0, 1, 0]
        found = batches.sentence_logits(settles, made)
        assert found.tolist() == [4.0, 7.5, made.ids.shape[1] + 3.5]

    def test_tensors_by_hand(self):
        """Padding is masked, and only the passage and position 0 are allowed."""
        found = batches.targets(TOKENIZER, [example(2, ("red",)), example(3)])
        made = batches.tensors(found)
        assert made.mask.tolist() == [[1] * 6 + [0], [1] * 7]
        assert made.types.tolist() == [[0, 0, 0, 1, 1, 1, 0], [0, 0, 0, 1, 1, 1, 1]]
        assert made.allowed.int().tolist() == [[1, 0, 0, 1, 1, 0, 0], [1, 0, 0, 1, 1, 1, 0]]
        assert made.starts.tolist() == [[0, 0, 0, 1, 0, 0, 0], [1, 0, 0, 0, 0, 0, 0]]
        assert made.ids[0, -1] == 0
        assert made.starts.dtype == torch.float32


class TestStart:
    def test_training_starts_from_the_reader_that_ships(self, tmp_path):
        """The checkpoint has the logits of the int8 file, whose weights were smoothed."""
        build(SHIPPED, tmp_path)
        model = ReaderModel.from_pretrained(tmp_path, attn_implementation="eager").eval()
        reading = ReaderInput("", "Ida Roe built the quay in 1911. It rained.")
        [[packed]] = pack(TOKENIZER, "Who built the quay?", [reading])
        ids, mask, types = (torch.from_numpy(array) for array in packed.feed.values())
        with torch.inference_mode():
            found = model(ids, mask, types)
        [[shipped]] = PackagedNetwork(SHIPPED).windows("Who built the quay?", [reading])
        inside = slice(packed.passage, packed.passage + len(packed.offsets))
        for ours, theirs in ((found.starts, shipped.starts), (found.settles, shipped.settles)):
            assert np.corrcoef(ours[0, inside].numpy(), theirs)[0, 1] > 0.97

    def test_the_large_reader_takes_our_vocabulary(self):
        """Each word keeps its embedding, and the special tokens have BERT's names."""
        theirs, ours = (
            Tokenizer(WordLevel({word: id for id, word in enumerate(words.split())}, "[UNK]"))
            for words in (
                "<s> <pad> </s> ida [UNK] won <mask>",
                "[PAD] [UNK] [CLS] [SEP] [MASK] won ida",
            )
        )
        config = MPNetConfig(
            vocab_size=7, hidden_size=4, num_hidden_layers=1, num_attention_heads=1, pad_token_id=1
        )
        model = LargeReaderModel(config)
        before = model.get_input_embeddings().weight.detach().clone()
        take_vocabulary(model, theirs, ours)
        after = model.get_input_embeddings().weight.detach()
        assert torch.equal(after, before[[1, 4, 0, 2, 6, 5, 3]])
        assert model.config.pad_token_id == 0


class TestSmoothing:
    def test_smoothed_graph_computes_the_same(self, tmp_path):
        """Each channel is divided by a factor, and its row of the weights multiplied by it."""
        inside, weights = TensorProto.FLOAT, np.ones((4, 3), dtype=np.float32)
        weights[1] = 0.01
        graph = helper.make_graph(
            [
                helper.make_node("Gather", ["table", "input_ids"], ["x"]),
                helper.make_node("MatMul", ["x", "w"], ["y"], name="product"),
            ],
            "small",
            [
                helper.make_tensor_value_info(name, TensorProto.INT64, ["n", "length"])
                for name in ("input_ids", "attention_mask", "token_type_ids")
            ],
            [helper.make_tensor_value_info("y", inside, None)],
            [
                numpy_helper.from_array(np.diag([1, 100, 1, 1]).astype(np.float32), "table"),
                numpy_helper.from_array(weights, "w"),
            ],
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
        onnx.save(model, tmp_path / "plain.onnx")
        packed = TokenWindow(np.arange(4), 0, 0, np.zeros((4, 2), dtype=np.int64))
        smooth(tmp_path / "plain.onnx", tmp_path / "smooth.onnx", [packed.feed])
        before, after = (
            onnxruntime.InferenceSession(tmp_path / name).run(None, packed.feed)[0]
            for name in ("plain.onnx", "smooth.onnx")
        )
        np.testing.assert_allclose(after, before, rtol=1e-5)
        scaled = {t.name: t for t in onnx.load(tmp_path / "smooth.onnx").graph.initializer}
        rows = np.abs(numpy_helper.to_array(scaled["w"])).max(axis=1)
        assert 0.5 < rows[1] / rows[0] < 2, "the large channel's row now has the size of the others"
