"""Files of every document format with changed, lost and repeated bytes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsing.documents.test_eml import BODY, mail
from parsing.documents.test_epub import ONE, TWO, epub
from parsing.documents.test_office import docx, odt, p
from parsing.documents.test_rtf import HEAD
from parsing.pdf.test_parser import LEFT, RIGHT, encrypted, lines, pdf, picture, together
from pullquote.parsing import FORMATS, parser_of
from pullquote.parsing.source import FormatParser, SourceFile
from pullquote.schema.errors import ArticleError

WHOLE: dict[str, list[bytes]] = {
    "docx": [docx(p("Head", "Titel") + p("Some words."))],
    "odt": [odt("<office:text><text:p>Some words.</text:p></office:text>")],
    "epub": [epub({"one.xhtml": ONE, "two.xhtml": TWO})],
    "eml": [mail(BODY, "<h1>x</h1><p>y</p>"), mail(None, "<p>a</p>")],
    "rtf": [(HEAD + r"\pard\s1 H\par x \u233?\trowd\cell a\cell\row}").encode()],
    "pdf": [
        pdf(together(lines(*LEFT), lines(*RIGHT, x=310)), picture, title="x"),
        encrypted(""),
    ],
}
NAMED = {format.name: format for format in FORMATS.values()}
Change = Callable[[bytes], bytes]


def changes() -> st.SearchStrategy[Change]:
    """Change a byte, delete some, copy some from elsewhere, or cut the end off."""
    at = st.integers(0, 10**6)
    return st.one_of(
        st.builds(
            lambda i, b: lambda c: c[: i % len(c)] + b + c[i % len(c) + 1 :],
            at,
            st.binary(min_size=1, max_size=1),
        ),
        st.builds(
            lambda i, n: lambda c: c[: i % len(c)] + c[i % len(c) + n :], at, st.integers(1, 30)
        ),
        st.builds(
            lambda i, j, n: lambda c: c[: i % len(c)] + c[j % len(c) :][:n] + c[i % len(c) :],
            at,
            at,
            st.integers(1, 60),
        ),
        st.builds(lambda i: lambda c: c[: i % len(c) + 1], at),
    )


@pytest.mark.parametrize("format", sorted(WHOLE))
@given(data=st.data())
def test_damaged_documents_are_parsed_or_refused(format: str, data: st.DataObject) -> None:
    """Blocks cover the text of each article, and only ArticleError is raised."""
    parse: FormatParser = parser_of(NAMED[format])
    content = data.draw(st.sampled_from(WHOLE[format]))
    for change in data.draw(st.lists(changes(), min_size=1, max_size=4)):
        content = change(content) if content else content
    with suppress(ArticleError):
        for article in parse(SourceFile(id="a", version="0", content=content)):
            joined = "".join(article.text[b.start : b.end] for b in article.blocks)
            assert "".join(joined.split()) == "".join(article.text.split())


@pytest.mark.parametrize("format", sorted(WHOLE))
@pytest.mark.parametrize("other", sorted(WHOLE))
def test_wrong_suffixes_are_named(format: str, other: str) -> None:
    """A file with the suffix of another format is refused with that reason."""
    if format == other:
        return
    parse: FormatParser = parser_of(NAMED[format])
    with pytest.raises(ArticleError, match="its content does not match its extension"):
        parse(SourceFile(id="a", version="0", content=WHOLE[other][0]))
