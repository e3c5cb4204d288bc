"""The article pane: the article, its tools, and what has changed since it was cited."""
