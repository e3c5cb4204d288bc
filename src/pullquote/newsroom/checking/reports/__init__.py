"""Shows what was found in a draft: as data, as a page and as a Word file."""
