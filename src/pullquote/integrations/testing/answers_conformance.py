"""Tests of what every open index promises to searches."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from pullquote.answering import answer_engine
from pullquote.answering.retrieval.retriever import collapse
from pullquote.english.terms import content_terms
from pullquote.index import IndexFolder, read_stats, services
from pullquote.integrations.testing.encoder import FakeEncoder
from pullquote.integrations.testing.filters import FILTERS
from pullquote.integrations.testing.index_pair import (
    ALL,
    EVERYTHING,
    BruteForce,
    IndexPair,
    all_passages,
    brute_force_of,
    check_order,
    retrieve,
)
from pullquote.integrations.testing.sample_corpus import (
    ENDLESS,
    HOSTILE_IDS,
    HOSTILE_SOURCES,
    QUESTIONS,
    URL,
    WHOLE,
)
from pullquote.newsroom import assistant
from pullquote.newsroom.speakers import SpeakerIndex
from pullquote.schema import Filters, Kind, Role
from pullquote.schema.errors import ArticleUnknown, ArticleWithheld, IndexMismatch
from pullquote.schema.fusion import Fusion


class AnswersConformance:
    """Tests of an index that does not change."""

    @pytest.fixture(scope="class")
    @classmethod
    def brute(cls, pair: IndexPair) -> BruteForce:
        """Search by brute force over every passage that may be found."""
        return brute_force_of(pair)

    def test_every_article_equals_the_parsed_one(self, pair: IndexPair) -> None:
        """All fields and characters are the same, even for hostile ids and very long articles."""
        assert pair.tested.articles() == pair.local.articles()
        assert set(HOSTILE_IDS) < set(pair.tested.articles())
        for id in pair.tested.articles():
            assert pair.tested.stored_article(id) == pair.local.stored_article(id), id
        longest = pair.tested.article("endless.md").text
        assert len(longest.encode()) > 2 * 65_535
        assert ENDLESS in longest

    def test_passages_are_those_that_the_articles_are_split_into(self, pair: IndexPair) -> None:
        """The passages and their ids are exactly those that splitting the articles produces."""
        expected = all_passages(pair.local, pair.encoder)
        assert pair.tested.manifest.passages == len(expected)
        found = list(pair.tested.passages([passage.id for passage in expected]))
        assert found == expected

    @pytest.mark.parametrize("question", QUESTIONS)
    def test_nearest_passages_equal_a_brute_force_search(
        self, pair: IndexPair, brute: BruteForce, question: str
    ) -> None:
        """Cosines and order of all passages are right; a smaller `k` returns the first of them."""
        vector = pair.encoder.encode_question(question)
        expected = brute.nearest(vector, ALL)
        found = pair.tested.nearest(vector, k=EVERYTHING, filters=ALL)
        check_order(dict(found), expected)
        few = pair.tested.nearest(vector, k=3, filters=ALL)
        assert list(few.values()) == pytest.approx(list(expected.values())[:3], abs=2e-6)
        passage_ids = list(expected)[:20]
        assert pair.tested.cosines(vector, passage_ids) == pytest.approx(
            [expected[passage_id] for passage_id in passage_ids], abs=2e-6
        )

    @pytest.mark.parametrize("question", QUESTIONS)
    def test_word_search_equals_that_of_a_folder(self, pair: IndexPair, question: str) -> None:
        """The same passages come in the same order. If the index has no words, it finds none."""
        terms = content_terms(question)
        found = pair.tested.matching(terms, k=EVERYTHING, filters=ALL)
        expected = pair.local.matching(terms, k=EVERYTHING, filters=ALL)
        if pair.has_words:
            assert dict(found) == pytest.approx(dict(expected), rel=1e-4)
            assert list(found) == list(expected)
        else:
            assert dict(found) == {}

    def test_rarity_of_words_is_the_same_as_in_a_folder(self, pair: IndexPair) -> None:
        """Each rarity is the same to the last bit, even if the index is not searched by words."""
        terms = [*content_terms(f"{' '.join(QUESTIONS)} {WHOLE}"), "nowhere", "o'brien", '"', "\\"]
        assert pair.tested.rarity(terms) == pair.local.rarity(terms)
        assert pair.tested.unknown_terms(terms) == pair.local.unknown_terms(terms)

    @pytest.mark.parametrize("question", QUESTIONS)
    def test_hits_are_the_same_as_in_a_folder(
        self, pair: IndexPair, brute: BruteForce, question: str
    ) -> None:
        """The same passages come in the same order, with the same scores and articles."""
        vector = pair.encoder.encode_question(question)
        found = pair.hits(question, k=40)
        if pair.has_words:
            expected = retrieve(pair.local, pair.encoder, question, k=40)
            assert [hit.passage for hit in found] == [hit.passage for hit in expected]
            assert [hit.fused_score for hit in found] == [hit.fused_score for hit in expected]
            assert [hit.article for hit in found] == [hit.article for hit in expected]
        else:
            nearest = pair.local.nearest(vector, k=50, filters=ALL)
            fused = Fusion.RECIPROCAL_RANK.fuse([nearest], k=60)
            best = collapse(pair.local.passages(list(fused)))
            assert [hit.passage for hit in found] == list(best)[:40]
            assert {(hit.fused_score, hit.bm25) for hit in found} == {
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
            (Filters(not_sources=("harbour  POST", "x"), since=date(2024, 6, 2)), {"new.md"}),
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
    def test_filters_allow_exactly_the_expected_articles(
        self, pair: IndexPair, brute: BruteForce, filters: Filters, articles: set[str]
    ) -> None:
        """Filters allow exactly the expected articles. Days are inclusive, and case is ignored."""
        vector = pair.encoder.encode_question("the tide at the pier")
        found = pair.tested.nearest(vector, k=EVERYTHING, filters=filters)
        assert {p.article for p in pair.tested.passages(list(found))} == articles
        assert set(found) == set(brute.nearest(vector, filters))

    @pytest.mark.parametrize("name", HOSTILE_SOURCES, ids=lambda name: ascii(name)[:40])
    def test_filter_for_a_source_accepts_any_name(self, pair: IndexPair, name: str) -> None:
        """A source is only found by its whole name, and no name acts as an expression."""
        vector = pair.encoder.encode_question("tide")
        chosen = Filters(sources=(name,))
        found = pair.tested.passages(
            list(pair.tested.nearest(vector, k=EVERYTHING, filters=chosen))
        )
        assert [p.article for p in found] == [f"named.jsonl#{HOSTILE_SOURCES.index(name) + 1}"]

    @settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
    @given(filters=FILTERS)
    def test_random_filters_match_a_predicate(
        self, pair: IndexPair, brute: BruteForce, filters: Filters
    ) -> None:
        """Both searches find exactly what a simple predicate allows."""
        vector = pair.encoder.encode_question("tide")
        found = pair.tested.nearest(vector, k=EVERYTHING, filters=filters)
        assert set(found) == set(brute.nearest(vector, filters))
        words = pair.tested.matching(["tide", "pier"], k=EVERYTHING, filters=filters)
        if pair.has_words:
            assert set(words) == set(
                pair.local.matching(["tide", "pier"], k=EVERYTHING, filters=filters)
            )

    def test_comments_are_found_only_if_asked_for(self, pair: IndexPair) -> None:
        """A reader's comment is found, under its author, only if comments are asked for."""
        with_them = pair.hits("who says the tide lies?", k=100)
        without = pair.hits("who says the tide lies?", k=100, filters=Filters())
        [comment] = [hit for hit in with_them if hit.passage.role is Role.COMMENT]
        assert comment.passage.text == "The tide lies."
        assert comment.passage.context.startswith('Gull "G" O\'Gull: ')
        assert Role.COMMENT not in {hit.passage.role for hit in without}

    def test_withheld_articles_are_never_found_or_opened(self, pair: IndexPair) -> None:
        """No question or filter finds a withheld article; opening it by id is refused."""
        secret = {"held.md", "soon.md"}
        assert secret < set(pair.tested.articles())
        for question in ("the pier is secret", "secret, too"):
            for filters in (
                ALL,
                Filters(),
                Filters(kinds=(Kind.REPORT,)),
                Filters(languages=("en",)),
            ):
                found = {hit.article.id for hit in pair.hits(question, k=50, filters=filters)}
                assert found
                assert not found & secret
        with pytest.raises(ArticleWithheld, match="withheld by its source"):
            pair.tested.article("held.md")
        with pytest.raises(ArticleWithheld, match="embargoed until 2090-01-01 00:00:00"):
            pair.tested.article("soon.md")

    @pytest.mark.parametrize(
        "id", ["' or 1 == 1 or '", '") or id > 0 or ("', "\\", "\x00", "", "x" * 100_000, "\ud800"]
    )
    def test_unknown_id_is_never_run_as_an_expression(self, pair: IndexPair, id: str) -> None:
        """An id that no article has is unknown, whatever its characters."""
        with pytest.raises(ArticleUnknown):
            pair.tested.article(id)

    def test_error_for_an_unknown_article_suggests_similar_ids(self, pair: IndexPair) -> None:
        """A mistyped id gets a suggestion."""
        with pytest.raises(ArticleUnknown) as caught:
            pair.tested.article("post/tides.md")
        assert caught.value.similar[0] == "post/tide.md"

    def test_near_duplicates_and_revisions_equal_those_of_a_folder(self, pair: IndexPair) -> None:
        """Two papers with one story are one source; a newer revision supersedes an older one."""
        assert pair.tested.near_duplicates_of("copy/one.md") == ["copy/two.md"]
        assert pair.tested.near_duplicates_of("post/tide.md") == []
        assert pair.tested.sources(["copy/one.md", "copy/two.md", "post/tide.md"]) == 2
        assert pair.tested.near_duplicate_groups() == pair.local.near_duplicate_groups() == 1
        assert pair.tested.superseded(at=int(time.time())) == {"old.md": "new.md"}
        assert pair.report.copy_groups == 1
        assert [(old.article, old.by) for old in pair.report.superseded] == [("old.md", "new.md")]

    def test_statistics_are_the_same_as_in_a_folder(self, pair: IndexPair) -> None:
        """All counts and failures are the same; only facts such as location and size may differ."""
        stats = read_stats(pair.newsroom.index)
        may_differ = set("index corpus generation created sizes generations searched".split())
        assert stats.searched == ("dense and lexical" if pair.has_words else "dense only")
        tested = {k: v for k, v in stats.model_dump().items() if k not in may_differ}
        local = {k: v for k, v in pair.local_stats.model_dump().items() if k not in may_differ}
        assert {k: tested[k] for k in local} == local
        assert stats.generation == pair.tested.name == pair.report.generation
        assert [failure.path for failure in stats.failed] == ["bad.json"]
        for fact in ("source", "section", "language", "kind"):
            assert pair.tested.articles_by(fact) == pair.local.articles_by(fact)
        assert pair.tested.days() == pair.local.days()
        assert pair.tested.article_versions() == pair.local.article_versions()
        some = [*pair.local.versions()][::2]
        assert pair.tested.article_versions(some) == pair.local.article_versions(some)

    def test_threads_may_share_a_generation(self, pair: IndexPair) -> None:
        """Questions asked concurrently get the same hits as questions asked one after another."""
        expected = [pair.hits(question) for question in QUESTIONS]
        with ThreadPoolExecutor(5) as pool:
            found = list(pool.map(pair.hits, QUESTIONS * 2))
        assert found == expected * 2

    def test_reply_names_the_generation_and_quotes_the_cited_article(
        self, pair: IndexPair, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Every quotation is in the cited article, at the cited position."""
        monkeypatch.setattr(answer_engine, "encoder_of", lambda _: pair.encoder)
        monkeypatch.setattr(services, "encoder_of", lambda _: pair.encoder)
        with assistant.open_assistant(settings=pair.newsroom.settings) as opened:
            reply = opened.ask("Is the pier open?")
            assert reply.generation == pair.tested.name
            citations = [one for answer in reply.answers for one in answer.citations]
            assert citations
            for one in citations:
                assert opened.article(one.article).text[one.start : one.end] == one.quote

    def test_index_made_with_another_model_or_setting_is_refused(
        self, pair: IndexPair, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The error has both values and the command to run."""
        other = FakeEncoder("other")
        for encoder, changed, values in (
            (other, {}, ("fake", "other")),
            (pair.encoder, {"passage_tokens": 99}, ("16", "99")),
        ):
            monkeypatch.setattr(answer_engine, "encoder_of", lambda _, e=encoder: e)
            monkeypatch.setattr(services, "encoder_of", lambda _, e=encoder: e)
            chosen = pair.newsroom.settings.model_copy(update=changed)
            with pytest.raises(IndexMismatch) as caught:
                assistant.open_assistant(settings=chosen)
            assert all(value in str(caught.value) for value in (*values, "rebuild-index"))


class SpeakersConformance:
    """Tests of the speakers of an index."""

    def test_speakers_are_those_of_an_index_in_a_folder(
        self, pair: IndexPair, tmp_path: Path
    ) -> None:
        """Names, counts, claims and audits are the same, wherever the index is stored."""
        with (
            closing(SpeakerIndex(pair.newsroom.index, lambda: pair.tested)) as tested,
            closing(SpeakerIndex(IndexFolder(tmp_path), lambda: pair.local)) as local,
        ):
            speakers = tested.find()
            assert speakers
            assert speakers == local.find()
            for one in speakers:
                assert tested.claims_by(one.name) == local.claims_by(one.name)
            assert tested.audit() == local.audit()


class VocabularyConformance:
    """Tests of an index that does not change."""

    def test_listed_terms_are_the_same_as_in_a_folder(self, pair: IndexPair) -> None:
        """All live terms of letters are listed, for the correction of spelling; or none are."""
        expected, found = (
            set(one.terms()) - set(one.unknown_terms(list(one.terms())))
            for one in (pair.local, pair.tested)
        )
        assert "tide" in expected
        assert all(term.isalpha() for term in expected)
        assert found in (expected, set())

    def test_articles_are_found_by_their_address(self, pair: IndexPair) -> None:
        """Tracking does not count, and an address that no article has finds none."""
        assert pair.tested.articles_at(f"{URL}/?utm_source=x#top") == ["new.md", "old.md"]
        for other in ("https://post.example/piers", "https://post.example", "pier", "", "\ud800"):
            assert pair.tested.articles_at(other) == []
