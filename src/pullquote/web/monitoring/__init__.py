"""Logs, metrics and request ids of the web chat."""
