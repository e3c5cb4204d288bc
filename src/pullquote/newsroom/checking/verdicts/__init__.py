"""Gives a quotation its verdict and its warnings."""
