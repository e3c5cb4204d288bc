"""What the archive contains, for the chat's first screen. Pure; archive.css styles it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from markupsafe import Markup

from pullquote.base.plurals import listed
from pullquote.index.catalog.catalog import CatalogPage, Overview
from pullquote.index.catalog.catalog_rows import CatalogQuery, State
from pullquote.index.metadata import PublicationDays
from pullquote.web.corpus.charts import ColumnChart
from pullquote.web.corpus.document import CorpusContent, corpus_document
from pullquote.web.corpus.listing import ListingRow, listing
from pullquote.web.corpus.query import ListRequest
from pullquote.web.state.facets import label_of
from pullquote.web.templating import render

NEWEST: Final = CatalogQuery(state=State.INDEXED)
"""The articles to list, newest first."""

NEWEST_SHOWN = 6

_LANGUAGES_SHOWN = 4


@dataclass(frozen=True, slots=True)
class ArchiveSummary:
    """The newest articles, and what the archive contains."""

    newest: Sequence[ListingRow]
    articles: int
    sources: int
    first: date | None
    last: date | None
    languages: str
    dates: ColumnChart | None


def archive_html(overview: Overview, newest: CatalogPage, days: PublicationDays) -> Markup:
    """The summary as HTML; "" for an empty archive."""
    if not newest.entries:
        return render("corpus/archive.html", "archive", None)
    first, last, _ = days
    names = [label_of("languages", name) for name in overview.languages if name]
    more = [f"{len(names) - _LANGUAGES_SHOWN} more"] if len(names) > _LANGUAGES_SHOWN else []
    summary = ArchiveSummary(
        newest=listing(ListRequest(), newest).rows,
        articles=newest.count,
        sources=sum(1 for name in overview.sources if name),
        first=first,
        last=last,
        languages=listed([*names[:_LANGUAGES_SHOWN], *more]) if names else "",
        dates=corpus_document(CorpusContent(overview=overview)).dates,
    )
    return render("corpus/archive.html", "archive", summary)
