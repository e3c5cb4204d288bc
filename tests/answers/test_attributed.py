"""Whose claim a quote is."""

from __future__ import annotations

import pytest

from pullquote.answering.answers import cite, cite_at, speaker_of
from pullquote.answering.answers.attributed import attributions_near
from pullquote.english.terms import content_terms
from pullquote.schema import Article, Citation, Question, Role
from strategies import Piece, article, body, hit, span


def cited(text: str, words: str, question: str = "") -> Citation:
    """The citation of some words in a text."""
    asked = Question(question, dict.fromkeys(content_terms(question), 1.0))
    return cite(span(hit(body(text)), words), asked)


def test_the_paper_itself_makes_no_claim() -> None:
    """Words that nobody claims have no speaker, manner, cue or source of their own."""
    made = cited("The tide is low. The bridge is safe, Ida Roe said.", "low")
    assert (made.speaker, made.manner, made.cue, made.direct, made.via) == (None,) * 5


@pytest.mark.parametrize(
    ("text", "quote", "expected"),
    [
        ("Ida Roe said on Monday that the bridge was safe.", "safe", "said by Ida Roe"),
        ("The bridge, Ida Roe said, was safe.", "The bridge", "said by Ida Roe"),
        ("Ida Roe said that the bridge was safe.", "Ida Roe said that the bridge was safe.",
         "said by Ida Roe"),
        ("Ida Roe came. She denied that she had left.", "she had left", "denied by Ida Roe"),
        ("It cost £5m, according to a person close to the talks.", "£5m",
         "according to a person close to the talks"),
        ("Ida Roe said that Odd Vik had promised to go.", "go",
         "promised by Odd Vik, via Ida Roe"),
        ("Ida Roe said that Odd Vik had promised to go.", "Odd Vik had promised to go",
         "said by Ida Roe"),
        ("Six are ill, the health ministry said. Nine are well, it said.", "Nine",
         "said by the health ministry"),
        ("It rained. The court of audit met. Nine are well, it said.", "Nine",
         "said by the court of audit"),
        ("Ida Roe wants a new bridge.", "a new bridge", ""),
        ("Ida Roe said that the 14-mile road was safe.", "14-mile", ""),
        ("Ida Roe said that the road was the 14-mile one.", "14-mile", "said by Ida Roe"),
        ("Ida Roe said that the hall, as checked on 7 July, was safe.", "7 July", ""),
        ("Ida Roe said that the hall was safe, as checked on 7 July.", "7 July",
         "said by Ida Roe"),
        ("Vik Rail said that it expected 290 jobs to go.", "290", "said by Vik Rail"),
    ],
)  # fmt: skip
def test_whose_claim_a_quote_is(text: str, quote: str, expected: str) -> None:
    """It is the innermost claim that covers the quote; a wish is no claim of its words."""
    assert cited(text, quote).said_by == expected


def test_a_name_is_the_source_of_what_is_asked_about() -> None:
    """The name of who denied something is quoted for the denial, if that was asked."""
    text = "Ida Roe, who runs the dam, denied the leak. Ida Roe said it rained."
    assert cited(text, "Ida Roe", "who denied the leak").said_by == "denied by Ida Roe"
    assert cited(text, "Ida Roe", "who runs the dam").said_by == ""


@pytest.mark.parametrize(
    ("question", "said_by"),
    [
        ("who denied that the dam leaked", "denied by Ida Roe"),
        ("who said she had nothing to do with the leak", "denied by Ida Roe"),
        ("who said the dam was safe", "said by Ida Roe"),
    ],
)
def test_who_says_that_something_is_not_so_denies_it_if_that_is_asked(
    question: str, said_by: str
) -> None:
    """The question decides whether "there was no leak" is a denial."""
    assert cited('"There was no leak," Ida Roe said.', "Ida Roe", question).said_by == said_by


def test_a_question_can_ask_from_whom_something_was_heard() -> None:
    """The name is that of who said it, also within what somebody else says."""
    text = "Odd Vik said that Ida Roe had told him that the dam leaked."
    made = cited(text, "Ida Roe", "from whom did Vik hear that the dam leaked")
    assert made.said_by == "said by Ida Roe, via Odd Vik"


def test_the_claim_of_a_name_is_the_one_that_the_question_describes() -> None:
    """Among several claims of a source, the question's words and manner decide."""
    text = "Odd Vik said it rained and denied that the dam leaked."
    assert cited(text, "Odd Vik", "who said it rained").manner == "said"
    assert cited(text, "Odd Vik", "who denied the dam leaked").manner == "denied"


def test_of_nested_claims_the_one_by_the_speaker_asked_about_counts() -> None:
    """The steward is asked about, so the words are hers and not the mediator's."""
    text = 'Ida Roe, the steward, said that Odd Vik had told her the board could "live with it".'
    assert cited(text, "live with it").said_by == "said by Odd Vik, via Ida Roe"
    asked = cited(text, "live with it", "what did the steward say she was told")
    assert asked.said_by == "said by Ida Roe"


def test_the_ranges_of_a_citation_by_hand() -> None:
    """The speaker and the cue are ranges of the article's text."""
    text = 'He ran. "I am glad," Ida Roe said.'
    made = cited(text, "I am glad")
    assert made.speaker is not None
    assert made.cue is not None
    assert text[made.speaker.start : made.speaker.end] == made.speaker.name == "Ida Roe"
    assert text[slice(*made.cue)] == "said"


def test_words_in_quote_marks_are_direct() -> None:
    """Reported words are not; a few quoted words in them are."""
    text = 'Ida Roe said the board could "live with it".'
    assert cited(text, "live with it").direct is True
    assert cited(text, "the board").direct is False
    assert cited('"I am glad," Ida Roe said.', "glad").direct is True


def test_a_readers_comment_has_no_speaker() -> None:
    """Comments are labelled with their author, and are not searched for claims."""
    made = article(Piece(Role.COMMENT, "It is safe, Ida Roe said.", "Gull"))
    assert cite(span(hit(made, 0, 25, role=Role.COMMENT), "safe")).manner is None


def test_the_speaker_of_a_range_is_a_full_name_or_nothing() -> None:
    """Two articles that quote the same person can be recognised by it."""
    text = "Ida Roe came. It cost £5m, Ms Roe said. It cost £6m, an aide said. It cost £7m."
    made = body(text)
    found = [speaker_of(made, at := text.index(cost), at + 3) for cost in ("£5m", "£6m", "£7m")]
    assert found == ["Ida Roe", None, None]


def test_a_citation_of_a_whole_article_has_no_speaker() -> None:
    """An empty range quotes nothing."""
    assert cite_at(body("It is safe, Ida Roe said."), range(0)).manner is None


def test_only_the_part_of_a_long_article_around_a_quote_is_read() -> None:
    """The words are found at the end of a book, and its beginning is left out."""
    start = "The bridge is safe, Ida Roe said. "
    text = start + "It rained. " * 9000 + "It is late, Odd Vik said."
    made: Article = body(text)
    at = text.index("It is late")
    assert [one.speaker for one in attributions_near(made, at)] == ["Odd Vik"]
    assert cite_at(made, range(at, at + 10)).said_by == "said by Odd Vik"
