"""One generation: both searches apply filters alike, and no answer comes from a damaged file."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import DIMENSION, FakeEncoder, Newsroom, scratch
from pullquote.base.atomic_io import file_digest
from pullquote.index import IndexFolder
from pullquote.index.folder.index_files import GenerationRef
from pullquote.index.folder.writer import GenerationWriter
from pullquote.index.manifest import FORMAT, IndexConfig
from pullquote.index.passages import embedding_text, split_passages
from pullquote.integrations.testing.filters import DAYS, FILTERS, NAMES, passes
from pullquote.schema import Article, Filters, Kind, Passage, Role
from pullquote.schema.errors import ArticleUnknown, IndexDamaged, IndexMismatch, IndexMissing
from strategies import Piece, article

CORPORA = st.lists(
    st.tuples(
        st.sets(st.sampled_from(Role), min_size=1),
        st.none() | DAYS,
        st.none() | NAMES,
        st.none() | NAMES,
        st.sampled_from(["pt", "pt-BR", "en", "pto"]),
        st.sampled_from([Kind.REPORT, Kind.OPINION]),
    ),
    max_size=8,
)


def write(
    folder: Path, written: list[Article]
) -> tuple[GenerationWriter, IndexConfig, list[Passage]]:
    """A generation of those articles, not finished yet, and its passages."""
    encoder = FakeEncoder()
    index_config = IndexConfig(
        encoder=encoder.identity, passage_tokens=8, overlap_sentences=1, dense="auto"
    )
    writer = GenerationWriter(folder, None, dimension=encoder.dimension)
    passages = []
    for found in written:
        made = split_passages(found, count_tokens=encoder.count_tokens, budget=8, overlap=1)
        vectors = encoder.encode([embedding_text(p) for p in made])
        writer.add(found, made, vectors, file=found.id)
        passages += made
    return writer, index_config, passages


@settings(max_examples=30)
@given(corpus=CORPORA, asked=st.lists(FILTERS, min_size=1, max_size=12))
def test_both_searches_apply_filters_alike(
    corpus: list[tuple[set[Role], date | None, str | None, str | None, str, Kind]],
    asked: list[Filters],
) -> None:
    """Dense and lexical search each find exactly what a plain predicate allows."""
    written = [
        article(
            *(Piece(role, f"The tide is {role}.") for role in sorted(roles)),
            id=f"{n}.md",
            published=published,
            source=source,
            section=section,
            language=language,
            kind=kind,
        )
        for n, (roles, published, source, section, language, kind) in enumerate(corpus)
    ]
    question = FakeEncoder().encode_question("tide")
    with scratch() as folder:
        writer, index_config, passages = write(Path(folder), written)
        with closing(writer.finish(index_config, corpus=Path(folder), failed=())) as generation:
            for filters in asked:
                expected = {
                    p.id
                    for p in passages
                    if passes(written[int(p.article.removesuffix(".md"))], p, filters)
                }
                assert set(generation.nearest(question, k=999, filters=filters)) == expected
                assert set(generation.matching(["tide"], k=999, filters=filters)) == expected


@pytest.fixture
def harbour(newsroom: Newsroom) -> Newsroom:
    """A newsroom with two articles indexed, one with a comment."""
    newsroom.write(
        "harbour/tide.md",
        "The tide is low.\n\n## Comments\n\n**Gull** | 4 June 2024 - 11:05:09\n\nThe tide lies.",
        title="Low tide",
        standfirst="Low tide",
        source="Harbour Post",
        date="2024-06-04",
    )
    newsroom.write(
        "harbour/pier.md",
        "The pier stands.",
        title="The pier",
        standfirst="The pier",
        source="Gazette",
        language="pt-BR",
    )
    newsroom.rebuild()
    return newsroom


def find(newsroom: Newsroom, filters: Filters) -> list[str]:
    """The texts that lexical search for tide and pier finds; dense search must agree."""
    with closing(newsroom.open()) as generation:
        found = generation.matching(["tide", "pier"], k=9, filters=filters)
        question = newsroom.encoder.encode_question("tide pier")
        assert set(generation.nearest(question, k=9, filters=filters)) == set(found)
        return sorted(generation.passage(passage_id).text for passage_id in found)


TIDE = ["Low tide", "The tide is low."]
PIER = ["The pier", "The pier stands."]


@pytest.mark.parametrize(
    ("filters", "texts"),
    [
        (Filters(), TIDE + PIER),
        (Filters(comments=True), [*TIDE, *PIER, "The tide lies."]),
        (Filters(roles=(Role.COMMENT,)), ["The tide lies."]),
        (Filters(roles=(Role.COMMENT,), comments=True), ["The tide lies."]),
        (Filters(roles=(Role.STANDFIRST,)), ["Low tide", "The pier"]),
        (Filters(sources=("harbour  POST",)), TIDE),
        (Filters(sources=("Gazette", "Harbour Post")), TIDE + PIER),
        (Filters(sources=("Nobody",)), []),
        (Filters(since=date(2024, 6, 4), until=date(2024, 6, 4)), TIDE),
        (Filters(since=date(2024, 6, 5)), []),
        (Filters(until=date(2024, 6, 3)), []),
        (Filters(until=date.max), TIDE),
        (Filters(languages=("en-GB", "pt")), PIER),
        (Filters(languages=("EN",)), TIDE),
        (Filters(kinds=(Kind.REPORT, Kind.OPINION)), TIDE + PIER),
        (Filters(kinds=(Kind.SATIRE,)), []),
    ],
)
def test_filters_by_hand(harbour: Newsroom, filters: Filters, texts: list[str]) -> None:
    """Comments are excluded by default, days inclusive, case ignored, the undated not found."""
    assert find(harbour, filters) == sorted(texts)


def test_an_unknown_article_gets_suggestions(harbour: Newsroom) -> None:
    """A mistyped id gets a suggestion."""
    with closing(harbour.open()) as generation, pytest.raises(ArticleUnknown) as caught:
        generation.article("harbour/tides.md")
    assert caught.value.similar[0] == "harbour/tide.md"
    assert "Did you mean harbour/tide.md" in str(caught.value)


def test_the_manifest_records_what_made_a_generation(harbour: Newsroom) -> None:
    """The manifest has model, settings, counts, and the checksum of every other file."""
    with closing(harbour.open()) as generation:
        manifest = generation.manifest
        assert (generation.name, manifest.generation) == (generation.folder.name,) * 2
        assert manifest.index_config == harbour.index_config()
        assert (manifest.dimension, manifest.articles, manifest.passages) == (DIMENSION, 2, 5)
        files = {path: file_digest(generation.folder / path) for path in manifest.files}
        assert files == {path: facts.sha256 for path, facts in manifest.files.items()}
        segment = {f"segments/{generation.name}/{file}" for file in FILES}
        assert {*segment, "near_duplicates.bin"} == files.keys()


FILES = (
    "articles.db",
    "passages.bin",
    "postings/counts.u8",
    "postings/lengths.i32",
    "postings/places.i64",
    "postings/rows.i32",
    "postings/terms.bin",
    "signatures.bin",
    "vectors.f32",
)


def truncate(path: Path) -> None:
    """Take the last byte away."""
    path.write_bytes(path.read_bytes()[:-1])


def flip(path: Path) -> None:
    """Change one bit in the middle."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("damage", [truncate, flip, Path.unlink])
