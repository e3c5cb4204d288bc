"""Finds the columns, rows and paragraphs of PDF pages, and their order."""
