"""The report on a draft as a DOCX file: the draft with a comment on each quotation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZipFile, ZipInfo

from lxml import etree

from pullquote.newsroom.checking.report_view import (
    ShownDraftQuestion,
    ShownPlace,
    ShownQuote,
    report_view,
)
from pullquote.newsroom.checking.word_document import (
    RELATIONSHIPS,
    SPACE,
    CharacterPlace,
    DocumentText,
    FoundRange,
    WordPackage,
    child,
    local,
    namespace,
    new,
    serialised,
    xml_text,
)
from pullquote.schema import Article, Role
from pullquote.schema.quote_check import CheckedDraft


@dataclass(frozen=True, slots=True)
class CommentedRange:
    """A range of a document, and the number of the comment on it."""

    id: int
    found: FoundRange


@dataclass(frozen=True, slots=True)
class _Gap:
    """Where elements are added: before or after another one."""

    node: etree._Element
    after: bool

    def fill(self, elements: Sequence[etree._Element]) -> None:
        """Add the elements in order."""
        if self.after:
            for one in reversed(elements):
                self.node.addnext(one)
        else:
            for one in elements:
                self.node.addprevious(one)


def mark_ranges(root: etree._Element, ranges: Sequence[CommentedRange]) -> None:
    """Mark the ranges of a document; each ends with a reference to its comment."""
    starts, ends = (
        defaultdict[int, list[CommentedRange]](list),
        defaultdict[int, list[CommentedRange]](list),
    )
    for one in sorted(ranges, key=lambda each: (each.found.start, -each.found.end)):
        starts[one.found.start].append(one)
        ends[one.found.end].insert(0, one)
    space = namespace(root)
    # From the end, so that the characters before a split stay where they are.
    for at in sorted({*starts, *ends}, reverse=True):
        if opened := starts[at]:
            _gap_before(opened[0].found.first).fill(
                [new(space, "commentRangeStart", id=str(one.id)) for one in opened]
            )
        if closed := ends[at]:
            _gap_after(closed[0].found.last).fill(
                [element for one in closed for element in _end_of(space, one.id)]
            )


def _end_of(space: str, id: int) -> list[etree._Element]:
    run = new(space, "r")
    child(run, "commentReference", id=str(id))
    return [new(space, "commentRangeEnd", id=str(id)), run]


def _gap_before(place: CharacterPlace) -> _Gap:
    paragraph = _paragraph_around_box(place.element)
    if paragraph is not None:
        first = next(one for one in paragraph if local(one) != "pPr")
        return _Gap(first, after=False)
    return _split(place.element, place.offset)


def _gap_after(place: CharacterPlace) -> _Gap:
    paragraph = _paragraph_around_box(place.element)
    if paragraph is not None:
        return _Gap(paragraph[-1], after=True)
    return _split(place.element, place.offset + 1)


def _paragraph_around_box(element: etree._Element) -> etree._Element | None:
    """The paragraph that has the text box of an element: Word allows no comment in a box."""
    around = list(element.iterancestors())
    if not any(local(one) == "txbxContent" for one in around):
        return None
    return next((one for one in reversed(around) if local(one) == "p"), None)


def _split(element: etree._Element, offset: int) -> _Gap:
    """The gap in the text of an element; its run is split if the gap is inside."""
    run = element.getparent()
    if local(run) != "r" or namespace(run) != namespace(element):
        return _Gap(element, after=offset > 0)
    if len(element):  # no text of Word has elements in it; they would stay behind
        return _Gap(run, after=offset > 0)
    if "math" in namespace(run):
        return _Gap(_outside_math(run), after=offset > 0)
    content = [one for one in run if local(one) != "rPr"]
    at = content.index(element)
    size = len(element.text or "") if local(element) == "t" else 1
    moved = content[at + 1 :] if offset else content[at:]
    if offset >= size and not moved:
        return _Gap(run, after=True)
    if not offset and not at:
        return _Gap(run, after=False)
    rest = etree.Element(run.tag, dict(run.attrib))
    rest.extend(deepcopy(one) for one in run if local(one) == "rPr")
    if 0 < offset < size:
        rest.append(_cut(element, offset))
    rest.extend(moved)
    run.addnext(rest)
    return _Gap(rest, after=False)


def _cut(element: etree._Element, offset: int) -> etree._Element:
    """A new element with the end of an element's text, which loses it."""
    text = element.text or ""
    end = etree.Element(element.tag)
    element.text, end.text = text[:offset], text[offset:]
    element.tail, end.tail = None, element.tail
    for one in (element, end):
        one.set(SPACE, "preserve")
    return end


def _outside_math(run: etree._Element) -> etree._Element:
    return [one for one in (run, *run.iterancestors()) if "math" in namespace(one)][-1]


_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_STYLES = {Role.HEADLINE: "Title", Role.QUOTATION: "Quote"}
_HEAD = "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
_CONTENT_TYPES = (
    f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'
    '<Override PartName="/word/styles.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/></Types>'
)
_LINK = (
    f'{_HEAD}<Relationships xmlns="{RELATIONSHIPS}"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
    'Target="{target}"/></Relationships>'
)
_STYLE_SHEET = (
    f'{_HEAD}<w:styles xmlns:w="{_WORD}">'
    '<w:style w:type="paragraph" w:styleId="Normal" w:default="1">'
    '<w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/>'
    '<w:basedOn w:val="Normal"/><w:rPr><w:b/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Quote"><w:name w:val="Quote"/>'
    '<w:basedOn w:val="Normal"/><w:pPr><w:ind w:left="720" w:right="720"/></w:pPr>'
    "<w:rPr><w:i/></w:rPr></w:style></w:styles>"
)


def new_document(drafts: Iterable[Article]) -> bytes:
    """A DOCX file with each block of the drafts as a paragraph."""
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": _CONTENT_TYPES,
        "_rels/.rels": _LINK.format(kind="officeDocument", target="word/document.xml"),
        "word/document.xml": serialised(_document(drafts)),
        "word/_rels/document.xml.rels": _LINK.format(kind="styles", target="styles.xml"),
        "word/styles.xml": _STYLE_SHEET,
    }
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(ZipInfo(name), content)
    return file.getvalue()


def _document(drafts: Iterable[Article]) -> etree._Element:
    root = etree.Element(f"{{{_WORD}}}document", nsmap={"w": _WORD})
    body = child(root, "body")
    for draft in drafts:
        for block in draft.blocks:
            paragraph = child(body, "p")
            if block.role in _STYLES:
                child(child(paragraph, "pPr"), "pStyle", val=_STYLES[block.role])
            run = child(paragraph, "r")
            for number, line in enumerate(draft.text[block.start : block.end].split("\n")):
                if number:
                    child(run, "br")
                text = child(run, "t")
                text.set(SPACE, "preserve")
                text.text = xml_text(line)
    child(body, "sectPr")
    return root


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
