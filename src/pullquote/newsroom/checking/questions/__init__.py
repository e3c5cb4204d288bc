"""Compares figures, dates and names of other sentences with the archive."""