def test_a_damaged_file_is_never_used_for_answers(
    harbour: Newsroom, damage: Callable[[Path], None]
) -> None:
    """Opening a generation names any changed file, and the next rebuild is sound."""
    with closing(harbour.open()) as generation:
        files = [*generation.manifest.files, "manifest.json"]
        folder = generation.folder
    assert len(files) == len(FILES) + 2
    for name in files:
        backup = shutil.copy2(folder / name, folder.parent.parent / "kept")
        damage(folder / name)
        with pytest.raises(IndexDamaged, match="rebuild-index") as caught:
            harbour.open()
        assert caught.value.path == folder / name
        shutil.copy2(backup, folder / name)
    harbour.open().close()


@pytest.mark.parametrize("damage", [truncate, flip, Path.unlink])
def test_the_previous_generation_answers_for_a_damaged_one(
    harbour: Newsroom, damage: Callable[[Path], None]
) -> None:
    """The damaged file is named, and the next rebuild starts from the previous generation."""
    before = harbour.index.current()
    harbour.write("harbour/pier.md", "The pier fell.", title="The pier", standfirst="The pier")
    current = harbour.index.generation(harbour.rebuild().generation)
    damage(current / "segments" / current.name / "vectors.f32")
    with closing(harbour.open()) as generation:
        assert (generation.name, generation.answers_for) == (before.name, current.name)
        assert generation.damage is not None
        assert generation.damage.path.is_relative_to(current)
        texts = {generation.passage(passage_id).text for passage_id in generation.passage_ids()}
        assert "The pier fell." not in texts
    report = harbour.rebuild()
    assert "continued from the previous generation: The index file" in (report.note or "")
    assert (report.changed, report.embedded) == (1, 0)
    assert [one.name for one in harbour.index.published_generations()] == [
        report.generation,
        before.name,
    ]
    with closing(harbour.open()) as generation:
        assert generation.damage is None


