"""Scripts that print the figures in docs/explanation/benchmarks.

Each names the data that it needs.
"""
