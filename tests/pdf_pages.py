"""Draws PDF files for tests, and parses them."""

from __future__ import annotations

import io
from collections.abc import Callable

from reportlab.pdfgen.canvas import Canvas

from pullquote.parsing.pdf.parser import parse_pdf
from pullquote.parsing.source import SourceFile
from pullquote.schema import Article

Draw = Callable[[Canvas], object]
LEFT = (
    "The council voted on Monday to repair the",
    "old harbour wall before winter. It will take",
    "two years, the mayor said, and a great deal",
    "of stone.",
)
RIGHT = (
    "Fishermen had asked for it since the storm of",
    "2019, which broke forty metres of it. Nobody",
    "was hurt then, but three boats were lost and",
    "never found.",
)


def pdf(*pages: Draw, **info: str) -> bytes:
    """A PDF file of A4 pages; each function draws one page."""
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1, pageCompression=0)
    for name, value in info.items():
        getattr(canvas, f"set{name.title()}")(value)
    for draw in pages:
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def lines(
    *texts: str, x: float = 60, top: float = 100, size: float = 10, leading: float = 12
) -> Draw:
    """Draws a column of lines; `top` is the distance of its first baseline from the upper edge."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Times-Roman", size)
        for i, text in enumerate(texts):
            canvas.drawString(x, 842 - top - i * leading, text)

    return draw


def together(*draws: Draw) -> Draw:
    """Draws everything on one page."""
    return lambda canvas: [draw(canvas) for draw in draws]


def read(content: bytes) -> Article:
    """Parse a PDF file and check that its blocks are in order and contain every word."""
    article = parse_pdf(SourceFile(id="a/b.pdf", version="0", content=content))[0]
    assert "".join("".join(words(article)).split()) == "".join(article.text.split())
    return article


def words(article: Article) -> list[str]:
    """The words of each block."""
    return [article.text[b.start : b.end] for b in article.blocks]


def outline(article: Article) -> list[tuple[str, int | None, str]]:
    """The role, the page and the words of each block."""
    return [(b.role.value, b.page, article.text[b.start : b.end]) for b in article.blocks]


def justified(*texts: str, x: float, width: float, top: float = 100) -> Draw:
    """Draws a column of 10-point lines, whose spaces are stretched until each has the width."""

    def draw(canvas: Canvas) -> None:
        for i, text in enumerate(texts):
            free = width - canvas.stringWidth(text, "Times-Roman", 10)
            line = canvas.beginText(x, 842 - top - i * 12)
            line.setFont("Times-Roman", 10)
            line.setWordSpace(free / text.count(" ") if " " in text else 0)
            line.textOut(text)
            canvas.drawText(line)

    return draw


def rule(*, x: float, top: float, bottom: float) -> Draw:
    """Draws a vertical line between two distances from the upper edge."""
    return lambda canvas: canvas.line(x, 842 - top, x, 842 - bottom)
