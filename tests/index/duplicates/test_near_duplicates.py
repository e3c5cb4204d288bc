"""Near duplicates: articles that count as one story."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from conftest import Newsroom
from pullquote.index.duplicates.near_duplicates import NEIGHBOURS, groups_of_near_duplicates
from pullquote.index.duplicates.signatures import SIGNATURE, Signatures, signature_of
from pullquote.index.folder.near_duplicates_file import NAME
from pullquote.index.folder.segments.segment import SIGNATURES
from pullquote.integrations.testing.sample_corpus import MORE, STORY, WHOLE
from pullquote.schema.errors import ArticleUnknown, IndexDamaged
from strategies import body

OTHER = (
    "The council of Norbury will sell the town's two swimming pools to a company from Oakham for"
    " 2.4m pounds, although 3,100 people had signed a petition against it. Mayor Lee Quarry said"
    " that the roof of the older pool would not last another winter, and that nobody would lose"
    " work before 2026. Swimmers want to take the sale to court in Wexcombe."
)
MATCH = (
    "{0} beat {1} {2}-{3} at home on Saturday in front of a crowd of {4}. The first goal came after"
    " {5} minutes, when {6} headed in a corner from the left. The home side were the better team"
    " for most of the half, and the keeper of {1} had to make several good saves. The manager said"
    " that he was delighted and that his players had worked very hard for the three points."
)


def signed(*texts: str) -> Signatures:
    """The signatures of articles of those words."""
    return np.concatenate([np.empty(0, SIGNATURE), *(signature_of(body(text)) for text in texts)])


@pytest.mark.parametrize(
    "copy",
    [
        WHOLE,
        WHOLE.replace(". ", ".\n\n"),
        f"MARLOW (Reuters) - {WHOLE} Our reporter adds that it rained.",
        STORY,
        MORE + STORY,
        WHOLE.replace("closed", "shut").replace("scandal", "disgrace"),
        WHOLE.replace("piles", "pi1es").replace("harbour", "harb0ur"),
    ],
)
def test_an_edited_story_stays_a_near_duplicate(copy: str) -> None:
    """A story stays a near duplicate when papers cut, reorder, reword or misprint it."""
    assert groups_of_near_duplicates(signed(OTHER, WHOLE, copy)) == [[1, 2]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (WHOLE, OTHER),
        ("The tide is low.", "The tide is low."),
        (
            MATCH.format("Marlow", "Oakham", 2, 0, "4,312", 17, "Hollins"),
            MATCH.format("Ridley", "Dunmore", 3, 1, "12,950", 44, "Farrow"),
        ),
        (
            WHOLE,
            "Der Hafenausschuss in Marlow hat die alte Mole für 14 Tage geschlossen, nachdem eine"
            " Prüfung Risse in drei Pfählen gefunden hatte, sagte Anna Thornby, die die Arbeiten"
            " leitet. Fähren nach Kirkwell fahren bis zum 3. Juni vom Nordkai ab.",
        ),
    ],
)
def test_a_different_story_is_not_a_near_duplicate(one: str, other: str) -> None:
    """Other words, too few words, other facts in one pattern, or a translation: a new story."""
    assert groups_of_near_duplicates(signed(one, other)) == []


def test_a_round_up_is_not_a_near_duplicate_of_its_stories() -> None:
    """A round-up is not a near duplicate of its stories: each is only a small part of it."""
    third = OTHER.translate(str.maketrans("aeiou", "eioua")) + MORE.swapcase()[::-1]
    assert (
        groups_of_near_duplicates(
            signed(STORY, OTHER, "\n".join([WHOLE, OTHER, third, third[::-1]]))
        )
        == []
    )


def test_groups_do_not_depend_on_the_order_of_the_articles() -> None:
    """Groups are the same even if a band has more near duplicates than are compared with each."""
    texts = [f"{WHOLE} Edition number {n} of the {n}th day." for n in range(3 * NEIGHBOURS)]
    together = signed(*texts, OTHER, OTHER)
    here = np.random.default_rng(1).permutation(len(together))
    there = [sorted(here[group].tolist()) for group in groups_of_near_duplicates(together[here])]
    assert sorted(there) == groups_of_near_duplicates(together)
    assert groups_of_near_duplicates(together) == [
        [*range(len(texts))],
        [len(texts), len(texts) + 1],
    ]


def near_duplicates(newsroom: Newsroom, article: str) -> list[str]:
    """The near duplicates of an article in the current generation."""
    with closing(newsroom.open()) as generation:
        return generation.near_duplicates_of(article)


def test_near_duplicates_stay_articles_and_know_their_group(newsroom: Newsroom) -> None:
    """Each near duplicate can be read and lists the others."""
    newsroom.write("a.md", WHOLE, title="Pier shut")
    newsroom.write("b.md", STORY, title="Old pier closed for two weeks")
    newsroom.write("c.md", OTHER, title="Pools")
    report = newsroom.rebuild()
    assert (report.articles, report.copy_groups) == (3, 1)
    assert [near_duplicates(newsroom, id) for id in ("a.md", "b.md", "c.md")] == [
        ["b.md"],
        ["a.md"],
        [],
    ]
    with closing(newsroom.open()) as generation, pytest.raises(ArticleUnknown):
        generation.near_duplicates_of("d.md")


def test_a_group_changes_with_its_articles(newsroom: Newsroom) -> None:
    """Removed articles leave the group; new ones join it, whatever their segment."""
    first = newsroom.write("a.md", WHOLE, title="Pier shut")
    newsroom.write("b.md", STORY, title="Pier closed")
    for n in range(12):
        newsroom.write(f"other/{n}.md", f"{OTHER[n:]} {n}" * 3, title="Pools")
    newsroom.rebuild()
    newsroom.write("c.md", WHOLE, title="Board shuts pier")
    newsroom.rebuild()
    assert near_duplicates(newsroom, "c.md") == ["a.md", "b.md"]
    first.unlink()
    newsroom.rebuild()
    assert near_duplicates(newsroom, "c.md") == ["b.md"]


def test_signatures_of_unchanged_articles_are_reused(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Signatures are reused even if their segment is merged into another."""
    newsroom.write("a.md", WHOLE, title="Pier shut")
    newsroom.rebuild()
    made: list[str] = []

    def noted(article):
        made.append(article.id)
        return signature_of(article)

    monkeypatch.setattr("pullquote.index.folder.segments.segment.signature_of", noted)
    newsroom.write("b.md", STORY, title="Pier closed")
    newsroom.rebuild()
    assert made == ["b.md"]
    assert near_duplicates(newsroom, "a.md") == ["b.md"]


