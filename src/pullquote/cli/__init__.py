"""The command line. Everything it does can also be done through the Python API."""

from pullquote.cli.commands import app, main

__all__ = ["app", "main"]
