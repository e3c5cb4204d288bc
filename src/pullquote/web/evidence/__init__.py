"""Evidence: packs and statements of absence for the chat, and the page that verifies files."""

from pullquote.web.evidence.routes import EVIDENCE_POSTS, evidence_routes
from pullquote.web.evidence.verify_page import VerifyPage

__all__ = ["EVIDENCE_POSTS", "VerifyPage", "evidence_routes"]