def test_a_withheld_near_duplicate_is_not_listed(newsroom: Newsroom) -> None:
    """A withheld near duplicate is not listed."""
    newsroom.write("a.md", WHOLE, title="Pier shut")
    newsroom.write("b.md", WHOLE, title="Pier closed", status="withheld")
    newsroom.rebuild()
    assert near_duplicates(newsroom, "a.md") == []


def test_sources_count_near_duplicates_and_revisions_once(newsroom: Newsroom) -> None:
    """Two papers with one story are one source, and so are two revisions with a copy."""
    url = "https://post.example/pools"
    newsroom.write("a.md", WHOLE, title="Pier shut")
    newsroom.write("b.md", STORY, title="Pier closed")
    newsroom.write("old.md", OTHER, title="Pools", url=url, date="2024-06-01")
    newsroom.write("new.md", "Another report: " + MORE[::-1], url=url, date="2024-06-02")
    newsroom.write("copy.md", OTHER, title="Pools for sale")
    newsroom.rebuild()
    with closing(newsroom.open()) as generation:
        assert generation.sources([]) == 0
        assert generation.sources(["a.md"]) == 1
        assert generation.sources(["a.md", "b.md"]) == 1
        assert generation.sources(["old.md", "new.md", "copy.md"]) == 1
        assert generation.sources(["new.md", "copy.md"]) == 1
        assert generation.sources(["a.md", "b.md", "copy.md"]) == 2


def damage(path: Path) -> None:
    """Change a bit of a file."""
    content = bytearray(path.read_bytes())
    content[40] ^= 1
    path.write_bytes(content)


def test_pairs_that_were_damaged_while_open_are_noticed(newsroom: Newsroom) -> None:
    """The pairs are checked when they are read, long after their file was checked."""
    newsroom.write("a.md", WHOLE, title="Pier shut")
    newsroom.rebuild()
    with closing(newsroom.open()) as generation:
        damage(generation.folder / NAME)
        with pytest.raises(IndexDamaged, match=r"near_duplicates\.bin"):
            generation.near_duplicates_of("a.md")


def test_a_signature_that_was_damaged_while_open_is_noticed(newsroom: Newsroom) -> None:
    """A signature is checked when it is read, long after its file was checked."""
    newsroom.write("a.md", WHOLE, title="Pier shut")
    newsroom.rebuild()
    with closing(newsroom.open()) as generation:
        [path] = generation.folder.rglob(SIGNATURES)
        damage(path)
        with pytest.raises(IndexDamaged, match=r"signatures\.bin"):
            generation.segments[0].signatures()


def test_a_generation_without_stored_pairs_has_the_same_groups(newsroom: Newsroom) -> None:
    """Older versions did not store the pairs; their generations are read and continued."""
    newsroom.write("a.md", WHOLE, title="Pier shut")
    newsroom.write("b.md", STORY, title="Pier closed")
    newsroom.rebuild()
    with closing(newsroom.open()) as generation:
        del generation.manifest.files[NAME]
        assert generation.near_duplicates_of("a.md") == ["b.md"]


def test_opening_an_index_computes_no_groups(newsroom: Newsroom) -> None:
    """Groups are computed when they are first needed."""
    newsroom.write("a.md", WHOLE, title="Pier shut")
    newsroom.rebuild()
    with closing(newsroom.open()) as generation:
        assert "near_duplicates" not in vars(generation)
        generation.near_duplicates_of("a.md")
        assert "near_duplicates" in vars(generation)
