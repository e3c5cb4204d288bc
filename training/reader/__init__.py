"""Trains the span reader that ships with pullquote: `start`, `train`, then `export`."""

SEED = 11
"""The seed of every random choice of the training."""
