"""Finds who says words, in a draft and in an article, and compares the two."""
