"""Evidence packs and statements of absence for the chat."""

from pullquote.web.evidence.routes import EVIDENCE_POSTS, evidence_routes

__all__ = ["EVIDENCE_POSTS", "evidence_routes"]
