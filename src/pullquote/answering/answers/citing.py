"""Makes the citation of a span."""

from __future__ import annotations

from pullquote.answering.answers.attributed import Whose, whose
from pullquote.english.sentences import sentence_around
from pullquote.schema import Article, Citation, Question, Role, Span

_COPIED = Citation.model_fields.keys() & Article.model_fields.keys()
"""The fields that a citation copies from its article: title, source, URL and others."""


def cite(span: Span, question: Question | None = None) -> Citation:
    """The citation of a span, with its position in the article, its author and its speaker.

    If the question asks who said something, the words name the speaker of what is asked about.
    """
    passage, article = span.hit.passage, span.hit.article
    claim = whose(article, span.cut, question)
    return _cited(article, span.cut, passage.role, range(passage.start, passage.end), claim)


def cite_at(article: Article, cut: range) -> Citation:
    """The citation of a range of an article's text; an empty range cites the whole article."""
    cut = range(min(cut.start, len(article.text)), min(cut.stop, len(article.text)))
    block = article.block_at(cut.start)
    if block is None or block.end < cut.stop:
        role, around = Role.BODY if block is None else block.role, cut
    else:
        role, around = block.role, range(block.start, block.end)
    return _cited(article, cut, role, around, whose(article, cut) if cut else Whose())


def _cited(article: Article, cut: range, role: Role, around: range, claim: Whose) -> Citation:
    """The citation of the range `cut`. Its sentence is looked for in the range `around`."""
    block = article.block_at(cut.start)
    speaker = block.author if block is not None else None
    text = article.text[around.start : around.stop]
    start, end = cut.start - around.start, cut.stop - around.start
    left, right = sentence_around(text, start, end, article.language)
    return Citation(
        article=article.id,
        role=role,
        author=speaker if role is Role.COMMENT else speaker or article.author,
        start=cut.start,
        end=cut.stop,
        quote=article.text[cut.start : cut.stop],
        sentence=text[left:right],
        sentence_start=around.start + left,
        page=None if block is None else block.page,
        layout=None if block is None else block.layout,
        recognised=None if block is None else block.recognised,
        speaker=claim.speaker,
        manner=claim.manner,
        cue=claim.cue,
        direct=claim.direct,
        via=claim.via,
        **{name: getattr(article, name) for name in _COPIED},
    )
