"""Finds the passages that best answer a question: search, fusion and reranking."""
