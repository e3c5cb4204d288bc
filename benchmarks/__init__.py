"""Scripts that print the figures in docs/benchmarks.md; each says which data it needs."""
