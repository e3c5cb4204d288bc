"""Compares pullquote with other libraries for extractive question answering; see README.md here."""
