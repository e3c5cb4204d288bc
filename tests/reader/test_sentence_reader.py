"""The sentence reader, with planted similarities and by hand."""

import math
from dataclasses import replace

import numpy as np
import pytest

from pullquote.answering.reader import SentenceFeatures, SentenceModel, SentenceReader
from pullquote.schema import Article, Block, Hit, Passage, Question, Role

NOTHING = SentenceFeatures(**dict.fromkeys(SentenceFeatures.__dataclass_fields__, 0.0))


class PlantedEncoder:
    """An encoder with planted cosines: a text's cosine with the question is that of its words."""

    def __init__(self, planted: dict[str, float]) -> None:
        self.planted = planted

    def encode(self, texts):
        cosines = [next((c for words, c in self.planted.items() if words in t), 0.0) for t in texts]
        return np.array([[c, math.sqrt(1 - c * c)] for c in cosines], dtype=np.float32)

    def encode_question(self, text):
        return np.array([1, 0], dtype=np.float32)


def hit(
    text: str, *, role: Role = Role.BODY, name: str = "a.txt", author: str | None = None
) -> Hit:
    block = Block(role=role, start=0, end=len(text), author=author)
    article = Article(id=name, version="v", text=text, blocks=(block,), title="The harbour")
    passage = Passage(
        id=1, article=name, role=role, start=0, end=len(text), text=text, context="The harbour"
    )
    return Hit(passage=passage, article=article, cosine=0.5, bm25=None, fused_score=0.1)


def reader(weights: dict[str, float], planted: dict[str, float] | None = None) -> SentenceReader:
    model = SentenceModel(weights=weights, none=1.0, fitted_on="by hand")
    return SentenceReader(PlantedEncoder(planted or {}), model)


def test_sentence_that_means_the_question_comes_first():
    """With weight on the cosine alone the planted sentence wins, with log-odds by hand."""
    spans = reader({"cosine": 4.0}, {"Two men": 0.75}).read(
        Question("who took it?", {"took": 1.0}),
        [hit("It rained all week. Two men carried it off. Nobody saw.")],
    )
    assert spans[0].text == "Two men carried it off."
    assert spans[0].span_logit == pytest.approx(4.0 * 0.75 - 1.0)  # competes with no answer alone


def test_overlap_is_weighted_by_rarity():
    """A sentence with the rare word of the question beats one with the common word."""
    question = Question("when did the kittiwake leave?", {"kittiwak": 6.0, "leav": 2.0})
    spans = reader({"overlap": 4.0}).read(
        question, [hit("They leave at dawn. The Kittiwake stays in port.")]
    )
    assert [s.text for s in spans] == ["The Kittiwake stays in port.", "They leave at dawn."]
    assert [s.span_logit for s in spans] == pytest.approx([4 * 0.75 - 1, 4 * 0.25 - 1])


def test_kind_of_thing_asked_for_speaks_for_a_sentence_and_its_lack_against():
    """A question for a number prefers a sentence with a number."""
    spans = reader({"expected_kind": 1.0}).read(
        Question("how many jobs will go?", {"job": 1.0}),
        [hit("Jobs will go at the cannery. The owners put the figure at 214.")],
    )
    assert spans[0].text == "The owners put the figure at 214."
    assert [s.span_logit for s in spans] == pytest.approx([1 - 1, -1 - 1])


def test_all_that_a_comment_says_is_speech():
    """Comments count as speech, even without "said" or quotation marks."""
    [(_, features)] = reader({}).candidates(
        Question("what did Gull say?", {"gull": 1.0}),
        [hit("The ferry is late again.", role=Role.COMMENT, author="Gull")],
    )
    assert (features.expected_kind, features.overlap) == (1.0, 1.0)


def test_name_of_a_commenter_in_the_question_counts_like_meaning():
    """A comment scores higher only if the question names its author."""
    comment = hit("It is late again.", role=Role.COMMENT, author="Gull")
    asked = {"gull": 3.0, "sai": 1.0}
    [(_, named)] = reader({}, {"late": 0.1}).candidates(
        Question("what did Gull say?", asked), [comment]
    )
    [(_, other)] = reader({}, {"late": 0.1}).candidates(
        Question("what was said?", {"sai": 1.0}), [comment]
    )
    assert (named.cosine, other.cosine) == pytest.approx((0.75, 0.1))


def test_sentence_shared_by_two_passages_is_read_once():
    """A sentence in two overlapping windows counts once."""
    text = "The bridge opened. It cost two million."
    spans = reader({}).read(Question("bridge?", {"bridg": 1.0}), [hit(text), hit(text)])
    assert len(spans) == 2


def test_equal_sentences_stand_in_order_of_their_place():
    """Ties are broken by article and offset."""
    spans = reader({}).read(
        Question("bridge?", {"bridg": 1.0}),
        [hit("The bridge. The road.", name="b.txt"), hit("The bridge. The road.", name="a.txt")],
    )
    places = [(s.hit.passage.article, s.start) for s in spans]
    assert places == [("a.txt", 0), ("a.txt", 12), ("b.txt", 0), ("b.txt", 12)]


def test_shares_of_the_choice_and_of_none_are_one():
    """The probabilities of sentences in different blocks and of no answer add up to 1."""
    compared = [replace(NOTHING, cosine=c) for c in (0.9, 0.2, -0.4)]
    model = SentenceModel(weights={"cosine": 3.0}, none=0.5, fitted_on="")
    shares = [1 / (1 + math.exp(-logit)) for logit in model.span_logits(compared, [1, 2, 3])]
    total = math.exp(0.5) + sum(math.exp(3 * c) for c in (0.9, 0.2, -0.4))
    assert sum(shares) + math.exp(0.5) / total == pytest.approx(1.0)


def test_sentences_of_one_block_do_not_compete():
    """Two sentences of one block compete only with sentences of other blocks."""
    compared = [replace(NOTHING, cosine=c) for c in (0.9, 0.8, 0.1)]
    model = SentenceModel(weights={"cosine": 3.0}, none=0.5, fitted_on="")
    first, second, third = model.span_logits(compared, ["a", "a", "b"])
    rivals = math.log(math.exp(0.5) + math.exp(0.3))
    assert (first, second) == pytest.approx((2.7 - rivals, 2.4 - rivals))
    assert third == pytest.approx(0.3 - math.log(math.exp(0.5) + math.exp(2.7) + math.exp(2.4)))


def test_no_hits_give_no_spans():
    """Without hits there are no spans."""
    assert reader({}).read(Question("who?", {}), []) == []


def test_packaged_model_knows_every_feature():
    """The shipped model has a weight for each feature."""
    assert set(SentenceModel.packaged().weights) == set(SentenceFeatures.__dataclass_fields__)


def test_spans_are_whole_sentences():
    """Spans are marked as sentences, since their log-odds differ from those of words."""
    spans = reader({}).read(Question("bridge?", {"bridg": 1.0}), [hit("It opened. It closed.")])
    assert [span.whole_sentence for span in spans] == [True, True]


def test_identity_changes_with_the_weights():
    """The identity depends on the weights and the encoder."""
    identities = {
        SentenceModel(weights={"cosine": weight}, none=1.0, fitted_on="by hand").identity
        for weight in (1.0, 2.0, 1.0)
    }
    assert len(identities) == 2
