"""`verify` says of each saved citation what became of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from typer.testing import CliRunner

import pullquote
from conftest import Newsroom
from pullquote.cli.commands import app
from pullquote.conversation import Conversation, Turn, ready_citation, to_markdown
from pullquote.conversation.citations import CitationForm
from pullquote.index.metadata import similar_ids
from pullquote.newsroom.verification import SavedCitation, saved_citations, verify_citations
from pullquote.schema import Answer, Article, Citation, CitationState, Outcome, Reply, Role
from pullquote.schema.errors import CitationsUnreadable
from pullquote.web.requests import CitedSpan
from pullquote.web.views.permalinks import Link, permanent_link
from strategies import hostile_texts

BODY = (
    "Harbour wall to be rebuilt\n\n"
    "The council agreed on Monday to rebuild the harbour wall. The work will cost 4 million "
    "pounds, said Ida Roe, who leads the council.\n\n"
    "Fishermen doubt that the wall will last, and some of them told the council so.\n"
)
QUOTE = "will cost 4 million pounds"
SENTENCE = "The work will cost 4 million pounds, said Ida Roe, who leads the council."


def citation_of(article: Article, quote: str = QUOTE, sentence: str = SENTENCE) -> Citation:
    """The citation of words of an article."""
    start = article.text.index(quote)
    return Citation(
        article=article.id,
        title=article.title,
        published=None,
        source=None,
        role=Role.BODY,
        author=None,
        start=start,
        end=start + len(quote),
        quote=quote,
        sentence=sentence,
        sentence_start=article.text.index(sentence),
        version=article.version,
        url=article.url,
    )


def conversation_of(*citations: Citation) -> Conversation:
    """A conversation with one question, whose answer has these citations."""
    reply = Reply(
        question="what does it cost?",
        searched_for="what does it cost?",
        outcome=Outcome.ANSWER,
        answers=(Answer(text=QUOTE, confidence=0.9, citations=citations),),
        generation="g",
        took_ms=1,
    )
    asked = datetime(2024, 5, 31, 12, 0, tzinfo=UTC)
    turn = Turn(question=reply.question, searched=reply.question, reply=reply, asked=asked)
    return Conversation(turns=(turn,))


def cited(newsroom: Newsroom, **facts: str) -> Citation:
    """Index an article, and cite it."""
    newsroom.write("wall.md", BODY, **facts)
    newsroom.rebuild()
    return citation_of(newsroom.open().article("wall.md"))


def saved_in(folder: Path, conversation: Conversation, form: str) -> list[SavedCitation]:
    """The citations of a conversation that was exported."""
    path = folder / f"saved.{form}"
    path.write_text(
        conversation.to_json() if form == "json" else to_markdown(conversation), "utf-8"
    )
    return saved_citations(path)


def state(newsroom: Newsroom, citation: Citation, tmp_path: Path) -> pullquote.VerifiedCitation:
    """What becomes of the citation after a rebuild; equal for JSON and Markdown."""
    newsroom.rebuild()
    states = []
    for form in ("json", "md"):
        saved = saved_in(tmp_path, conversation_of(citation), form)
        (found,) = verify_citations(saved, newsroom.open())
        states.append(found)
    assert states[0].state == states[1].state
    assert (states[0].start, states[0].words) == (states[1].start, states[1].words)
    return states[0]


def test_an_unchanged_article_stands(newsroom: Newsroom, tmp_path: Path) -> None:
    """Nothing changed, so the words stand where they stood."""
    citation = cited(newsroom)
    found = state(newsroom, citation, tmp_path)
    assert (found.state, found.start, found.words) == ("stands", citation.start, QUOTE)
    assert found.differences == ()


def test_words_that_moved_are_found(newsroom: Newsroom, tmp_path: Path) -> None:
    """A paragraph was put in before them."""
    citation = cited(newsroom)
    newsroom.write("wall.md", BODY.replace("\n\nThe council", "\n\nNew on Tuesday.\n\nThe council"))
    found = state(newsroom, citation, tmp_path)
    assert (found.state, found.words) == ("moved", QUOTE)
    assert found.start == citation.start + len("New on Tuesday.\n\n")


def test_changed_words_are_shown_one_by_one(newsroom: Newsroom, tmp_path: Path) -> None:
    """A figure was corrected, and the differences say which."""
    citation = cited(newsroom)
    newsroom.write("wall.md", BODY.replace("cost 4 million", "cost 5 million"))
    found = state(newsroom, citation, tmp_path)
    assert found.state == "changed"
    assert [(one.kind, one.text) for one in found.differences] == [
        ("same", "will cost"),
        ("removed", "4"),
        ("added", "5"),
        ("same", "million pounds"),
    ]


def test_deleted_words_are_changed(newsroom: Newsroom, tmp_path: Path) -> None:
    """The sentence is gone; nothing takes its place."""
    citation = cited(newsroom)
    newsroom.write("wall.md", BODY.replace(SENTENCE, ""))
    found = state(newsroom, citation, tmp_path)
    assert (found.state, found.words) == ("changed", None)
    assert found.reason == "The words are gone from the article."


def test_a_withdrawn_article_is_named(newsroom: Newsroom, tmp_path: Path) -> None:
    """Its source cancelled the article; its words are not shown."""
    citation = cited(newsroom)
    newsroom.write("wall.md", BODY, embargoed="2999-01-01T00:00:00Z")
    newsroom.rebuild()
    article = newsroom.open().stored_article("wall.md")
    assert article is not None
    if article.embargoed is None:
        pytest.skip("front matter has no embargo")
    assert state(newsroom, citation, tmp_path).state == "withdrawn"


def test_a_deleted_article_is_gone(newsroom: Newsroom, tmp_path: Path) -> None:
    """Its file was deleted from the corpus."""
    citation = cited(newsroom)
    newsroom.write("other.md", "Another report\n\nIt says nothing about walls.")
    (newsroom.corpus / "wall.md").unlink()
    assert state(newsroom, citation, tmp_path).state == "article gone"


def test_only_some_unknown_articles_are_compared_with_all_ids(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That takes long in a large index; the others are gone without a suggestion."""
    newsroom.write("report-1.md", "Otters returned.", title="Otters")
    newsroom.rebuild()
    compared = list[str]()

    def counted(article: str, known: Sequence[str]) -> tuple[str, ...]:
        compared.append(article)
        return similar_ids(article, known)

    monkeypatch.setattr("pullquote.index.folder.generation.similar_ids", counted)
    saved = [
        SavedCitation(f"report-1{number}.md", 0, 6, "Otters", version)
        for number in range(200)
        for version in (None, f"{number:08x}")
    ]
    found = verify_citations(saved, newsroom.open())
    assert {one.state for one in found} == {CitationState.GONE}
    assert "Did you mean report-1.md?" in found[0].reason
    assert 0 < len(compared) <= 20


