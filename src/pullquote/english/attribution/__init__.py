"""Attribution: which words of an article are somebody's claim, who makes it, and how."""

from __future__ import annotations

from pullquote.english.attribution.attribute import attribute, attributions_covering

__all__ = ["attribute", "attributions_covering"]
