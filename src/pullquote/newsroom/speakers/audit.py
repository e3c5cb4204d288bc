"""Audits the sources of one article."""

from __future__ import annotations

from collections.abc import Iterable

from pullquote.english.attribution import attribute
from pullquote.newsroom.speakers.names import naming_of, source_words, speaker_key, words_in
from pullquote.newsroom.speakers.store import is_read
from pullquote.schema import Article, Attribution
from pullquote.schema.speakers import ArticleAudit, AuditedSource, ClaimCounts, SourceNaming


def audit_article(article: Article) -> ArticleAudit:
    """Who is quoted in an article, how often, and in how many words.

    Unnamed sources with the same words are counted together.
    """
    claims = attribute(article)
    grouped: dict[tuple[SourceNaming, str], list[Attribution]] = {}
    for claim in claims:
        naming = naming_of(article.text, claim)
        grouped.setdefault((naming, _group(article.text, claim, naming)), []).append(claim)
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
        counts=_counts(sources),
        sources=tuple(sources),
    )


def _counts(sources: Iterable[AuditedSource]) -> ClaimCounts:
    """The sums over all sources."""
    found = list(sources)
    return ClaimCounts(
        claims=sum(one.claims for one in found),
        direct=sum(one.direct for one in found),
        words=sum(one.words for one in found),
        named=sum(one.claims for one in found if one.naming == "named"),
        unnamed=sum(one.claims for one in found if one.naming == "unnamed"),
    )


def _group(text: str, claim: Attribution, naming: SourceNaming) -> str:
    """What the claims of one source have in common."""
    if naming == "named":
        return speaker_key(claim.speaker or "")
    return "" if naming == "unclear" else source_words(text, claim).casefold()


def _shown(text: str, claim: Attribution, naming: SourceNaming) -> str:
    """How a source is shown: its name, or the words of the article."""
    if naming == "named":
        return claim.speaker or ""
    return "" if naming == "unclear" else source_words(text, claim)
