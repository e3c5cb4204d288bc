"""Replies and articles -> HTML, all of it escaped. Pure functions; style.css gives the looks."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count, zip_longest

from pullquote.schema import Answer, Article, Block, Citation, Reply, Role
from pullquote.web.markup import escape, isolate, link_html, marked, moment_html

CITED = "pq-cited"
"""The id of the mark that the article panel scrolls to."""

CLOSEST_SHOWN = 3
LONG_SENTENCE = 180
"""Characters beyond which a sentence is set in the smaller of the two sizes."""

_MARK = f'<mark id="{CITED}">'
_NOT_REPORTING = '<p class="pq-aside">Readers wrote the following; it is not reporting.</p>'
_CONFIDENCE = ((0.7, "high"), (0.4, "fair"), (0.0, "low"))
_ELEMENTS = {
    Role.HEADLINE: "h2",
    Role.QUOTATION: "blockquote",
    Role.CORRECTION: "aside",
}
"""What a block is set in; a paragraph where nothing is named."""


def question_html(question: str) -> str:
    """The question as asked."""
    return (
        '<h2 class="pq-question" dir="auto"><span class="pq-hidden">You asked: </span>'
        f"{escape(question)}</h2>"
    )


def answer_html(reply: Reply) -> str:
    """The answers, best first, with numbered citations; or that the corpus does not say."""
    numbers = count(1)
    if reply.abstained or not reply.answers:
        return _silence_html(reply.answers[:CLOSEST_SHOWN], numbers)
    best, *others = reply.answers
    lead = _lead_html(best) + _confidence_html(best.confidence) + _citations_html(best, numbers)
    return f'<div class="pq-answer">{lead}{_folded_html(others, numbers)}</div>'


def notice_html(message: str) -> str:
    """A message about something that did not work, for the person to act on."""
    return f'<div class="pq-answer pq-notice"><p dir="auto">{escape(message)}</p></div>'


def article_html(article: Article, highlights: Sequence[range] = ()) -> str:
    """The article typeset block by block, with the highlighted characters marked.

    `highlights` are ranges of characters of `article.text`. The first mark on the page has the
    id `CITED`.
    """
    parts: list[str] = []
    heading: Block | None = None  # the line above a comment that says who wrote it and when
    comments = 0
    first = CITED
    for block, after in zip_longest(article.blocks, article.blocks[1:]):
        if block.role is Role.BOILERPLATE and after is not None and after.role is Role.COMMENT:
            heading = block
            continue
        comments += block.role is Role.COMMENT
        if block.role is Role.COMMENT and comments == 1:
            parts.append(_NOT_REPORTING)
        parts.append(_block_html(article, block, highlights, first=first, heading=heading))
        heading = None
        first = "" if _MARK in parts[-1] else first
    untitled = all(block.role is not Role.HEADLINE for block in article.blocks)
    title = f'<h2 class="pq-headline" dir="auto">{escape(article.title)}</h2>' if untitled else ""
    return (
        f'<article class="pq-article" lang="{escape(article.language)}">'
        f"{_facts_html(article)}{title}{''.join(parts)}</article>"
    )


def _silence_html(closest: Sequence[Answer], numbers: count[int]) -> str:
    said = '<p class="pq-silence">The corpus does not say.</p>'
    if not closest:
        advice = "Nothing near this question was found. Try other words, or fewer filters."
        return f'<div class="pq-answer pq-abstained">{said}<p class="pq-note">{advice}</p></div>'
    items = "".join(
        f"<li>{_quotation_html(answer)}{_citations_html(answer, numbers)}</li>"
        for answer in closest
    )
    return (
        f'<div class="pq-answer pq-abstained">{said}'
        '<p class="pq-note">No passage answers this well enough to be quoted as an answer. '
        "These come closest:</p>"
        f'<ol class="pq-closest">{items}</ol></div>'
    )


def _lead_html(answer: Answer) -> str:
    size = " pq-long" if len(answer.citations[0].sentence) > LONG_SENTENCE else ""
    return f'<div class="pq-lead{size}">{_quotation_html(answer)}</div>'


def _folded_html(answers: Sequence[Answer], numbers: count[int]) -> str:
    """The answers after the first, behind a line that says how many there are."""
    if not answers:
        return ""
    noun = "answer" if len(answers) == 1 else "answers"
    items = "".join(
        f"<li>{_quotation_html(answer)}{_confidence_html(answer.confidence)}"
        f"{_citations_html(answer, numbers)}</li>"
        for answer in answers
    )
    return (
        f'<details class="pq-further"><summary>{len(answers)} further {noun}</summary>'
        f"<ol>{items}</ol></details>"
    )


def _quotation_html(answer: Answer) -> str:
    """The answer marked inside its sentence, with a warning where only readers say it."""
    first = answer.citations[0]
    start = first.start - first.sentence_start
    words = marked(first.sentence, [range(start, start + len(first.quote))])
    comment = all(citation.role is Role.COMMENT for citation in answer.citations)
    label = f'<p class="pq-label">{_comment_label(first)}</p>' if comment else ""
    return f'{label}<blockquote dir="auto">{words}</blockquote>'


def _confidence_html(confidence: float) -> str:
    word = next(word for least, word in _CONFIDENCE if confidence >= least)
    return (
        f'<p class="pq-confidence pq-{word}"><span>Confidence: {word}</span>'
        f'<span class="pq-bar" aria-hidden="true"><span style="width:{confidence:.0%}"></span>'
        "</span></p>"
    )


def _citations_html(answer: Answer, numbers: count[int]) -> str:
    items = "".join(
        f"<li>{_citation_html(citation, next(numbers))}</li>" for citation in answer.citations
    )
    return f'<ul class="pq-citations" aria-label="Where it stands">{items}</ul>'


def _citation_html(citation: Citation, number: int) -> str:
    """A button that carries where the words stand; conversation.js hands that to the server."""
    said = citation.author if citation.role is Role.QUOTATION else None
    role = f"quotation of {isolate(said)}" if said is not None else str(citation.role)
    facts = (
        isolate(citation.source or citation.author or ""),
        moment_html(citation.published) if citation.published is not None else "undated",
        _comment_label(citation) if citation.role is Role.COMMENT else role,
        f"page {citation.page}" if citation.page is not None else "",
    )
    return (
        f'<button type="button" class="pq-cite" data-article="{escape(citation.article)}" '
        f'data-start="{citation.start}" data-end="{citation.end}" '
        f'data-version="{escape(citation.version)}">'
        f'<span class="pq-number">{number}</span>'
        f'<span class="pq-place"><span class="pq-title">{isolate(citation.title)}</span>'
        f'<span class="pq-facts">{_joined(facts)}</span></span></button>'
    )


def _comment_label(citation: Citation) -> str:
    author = isolate(citation.author) if citation.author is not None else "an unnamed reader"
    return f'<span class="pq-comment-label">Reader comment by {author}, not reporting</span>'


def _facts_html(article: Article) -> str:
    """Source, day, section and the way to the original, above the headline."""
    facts = (
        isolate(article.source or article.author or ""),
        moment_html(article.published) if article.published is not None else "undated",
        f"updated {moment_html(article.modified)}" if article.modified is not None else "",
        isolate(article.section or ""),
        _unread(article.unread_pages),
        link_html(article.url, "original"),
    )
    return f'<p class="pq-kicker">{_joined(facts)}</p>'


def _unread(pages: Sequence[int]) -> str:
    """Which pages are pictures, so that nobody takes what is shown for the whole."""
    return f"pictures, not read: page {', '.join(map(str, pages))}" if pages else ""


def _block_html(
    article: Article,
    block: Block,
    highlights: Sequence[range],
    *,
    first: str,
    heading: Block | None,
) -> str:
    if block.role is Role.COMMENT:
        return _comment_html(article, block, highlights, first=first, heading=heading)
    element = _ELEMENTS.get(block.role, "p")
    words = _words_html(article, block, highlights, first=first)
    return f'<{element} class="pq-{block.role}" dir="auto">{words}</{element}>'


def _comment_html(
    article: Article,
    block: Block,
    highlights: Sequence[range],
    *,
    first: str,
    heading: Block | None,
) -> str:
    """A comment set apart, under who wrote it: in the article's own line where there is one."""
    author = isolate(block.author) if block.author is not None else "an unnamed reader"
    label = f"Reader comment by {author}, not reporting"
    above = ""
    if heading is not None:
        words = _words_html(article, heading, highlights, first=first)
        above = f'<p class="pq-boilerplate" dir="auto">{words}</p>'
        first = "" if _MARK in above else first
    elif block.time is not None:
        label = _joined((label, moment_html(block.time)))
    words = _words_html(article, block, highlights, first=first)
    return (
        f'<div class="pq-comment"><p class="pq-label">{label}</p>{above}'
        f'<p dir="auto">{words}</p></div>'
    )


def _words_html(article: Article, block: Block, highlights: Sequence[range], *, first: str) -> str:
    inside = [range(cut.start - block.start, cut.stop - block.start) for cut in highlights]
    return marked(article.text[block.start : block.end], inside, first=first)


def _joined(parts: Sequence[str]) -> str:
    kept = [part for part in parts if part not in ("", "<bdi></bdi>")]
    return ' <span aria-hidden="true">·</span> '.join(kept)
