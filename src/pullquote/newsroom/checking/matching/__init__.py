"""Finds the articles that may have a quotation, and compares words with them."""
