"""Worker processes that parse files: a bad file can only harm its process."""
