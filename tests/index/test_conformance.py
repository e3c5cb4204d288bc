"""What every index promises, wherever it stands: in a folder, in milvus-lite, in a real Milvus.

Answers are compared with brute force over the articles, and with what the index in a folder says
of the same corpus.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from conftest import FakeEncoder, Newsroom
from engines import ALL_BUT_GUARDED, ENGINES, QUICK_ENGINES, Engine, NewsroomAnywhere, newsroom_at
from index.duplicates.test_near_duplicates import STORY, WHOLE
from index.folder.test_generation import FILTERS, passes
from milvus_servers import PASSWORD
from pullquote import assistant, services
from pullquote.encoder import Vectors
from pullquote.errors import (
    ArticleUnknown,
    ArticleWithheld,
    IndexLocked,
    IndexMismatch,
    IndexMissing,
    PullquoteError,
)
from pullquote.index import OpenGeneration, Report, Stats, read_stats
from pullquote.passages import embedding_text, split_passages
from pullquote.reader.packaged import PackagedNetwork
from pullquote.retrieval.retriever import Retriever, collapse, fuse
from pullquote.schema import Article, Filters, Hit, Kind, Passage, Role
from pullquote.terms import content_terms

ALL = Filters(comments=True)
EN = Filters(languages=("en",))
EVERYTHING = 9999
URL = "https://post.example/pier"
QUESTIONS = (
    "Is the pier shut?",
    "Who saw the tide?",
    "the harbour of Marlow",
    "what costs 3.5%?",
    "\U0001f469\u200d\U0001f467 ?!",
)
SPITEFUL = (
    "o'brien.md",
    'say "no".md',
    "back\\slash.md",
    "x' or 1 == 1 or 'y.md",
    '") or id > 0 or ("a" == "a.md',
    "{x} 100% $1 #1.md",
    "line\ttab.md",
    "\u05e9\u05dc\u05d5\u05dd/e\u0301\u0323cole \U0001f469\u200d\U0001f467.md",
)
SOURCES = (
    "O'Brien",
    'say "no"',
    "back\\slash",
    "ends with one\\",
    "\\' or 1 == 1 or '",
    '\\") or day > 0 or ("',
    "{source_in}",
    "%s",
    "\\x41\\u0042\\n\\t",
    "\u202eevil\u202c",
    "e\u0301\u0323cole",
    "\U0001f469\u200d\U0001f467",
    "\u05e9\u05dc\u05d5\u05dd",
    "[1, 2]",
    "null",
    "x" * 3000,
)
HOSTILE = (
    "e\u0301\u0323cole and \ufb01ne \u0130stanbul \u1e9e: the tide was low.\n\n"
    "\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd. \u202eevil\u202c said the tide.\n\n"
    "\U0001f469\u200d\U0001f469\u200d\U0001f467 \U0001f1f9\U0001f1ed saw \u200b\ufeffit.\n\n"
    "\u4f60\u597d\u3002\u4e16\u754c\u3002 'Quoted' \"twice\" \\n {braces} %s && || != == in []."
)
OPINION = (
    '<html lang="en"><head><script type="application/ld+json">{"@type": "OpinionNewsArticle", '
    '"headline": "An ugly pier", "publisher": {"name": "Straße"}}</script></head><body><article>'
    f"<h1>An ugly pier</h1><p>{'The pier is ugly. Nobody in town likes the pier. ' * 5}</p>"
    "</article></body></html>"
)
PORTUGUESE = (
    "O molhe do porto está fechado há duas semanas. Os barcos de pesca não puderam sair ontem, "
    "disse o presidente da câmara aos jornalistas."
)
LONG = "\n\n".join(f"The ferry \u4e16\u754c number {n} left harbour {n % 7}." for n in range(60))
ENDLESS = "\u4e16\u754c" * 22_000
"""Words without a space: 132,000 bytes, and a string of Milvus's has 65,535 at the most."""


