"""Documents of one article each: text, Markdown, Word, LibreOffice, RTF, EPUB and mail."""
