"""The report on a draft as a DOCX file: the draft with a comment on each quotation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pullquote.newsroom.checking.reports.report_view import (
    ShownDraftQuestion,
    ShownPlace,
    ShownQuote,
    report_view,
)
from pullquote.newsroom.checking.reports.word.document_text import DocumentText, FoundRange
from pullquote.newsroom.checking.reports.word.new_document import new_document
from pullquote.newsroom.checking.reports.word.package import WordPackage
from pullquote.newsroom.checking.reports.word.ranges import CommentedRange, mark_ranges
from pullquote.newsroom.checking.reports.word.xml_text import xml_text
from pullquote.schema import Article
from pullquote.schema.quote_check import CheckedDraft

_AUTHOR, _INITIALS = "pullquote", "pq"
_BESIDE = 60


@dataclass(frozen=True, slots=True)
class _Comment:
    """A comment on a range of a draft's text."""

    draft: Article
    start: int
    end: int
    lines: list[str]

    @property
    def words(self) -> str:
        """The words that it is on."""
        return self.draft.text[self.start : self.end]


def report_docx(
    checked: Sequence[tuple[Article, CheckedDraft]],
    *,
    name: str,
    docx: bytes | None = None,
    chat: str | None = None,
) -> bytes:
    """The draft as a DOCX file, with a comment on each quotation and each question.

    `docx` is the draft's own file, if it is one: it keeps its formatting, and its text stays as it
    is. `name` and `chat` are as in `report_view`.

    Raises:
        ArticleError: `docx` is damaged.
    """
    content = new_document(draft for draft, _ in checked) if docx is None else docx
    package = WordPackage(content, path=name)
    text = DocumentText(package.document)
    first, ranges, at = package.next_comment, list[CommentedRange](), 0
    for one in _comments(checked, name=name, chat=chat):
        found, lines = _found(text, one, start=at), one.lines
        if found is None:
            found, lines = text.last(), [_line(_quoted(one.words)), *lines]
        else:
            at = found.start
        if found is not None:
            id = first + len(ranges)
            package.add_comment(id, lines, author=_AUTHOR, initials=_INITIALS)
            ranges.append(CommentedRange(id, found))
    mark_ranges(package.document, ranges)
    return package.content()


def _found(text: DocumentText, one: _Comment, *, start: int) -> FoundRange | None:
    """The words that a comment is on."""
    before = one.draft.text[max(0, one.start - _BESIDE) : one.start]
    after = one.draft.text[one.end : one.end + _BESIDE]
    return text.find(xml_text(before), xml_text(one.words), xml_text(after), start=start)


def _comments(
    checked: Sequence[tuple[Article, CheckedDraft]], *, name: str, chat: str | None
) -> Iterator[_Comment]:
    """The comments on the drafts, in the order of their places."""
    view = report_view(checked, name=name, chat=chat)
    quotes, questions = iter(view.quotes), iter(view.questions)
    for draft, report in checked:
        found = [
            _Comment(draft, one.draft_start, one.draft_end, _quote_lines(shown))
            for one, shown in zip(report.quotes, quotes, strict=False)
            if one.draft_start is not None and one.draft_end is not None
        ]
        found += [
            _Comment(draft, one.draft_start, one.draft_end, _question_lines(shown))
            for one, shown in zip(report.questions, questions, strict=False)
        ]
        yield from sorted(found, key=lambda one: (one.start, -one.end))


def _quote_lines(one: ShownQuote) -> list[str]:
    """What a comment says of a quotation."""
    claimed = f", as said by {one.speaker}" if one.speaker else ""
    lines = [f"{one.verdict}{claimed}: {one.meaning}"]
    for change in one.differences:
        lines.append(f"draft: {_quoted(change.text)} · article: {_quoted(change.stored)}")
    for left_out in one.omitted:
        stands = f"{left_out.mark} stands for" if left_out.mark else "left out"
        lines.append(f"{stands}: {_quoted(left_out.text)}")
    lines += [f"Note: {warning}" for warning in one.warnings]
    if one.also_in:
        lines.append(one.also_in)
    for place in one.places:
        lines += _place_lines(place)
    return [_line(each) for each in lines]


def _question_lines(one: ShownDraftQuestion) -> list[str]:
    """What a comment asks."""
    lines = [
        f"Question: is this {one.kind} right?",
        f"draft: {_quoted(one.words)} · article: {_quoted(one.article_words)}",
        *_place_lines(one.place),
    ]
    return [_line(each) for each in lines]


def _place_lines(place: ShownPlace) -> Iterator[str]:
    yield f"{place.label}: {_quoted(place.quote)}"
    yield " · ".join([place.title, *place.facts, place.where])
    if place.link:
        yield place.link
    if place.permanent:
        yield place.permanent


def _quoted(words: str) -> str:
    return f"“{words}”" if words else "nothing"


def _line(text: str) -> str:
    return xml_text(" ".join(text.split()))
