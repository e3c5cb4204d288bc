"""The verdicts on single quotations."""

from __future__ import annotations

import pytest

from pullquote.newsroom.checking.checker import LONGEST_QUOTE, QuoteChecker
from pullquote.newsroom.checking.speakers import speech_in
from pullquote.schema import Article, Block, Role
from pullquote.schema.errors import SettingsError

EXACT = {
    "as it stands": "both times we were told it was gravel",
    "typewriter marks": "The new ferry terminal won't open until October",
    "an inner quotation in other marks": "said: 'Nobody told the islanders about the slipway.'",
    "white space": "The new\n  ferry terminal\u00a0won’t open",
    "capitals": "THE NEW FERRY TERMINAL WON’T OPEN UNTIL OCTOBER",
    "a small first letter": "the new ferry terminal won’t open",
    "a capital first letter": "Both times we were told it was gravel",
    "another end": "He plays the fiddle!",
    "no end": "He plays the fiddle",
    "a line end inside a word": "both times we were told it was gra-\nvel",
    "a line end inside a compound": "the well-\nknown office's £3.5m debt",
    "a line end that a parser made a space": "both times we were told it was gra- vel",
    "a ligature": "the project has conﬁrmed US help",
    "a soft hyphen": "the pro\u00adject has confirmed US help",
    "over sentences": "He plays the fiddle. The board meets in March.",
    "the article's own dots": "Wait… what happens then?",
    "an ellipsis": "We surveyed the bed in 2019 … and both times we were told it was gravel",
    "an ellipsis in brackets": "won’t open until October […] and the project has confirmed",
    "an ellipsis for a whole sentence": "We surveyed the bed in 2019 … He plays the fiddle",
    "ellipses at the ends": "… both times we were told it was gravel …",
    "a capital after an ellipsis": "We surveyed the bed in 2019 [...] Both times we were told",
    "an added word": "told the islanders [of the Sula] about the slipway",
    "sic": "told the islanders [sic] about the slipway",
    "a name for a pronoun": "[Mr Sproat] plays the fiddle",
    "a name for a pronoun inside": "both times [the trust was] told it was gravel",
    "a letter in brackets": "[T]he new ferry terminal won’t open",
    "a letter in brackets inside": "Ewan Sproat said: [n]obody told the islanders",
    "another ending": "He play[ed] the fiddle",
}
ALTERED = {
    "another number": ("We surveyed the bed in 2018 and again in 2022", "2018", "2019"),
    "swapped numbers": ("surveyed the bed in 2022 and again in 2019", "2022", "2019"),
    "a word more": ("The new ferry terminal won’t ever open until October", "ever", ""),
    "a word less": ("We surveyed the bed in 2019 again in 2022", "", "and"),
    "no negation": ("It would open before 5% of the well-known", "", "not"),
    "a negation shortened away": (
        "The new ferry terminal will open until October",
        "will",
        "won’t",
    ),
    "a hedge": ("Traders fear that visitors will stay away", "will", "may"),
    "a Cyrillic letter": ("both times we were told it wаs gravel", "wаs", "was"),
    "a letter for a digit": ("We surveyed the bed in 2O19 and again", "2O19", "2019"),
    "a full-width digit": ("We surveyed the bed in 201９ and again", "201９", "2019"),
    "a word in another case": ("the project has confirmed us help", "us", "US"),
    "a month in lower case": ("check the figures of may 2005 again", "may", "May"),
    "a compound as one word": ("of the wellknown office's £3.5m debt", "wellknown", "well-known"),
    "a number without its sign": ("It would not open before 5", "", "%"),
    "an ellipsis for a negation": (
        "The new ferry terminal […] has confirmed US help",
        "…",
        "won’t",
    ),
    "an ellipsis for a hedge": ("Traders fear that visitors … stay away", "…", "may"),
    "a bracket for a hedge": ("Traders fear that [guests] stay away", "[guests]", "may"),
    "a bracket before a negation": ("[The pier] open before 5% of the", "[The pier]", "not"),
    "a comma more": ("The board, meets in March", ",", ""),
    "another first word": ("You surveyed the bed in 2019 and again", "You", "We"),
    "another last word": ("and both times we were told it was granite", "granite", "gravel"),
    "another unit at the end": ("the well-known office's £3.5bn", "3.5bn", "3.5m"),
    "a decimal point less": ("the well-known office's £35m debt was repaid", "35m", "3.5m"),
}


@pytest.mark.parametrize("quote", EXACT.values(), ids=EXACT)
def test_typography_ellipses_and_brackets_are_exact(checker: QuoteChecker, quote: str) -> None:
    """Words that stand in the article are exact, however they are set."""
    found = checker.check(quote)
    assert (found.verdict, found.changes) == ("exact", ())
    assert found.place is not None


