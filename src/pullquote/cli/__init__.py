"""The command line: parse, call, render. Everything it does, the Python API does too."""

from pullquote.cli.commands import app, main

__all__ = ["app", "main"]
