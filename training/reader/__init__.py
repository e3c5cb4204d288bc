"""Trains the span reader that ships with pullquote: `start`, `train`, then `export`."""

SEED = 11
"""Every random choice of the training follows from this number."""
