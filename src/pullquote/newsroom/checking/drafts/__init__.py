"""Reads a draft: its quotations, and the articles that it cites for them."""
