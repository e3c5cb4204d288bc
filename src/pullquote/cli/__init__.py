"""The command line. The Python API can do everything that it does."""

from pullquote.cli.commands import app, main

__all__ = ["app", "main"]
