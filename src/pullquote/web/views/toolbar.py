"""What stands above an open article: the way through the citations, find, copy."""

from __future__ import annotations

from pullquote.answers import cite_at
from pullquote.conversation import ready_citation
from pullquote.schema import Article
from pullquote.web.views.markup import escape

_STEPS = (
    '<span class="pq-steps" role="group" aria-label="Citations of this answer" hidden>'
    '<button type="button" data-step="-1" aria-label="Previous citation">←</button>'
    '<span class="pq-nth"></span>'
    '<button type="button" data-step="1" aria-label="Next citation">→</button></span>'
)
_FINDER = (
    '<span class="pq-finder" role="search" aria-label="In the article">'
    '<input type="search" placeholder="Find in article" aria-label="Find in article" '
    'autocomplete="off" spellcheck="false"><output class="pq-count"></output>'
    '<button type="button" data-find="-1" aria-label="Previous match" disabled>↑</button>'
    '<button type="button" data-find="1" aria-label="Next match" disabled>↓</button></span>'
)


def tools_html(article: Article, cut: range) -> str:
    """The tools for an article that is open at those characters; article.js makes them work."""
    citation = escape(ready_citation(cite_at(article, cut)))
    return (
        f'<div class="pq-tools" role="group" aria-label="Article tools">{_STEPS}{_FINDER}'
        f'<span class="pq-copies"><button type="button" data-copy="{citation}">Copy citation'
        '</button><button type="button" data-copy-link>Copy link</button></span></div>'
    )
