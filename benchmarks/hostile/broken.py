"""Files that are cut off, have a wrong name, or are not text."""

from __future__ import annotations

import json

from benchmarks.hostile.made import TEXT, WORDS, Hostile, docx, drawing_itself, zipped

FILES = (
    Hostile("cut.docx", "cut in half", lambda: docx(TEXT * 99)[:400], "it is cut off or damaged"),
    Hostile(
        "cut.json",
        "cut in half",
        lambda: json.dumps([{"body": TEXT}] * 9).encode()[:300],
        "the file ends in the middle of it",
    ),
    Hostile(
        "pdf.txt",
        "a PDF document called .txt",
        drawing_itself,
        "it contains a PDF document, not text",
    ),
    Hostile(
        "word.pdf",
        "a Word document called .pdf",
        lambda: docx(TEXT),
        "its content does not match its extension",
    ),
    Hostile(
        "image.html",
        "a picture called .html",
        lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9,
        "it contains a PNG image",
    ),
    Hostile(
        "zip.epub",
        "an archive called .epub",
        lambda: zipped({"a.txt": WORDS}),
        "it is not an EPUB file",
    ),
    Hostile(
        "text.parquet", "text called .parquet", lambda: WORDS, "it is not a valid Parquet file"
    ),
    Hostile(
        "noise.txt",
        "random bytes",
        lambda: bytes((n * n * 31 + n * 7) % 251 for n in range(9_999)),
        "it contains binary data",
    ),
    Hostile("empty.txt", "nothing", lambda: b"", "the file is empty"),
    Hostile(
        "nul.txt",
        "NULs among words",
        lambda: b"The pier\0 is shut.\n\nIt was\0 low.",
        "The pier\0 is shut.",
        read=True,
    ),
    Hostile(
        "invalid.txt",
        "bytes that are not UTF-8",
        lambda: (TEXT * 9).encode() + b"\xff\xfe\xc3 The end.",
        "Żółć",
        read=True,
    ),
    Hostile(
        "mixed.txt",
        "UTF-8 and Windows-1252 in one file",
        lambda: (TEXT * 9).encode() + "Café.".encode("cp1252"),
        "Żółć",
        read=True,
    ),
    Hostile(
        "surrogates.json",
        "lone surrogates",
        lambda: b'{"title": "Pier \\ud800", "body": "It is \\udfff shut.", "author": "\\ud83d"}',
        "It is \ufffd shut.",
        read=True,
    ),
    Hostile(
        "surrogates.csv",
        "a lone surrogate as UTF-8 would have it",
        lambda: b"title,body\nPier,It is \xed\xa0\x80 shut.\n",
        "shut.",
        read=True,
    ),
)
