"""Parsers for exports with many records: JSON, CSV, Parquet, feeds, NewsML-G2 and ninjs."""
