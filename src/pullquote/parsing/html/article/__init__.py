"""Chooses the paragraphs of a web page that are its article."""