@pytest.mark.parametrize(("quote", "quoted", "stored"), ALTERED.values(), ids=ALTERED)
def test_a_changed_word_is_shown(
    checker: QuoteChecker, quote: str, quoted: str, stored: str
) -> None:
    """A quotation with another word is altered, and the difference says which."""
    found = checker.check(quote)
    assert found.verdict == "altered"
    assert (quoted, stored) in [(one.quoted, one.stored) for one in found.changes]


def test_the_place_is_that_of_the_stored_words(checker: QuoteChecker) -> None:
    """The range leads to the words as they are stored."""
    place = checker.check("the new ferry terminal won't open until october".upper()).place
    assert place is not None
    assert place.article.id == "ferry.md"
    assert place.article.text[place.start : place.end] == (
        "The new ferry terminal won’t open until October"
    )


def test_what_an_ellipsis_leaves_out_is_shown_with_a_warning(checker: QuoteChecker) -> None:
    """A condition that was left out may change the sense."""
    found = checker.check(
        "The new ferry terminal won't open … and the project has confirmed US help"
    )
    assert [one.text for one in found.omitted] == ["until October, if the vote allows it,"]
    assert any('"if", a condition' in one for one in found.warnings)


def test_a_bracket_that_adds_a_negation_is_warned_of(checker: QuoteChecker) -> None:
    """The words are exact, but the bracket says the opposite."""
    found = checker.check("the project has [not] confirmed US help")
    assert found.verdict == "exact"
    assert any('adds "not"' in one for one in found.warnings)


def test_words_after_a_negation_are_warned_of(checker: QuoteChecker) -> None:
    """A quotation that begins right after "not" may say the opposite."""
    assert any('"not"' in one for one in checker.check("open before 5% of the").warnings)


def test_words_before_a_condition_are_warned_of(checker: QuoteChecker) -> None:
    """A quotation that ends right before "if" hides what it depends on."""
    warnings = checker.check("The new ferry terminal won't open until October").warnings
    assert warnings == ('right after it, the article has "if", a condition',)


def test_a_bracket_with_another_figure_is_warned_of(checker: QuoteChecker) -> None:
    """A bracket may replace words, but other figures say something else."""
    found = checker.check("We surveyed the bed in [2018] and again in 2022")
    assert found.warnings == ("the bracket has 2018 where the article has 2019",)


@pytest.mark.parametrize(
    "quote",
    [
        "The council agreed a parking levy and the project has confirmed US help",
        "We surveyed the bed in 2019 and again from the old harbour all summer",
        "The council agreed a parking levy from the old harbour all summer",
    ],
)
def test_parts_of_different_sentences_are_spliced(checker: QuoteChecker, quote: str) -> None:
    """Parts that are joined without a mark are a splice, also within an article."""
    found = checker.check(quote)
    assert found.verdict == "spliced"
    assert len(found.parts) == 2


def test_an_ellipsis_does_not_join_articles(checker: QuoteChecker) -> None:
    """Parts of two articles are spliced, whatever stands between them."""
    quote = "The council agreed a parking levy … and the project has confirmed US help"
    assert checker.check(quote).verdict == "spliced"


def test_an_ellipsis_does_not_join_the_words_of_two_people(checker: QuoteChecker) -> None:
    """Words of two people of one article are spliced, and the reason names both."""
    quote = "both times we were told it was gravel … Nobody told the islanders about the slipway"
    found = checker.check(quote)
    assert found.verdict == "spliced"
    assert len(found.parts) == 2
    assert found.place == found.parts[0]
    [reason] = [one for one in found.warnings if "joins words of" in one]
    assert "Rosalind Achterberg" in reason
    assert "Ewan Sproat" in reason


def test_parts_in_another_order_are_spliced(checker: QuoteChecker) -> None:
    """An ellipsis keeps the order of the article."""
    quote = "Nobody told the islanders about the slipway … both times we were told it was gravel"
    assert checker.check(quote).verdict == "spliced"


def test_other_words_are_absent_with_the_closest_place(checker: QuoteChecker) -> None:
    """Words that no article has are absent."""
    found = checker.check("The ferry has been sold to a company in another country, alas")
    assert found.verdict == "absent"
    assert found.place is not None


def test_words_of_another_article_are_misattributed(checker: QuoteChecker) -> None:
    """The draft cites an article that does not have the words."""
    quote = "The council agreed a parking levy"
    assert checker.check(quote, cited="levy.md").verdict == "exact"
    assert checker.check(quote, cited="ferry.md").verdict == "misattributed"
    assert checker.check(quote, cited="unknown.md").verdict == "misattributed"


