"""The web chat: `python app.py`, then open the address it prints."""

from pullquote.web import main

if __name__ == "__main__":
    main()
