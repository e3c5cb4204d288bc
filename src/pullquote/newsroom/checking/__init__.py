"""Checking: whether the quotations of a draft stand in the archive, word for word."""
