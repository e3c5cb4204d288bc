"""Checks drafts and lists of quotations against an index."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from pullquote.index import OpenGeneration
from pullquote.index.services import check_complete, check_not_empty, index_of, settings_with
from pullquote.newsroom.checking.drafts.cited_words import with_cited_text
from pullquote.newsroom.checking.drafts.quotations import draft_of
from pullquote.newsroom.checking.reports.report import (
    DraftLimits,
    check_draft,
    checked_parts,
    reported,
)
from pullquote.newsroom.checking.verdicts.checker import QuoteChecker
from pullquote.parsing.blocks import without_surrogates
from pullquote.schema import Article, check_kind
from pullquote.schema.arguments import naming_arguments
from pullquote.schema.errors import SettingsError
from pullquote.schema.quote_check import CheckedDraft, CheckedQuote
from pullquote.schema.settings import Settings

_Claim = Annotated[str | None, AfterValidator(lambda claim: (claim or "").strip() or None)]


class ClaimedQuote(BaseModel):
    """A line of a file of quotations; `article` and `speaker` are what a draft claims, or None.

    A claim of white space only is None.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    id: str | int
    quote: str
    article: _Claim = None
    speaker: _Claim = None


@naming_arguments
def check(
    text: str, index: str | Path | None = None, *, settings: Settings | None = None
) -> CheckedDraft:
    """The quotations of a draft, each with the verdict of the archive.

    `docs/explanation/quotations.md` has the rule.

    `text` is plain text or Markdown. `index` is as in `pullquote.open`.

    Raises:
        SettingsError: the draft is too long, or has too many quotations.
        IndexMissing, IndexDamaged, IndexEmpty: the index cannot be searched.
        IndexIncomplete: the index is still being built.
    """
    check_kind("The draft", text, (str,), give="its text, as str")
    with opened_checker(settings_with(settings, index=index)) as checker:
        return check_draft(with_cited_text(draft_of(text), text), checker)


def parts_within(
    draft: Article, generation: OpenGeneration, *, settings: Settings, limits: DraftLimits
) -> Iterator[CheckedDraft]:
    """The report on a draft, against a generation that is open, as `checked_parts` gives it.

    Raises:
        SettingsError: the draft is larger than the limits allow.
        IndexEmpty, IndexIncomplete: the index has no articles, or not all.
    """
    check_not_empty(settings, generation)
    check_complete(settings, generation)
    return checked_parts(draft, QuoteChecker(generation), limits)


def check_articles(
    drafts: Iterable[Article], settings: Settings
) -> Iterator[tuple[Article, CheckedDraft]]:
    """Each draft with its quotations."""
    with opened_checker(settings) as checker:
        for draft in drafts:
            yield draft, check_draft(draft, checker)


def check_quotes(
    quotes: Iterable[ClaimedQuote], settings: Settings
) -> Iterator[tuple[ClaimedQuote, CheckedQuote]]:
    """Each quotation with its verdict, in order."""
    with opened_checker(settings) as checker:
        for one in quotes:
            found = checker.check(one.quote, cited=one.article, speaker=one.speaker)
            yield one, reported(one.quote, found, cited=one.article, speaker=one.speaker)


@contextmanager
def opened_checker(settings: Settings) -> Iterator[QuoteChecker]:
    """A checker of quotations against the index that the settings name."""
    with closing(index_of(settings)) as index, closing(index.open()) as generation:
        check_not_empty(settings, generation)
        check_complete(settings, generation)
        yield QuoteChecker(generation)


def claimed_quotes(lines: Iterable[str], *, name: str) -> Iterator[ClaimedQuote]:
    """The quotations of a file of JSON Lines, without empty lines; `name` is for errors.

    Raises:
        SettingsError: a line is not such a quotation; the error names the line and the reason.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield ClaimedQuote.model_validate(_parsed(line))
        except (ValueError, RecursionError) as error:
            raise SettingsError(
                f"{name}, line {number}: {_reason(error)}. A line is "
                '{"id": "1", "quote": "…", "article": null, "speaker": null}.'
            ) from None


def _parsed(line: str) -> object:
    """The value of a line of JSON; the escape of a lone surrogate in it becomes U+FFFD."""
    value: object = json.loads(line)
    return json.loads(without_surrogates(json.dumps(value, ensure_ascii=False)))


def _reason(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        return f"{place}: {first['msg']}" if place else "it is not a JSON object"
    return "it is not JSON"
