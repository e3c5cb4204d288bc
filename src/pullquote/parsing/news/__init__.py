"""Analyses the text of a news page: bylines, dates, labels, comments and boilerplate."""