def test_two_damaged_generations_are_an_error(harbour: Newsroom) -> None:
    """The error is about the current generation; neither answers."""
    harbour.write("harbour/pier.md", "The pier fell.", title="The pier", standfirst="The pier")
    harbour.rebuild()
    current, before = harbour.index.published_generations()
    for one in (current, before):
        truncate(harbour.index.generation(one.name) / "manifest.json")
    with pytest.raises(IndexDamaged) as caught:
        harbour.open()
    assert caught.value.path == harbour.index.generation(current.name) / "manifest.json"


def test_a_missing_generation_is_damage(harbour: Newsroom) -> None:
    """A deleted folder that CURRENT names is damage."""
    with closing(harbour.open()) as generation:
        shutil.rmtree(generation.folder)
    with pytest.raises(IndexDamaged, match=r"manifest\.json is damaged: expected a readable file"):
        harbour.open()


@pytest.mark.parametrize(
    ("content", "error"),
    [(None, IndexMissing), (b"garbage", IndexDamaged), (b"../x " + b"0" * 64, IndexDamaged)],
)
def test_without_current_nothing_answers(
    harbour: Newsroom, content: bytes | None, error: type[Exception]
) -> None:
    """A generation that nothing names is not guessed at."""
    current = harbour.index.path / "CURRENT"
    current.unlink()
    if content is not None:
        current.write_bytes(content)
    with pytest.raises(error):
        harbour.open()


@pytest.mark.parametrize("found", ['"format": 99', '"form": 1'])
def test_another_format_is_refused(harbour: Newsroom, found: str) -> None:
    """A generation in the format of another version is not opened; the error says what to do."""
    with closing(harbour.open()) as generation:
        manifest = generation.folder / "manifest.json"
    manifest.write_text(manifest.read_text().replace(f'"format": {FORMAT}', found))
    harbour.index.publish(manifest.parent, before=None)
    with pytest.raises(IndexMismatch, match="made with format") as caught:
        harbour.open()
    assert f"this version of pullquote reads {FORMAT}. Run pullquote rebuild" in str(caught.value)
    assert "or update pullquote if a newer version made the index" in str(caught.value)


def test_a_reader_overtaken_by_two_rebuilds_gets_the_newest(harbour: Newsroom) -> None:
    """A reader that two rebuilds overtake gets the newest generation, not an error."""
    overtaken = harbour.index.current()

    class SlowFolder(IndexFolder):
        """A folder that has read CURRENT before the two rebuilds, and reads it again after them."""

        stale = (overtaken,)

        def published_generations(self) -> list[GenerationRef]:
            [*stale] = self.stale
            self.stale = ()
            return stale or super().published_generations()

    for n in range(2):
        harbour.write(
            "harbour/pier.md", f"The pier fell {n}.", title="The pier", standfirst="The pier"
        )
        harbour.rebuild()
    assert overtaken.name not in harbour.generations()
    with closing(SlowFolder(harbour.index.path).open()) as generation:
        assert generation.name == harbour.index.current().name


def test_an_open_generation_outlives_two_rebuilds(harbour: Newsroom) -> None:
    """An open generation still answers after its files were removed."""
    with closing(harbour.open()) as generation:
        for n in range(2):
            harbour.write(
                "harbour/pier.md", f"The pier fell {n}.", title="The pier", standfirst="The pier"
            )
            harbour.rebuild()
        assert not generation.folder.exists()
        found = generation.matching(["stand"], k=9, filters=Filters())
        assert [generation.passage(passage_id).text for passage_id in found] == ["The pier stands."]
        assert generation.article("harbour/tide.md").source == "Harbour Post"
        question = harbour.encoder.encode_question("The pier. The pier stands.")
        [best, *_] = generation.nearest(question, k=1, filters=Filters())
        assert generation.passage(best).text == "The pier stands."


def test_threads_may_share_a_generation(harbour: Newsroom) -> None:
    """Concurrent questions get the same answers as one after another."""
    asked = [Filters(comments=bool(n % 2), since=date(2024, 6, 1 + n % 9)) for n in range(200)]
    question = harbour.encoder.encode_question("tide")
    with closing(harbour.open()) as generation:

        def find(filters: Filters) -> list[object]:
            found = [
                *generation.matching(["tide"], k=9, filters=filters).items(),
                *generation.nearest(question, k=9, filters=filters).items(),
            ]
            return [(generation.passage(passage_id), score) for passage_id, score in found]

        expected = [find(filters) for filters in asked]
        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(find, asked)) == expected
