"""Files that hold other files: ZIP and TAR archives, and crawls of the web (WARC)."""
