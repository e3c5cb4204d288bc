"""Who says what in all articles of an index, and how often."""

from pullquote.speakers.audit import audit_article
from pullquote.speakers.names import speaker_key
from pullquote.speakers.speaker_index import SpeakerIndex

__all__ = ["SpeakerIndex", "audit_article", "speaker_key"]
