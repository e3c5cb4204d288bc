"""A span -> its citation."""

from __future__ import annotations

from pullquote.schema import Citation, Role, Span
from pullquote.sentences import sentence_around


def cite(span: Span) -> Citation:
    """Where a span stands in its article, and whose words it is."""
    passage, article = span.hit.passage, span.hit.article
    start, end = passage.start + span.start, passage.start + span.end
    block = article.block_at(start)
    spoken = block.author if block is not None else None
    left, right = sentence_around(passage.text, span.start, span.end, article.language)
    return Citation(
        article=article.id,
        title=article.title,
        published=article.published,
        source=article.source,
        role=passage.role,
        author=spoken if passage.role is Role.COMMENT else spoken or article.author,
        start=start,
        end=end,
        quote=article.text[start:end],
        sentence=passage.text[left:right],
        sentence_start=passage.start + left,
        version=article.version,
        url=article.url,
        page=None if block is None else block.page,
    )
