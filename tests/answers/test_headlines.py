"""A fact that only a headline has."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import pullquote
from planted_ranking import planted_ranking
from pullquote import Assistant
from pullquote.answering.answers import Candidate, RankedCandidate, headlines_of, with_headline
from pullquote.schema import Hit, Outcome, Role
from strategies import Piece, article, hit, span

HEADLINE = "Castlemere council picks Norwegian firm for new tram depot"
TEXT = (
    "The council of Castlemere met on Tuesday. It chose from five bids, and the work begins in May."
)
OTHER = "The library of Castlemere stays closed until June, said its director, Ida Roe."
RANKING = planted_ranking()


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant whose corpus says only in a headline who was chosen."""
    folder = tmp_path_factory.mktemp("headlines")
    corpus = folder / "corpus"
    corpus.mkdir()
    (corpus / "depot.txt").write_text(f"{HEADLINE}\n\n4 May 2031\n\n{TEXT}\n")
    (corpus / "library.txt").write_text(f"Library closed\n\n5 May 2031\n\n{OTHER}\n")
    pullquote.rebuild_index(corpus, folder / "index")
    with pullquote.open(folder / "index") as opened:
        yield opened


def test_the_headline_is_quoted_with_its_place_and_role(assistant: Assistant) -> None:
    """The text says nothing of it, so the answer is cited from the headline."""
    reply = assistant.ask("Which firm did Castlemere council pick for its new tram depot?")
    [citation] = reply.answers[0].citations
    assert (reply.outcome, citation.role) == (Outcome.ANSWER, Role.HEADLINE)
    assert (citation.role_words, citation.sentence) == ("headline", HEADLINE)
    assert HEADLINE[citation.start : citation.end] == citation.quote
    assert "Norwegian" in citation.quote


def test_what_the_text_says_surely_is_not_sought_in_headlines(assistant: Assistant) -> None:
    """No citation of its answers is a headline."""
    reply = assistant.ask("Who is the director of Castlemere library?")
    roles = {one.role for answer in reply.answers for one in answer.citations}
    assert (reply.answers[0].text, roles) == ("Ida Roe", {Role.BODY})


def found(words: str, logit: float, *, role: Role = Role.BODY, id: str = "a.md") -> RankedCandidate:
    """A candidate with these words, from a passage of them."""
    passage = hit(article(Piece(role, words), id=id), role=role)
    return RankedCandidate(Candidate((span(passage, words, logit),), {}), logit)


def ranked(text: list[RankedCandidate], headline: RankedCandidate) -> list[list[Role]]:
    """The roles of what each candidate cites."""
    candidates = with_headline(RANKING, text, [headline])
    return [[one.hit.passage.role for one in each.candidate.spans] for each in candidates]


def test_only_a_clearly_likelier_headline_comes_first() -> None:
    """A text nearly as likely, or a headline more likely wrong than right, leaves the order."""
    body = found("Ida Roe", 1.0, id="b.md")
    headline = found("Odd Vik", 2.0, role=Role.HEADLINE)
    assert ranked([body], headline) == [[Role.HEADLINE], [Role.BODY]]
    assert ranked([found("Ida Roe", 1.8, id="b.md")], headline) == [[Role.BODY]]
    assert ranked([found("Ann Lee", 0.0), found("Ida Roe", 1.8)], headline) == [[Role.BODY]] * 2
    assert ranked([], found("Odd Vik", -1.0, role=Role.HEADLINE)) == []


def test_a_text_that_says_the_same_is_cited_with_the_headline() -> None:
    """Words are one answer, wherever they stand."""
    body, headline = found("Ida Roe", 1.0, id="b.md"), found("Ida Roe", 2.0, role=Role.HEADLINE)
    assert ranked([body], headline) == [[Role.HEADLINE, Role.BODY]]


def test_each_article_has_one_headline_at_most() -> None:
    """Those without one, and those whose headline was found itself, have none."""
    whole = article(Piece(Role.HEADLINE, HEADLINE), Piece(Role.BODY, TEXT))
    bare = hit(article(Piece(Role.BODY, OTHER), id="b.md"))
    body = hit(whole, len(HEADLINE) + 2)
    headline = hit(whole, 0, len(HEADLINE), role=Role.HEADLINE)

    def of(*hits: Hit) -> list[str]:
        return [one.passage.text for one in headlines_of(hits)]

    assert of(body, body, bare) == [HEADLINE]
    assert of(headline) == []