def stock(newsroom: Newsroom) -> None:
    """Write a corpus that has something of everything."""
    says = '\n\n## Comments\n\n**Gull "G" O\'Gull** | 4 June 2024 - 11:05:09\n\nThe tide lies.'
    newsroom.write(
        "post/tide.md",
        f"The tide is low. It rose 3.5% at the pier.{says}",
        title="Low tide",
        standfirst="Low tide",
        source="Harbour Post",
        section="Sea",
        date="2024-06-04",
    )
    newsroom.write("post/pier.md", PORTUGUESE, title="O molhe", language="pt-BR")
    newsroom.write("old.md", "The pier is shut.", url=URL, date="2024-06-01", source="Gazette")
    newsroom.write("new.md", "The pier is open.", url=URL, date="2024-06-02", source="GAZETTE")
    newsroom.write("view.html", OPINION)
    newsroom.write("copy/one.md", WHOLE, source="Post", date="2024-01-03")
    newsroom.write("copy/two.md", STORY, source="Courier", section="Sea", date="2024-01-05")
    newsroom.write("hostile.md", HOSTILE, title="'\"\\ {tide}", source='O\'Brien "&" Sons\\')
    newsroom.write("long.md", LONG, date="2023-12-31")
    newsroom.write(
        "endless.md", f"The tide {ENDLESS} ends.", title="Endless", section="\"' or 1 == 1 or '\""
    )
    newsroom.write("held.md", "The pier is secret.", status="withheld")
    newsroom.write("soon.md", "The pier is secret, too.", embargo="2090-01-01T00:00:00Z")
    for id in SPITEFUL:
        newsroom.write(id, f"The tide of {len(id)} saw the pier.", title=id.replace("\t", " "))
    newsroom.corpus.joinpath("bad.json").write_text("{")
    record = {"id": "urn:x:'1'\\", "headline": "Boats", "body": "The boats \x01\x7f came.\u2028So."}
    named = [{"source": one, "headline": "H", "body": "The tide is."} for one in SOURCES]
    newsroom.corpus.joinpath("named.jsonl").write_text("\n".join(map(json.dumps, named)))
    newsroom.corpus.joinpath("wire.jsonl").write_text(json.dumps(record), encoding="utf-8")


@dataclass(frozen=True, slots=True, repr=False)
class Library:
    """The stock at one place, open, and the same in a folder."""

    newsroom: NewsroomAnywhere
    open: OpenGeneration
    local: OpenGeneration
    report: Report
    local_stats: Stats

    @property
    def has_words(self) -> bool:
        """Whether it is searched by words."""
        return self.newsroom.place.has_words

    @property
    def encoder(self) -> FakeEncoder:
        """What embedded it."""
        return self.newsroom.encoder

    def hits(self, question: str, *, k: int = 10, filters: Filters = ALL) -> list[Hit]:
        """What is found."""
        return retrieve(self.open, self.encoder, question, k=k, filters=filters)


def retrieve(
    generation: OpenGeneration,
    encoder: FakeEncoder,
    question: str,
    *,
    k: int = 10,
    filters: Filters = ALL,
) -> list[Hit]:
    """The hits for a question as typed."""
    retriever = Retriever(encoder, candidates=50, rrf_k=60)
    with closing(retriever):
        asked = retriever.question(question, generation)
        return retriever.retrieve(asked, generation, k=k, filters=filters)


def all_passages(generation: OpenGeneration, encoder: FakeEncoder) -> list[Passage]:
    """The passages of everything that a generation holds, cut anew."""
    found: list[Passage] = []
    for id in generation.articles():
        article = generation.held(id)
        assert article is not None
        found += split_passages(article, count_tokens=encoder.count_tokens, budget=16, overlap=1)
    return found


@pytest.fixture(scope="module", params=ENGINES)
def library(request: pytest.FixtureRequest) -> Iterator[Library]:
    """The stock, indexed."""
    with (
        newsroom_at(request, request.param) as newsroom,
        newsroom_at(request, Engine.LOCAL) as local,
    ):
        stock(newsroom)
        stock(local)
        report = newsroom.rebuild()
        local.rebuild()
        local_stats = read_stats(local.index)
        with closing(newsroom.open()) as opened, closing(local.open()) as beside:
            yield Library(newsroom, opened, beside, report, local_stats)


@pytest.fixture(params=QUICK_ENGINES)
def newsroom(request: pytest.FixtureRequest) -> Iterator[NewsroomAnywhere]:
    """An empty corpus, and no index yet."""
    with newsroom_at(request, request.param) as made:
        yield made


@dataclass(frozen=True, slots=True, repr=False)
class Brute:
    """Every passage that may answer, its article, and its vector, computed here."""

    passages: list[Passage]
    articles: dict[str, Article]
    vectors: Vectors

    def nearest(self, vector: Vectors, filters: Filters) -> dict[int, float]:
        """The cosine of every passage that passes, best first."""
        cosines = self.vectors @ vector
        found = {
            passage.id: float(cosine)
            for passage, cosine in zip(self.passages, cosines, strict=True)
            if passes(self.articles[passage.article], passage, filters)
        }
        return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


