"""The result of checking quotations against the archive."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from pydantic import Field

from pullquote.base.plurals import counted
from pullquote.schema.article import Model
from pullquote.schema.citation import Citation
from pullquote.schema.notebook import notebook_html
from pullquote.schema.short_text import short_text


class QuoteVerdict(StrEnum):
    """What the archive says about a quotation; docs/explanation/quotations.md has the rule."""

    EXACT = "exact"
    ALTERED = "altered"
    MISATTRIBUTED = "misattributed"
    SPLICED = "spliced"
    ABSENT = "absent"

    @property
    def meaning(self) -> str:
        """What the verdict says, in a sentence."""
        return _MEANINGS[self]


_MEANINGS = {
    QuoteVerdict.EXACT: "The words stand in an article.",
    QuoteVerdict.ALTERED: "An article has nearly these words.",
    QuoteVerdict.MISATTRIBUTED: "The words are exact, but from somebody or somewhere else.",
    QuoteVerdict.SPLICED: "Parts of different sentences or articles are joined.",
    QuoteVerdict.ABSENT: "No article has these words.",
}


class QuoteDifference(Model):
    """Words of a quotation, and the words that the article has there instead; either may be ""."""

    quote: str
    article: str


class QuoteOmission(Model):
    """Words of the article, `article.text[start:end]`, that a quotation leaves out or replaces.

    `mark` is what stands for them: "…" or a bracket with its words, such as "[the minister]". It is
    "" if nothing does, as for "he said" between two parts of a quotation.
    """

    mark: str
    text: str
    start: int
    end: int


class CheckedQuote(Model):
    """One quotation with its verdict.

    `article`, `start` and `end` are the place of the words, or of the closest words if they were
    altered. A spliced quotation has the place of its first part here, and those of all in `parts`.
    They are None if the words are absent; `closest` is then the most similar place.

    `similarity` is the share of the quotation's words that the place has, from 0 to 1. It is 1 for
    exact words. `cited` and `speaker` are what the draft claims, and `said_by` is who says the
    words in the article, if it names anybody. `place` is the address of the words in the chat,
    after its host, and `link` leads to them on the original page. `draft_start` and `draft_end` are
    the range of the quotation in the text of the draft.

    `also_in` are the first of the other articles that have the same words, such as copies of an
    agency's text, and `also_in_count` is how many there are. `unclosed_at` is the position, in the
    text of the draft, of the quote mark that opens the quotation and is never closed; None if it
    is closed.
    """

    quote: str
    verdict: QuoteVerdict
    article: str | None = None
    start: int | None = None
    end: int | None = None
    similarity: float = Field(ge=0, le=1)
    differences: tuple[QuoteDifference, ...] = ()
    omitted: tuple[QuoteOmission, ...] = ()
    warnings: tuple[str, ...] = ()
    cited: str | None = None
    speaker: str | None = None
    said_by: str | None = None
    citation: Citation | None = None
    parts: tuple[Citation, ...] = ()
    closest: Citation | None = None
    place: str | None = None
    link: str | None = None
    draft_start: int | None = None
    draft_end: int | None = None
    also_in: tuple[Citation, ...] = ()
    also_in_count: int = 0
    unclosed_at: int | None = None

    @property
    def also_in_words(self) -> str:
        """The other articles that have the same words: how many, and the first of them; or ""."""
        if not self.also_in_count:
            return ""
        names = ", ".join(each.article for each in self.also_in)
        more = " and more" if self.also_in_count > len(self.also_in) else ""
        return (
            f"the same words are in {counted(self.also_in_count, 'other article')}: {names}{more}"
        )

    def __repr__(self) -> str:
        where = "" if self.article is None else f", {short_text(self.article)}"
        return f"CheckedQuote({short_text(self.quote)!r}, {self.verdict}{where})"

    __str__ = __repr__

    def _repr_html_(self) -> str:
        """The verdict, the words that differ and their place, for notebooks."""
        return notebook_html("checked_quote", self)


class DraftQuestionKind(StrEnum):
    """What a sentence of a draft has otherwise than the archive."""

    FIGURE = "figure"
    DATE = "date"
    NAME = "name"


class DraftQuestion(Model):
    """A figure, date or name outside the quotations of a draft where the archive has another.

    It is a question to the writer, and no error: both may be true, and the archive may be wrong.

    `sentence` is that of the draft, and `words` are its words in question, at `draft_start` to
    `draft_end` of the text of the draft. `article_words` stand in their place in the archive, in
    the sentence that `citation` quotes. `place` is the address of that sentence in the chat, after
    its host, and `link` leads to it on the original page.
    """

    kind: DraftQuestionKind
    sentence: str
    words: str
    draft_start: int
    draft_end: int
    article_words: str
    citation: Citation
    place: str | None = None
    link: str | None = None

    def __repr__(self) -> str:
        words, other = short_text(self.words), short_text(self.article_words)
        return f"DraftQuestion({self.kind}, {words!r}, {other!r} in {self.citation.article})"

    __str__ = __repr__

    def _repr_html_(self) -> str:
        """The words of the draft and of the archive in their sentences, for notebooks."""
        return notebook_html("draft_question", self)


class CheckedDraft(Model):
    """The quotations of a draft in order, each with its verdict, and the questions about the rest.

    Questions change neither a verdict nor `all_exact`.
    """

    quotes: tuple[CheckedQuote, ...]
    questions: tuple[DraftQuestion, ...] = ()

    @property
    def all_exact(self) -> bool:
        """Whether every quotation is exact; true for a draft without quotations."""
        return all(one.verdict is QuoteVerdict.EXACT for one in self.quotes)

    def __repr__(self) -> str:
        questions = counted(len(self.questions), "question")
        return f"CheckedDraft({verdict_counts(self.quotes).rstrip('.')}; {questions})"

    __str__ = __repr__

    def _repr_html_(self) -> str:
        """Every quotation with its verdict, and the questions, for notebooks."""
        return notebook_html("checked_draft", self, verdict_counts(self.quotes))


def verdict_counts(quotes: Sequence[CheckedQuote]) -> str:
    """How many quotations have each verdict: "3 quotations: 2 exact, 1 absent"."""
    if not quotes:
        return "No quotations."
    counts = [
        f"{number} {verdict}"
        for verdict in QuoteVerdict
        if (number := sum(one.verdict is verdict for one in quotes))
    ]
    return f"{counted(len(quotes), 'quotation')}: {', '.join(counts)}"