def test_a_renamed_article_is_found_by_its_version(newsroom: Newsroom, tmp_path: Path) -> None:
    """The same bytes under another name are the same article."""
    citation = cited(newsroom)
    (newsroom.corpus / "wall.md").rename(newsroom.corpus / "harbour.md")
    newsroom.rebuild()
    saved = saved_in(tmp_path, conversation_of(citation), "json")
    (found,) = verify_citations(saved, newsroom.open())
    assert (found.state, found.article_now, found.words) == ("moved", "harbour.md", QUOTE)


def test_the_newest_revision_is_compared(newsroom: Newsroom, tmp_path: Path) -> None:
    """Another file has a newer revision of the article, in which the figure is another."""
    url = "https://example.com/wall"
    citation = cited(newsroom, url=url, date="2024-05-01")
    newsroom.write("wall-2.md", BODY.replace("4 million", "5 million"), url=url, date="2024-05-02")
    found = state(newsroom, citation, tmp_path)
    assert (found.state, found.article_now) == ("changed", "wall-2.md")


def test_equal_words_in_other_contexts_are_unclear(newsroom: Newsroom) -> None:
    """The quoted sentence is gone, and the words stand in two other ones."""
    newsroom.write("wall.md", "News\n\nThe wall fell. Then the wall rose. All was well.")
    newsroom.rebuild()
    saved = SavedCitation("wall.md", 900, 908, "the wall", None, before="He saw ", after=" shake.")
    (found,) = verify_citations([saved], newsroom.open())
    assert (found.state, found.start) == ("unclear", None)