@pytest.fixture(scope="module")
def brute(library: Library) -> Brute:
    """What may answer: of two editions the newer, and nothing that is withheld or embargoed."""
    out = {"held.md", "soon.md", "old.md"}
    articles = {id: library.local.held(id) for id in library.local.articles() if id not in out}
    held = [p for p in all_passages(library.local, library.encoder) if p.article not in out]
    return Brute(held, articles, library.encoder.encode([embedding_text(p) for p in held]))


def check_order(found: dict[int, float], expected: dict[int, float]) -> None:
    """The same passages with the same scores, best first; those as good stand by their numbers."""
    assert dict(found) == pytest.approx(expected, abs=2e-6)
    scores = list(found.values())
    assert all(one >= other - 2e-6 for one, other in pairwise(scores))
    distinct = np.round(list(expected.values()), 4)
    if len(set(distinct.tolist())) == len(distinct):
        assert list(found) == list(expected)


class TestAnswers:
    """What is read of an index that stays as it is."""

    def test_every_article_is_as_it_was_read(self, library: Library) -> None:
        """Each fact and each character; by ids with quotes, too, and of 132,000 bytes."""
        assert library.open.articles() == library.local.articles()
        assert set(SPITEFUL) < set(library.open.articles())
        for id in library.open.articles():
            assert library.open.held(id) == library.local.held(id), id
        longest = library.open.article("endless.md").text
        assert len(longest.encode()) > 2 * 65_535
        assert ENDLESS in longest

    def test_every_passage_is_cut_from_its_article(self, library: Library) -> None:
        """By its number each is what splitting the article gives, and no other is there."""
        expected = all_passages(library.local, library.encoder)
        assert library.open.manifest.passages == len(expected)
        found = list(library.open.passages([passage.id for passage in expected]))
        assert found == expected

    @pytest.mark.parametrize("question", QUESTIONS)
    def test_the_nearest_are_those_of_brute_force(
        self, library: Library, brute: Brute, question: str
    ) -> None:
        """Every passage with its cosine, in order; fewer are the first of more."""
        vector = library.encoder.encode_question(question)
        expected = brute.nearest(vector, ALL)
        found = library.open.nearest(vector, k=EVERYTHING, filters=ALL)
        check_order(dict(found), expected)
        few = library.open.nearest(vector, k=3, filters=ALL)
        assert list(few.values()) == pytest.approx(list(expected.values())[:3], abs=2e-6)
        numbers = list(expected)[:20]
        assert library.open.cosines(vector, numbers) == pytest.approx(
            [expected[number] for number in numbers], abs=2e-6
        )

    @pytest.mark.parametrize("question", QUESTIONS)
    def test_words_match_as_they_do_in_a_folder(self, library: Library, question: str) -> None:
        """The same passages, in the same order; where Milvus knows no words, none."""
        terms = content_terms(question)
        found = library.open.matching(terms, k=EVERYTHING, filters=ALL)
        expected = library.local.matching(terms, k=EVERYTHING, filters=ALL)
        if library.has_words:
            assert dict(found) == pytest.approx(dict(expected), rel=1e-4)
            assert list(found) == list(expected)
        else:
            assert dict(found) == {}

    def test_words_are_as_rare_as_in_a_folder(self, library: Library) -> None:
        """To the last bit, also where Milvus knows no words: the reader weighs by it."""
        terms = [*content_terms(f"{' '.join(QUESTIONS)} {WHOLE}"), "nowhere", "o'brien", '"', "\\"]
        assert library.open.rarity(terms) == library.local.rarity(terms)
        assert library.open.unknown(terms) == library.local.unknown(terms)

    @pytest.mark.parametrize("question", QUESTIONS)
    def test_hits_are_those_of_a_folder(
        self, library: Library, brute: Brute, question: str
    ) -> None:
        """The same passages in the same order with all their scores and articles."""
        vector = library.encoder.encode_question(question)
        found = library.hits(question, k=40)
        if library.has_words:
            expected = retrieve(library.local, library.encoder, question, k=40)
            assert [hit.passage for hit in found] == [hit.passage for hit in expected]
            assert [hit.rrf for hit in found] == [hit.rrf for hit in expected]
            assert [hit.article for hit in found] == [hit.article for hit in expected]
        else:
            fused = fuse([library.local.nearest(vector, k=50, filters=ALL)], k=60)
            best = collapse(library.local.passages(list(fused)))
            assert [hit.passage for hit in found] == list(best)[:40]
            assert {(hit.rrf, hit.bm25) for hit in found} == {
                (fused[hit.passage.id], None) for hit in found
            }
        assert [hit.cosine for hit in found] == pytest.approx(
            [brute.nearest(vector, ALL)[hit.passage.id] for hit in found], abs=2e-6
        )
        for hit in found:
            passage = hit.passage
            assert hit.article.text[passage.start : passage.end] == passage.text

    @pytest.mark.parametrize(
        ("filters", "articles"),
        [
            (Filters(sources=("harbour  POST",)), {"post/tide.md"}),
            (Filters(sources=("gazette", "STRASSE")), {"new.md", "view.html"}),
            (Filters(sources=('O\'Brien "&" Sons\\',)), {"hostile.md"}),
            (Filters(sections=("sea",)), {"post/tide.md", "copy/two.md"}),
            (Filters(sections=("' or 1 == 1 or '",)), {"endless.md"}),
            (Filters(sources=("' or 1 == 1 or '",)), set()),
            (Filters(sources=('") or id > 0 or ("',)), set()),
            (Filters(sources=("\\", "'", '"', "{x}", "%", "\x00", "")), set()),
            (Filters(languages=("pt",)), {"post/pier.md"}),
            (Filters(languages=("de-AT", "PT-br")), {"post/pier.md"}),
            (Filters(kinds=(Kind.OPINION,)), {"view.html"}),
            (Filters(kinds=(Kind.SATIRE,)), set()),
            (Filters(since=date(2024, 6, 2), until=date(2024, 6, 4)), {"post/tide.md", "new.md"}),
            (Filters(until=date(2023, 12, 31)), {"long.md"}),
            (Filters(until=date(2023, 12, 30)), set()),
            (Filters(since=date(2024, 6, 5)), set()),
            (Filters(roles=(Role.COMMENT,)), {"post/tide.md"}),
            (Filters(roles=(Role.STANDFIRST,)), {"post/tide.md"}),
            (
                Filters(
                    since=date(2024, 1, 4),
                    sections=("SEA",),
                    sources=("courier", "nobody"),
                    roles=(Role.BODY,),
                    kinds=(Kind.REPORT,),
                    languages=("en",),
                ),
                {"copy/two.md"},
            ),
        ],
    )
    def test_filters_by_hand(
        self, library: Library, brute: Brute, filters: Filters, articles: set[str]
    ) -> None:
        """Exactly what passes: days inclusive, case ignored, and text is no expression."""
        vector = library.encoder.encode_question("the tide at the pier")
        found = library.open.nearest(vector, k=EVERYTHING, filters=filters)
        assert {p.article for p in library.open.passages(list(found))} == articles
        assert set(found) == set(brute.nearest(vector, filters))

    @pytest.mark.parametrize("name", SOURCES, ids=lambda name: ascii(name)[:40])
    def test_a_source_of_any_name_is_found_by_it(self, library: Library, name: str) -> None:
        """By its whole name, and it alone; whatever that would mean in an expression."""
        vector = library.encoder.encode_question("tide")
        chosen = Filters(sources=(name,))
        found = library.open.passages(
            list(library.open.nearest(vector, k=EVERYTHING, filters=chosen))
        )
        assert [p.article for p in found] == [f"named.jsonl#{SOURCES.index(name) + 1}"]

    @settings(max_examples=10, suppress_health_check=list(HealthCheck))
    @given(filters=FILTERS)
    def test_any_filters(self, library: Library, brute: Brute, filters: Filters) -> None:
        """Both searches leave what a plain predicate leaves."""
        vector = library.encoder.encode_question("tide")
        found = library.open.nearest(vector, k=EVERYTHING, filters=filters)
        assert set(found) == set(brute.nearest(vector, filters))
        words = library.open.matching(["tide", "pier"], k=EVERYTHING, filters=filters)
        if library.has_words:
            assert set(words) == set(
                library.local.matching(["tide", "pier"], k=EVERYTHING, filters=filters)
            )

    def test_comments_answer_when_asked_for(self, library: Library) -> None:
        """A reader's sentence is found with comments, under its author, and not without."""
        with_them = library.hits("who says the tide lies?", k=100)
        without = library.hits("who says the tide lies?", k=100, filters=Filters())
        [comment] = [hit for hit in with_them if hit.passage.role is Role.COMMENT]
        assert comment.passage.text == "The tide lies."
        assert comment.passage.context.startswith('Gull "G" O\'Gull: ')
        assert Role.COMMENT not in {hit.passage.role for hit in without}

    def test_what_may_not_be_shown_never_answers(self, library: Library) -> None:
        """Whatever is asked and filtered; by its id it is refused by name."""
        secret = {"held.md", "soon.md"}
        assert secret < set(library.open.articles())
        for question in ("the pier is secret", "secret, too"):
            for filters in (
                ALL,
                Filters(),
                Filters(kinds=(Kind.REPORT,)),
                Filters(languages=("en",)),
            ):
                found = {hit.article.id for hit in library.hits(question, k=50, filters=filters)}
                assert found
                assert not found & secret
        with pytest.raises(ArticleWithheld, match="withheld by its source"):
            library.open.article("held.md")
        with pytest.raises(ArticleWithheld, match="embargoed until 2090-01-01 00:00:00"):
            library.open.article("soon.md")

    @pytest.mark.parametrize(
        "id", ["' or 1 == 1 or '", '") or id > 0 or ("', "\\", "\x00", "", "x" * 100_000, "\ud800"]
    )
    def test_an_id_is_no_expression(self, library: Library, id: str) -> None:
        """What is no article is unknown, whatever is written in it."""
        with pytest.raises(ArticleUnknown):
            library.open.article(id)

    def test_an_unknown_article_is_told_with_those_like_it(self, library: Library) -> None:
        """A mistyped id gets a suggestion."""
        with pytest.raises(ArticleUnknown) as caught:
            library.open.article("post/tides.md")
        assert caught.value.similar[0] == "post/tide.md"

    def test_copies_and_editions_are_told_as_in_a_folder(self, library: Library) -> None:
        """Two papers with one story are one source; the older edition gives way to the newer."""
        assert library.open.copies_of("copy/one.md") == ["copy/two.md"]
        assert library.open.copies_of("post/tide.md") == []
        assert library.open.sources(["copy/one.md", "copy/two.md", "post/tide.md"]) == 2
        assert library.open.copy_groups() == library.local.copy_groups() == 1
        assert library.open.superseded(at=int(time.time())) == {"old.md": "new.md"}
        assert library.report.copy_groups == 1
        assert [(old.article, old.by) for old in library.report.superseded] == [
            ("old.md", "new.md")
        ]

    def test_figures_are_those_of_a_folder(self, library: Library) -> None:
        """Every count, and what failed; only where it stands and how large it is may differ."""
        told = read_stats(library.newsroom.index)
        apart = {"index", "corpus", "generation", "created", "sizes", "generations", "searched"}
        assert told.searched == ("dense and lexical" if library.has_words else "dense only")
        told_here = {k: v for k, v in told.model_dump().items() if k not in apart}
        local = {k: v for k, v in library.local_stats.model_dump().items() if k not in apart}
        assert {k: told_here[k] for k in local} == local
        assert told.generation == library.open.name == library.report.generation
        assert [failure.path for failure in told.failed] == ["bad.json"]
        for fact in ("source", "section", "language", "kind"):
            assert library.open.articles_by(fact) == library.local.articles_by(fact)
        assert library.open.days() == library.local.days()
        assert library.open.article_versions() == library.local.article_versions()

    def test_threads_may_share_a_generation(self, library: Library) -> None:
        """Many questions at once are answered as one by one."""
        expected = [library.hits(question) for question in QUESTIONS]
        with ThreadPoolExecutor(5) as pool:
            found = list(pool.map(library.hits, QUESTIONS * 2))
        assert found == expected * 2

    def test_a_reply_names_the_generation_and_cites_what_stands_there(
        self, library: Library, network: PackagedNetwork, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Every quotation is in the article, at its place."""
        monkeypatch.setattr(assistant, "encoder_of", lambda _: library.encoder)
        monkeypatch.setattr(services, "encoder_of", lambda _: library.encoder)
        with assistant.open_assistant(settings=library.newsroom.settings) as opened:
            reply = opened.ask("Is the pier open?")
            assert reply.generation == library.open.name
            citations = [one for answer in reply.answers for one in answer.citations]
            assert citations
            for one in citations:
                assert opened.article(one.article).text[one.start : one.end] == one.quote

    def test_another_model_or_setting_is_refused(
        self, library: Library, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """With both values, and the command to run."""
        other = FakeEncoder("other")
        for encoder, changed, values in (
            (other, {}, ("fake", "other")),
            (library.encoder, {"passage_tokens": 99}, ("16", "99")),
        ):
            monkeypatch.setattr(assistant, "encoder_of", lambda _, e=encoder: e)
            monkeypatch.setattr(services, "encoder_of", lambda _, e=encoder: e)
            chosen = library.newsroom.settings.model_copy(update=changed)
            with pytest.raises(IndexMismatch) as caught:
                assistant.open_assistant(settings=chosen)
            assert all(value in str(caught.value) for value in (*values, "rebuild-index"))


class Broken(FakeEncoder):
    """An encoder that fails at its `at`th text, or gives numbers that are none."""

    def __init__(self, *, at: int | None = None, nan: bool = False) -> None:
        super().__init__()
        self._at, self._nan = at, nan

    def encode(self, texts: list[str]) -> Vectors:
        """Vectors, until it breaks."""
        if self._at is not None and len(self.encoded) + len(texts) > self._at:
            raise MemoryError("the encoder broke")
        rows = super().encode(texts)
        if self._nan:
            rows[-1, 3] = np.nan
        return rows


def found_in(newsroom: NewsroomAnywhere, question: str = "the tide at the pier") -> dict[str, str]:
    """The texts of the articles that a question finds, by id, in the current generation."""
    with closing(newsroom.open()) as generation:
        hits = retrieve(generation, newsroom.encoder, question, k=200)
        return {hit.article.id: hit.article.text for hit in hits}


def left_over(newsroom: NewsroomAnywhere) -> int:
    """How many things the index keeps: generations on disk, or collections in Milvus."""
    place = newsroom.place
    if place.engine is Engine.LOCAL:
        return len(newsroom.generations())
    return 0 if place.engine is Engine.LITE else len(place.collections())


EVERYWHERE = pytest.mark.parametrize("newsroom", ALL_BUT_GUARDED, indirect=True)
"""For what must be tried on the standalone server too, where it takes minutes."""


class TestRebuilds:
    """What a rebuild does, and what it leaves where it fails."""

    @EVERYWHERE
    def test_only_what_changed_is_done(self, newsroom: NewsroomAnywhere) -> None:
        """One is added, one corrected, one withdrawn, one renamed; the rest stays as it was."""
        for n in range(6):
            newsroom.write(f"{n}.md", f"The tide {n} was low.")
        first = newsroom.rebuild()
        assert (first.added, first.articles, first.passages, first.embedded) == (6, 6, 6, 6)
        newsroom.write("new.md", "The tide is new.")
        newsroom.write("1.md", "The tide was high, we are sorry.")
        (newsroom.corpus / "2.md").unlink()
        (newsroom.corpus / "3.md").rename(newsroom.corpus / "kept.md")
        newsroom.encoder.encoded.clear()
        report = newsroom.rebuild()
        changed = (report.added, report.changed, report.removed, report.renamed, report.unchanged)
        assert changed == (1, 1, 1, 1, 3)
        assert (report.articles, report.passages, report.embedded) == (6, 6, 2)
        assert sorted(newsroom.encoder.encoded)[-1].endswith("The tide was high, we are sorry.")
        assert found_in(newsroom) == {
            "0.md": "The tide 0 was low.",
            "1.md": "The tide was high, we are sorry.",
            "4.md": "The tide 4 was low.",
            "5.md": "The tide 5 was low.",
            "kept.md": "The tide 3 was low.",
            "new.md": "The tide is new.",
        }

    def test_nothing_changed_is_nothing_done(self, newsroom: NewsroomAnywhere) -> None:
        """The generation stays, nothing is embedded, and nobody is told of progress."""
        newsroom.write("tide.md", "The tide was low.")
        first = newsroom.rebuild()
        told: list[int] = []
        again = newsroom.rebuild(progress=lambda done, total: told.append(done))
        assert again.generation == first.generation
        assert (again.unchanged, again.embedded, again.reused, told) == (1, 0, 0, [])

    def test_an_index_that_grew_answers_like_one_made_anew(
        self, newsroom: NewsroomAnywhere, request: pytest.FixtureRequest
    ) -> None:
        """After many small rebuilds: the same hits, scores and figures; and by force as well."""
        for step in range(5):
            for n in range(step, step + 6):
                newsroom.write(f"{n}.md", f"The tide {n} was {step}. Boats {n * step} came.")
            (newsroom.corpus / f"{step - 1}.md").unlink(missing_ok=True)
            newsroom.rebuild()
        with newsroom_at(request, Engine.LOCAL) as fresh:
            for path in newsroom.corpus.iterdir():
                fresh.write(path.name, path.read_text())
            fresh.rebuild()
            for again in (False, True):
                if again:
                    newsroom.encoder.encoded.clear()
                    assert newsroom.rebuild(force=True).embedded == 0
                with closing(newsroom.open()) as grown, closing(fresh.open()) as anew:
                    assert grown.articles() == anew.articles()
                    terms = content_terms("boats came to the tide 4")
                    assert grown.rarity(terms) == anew.rarity(terms)
                    vector = newsroom.encoder.encode_question("boats of the tide 4")
                    check_order(
                        dict(grown.nearest(vector, k=99, filters=ALL)),
                        dict(anew.nearest(vector, k=99, filters=ALL)),
                    )
                    if newsroom.place.has_words:
                        words = grown.matching(terms, k=99, filters=ALL)
                        expected = anew.matching(terms, k=99, filters=ALL)
                        assert dict(words) == pytest.approx(dict(expected), rel=1e-4)

    def test_failed_files_are_named_until_they_are_mended(self, newsroom: NewsroomAnywhere) -> None:
        """In the report and in the figures; the others answer."""
        newsroom.write("tide.md", "The tide was low.")
        bad = newsroom.corpus / 'it\'s "bad".json'
        bad.write_text("{")
        report = newsroom.rebuild()
        assert [failure.path for failure in report.failed] == [bad.name]
        assert report.failed[0].reason
        assert read_stats(newsroom.index).failed == report.failed
        assert list(found_in(newsroom)) == ["tide.md"]
        bad.write_text(json.dumps({"headline": "Boats", "body": "The boats came to the pier."}))
        assert newsroom.rebuild().failed == ()
        assert set(found_in(newsroom)) == {"tide.md", bad.name}

    @EVERYWHERE
    def test_of_two_rebuilds_one_builds(self, newsroom: NewsroomAnywhere) -> None:
        """The other says who is at work, disturbs nothing, and may go when that has ended."""
        newsroom.write("tide.md", "The tide was low.")
        with newsroom.index.rebuilding():
            with pytest.raises(IndexLocked, match="Another rebuild is working on the index"):
                newsroom.rebuild()
            assert newsroom.index.holder() is not None
        assert newsroom.index.holder() is None
        assert newsroom.rebuild().articles == 1

    @EVERYWHERE
    def test_a_reader_keeps_its_generation(self, newsroom: NewsroomAnywhere) -> None:
        """While two others follow, and after: one that asks anew gets the newest."""
        for n in range(4):
            newsroom.write(f"{n}.md", f"The tide {n} has number 0.")
        newsroom.rebuild()
        with closing(newsroom.open()) as held:
            before = retrieve(held, newsroom.encoder, "which number has the tide?", k=9)
            for number in (1, 2):
                for n in range(4):
                    newsroom.write(f"{n}.md", f"The tide {n} has number {number}.")
                newsroom.rebuild()
                after = retrieve(held, newsroom.encoder, "which number has the tide?", k=9)
                assert after == before
                assert held.article("3.md").text == "The tide 3 has number 0."
                told = found_in(newsroom).values()
                assert {text.rpartition(" ")[2] for text in told} == {f"{number}."}

    @EVERYWHERE
    def test_a_rebuild_that_breaks_leaves_the_old(self, newsroom: NewsroomAnywhere) -> None:
        """It answers as before, and the next rebuild succeeds and leaves nothing over."""
        if newsroom.place.engine is not Engine.LOCAL:
            newsroom.set(milvus_kept_seconds=0)
        newsroom.write("tide.md", "The tide was low.")
        newsroom.rebuild()
        kept, sound = left_over(newsroom), newsroom.encoder
        for n in range(5):
            newsroom.write(f"{n}.md", f"The tide {n} was at the pier. {'It rose. ' * 40}")
        newsroom.encoder = Broken(at=3)
        with pytest.raises(MemoryError, match="the encoder broke"):
            newsroom.rebuild()
        newsroom.encoder = sound
        assert found_in(newsroom) == {"tide.md": "The tide was low."}
        assert newsroom.rebuild().articles == 6
        assert len(found_in(newsroom)) == 6
        newsroom.write("tide.md", "The tide was high.")
        newsroom.rebuild()
        assert left_over(newsroom) <= 2 * kept

    def test_vectors_that_are_no_numbers_are_refused(self, newsroom: NewsroomAnywhere) -> None:
        """They would be found for every question, or none; the old answers on."""
        newsroom.write("tide.md", "The tide was low.")
        newsroom.rebuild()
        sound, newsroom.encoder = newsroom.encoder, Broken(nan=True)
        newsroom.write("pier.md", "The pier was shut.")
        with pytest.raises(PullquoteError, match="finite"):
            newsroom.rebuild()
        newsroom.encoder = sound
        assert list(found_in(newsroom)) == ["tide.md"]
        assert newsroom.rebuild().articles == 2

    def test_an_embargo_ends_while_the_index_is_open(
        self, newsroom: NewsroomAnywhere, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The clock is asked with every question; no rebuild is needed."""
        end = datetime.now(UTC) + timedelta(hours=1)
        newsroom.write("free.md", "The tide was low.")
        newsroom.write("soon.md", "The tide was high.", embargo=end.isoformat(timespec="seconds"))
        newsroom.rebuild()
        with closing(newsroom.open()) as generation:

            def told() -> set[str]:
                return {h.article.id for h in retrieve(generation, newsroom.encoder, "the tide")}

            assert told() == {"free.md"}
            now = time.time
            monkeypatch.setattr(time, "time", lambda: now() + 3700)
            assert told() == {"free.md", "soon.md"}
            assert generation.article("soon.md").text == "The tide was high."

    def test_what_is_withdrawn_or_withheld_answers_no_more(
        self, newsroom: NewsroomAnywhere
    ) -> None:
        """From the next rebuild on, in both searches; that it is there may be told."""
        for name in ("gone", "held", "kept"):
            newsroom.write(f"{name}.md", f"The tide was {name}.", title=name)
        newsroom.rebuild()
        (newsroom.corpus / "gone.md").unlink()
        newsroom.write("held.md", "The tide was held.", title="held", status="withheld")
        newsroom.rebuild()
        assert list(found_in(newsroom, "gone held kept")) == ["kept.md"]
        with closing(newsroom.open()) as generation:
            with pytest.raises(ArticleUnknown):
                generation.article("gone.md")
            with pytest.raises(ArticleWithheld):
                generation.article("held.md")

    def test_a_corpus_that_is_empty_answers_nothing(self, newsroom: NewsroomAnywhere) -> None:
        """From the first, and when all has been withdrawn."""
        assert newsroom.rebuild().articles == 0
        assert found_in(newsroom) == {}
        tide = newsroom.write("tide.md", "The tide was low.")
        newsroom.rebuild()
        assert list(found_in(newsroom)) == ["tide.md"]
        tide.unlink()
        newsroom.rebuild()
        assert found_in(newsroom) == {}
        assert read_stats(newsroom.index).articles == 0

    def test_without_a_rebuild_there_is_no_index(self, newsroom: NewsroomAnywhere) -> None:
        """The error names the place and the command."""
        with pytest.raises(IndexMissing, match="pullquote rebuild-index") as caught:
            newsroom.open()
        assert newsroom.place.index.rpartition("/")[2] in str(caught.value)

    def test_another_recipe_is_another_index(self, newsroom: NewsroomAnywhere) -> None:
        """Everything is read anew, and the report says why."""
        newsroom.write("tide.md", "The tide was low. It rose. It fell.")
        newsroom.rebuild()
        report = newsroom.rebuild(recipe=newsroom.recipe(tokens=4))
        assert (report.articles, report.passages > 1) == (1, True)
        assert "every article is read anew" in str(report.note)
        with closing(newsroom.open()) as generation:
            assert generation.manifest.recipe == newsroom.recipe(tokens=4)

    def test_an_index_knows_its_corpus(self, newsroom: NewsroomAnywhere) -> None:
        """So that a rebuild that names none reads that one."""
        assert newsroom.index.recorded_corpus() is None
        newsroom.write("tide.md", "The tide was low.")
        newsroom.rebuild()
        recorded = newsroom.index.recorded_corpus()
        assert recorded is not None
        assert recorded.samefile(newsroom.corpus)


@pytest.mark.parametrize("newsroom", ENGINES, indirect=True)
def test_no_secret_is_told(newsroom: NewsroomAnywhere) -> None:
    """Neither in what describes the index nor in an error; one place has a password."""
    newsroom.write("tide.md", "The tide was low.")
    told = [repr(newsroom.settings), repr(newsroom.index), str(newsroom.index.place)]
    with suppress(IndexMissing):
        newsroom.open()
    told.append(str(newsroom.rebuild()))
    told.append(read_stats(newsroom.index).model_dump_json())
    with newsroom.index.rebuilding(), pytest.raises(IndexLocked) as caught:
        newsroom.rebuild()
    told.append(repr(caught.value))
    assert not [text for text in told if PASSWORD[:11] in text]
