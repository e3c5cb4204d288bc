"""Who says what in all articles of an index, and how often."""

from pullquote.newsroom.speakers.names import speaker_key
from pullquote.newsroom.speakers.speaker_index import SpeakerIndex, audit_article

__all__ = ["SpeakerIndex", "audit_article", "speaker_key"]