def test_permanent_links_are_verified(newsroom: Newsroom, tmp_path: Path) -> None:
    """A copied citation, and a link in running text, have their words or their version."""
    citation = cited(newsroom)
    link = permanent_link(Link(CitedSpan.model_validate(citation, from_attributes=True)))
    address = f"http://127.0.0.1:7860/{link}"
    copied = ready_citation(citation, CitationForm.MARKDOWN, link=address)
    prose = f"The council says it “{QUOTE}” ([source]({address})). See also {address}"
    path = tmp_path / "draft.md"
    path.write_text(f"{copied}\n\n{prose}\n", "utf-8")
    saved = saved_citations(path)
    assert [(one.article, one.quote) for one in saved] == [("wall.md", QUOTE)] * 2
    assert [one.state for one in verify_citations(saved, newsroom.open())] == ["stands"] * 2
    path.write_text(f"> {QUOTE}\n\n[Harbour wall](<{address}>)\n", "utf-8")
    assert [one.quote for one in saved_citations(path)] == [QUOTE]
    path.write_text(f"See [this]({address}).", "utf-8")
    (bare,) = verify_citations(saved_citations(path), newsroom.open())
    assert (bare.state, bare.words) == ("stands", QUOTE)
    newsroom.write("wall.md", f"New. {BODY}")
    newsroom.rebuild()
    (bare,) = verify_citations(saved_citations(path), newsroom.open())
    assert (bare.state, bare.words) == (CitationState.MOVED, QUOTE)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "No links.",
        "{}",
        "[1, 2]",
        "{broken",
        "[" * 100_000,
        "x" + "[" * 100_000,
        "[a](?article=x&start=z)",
    ],
)
def test_a_file_without_citations_is_an_error(tmp_path: Path, text: str) -> None:
    """The error names the file and says what is missing."""
    path = tmp_path / "notes.md"
    path.write_text(text, "utf-8")
    with pytest.raises(CitationsUnreadable, match=r"notes\.md"):
        saved_citations(path)


@given(hostile_texts())
def test_any_quote_survives_the_export(text: str) -> None:
    """Words of any script that were exported as Markdown are read back as they were."""
    quote = " ".join(text.replace("\0", "").split())
    if not quote or any(ord(one) < 32 or 0x7F <= ord(one) < 0xA0 for one in quote):
        return
    start = 3
    citation = Citation.model_construct(
        article="a.md", title="T", published=None, source=None, role=Role.BODY, author=None,
        start=start, end=start + len(quote), quote=quote, sentence=quote, sentence_start=start,
        version="v" * 64, url=None,
    )  # fmt: skip
    from pullquote.newsroom.verification.saved import citations_in_markdown  # noqa: PLC0415

    (saved,) = citations_in_markdown(to_markdown(conversation_of(citation)))
    assert (saved.quote, saved.article, saved.start, saved.end) == (
        quote,
        "a.md",
        start,
        start + len(quote),
    )


def test_the_command_prints_states_and_exits(sample_index: Path, tmp_path: Path) -> None:
    """Status 0 if all stand; 3 if one has changed, with the words that differ."""
    with pullquote.open(sample_index) as assistant:
        reply = assistant.ask("who agreed to the Interpol centre?")
    path = tmp_path / "reply.json"
    path.write_text(reply.model_dump_json(), "utf-8")
    command = ["verify", str(path), "--index", str(sample_index)]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 0
    assert "STANDS" in done.output
    written = json.loads(path.read_text("utf-8"))
    first = written["answers"][0]["citations"][0]
    for field in ("quote", "sentence"):
        first[field] = first[field].replace("police", "army")
    first["version"] = "0" * 64
    path.write_text(json.dumps(written), "utf-8")
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 3
    assert "[-army-] {+police+}" in done.output
    done = CliRunner().invoke(app, [*command, "--json"])
    assert json.loads(done.output)["citations"][0]["state"] == "changed"
