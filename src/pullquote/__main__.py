"""Runs the command `pullquote` for `python -m pullquote`."""

from pullquote.cli.commands import main

if __name__ == "__main__":
    main()
