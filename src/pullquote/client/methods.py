"""The client's methods. `python -m docs.http_client` writes this file; do not edit it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal

from pullquote.client.connection import Connection
from pullquote.schema import Kind, QuestionKind, Reply
from pullquote.schema.api_results import ArticleList, ArticleState, ArticleWithCopies, FoundPassages
from pullquote.schema.index_info import IndexInfo
from pullquote.schema.problem import Problem
from pullquote.schema.quote_check import CheckedDraft


class Client(Connection):
    """A connection to a server, with one method for each path of its HTTP API.

    Every method raises `ApiError` if the server refuses a request, and `ServerUnreachable` if there
    is no such server.
    """

    def ask(
        self,
        question: str,
        *,
        k: int | None = None,
        since: date | None = None,
        until: date | None = None,
        sources: Sequence[str] = (),
        sections: Sequence[str] = (),
        languages: Sequence[str] = (),
        kinds: Sequence[Kind] = (),
        comments: bool = False,
        not_sources: Sequence[str] = (),
        articles: Sequence[str] = (),
        kind: QuestionKind | None = None,
        as_typed: bool = False,
        as_of: date | None = None,
        fast: bool = False,
    ) -> Reply:
        """Answer a question with the exact words of the articles, best answer first.

        Look at `outcome` first. "answer": the first answer is likely to be right. "possible": it
        may be wrong, so check it in the article. "nothing": the articles have no answer, and
        `answers` are only the closest passages.

        - `question`: A full question in the language of the articles.
        - `k`: How many passages to read, up to 50; by default 10.
        - `since`: First day of publication to include, YYYY-MM-DD.
        - `until`: Last day of publication to include.
        - `sources`: Only these newspapers or sites, by name.
        - `sections`: Only these sections, by name.
        - `languages`: Only articles in these languages, by tag, such as "en".
        - `kinds`: Only these kinds of article, such as report or opinion.
        - `comments`: Whether to search reader comments too; they are labelled as comments.
        - `not_sources`: Leave out these newspapers or sites, by name.
        - `articles`: Only these articles, by id, as in a citation.
        - `kind`: Read the question as this kind: fact, keywords, yes-no, list, comparison, reason,
          manner, speech, definition, change. By default, pullquote recognises the kind.
        - `as_typed`: Search for the question exactly as typed: keep small talk, and do not correct
          spelling.
        - `as_of`: Answer from what had been published by the end of this day, YYYY-MM-DD, as if it
          were that day. Articles without a date are left out.
        - `fast`: Read with the small network alone: the reply comes sooner, but its first answer is
          less often right.
        """
        return self._call("POST", "/ask", locals(), Reply)

    def ask_stream(
        self,
        question: str,
        *,
        k: int | None = None,
        since: date | None = None,
        until: date | None = None,
        sources: Sequence[str] = (),
        sections: Sequence[str] = (),
        languages: Sequence[str] = (),
        kinds: Sequence[Kind] = (),
        comments: bool = False,
        not_sources: Sequence[str] = (),
        articles: Sequence[str] = (),
        kind: QuestionKind | None = None,
        as_typed: bool = False,
        as_of: date | None = None,
        fast: bool = False,
    ) -> Iterator[FoundPassages | Reply]:
        """Answer a question as server-sent events: first the passages found, then the reply.

        The event "hits" has the same data as the response of `search`, and the event "reply" that
        of `ask`. If the passages cannot be read, the last event is "problem" instead.

        The parameters are those of `ask`.
        """
        yield from self._stream(
            "POST",
            "/ask/stream",
            locals(),
            {"hits": FoundPassages, "reply": Reply, "problem": Problem},
        )

    def search(
        self,
        question: str,
        *,
        k: int | None = None,
        since: date | None = None,
        until: date | None = None,
        sources: Sequence[str] = (),
        sections: Sequence[str] = (),
        languages: Sequence[str] = (),
        kinds: Sequence[Kind] = (),
        comments: bool = False,
        not_sources: Sequence[str] = (),
        articles: Sequence[str] = (),
    ) -> FoundPassages:
        """Find the passages that match a question or topic best, best first, with their scores.

        For every score, higher is better.

        - `question`: A full question in the language of the articles.
        - `k`: How many passages to return; by default 10.
        - `since`: First day of publication to include, YYYY-MM-DD.
        - `until`: Last day of publication to include.
        - `sources`: Only these newspapers or sites, by name.
        - `sections`: Only these sections, by name.
        - `languages`: Only articles in these languages, by tag, such as "en".
        - `kinds`: Only these kinds of article, such as report or opinion.
        - `comments`: Whether to search reader comments too; they are labelled as comments.
        - `not_sources`: Leave out these newspapers or sites, by name.
        - `articles`: Only these articles, by id, as in a citation.
        """
        return self._call("POST", "/search", locals(), FoundPassages)

    def article(self, article: str, *, start: int = 0, length: int = 20000) -> ArticleWithCopies:
        """Read an article, or a part of it, with its blocks and the ids of its near duplicates.

        `start` and `end` of a citation count the characters (Unicode code points) of the whole
        text. If the text continues after this part, `more` is the `start` of the next one.

        - `article`: The id of an article, as `article` of a citation or a passage.
        - `start`: The first character, such as `start` of a citation.
        - `length`: Return at most this many characters.
        """
        return self._call("GET", "/article", locals(), ArticleWithCopies)

    def articles(
        self,
        *,
        words: str = "",
        state: ArticleState | None = None,
        source: str | None = None,
        section: str | None = None,
        language: str | None = None,
        file: str | None = None,
        since: date | None = None,
        until: date | None = None,
        without: Sequence[Literal["source", "section", "language", "published"]] = (),
        order: Literal[
            "title",
            "-title",
            "source",
            "-source",
            "section",
            "-section",
            "published",
            "-published",
            "length",
            "-length",
            "added",
            "-added",
        ] = "-published",
        page: int = 1,
        per_page: int = 50,
    ) -> ArticleList:
        """List the articles of the index with their states, filtered, sorted and in pages.

        Files that could not be read are listed too, in the state "failed".

        - `words`: Only articles with all these words in the title, id, source, section or authors.
          Case and accents do not matter.
        - `state`: Only entries in this state.
        - `source`: Only this newspaper or site, by name.
        - `section`: Only this section, by name.
        - `language`: Only this language, by tag, such as "en".
        - `file`: Only articles from this file of the corpus.
        - `since`: First day of publication to include, YYYY-MM-DD.
        - `until`: Last day of publication to include.
        - `without`: Only articles that lack these.
        - `order`: The column to sort by, after "-" if the order is descending.
        - `page`: The number of the page, from 1.
        - `per_page`: Articles on a page.
        """
        return self._call("GET", "/articles", locals(), ArticleList)

    def index(self) -> IndexInfo:
        """Show what the index contains: counts of articles by source, day, language and kind."""
        return self._call("GET", "/index", {}, IndexInfo)

    def check(self, draft: str) -> CheckedDraft:
        """Check whether the quotations of a draft stand in the articles, word for word.

        Each has a `verdict`: "exact"; "altered", with the words that differ; "misattributed" to
        another speaker; "spliced" from different sentences; or "absent".

        - `draft`: Plain text or Markdown with at most 200 quotations of 40,000 characters in all.
        """
        return self._call("POST", "/check", locals(), CheckedDraft)