@pytest.mark.parametrize(
    ("speaker", "verdict"),
    [
        ("Rosalind Achterberg", "exact"),
        ("Ms Achterberg", "exact"),
        ("Ewan Sproat", "misattributed"),
        ("Vera Quill", "misattributed"),
    ],
)
def test_words_of_another_speaker_are_misattributed(
    checker: QuoteChecker, speaker: str, verdict: str
) -> None:
    """The article says who says the words."""
    quote = "both times we were told it was gravel"
    assert checker.check(quote, speaker=speaker).verdict == verdict


def test_a_comment_is_by_its_author() -> None:
    """Whoever wrote a reader comment says its words, and nobody else does."""
    words = "They promised us this terminal for July"
    comment = Block(role=Role.COMMENT, start=0, end=len(words), author="Capstan")
    article = Article(id="a.md", version="1", text=words, blocks=(comment,), title="A")
    speech = speech_in(article, 0, len(words))
    assert speech.may_be("Capstan")
    assert not speech.may_be("Ewan Sproat")


def test_a_quotation_without_words_is_absent(checker: QuoteChecker) -> None:
    """Marks alone stand nowhere."""
    assert checker.check("“…” [ ] -").verdict == "absent"


def test_a_document_is_refused(checker: QuoteChecker) -> None:
    """A quotation has a greatest length, which the error names."""
    with pytest.raises(SettingsError, match="20,000"):
        checker.check("word " * LONGEST_QUOTE)


@pytest.mark.parametrize(
    ("quote", "quoted", "stored"),
    [
        ("The council [dis]agreed a parking levy", "disagreed", "agreed"),
        ("The council agree[less] a parking levy", "agreeless", "agreed"),
        ("the project has[n't] confirmed US help", "hasn't", "has"),
        ("the project has[n’t] confirmed US help", "hasn’t", "has"),
        ("The new ferry terminal w[ill] open until October", "will", "won’t"),
        ("Ro[bert] Achterberg, the trust's chief executive", "Robert", "Rosalind"),
        ("[b]old the islanders about the slipway", "bold", "told"),
    ],
)
def test_a_bracket_that_turns_a_word_into_its_opposite_is_no_repeat(
    checker: QuoteChecker, quote: str, quoted: str, stored: str
) -> None:
    """Letters in brackets that change the sense are other words, and not a form of the same."""
    found = checker.check(quote)
    assert found.verdict == "altered"
    assert (quoted, stored) in [(one.quoted, one.stored) for one in found.changes]


def test_a_bracket_inside_the_first_or_last_word_is_compared(checker: QuoteChecker) -> None:
    """The letters outside it are those of the article's word, as they are inside a quotation."""
    assert checker.check("both times we were told it was grave[lly]").verdict == "exact"
    assert checker.check("both times we were told it was gra[nite]").verdict == "altered"
    assert checker.check("both times we were told it was oa[k]").verdict == "altered"
    assert checker.check("[car]rier plays the fiddle").verdict == "altered"


@pytest.mark.parametrize(
    ("quote", "warning"),
    [
        ("[2018] and again in 2022", "the bracket has 2018 where the article has 2019"),
        ("We surveyed the bed in [2018]", "the bracket has 2018 where the article has 2019"),
        ("[£4.5m] debt was repaid", "the bracket has £4.5m where the article has £3.5m"),
        ("[300] traders fear", "the bracket adds 300, which the article does not have"),
        (
            "the islanders [of Sula] about the slipway",
            "the bracket adds Sula, which the article does not have",
        ),
        ("[Vera Quill] plays the fiddle", "the bracket adds Vera Quill, which the article"),
        ("[Rosalind Achterberg] said: Nobody told", "where the article has Ewan Sproat"),
        ("[Vera Quill] said: Nobody told", "where the article has Ewan Sproat"),
    ],
)
def test_a_bracket_with_another_figure_or_name_at_an_end_is_warned_of(
    checker: QuoteChecker, quote: str, warning: str
) -> None:
    """The words beside the quotation are compared with the bracket, as those inside are."""
    found = checker.check(quote)
    assert found.verdict == "exact"
    assert [one for one in found.warnings if warning in one]


@pytest.mark.parametrize(
    "quote",
    [
        "[In 2019] and again in 2022",
        "[three and a half million pounds of] debt was repaid",
        "[Mr Sproat] said: Nobody told the islanders",
        "[Ms Achterberg] plays the fiddle",
        "[The minister] plays the fiddle",
        "[H]e plays the fiddle",
    ],
)
def test_a_bracket_with_the_same_figure_or_name_is_not_warned_of(
    checker: QuoteChecker, quote: str
) -> None:
    """Other words for the same thing are what a bracket is for."""
    assert checker.check(quote).warnings == ()
