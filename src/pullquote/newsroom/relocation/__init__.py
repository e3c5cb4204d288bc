"""Finds a quotation again in an article that was edited."""

from pullquote.newsroom.relocation.relocate import Relocation, find_again, relocate

__all__ = ["Relocation", "find_again", "relocate"]
