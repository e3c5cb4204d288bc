"""The web chat: `python app.py`, then open the address it prints. It is `pullquote serve`."""

import sys

from pullquote.cli.commands import main

if __name__ == "__main__":
    main(["serve", *sys.argv[1:]])
