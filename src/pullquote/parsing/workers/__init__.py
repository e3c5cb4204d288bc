"""Processes that parse files, so that a file can harm nothing but its process."""
