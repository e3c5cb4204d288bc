"""What every open index promises to those who ask it."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings

from pullquote import assistant, services
from pullquote.errors import ArticleUnknown, ArticleWithheld, IndexMismatch
from pullquote.fusion import Fusion
from pullquote.index import read_stats
from pullquote.retrieval.retriever import collapse
from pullquote.schema import Filters, Kind, Role
from pullquote.terms import content_terms
from pullquote.testing.encoder import FakeEncoder
from pullquote.testing.filters import FILTERS
from pullquote.testing.library import (
    ALL,
    EVERYTHING,
    Brute,
    Library,
    all_passages,
    brute_of,
    check_order,
    retrieve,
)
from pullquote.testing.stock import ENDLESS, QUESTIONS, SOURCES, SPITEFUL, WHOLE


class AnswersConformance:
    """What is read of an index that stays as it is."""

    @pytest.fixture(scope="class")
    @classmethod
    def brute(cls, library: Library) -> Brute:
        """What may answer, and the vectors of all of it."""
        return brute_of(library)

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
            assert [hit.fused_score for hit in found] == [hit.fused_score for hit in expected]
            assert [hit.article for hit in found] == [hit.article for hit in expected]
        else:
            nearest = library.local.nearest(vector, k=50, filters=ALL)
            fused = Fusion.RECIPROCAL_RANK.fuse([nearest], k=60)
            best = collapse(library.local.passages(list(fused)))
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
        self, library: Library, monkeypatch: pytest.MonkeyPatch
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
