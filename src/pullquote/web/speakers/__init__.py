"""The pages of speakers: who is quoted, what each speaker says, and the source audit.

The server renders them with links and forms, so they need no script.
"""

from pullquote.web.speakers.routes import SpeakerPages

PAGES = SpeakerPages

__all__ = ["PAGES", "SpeakerPages"]
