"""The passages that answer a question best: search, fusion and reranking."""
