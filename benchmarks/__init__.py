"""Scripts that print the figures in docs/benchmarks.md. Each names the data that it needs."""
