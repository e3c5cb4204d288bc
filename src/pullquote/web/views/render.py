"""Replies -> HTML, all of it escaped. Pure functions; style.css gives the looks."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from pullquote.schema import Answer, Citation, Reply, Role
from pullquote.web.requests import Place
from pullquote.web.state.near_misses import Missing
from pullquote.web.views.markup import escape, isolate, joined, marked, moment_html

CLOSEST_SHOWN = 3
PLACES_SHOWN = 3
"""Citations of one answer that are not folded."""

LONG_SENTENCE = 180
"""Characters beyond which a sentence is set in the smaller of the two sizes."""

CLIPPED = 320
"""Characters of a passage that is shown before it is read."""

_CONFIDENCE = ((0.7, "high"), (0.4, "fair"), (0.0, "low"))


def question_html(question: str) -> str:
    """The question as asked."""
    return (
        '<h2 class="pq-question" dir="auto"><span class="pq-hidden">You asked: </span>'
        f"{escape(question)}</h2>"
    )


def answer_html(
    reply: Reply, *, closest: Sequence[Citation] = (), missing: Missing | None = None
) -> str:
    """The answers, best first, with numbered citations; or that the corpus does not say.

    `closest` are the passages found, which are shown where nothing was read that comes near, and
    `missing` the question's words that they lack.
    """
    if is_silent(reply):
        return _silence_html(reply.answers, closest, missing)
    numbers = count(1)
    best, *others = reply.answers
    lead = _lead_html(best) + _weight_html(best) + _citations_html(best.citations, numbers)
    return f'<div class="pq-answer">{lead}{_folded_html(others, numbers)}</div>'


def closest_html(closest: Sequence[Citation]) -> str:
    """The passages found, while they are being read."""
    if not closest:
        return ""
    return (
        '<div class="pq-answer pq-reading"><p class="pq-note">The closest passages. Reading them '
        f"for the words that answer…</p>{_passages_html(closest)}</div>"
    )


def answer_said(reply: Reply) -> str:
    """The reply in a sentence or two, for a screen reader to speak when it comes."""
    if is_silent(reply):
        return "The corpus does not say."
    best = reply.answers[0]
    others = len(reply.answers) - 1
    more = f" {_counted(others, 'further answer')}." if others else ""
    return f"{best.text}. Confidence {confidence_word(best.confidence)}, {_support(best)}.{more}"


def is_silent(reply: Reply) -> bool:
    """Whether the reply is that the corpus does not say."""
    return reply.abstained or not reply.answers


def notice_html(message: str) -> str:
    """A message about something that did not work, for the person to act on."""
    return f'<div class="pq-answer pq-notice"><p dir="auto">{escape(message)}</p></div>'


def confidence_word(confidence: float) -> str:
    """As fine as a person can use."""
    return next(word for least, word in _CONFIDENCE if confidence >= least)


def place_of(citation: Citation) -> Place:
    """Where a citation stands."""
    return Place.model_validate(citation, from_attributes=True)


def place_attributes(place: Place) -> str:
    """A place as the attributes of an element, from which the page's scripts read it."""
    version = "" if place.version is None else f' data-version="{escape(place.version)}"'
    return (
        f' data-article="{escape(place.article)}" data-start="{place.start}" '
        f'data-end="{place.end}"{version}'
    )


def comment_label(author: str | None) -> str:
    """Who wrote a comment, and that it is no reporting, as HTML."""
    named = isolate(author) if author is not None else "an unnamed reader"
    return f"Reader comment by {named}, not reporting"


def _silence_html(
    answers: Sequence[Answer], closest: Sequence[Citation], missing: Missing | None
) -> str:
    """That the corpus does not say, why that may be, and what came closest."""
    numbers = count(1)
    said = '<p class="pq-silence">The corpus does not say.</p>' + _missing_html(missing)
    if not answers and not closest:
        advice = "Nothing near this question was found. Try other words, or fewer filters."
        return f'<div class="pq-answer pq-abstained">{said}<p class="pq-note">{advice}</p></div>'
    items = "".join(
        f"<li>{_quotation_html(answer)}{_citations_html(answer.citations, numbers)}</li>"
        for answer in answers[:CLOSEST_SHOWN]
    )
    near = f'<ol class="pq-closest">{items}</ol>' if answers else _passages_html(closest)
    return (
        f'<div class="pq-answer pq-abstained">{said}'
        '<p class="pq-note">No passage answers this well enough to be quoted as an answer. '
        f"These come closest:</p>{near}</div>"
    )


