"""Changes in words: the same in the terminal, in mails, in the feed and on the page."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from email.utils import format_datetime
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from pullquote.base.dates.day_text import day_text
from pullquote.base.plurals import counted, counted_verb
from pullquote.base.wording import NO_STANDING_QUESTIONS
from pullquote.newsroom.watchlist.models import ChangeKind, WatchChange, WatchedAnswer, WatchReport
from pullquote.schema import Citation


def heading(change: WatchChange) -> str:
    """The kind of a change with the question: "Changed value: how many are missing?"."""
    kind = str(change.kind)
    return f"{kind[:1].upper()}{kind[1:]}: {change.question}"


def answer_words(answer: WatchedAnswer) -> str:
    """The words of an answer, labelled if it is only a possible one."""
    return f"{answer.text} (possible answer)" if answer.possible else answer.text


def place_words(cited: Citation) -> str:
    """The article's title, source and day, and whose claim the words are."""
    day = "" if cited.published is None else day_text(cited.published)
    parts = (cited.title, cited.source or "", day, *cited.whereabouts[:-1], cited.said_by)
    return " · ".join(" ".join(part.split()) for part in parts if part)


def explanation(change: WatchChange) -> str:
    """Why an answer is no longer the one that was reported; "" if that needs no explanation."""
    if change.kind is ChangeKind.OTHER_ANSWER:
        return "The words before still stand; others answer better now."
    if change.kind is ChangeKind.LESS_SURE:
        return "The words still stand, but are not sure enough to be an answer now."
    return change.reason


def summary(report: WatchReport) -> str:
    """What a run did, in a line."""
    changes = counted(len(report.changes), "change")
    if not report.asked and not report.unchanged:
        return NO_STANDING_QUESTIONS
    if not report.asked:
        were = counted_verb(report.unchanged, "question", "was", "were")
        return f"Nothing has changed since {were} asked last."
    read = counted(report.passages_read, "passage")
    return (
        f"{changes} in {counted(report.asked, 'question')}; {read} read, "
        f"{report.passages_reused:,} read before; {report.seconds:.1f} s"
    )


def mail_text(changes: Sequence[WatchChange], links: Sequence[str]) -> str:
    """The text of a mail about changes, each with its link; "" if there are none.

    `links` has a link for each change; "" for none.
    """
    if not changes:
        return ""
    title = f"{counted(len(changes), 'standing question')} with a new answer"
    if len(changes) > 1:
        title = f"{len(changes):,} changes in the answers to standing questions"
    parts = ("\n".join(_mail_lines(one, link)) for one, link in zip(changes, links, strict=True))
    return "\n\n".join([title, *parts])


def _mail_lines(change: WatchChange, link: str) -> Iterator[str]:
    yield heading(change)
    yield from change_lines(change)
    if link:
        yield link


def change_lines(change: WatchChange) -> Iterator[str]:
    """What was reported before and what the articles say now, with quotes, line by line."""
    for name, answer in (("Before", change.old), ("Now", change.new)):
        if answer is not None:
            yield f"{name}: {' '.join(answer_words(answer).split())}"
            yield from _quoted(answer.citation)
    if change.correction is not None:
        yield "Correction:"
        yield from _quoted(change.correction)
    if why := explanation(change):
        yield " ".join(why.split())


def _quoted(cited: Citation) -> Iterator[str]:
    yield f"  “{' '.join(cited.sentence.split())}”"
    yield f"  {place_words(cited)}"


MOST_ITEMS = 100

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 does not allow; articles may have them."""


def rss(changes: Sequence[WatchChange], links: Sequence[str], *, home: str) -> bytes:
    """An RSS 2.0 feed of changes, newest first. `home` is the address of the watchlist.

    `links` has a link for each change; "" for none.
    """
    feed = Element("rss", version="2.0")
    channel = SubElement(feed, "channel")
    _add(channel, "title", "pullquote: standing questions")
    _add(channel, "link", home)
    _add(channel, "description", "Changes in the answers to standing questions")
    if changes:
        _add(channel, "lastBuildDate", format_datetime(changes[0].at))
    for change, link in list(zip(changes, links, strict=True))[:MOST_ITEMS]:
        item = SubElement(channel, "item")
        _add(item, "title", heading(change))
        if link:
            _add(item, "link", link)
        _add(item, "description", "\n".join(change_lines(change)))
        _add(item, "pubDate", format_datetime(change.at))
        guid = hashlib.sha256(change.model_dump_json().encode()).hexdigest()[:32]
        _add(item, "guid", guid).set("isPermaLink", "false")
    indent(feed)
    content: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return content


def _add(parent: Element, name: str, text: str) -> Element:
    element = SubElement(parent, name)
    element.text = _NOT_XML.sub("\ufffd", text)
    return element
