"""Worker processes that parse files. A bad file can only harm the process that parses it."""
