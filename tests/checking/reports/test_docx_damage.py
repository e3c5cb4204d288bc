"""Damaged and hostile Word files get the comments of a report, or are refused with a reason."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from io import BytesIO
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, ZipFile

from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from cases import walk
from checking.reports.test_docx_report import BODY, NOTED, W, parts_of, read, word_file
from parsing.test_damage import changes
from pullquote.newsroom.checking.docx_report import report_docx
from pullquote.schema.errors import ArticleError
from pullquote.schema.quote_check import CheckedDraft, CheckedQuote, QuoteVerdict
from pullquote.web.check.reports import can_be_copied

BOX = (
    "<w:p><w:r><w:t>Beside</w:t><w:txbxContent><w:p><w:r><w:t>“boxed words here”</w:t></w:r></w:p>"
    "</w:txbxContent></w:r></w:p>"
)
WHOLE = word_file(BODY + BOX, comments=NOTED)
PLAIN = word_file(BODY)
SPACES = "http://purl.oclc.org/ooxml/wordprocessingml/main"
BOMB = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]><x>&i;</x>"
)
ODD_PARTS: tuple[str | bytes, ...] = (
    *("", " ", "<", "<x", "<x/>", "<x></y>", "no XML", BOMB, b"\xff\xfe<\x00x\x00/\x00>\x00"),
    '<?xml version="1.0" encoding="nonsense"?><x/>',
    '<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>',
    '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
    f'<w:comments xmlns:w="{W}"><!-- a --><?b c?><w:comment w:id="{"9" * 5000}"/></w:comments>',
    "<comments><!-- a --><comment id='1'/></comments>",
    f'<w:document xmlns:w="{W}"><!-- a --><w:body><w:t>It was gravel</w:t></w:body></w:document>',
    f'<w:document xmlns:w="{SPACES}"><w:p><w:r><w:t>It was gravel</w:t></w:r></w:p></w:document>',
    "<document><p><r><t>It was gravel</t></r></p></document>",
    f'<w:t xmlns:w="{W}">It was gravel</w:t>',
    f'<w:r xmlns:w="{W}"><w:t>It was gravel</w:t></w:r>',
    f'<w:p xmlns:w="{W}"><w:txbxContent><w:t>It was gravel</w:t></w:txbxContent></w:p>',
    f'<w:txbxContent xmlns:w="{W}"><w:t>It was gravel</w:t></w:txbxContent>',
    f'<m:r xmlns:w="{W}" xmlns:m="math"><w:t>It was gravel</w:t></m:r>',
    '<a><m:r xmlns:m="math"><m:t>It was gravel</m:t></m:r></a>',
    "<x>" * 5_000 + "</x>" * 5_000,
    word_file(),
)
TARGETS = (
    *(
        "",
        ".",
        "..",
        "/",
        "../../../etc/x",
        "document.xml",
        "/word/document.xml",
        "a\\b",
        "x" * 70_000,
    ),
    *("../[Content_Types].xml", "_rels/document.xml.rels", "http://a.example/", "media/image1.png"),
)


def zipped(parts: Mapping[str, str | bytes], method: int = ZIP_DEFLATED) -> bytes:
    """A ZIP of those parts."""
    file = BytesIO()
    with ZipFile(file, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def copied(content: bytes) -> None:
    """Put comments into a Word file as the check does; only ArticleError may be raised."""
    with suppress(ArticleError):
        draft = read(content)
        length = len(draft.text)
        places = [(0, min(4, length)), (length // 2, length // 2 + 1), (max(0, length - 3), length)]
        quotes = tuple(
            CheckedQuote(
                quote=draft.text[start:end],
                verdict=QuoteVerdict.ABSENT,
                similarity=0.1,
                draft_start=start,
                draft_end=end,
            )
            for start, end in places
            if start < end
        )
        can_be_copied(content)
        report = CheckedDraft(quotes=quotes)
        made = report_docx([(draft, report)], name="draft.docx", docx=content)
        assert read(made).text == draft.text


def hostile() -> Iterator[tuple[str, bytes]]:
    """Word files by what is wrong with them."""
    for file, base in (("whole", WHOLE), ("plain", PLAIN)):
        parts = dict(parts_of(base))
        for name in parts:
            yield f"{file} without {name}", zipped({k: v for k, v in parts.items() if k != name})
            for number, odd in enumerate(ODD_PARTS):
                yield f"{file} {name} odd {number}", zipped({**parts, name: odd})
        for method in (ZIP_STORED, ZIP_BZIP2, ZIP_LZMA):
            yield f"{file} packed by {method}", zipped(parts, method)
        yield f"{file} nested", zipped({**parts, "word/document.xml": base})
        for name in (
            "../x",
            "/x",
            "a\\..\\b",
            "x" * 60_000,
            "word/",
            "word/document2.xml",
            "\u202e",
        ):
            yield f"{file} with {name[:20]!r}", zipped({**parts, name: b"x"})
        for target in TARGETS:
            links = parts["word/_rels/document.xml.rels"].replace(b"comments.xml", target.encode())
            changed = {**parts, "word/_rels/document.xml.rels": links}
            yield f"{file} comments at {target[:20]!r}", zipped(changed)
        for at in range(0, len(base), max(1, len(base) // 15)):
            yield f"{file} cut at {at}", base[:at]
            flipped = bytes([base[at] ^ 0xFF]) if at < len(base) else b""
            yield f"{file} flipped at {at}", base[:at] + flipped + base[at + 1 :]


def test_a_hostile_word_file_is_copied_or_refused() -> None:
    """Its text stays as it is, or the reason is an ArticleError."""
    walk(hostile(), copied)


@given(base=st.sampled_from([WHOLE, PLAIN]), made=st.lists(changes(), min_size=1, max_size=4))
def test_a_damaged_word_file_is_copied_or_refused(
    base: bytes, made: list[Callable[[bytes], bytes]]
) -> None:
    """Bytes of the file, with its directory and checksums, are changed."""
    content = base
    for change in made:
        content = change(content) if content else content
    copied(content)


VALUES = (
    "",
    "-1",
    "1e9",
    "²",
    "٣",
    "9" * 5000,
    "x" * 9000,
    "comments.xml",
    "../..",
    "{}",
    "\u202e",
)


@example(base=PLAIN, seed=1333)  # a run in the properties of another
@example(base=WHOLE, seed=7361)  # a run in a text, with a text beside it
@given(base=st.sampled_from([WHOLE, PLAIN]), seed=st.integers(0, 1 << 32))
def test_a_word_file_of_any_elements_is_copied_or_refused(base: bytes, seed: int) -> None:
    """Elements of its parts are removed, doubled, moved, renamed or emptied, and comments added."""
    chance = random.Random(seed)
    parts = dict(parts_of(base))
    for _ in range(chance.randint(1, 6)):
        name = chance.choice([one for one in parts if one.endswith(("xml", "rels"))])
        root = etree.fromstring(parts[name])
        elements = [one for one in root.iter() if isinstance(one.tag, str)]
        one, other = chance.choice(elements), chance.choice(elements)
        match chance.randint(0, 8):
            case 0 if one is not root:
                one.getparent().remove(one)
            case 1:
                other.append(etree.fromstring(etree.tostring(one, with_tail=False)))
            case 2:
                one.tag = other.tag
            case 3:
                one.tag = etree.QName(one).localname
            case 4:
                one.insert(0, etree.Comment("a"))
            case 5:
                one.insert(0, etree.PI("a", "b"))
            case 6:
                one.text, one.tail = other.text, other.text if one is not root else None
            case 7 if one.attrib:
                one.set(chance.choice(list(one.attrib)), chance.choice(VALUES))
            case _:
                root = one
        parts[name] = etree.tostring(root, with_tail=False)
    copied(zipped(parts))
