"""Reads a draft as an article: a text, or a file that one of the parsers reads."""

from __future__ import annotations

import re
from hashlib import sha256

from pullquote.parsing.blocks import without_surrogates
from pullquote.schema import Article, Block, Role

_QUOTED = re.compile(r"[ \t]*>")


def draft_of(text: str, *, id: str = "draft") -> Article:
    """A text as a draft: its paragraphs, of which those with "> " before each line are quotations.

    A paragraph ends at an empty line.
    """
    text = without_surrogates(text)
    blocks = [
        Block(role=role, start=start, end=end)
        for low, high in _paragraphs(text)
        for role, start, end in _parts(text, low, high)
    ]
    version = sha256(text.encode()).hexdigest()
    return Article(id=id, version=version, text=text, blocks=tuple(blocks), title=id)


def unwrapped(draft: Article) -> Article:
    """The draft with a space in place of each line end that only the width of the lines explains.

    A paragraph is wrapped if no line had room for the first word of the next one, and if a line
    begins with a small letter. All positions stay the same.
    """
    parts, at = list[str](), 0
    for block in draft.blocks:
        if block.role is Role.BODY:
            parts += [draft.text[at : block.start], _joined(draft.text[block.start : block.end])]
            at = block.end
    return draft.model_copy(update={"text": "".join([*parts, draft.text[at:]])})


def _joined(paragraph: str) -> str:
    """A paragraph with its lines joined by spaces if they are wrapped."""
    lines = paragraph.splitlines(keepends=True)
    widest = max((len(line.rstrip()) for line in lines), default=0)
    first_words = [line.split(maxsplit=1)[0] if line.strip() else "" for line in lines]
    has_room = any(
        len(line.rstrip()) + 1 + len(word) <= widest
        for line, word in zip(lines, first_words[1:], strict=False)
    )
    if has_room or not any(word[:1].islower() for word in first_words[1:]):
        return paragraph
    *wrapped, last = lines
    return "".join([line.rstrip().ljust(len(line)) for line in wrapped] + [last])


def _paragraphs(text: str) -> list[tuple[int, int]]:
    """The ranges of the text between empty lines, without white space at their ends."""
    found: list[tuple[int, int]] = []
    at = 0
    for gap in re.finditer(r"\n[ \t\r]*(?:>[> \t\r]*)?\n\s*|\Z", text):
        start, end = at, gap.start()
        at = gap.end()
        inner = text[start:end].strip()
        if inner:
            start += text[start:end].index(inner[0])
            found.append((start, start + len(inner)))
    return found


def _parts(text: str, start: int, end: int) -> list[tuple[Role, int, int]]:
    """A paragraph cut where its lines begin, or no longer begin, with ">"."""
    found: list[tuple[Role, int, int]] = []
    for line in re.finditer(r"[^\n]+", text[start:end]):
        low, high = start + line.start(), start + line.end()
        role = Role.QUOTATION if _QUOTED.match(line[0]) else Role.BODY
        if found and found[-1][0] is role:
            found[-1] = (role, found[-1][1], high)
        else:
            found.append((role, low, high))
    return found
