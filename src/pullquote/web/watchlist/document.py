"""The page of the standing questions as HTML. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from pullquote.base.wording import NOTHING_FOUND
from pullquote.conversation.citations import place_link
from pullquote.newsroom.watchlist.models import StandingQuestion, WatchChange, WatchedAnswer
from pullquote.newsroom.watchlist.wording import explanation, place_words
from pullquote.schema import Answer, Citation
from pullquote.schema.filters import described_filters
from pullquote.web.pages import PageFrame, render
from pullquote.web.views.permalinks import Link, permanent_link
from pullquote.web.watchlist.job import WatchlistJobState


def change_link(change: WatchChange, base: str | None) -> str:
    """The address of the words now, or of the words before: in the chat, or on the web.

    `base` is the address of the chat; None if it is not known. "" if there is no address.
    """
    answer = change.new or change.old
    if answer is None:
        return ""
    return answer.citation.url or "" if base is None else f"{base}{place_link(answer.citation)}"


PAGE, FEED = "watchlist", "watchlist.xml"

CHANGES_SHOWN = 20
"""Changes of one question that the page shows; the feed has more."""


@dataclass(frozen=True, slots=True)
class WatchlistContent:
    """The content of the page. Without `may_change`, it has no forms.

    `updating` is set while the index is updated; the questions are asked again after that.
    `typed` is what was typed into the form of a question that was refused.
    """

    questions: Sequence[StandingQuestion]
    sources: Sequence[str]
    may_change: bool
    state: WatchlistJobState
    updating: bool = False
    notice: str = ""
    typed: str = ""


def watchlist_html(content: WatchlistContent) -> Markup:
    """The whole page. While the questions are asked, it loads itself again."""
    state = content.state
    frame = PageFrame(
        "Watchlist",
        PAGE,
        styles=("watchlist.css",),
        notice=content.notice or state.problem,
        waits=state.running,
        done=state.done,
        total=state.total,
    )
    questions = [_shown(one) for one in content.questions]
    return render("watchlist/document.html", "document", frame, content, questions, FEED)


def _shown(one: StandingQuestion) -> Mapping[str, object]:
    """A standing question with its answer; `note` is shown if it has none."""
    asked, question = one.asked, one.question
    best = None if asked is None else asked.reply.best
    answer = None
    if asked is not None and best is not None:
        label = "Possible answer" if asked.reply.outcome == "possible" else "Answer"
        answer = _quoted(label, best.text, best.citations[0])
    note = "Not asked yet." if asked is None else asked.note or f"{NOTHING_FOUND.capitalize()}."
    return {
        "id": question.id,
        "question": question.question,
        "href": "./" + permanent_link(Link(question=question.question, filters=question.filters)),
        "filters": described_filters(question.filters),
        "answer": answer,
        "note": note,
        "changes": [_change(change, best) for change in one.changes[:CHANGES_SHOWN]],
    }


def _change(change: WatchChange, best: Answer | None) -> Mapping[str, object]:
    """A change: when it was found, its kind, the words before and now, and why.

    The words now are left out if they are the answer that is shown above it.
    """
    cited = None if best is None else best.citations[0]
    quotes = [
        _answer(label, answer)
        for label, answer in (("Before", change.old), ("Now", change.new))
        if answer is not None and (answer is change.old or answer.citation != cited)
    ]
    if change.correction is not None:
        quotes.append(_quoted("Correction", "", change.correction))
    kind = str(change.kind)
    return {
        "at": change.at,
        "kind": f"{kind[:1].upper()}{kind[1:]}",
        "quotes": quotes,
        "why": explanation(change),
    }


def _answer(label: str, answer: WatchedAnswer) -> Mapping[str, object]:
    possible = f"{label}, possible answer" if answer.possible else label
    return _quoted(possible, answer.text, answer.citation)


def _quoted(label: str, text: str, cited: Citation) -> Mapping[str, object]:
    """Words of an article in their sentence, and where they are from."""
    return {"text": text, "label": label, "cited": cited, "place": place_words(cited)}
