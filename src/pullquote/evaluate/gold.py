"""Gold questions: questions whose right answers are known."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from pullquote.schema import Filters, ValueStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldValue:
    """A value that articles of a story give, in all its wordings, and what became of it."""

    wordings: tuple[str, ...]
    status: ValueStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryGold:
    """What is known about a question over a running story; see `evaluate.stories`.

    `values` are all the values that articles give, in the order of their first reports. `origins`
    is the number of independent sources of the first answer; None where it has no meaning.
    `speaker` says the first answer, and `manner` is how; None where the paper says it itself.
    """

    values: tuple[GoldValue, ...] = ()
    origins: int | None = None
    speaker: str | None = None
    manner: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldQuestion:
    """A question with its accepted answers. If it has none, the corpus does not answer it.

    `articles` are the ids of the articles that support the answer; a citation of any of them is
    right. `evidence` are sentences that settle the question, and `items` the items of a list, each
    with its accepted wordings; `evaluate.scoring` says which kinds need them. Keywords have
    evidence but no accepted answers.

    `until` and `section` are filters to ask with. `wrong_answers` are those of articles that are
    known to be wrong. Questions with the same `conversation` are its turns, in their order.

    A SQuAD question has the `paragraph` that it is about. Then, or if `titled`, it has titles of
    articles instead of ids until `with_article_ids` replaces them.
    """

    id: str
    question: str
    answers: tuple[str, ...]
    articles: frozenset[str]
    comments: bool = False
    kind: str | None = None
    evidence: tuple[str, ...] = ()
    items: tuple[tuple[str, ...], ...] = ()
    paragraph: str | None = None
    titled: bool = False
    until: date | None = None
    section: str | None = None
    wrong_answers: tuple[str, ...] | None = None
    story: StoryGold | None = None
    conversation: str | None = None

    @property
    def answerable(self) -> bool:
        """Whether the corpus answers the question."""
        return bool(self.answers or (self.evidence and self.articles))

    @property
    def filters(self) -> Filters:
        """The filters to ask the question with."""
        sections = () if self.section is None else (self.section,)
        return Filters(comments=self.comments, until=self.until, sections=sections)

    def found_in(self, article: str, text: str) -> bool:
        """Whether text from a supporting article contains an accepted answer.

        If there are no accepted answers, it must contain evidence. "2011" does not contain "11".
        """
        folded = text.casefold()
        return article in self.articles and any(
            _contains_words(words.casefold(), folded) for words in self.answers or self.evidence
        )


@dataclass(frozen=True, slots=True)
class LocatedQuestion:
    """A gold question and its place in the file."""

    place: str
    gold: GoldQuestion


def _contains_words(words: str, text: str) -> bool:
    """Whether a text contains the words, but not as part of a longer Latin word or number."""
    before = "(?<![a-z0-9])" if re.match("[a-z0-9]", words) else ""
    after = "(?![a-z0-9])" if re.search("[a-z0-9]$", words) else ""
    return re.search(f"{before}{re.escape(words)}{after}", text) is not None
