"""Verifies saved citations: whether the articles still have their words."""

from pullquote.newsroom.verification.citations import verify_citations
from pullquote.newsroom.verification.saved import SavedCitation, citations_in, saved_citations

__all__ = ["SavedCitation", "citations_in", "saved_citations", "verify_citations"]
