"""Attribution: whose claims an article reports, in which words, and how."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from benchmarks.attribution import matched
from hypothesis import given, settings
from hypothesis import strategies as st

from pullquote import Article, Attribution, Block, Role, attribute
from pullquote.english.attribution import attributions_covering
from strategies import FRAGMENTS

TRAINING = Path(__file__).parents[2] / "training"
CUES = ["said", "told", "asked", "according to", "by", "that", "“", "”", '"', "'", "(", ")", "— "]


def words(text: str, ranges: tuple[tuple[int, int], ...]) -> list[str]:
    """The words of some ranges."""
    return [text[start:end] for start, end in ranges]


def claims(text: str) -> list[tuple[str, list[str]]]:
    """The words of the source and of the content of each claim of a text."""
    return [("".join(words(text, one.source)), words(text, one.content)) for one in attribute(text)]


@pytest.mark.parametrize(
    ("text", "source", "content"),
    [
        ("The bridge is safe, Ida Roe said.", "Ida Roe", ["The bridge is safe"]),
        ("Ida Roe said that the bridge was safe.", "Ida Roe", ["the bridge was safe"]),
        ('"It is safe," said Ida Roe, the mayor.', "Ida Roe, the mayor", ['"It is safe,"']),
        ('"It is," she said, "quite safe."', "she", ['"It is,"', '"quite safe."']),
        ("“Is it safe?” Ida Roe asked the crowd.", "Ida Roe", ["“Is it safe?”"]),
        (
            "The bridge, according to the council, is safe.",
            "the council",
            ["The bridge", "is safe"],
        ),
        (
            "Her deputy, who built it, denied knowing of cracks.",
            "Her deputy, who built it",
            ["knowing of cracks"],
        ),
        ("Vik Rail reports 1.04 million trips.", "Vik Rail", ["1.04 million trips"]),
        (
            "The bank puts the cost of roads and bridges at £2m, a record.",
            "The bank",
            ["the cost of roads and bridges at £2m"],
        ),
        ("The museum now values the ring at £2m.", "The museum", ["the ring at £2m"]),
        (
            "The fever made 63 pupils ill, the last count published by the clinic.",
            "the clinic",
            ["The fever made 63 pupils ill"],
        ),
        ("The council promised to repair it.", "The council", ["to repair it"]),
        ("The mayor told reporters on Monday she would go.", "The mayor", ["she would go"]),
        (
            "A person close to the talks said the deal was off.",
            "A person close to the talks",
            ["the deal was off"],
        ),
        ("''We are done,'' said Ida Roe.", "Ida Roe", ["''We are done,''"]),
        ("“We are done.” ― Ida Roe", "Ida Roe", ["“We are done.”"]),
        ("Ferry traffic is expected to grow.", "", ["Ferry traffic", "to grow"]),
        (
            "Farmers got £40 last week, against £31 here, said Ida Roe, an economist.",
            "Ida Roe, an economist",
            ["Farmers got £40 last week, against £31 here"],
        ),
        ("In a letter in which Ida Roe warned that it leaked.", "Ida Roe", ["it leaked"]),
        ("Some 500 came, by a steward's count.", "a steward's", ["Some 500 came"]),
        ("Some 500 came, by the tally of the police.", "the police", ["Some 500 came"]),
        ("By Ida Roe's own reckoning, 500 came.", "Ida Roe's", ["500 came"]),
    ],
)
def test_finds_the_source_and_the_words(text: str, source: str, content: list[str]) -> None:
    """A claim is found with the words of its source and its content, wherever the cue stands."""
    assert claims(text) == [(source, content)]


@pytest.mark.parametrize(
    "text",
    [
        "The report on the ferry is long.",
        "His steep demands failed.",
        "She will ask him to go.",
        "The firm added 900 jobs in July.",
        "The police found no hoses in it.",
        "She forged it to help a client explain the source of the money.",
        "It was far more than the council had admitted.",
        "It held ferolan, a drug found in some teas and sold to anybody.",
        "He stood by his count of the crowd.",
        "Asked whether the ferry would sail, she laughed.",
    ],
)
def test_nouns_and_intentions_are_no_claims(text: str) -> None:
    """A noun that looks like a verb, and what somebody will say, report nothing."""
    assert attribute(text) == []


@pytest.mark.parametrize(
    ("text", "manner"),
    [
        ("Ida Roe denied that it was so.", "denied"),
        ("Ida Roe warned that it would rain.", "warned"),
        ("Ida Roe asked whether it would rain.", "asked"),
        ("Ida Roe agreed to go.", "agreed"),
        ("It will rain, according to Ida Roe.", "according-to"),
        ("Ida Roe put the loss at 3 million euros.", "estimated"),
        ("Ida Roe announced that it would close.", "announced"),
        ("Ida Roe reckoned with a loss of 3 million euros.", "estimated"),
        ("Some 500 came, by Ida Roe's reckoning.", "estimated"),
        ("Ida Roe was accused of taking bribes.", "accused"),
    ],
)
def test_names_the_manner(text: str, manner: str) -> None:
    """The cue decides the manner."""
    assert [one.manner for one in attribute(text)] == [manner]


def test_he_is_not_a_place() -> None:
    """A name after "in" is no person whom "he" could mean."""
    text = (
        "Gordon Thackray left the council. He gives up his seat in Fish Quay ward.\n\n"
        "“I have let down my colleagues,” he said."
    )
    assert [one.speaker for one in attribute(text)] == ["Gordon Thackray"]


def test_names_a_pronoun_and_a_surname_by_the_full_name() -> None:
    """A pronoun and "Mr Roe" are called by the fullest form of the name in the article."""
    text = "Jan Roe is mayor. “It is safe,” he said. Mr Roe added that it was new."
    assert [one.speaker for one in attribute(text)] == ["Jan Roe", "Jan Roe"]


@pytest.mark.parametrize("article", ["", "the "])
def test_a_firm_that_an_office_names_is_not_the_speaker(article: str) -> None:
    """The person is named first, and the name of the firm explains only where they work."""
    office = f"Ida Roe, {article}project director at the builders, Brigg Hallam Marine,"
    [claim] = attribute(f"{office} called the delay “a matter of archaeology”.")
    assert claim.speaker == "Ida Roe"


def test_finds_a_role_by_its_title() -> None:
    """A role alone means the person who was introduced with it."""
    text = "Judge Ida Roe said it was late. The judge said it was over."
    assert [one.speaker for one in attribute(text)] == ["Ida Roe", "Ida Roe"]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        (
            "Vik Rail, the operator, was fined. Ida Roe, 40, wept. The operator said it was late.",
            "Vik Rail",
        ),
        ("The tram maker Vik lost £2m. Ida Roe, 40, wept. The company said it was late.", "Vik"),
        (
            "Vik Rail cut jobs in Oslo. Ida Roe, who drove, wept. The firm said it was late.",
            "Vik Rail",
        ),
        (
            "The crowd wept. The group said it was late. Ida Roe, director of Vik Rail, left.",
            "Vik Rail",
        ),
        (
            "The Office for Old Ships met Ida Roe. The office said it was late.",
            "Office for Old Ships",
        ),
        ("Vik Rail met the union's driver, Ida Roe. The driver said it was late.", "Ida Roe"),
        ("Operator Vik sold trams. Mr Roe saw Vik. The operator said it was late.", "Vik"),
        ("Vik Rail lost £2m. It said that fares would rise.", "Vik Rail"),
        ("The minister said it was late. Ida Roe gave two reasons.", "Ida Roe"),
        ("The minister said it was late. Ida Roe, a driver, wept.", None),
        ("The Riverside Union met. Ida Roe, 40, wept. The company said it was late.", None),
        ("Ida Roe drove. Vik Rail, which built it, wept. She said it was late.", "Ida Roe"),
        ("Ida Roe, 40, wept. The company said it was late.", None),
        ("Ida Roe, chair of the union, wept. The union said it was late.", None),
    ],
)
def test_a_noun_is_who_the_article_describes_so(text: str, speaker: str | None) -> None:
    """Sources such as "the company" and "the driver" get the name that is introduced as one."""
    speakers = [one.speaker for one in attribute(text) if one.manner == "said"]
    assert speakers == [speaker]


def test_a_month_after_a_first_name_is_a_surname() -> None:
    """The “May” of “Theresa May” is no month; that of “in London May 3” is one."""
    text = "“No,” said Theresa May. “It is over,” said Ida Roe in London May 3."
    assert [one.speaker for one in attribute(text)] == ["Theresa May", "Ida Roe"]


def test_a_source_without_a_name_has_no_speaker() -> None:
    """A source that the article does not name stays unnamed, with its range."""
    text = "A person close to the talks said the deal was off."
    assert [one.speaker for one in attribute(text)] == [None]


def test_joins_quotations_that_follow() -> None:
    """A sentence that only quotes belongs to the speaker before it."""
    text = '"It was cold," Ida Roe said. "We went home."'
    [one] = attribute(text)
    assert words(text, one.content) == ['"It was cold,"', '"We went home."']
    assert one.direct


def test_joins_a_quotation_of_several_paragraphs() -> None:
    """A quotation that is not closed goes on in the next paragraph."""
    text = 'Ida Roe said: "It was cold.\n\n"We went home."'
    [one] = attribute(text)
    assert words(text, one.content) == ['"It was cold.', '"We went home."']
    assert one.speaker == "Ida Roe"


def test_a_paragraph_introduced_by_a_colon_is_quoted() -> None:
    """A quotation in the paragraph after "she said:" is hers."""
    text = 'Ida Roe lives here.\n\nMs Roe said:\n\n"It was cold."'
    assert [(one.speaker, one.direct) for one in attribute(text)] == [("Ida Roe", True)]


def test_names_who_reports_a_claim_in_a_claim() -> None:
    """A claim inside another one names the speaker of the outer one."""
    text = "Ida Roe said that Jan Poe had promised to resign."
    assert [(one.speaker, one.via) for one in attribute(text)] == [
        ("Ida Roe", None),
        ("Jan Poe", "Ida Roe"),
    ]


def test_words_in_part_quoted_are_not_direct() -> None:
    """Only a claim that is all in quote marks is direct."""
    [one] = attribute('Ida Roe said the deal was "a mess".')
    assert not one.direct


def test_leaves_out_comments_and_other_languages() -> None:
    """Only running text in English is read."""
    text = "It is safe, Ida Roe said.\n\nIt is not, Jan Poe said."
    blocks = (
        Block(role=Role.BODY, start=0, end=25),
        Block(role=Role.COMMENT, start=27, end=len(text)),
    )
    article = Article(id="a", version="0" * 64, text=text, blocks=blocks, title="a")
    assert [one.speaker for one in attribute(article)] == ["Ida Roe"]
    assert attribute(article.model_copy(update={"language": "de"})) == []


def test_finds_the_claims_that_cover_a_range() -> None:
    """The claims around some words are found, the innermost first."""
    text = "Ida Roe said that Jan Poe had promised to resign."
    at = text.index("resign")
    covering = attributions_covering(attribute(text), at, at + 6)
    assert [one.speaker for one in covering] == ["Jan Poe", "Ida Roe"]


@given(st.lists(st.sampled_from([*FRAGMENTS, *CUES]) | st.text(max_size=8), max_size=40))
@settings(max_examples=150, deadline=None)
def test_ranges_are_valid_in_any_text(parts: list[str]) -> None:
    """Every range lies in the text and is not empty."""
    text = " ".join(parts)
    for one in attribute(text):
        assert one.content
        for start, end in (*one.content, *one.source, *one.cue):
            assert 0 <= start < end <= len(text)


def test_an_attribution_refuses_ranges_out_of_order() -> None:
    """Ranges that overlap or are empty are an error."""
    with pytest.raises(ValueError, match="out of order"):
        Attribution(content=((4, 8), (2, 3)))


def test_finds_most_claims_of_the_training_articles() -> None:
    """The packaged examples are found about as well as the docs say."""
    rows = map(json.loads, (TRAINING / "newsroom.jsonl").read_text("utf-8").splitlines())
    texts = {row["id"]: row["text"] for row in rows}
    right = total = 0
    for line in (TRAINING / "attribution.jsonl").read_text("utf-8").splitlines()[:40]:
        row = json.loads(line)
        found = [one.model_dump() for one in attribute(texts[row["id"]])]
        right += 2 * len(matched(row["attributions"], found))
        total += len(found) + len(row["attributions"])
    assert right / total > 0.72


@pytest.mark.parametrize(
    "text",
    [
        "The final cost, up from the £34.8m that the board expected, agreed with the estimate.",
        "The final cost estimated at £42.3m was paid.",
        "A statement said that the bridge was safe.",
        "A website reported that the bridge was safe.",
        "The growing survey of Vik Rail said that the bridge was safe.",
        "Some 40 per cent said that the bridge was safe.",
    ],
)
def test_what_is_no_person_or_group_is_no_speaker(text: str) -> None:
    """Neither as a name nor in the words of the article."""
    assert [(one.speaker, one.source) for one in attribute(text) if one.speaker or one.source] == []


def test_a_name_in_the_possessive_does_not_speak() -> None:
    """After "She saved Orme's penalty", she is not Orme."""
    text = (
        "The goalkeeper, Billie Sharrock, made up for it. She saved Orme's penalty. Stella Orme "
        'wept. The goalkeeper, Billie Sharrock, left. She saved Orme\'s shot. "I fell," she said.'
    )
    assert attribute(text)[-1].speaker == "Billie Sharrock"


def test_a_surname_of_two_people_stays_a_surname() -> None:
    """The article does not say which of them is meant."""
    text = "Ida Roe left. Odd Roe came. Roe said that the bridge was safe."
    assert [one.speaker for one in attribute(text)] == ["Roe"]
