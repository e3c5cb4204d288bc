"""Parsers for documents: plain text, Markdown, Word, LibreOffice, RTF, EPUB and email."""
