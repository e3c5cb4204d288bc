"""What the text of a news page says: bylines, dates, labels, comments and boilerplate."""
