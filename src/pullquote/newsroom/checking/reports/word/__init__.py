"""Writes the report on a draft as comments in a Word document."""
