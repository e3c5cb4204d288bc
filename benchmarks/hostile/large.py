"""Files of a hundred megabytes and more."""

from __future__ import annotations

from benchmarks.hostile.made import LARGE, MEGABYTE, REPEATED, WORDS, Hostile, commas, large, mail

FILES = (
    Hostile(
        "large.txt",
        "100 MB of text",
        lambda: large(b"Pier\n\n", REPEATED),
        "it has more than 10,000,000 characters",
        slow=True,
    ),
    Hostile(
        "medium.txt",
        "30 MB of text",
        lambda: large(b"Pier\n\n", REPEATED, size=30 * MEGABYTE),
        "it has more than 10,000,000 characters",
    ),
    Hostile(
        "small.txt",
        "9 MB in one line",
        lambda: large(b"", WORDS, size=9 * MEGABYTE),
        "The pier was shut",
        read=True,
        slow=True,
    ),
    Hostile(
        "line.txt",
        "100 MB in one line",
        lambda: large(b"", WORDS),
        "it has more than 10,000,000 characters",
        slow=True,
    ),
    Hostile(
        "word.txt",
        "100 MB in one word",
        lambda: large(b"", b"x"),
        "it has more than 10,000,000 characters",
        slow=True,
    ),
    Hostile(
        "large.md",
        "100 MB of Markdown",
        lambda: large(b"# Pier\n\n", REPEATED),
        "it has more than 10,000,000 characters",
    ),
    Hostile(
        "large.html",
        "100 MB of paragraphs",
        lambda: large(b"<h1>Pier</h1>", b"<p>" + WORDS + b"</p>\n"),
        "it is larger than 64 MB",
    ),
    Hostile(
        "medium.html",
        "60 MB of one paragraph",
        lambda: large(b"<p>", WORDS, size=60 * MEGABYTE),
        "its HTML is larger than 8 MB",
    ),
    Hostile(
        "tags.html",
        "8 MB of tags",
        lambda: large(b"", b"<b>x", size=7 * MEGABYTE),
        "nested more than 250 levels",
    ),
    Hostile(
        "large.json",
        "one object of 100 MB",
        lambda: large(b'{"body": "', WORDS, b'"}'),
        "it is larger than 16 MB",
        slow=True,
    ),
    Hostile(
        "list.json",
        "a list of 20,000 records, 100 MB",
        lambda: large(b'[{"body": "One."}', b',{"body": "' + WORDS * 70 + b'"}', b"]"),
        "One.",
        read=True,
        slow=True,
    ),
    Hostile(
        "line.jsonl",
        "a line of 100 MB",
        lambda: large(b'{"body": "', WORDS, b'"}\n{"body": "Two."}'),
        "its line is longer than 16 MB",
        slow=True,
    ),
    Hostile(
        "large.csv",
        "100 MB in 20,000 rows",
        lambda: large(b"title,body\n", b'Pier,"' + WORDS * 70 + b'"\n'),
        "Pier",
        read=True,
        slow=True,
    ),
    Hostile(
        "line.csv",
        "100 MB in one line",
        lambda: large(b"title,body\nPier,", WORDS),
        "its line is longer than 4 MB",
    ),
    Hostile(
        "quote.csv",
        "a quote that is never closed, 100 MB",
        lambda: large(b'title,body\nPier,"', WORDS + b"\n"),
        "is a quote never closed?",
        slow=True,
    ),
    Hostile(
        "columns.csv",
        "50 million columns",
        lambda: commas(50 * MEGABYTE),
        "its line is longer than 4 MB",
    ),
    Hostile(
        "billion.csv",
        "a billion columns",
        lambda: commas(1 << 30),
        "its line is longer than 4 MB",
        slow=True,
    ),
    Hostile(
        "large.rtf",
        "100 MB of RTF",
        lambda: large(b"{\\rtf1 ", WORDS + b"\\par ", b"}"),
        "it takes more than",
        slow=True,
    ),
    Hostile(
        "large.eml", "an email of 100 MB", lambda: mail(LARGE), "it is larger than 64 MB", slow=True
    ),
    Hostile(
        "large.pdf",
        "100 MB that are not PDF",
        lambda: large(b"%PDF-1.7\n", WORDS),
        "it is a damaged PDF document",
        slow=True,
    ),
    Hostile(
        "large.xml",
        "an entry of 100 MB",
        lambda: large(b"<rss><channel><item><title>", WORDS, b"</title></item></channel></rss>"),
        "Text node too long",
        slow=True,
    ),
)
