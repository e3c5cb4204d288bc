"""What a page knows: its conversation, the facets to narrow by, and example questions."""
