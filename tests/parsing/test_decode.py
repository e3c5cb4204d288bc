"""Bytes to text: the right encoding is used, and nothing else changes."""

from __future__ import annotations

import contextlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.parsing.decode import decode
from pullquote.schema.errors import ArticleError

ENGLISH = "He said “we won’t pay £5” — not at the café."


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (ENGLISH.encode(), "utf-8"),
        (ENGLISH.encode("utf-8-sig"), "utf-8"),
        (ENGLISH.encode("utf-16"), "utf-16-le"),
        (b"\xfe\xff" + ENGLISH.encode("utf-16-be"), "utf-16-be"),
        (ENGLISH.encode("utf-16-le"), "utf-16-le"),
        (ENGLISH.encode("utf-16-be"), "utf-16-be"),
        (ENGLISH.encode("cp1252"), "cp1252"),
    ],
)
def test_the_same_words_from_every_encoding(content: bytes, encoding: str) -> None:
    """The text is the same, without a byte order mark, and the encoding is named."""
    decoded = decode(content, path="a.txt")
    assert (decoded.text, decoded.encoding) == (ENGLISH, encoding)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("£5", "cp1252"),
        ("“Yes”", "cp1252"),
        ("The firm’s profit rose to £600m.", "cp1252"),
        ("El niño comió en el café mañana", "cp1252"),
        ("L’été dernier, le président s’est déclaré prêt à négocier.", "cp1252"),
        ("Die Bürger müssen über höhere Gebühren klagen, sagte Müller.", "cp1252"),
        ("Årsmötet hölls i går på rådhuset, säger ordföranden.", "cp1252"),
        ("Цена выросла на пять рублей, сообщили в среду в министерстве.", "cp1251"),
        ("Привет, это короткая новость", "koi8_r"),
        ("Ceny wzrosły o pięć złotych, powiedział w środę rzecznik ministerstwa.", "cp1250"),
        ("Η τιμή αυξήθηκε την Τετάρτη, είπε ο υπουργός.", "cp1253"),
        ("ราคาสินค้าในประเทศไทยเพิ่มขึ้นในวันพุธ", "cp874"),
        ("日本語の新聞記事です。東京で今日、会議が開かれました。", "cp932"),
        ("香港新闻报道今天下午有人在中环。", "gb18030"),
    ],
)
def test_old_encodings_are_recognised(text: str, encoding: str) -> None:
    """Short pages in Windows and East Asian encodings are decoded correctly."""
    assert decode(text.encode(encoding), path="a.txt").text == text


def test_a_broken_byte_is_replaced_and_counted() -> None:
    """One bad byte in UTF-8 costs one character, and `encoding` says so."""
    decoded = decode("won’t “pay” ".encode() + b"\xa3 5", path="a.txt")
    assert (decoded.text, decoded.encoding) == ("won’t “pay” \ufffd 5", "utf-8 (1 replaced)")


def test_a_lone_surrogate_is_replaced() -> None:
    """Half a character of UTF-16 is not stored: it cannot be encoded as UTF-8."""
    decoded = decode(b"\xff\xfe\x00\xd8a\x00", path="a.txt")
    assert (decoded.text, decoded.encoding) == ("\ufffda", "utf-16-le (1 replaced)")


def test_every_other_character_stays() -> None:
    """Line endings, NULs, a byte order mark in the middle and combining marks stay."""
    text = "One\r\ntwo\rthree\0four\u2028five\ufeffsix e\u0301 seven\x85eight"
    assert decode(text.encode(), path="a.txt").text == text


@given(st.text(min_size=1))
def test_marked_text_returns_whole(text: str) -> None:
    """The text after a byte order mark is decoded character by character."""
    for encoding, name in (("utf-8-sig", "utf-8"), ("utf-16", "utf-16-le")):
        try:
            decoded = decode(text.encode(encoding), path="a.txt")
        except ArticleError:
            assert text.isspace()
        else:
            assert (decoded.text, decoded.encoding) == (text, name)


@given(st.binary())
def test_any_bytes_are_text_or_an_article_error(content: bytes) -> None:
    """Random bytes give text without lone surrogates, or an ArticleError."""
    with contextlib.suppress(ArticleError):
        assert re.search(r"[\ud800-\udfff]", decode(content, path="a.txt").text) is None
