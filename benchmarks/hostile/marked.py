"""Hostile XML, HTML and similar files."""

from __future__ import annotations

from benchmarks.hostile.made import (
    BOMB,
    OUTSIDE,
    Hostile,
    docx,
    drawing_itself,
    feed,
    mail_in_mail,
    pdf,
    yaml_bomb,
)

FILES = (
    Hostile(
        "bomb.xml",
        "entities that make 2 GB",
        lambda: feed("&l9;", head=BOMB),
        "declares entities",
    ),
    Hostile(
        "outside.xml",
        "an entity that is /etc/passwd",
        lambda: feed("&out;", head=OUTSIDE),
        "declares entities",
    ),
    Hostile(
        "laughs.docx",
        "entities that make 2 GB",
        lambda: docx("&l9;", head=BOMB),
        "declares entities",
    ),
    Hostile(
        "outside.docx",
        "an entity that is /etc/passwd",
        lambda: docx("&out;Words.", head=OUTSIDE),
        "declares entities",
    ),
    Hostile(
        "laughs.xhtml",
        "entities that make 2 GB",
        f"<?xml version='1.0'?>{BOMB}<html><body><p>Words &l9;</p></body></html>".encode,
        "Words",
        read=True,
    ),
    Hostile(
        "outside.html",
        "an entity that is /etc/passwd",
        f"{OUTSIDE}<html><body><p>Words &out;</p></body></html>".encode,
        "Words",
        read=True,
    ),
    Hostile(
        "deep.html",
        "200,000 levels",
        lambda: b"<div>" * 200_000 + b"Words.",
        "nested more than 250 levels",
    ),
    Hostile(
        "deep.json",
        "200,000 levels",
        lambda: b"[" * 200_000 + b"]" * 200_000,
        "nested more than 100 levels",
    ),
    Hostile(
        "deep.jsonl",
        "200,000 levels",
        lambda: b'{"body": ' + b"[" * 200_000 + b"]" * 200_000 + b"}",
        "nested too deep",
    ),
    Hostile(
        "deep.md",
        "200,000 nested quotations",
        lambda: b">" * 200_000 + b"Words.",
        "nested more than 60 levels",
    ),
    Hostile(
        "brackets.md", "200,000 open brackets", lambda: b"[" * 200_000, "[[[", read=True, slow=True
    ),
    Hostile(
        "stars.md",
        "200,000 stars",
        lambda: b"*a " * 200_000 + b"Words.",
        "Words.",
        read=True,
        slow=True,
    ),
    Hostile(
        "deep.rtf",
        "200,000 open braces",
        lambda: b"{\\rtf1 " + b"{" * 200_000 + b"Words.",
        "open braces",
    ),
    Hostile(
        "deep.xml", "200,000 nested elements", lambda: feed("<b>" * 200_000), "not well-formed"
    ),
    Hostile("deep.eml", "emails in emails", mail_in_mail, "it has more than 1000 parts"),
    Hostile(
        "yaml.md", "aliases that make 10^11 words", yaml_bomb, "its front matter has title: [[["
    ),
    Hostile(
        "itself.pdf", "a page that draws itself 10^15 times", drawing_itself, "it takes more than"
    ),
    Hostile(
        "pages.pdf",
        "says that it has 2 billion pages",
        lambda: pdf(
            "<</Type/Catalog/Pages 2 0 R>>",
            "<</Type/Pages/Kids[3 0 R]/Count 2000000000>>",
            "<</Type/Page/Parent 2 0 R>>",
        ),
        "its pages are blank",
    ),
)
