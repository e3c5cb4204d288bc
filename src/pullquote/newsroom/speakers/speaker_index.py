"""Who is quoted in the articles of an index, how often, and with which words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Final

from pullquote.english.attribution import attribute
from pullquote.index.interfaces import OpenGeneration
from pullquote.newsroom.editions import shown_article
from pullquote.newsroom.speakers import queries
from pullquote.newsroom.speakers.names import (
    may_be_one,
    naming_of,
    source_words,
    speaker_key,
    words_in,
)
from pullquote.newsroom.speakers.queries import SpeakerSort, StoredClaim
from pullquote.newsroom.speakers.shared_store import SharedStore
from pullquote.newsroom.speakers.store import AttributionStore, is_read
from pullquote.schema import Article, Attribution, check_kind, well_formed
from pullquote.schema.errors import SettingsError, SpeakerUnknown
from pullquote.schema.speakers import (
    ArticleAudit,
    AuditedSource,
    ClaimCounts,
    ClaimFilters,
    CorpusAudit,
    QuotedSpeaker,
    ReportedClaim,
    SourceNaming,
)


def audit_article(article: Article) -> ArticleAudit:
    """Who is quoted in an article, how often, and in how many words.

    Unnamed sources with the same words are counted together.
    """
    claims = attribute(article)
    grouped: dict[tuple[SourceNaming, str], list[Attribution]] = {}
    for claim in claims:
        naming = naming_of(article.text, claim)
        shown = _shown(article.text, claim, naming)
        group = speaker_key(shown) if naming == "named" else shown.casefold()
        grouped.setdefault((naming, group), []).append(claim)
    sources = [
        AuditedSource(
            source=_shown(article.text, group[0], naming),
            naming=naming,
            claims=len(group),
            direct=sum(one.direct for one in group),
            words=sum(words_in(article.text, one) for one in group),
        )
        for (naming, _), group in grouped.items()
    ]
    order = ("named", "unnamed", "unclear")
    sources.sort(key=lambda one: (order.index(one.naming), -one.claims, -one.words, one.source))
    return ArticleAudit(
        article=article.id,
        title=article.title,
        source=article.source,
        published=article.published,
        read=is_read(article),
        counts=ClaimCounts(
            claims=len(claims),
            direct=sum(one.direct for one in sources),
            words=sum(one.words for one in sources),
            named=sum(one.claims for one in sources if one.naming == "named"),
            unnamed=sum(one.claims for one in sources if one.naming == "unnamed"),
        ),
        sources=tuple(sources),
    )


def _shown(text: str, claim: Attribution, naming: SourceNaming) -> str:
    """How a source is shown: its name, or the words of the article."""
    if naming == "named":
        return claim.speaker or ""
    return "" if naming == "unclear" else source_words(text, claim)


ALL_CLAIMS: Final = ClaimFilters()
"""Filters that every claim passes."""

_NEAR = 5
_MOST_COMPARED = 5000
"""Names that are compared with an unknown one, most claims first; that takes about 0.1 s."""


class SpeakerIndex(SharedStore):
    """Lists speakers and their claims in the current generation. Threads may share it.

    The attributions are stored beside the index. The first call reads every article, at about 4 ms
    each; later calls read only what has changed. Claims of articles that are withheld, under
    embargo or superseded are left out.

    Names in different articles are one speaker if the full names are equal without titles. A bare
    surname is listed by itself, since it may mean somebody else.

    Every method raises IndexMissing, IndexDamaged or IndexMismatch if the index cannot be opened,
    and IndexUnwritable if the attributions cannot be stored anywhere.
    """

    def find(
        self,
        words: str = "",
        *,
        filters: ClaimFilters = ALL_CLAIMS,
        sort: SpeakerSort = "claims",
        descending: bool = True,
        start: int = 0,
        count: int | None = None,
    ) -> list[QuotedSpeaker]:
        """The speakers whose name has all these words, by default those with most claims first.

        `start` and `count` select a part of the list.

        Raises:
            SettingsError: an argument has the wrong type.
        """
        _check(words, filters)
        return self._read(
            lambda store: queries.list_speakers(
                store, words, sort=sort, descending=descending, start=start, count=count
            ),
            counting=filters,
        )

    def number_of_speakers(self, words: str = "", *, filters: ClaimFilters = ALL_CLAIMS) -> int:
        """The length of the whole list; see `find`."""
        _check(words, filters)
        return self._read(lambda store: queries.number_of_speakers(store, words), counting=filters)

    def speaker(self, name: str) -> QuotedSpeaker:
        """The counts of one speaker.

        Raises:
            SpeakerUnknown: no article reports a claim of that name; the error has similar names.
        """
        _check(name, ALL_CLAIMS)

        def query(store: AttributionStore) -> QuotedSpeaker | SpeakerUnknown:
            found = queries.counted_speaker(store, speaker_key(name))
            return SpeakerUnknown(name, near=_near(store, name)) if found is None else found

        found = self._read(query, counting=ALL_CLAIMS)
        if isinstance(found, SpeakerUnknown):
            raise found
        return found

    def claims_by(
        self,
        name: str,
        *,
        filters: ClaimFilters = ALL_CLAIMS,
        descending: bool = True,
        start: int = 0,
        count: int | None = None,
    ) -> list[ReportedClaim]:
        """The claims of a speaker with their exact words, by default the newest first.

        `start` and `count` select a part of the list.

        Raises:
            SpeakerUnknown: no article reports a claim of that name; the error has similar names.
        """
        _check(name, filters)
        self.speaker(name)
        key = speaker_key(name)
        found = self._read(
            lambda store: queries.find_claims(
                store, key, filters, descending=descending, start=start, count=count
            )
        )
        return list(_with_words(found, self._generation()))

    def number_of_claims(self, name: str, *, filters: ClaimFilters = ALL_CLAIMS) -> int:
        """The number of claims of a speaker; 0 if nobody has the name."""
        _check(name, filters)
        key = speaker_key(name)
        return self._read(lambda store: queries.number_of_claims(store, key, filters))

    def similar(self, name: str) -> list[str]:
        """Other names that may mean the same speaker, such as the bare surname."""
        _check(name, ALL_CLAIMS)
        key = speaker_key(name)
        found = self._read(
            lambda store: queries.names_with(store, key.rpartition(" ")[2], most=_MOST_COMPARED),
            counting=ALL_CLAIMS,
        )
        others = (one for one in found if speaker_key(one) != key)
        return [one for one in others if may_be_one(one, name)][:_NEAR]

    def audit(self, *, filters: ClaimFilters = ALL_CLAIMS) -> CorpusAudit:
        """How often sources are quoted and how often they are unnamed, in all and by paper."""
        _check("", filters)
        return self._read(lambda store: queries.audit_papers(store, filters), counting=filters)

    def audit_article(self, article: str) -> ArticleAudit:
        """Who is quoted in one article.

        Raises:
            ArticleUnknown: no article has that id.
            ArticleWithheld: the article may not be shown, or not yet.
        """
        check_kind("The article", article, str, give="its id, as in a citation")
        return audit_article(self._generation().article(article))


def _check(words: object, filters: object) -> None:
    """Check the arguments that most methods have.

    Raises:
        SettingsError: an argument has the wrong type.
    """
    check_kind("The name", words, str, give="a text, such as 'Ida Roe'")
    if not well_formed(str(words)):
        raise SettingsError(f"The name {str(words)[:80]!r} is not valid Unicode.")
    check_kind("filters", filters, ClaimFilters, give="pullquote.ClaimFilters(…)")


def _near(store: AttributionStore, name: str) -> tuple[str, ...]:
    """The most similar names of speakers, best first."""
    key = speaker_key(name)
    last = key.rpartition(" ")[2]
    with_last = queries.names_with(store, last, most=_NEAR) if last else []
    known = {speaker_key(one): one for one in queries.names_with(store, "", most=_MOST_COMPARED)}
    close = [known[one] for one in get_close_matches(key, known, n=_NEAR)]
    return tuple(dict.fromkeys([*close, *with_last]))[:_NEAR]


def _with_words(
    claims: Iterable[StoredClaim], generation: OpenGeneration
) -> Iterator[ReportedClaim]:
    """The claims with their words and with the facts of their articles.

    An article that was changed or withheld in this moment is left out.
    """
    articles: dict[str, Article | None] = {}
    for claim in claims:
        if claim.article not in articles:
            articles[claim.article] = shown_article(generation, claim.article, claim.version)
        if (article := articles[claim.article]) is not None:
            yield _reported(claim, article)


def _reported(claim: StoredClaim, article: Article) -> ReportedClaim:
    found = claim.attribution
    return ReportedClaim(
        speaker=found.speaker or "",
        words=tuple(article.text[start:end] for start, end in found.content),
        manner=found.manner,
        direct=found.direct,
        via=found.via,
        article=article.id,
        version=article.version,
        title=article.title,
        source=article.source,
        published=article.published,
        content=found.content,
    )
