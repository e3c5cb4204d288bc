"""Reads texts as words in one typography, and quotations with their ellipses and brackets."""