def _missing_html(missing: Missing | None) -> str:
    """Which words of the question were not found, and where not."""
    if missing is None:
        return ""
    lines = (
        ("Nowhere in the articles: ", missing.nowhere),
        ("In none of the closest passages: ", missing.not_near),
    )
    return "".join(
        f'<p class="pq-missing">{label}'
        f"{', '.join(f'<b>{isolate(word)}</b>' for word in words)}.</p>"
        for label, words in lines
        if words
    )


def _passages_html(closest: Sequence[Citation]) -> str:
    numbers = count(1)
    items = "".join(
        f'<li><blockquote dir="auto">{escape(_clipped(cited.quote))}</blockquote>'
        f"{_citations_html([cited], numbers)}</li>"
        for cited in closest[:CLOSEST_SHOWN]
    )
    return f'<ol class="pq-closest">{items}</ol>'


def _clipped(text: str) -> str:
    """The beginning of a long text, to the end of a word."""
    if len(text) <= CLIPPED:
        return text
    begun = text[:CLIPPED]
    return f"{begun.rpartition(' ')[0] or begun}…"


def _lead_html(answer: Answer) -> str:
    size = " pq-long" if len(answer.citations[0].sentence) > LONG_SENTENCE else ""
    return f'<div class="pq-lead{size}">{_quotation_html(answer)}</div>'


def _folded_html(answers: Sequence[Answer], numbers: count[int]) -> str:
    """The answers after the first, behind a line that says how many there are."""
    if not answers:
        return ""
    items = "".join(
        f"<li>{_quotation_html(answer)}{_weight_html(answer)}"
        f"{_citations_html(answer.citations, numbers)}</li>"
        for answer in answers
    )
    summary = _counted(len(answers), "further answer")
    return f'<details class="pq-further"><summary>{summary}</summary><ol>{items}</ol></details>'


def _quotation_html(answer: Answer) -> str:
    """The answer marked inside its sentence, with a warning where only readers say it."""
    first = answer.citations[0]
    start = first.start - first.sentence_start
    words = marked(first.sentence, [range(start, start + len(first.quote))])
    comment = all(citation.role is Role.COMMENT for citation in answer.citations)
    label = f'<p class="pq-label">{comment_label(first.author)}</p>' if comment else ""
    return f'{label}<blockquote dir="auto">{words}</blockquote>'


def _weight_html(answer: Answer) -> str:
    """How sure it is, as a word and a bar, and how many articles say so."""
    word = confidence_word(answer.confidence)
    return (
        f'<p class="pq-confidence pq-{word}"><span>Confidence: {word}</span>'
        f'<span class="pq-bar" aria-hidden="true"><span style="width:{answer.confidence:.0%}">'
        f"</span></span><span>{_support(answer)}</span></p>"
    )


def _support(answer: Answer) -> str:
    """In how many articles it stands, and from how many sources they are where those are fewer."""
    articles = len({cited.article for cited in answer.citations})
    sources = _counted(answer.sources, "independent source") if answer.sources < articles else ""
    return ", ".join(filter(None, (f"in {_counted(articles, 'article')}", sources)))


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _citations_html(citations: Sequence[Citation], numbers: count[int]) -> str:
    """The places of an answer, the first few open and the others folded."""
    items = [f"<li>{_citation_html(cited, next(numbers))}</li>" for cited in citations]
    shown, more = items[:PLACES_SHOWN], items[PLACES_SHOWN:]
    html = _places_html(shown)
    if more:
        summary = _counted(len(more), "more place")
        html += (
            f'<details class="pq-more"><summary>{summary}</summary>{_places_html(more)}</details>'
        )
    return html


def _places_html(items: Sequence[str]) -> str:
    return f'<ul class="pq-citations" aria-label="Where it stands">{"".join(items)}</ul>'


def _citation_html(citation: Citation, number: int) -> str:
    """A button that carries where the words stand; conversation.js hands that to the server."""
    said = citation.author if citation.role is Role.QUOTATION else None
    role = f"quotation of {isolate(said)}" if said is not None else str(citation.role)
    comment = f'<span class="pq-comment-label">{comment_label(citation.author)}</span>'
    facts = (
        isolate(citation.source or citation.author or ""),
        moment_html(citation.published) if citation.published is not None else "undated",
        comment if citation.role is Role.COMMENT else role,
        f"page {citation.page}" if citation.page is not None else "",
    )
    return (
        f'<button type="button" class="pq-cite"{place_attributes(place_of(citation))}>'
        f'<span class="pq-number">{number}</span>'
        f'<span class="pq-place"><span class="pq-title">{isolate(citation.title)}</span>'
        f'<span class="pq-facts">{joined(facts)}</span></span></button>'
    )
