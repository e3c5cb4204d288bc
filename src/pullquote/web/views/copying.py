"""The button that copies a citation, with a choice of forms. copying.js handles the buttons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final

from pullquote.answering.reply_labels import POSSIBLE_NOTE
from pullquote.conversation import CitationForm, ready_citation
from pullquote.schema import Citation
from pullquote.web.requests import CitedSpan
from pullquote.web.views.permalinks import Link, permanent_link

_LABELS: Final = {
    CitationForm.TEXT: "Plain text",
    CitationForm.MARKDOWN: "Markdown",
    CitationForm.HTML: "HTML",
    CitationForm.BIBTEX: "BibTeX",
    CitationForm.RIS: "RIS",
}


@dataclass(frozen=True, slots=True)
class CopiedForm:
    """A form of a citation; `possible` is its text if the answer turns out to be only possible."""

    form: CitationForm
    label: str
    text: str
    possible: str | None


@dataclass(frozen=True, slots=True)
class Copies:
    """A citation in all forms; the script replaces `page` in them with the page's address."""

    page: str
    forms: Sequence[CopiedForm]


def copies_of(citation: Citation, *, possible: bool | None = None, status: str = "") -> Copies:
    """The citation in all forms. An article without a web address is linked on this page.

    `status` says what became of the answer, and is added unless it is "". `possible` says whether
    the answer is only possible. If it is None, the script decides that by the question that the
    citation was chosen from.
    """
    page = _placeholder(citation)
    place = CitedSpan.model_validate(citation, from_attributes=True)
    link = page + permanent_link(Link(place))
    forms = []
    for form, label in _LABELS.items():
        plain = ready_citation(citation, form, link=link, note=status)
        note = f"{POSSIBLE_NOTE} {status}".rstrip()
        noted = ready_citation(citation, form, link=link, note=note)
        text, other = (noted, None) if possible else (plain, noted if possible is None else None)
        forms.append(CopiedForm(form, label, text, other))
    return Copies(page, forms)


def _placeholder(citation: Citation) -> str:
    """An address that stands for the page's own, and that does not occur in the citation.

    The server cannot know its address, because a proxy may serve it under another one.
    """
    given = repr(citation.model_dump())
    names = (f"https://page-{number}.invalid/" for number in count(1))
    return next(name for name in names if name not in given)
