"""The index in a folder: generations of segments, and search in them."""
