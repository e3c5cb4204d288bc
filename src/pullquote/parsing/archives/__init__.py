"""Parsers for files that contain other files: ZIP and TAR archives, and web crawls (WARC)."""
