"""A segment: articles in SQLite, vectors and postings in arrays, written once."""
