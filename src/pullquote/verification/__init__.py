"""Verifies saved citations: whether the articles still have their words."""

from pullquote.verification.citations import verify_citations
from pullquote.verification.saved import SavedCitation, saved_citations

__all__ = ["SavedCitation", "saved_citations", "verify_citations"]
